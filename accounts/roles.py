"""The policy on one page: which role may do what (domain §1). No role is a superuser."""

from django.db import models

from core.access import Permission as P  # noqa: N817  the table below is read, not typed


class Role(models.TextChoices):
    """A person's role; one person may hold several business roles."""

    OFFICE = "office", "营商办经办"
    OFFICE_LEAD = "office_lead", "营商办审核"
    SIGNER = "signer", "签发人"
    LEADER = "leader", "县领导"
    REPORTER = "reporter", "部门填报员"
    DEPARTMENT_HEAD = "dept_head", "部门负责人"
    INSPECTOR = "inspector", "督查员"
    SYSTEM_ADMINISTRATOR = "sysadmin", "系统管理员"
    SECURITY_ADMINISTRATOR = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


#: The three administrators (三员) exclude each other and every business role.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})

#: The people of the responsible departments (R4, R5).
DEPARTMENT_ROLES = frozenset({Role.REPORTER, Role.DEPARTMENT_HEAD})

_EVERY_BUSINESS_ROLE = frozenset({P.READ_CATALOGUE, P.READ_COMPLAINTS, P.READ_ISSUES, P.READ_BULLETINS})
_READS_EVERYTHING = _EVERY_BUSINESS_ROLE | {
    P.READ_ALL_DEPARTMENTS,
    P.SEE_DISPATCH_BOARD,
    P.READ_DEPARTMENTS,
    P.READ_INSPECTIONS,
    P.READ_BULLETIN_DRAFTS,
}
_ISSUE_KEEPERS = frozenset({P.KEEP_INSPECTIONS, P.WRITE_ISSUES, P.KEEP_ISSUES, P.ADD_EVIDENCE, P.OPEN_IMPORTS})
_OFFICE = (
    _READS_EVERYTHING
    | {
        P.KEEP_CATALOGUE,
        P.KEEP_CALENDAR,
        P.KEEP_LEADING_GROUP,
        P.REVIEW_REPORTS,
        P.UNLOCK_DATES,
        P.REMIND_DEPARTMENTS,
        P.ADD_EVIDENCE,
        P.REVIEW_EVIDENCE,
        P.CORRECT_VALUES,
        P.KEEP_COORDINATION,
        P.IMPORT_DATA,
        P.DISPATCH_COMPLAINTS,
        P.OPEN_IMPORTS,
        P.DRAFT_BULLETINS,
    }
    | _ISSUE_KEEPERS
)
_REPORTER = _EVERY_BUSINESS_ROLE | {
    P.REPORT,
    P.HANDLE_COMPLAINTS,
    P.ADD_EVIDENCE,
    P.WRITE_ISSUES,
    P.HANDLE_ISSUES,
    P.ACKNOWLEDGE_BULLETINS,
}
_CONSOLE = frozenset({P.USE_CONSOLE})

ROLE_PERMISSIONS: dict[str, frozenset[P]] = {
    Role.OFFICE: _OFFICE,
    Role.OFFICE_LEAD: _OFFICE
    | {
        P.REOPEN_REPORTS,
        P.DECIDE_COMPLAINTS,
        P.CONFIRM_DISPATCH_CLASS,
        P.APPROVE_CONSTRAINTS,
        P.DECIDE_ISSUES,
        P.VERIFY_ISSUES,
        P.SUPERVISE,
        P.REVIEW_BULLETINS,
    },
    Role.SIGNER: _READS_EVERYTHING | {P.VERIFY_IN_NEED, P.SIGN_BULLETINS},
    Role.LEADER: _READS_EVERYTHING | {P.WRITE_INSTRUCTIONS},
    Role.REPORTER: _REPORTER,
    Role.DEPARTMENT_HEAD: _REPORTER | {P.APPROVE_REPORTS, P.SIGN_COMPLAINTS, P.SIGN_ISSUES, P.SET_DEPARTMENT_OPTIONS},
    Role.INSPECTOR: _READS_EVERYTHING | _ISSUE_KEEPERS | {P.VERIFY_ISSUES, P.LOOK_BACK, P.SUPERVISE},
    Role.SYSTEM_ADMINISTRATOR: _CONSOLE
    | {
        P.KEEP_ACCOUNTS,
        P.READ_ACCOUNT_REQUESTS,
        P.KEEP_DEPARTMENTS,
        P.KEEP_SETTINGS,
        P.READ_DEPARTMENTS,
        P.OPEN_IMPORTS,
    },
    Role.SECURITY_ADMINISTRATOR: _CONSOLE | {P.APPROVE_ACCOUNTS, P.READ_ACCOUNT_REQUESTS},
    Role.AUDITOR: _CONSOLE | {P.READ_AUDIT},
}


def roles_exclude_each_other(roles: frozenset[str], *, small_office: bool) -> bool:
    """Return whether ``roles`` may not be held by one person (domain §1).

    The three administrators exclude each other and every business role; a small office (setting)
    may give system and security administration to one person; the auditor always stands apart.
    """
    administrators = roles & ADMINISTRATORS
    if not administrators:
        return False
    if roles - ADMINISTRATORS:
        return True
    if small_office and administrators <= {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}:
        return False
    return len(administrators) > 1
