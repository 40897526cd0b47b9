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
    #: 403 where the address names an indicator, which everybody may see, and the act is its department's.
    foreign: int = 404


PUBLIC = {
    "healthz": "for the machines that watch",
    "readyz": "likewise",
    "metrics": "likewise, by address",
    "accounts:login": "nobody is signed in yet",
    "auth-token": "likewise: a name and a password against a token",
    "overview:deadlines": "by the token in the address; tests/overview/test_feed.py",
    "complaints:public_form": "complaints of the public; tests/complaints/test_public.py tries what they may",
    "complaints:public_progress": "likewise",
    "complaints:public_material": "likewise",
    "complaints:public_rating": "likewise",
    "complaints:public_receipt": "likewise",
    "complaints:public_refusal": "likewise",
}.keys()

#: Pages for the makers, 404 outside DEBUG.
DEVELOPMENT = {"overview:components"}

_CATALOGUE_ACTS = """
    detail edit correct set_applicable add_standard take_baseline check_standard assign change_people end_assignment
    add_measure note_measure set_measure_state propose_constraint approve_constraint lift_constraint
    set_prepare set_activate indicator_add remove
""".split()

OPEN = {
    **dict.fromkeys(
        (
            "accounts:account",
            "accounts:account_edit",
            "accounts:account_roles",
            "accounts:account_department",
            "accounts:account_disable",
            "accounts:account_enable",
            "accounts:account_password",
            "accounts:account_token",
            "accounts:account_second_factor_off",
        ),
        "an account, for the system administrator whatever its department",
    ),
    **dict.fromkeys(
        ("accounts:request", "accounts:request_approve", "accounts:request_refuse", "accounts:request_withdraw"),
        "an account request, for two of the administrators",
    ),
    **dict.fromkeys(
        (
            "accounts:acting_start",
            "accounts:device_revoke",
            "accounts:session_end",
            "accounts:token_revoke",
            "accounts:message",
            "accounts:view_delete",
            "inbox-read",
        ),
        "one's own row whatever the department; tests/accounts try somebody else's",
    ),
    "core:calendar_day": "a day of the calendar",
    "core:rule_change": "a limit, the same for all",
    "core:rule_end": "likewise",
    **dict.fromkeys(
        (
            "departments:detail",
            "departments:update",
            "departments:rename",
            "departments:move",
            "departments:close",
            "departments:head_approval",
            "department-detail",
            "department-rename",
            "department-move",
            "department-close",
            "department-set-head-approval",
        ),
        "a unit, seen by everybody signed in",
    ),
    **dict.fromkeys(
        ("departments:member_change", "departments:member_end", "leading-group-detail", "leading-group-end"),
        "a member of the leading group, seen by every business role",
    ),
    "overview:help_chapter": "the manual",
    "complaints:import_relevance": "a file on its way in, for R1 R2 whatever the department",
    **dict.fromkeys(
        [f"indicators:{act}" for act in _CATALOGUE_ACTS]
        + [f"indicator-{part}" for part in ("detail", "series", "standards", "evidence")],
        "the catalogue: read by every business role, written with a permission",
    ),
    **dict.fromkeys(
        ["core:import", *(f"core:import_{act}" for act in "mapping commit undo failed_rows template".split())]
        + [f"import-{act}" for act in "detail commit undo failed-rows".split()],
        "seen by whoever may import its kind; tests/core try the others",
    ),
    "audit-events-detail": "the audit log has one reader, by permission",
    "accounts:outbox_resend": "the office's, whatever the department; tests/accounts try others",
    **dict.fromkeys(
        ("bulletins:schedule_edit", "bulletins:schedule_run", "bulletins:schedule_skip"),
        "a kind of paper, for R1 R2 whatever the department",
    ),
    "inbox-detail": "one's own row; tests/accounts try somebody else's",
    "indicators:dispatch_unlock": "a day of the board, by permission",
    "indicators:decide_proposal": "a proposal to the office, by permission",
}


def _all(row: str, *routes: str, **fields) -> dict[str, Example]:
    """Return the same example for several routes."""
    return {route: Example(row, **fields) for route in routes}


