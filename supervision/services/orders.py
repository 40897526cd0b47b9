"""Supervision orders (督办单), letters (商请函) to units that take no orders, and the replies (domain §7).

An order goes to the department that holds an open issue or complaint. Complaints lie above this app: they call
``issue_order`` with a ``Subject``, and hear of what follows by ``signals.subject_touched``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_permission, people_with_role
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.documents import official_date
from core.exceptions import InvalidInput, NotAllowed
from core.settings_registry import setting
from departments.models import Department
from indicators.models import Evidence
from supervision.models import (
    AccountabilityRecord,
    FormNumber,
    Issue,
    IssueEvent,
    OrderEvent,
    SimilarCase,
    SupervisionOrder,
)
from supervision.rules.orders import is_supervisor, may_sign_reply
from supervision.services.evidence import keep_files
from supervision.services.moves import move, write_event
from supervision.services.numbers import MARKS, give_form_number
from supervision.signals import subject_touched
from supervision.workflow import ISSUE, ORDER

S = SupervisionOrder.Status
#: Events of an issue that were a reminder of its department.
REMINDERS = ("remind", "escalate")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an order is about, as the order keeps it.

    Attributes:
        kind: one of ``SupervisionOrder.SubjectKind``.
        title: for a confidential complaint 「保密件」.
        url: its page.
        department: who holds it now.
        due_on: the date that binds, None without one.
        form: the number of the paper it was assigned by, empty without one.
        reminders: how it was reminded before, in words.
        issue: the issue itself where it is one.
    """

    kind: str
    number: str
    title: str
    url: str
    department: Department
    due_on: date | None
    form: str = ""
    reminders: str = ""
    issue: Issue | None = None


@transaction.atomic
def supervise_issue(issue: Issue, *, requirement: str, due_on: date, actor, now: datetime) -> Issue:
    """Press the department that holds the issue with a numbered order, or letter (R2 R6).

    Raises InvalidInput for an answer asked for before today.
    """
    ISSUE.check("supervise", issue, actor=actor)
    order = issue_order(subject_of(issue), requirement=requirement, due_on=due_on, actor=actor, now=now)
    text = f"{order.form.get_kind_display()} {order.number}：{order.requirement}"
    move("supervise", issue, actor=actor, now=now, text=text, audit={"order": order.number})
    return issue


def subject_of(issue: Issue) -> Subject:
    """Return the issue as an order keeps it."""
    assert issue.department is not None  # the table refuses an issue nobody holds
    form = issue.current_round and issue.current_round.assignment_form
    reminders = IssueEvent.objects.unscoped("of the issue in hand").filter(
        issue=issue, round=issue.current_round, kind__in=REMINDERS
    )
    return Subject(
        kind=SupervisionOrder.SubjectKind.ISSUE,
        number=issue.number,
        title=issue.title,
        url=issue.get_absolute_url(),
        department=issue.department,
        due_on=issue.due_on,
        form=str(form) if form else "",
        reminders=reminders_in_words(list(reminders.order_by("-at").values_list("at", flat=True))),
        issue=issue,
    )


def reminders_in_words(moments: Sequence[datetime]) -> str:
    """Return 共 2 次，最近一次 2026年11月20日 for the aware moments of reminders, the latest first; 无 for none."""
    if not moments:
        return "无"
    return f"共{len(moments)}次，最近一次{official_date(local_date(moments[0]))}"


