"""整改通知书: every issue that was assigned under its number, one by one, to one department."""

from collections.abc import Sequence

from core.clock import local_date
from core.documents import FormRow, OfficialForm, official_date
from core.exceptions import RuleViolation
from core.settings_registry import setting
from departments.models import Department
from supervision.documents.issues import assigned_round
from supervision.documents.parts import NOTHING, full_name, limit_in_words, receipt, said, stub
from supervision.models import FormNumber, Inspection, Issue, IssueRound

APPEAL = "有异议的，请在签收前提出，由县营商办复核，期间时限不变。"


def notice_of_issue(issue: Issue, *, user) -> OfficialForm:
    """Return the notice under which the issue was assigned, with what else ``user`` sees of it.

    Raises RuleViolation while it was not assigned.
    """
    round_ = assigned_round(issue, "notice_form")
    assert round_.notice_form is not None  # asked for above
    return _notice(round_.notice_form, user=user)


def notice_of_inspection(inspection: Inspection, department: Department, *, user) -> OfficialForm:
    """Return the newest notice that came of the inspection to the department.

    Raises RuleViolation while none of its findings was assigned to the department.
    """
    rounds = IssueRound.objects.unscoped("of an inspection fetched through the user")
    rounds = rounds.filter(issue__inspection=inspection, department=department, notice_form__isnull=False)
    newest = rounds.exclude(ending__in=IssueRound.NOT_COUNTED).order_by("-opened_at", "-id").first()
    if newest is None or newest.notice_form is None:
        raise RuleViolation(f"还没有向{department.short_name}交办本次检查的问题", code="form_not_earned")
    return _notice(newest.notice_form, user=user)


def _notice(number: FormNumber, *, user) -> OfficialForm:
    rounds = IssueRound.objects.visible_to(user).filter(notice_form=number)
    rounds = rounds.exclude(ending__in=IssueRound.NOT_COUNTED).order_by("issue__number")
    listed = list(rounds.select_related("issue__inspection", "department", "opened_by__department", "signed_by"))
    first = listed[0]
    opened, assigned_by = first.opened_at, first.opened_by
    issuer = full_name(assigned_by.department if assigned_by else None, opened)
    unit, person = full_name(first.department, opened), assigned_by.name if assigned_by else ""
    inspection = first.issue.inspection
    rows = [*(_inspection_rows(inspection) if inspection else []), *_issue_rows(listed)]
    rows.append(FormRow([("申诉途径", APPEAL)]))
    return OfficialForm(
        title="整改通知书",
        number=str(number),
        addressee=unit,
        paragraphs=[_opening(listed, inspection)],
        rows=rows,
        closing=["请签收后报整改方案，按时限整改，并附佐证材料申请销号。"],
        issuer=issuer,
        dated_on=local_date(opened),
        contact=person,
        phone=setting("site.office_phone"),
        receipt=receipt(first.signed_by, first.signed_at),
        stub=stub(unit, "、".join(one.issue.number for one in listed), _latest_limit(listed), person),
    )


def _latest_limit(listed: Sequence[IssueRound]) -> str:
    """Return the day by which all of them are due, — where one has none."""
    days = [round_.effective_due_on for round_ in listed]
    return official_date(max(day for day in days if day)) if all(days) else NOTHING


def _opening(listed: Sequence[IssueRound], inspection: Inspection | None) -> str:
    """Return why the unit gets the notice."""
    found = f"经{inspection.title}，" if inspection else ""
    return f"{found}你单位有以下{len(listed)}个问题："


def _inspection_rows(inspection: Inspection) -> list[FormRow]:
    """Return when, where, how and by whom; of an undercover visit the people are not named."""
    days = official_date(inspection.started_on)
    if inspection.ended_on and inspection.ended_on != inspection.started_on:
        days += f"至{official_date(inspection.ended_on)}"
    rows = [
        FormRow([("检查时间", days), ("检查方式", inspection.get_kind_display())]),
        FormRow([("检查地点", said(inspection.places))]),
        FormRow([("检查依据", said(inspection.basis))]),
    ]
    if inspection.kind != Inspection.Kind.COVERT:
        team = "、".join(inspection.team.order_by("username").values_list("name", flat=True))
        rows.insert(2, FormRow([("检查人员", said(team))]))
    return rows


def _issue_rows(listed: Sequence[IssueRound]) -> list[FormRow]:
    rows = []
    for place, round_ in enumerate(listed, start=1):
        issue = round_.issue
        lines = [
            f"{issue.number}　　{issue.place}".strip(),
            issue.description,
            f"整改要求：{said(issue.requirement)}",
            f"整改时限：{limit_in_words(round_.limit_kind, round_.effective_due_on)}",
        ]
        rows.append(FormRow([(f"问题{place}", "\n".join(lines))]))
    return rows
