"""Complaints walked through their services to any state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from complaints.models import Complaint
from complaints.selectors.details import complaints_for
from complaints.services import handling, intake, office, review

#: Monday 23 November 2026, 10:00 in Xiping: 投诉 dispatched now is due on Monday the 30th.
RECEIVED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
PHONE = "13812345678"
NAME = "李某某"
RESULT = {"inner_report": "已派人核实", "public_reply": "已开通用气", "is_solved": True}


@dataclass(frozen=True)
class Cast:
    """Who acts: the office, its reviewer, and the department that leads."""

    office: Any
    office_lead: Any
    reporter: Any
    head: Any
    department: Any


def make_complaint(actor, *, now: datetime = RECEIVED, **facts) -> Complaint:
    """Register a complaint in 待受理: a 投诉 of a caller with name and phone unless told otherwise."""
    values = {
        "type": "complaint",
        "content": "燃气报装超过承诺时限，希望给个准日子",
        "title": "燃气报装超过承诺时限",
        "caller_name": NAME,
        "caller_phone": PHONE,
    }
    return again(intake.register_complaint(values | facts, actor=actor, now=now), actor)


def again(complaint: Complaint, user) -> Complaint:
    """Return the complaint as ``user``'s next request would fetch it."""
    return complaints_for(user).get(pk=complaint.pk)


def complaint_at(status: str, cast: Cast, *, now: datetime = RECEIVED, assisting=(), **facts) -> Complaint:
    """Return a complaint that has come to ``status`` through the services, all at ``now``."""
    row = make_complaint(cast.office, now=now, **facts)
    for step in WAYS[status]:
        step(row, cast, now, assisting)
    return again(row, cast.office_lead)


def _accept(row, cast, now, assisting):
    office.accept_complaint(row, actor=cast.office, now=now)


def _propose(row, cast, now, assisting):
    office.propose_refusal(row, reason="不属于受理范围", actor=cast.office, now=now)


def _refuse(row, cast, now, assisting):
    office.agree_refusal(row, actor=cast.office_lead, now=now)


def _transfer(row, cast, now, assisting):
    office.transfer_complaint(row, to="市公积金中心", reason="不属于本县", actor=cast.office_lead, now=now)


def _merge(row, cast, now, assisting):
    kept = make_complaint(cast.office, now=now)
    office.mark_duplicate(row, duplicate_of=kept, actor=cast.office, now=now)


def _dispatch(row, cast, now, assisting):
    office.dispatch_complaint(row, department=cast.department, assisting=assisting, actor=cast.office, now=now)


def _ask_return(row, cast, now, assisting):
    handling.request_return(row, reason="不属于本单位职责", actor=cast.reporter, now=now)


def _sign_for(row, cast, now, assisting):
    handling.sign_for_complaint(row, actor=cast.reporter, now=now)


def _submit(row, cast, now, assisting):
    handling.submit_result(row, actor=cast.reporter, now=now, **RESULT)


def _sign(row, cast, now, assisting):
    handling.sign_result(row, actor=cast.head, now=now)


def _pass(row, cast, now, assisting):
    review.pass_review(row, actor=cast.office, now=now)


def _satisfied(row, cast, now, assisting):
    review.record_callback(row, result="satisfied", actor=cast.office, now=now)


def _archive(row, cast, now, assisting):
    review.archive_complaint(row, actor=cast.office, now=now)


_TO_HANDLING = (_accept, _dispatch, _sign_for)
WAYS = {
    "received": (),
    "refusal_review": (_propose,),
    "refused": (_propose, _refuse),
    "transferred": (_transfer,),
    "merged": (_merge,),
    "accepted": (_accept,),
    "dispatched": (_accept, _dispatch),
    "return_review": (_accept, _dispatch, _ask_return),
    "handling": _TO_HANDLING,
    "sign_off": (*_TO_HANDLING, _submit),
    "office_review": (*_TO_HANDLING, _submit, _sign),
    "callback": (*_TO_HANDLING, _submit, _sign, _pass),
    "closed": (*_TO_HANDLING, _submit, _sign, _pass, _satisfied),
    "archived": (*_TO_HANDLING, _submit, _sign, _pass, _satisfied, _archive),
}


def later(days: int = 0, hours: int = 0) -> datetime:
    """Return ``RECEIVED`` plus that much."""
    return RECEIVED + timedelta(days=days, hours=hours)
