"""The demo accounts: opened for a demonstration, closed before a house goes to work."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from accounts.models import User, UserRole
from accounts.roles import Role
from core.audit import record_event
from core.exceptions import RuleViolation
from departments.models import Department

#: Published in the README; production refuses to start while an account with it is active.
DEMO_PASSWORD = "Xiping@2026demo"  # nosec B105

#: Log-in, name, department code, role, job title. Names say the role: nobody real stands here.
OFFICE_ACCOUNTS = (
    ("office", "县营商办经办员", "ysb", Role.OFFICE, "经办"),
    ("office_lead", "县营商办审核员", "ysb", Role.OFFICE_LEAD, "审核"),
    ("signer", "分管副县长", "zfb", Role.SIGNER, "签发人"),
    ("leader", "县领导", "zfb", Role.LEADER, "县领导"),
    ("inspector", "县督查局督查员甲", "dcj", Role.INSPECTOR, "督查员"),
    ("inspector2", "县督查局督查员乙", "dcj", Role.INSPECTOR, "督查员"),
    ("sysadmin", "系统管理员", None, Role.SYSTEM_ADMINISTRATOR, "系统管理员"),
    ("secadmin", "安全管理员", None, Role.SECURITY_ADMINISTRATOR, "安全管理员"),
    ("auditor", "审计管理员", None, Role.AUDITOR, "审计管理员"),
)
#: Suffix of the log-in, word in the name, role, job title: two people in every department.
DEPARTMENT_ACCOUNTS = (
    ("reporter", "填报员", Role.REPORTER, "联络员"),
    ("head", "负责人", Role.DEPARTMENT_HEAD, "单位负责人"),
)


@transaction.atomic
def open_demo_accounts(*, now: datetime) -> int:
    """Create those demo accounts that do not exist yet; return how many were created. The system acts.

    Townships get none (domain §2). The password is hashed once and shared, because Argon2 a hundred
    times takes half a minute. Existing accounts are left as they are, whatever was done to them since.

    Raises:
        RuleViolation: the departments are not loaded yet.
    """
    departments = list(Department.objects.exclude(kind=Department.Kind.TOWNSHIP))
    by_code = {department.code: department for department in departments}
    if missing := sorted({code for _, _, code, _, _ in OFFICE_ACCOUNTS if code} - by_code.keys()):
        raise RuleViolation(f"单位尚未载入：{'、'.join(missing)}，请先运行 manage.py load_departments")
    wanted = [
        (username, name, by_code.get(code or ""), role, title) for username, name, code, role, title in OFFICE_ACCOUNTS
    ]
    for department in departments:
        for suffix, word, role, title in DEPARTMENT_ACCOUNTS:
            wanted.append((f"{department.code}_{suffix}", f"{department.short_name}{word}", department, role, title))
    known = set(User.objects.values_list("username", flat=True))
    password = make_password(DEMO_PASSWORD)
    roles = {username: role for username, _, _, role, _ in wanted if username not in known}
    accounts = User.objects.bulk_create(
        User(
            username=username,
            name=name,
            department=department,
            job_title=title,
            password=password,
            password_changed_at=now,
            is_demo=True,
        )
        for username, name, department, _, title in wanted
        if username not in known
    )
    UserRole.objects.bulk_create(UserRole(user=account, role=roles[account.username]) for account in accounts)
    for account in accounts:
        facts = {"role": roles[account.username], "is_demo": True}
        record_event(actor=None, action="accounts.user.open_demo", target=account, after=facts, now=now)
    return len(accounts)


@transaction.atomic
def close_demo_accounts(*, now: datetime) -> int:
    """Switch off every demo account, end its sessions and make its password unusable; return how many.

    They are not deleted: reports and audit lines of the demo data go on naming them. The system acts.
    """
    accounts = list(User.objects.filter(is_demo=True, is_active=True))
    for account in accounts:
        account.set_unusable_password()
        account.is_active = False
        account.session_epoch = F("session_epoch") + 1
        account.save(update_fields=["password", "is_active", "session_epoch"])
        record_event(
            actor=None,
            action="accounts.user.close_demo",
            target=account,
            before={"is_active": True},
            after={"is_active": False},
            now=now,
        )
    return len(accounts)
