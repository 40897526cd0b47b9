"""Writing, registering, assigning, revoking and taking back issues (domain §7)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from core.workflow import swap
from departments.models import Department
from supervision.models import ClearanceRequest, FormNumber, Inspection, Issue, IssueRound
from supervision.rules.inspections import SOURCE_OF_KIND
from supervision.rules.issues import is_keeper, may_write, standing_request
from supervision.services.moves import move, tell_department, tell_keepers, tell_verifiers, write_event
from supervision.services.numbers import give_form_number, next_issue_number
from supervision.services.rounds import dates_of, end_round, open_round
from supervision.services.similar import link_similar_cases
from supervision.workflow import ISSUE

S = Issue.Status
TITLE_LENGTH = 30
EDITABLE_IN = frozenset({S.DRAFT, S.REGISTERED})
#: What may be edited in those states.
EDITABLE = frozenset(
    {
        *("source", "inspection", "indicator", "category", "severity", "title", "description", "place"),
        *("requirement", "goal"),
        *("remark", "department", "responsible_leader", "responsible_person", "limit_kind", "due_on", "found_on"),
    }
)


@transaction.atomic
def write_issue(
    facts: dict[str, Any], *, actor, now: datetime, assisting: Sequence[Department] = (), by_import: bool = False
) -> Issue:
    """Write an issue in 草稿 and return it: R1 R2 R6 any, R4 R5 a self-check (自查) of their own department.

    Args:
        facts: columns of ``Issue`` by name. ``description`` is required; ``source`` follows from the inspection where
            there is one; ``title`` defaults to the first 30 characters of the description, ``found_on`` to the day
            of ``now`` in Asia/Shanghai.
        by_import: it came with a file.

    Raises:
        NotAllowed: nobody's to write, or a department wrote one that is not its own self-check.
        InvalidInput: found in the future, due before found, or nothing tells the source.
    """
    if not may_write(actor, None):
        raise NotAllowed("登记问题由县营商办、督查局或本单位自查填写")
    facts = dict(facts)
    if not is_keeper(actor, None):
        _make_self_check(facts, actor=actor)
    elif facts.get("inspection") is not None:
        facts.setdefault("source", SOURCE_OF_KIND[Inspection.Kind(facts["inspection"].kind)])
    if not facts.get("source"):
        raise InvalidInput.at("source", "请选择问题来源", code="required")
    found_on = facts.pop("found_on", None) or local_date(now)
    check_dates(found_on, facts.get("due_on"), today=local_date(now))
    description = facts.pop("description").strip()
    issue = ISSUE.enter(
        Issue,
        S.DRAFT,
        number=next_issue_number(now),
        description=description,
        title=(facts.pop("title", "") or "").strip() or description[:TITLE_LENGTH],
        found_on=found_on,
        created_by=actor,
        created_at=now,
        entered_status_at=now,
        **facts,
    )
    issue.assisting.set(check_assisting(assisting, facts.get("department")))
    write_event(issue, "write", "导入" if by_import else "填写", actor=actor, now=now)
    record_event(
        actor=actor,
        action="supervision.issue.write",
        target=issue,
        after={"status": issue.status, "source": issue.source, "by_import": by_import},
        now=now,
    )
    if issue.own_department is not None:
        tell_keepers(issue, "self_check", f"{issue.own_department.short_name}自查发现问题，待登记", now=now)
    return issue


def _make_self_check(facts: dict[str, Any], *, actor) -> None:
    """Make the draft of a department one of its own; anything else is not its to write."""
    own = actor.scope_department_id
    department = facts.get("department")
    if own is None or (department is not None and department.pk != own):
        raise NotAllowed("承办单位只能填写本单位的自查问题")
    if facts.setdefault("source", Issue.Source.SELF_CHECK) != Issue.Source.SELF_CHECK:
        raise NotAllowed("承办单位只能填写来源为自查的问题")
    if facts.get("inspection") is not None:
        raise NotAllowed("检查批次下的问题由县营商办或督查局填写")
    facts["department"] = Department.objects.get(pk=own)
    facts["own_department_id"] = own


def check_dates(found_on: date, due_on: date | None, *, today: date) -> None:
    """Refuse an issue found in the future or due before it was found; due in the past is allowed (entered late)."""
    if found_on > today:
        raise InvalidInput.at("found_on", "发现时间不能晚于今天")
    if due_on is not None and due_on < found_on:
        raise InvalidInput.at("due_on", "整改时限不能早于发现时间", code="due_before_found")


def check_assisting(assisting: Iterable[Department], lead: Department | None) -> list[Department]:
    """Return the assisting departments without doubles; InvalidInput where the lead is among them."""
    units = list({unit.pk: unit for unit in assisting}.values())
    if lead is not None and any(unit.pk == lead.pk for unit in units):
        raise InvalidInput.at("assisting", "配合单位不能包含牵头单位")
    return units


def check_may_edit(issue: Issue, *, actor) -> None:
    """Raise NotAllowed unless R1 R2 R6."""
    if not is_keeper(actor, issue):
        raise NotAllowed("修改问题由县营商办或督查局办理")


def check_editable(issue: Issue) -> None:
    """Raise RuleViolation once the issue is assigned."""
    if issue.status not in EDITABLE_IN:
        raise RuleViolation(f"当前为“{issue.get_status_display()}”，交办后不能再修改", code="locked_row")


@transaction.atomic
def edit_issue(
    issue: Issue, *, actor, now: datetime, assisting: Sequence[Department] | None = None, **changes: Any
) -> Issue:
    """Edit an issue in 草稿 or 待交办 (R1 R2 R6); before and after are audited. Names outside EDITABLE are left out."""
    check_may_edit(issue, actor=actor)
    check_editable(issue)
    if not changes.get("title", "-").strip():
        changes["title"] = changes.get("description", issue.description).strip()[:TITLE_LENGTH]
    columns = {name: value for name, value in changes.items() if name in EDITABLE and getattr(issue, name) != value}
    check_dates(columns.get("found_on", issue.found_on), columns.get("due_on", issue.due_on), today=local_date(now))
    before: dict[str, Any] = {name: getattr(issue, name) for name in columns}
    after: dict[str, Any] = dict(columns)
    if assisting is not None:
        units = check_assisting(assisting, columns.get("department", issue.department))
        codes = [sorted(unit.code for unit in some) for some in (issue.assisting.all(), units)]
        if codes[0] != codes[1]:
            before["assisting"], after["assisting"] = codes
            issue.assisting.set(units)
    if after:
        swap(issue, **columns)
        record_event(actor=actor, action="supervision.issue.edit", target=issue, before=before, after=after, now=now)
    return issue


@transaction.atomic
def register_issue(issue: Issue, *, actor, now: datetime, is_told: bool = True) -> Issue:
    """Register a draft: 草稿 -> 待交办 (R1 R2 R6); what resembles a cleared one within 12 months is marked 回潮.

    Those who assign are told, unless it is assigned in the same act (``is_told``).
    """
    ISSUE.check("register", issue, actor=actor)
    move("register", issue, actor=actor, now=now, registered_at=now)
    link_similar_cases(issue, now=now)
    if is_told:
        tell_keepers(issue, "registered", "已登记，待交办", now=now)
    return issue


@transaction.atomic
def assign_issue(
    issue: Issue,
    *,
    actor,
    now: datetime,
    department: Department | None = None,
    assisting: Sequence[Department] | None = None,
    responsible_leader: str = "",
    responsible_person: str = "",
    notice: FormNumber | None = None,
) -> Issue:
    """Assign: 待交办 -> 待签收 (R1 R2 R6). Numbers the 交办单 and the 整改通知书 and opens a round.

    Args:
        department: who leads; the one written with the issue where left out.
        assisting: who helps; those written with the issue where left out.
        notice: the 整改通知书 shared with other issues of the same inspection and department.

    Raises InvalidInput without a department, for one that no longer exists, or for the lead among the assisting.
    """
    ISSUE.check("assign", issue, actor=actor)
    department = department or issue.department
    today, calendar = local_date(now), work_calendar()
    if department is None:
        raise InvalidInput.at("department", "请选择牵头单位", code="required")
    units = check_assisting(issue.assisting.all() if assisting is None else assisting, department)
    for unit in (department, *units):
        if not unit.is_valid_on(today):
            raise InvalidInput.at("department", f"{unit.short_name}已撤销，请选择现有单位")
    due_on, workdays = issue.due_on, None
    if due_on is None and issue.limit_kind == Issue.LimitKind.IMMEDIATE:
        workdays = setting("issues.immediate_workdays")
        due_on = calendar.add_workdays(today, workdays)
    round_ = open_round(
        issue,
        department=department,
        due_on=due_on,
        actor=actor,
        now=now,
        calendar=calendar,
        limit_workdays=workdays,
        assignment_form=give_form_number(FormNumber.Kind.ASSIGNMENT, now=now),
        notice_form=notice or give_form_number(FormNumber.Kind.NOTICE, now=now),
    )
    issue.assisting.set(units)
    move(
        "assign",
        issue,
        actor=actor,
        now=now,
        text=f"{department.short_name}牵头，交办单 {round_.assignment_form}"
        + (f"；配合：{'、'.join(unit.short_name for unit in units)}" if units else ""),
        current_round=round_,
        department=department,
        first_assigned_at=issue.first_assigned_at or now,
        responsible_leader=responsible_leader or issue.responsible_leader,
        responsible_person=responsible_person or issue.responsible_person,
        **dates_of(round_, clock_runs=True),
    )
    tell_department(issue, "assigned", "已交办，待签收", now=now)
    for unit in units:
        tell_department(issue, "assisting", f"请配合{department.short_name}整改", now=now, department=unit)
    return issue


@transaction.atomic
def revoke_issue(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Strike an unfounded issue: 待交办 -> 已撤销 (R2); a department that knows of it is told."""
    move("revoke", issue, actor=actor, now=now, text=reason, revoked_at=now)
    if issue.first_assigned_at is not None or issue.own_department_id is not None:
        tell_department(issue, "revoked", "不属实，已撤销", now=now)
    return issue


