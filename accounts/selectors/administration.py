"""What the console of the administrators lists: accounts, requests, tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import AccountRequest, ApiToken, User, UserRole
from accounts.selectors.people import role_words
from core.access import Permission
from departments.models import Department

Kind = AccountRequest.Kind

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
    rows = User.objects.order_by(F("department__official_order").asc(nulls_first=True), "username")
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


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of an account before and after the change that is asked for, in words."""

    label: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Whether the request changes this fact."""
        return self.before != self.after


#: What an account is made of, in the order of its page.
FACTS = {
    "name": "姓名",
    "department": "单位",
    "roles": "角色",
    "is_active": "状态",
    "job_title": "职务",
    "phone": "电话",
    "is_service": "接口账号",
}
_SWITCHED: dict[str, dict[str, bool]] = {Kind.DISABLE: {"is_active": False}, Kind.ENABLE: {"is_active": True}}


def differences(request: AccountRequest) -> list[Difference]:
    """Return what the request changes, fact by fact, for the one who decides; a new account has no before."""
    before = request.before
    after = before | request.wanted | _SWITCHED.get(request.kind, {})
    codes = [facts.get("department") for facts in (before, after)]
    units = dict(Department.objects.filter(code__in=codes).values_list("code", "short_name"))
    return [
        Difference(
            label,
            fact_in_words(name, before[name], units) if name in before else "—",
            fact_in_words(name, after[name], units),
        )
        for name, label in FACTS.items()
        if after.get(name) or name in before
    ]


def fact_in_words(name: str, value, units: dict[str, str]) -> str:
    """Return one fact of an account as people read it; ``units`` gives the short names of codes."""
    match name:
        case "roles":
            return "、".join(role_words(value)) or "无"
        case "department":
            return units.get(value, "无单位")
        case "is_active":
            return "启用" if value else "停用"
        case "is_service":
            return "是" if value else "否"
    return value or "无"