@transaction.atomic
def issue_order(subject: Subject, *, requirement: str, due_on: date, actor, now: datetime) -> SupervisionOrder:
    """Give an order on ``subject`` its number, keep it and tell the department; the caller judged the subject's table.

    西营商督 where R2 issues it, 西督 where R6 does (settings); 西营商函 or 西督函 to a unit asked by letter.

    Raises:
        NotAllowed: neither R2 nor R6.
        InvalidInput: no requirement, or an answer asked for before today.
    """
    if not is_supervisor(actor, None):
        raise NotAllowed("督办由督查员或县营商办审核人发出")
    requirement = requirement.strip()
    if not requirement:
        raise InvalidInput.at("requirement", "请填写督办要求", code="required")
    if due_on < local_date(now):
        raise InvalidInput.at("due_on", "回复时限不能早于今天")
    kind, prefix = _form_of(subject.department, actor)
    form = give_form_number(kind, now=now, prefix=prefix)
    order = ORDER.enter(
        SupervisionOrder,
        S.AWAITING,
        number=str(form),
        form=form,
        subject_kind=subject.kind,
        issue=subject.issue,
        subject_number=subject.number,
        subject_title=subject.title,
        subject_url=subject.url,
        subject_due_on=subject.due_on,
        subject_form=subject.form,
        reminders_before=subject.reminders,
        department=subject.department,
        issuer=actor.department,
        requirement=requirement,
        due_on=due_on,
        issued_by=actor,
        issued_at=now,
    )
    _write_line(order, "issue", "发出", actor=actor, now=now, text=requirement)
    record_event(
        actor=actor,
        action="supervision.supervisionorder.issue",
        target=order,
        after={"status": order.status, "subject": order.subject_number, "department": order.department_id},
        now=now,
    )
    _tell_department(order, "issued", f"{form.get_kind_display()}，请于 {due_on:%Y-%m-%d} 前回复", now=now)
    return order


def _form_of(department: Department, actor) -> tuple[FormNumber.Kind, str]:
    """Return which paper the department gets and its 代字 where another office than 营商办 issues it."""
    kind = FormNumber.Kind.LETTER if department.is_asked_by_letter else FormNumber.Kind.SUPERVISION
    if actor.can(Permission.DECIDE_ISSUES):
        return kind, ""
    code = setting("issues.inspectors_code")
    return kind, f"{code}{MARKS[kind]}" if kind == FormNumber.Kind.LETTER else code


# --- The reply ------------------------------------------------------------------------------------


@transaction.atomic
def reply_to_order(
    order: SupervisionOrder, *, text: str, actor, now: datetime, evidence: Sequence[Evidence] = ()
) -> SupervisionOrder:
    """Answer the order: a head's own reply counts at once, a reporter's waits for the head (R4 R5).

    Args:
        evidence: what proves it; it replaces that of a reply which was sent back.
    """
    ORDER.check("reply", order, actor=actor)
    text = text.strip()
    if not text:
        raise InvalidInput.at("text", "请填写回复", code="required")
    signs = may_sign_reply(actor, order)
    order.chosen_status = S.REPLIED if signs else S.SIGN_OFF
    changes: dict[str, Any] = {"reply": text, "replied_by": actor, "send_back_reason": ""}
    if signs:
        changes |= {"reply_signed_by": actor, "replied_at": now}
    order.evidence.set(evidence)
    _move("reply", order, actor=actor, now=now, text=text, **changes)
    if signs:
        _tell_supervisors(order, "replied", "已回复，请审核", now=now)
    else:
        _tell_heads(order, "reply_to_sign", "督办回复待签发", now=now)
    return order


@transaction.atomic
def reply_with_files(
    order: SupervisionOrder, *, text: str, files: Sequence[Any], actor, now: datetime
) -> SupervisionOrder:
    """Answer the order with uploaded ``files`` as evidence; without new ones those of a returned reply stay.

    Raises FileRefused or FileTooLarge at ``files``; besides those of ``reply_to_order``.
    """
    ORDER.check("reply", order, actor=actor)
    evidence = keep_files(files, actor=actor, now=now) if files else list(order.evidence.all())
    return reply_to_order(order, text=text, evidence=evidence, actor=actor, now=now)


@transaction.atomic
def sign_reply(order: SupervisionOrder, *, actor, now: datetime) -> SupervisionOrder:
    """Sign the reporter's reply: 待单位签发 -> 已回复 (R5)."""
    _move("sign_reply", order, actor=actor, now=now, reply_signed_by=actor, replied_at=now)
    _tell_supervisors(order, "replied", "已回复，请审核", now=now)
    return order


