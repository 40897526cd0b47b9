"""Every write of daily dispatch (domain §4): drafts, submission, review, locks, selections, confirmations."""

from indicators.services.daily_reports.bulk import (
    BulkResult,
    NoChangeResult,
    accept_reports,
    approve_reports,
    report_all_no_change,
    report_no_change,
)
from indicators.services.daily_reports.confirmation import confirm_value
from indicators.services.daily_reports.content import problems_of, warnings_of
from indicators.services.daily_reports.drafting import refusal_of, report_in_hand, report_to_write, save_draft
from indicators.services.daily_reports.follow_up import attach_evidence, hand_in_files
from indicators.services.daily_reports.locking import unlock_date
from indicators.services.daily_reports.review import (
    accept_report,
    approve_report,
    reopen_report,
    return_report,
    send_back_report,
)
from indicators.services.daily_reports.submission import resubmit_report, send_report, submit_report, withdraw_report

__all__ = [
    "BulkResult",
    "NoChangeResult",
    "accept_report",
    "accept_reports",
    "approve_report",
    "approve_reports",
    "attach_evidence",
    "confirm_value",
    "hand_in_files",
    "problems_of",
    "refusal_of",
    "reopen_report",
    "report_all_no_change",
    "report_in_hand",
    "report_no_change",
    "report_to_write",
    "resubmit_report",
    "return_report",
    "save_draft",
    "send_back_report",
    "send_report",
    "submit_report",
    "unlock_date",
    "warnings_of",
    "withdraw_report",
]
