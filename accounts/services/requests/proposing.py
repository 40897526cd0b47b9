"""S1 proposes a change to an account; nothing changes until S2 approves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import AccountRequest, User
from accounts.rules import can_propose
from accounts.selectors.people import people_with_permission
from accounts.services.messages import notify
from accounts.services.requests.checks import check_roles, check_still_governed, check_username
from accounts.workflow import ACCOUNT_REQUEST
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from departments.models import Department

Kind = AccountRequest.Kind


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be.

    ``username`` has 3 to 40 lower-case letters, digits, underscores; ``roles`` are codes of ``Role``, at
    least one; R4 and R5 need a ``department``. An account of a program (``is_service``) has no password
    and works with tokens only.
    """

    username: str
    name: str
    department: Department | None
    roles: Collection[str]
    phone: str = ""
    job_title: str = ""
    is_service: bool = False


def propose_account(account: NewAccount, *, actor: User, now: datetime, reason: str) -> AccountRequest:
    """Propose a new account.

    Raises:
        NotAllowed: the actor does not keep accounts.
        InvalidInput: at ``username``, ``name``, ``roles``, ``department`` or ``reason``.
        RuleViolation: a request for this account is still open.
    """
    _permit(actor)
    if not account.name.strip():
        raise InvalidInput.at("name", "请填写姓名")
    department = account.department
    check_username(account.username)
    check_roles(account.roles, department_id=department.pk if department else None, is_service=account.is_service)
    wanted = {
        "name": account.name.strip(),
        "department": department.code if department else None,
        "roles": sorted(account.roles),
        "phone": account.phone,
        "job_title": account.job_title,
        "is_service": account.is_service,
    }
    return _propose(Kind.CREATE, None, account.username, wanted, actor=actor, reason=reason, now=now)


def propose_roles(person: User, *, actor: User, now: datetime, roles: Collection[str], reason: str) -> AccountRequest:
    """Propose that ``person`` holds exactly ``roles``; raises as ``propose_account`` does."""
    _permit(actor)
    check_roles(roles, department_id=person.department_id, is_service=person.is_service)
    if set(roles) == person.own_roles:
        raise InvalidInput.at("roles", "角色没有变化")
    check_still_governed(person, without=person.own_roles - set(roles))
    return _propose(Kind.ROLES, person, person.username, {"roles": sorted(roles)}, actor=actor, reason=reason, now=now)


def propose_department(
    person: User, *, actor: User, now: datetime, department: Department | None, reason: str
) -> AccountRequest:
    """Propose that ``person`` moves to ``department``; raises as ``propose_account`` does."""
    _permit(actor)
    check_roles(person.own_roles, department_id=department.pk if department else None)
    if person.department == department:
        raise InvalidInput.at("department", "单位没有变化")
    wanted = {"department": department.code if department else None}
    return _propose(Kind.DEPARTMENT, person, person.username, wanted, actor=actor, reason=reason, now=now)


def propose_disabling(person: User, *, actor: User, now: datetime, reason: str) -> AccountRequest:
    """Propose to switch the account off; raises RuleViolation when it is off, or the last of its kind."""
    _permit(actor)
    if not person.is_active:
        raise RuleViolation("账号已经停用")
    check_still_governed(person, without=person.own_roles)
    return _propose(Kind.DISABLE, person, person.username, {}, actor=actor, reason=reason, now=now)


def propose_enabling(person: User, *, actor: User, now: datetime, reason: str) -> AccountRequest:
    """Propose to switch the account on again; raises RuleViolation when it is on."""
    _permit(actor)
    if person.is_active:
        raise RuleViolation("账号已经启用")
    return _propose(Kind.ENABLE, person, person.username, {}, actor=actor, reason=reason, now=now)


def _permit(actor: User) -> None:
    if not can_propose(actor):
        raise NotAllowed("账号变更由系统管理员提出")


def _present_facts(person: User) -> dict:
    """Return what the one who decides compares with, as it is when the change is proposed."""
    return {
        "name": person.name,
        "department": person.department.code if person.department else None,
        "roles": sorted(person.own_roles),
        "is_active": person.is_active,
    }


@transaction.atomic
def _propose(
    kind: str, person: User | None, username: str, wanted: dict, *, actor: User, reason: str, now: datetime
) -> AccountRequest:
    """Enter the request, record it, and tell those who decide."""
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明事由", code="required")
    facts = {
        "kind": kind,
        "user": person,
        "username": username,
        "wanted": wanted,
        "before": _present_facts(person) if person else {},
        "reason": reason.strip(),
    }
    try:
        with transaction.atomic():
            request = ACCOUNT_REQUEST.enter(
                AccountRequest, AccountRequest.Status.PENDING, proposed_by=actor, proposed_at=now, **facts
            )
    except IntegrityError:
        raise RuleViolation(f"{username} 还有一个申请待审批，请先等它办结或撤回") from None
    record_event(
        actor=actor, action="accounts.accountrequest.propose", target=request, after=wanted, purpose=reason, now=now
    )
    deciders = people_with_permission(Permission.APPROVE_ACCOUNTS).exclude(pk=actor.pk)
    notify(
        deciders,
        kind="account_request.pending",
        title=f"待审批：{request}",
        url=request.get_absolute_url(),
        key=f"account_request:{request.pk}:pending",
        now=now,
    )
    return request
