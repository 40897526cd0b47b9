"""督办 on a complaint, and the issue a complaint becomes (domain §7)."""

from datetime import date, datetime

from django.db import transaction

from complaints.identities import CONFIDENTIAL, unseal, without_private_data
from complaints.models import Complaint, ComplaintEvent
from complaints.services.intake import dialled_numbers
from complaints.services.moves import move
from complaints.workflow import COMPLAINT
from core.clock import local_date
from core.exceptions import InvalidInput
from core.personal_data import holds_personal_data
from supervision.models import Issue, SupervisionOrder
from supervision.services.moves import write_event
from supervision.services.orders import Subject, issue_order, reminders_in_words
from supervision.services.writing import write_issue

#: Events that were a reminder of the department.
REMINDERS = ("remind", "escalate")


def public_title(complaint: Complaint) -> str:
    """Return the title as it may stand on rows that others see: 「保密件」 for a confidential one, nobody's number."""
    return CONFIDENTIAL if complaint.confidential else _struck_out(complaint, complaint.title)


def _struck_out(complaint: Complaint, text: str) -> str:
    """Return ``text`` without the caller's name and numbers, or anybody's mobile, identity and plate number."""
    phones = dialled_numbers(unseal(complaint.caller_phone_sealed))
    return without_private_data(text, unseal(complaint.caller_name_sealed), *phones)


@transaction.atomic
def supervise_complaint(complaint: Complaint, *, requirement: str, due_on: date, actor, now: datetime) -> Complaint:
    """Press the department that holds an open complaint with a numbered order, or letter (R2 R6).

    Raises InvalidInput for an answer asked for before today, or a number of a person in the requirement: it is printed.
    """
    COMPLAINT.check("supervise", complaint, actor=actor)
    check_nobody_named(complaint, "requirement", requirement)
    order = issue_order(_subject(complaint), requirement=requirement, due_on=due_on, actor=actor, now=now)
    text = f"{order.form.get_kind_display()} {order.number}：{order.requirement}"
    move("supervise", complaint, actor=actor, now=now, text=text, audit={"order": order.number})
    return complaint


def _subject(complaint: Complaint) -> Subject:
    assert complaint.department is not None  # the table refuses a complaint nobody holds
    reminders = ComplaintEvent.objects.unscoped("of the complaint in hand").filter(
        complaint=complaint, round=complaint.current_round, kind__in=REMINDERS
    )
    return Subject(
        kind=SupervisionOrder.SubjectKind.COMPLAINT,
        number=complaint.number,
        title=public_title(complaint),
        url=complaint.get_absolute_url(),
        department=complaint.department,
        due_on=local_date(complaint.due_at) if complaint.due_at else None,
        reminders=reminders_in_words(list(reminders.order_by("-at").values_list("at", flat=True))),
    )


def check_nobody_named(complaint: Complaint, field: str, text: str) -> None:
    """Raise InvalidInput at ``field`` where ``text``, which others will read, names the caller or a number."""
    if holds_personal_data(text) or _struck_out(complaint, text) != text:
        raise InvalidInput.at(field, "这里不能有诉求人姓名、电话、身份证号或车牌号", code="private_data")


@transaction.atomic
def raise_issue(
    complaint: Complaint,
    *,
    requirement: str,
    actor,
    now: datetime,
    limit_kind: str = Issue.LimitKind.DEADLINE,
    due_on: date | None = None,
) -> Issue:
    """Make an issue in 草稿 of the complaint, linked both ways, without the caller's identity (R1 R2); return it.

    A confidential complaint gives its number's place only: the office writes what others may read before registering.

    Raises InvalidInput for a date before the complaint was received, or a number of a person in the requirement.
    """
    COMPLAINT.check("raise_issue", complaint, actor=actor)
    check_nobody_named(complaint, "requirement", requirement)
    title = public_title(complaint)
    issue = write_issue(
        {
            "source": Issue.Source.HOTLINE,
            "title": f"{CONFIDENTIAL}转办问题" if complaint.confidential else title,
            "description": _description(complaint),
            "requirement": requirement.strip(),
            "indicator": complaint.indicator,
            "department": complaint.department,
            "limit_kind": limit_kind,
            "due_on": due_on,
            "found_on": local_date(complaint.received_at),
        },
        actor=actor,
        now=now,
    )
    # The department reads this timeline, and does not see an issue before it is assigned.
    move("raise_issue", complaint, actor=actor, now=now, audit={"issue": issue.number}, issue=issue)
    write_event(issue, "raise", "由投诉工单转入", actor=actor, now=now)
    return issue


def _description(complaint: Complaint) -> str:
    """Return the content for everybody who sees issues, which are more than see the complaint."""
    if complaint.confidential:
        return "由保密投诉转入，内容由县营商办核实后填写"
    return _struck_out(complaint, complaint.content)