@transaction.atomic
def withdraw_issue(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Take an issue back to assign it anew: R1 R2 R6 before it is signed for, R2 afterwards. No rate counts the round."""
    ISSUE.check("withdraw", issue, actor=actor)
    end_for_reassignment(issue, IssueRound.Ending.WITHDRAWN, reason=reason, now=now)
    dates = dates_given_back(issue)
    move("withdraw", issue, actor=actor, now=now, text=reason, current_round=None, **dates)
    tell_department(issue, "withdrawn", "已收回", now=now)
    return issue


@transaction.atomic
def object_to_issue(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Object to the assignment: 待签收 -> 待交办 (R4 R5); those who assign are told."""
    ISSUE.check("object", issue, actor=actor)
    end_for_reassignment(issue, IssueRound.Ending.OBJECTED, reason=reason, now=now)
    dates = dates_given_back(issue)
    move("object", issue, actor=actor, now=now, text=reason, current_round=None, **dates)
    assert issue.department is not None  # an assigned issue names its department
    tell_keepers(issue, "objected", f"{issue.department.short_name}提出异议，请重新交办", now=now)
    return issue


def dates_given_back(issue: Issue) -> dict[str, Any]:
    """Return the issue's dates once it waits for assignment again: one counted from the assignment goes with it."""
    is_counted = issue.round_in_hand.limit_workdays is not None
    return {"due_on": None if is_counted else issue.due_on, "clock_due_on": None}


def end_for_reassignment(issue: Issue, ending: str, *, reason: str, now: datetime) -> None:
    """End the current round because the issue goes back to whoever assigns; a request that waited is dropped."""
    if (request := standing_request(issue)) is not None:
        ClearanceRequest.objects.unscoped("of the issue in hand").filter(pk=request.pk).update(
            result=ClearanceRequest.Result.DROPPED, answered_at=now
        )
    end_round(issue.round_in_hand, ending, now=now, reason=reason)


def assign_many(
    issues: Iterable[Issue], *, actor, now: datetime, notices: dict[int, FormNumber] | None = None
) -> list[Issue]:
    """Assign issues that name their department, with one 整改通知书 per department; all or none.

    Raises what ``assign_issue`` raises.
    """
    notices = {} if notices is None else notices
    assigned = []
    with transaction.atomic():
        for issue in issues:
            if issue.department_id is None:
                raise InvalidInput.at("department", f"{issue.number} 未填写牵头单位", code="required")
            if issue.department_id not in notices:
                notices[issue.department_id] = give_form_number(FormNumber.Kind.NOTICE, now=now)
            assigned.append(assign_issue(issue, actor=actor, now=now, notice=notices[issue.department_id]))
    return assigned


@transaction.atomic
def remind_issue(issue: Issue, *, actor, now: datetime) -> Issue:
    """Remind the lead department, or in 待验收 the verifiers (R1 R2 R6)."""
    move("remind", issue, actor=actor, now=now)
    if issue.status == S.VERIFYING:
        tell_verifiers(issue, "reminded", "请尽快验收", now=now)
    else:
        tell_department(issue, "reminded", f"催办：{issue.get_status_display()}", now=now)
    return issue
