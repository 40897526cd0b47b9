"""Printing: which form, its bytes and file name, and the line in the audit log."""

from datetime import datetime

from core.audit import record_event
from core.documents import OfficialForm
from core.documents.forms import render_form
from core.exceptions import InvalidInput, RuleViolation
from departments.models import Department
from supervision.documents.issues import assignment_form, clearance_form
from supervision.documents.notices import notice_of_inspection, notice_of_issue
from supervision.documents.orders import order_form
from supervision.models import Inspection, Issue, SupervisionOrder

#: Kinds of ``issues/{number}/form/`` and their Chinese names.
FORM_KINDS = {"assignment": "交办单", "supervision": "督办单", "notice": "整改通知书", "clearance": "销号申请表"}

Printed = tuple[bytes, str]


def issue_form(issue: Issue, kind: str, *, user, now: datetime) -> Printed:
    """Return one of the four forms of an issue ``user`` has fetched, as (.docx, file name).

    Raises:
        InvalidInput: no such kind.
        RuleViolation: the form was not earned yet.
    """
    return _printed(_form_of(issue, kind, user=user), issue, file=issue.number, user=user, now=now)


def _form_of(issue: Issue, kind: str, *, user) -> OfficialForm:
    match kind:
        case "assignment":
            return assignment_form(issue)[0]
        case "notice":
            return notice_of_issue(issue, user=user)
        case "clearance":
            return clearance_form(issue)[0]
        case "supervision":
            return order_form(_newest_order(issue, user=user))
        case _:
            raise InvalidInput.at("kind", f"没有这种表单，可选：{'、'.join(FORM_KINDS)}")


def _newest_order(issue: Issue, *, user) -> SupervisionOrder:
    orders = SupervisionOrder.objects.visible_to(user).filter(issue=issue)
    order = orders.select_related("form", "department", "issuer", "issued_by", "issue").first()
    if order is None:
        raise RuleViolation("还没有督办，督办后才能打印", code="form_not_earned")
    return order


def order_document(order: SupervisionOrder, *, user, now: datetime) -> Printed:
    """Return the order or letter as (.docx, file name); ``user`` has fetched it."""
    return _printed(order_form(order), order, file=order.subject_number, user=user, now=now)


def inspection_notice(inspection: Inspection, department: Department, *, user, now: datetime) -> Printed:
    """Return the newest 整改通知书 of an inspection to one department as (.docx, file name).

    Raises RuleViolation while none of its findings was assigned to the department.
    """
    form = notice_of_inspection(inspection, department, user=user)
    return _printed(form, inspection, file=department.short_name, user=user, now=now)


def _printed(
    form: OfficialForm, row: Issue | SupervisionOrder | Inspection, *, file: str, user, now: datetime
) -> Printed:
    record_event(
        actor=user,
        action=f"{row._meta.label_lower}.print",
        target=row,
        after={"form": form.title, "number": form.number},
        now=now,
    )
    return render_form(form, created_at=now), f"{form.title}_{file}.docx"
