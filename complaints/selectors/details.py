"""One complaint whole: the row with its rounds, call-backs, timeline and files."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from complaints.models import Complaint, ComplaintEvent, HandlingRound
from complaints.selectors.rows import COLUMNS, RowReader
from complaints.selectors.supervision import issue_of, relapses_of_complaint
from core.dates import WorkCalendar


def complaints_for(user) -> QuerySet[Complaint]:
    """Return the complaints ``user`` may see, each with what its acts look at."""
    rows = Complaint.objects.visible_to(user)
    return rows.select_related(
        "current_round__department", "current_round__extension", "department", "accused_department"
    )


def complaint_row(complaint: Complaint, *, user, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """Return the complaint as the contract names it, with ``rounds``, ``callbacks``, ``files`` and ``warnings``."""
    row, rounds = plain_row(complaint, user=user, now=now, calendar=calendar), rounds_of(complaint)
    issue, similar = issue_of(complaint, user), relapses_of_complaint(complaint, user=user)
    return row | {
        "issue": issue.number if issue else None,
        "relapsed": bool(similar),
        "similar": similar,
        "rounds": [round_row(one) for one in rounds],
        "callbacks": [_callback_row(one) for one in complaint.callbacks.all()],
        "files": [_file_row(one) for one in complaint.files.select_related("attachment")],
        "warnings": warnings_of(row, rounds),
    }


def plain_row(complaint: Complaint, *, user, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """Return the complaint as a row of a list.

    It is read again by its key: who has just acted gets the answer although the act may have taken the row away.
    """
    rows = Complaint.objects.unscoped("fetched through the user before the act").filter(pk=complaint.pk)
    return RowReader(user, now=now, calendar=calendar).read(rows.values(*COLUMNS))[0]


def rounds_of(complaint: Complaint) -> list[HandlingRound]:
    """Return every round, the first first, with its departments and extension."""
    rounds = complaint.rounds.select_related("department", "extension").order_by("sequence")
    return list(rounds.prefetch_related("assisting__department"))


def round_row(round_: HandlingRound) -> dict[str, Any]:
    """Return a round as the contract names it."""
    return {
        "sequence": round_.sequence,
        "round_no": round_.round_no,
        "department": round_.department.code,
        "department_label": round_.department.short_name,
        "dispatched_at": round_.dispatched_at,
        "dispatched_estimated": round_.dispatched_estimated,
        "sign_due_at": round_.sign_due_at,
        "signed_at": round_.signed_at,
        "due_at": round_.due_at,
        "effective_due_at": round_.effective_due_at,
        "provisional": round_.provisional,
        "due_imported": round_.due_imported,
        "return_requested": round_.return_requested_at is not None,
        "extended": round_.extended,
        "suspended": round_.is_suspended,
        "submitted_at": round_.submitted_at,
        "ending": round_.ending,
        "ending_label": round_.get_ending_display(),
        "closed_at": round_.closed_at,
        "inner_report": round_.inner_report,
        "public_reply": round_.public_reply,
        "is_solved": round_.is_solved,
        "satisfaction": round_.satisfaction,
        "satisfaction_label": round_.get_satisfaction_display(),
        "solved": round_.solved,
        "solved_label": round_.get_solved_display(),
        "assisting": [_assisting_row(one) for one in round_.assisting.all()],
        "extension": _extension_row(getattr(round_, "extension", None)),
    }


def _assisting_row(helper) -> dict[str, Any]:
    return {
        "department": helper.department.code,
        "department_label": helper.department.short_name,
        "due_at": helper.due_at,
        "replied_at": helper.replied_at,
        "note": helper.note,
    }


def _extension_row(extension) -> dict[str, Any] | None:
    if extension is None:
        return None
    return {
        "workdays": extension.workdays,
        "reason": extension.reason,
        "answer": extension.answer,
        "answer_label": extension.get_answer_display(),
        "asked_at": extension.asked_at,
        "answered_at": extension.answered_at,
        "answer_reason": extension.answer_reason,
        "due_before": extension.due_before,
        "due_after": extension.due_after,
    }


def _callback_row(callback) -> dict[str, Any]:
    return {
        "result": callback.result,
        "result_label": callback.get_result_display(),
        "solved": callback.solved,
        "note": callback.note,
        "called_at": callback.called_at,
        "by_complainant": callback.called_by_id is None,
    }


def _file_row(file) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.attachment.name,
        "size": file.attachment.size,
        "sha256": file.attachment.sha256,
        "purpose": file.purpose,
        "purpose_label": file.get_purpose_display(),
        "added_at": file.added_at,
        "event": file.event_id,
    }


def warnings_of(row: dict[str, Any], rounds: list[HandlingRound]) -> list[dict[str, str]]:
    """Return what the lead department is told and may pass over: assisting units that have not answered (domain §6)."""
    if "submit" not in row["actions"] or not rounds:
        return []
    silent = [one.department.short_name for one in rounds[-1].assisting.all() if one.replied_at is None]
    if not silent:
        return []
    detail = f"{'、'.join(silent)}尚未提交协办意见，可以先行提交办理结果"
    return [{"field": "assisting", "code": "assisting_silent", "detail": detail}]


def timeline_of(complaint: Complaint) -> QuerySet[ComplaintEvent]:
    """Return the events, the newest first, with who and where."""
    return complaint.events.select_related("actor", "department").prefetch_related("files__attachment")
