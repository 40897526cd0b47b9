"""One issue whole: the row with its rounds, evidence, verifications, look-backs and timeline."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.dates import WorkCalendar
from supervision.models import (
    ClearanceRequest,
    Issue,
    IssueEvent,
    IssueEvidence,
    IssueExtension,
    IssueRound,
    LookBack,
    SimilarCase,
    SupervisionOrder,
    Verification,
)
from supervision.selectors.rows import COLUMNS, RowReader

#: Results of a request whose signatures count.
_COUNTING = (ClearanceRequest.Result.STANDING, ClearanceRequest.Result.PASSED)


def issues_for(user) -> QuerySet[Issue]:
    """Return the issues ``user`` may see, each with what its acts look at."""
    rows = Issue.objects.visible_to(user).select_related(
        "current_round__department", "current_round__extension", "department", "indicator", "inspection"
    )
    return rows.prefetch_related("assisting")


def issue_row(issue: Issue, *, user, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """Return the issue as the contract names it, with everything that hangs on it.

    It is read again by its key: who has just acted gets the answer although the act may have taken the row away.
    """
    rows = Issue.objects.unscoped("fetched through the user before the act").filter(pk=issue.pk)
    row = RowReader(user, now=now, calendar=calendar).read(rows.values(*COLUMNS))[0]
    rounds = rounds_of(issue)
    current = next((one for one in rounds if one.pk == issue.current_round_id), None)
    return row | {
        "rounds": [round_row(one) for one in rounds],
        "extension": _extension_row(getattr(current, "extension", None)),
        "verifications": [verification_row(one) for one in verifications_that_count(current)],
        "look_backs": [_look_back_row(one) for one in issue.look_backs.select_related("done_by")],
        "evidence": [evidence_row(one) for one in evidence_of(issue)],
        "events": [event_row(one) for one in timeline_of(issue)],
        "similar": [_similar_row(one) for one in issue.similar_cases.all()],
        "orders": [_order_row(one) for one in orders_of(issue, user)],
    }


def rounds_of(issue: Issue) -> list[IssueRound]:
    """Return every round, the first first, with its extension and its requests with their signatures."""
    rounds = issue.rounds.select_related(
        "department", "extension", "assignment_form", "notice_form", "signed_by", "plan_handed_in_by", "planned_by"
    )
    rounds = rounds.prefetch_related(
        "clearance_requests__verifications__user",
        "clearance_requests__verifications__department",
        "clearance_requests__asked_by",
        "clearance_requests__signed_by",
        "clearance_requests__form",
    )
    return list(rounds.order_by("sequence"))


def verifications_that_count(current: IssueRound | None) -> list[Verification]:
    """Return the signatures under the request that stands or was passed; those before a 不通过 no longer count."""
    requests = [] if current is None else list(current.clearance_requests.all())
    if not requests or requests[-1].result not in _COUNTING:
        return []
    return list(requests[-1].verifications.all())


def evidence_of(issue: Issue) -> QuerySet[IssueEvidence]:
    """Return the evidence that was not withdrawn, in the order it came."""
    items = issue.evidence.filter(withdrawn_at=None)
    return items.select_related("evidence__attachment", "evidence__department", "added_by", "round")


def timeline_of(issue: Issue) -> QuerySet[IssueEvent]:
    """Return the events, the newest first, with who and where."""
    return issue.events.select_related("actor", "department", "round")


def orders_of(issue: Issue, user) -> QuerySet[SupervisionOrder]:
    """Return the 督办 orders on the issue that ``user`` sees."""
    return SupervisionOrder.objects.visible_to(user).filter(issue=issue).select_related("department", "form")


# --- Rows of the contract --------------------------------------------------------------------------


def _username(person) -> str | None:
    return None if person is None else person.username


def _named(field: str, person) -> dict[str, str | None]:
    """Return a person under ``field`` by user name, with their name as its label."""
    return {field: _username(person), f"{field}_label": None if person is None else person.name}


def _unit(unit) -> dict[str, str | None]:
    return {
        "department": None if unit is None else unit.code,
        "department_label": None if unit is None else unit.short_name,
    }


def round_row(round_: IssueRound) -> dict[str, Any]:
    """Return a round as the contract names it."""
    return {
        "sequence": round_.sequence,
        "round_no": round_.round_no,
        **_unit(round_.department),
        "limit_kind": round_.limit_kind,
        "limit_kind_label": round_.get_limit_kind_display(),
        "opened_at": round_.opened_at,
        "signed_at": round_.signed_at,
        "due_on": round_.due_on,
        "effective_due_on": round_.effective_due_on,
        "provisional": round_.provisional,
        "extended": round_.extended,
        "measures": round_.measures,
        "goal": round_.goal,
        "plan_person": round_.plan_person,
        "plan_due_on": round_.plan_due_on,
        "plan_handed_in_at": round_.plan_handed_in_at,
        "planned_at": round_.planned_at,
        "passed_request_at": round_.passed_request_at,
        "cleared_at": round_.cleared_at,
        "sustained_at": round_.sustained_at,
        "ending": round_.ending,
        "ending_label": round_.get_ending_display(),
        "ended_at": round_.ended_at,
        "reason": round_.reason,
        "assignment_number": str(round_.assignment_form or ""),
        "notice_number": str(round_.notice_form or ""),
        "extension": _extension_row(getattr(round_, "extension", None)),
        "clearance_requests": [_request_row(one) for one in round_.clearance_requests.all()],
    }


def _extension_row(extension: IssueExtension | None) -> dict[str, Any] | None:
    if extension is None:
        return None
    return {
        "due_on": extension.due_on,
        "due_before": extension.due_before,
        "reason": extension.reason,
        "answer": extension.answer,
        "answer_label": extension.get_answer_display(),
        "asked_at": extension.asked_at,
        "confirmed_at": extension.confirmed_at,
        "answered_at": extension.answered_at,
        "answer_reason": extension.answer_reason,
    }


def _request_row(request: ClearanceRequest) -> dict[str, Any]:
    return {
        "number": str(request.form or ""),
        "note": request.note,
        **_named("asked_by", request.asked_by),
        "asked_at": request.asked_at,
        **_named("signed_by", request.signed_by),
        "signed_at": request.signed_at,
        "verify_due_on": request.verify_due_on,
        "result": request.result,
        "result_label": request.get_result_display(),
        "answered_at": request.answered_at,
        "reason": request.reason,
        "verifications": [verification_row(one) for one in request.verifications.all()],
    }


def verification_row(verification: Verification) -> dict[str, Any]:
    """Return one signature as the contract names it."""
    return {
        **_named("user", verification.user),
        **_unit(verification.department),
        "passed": verification.passed,
        "sustained": verification.sustained,
        "note": verification.note,
        "on_behalf_of": verification.on_behalf_of,
        "at": verification.at,
    }


def _look_back_row(look_back: LookBack) -> dict[str, Any]:
    return {
        "due_on": look_back.due_on,
        "done_on": look_back.done_on,
        "result": look_back.result,
        "result_label": look_back.get_result_display(),
        "note": look_back.note,
        **_named("by", look_back.done_by),
    }


def evidence_row(item: IssueEvidence) -> dict[str, Any]:
    """Return a piece of evidence as the contract names it; ``id`` is that of ``evidence/``."""
    evidence, file = item.evidence, item.evidence.attachment
    return {
        "id": evidence.pk,
        "title": evidence.title,
        "kind": evidence.kind,
        "kind_label": evidence.get_kind_display(),
        "phase": item.phase,
        "phase_label": item.get_phase_display(),
        "round": None if item.round is None else item.round.sequence,
        **_named("by", item.added_by),
        "at": item.added_at,
        "link": evidence.link,
        "url": None if file is None else reverse("evidence-file", args=[evidence.pk]),
        "sha256": None if file is None else file.sha256,
        "original_sha256": None if file is None else file.original_sha256,
        "captured_at": None if file is None else file.captured_at,
    }


def event_row(event: IssueEvent) -> dict[str, Any]:
    """Return one line of the timeline as the contract names it."""
    return {
        "kind": event.kind,
        "label": event.label,
        "text": event.text,
        "at": event.at,
        **_named("by", event.actor),
        "on_behalf_of": event.on_behalf_of,
        **_unit(event.department),
        "round": None if event.round is None else event.round.sequence,
    }


def _similar_row(case: SimilarCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "url": case.url,
        "ended_on": case.ended_on,
        "likeness": case.likeness,
    }


def _order_row(order: SupervisionOrder) -> dict[str, Any]:
    return {
        "id": order.pk,
        "number": order.number,
        "status": order.status,
        "status_label": order.get_status_display(),
        **_unit(order.department),
        "due_on": order.due_on,
        "issued_at": order.issued_at,
    }
