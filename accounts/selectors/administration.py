"""What the console of the administrators lists: accounts, requests, tokens."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AccountRequest, ApiToken, User, UserRole
from accounts.selectors.people import role_words
from core.access import Permission
from departments.models import Department

#: The choices of the list's state filter.
STATES = {"active": Q(is_active=True), "disabled": Q(is_active=False), "service": Q(is_service=True)}


def accounts(*, search: str = "", department: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Return accounts in the official order of their units.

    Args:
        search: part of the log-in or the name.
        department: a unit's code.
        role: a role's code.
        state: a key of ``STATES``.
    """
    rows = User.objects.order_by("department__official_order", "username")
    if search:
        rows = rows.filter(Q(username__icontains=search) | Q(name__icontains=search))
    if department:
        rows = rows.filter(department__code=department)
    if role:
        rows = rows.filter(role_rows__role=role)
    return rows.filter(STATES[state]) if state else rows


def account_lines(page: Any) -> list[dict]:
    """Return one page of accounts as plain rows with their roles in words; two queries whatever the length."""
    columns = ("pk", "username", "name", "job_title", "is_active", "is_service", "is_demo", "last_login")
    rows = list(page.values(*columns, "department__short_name"))
    held: dict[int, list[str]] = {row["pk"]: [] for row in rows}
    for user_id, role in UserRole.objects.filter(user__in=list(held)).values_list("user_id", "role"):
        held[user_id].append(role)
    return [row | {"department": row["department__short_name"], "roles": role_words(held[row["pk"]])} for row in rows]


def account_detail() -> QuerySet[User]:
    """Return accounts with what their page prints."""
    return User.objects.select_related("department", "deputy")


def requests_for(user: User, *, status: str = "") -> QuerySet[AccountRequest]:
    """Return the account requests ``user`` sees, those still open first, then newest first."""
    rows = AccountRequest.objects.visible_to(user).select_related("proposed_by", "decided_by", "user")
    rows = rows.order_by("decided_at", "-proposed_at", "-pk") if status == "pending" else rows
    return rows.filter(status=status) if status else rows


def pending_requests(user: User, now: datetime) -> int:
    """Return how many requests wait for a decision of ``user`` (the console's count)."""
    if not user.can(Permission.APPROVE_ACCOUNTS):
        return 0
    rows = AccountRequest.objects.visible_to(user).filter(status=AccountRequest.Status.PENDING)
    return rows.exclude(Q(proposed_by=user) | Q(user=user)).count()


def tokens_of_account(account: User, viewer: User) -> QuerySet[ApiToken]:
    """Return the tokens of ``account`` as far as ``viewer`` sees them, newest first, revoked ones included."""
    return ApiToken.objects.visible_to(viewer).filter(user=account).select_related("issued_by")


def wanted_in_words(request: AccountRequest) -> list[tuple[str, str]]:
    """Return what the request asks for as pairs of label and words, for the one who decides."""
    wanted, lines = request.wanted, []
    if request.user and request.kind != AccountRequest.Kind.CREATE:
        lines.append(("姓名", request.user.name))
        lines.append(("现有角色", "、".join(role_words(request.user.own_roles)) or "无"))
    if "name" in wanted:
        lines.append(("姓名", wanted["name"]))
    if "department" in wanted:
        department = Department.objects.filter(code=wanted["department"]).first()
        lines.append(("单位", department.short_name if department else "无单位"))
    if "roles" in wanted:
        lines.append(
            (
                "角色" if request.kind == AccountRequest.Kind.CREATE else "申请角色",
                "、".join(role_words(wanted["roles"])),
            )
        )
    if wanted.get("job_title"):
        lines.append(("职务", wanted["job_title"]))
    if wanted.get("is_service"):
        lines.append(("类别", "接口账号"))
    return lines
