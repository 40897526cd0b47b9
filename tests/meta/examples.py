"""A row for every address that takes one. A new route fails the sweep until it stands here.

``PUBLIC`` routes need no log-in. ``OPEN`` routes take a value that belongs to no department (a code of
the catalogue, a day): who may open them is a permission, tested by the sweep over roles. ``EXAMPLES``
lead to a department's row: 404 for another department, 403 for an onlooker who sees but may not act.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """Which fixture gives the address' parts for a row of ``department``, and who sees it but may not act."""

    row: str
    onlooker: str = "leader"


PUBLIC = {
    "healthz": "for the machines that watch",
    "readyz": "likewise",
    "metrics": "likewise, by address",
    "accounts:login": "nobody is signed in yet",
    "auth-token": "likewise: a name and a password against a token",
}.keys()

#: Pages for the makers, 404 outside DEBUG.
DEVELOPMENT = {"overview:components"}

OPEN = {
    **dict.fromkeys(
        (
            "accounts:account", "accounts:account_edit", "accounts:account_roles", "accounts:account_department",
            "accounts:account_disable", "accounts:account_enable", "accounts:account_password",
            "accounts:account_token", "accounts:account_second_factor_off",
        ),
        "an account, for the system administrator whatever its department",
    ),
    **dict.fromkeys(
        ("accounts:request", "accounts:request_approve", "accounts:request_refuse", "accounts:request_withdraw"),
        "an account request, for two of the administrators",
    ),
    **dict.fromkeys(
        (
            "accounts:acting_start", "accounts:device_revoke", "accounts:session_end", "accounts:token_revoke",
            "accounts:message", "accounts:view_delete", "inbox-read",
        ),
        "one's own row whatever the department; tests/accounts try somebody else's",
    ),
    "core:calendar_day": "a day of the calendar",
    "core:rule_change": "a limit, the same for all",
    "core:rule_end": "likewise",
    **dict.fromkeys(
        (
            "departments:detail", "departments:update", "departments:rename", "departments:move",
            "departments:close", "departments:head_approval", "department-detail", "department-rename",
            "department-move", "department-close", "department-set-head-approval",
        ),
        "a unit, seen by everybody signed in",
    ),
    **dict.fromkeys(
        ("departments:member_change", "departments:member_end", "leading-group-detail", "leading-group-end"),
        "a member of the leading group, seen by every business role",
    ),
    "overview:help_chapter": "the manual",
}

EXAMPLES: dict[str, Example] = {}