_REPORT_ACTS = ["submit", "resubmit", "approve", "send_back", "withdraw", "accept", "return", "reopen", "evidence"]
_COMPLAINT_ACTS = (
    *[
        "accept",
        "propose-refusal",
        "agree-refusal",
        "disagree-refusal",
        "mark-duplicate",
        "transfer",
        "dispatch",
        "sign-for",
    ],
    *[
        "request-return",
        "agree-return",
        "refuse-return",
        "withdraw",
        "note",
        "assist-reply",
        "add-assisting",
        "request-extension",
    ],
    *[
        "confirm-extension",
        "agree-extension",
        "refuse-extension",
        "suspend",
        "resume",
        "submit",
        "sign",
        "send-back",
        "pass",
    ],
    *[
        "review-back",
        "callback",
        "archive",
        "reopen",
        "withdraw-complaint",
        "pull-here",
        "remind",
        "grant-identity",
        "reveal",
        "supervise",
        "raise-issue",
    ],
)
_ISSUE_ACTS = (
    *("register", "assign", "revoke", "withdraw", "sign-for", "object", "submit-plan", "sign-plan", "return-plan"),
    *("note", "add-evidence", "withdraw-evidence", "request-extension", "confirm-extension", "agree-extension"),
    *("refuse-extension", "request-clearance", "sign-clearance", "return-clearance", "verify-pass", "verify-fail"),
    *("review", "clear", "look-back", "relapse", "remind", "supervise", "form"),
)
_ORDER_ACTS = ("reply", "sign-reply", "return-reply", "send-back", "close")
_BULLETIN_ACTS = (
    "submit",
    "approve",
    "sign",
    "send-back",
    "correct",
    "void",
    "acknowledge",
    "adopt",
    "keep",
    "leave-out",
)
_BULLETIN_PAGES = (
    *("detail", "edit", "adopt", "keep", "restore", "leave_out", "include"),
    *("compare", "document", "picture", "scan"),
)
_CASE_ACTS = ["edit", "submit", "withdraw", "publish", "return"]

EXAMPLES: dict[str, Example] = {
    **_all("report_row", "indicators:report_detail", *(f"indicators:report_{act}" for act in _REPORT_ACTS)),
    **_all(
        "report_row",
        "daily-report-detail",
        *(f"daily-report-{act.replace('_', '-')}" for act in _REPORT_ACTS if act != "evidence"),
        "daily-report-attach-evidence",
    ),
    **_all(
        "evidence_row",
        "indicators:evidence_detail",
        *(f"indicators:evidence_{act}" for act in ("accept", "return", "resubmit", "link")),
        *(f"evidence-{act}" for act in ("detail", "file", "accept", "return", "resubmit")),
    ),
    **_all("evidence_link_row", "indicators:evidence_unlink"),
    **_all("case_row", "indicators:case_detail", *(f"indicators:case_{act}" for act in _CASE_ACTS)),
    **_all(
        "coordination_row",
        *(f"indicators:coordination_{act}" for act in ("detail", "assign", "reply", "close", "reopen")),
    ),
    **_all("day_row", *(f"indicators:{act}" for act in ("report_form", "draft_save", "no_change")), foreign=403),
    **_all("leaf_row", "indicators:confirm_value", foreign=403),
    **_all("job_row", "core:job", "core:job_file"),
    **_all("complaint_row", *(f"complaints:{page}" for page in ("detail", "correct", "reveal", "escalations"))),
    **_all("complaint_row", *(f"complaints:{page}" for page in ("receipt", "refusal", "code"))),
    **_all("complaint_row", "complaint-detail", *(f"complaint-{act}" for act in _COMPLAINT_ACTS)),
    **_all("complaint_act_row", "complaints:act"),
    **_all("complaint_file_row", "complaint-file"),
    **_all(
        "inspection_row",
        *(
            f"supervision:inspection{page}"
            for page in ("", "_edit", "_assign", "_photos", "_finding", "_plan", "_report")
        ),
        *(f"inspection-{part}" for part in ("detail", "assign")),
    ),
    **_all("inspection_photo_row", "supervision:inspection_photo"),
    **_all("inspection_notice_row", "supervision:inspection_notice"),
    **_all("issue_row", *(f"supervision:{page}" for page in ("issue", "issue_edit", "issue_form"))),
    **_all("issue_row", "issue-detail", *(f"issue-{act}" for act in _ISSUE_ACTS)),
    **_all("issue_act_row", "supervision:issue_act"),
    **_all("issue_evidence_row", "supervision:issue_evidence", "supervision:issue_evidence_withdraw"),
    **_all("order_row", *(f"supervision:{page}" for page in ("order", "order_document"))),
    **_all("order_row", *(f"supervision-order-{part}" for part in ("detail", "document", *_ORDER_ACTS))),
    **_all("order_act_row", "supervision:order_act"),
    **_all("order_file_row", "supervision:order_file", "supervision-order-file"),
    **_all("record_row", "supervision:record", "accountability-record-detail"),
    **_all("finding_row", "supervision:finding_edit", "supervision:finding_delete"),
    **_all("bulletin_row", *(f"bulletins:{page}" for page in _BULLETIN_PAGES)),
    **_all("bulletin_row", *(f"bulletin-{part}" for part in ("detail", "document", *_BULLETIN_ACTS))),
    **_all("bulletin_act_row", "bulletins:act"),
}
