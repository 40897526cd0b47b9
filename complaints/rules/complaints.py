"""Who may do what with a complaint, and what makes an act pointless on a row (domain §1, §6). Pure predicates.

Where the table of domain §6 names R4 or R5 it is the lead department's; an assisting department may note,
add files and give its part. Two acts ask the office's reviewer once the complaint is with a department
(withdraw, mark_duplicate); there the predicate looks at the state too, because the table does.
"""

from complaints.models import Complaint
from core.access import Permission

S = Complaint.Status
DISPATCHES_WITHOUT_RETURN = 3


#: A head's signature; the last two are one when the head does them personally.
SIGNATURES = frozenset({"sign", "confirm_extension"})
SIGNED_BY_DOING = frozenset({"submit", "request_extension"})


def leads(actor, row) -> bool:
    """Return whether ``actor`` works for the department that handles the complaint now."""
    return row.department_id is not None and actor.scope_department_id == row.department_id


def is_office(actor, row) -> bool:
    """R1 and R2 do everything day to day."""
    return actor.can(Permission.DISPATCH_COMPLAINTS)


def is_office_lead(actor, row) -> bool:
    """R2 decides refusals, transfers, extensions, suspensions and reopenings."""
    return actor.can(Permission.DECIDE_COMPLAINTS)


def may_handle(actor, row) -> bool:
    """R4 and R5 of the lead department."""
    return actor.can(Permission.HANDLE_COMPLAINTS) and leads(actor, row)


def may_sign(actor, row) -> bool:
    """R5 of the lead department."""
    return actor.can(Permission.SIGN_COMPLAINTS) and leads(actor, row)


def is_signature(name: str, actor, row) -> bool:
    """Return whether the act ``name`` puts the head's signature on the row."""
    return name in SIGNATURES or (name in SIGNED_BY_DOING and may_sign(actor, row))


def may_note(actor, row) -> bool:
    """R4 and R5 of the lead department, and of an assisting one; the office notes too."""
    return actor.can(Permission.DISPATCH_COMPLAINTS) or (
        actor.can(Permission.HANDLE_COMPLAINTS) and (leads(actor, row) or row.is_assisted_by(actor.scope_department_id))
    )


def may_assist(actor, row) -> bool:
    """R4 and R5 of a department that assists in the current round."""
    return actor.can(Permission.HANDLE_COMPLAINTS) and row.is_assisted_by(actor.scope_department_id)


def may_withdraw(actor, row) -> bool:
    """R1 and R2 before the department signs; R2 afterwards, for another department."""
    return is_office_lead(actor, row) if row.status == S.HANDLING else is_office(actor, row)


def may_merge(actor, row) -> bool:
    """R1 and R2 until dispatch; R2 once it is with a department."""
    return is_office_lead(actor, row) if row.status in {S.DISPATCHED, S.HANDLING} else is_office(actor, row)


def may_supervise(actor, row) -> bool:
    """R2 and R6 press the department with an order (督办)."""
    return actor.can(Permission.SUPERVISE)


def already_raised(row) -> str | None:
    """Let a complaint become one issue, once."""
    return "这件已转为问题" if row.issue_id else None


def designated(row) -> str | None:
    """At the third dispatch the office designates the department and no return is possible."""
    if row.dispatch_count >= DISPATCHES_WITHOUT_RETURN:
        return "这是第三次派单，由营商办指定承办，不能再申请退回"
    return None


def suspended(row) -> str | None:
    """While suspended only note, resume and remind are possible."""
    current = row.current_round
    return "工单已中止办理，恢复后才能继续" if current is not None and current.is_suspended else None


def not_suspended(row) -> str | None:
    """Only a suspended complaint can be resumed."""
    current = row.current_round
    return None if current is not None and current.is_suspended else "工单没有中止"


def upstream(row) -> str | None:
    """Rows that the city's platform handles are only watched here."""
    return "这件在上级平台办理，本平台只作跟踪" if row.handled == Complaint.Handled.UPSTREAM else None


def only_by_import(row) -> str | None:
    """Only the import of a file, which chooses the state, lets a row follow it; nobody is offered the act."""
    return None if getattr(row, "chosen_status", "") else "状态随热线表格的导入更新"


def already_here(row) -> str | None:
    """Only a watched row can be pulled here."""
    return None if row.handled == Complaint.Handled.UPSTREAM else "这件已在本平台办理"


def without_department(row) -> str | None:
    """Nobody can be reminded of a row nobody handles."""
    return None if row.department_id else "还没有承办单位"
