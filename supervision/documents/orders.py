"""督办单, and the 商请函 to units that take no orders."""

from core.clock import local_date
from core.documents import FormRow, OfficialForm, official_date
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from supervision.documents.parts import full_name, receipt, said, stub
from supervision.models import FormNumber, SupervisionOrder

LATE = "逾期未回复或整改不力的，将按规定提出通报、约谈等建议。"


def order_form(order: SupervisionOrder) -> OfficialForm:
    """Return the order as it was issued; a unit of justice or under another line of command is asked, not ordered."""
    is_letter = order.form.kind == FormNumber.Kind.LETTER
    issuer = full_name(order.issuer, order.issued_at)
    unit = full_name(order.department, order.issued_at)
    reply_by = official_date(order.due_on)
    rows = [
        FormRow([("商请单位" if is_letter else "督办单位", said(issuer)), ("承办单位", unit)]),
        FormRow([("事由编号", order.subject_number), ("原交办编号", said(order.subject_form))]),
        FormRow([("事由", _matter(order))]),
        FormRow([("原时限", _due(order)), ("已逾期", _overdue(order))]),
        FormRow([("前次催办", said(order.reminders_before))]),
        FormRow([("商请事项" if is_letter else "督办要求", order.requirement)]),
        FormRow([("回复时限" if is_letter else "新时限", f"{reply_by}前回复")]),
        FormRow([("反馈要求", "请在平台回复办理情况并附佐证材料，由单位负责人签发。")]),
    ]
    return OfficialForm(
        title="商请函" if is_letter else "督办单",
        number=order.number,
        addressee=unit,
        paragraphs=_opening(is_letter, reply_by),
        rows=rows,
        closing=["此函。"] if is_letter else [LATE],
        issuer=issuer,
        dated_on=local_date(order.issued_at),
        contact=order.issued_by.name,
        phone=setting("site.office_phone"),
        receipt=receipt(),
        stub=stub(unit, order.subject_number, reply_by, order.issued_by.name),
    )


def _opening(is_letter: bool, reply_by: str) -> list[str]:
    if is_letter:
        return [f"现就下列事项商请贵单位支持办理，请于{reply_by}前函复。"]
    return [f"现对下列事项予以督办，请于{reply_by}前回复。"]


def _matter(order: SupervisionOrder) -> str:
    """Return title and description of an issue; of a complaint the title alone, which names nobody."""
    if order.issue is None:
        return order.subject_title
    text = order.issue.description
    return text if text.startswith(order.subject_title) else f"{order.subject_title}\n{text}"


def _due(order: SupervisionOrder) -> str:
    return official_date(order.subject_due_on) if order.subject_due_on else "未定时限"


def _overdue(order: SupervisionOrder) -> str:
    """Return how many working days it was overdue when the order was issued."""
    due_on, issued_on = order.subject_due_on, local_date(order.issued_at)
    if due_on is None or issued_on <= due_on:
        return "未逾期"
    return f"{work_calendar().workdays_between(due_on, issued_on)}个工作日"