@transaction.atomic
def return_reply(order: SupervisionOrder, *, reason: str, actor, now: datetime) -> SupervisionOrder:
    """Give the reply back to the reporter: 待单位签发 -> 待回复 (R5)."""
    _move("return_reply", order, actor=actor, now=now, text=reason, send_back_reason=reason)
    _tell_department(order, "reply_returned", "督办回复被负责人退回修改", now=now)
    return order


@transaction.atomic
def send_back_reply(order: SupervisionOrder, *, reason: str, actor, now: datetime) -> SupervisionOrder:
    """Send the reply back because it does not do: 已回复 -> 待回复, date unchanged (R2 R6)."""
    changes = {"send_back_reason": reason, "replied_at": None, "reply_signed_by": None}
    _move("send_back", order, actor=actor, now=now, text=reason, **changes)
    _tell_department(order, "sent_back", "督办回复被退回，请重报", now=now)
    return order


@transaction.atomic
def close_order(order: SupervisionOrder, *, actor, now: datetime, note: str = "") -> SupervisionOrder:
    """Close the order: 已回复 -> 已了结 (R2 R6)."""
    note = note.strip()
    _move("close", order, actor=actor, now=now, text=note, closing_note=note, closed_by=actor, closed_at=now)
    _tell_department(order, "closed", "督办已了结", now=now)
    return order


def _move(name: str, order: SupervisionOrder, *, actor, now: datetime, text: str = "", **changes: Any) -> None:
    """Do the act, and write it on the timelines of the order and of its subject."""
    ORDER.apply(name, order, actor=actor, now=now, purpose=text, **changes)
    label = ORDER.transitions[name].label
    _write_line(order, name, label, actor=actor, now=now, text=text)
    on_subject = f"{order.number} {text}".strip()
    if order.issue is not None:
        write_event(
            order.issue,
            f"order_{name}",
            f"督办{label}",
            actor=actor,
            now=now,
            text=on_subject,
            department=order.department,
        )
    else:
        facts = {"kind": f"order_{name}", "label": f"督办{label}", "text": on_subject}
        subject_touched.send(SupervisionOrder, number=order.subject_number, actor=actor, now=now, **facts)


def conceal_subject(number: str, *, title: str) -> None:
    """Give what was copied of a subject that became confidential the ``title`` instead, and link it to nothing.

    Call it inside the transaction of the service that makes it so.
    """
    everywhere = "a subject becomes confidential for every reader"
    SupervisionOrder.objects.unscoped(everywhere).filter(subject_number=number).update(subject_title=title)
    AccountabilityRecord.objects.unscoped(everywhere).filter(subject_number=number).update(subject_title=title)
    SimilarCase.objects.unscoped(everywhere).filter(number=number).delete()


def _write_line(order: SupervisionOrder, kind: str, label: str, *, actor, now: datetime, text: str) -> None:
    OrderEvent.objects.create(order=order, kind=kind, label=label, text=text, at=now, actor=actor)


# --- Telling people -------------------------------------------------------------------------------


def _tell(people, order: SupervisionOrder, what: str, title: str, *, now: datetime) -> None:
    notify(
        people,
        kind=f"order.{what}",
        title=f"{order.number} {title}",
        url=order.get_absolute_url(),
        key=f"order:{order.pk}:{what}:{order.version}",
        now=now,
    )


def _tell_department(order: SupervisionOrder, what: str, title: str, *, now: datetime) -> None:
    _tell(people_with_permission(Permission.HANDLE_ISSUES, department=order.department), order, what, title, now=now)


def _tell_heads(order: SupervisionOrder, what: str, title: str, *, now: datetime) -> None:
    _tell(people_with_role(Role.DEPARTMENT_HEAD, department=order.department), order, what, title, now=now)


def _tell_supervisors(order: SupervisionOrder, what: str, title: str, *, now: datetime) -> None:
    """Tell who issued it, and their colleagues who may close it too."""
    people = {order.issued_by}
    if order.issuer is not None:
        people |= set(people_with_permission(Permission.SUPERVISE, department=order.issuer))
    _tell(people, order, what, title, now=now)
