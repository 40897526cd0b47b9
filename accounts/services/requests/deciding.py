"""S2 decides on an account request; an approval changes the account in the same transaction."""

from datetime import datetime

from django.db import transaction

from accounts.models import AccountRequest, ApiToken, User, UserRole
from accounts.services.messages import mark_read, notify
from accounts.services.requests.checks import check_roles, check_still_governed, check_username
from accounts.services.sessions import end_all_sessions
from accounts.workflow import ACCOUNT_REQUEST
from core.audit import record_event
from core.exceptions import InvalidInput, RuleViolation
from core.workflow import swap
from departments.models import Department

Kind = AccountRequest.Kind


@transaction.atomic
def approve_request(request: AccountRequest, *, actor: User, now: datetime, note: str = "") -> AccountRequest:
    """Approve the request and change the account; sessions of a changed account end (domain §1).

    Raises:
        NotAllowed: the actor is no S2, proposed it themselves, or it is about themselves.
        InvalidTransition: it was decided already.
        RuleViolation: what was asked has become impossible meanwhile (a name taken, a role excluded).
    """
    ACCOUNT_REQUEST.apply(
        "approve",
        request,
        actor=actor,
        now=now,
        audit=request.wanted,
        purpose=note,
        decided_by=actor,
        decided_at=now,
        decision_note=note,
    )
    try:
        person = _APPLY[AccountRequest.Kind(request.kind)](request)
    except InvalidInput as problem:
        raise RuleViolation(f"不能通过：{problem.detail}") from None
    if request.user_id is None:
        swap(request, user=person)
    else:
        _break_with_the_past(person)
    record_event(
        actor=actor,
        action=f"accounts.user.{request.kind}",
        target=person,
        before=request.before or None,
        after=request.wanted,
        purpose=request.reason,
        now=now,
    )
    _tell_proposer(request, actor=actor, now=now)
    return request


@transaction.atomic
def refuse_request(request: AccountRequest, *, actor: User, now: datetime, reason: str) -> AccountRequest:
    """Refuse the request with a reason; raises as ``approve_request`` does, and InvalidInput at ``reason``."""
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明理由", code="required")
    ACCOUNT_REQUEST.apply(
        "refuse",
        request,
        actor=actor,
        now=now,
        purpose=reason,
        decided_by=actor,
        decided_at=now,
        decision_note=reason.strip(),
    )
    _tell_proposer(request, actor=actor, now=now)
    return request


@transaction.atomic
def withdraw_request(request: AccountRequest, *, actor: User, now: datetime) -> AccountRequest:
    """Take one's own request back before it is decided."""
    return ACCOUNT_REQUEST.apply("withdraw", request, actor=actor, now=now)


def _tell_proposer(request: AccountRequest, *, actor: User, now: datetime) -> None:
    mark_read(user=actor, now=now, url=request.get_absolute_url())
    notify(
        [request.proposed_by],
        kind=f"account_request.{request.status}",
        title=f"{request.get_status_display()}：{request}",
        url=request.get_absolute_url(),
        key=f"account_request:{request.pk}:{request.status}",
        now=now,
    )


def _department(code: str | None) -> Department | None:
    return Department.objects.get(code=code) if code else None


def _account(request: AccountRequest) -> User:
    """Return the account a request is about; only a request to create one has none."""
    assert request.user is not None
    return request.user


def _create(request: AccountRequest) -> User:
    """Create the account without a usable password: S1 hands out a one-time one, S2 never sees it."""
    wanted = request.wanted
    check_username(request.username)
    department = _department(wanted["department"])
    check_roles(wanted["roles"], department_id=department.pk if department else None, is_service=wanted["is_service"])
    person = User(
        username=request.username,
        name=wanted["name"],
        department=department,
        phone=wanted["phone"],
        job_title=wanted["job_title"],
        is_service=wanted["is_service"],
        must_change_password=not wanted["is_service"],
    )
    person.set_unusable_password()
    person.save()
    UserRole.objects.bulk_create(UserRole(user=person, role=role) for role in wanted["roles"])
    return person


def _change_roles(request: AccountRequest) -> User:
    person, roles = _account(request), request.wanted["roles"]
    check_roles(roles, department_id=person.department_id, is_service=person.is_service)
    check_still_governed(person, without=person.own_roles - set(roles))
    person.role_rows.all().delete()
    UserRole.objects.bulk_create(UserRole(user=person, role=role) for role in roles)
    return person


def _change_department(request: AccountRequest) -> User:
    person, department = _account(request), _department(request.wanted["department"])
    check_roles(person.own_roles, department_id=department.pk if department else None)
    person.department = department
    person.save(update_fields=["department"])
    return person


def _disable(request: AccountRequest) -> User:
    person = _account(request)
    check_still_governed(person, without=person.own_roles)
    person.is_active = False
    person.save(update_fields=["is_active"])
    tokens = ApiToken.objects.unscoped("every token of a disabled account").filter(user=person, revoked_at=None)
    tokens.update(revoked_at=request.decided_at)
    return person


def _enable(request: AccountRequest) -> User:
    person = _account(request)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


_APPLY = {
    Kind.CREATE: _create,
    Kind.ROLES: _change_roles,
    Kind.DEPARTMENT: _change_department,
    Kind.DISABLE: _disable,
    Kind.ENABLE: _enable,
}


def _break_with_the_past(person: User) -> None:
    """End what rested on the account as it was: log-ins, and being or having a deputy."""
    end_all_sessions(person)
    no_deputy = {"deputy": None, "deputy_from": None, "deputy_until": None}
    User.objects.filter(pk=person.pk).update(**no_deputy)
    User.objects.filter(deputy=person).update(**no_deputy)
