"""Inspections: planning and amending them, and registering what they found (domain §7)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.selectors import people_with_permission
from core.access import Permission
from core.audit import record_event
from core.exceptions import FileRefused, InvalidInput, NotAllowed, RuleViolation, field_error
from core.models import Attachment
from core.services.attachments import store_attachment
from core.workflow import swap
from indicators.models import Evidence
from indicators.services.evidence import EvidenceFacts, keep_evidence
from supervision.models import FormNumber, Inspection, Issue
from supervision.rules.inspections import may_keep_inspections
from supervision.services.writing import assign_many, register_issue

#: What is written at once; team, indicators and files are handed over by themselves.
FACTS = frozenset(
    {"title", "kind", "started_on", "ended_on", "places", "basis", "plan_approved_by", "plan_approved_on"}
)


def check_may_keep(actor) -> None:
    """Raise NotAllowed unless R1 R2 R6."""
    if not may_keep_inspections(actor):
        raise NotAllowed("检查批次由县营商办或督查局登记")


@transaction.atomic
def add_inspection(
    facts: dict[str, Any],
    *,
    actor,
    now: datetime,
    team: Iterable = (),
    indicators: Iterable = (),
    plan: Any = None,
    report: Any = None,
) -> Inspection:
    """Write an inspection and return it (R1 R2 R6).

    Args:
        facts: columns of ``FACTS`` by name; ``kind`` and ``started_on`` are required, ``title`` defaults to the
            kind and the first day.
        team: the people who inspect.
        indicators: what it looks at.
        plan: the plan document, uploaded or already kept (``Attachment``).
        report: the report, uploaded or already kept (``Evidence``).

    Raises:
        NotAllowed: not theirs to write.
        InvalidInput: it ends before it begins, or somebody of the team keeps no inspections.
        FileRefused, FileTooLarge: a file is not what it says, or too large.
    """
    check_may_keep(actor)
    facts = {name: value for name, value in facts.items() if name in FACTS}
    facts["title"] = facts.get("title", "").strip() or default_title(facts["kind"], facts["started_on"])
    check_dates(facts)
    team = check_team(team)
    inspection = Inspection.objects.create(
        **facts,
        plan=keep_plan(plan, actor=actor, now=now),
        report=keep_report(report, facts["title"], actor=actor, now=now),
        created_by=actor,
        created_at=now,
    )
    inspection.team.set(team)
    inspection.indicators.set(indicators)
    record_event(
        actor=actor,
        action="supervision.inspection.add",
        target=inspection,
        after=facts | _people_and_subjects(inspection),
        now=now,
    )
    return inspection


@transaction.atomic
def change_inspection(
    inspection: Inspection,
    *,
    actor,
    now: datetime,
    team: Iterable | None = None,
    indicators: Iterable | None = None,
    plan: Any = None,
    report: Any = None,
    **changes: Any,
) -> Inspection:
    """Amend an inspection at any time (R1 R2 R6); what is left out stays. Before and after are audited.

    Raises what ``add_inspection`` raises.
    """
    check_may_keep(actor)
    wanted = {name: value for name, value in changes.items() if name in FACTS}
    if "title" in wanted:
        wanted["title"] = wanted["title"].strip() or inspection.title
    columns = {name: value for name, value in wanted.items() if getattr(inspection, name) != value}
    check_dates({name: getattr(inspection, name) for name in FACTS} | columns)
    if team is not None:
        team = check_team(team, kept=inspection.team.all())
    if plan is not None:
        columns["plan"] = keep_plan(plan, actor=actor, now=now)
    if report is not None:
        columns["report"] = keep_report(report, columns.get("title", inspection.title), actor=actor, now=now)
    before = {name: getattr(inspection, name) for name in columns} | _people_and_subjects(inspection)
    # The version rises for the team too: whoever edits the same page at the same time is told.
    swap(inspection, **columns)
    if team is not None:
        inspection.team.set(team)
    if indicators is not None:
        inspection.indicators.set(indicators)
    after = columns | _people_and_subjects(inspection)
    if before != after:
        record_event(
            actor=actor, action="supervision.inspection.change", target=inspection, before=before, after=after, now=now
        )
    return inspection


def _people_and_subjects(inspection: Inspection) -> dict[str, list[str]]:
    """Return who inspects what, for the audit log."""
    return {
        "team": list(inspection.team.order_by("username").values_list("username", flat=True)),
        "indicators": list(inspection.indicators.order_by("code").values_list("code", flat=True)),
    }


def default_title(kind: str, started_on: date) -> str:
    """Return the name of an inspection that was given none: 2026年11月25日明察."""
    return f"{started_on.year}年{started_on.month}月{started_on.day}日{Inspection.Kind(kind).label}"


def check_dates(facts: dict[str, Any]) -> None:
    """Raise InvalidInput for an inspection that ends before it begins."""
    ended_on = facts.get("ended_on")
    if ended_on is not None and ended_on < facts["started_on"]:
        raise InvalidInput.at("ended_on", "结束日期不能早于开始日期")


def check_team(team: Iterable, *, kept: Iterable = ()) -> list:
    """Return the people who inspect; InvalidInput for one who keeps no inspections, unless ``kept`` from before."""
    team = list(team)
    allowed = {*people_with_permission(Permission.KEEP_INSPECTIONS), *kept}
    if others := [person.name for person in team if person not in allowed]:
        detail = f"{'、'.join(others)} 不是县营商办或督查局的人员，不能作为检查人员"
        raise InvalidInput.at("team", detail, code="not_an_inspector")
    return team


@contextmanager
def errors_at(field: str) -> Iterator[None]:
    """Let what is wrong with a file be said at the ``field`` it came in."""
    try:
        yield
    except FileRefused as refused:
        refused.errors = [field_error(field, refused.code, refused.detail)]
        raise


def keep_plan(plan: Any, *, actor, now: datetime) -> Attachment | None:
    """Return the plan document as it is kept; errors stand at ``plan``."""
    if plan is None or isinstance(plan, Attachment):
        return plan
    with errors_at("plan"):
        return store_attachment(plan, actor=actor, kind="plan", now=now)


def keep_report(report: Any, title: str, *, actor, now: datetime) -> Evidence | None:
    """Return the report as it is kept; errors stand at ``report``."""
    if report is None or isinstance(report, Evidence):
        return report
    with errors_at("report"):
        facts = EvidenceFacts(title=f"检查报告：{title}"[:120], kind=Evidence.Kind.OTHER)
        # The office's own reporters are a department too: what an inspection found is not theirs to read.
        return keep_evidence(facts, upload=report, actor=actor, now=now, is_departmental=False)


# --- Findings registered and assigned -------------------------------------------------------------------


@transaction.atomic
def assign_findings(inspection: Inspection, *, actor, now: datetime) -> list[Issue]:
    """Register and assign all drafts of the inspection, with one 整改通知书 per department; all or none (R1 R2 R6).

    Raises:
        NotAllowed: not theirs to assign.
        RuleViolation: there is no draft.
        InvalidInput: drafts without department, each named; a department that no longer exists.
    """
    check_may_keep(actor)
    drafts = list(drafts_of(inspection).select_related("department", "indicator").prefetch_related("assisting"))
    if not drafts:
        raise RuleViolation("没有待交办的草稿", code="no_draft")
    if missing := [draft.number for draft in drafts if draft.department is None]:
        errors = [field_error("department", "required", f"{number} 未填写责任单位") for number in missing]
        raise InvalidInput(
            f"{'、'.join(missing)} 未填写责任单位，请先补填，本次没有交办", code="required", errors=errors
        )
    for draft in drafts:
        register_issue(draft, actor=actor, now=now, is_told=False)
    notices: dict[int, FormNumber] = {}
    assigned = assign_many(drafts, actor=actor, now=now, notices=notices)
    record_event(
        actor=actor,
        action="supervision.inspection.assign",
        target=inspection,
        after={"issues": [issue.number for issue in assigned], "notices": [str(form) for form in notices.values()]},
        now=now,
    )
    return assigned


def drafts_of(inspection: Inspection):
    """Return the findings of the inspection that are not registered yet, in the order they were written."""
    return inspection.issues.filter(status=Issue.Status.DRAFT).order_by("id")
