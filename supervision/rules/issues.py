"""Who may do what with an issue, and what makes an act pointless on a row (domain §1, §7). Pure predicates.

``permitted`` rules look at role and department; two look at the state as well, because the table of domain §7
does: withdrawing asks R2 once the department has signed, and a relapse of what is cleared is R6's alone.
"""

from accounts.selectors import people_with_permission
from core.access import Permission
from supervision.models import ClearanceRequest, Issue, IssueEvidence

S = Issue.Status
NAMES_NEEDED = 2
#: Acts that put a signature on the issue; the last three are one when the head does them personally.
SIGNATURES = frozenset({"sign_plan", "sign_clearance", "confirm_extension", "verify_pass", "verify_fail"})
SIGNED_BY_DOING = frozenset({"submit_plan", "request_clearance", "request_extension"})


def leads(actor, row) -> bool:
    """Return whether ``actor`` works for the department that leads the issue."""
    return row.department_id is not None and actor.scope_department_id == row.department_id


def may_write(actor, row) -> bool:
    """R1 R2 R6 write issues; R4 R5 one of their own department (自查)."""
    return actor.can(Permission.WRITE_ISSUES)


def is_keeper(actor, row) -> bool:
    """R1 R2 R6 register and assign."""
    return actor.can(Permission.KEEP_ISSUES)


def is_office_lead(actor, row) -> bool:
    """R2 revokes, takes back and answers extensions."""
    return actor.can(Permission.DECIDE_ISSUES)


def may_handle(actor, row) -> bool:
    """R4 and R5 of the lead department."""
    return actor.can(Permission.HANDLE_ISSUES) and leads(actor, row)


def may_sign(actor, row) -> bool:
    """R5 of the lead department."""
    return actor.can(Permission.SIGN_ISSUES) and leads(actor, row)


def is_signature(name: str, actor, row) -> bool:
    """Return whether the act ``name`` puts a signature on the row: the head's, or a verifier's name."""
    return name in SIGNATURES or (name in SIGNED_BY_DOING and may_sign(actor, row))


def may_note(actor, row) -> bool:
    """R4 and R5 of the lead department and of an assisting one."""
    return actor.can(Permission.HANDLE_ISSUES) and (leads(actor, row) or row.is_assisted_by(actor.scope_department_id))


def may_add_evidence(actor, row) -> bool:
    """R1 R2 R6, and R4 R5 of the lead or an assisting department; the phase is judged by ``evidence_refusal``."""
    return is_keeper(actor, row) or may_note(actor, row)


def may_withdraw(actor, row) -> bool:
    """R1 R2 R6 before the department signs; R2 afterwards."""
    unsigned = row.status in {S.DRAFT, S.REGISTERED, S.ASSIGNED}
    return is_keeper(actor, row) if unsigned else is_office_lead(actor, row)


def may_relapse(actor, row) -> bool:
    """R6; of what is sustained R2 too."""
    if actor.can(Permission.LOOK_BACK):
        return True
    return actor.can(Permission.VERIFY_ISSUES) and row.status != S.CLEARED


def may_look_back(actor, row) -> bool:
    """R6."""
    return actor.can(Permission.LOOK_BACK)


def may_supervise(actor, row) -> bool:
    """R2 and R6 issue 督办 orders."""
    return actor.can(Permission.SUPERVISE)


def own_departments(actor) -> set[int]:
    """Return the departments ``actor`` belongs to, by themselves and as somebody's deputy."""
    return {actor.department_id, actor.scope_department_id} - {None}


def is_concerned(actor, row) -> bool:
    """Return whether ``actor`` is of the lead or an assisting department."""
    return any(row.concerns(unit) for unit in own_departments(actor))


def may_review_sustained(actor, row) -> bool:
    """R6 and R2, not of the lead or an assisting department."""
    return actor.can(Permission.VERIFY_ISSUES) and not is_concerned(actor, row)


def may_verify(actor, row) -> bool:
    """R6 and R2, not of the lead or an assisting department; R3 where fewer than two of them are eligible."""
    if is_concerned(actor, row):
        return False
    if actor.can(Permission.VERIFY_ISSUES):
        return True
    return actor.can(Permission.VERIFY_IN_NEED) and lacks_verifiers(row)


def lacks_verifiers(row) -> bool:
    """Return whether fewer than two of R6 and R2 may verify the current round."""
    return eligible_verifiers(row) < NAMES_NEEDED if row.lacks_verifiers is None else row.lacks_verifiers


def eligible_verifiers(row) -> int:
    """Return how many of R6 and R2 may verify the current round: outside its departments, without evidence in it."""
    barred = {row.department_id, *(unit.pk for unit in row.assisting.all())}
    people = people_with_permission(Permission.VERIFY_ISSUES).exclude(department__in=barred)
    return people.exclude(pk__in=evidence_givers(row)).distinct().count()


def evidence_givers(row) -> set[int]:
    """Return the people who added an ``after`` item in the current round, withdrawn ones left out."""
    return set() if row.current_round is None else row.current_round.evidence_givers()


def standing_request(row) -> ClearanceRequest | None:
    """Return the clearance request that waits for verification or for the head's signature, None without one."""
    return None if row.current_round is None else row.current_round.waiting_request()


def verifier_refusal(actor, row) -> str | None:
    """Return why ``actor`` may not put their name to the standing request, None if they may (domain §7, two names)."""
    if row.is_evidenced_by(actor.pk):
        return "您在本轮上传过整改后的佐证，不能验收本轮，请由他人验收"
    if row.is_verified_by(actor.pk):
        return "您已验收，另一名验收人同意后才能销号"
    return None


def may_still_verify(actor, row) -> bool:
    """Offer verification to those whose name would count."""
    return verifier_refusal(actor, row) is None


def offers_evidence(actor, row) -> bool:
    """Offer evidence where one of the phases is open to ``actor``."""
    return any(evidence_refusal(actor, row, phase) is None for phase in ("before", "after"))


def evidence_refusal(actor, row, phase: str) -> str | None:
    """Return why evidence of ``phase`` (before, after) cannot be added by ``actor`` now, None if it can (domain §7)."""
    if phase == IssueEvidence.Phase.BEFORE:
        return None if is_keeper(actor, row) else "整改前的佐证由县营商办或督查局上传"
    if row.status not in {S.PLANNING, S.RECTIFYING}:
        return f"当前为“{row.get_status_display()}”，整改后的佐证在待报方案和整改中上传"
    if row.waiting_result:
        return "已申请销号，佐证不能再改动"
    return None


def plan_waits(row) -> str | None:
    """Only a plan that was handed in can be signed or sent back."""
    current = row.current_round
    return None if current is not None and current.has_plan_to_sign else "没有待签发的整改方案"


def clearance_unsigned(row) -> str | None:
    """Only a clearance request that waits for the head can be signed or sent back."""
    unsigned = ClearanceRequest.Result.UNSIGNED
    return None if row.waiting_result == unsigned else "没有待签发的销号申请"


def no_clearance_waits(row) -> str | None:
    """While a clearance request waits for the head there is no second one."""
    return None if clearance_unsigned(row) else "已有一份销号申请待负责人签发"


def needs_plan_first(row) -> str | None:
    """From 待报方案 only what is 立行立改 may be cleared without a plan."""
    if row.status == S.PLANNING and row.limit_kind != Issue.LimitKind.IMMEDIATE:
        return "不是立行立改的问题，请先报整改方案"
    return None
