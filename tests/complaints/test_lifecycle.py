"""Rounds, extension, suspension, returns, duplicates, reopening and withdrawal through the services (domain §6)."""

from datetime import UTC, datetime

import pytest

from complaints.models import HandlingRound
from complaints.selectors.deadlines import is_nearly_due, is_overdue
from complaints.services import extensions, handling, intake, office, review
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.selectors.calendar import work_calendar
from tests.factories.complaints import DUE, RECEIVED, RESULT, again, complaint_at, later, make_complaint

pytestmark = pytest.mark.django_db


def rounds(row) -> list[tuple]:
    """Return sequence, round number, department and ending of each round."""
    return [(one.sequence, one.round_no, one.department.code, one.ending) for one in row.rounds.order_by("sequence")]


def day_end(month: int, day: int) -> datetime:
    """Return 23:59:59 of a day of 2026 in Xiping."""
    return datetime(2026, month, day, 15, 59, 59, tzinfo=UTC)


# --- Rounds ---------------------------------------------------------------------------------------


def test_dispatch_starts_sign_and_handling_limits(cast, helper_department):
    row = complaint_at("dispatched", cast, assisting=[helper_department])
    current = row.current_round
    assert current.sign_due_at == day_end(11, 24)
    assert current.due_at == current.effective_due_at == row.due_at == row.clock_due_at == DUE
    assert current.assisting.get().due_at == day_end(11, 27)


def test_dissatisfied_callback_opens_a_signed_round_with_the_full_limit(cast):
    row = complaint_at("callback", cast)
    review.record_callback(row, result="dissatisfied", note="没有通气", actor=cast.office, now=later(days=4))
    assert row.status == "handling"
    assert rounds(row) == [(1, 1, "zjj", "rehandled"), (2, 2, "zjj", "open")]
    second = row.current_round
    assert (second.signed_at, second.sign_due_at) == (later(days=4), None)
    assert second.effective_due_at == day_end(12, 4)
    assert row.rounds.get(sequence=1).satisfaction == "dissatisfied"


def test_satisfied_but_not_solved_opens_a_round_too(cast):
    row = complaint_at("callback", cast)
    review.record_callback(row, result="satisfied", solved="no", actor=cast.office, now=later(days=4))
    assert row.status == "handling"
    assert row.current_round.round_no == 2


@pytest.mark.parametrize(("solved", "kept"), [("", "yes"), ("partly", "partly")])
def test_satisfied_closes_and_keeps_what_the_complainant_says(solved, kept, cast):
    row = complaint_at("callback", cast)
    review.record_callback(row, result="basically_satisfied", solved=solved, actor=cast.office, now=later(days=1))
    assert (row.status, row.outcome, row.current_round.solved) == ("closed", "basically_satisfied", kept)


def test_nobody_answers_three_times(cast):
    row = complaint_at("callback", cast)
    for number, status in enumerate(("callback", "callback", "closed"), start=1):
        review.record_callback(row, result="unreachable", actor=cast.office, now=later(days=number))
        assert row.status == status
    assert (row.outcome, row.callbacks.count()) == ("unreachable", 3)


def test_unreasonable_is_the_reviewers_word_with_a_reason(cast):
    row = complaint_at("callback", cast)
    with pytest.raises(NotAllowed):
        review.record_callback(row, result="unreasonable", note="要求全额赔偿", actor=cast.office, now=later())
    with pytest.raises(InvalidInput):
        review.record_callback(row, result="unreasonable", actor=cast.office_lead, now=later())
    review.record_callback(row, result="unreasonable", note="要求全额赔偿", actor=cast.office_lead, now=later())
    assert (row.status, row.outcome) == ("closed", "unreasonable")


def test_anonymous_is_closed_without_a_callback(cast):
    row = complaint_at("office_review", cast, anonymous=True)
    review.pass_review(row, actor=cast.office, now=later(days=2))
    assert (row.status, row.outcome, row.closed_at) == ("closed", "no_callback", later(days=2))
    assert row.caller_phone_masked == ""


def test_submission_sent_back_no_longer_stands_and_the_due_date_stays(cast):
    row = complaint_at("office_review", cast)
    assert row.clock_due_at is None
    review.send_back_for_more(row, reason="请附照片", actor=cast.office, now=later(days=1))
    assert row.current_round.submitted_at is None
    assert row.clock_due_at == DUE


def test_reporters_submission_counts_from_the_heads_signature(cast):
    row = complaint_at("sign_off", cast)
    assert is_overdue(row.current_round, later(days=10))
    handling.sign_result(row, actor=cast.head, now=later(days=10))
    assert row.current_round.submitted_at == later(days=10)
    assert not is_overdue(row.current_round, later(days=11))


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_reopening_a_handled_complaint(state, cast):
    row = complaint_at(state, cast)
    review.reopen_complaint(row, reason="诉求人补充证据", actor=cast.office_lead, now=later(days=7))
    assert (row.status, row.closed_at, row.outcome) == ("handling", None, "")
    assert rounds(row)[-1] == (2, 2, "zjj", "open")


@pytest.mark.parametrize("state", ["refused", "merged", "transferred"])
def test_reopening_what_was_never_handled_waits_for_dispatch(state, cast):
    row = complaint_at(state, cast)
    review.reopen_complaint(row, reason="重新受理", actor=cast.office_lead, now=later(days=7))
    assert (row.status, row.duplicate_of, row.refusal_reason, row.transferred_to) == ("accepted", None, "", "")


# --- Returns, withdrawals, merging ----------------------------------------------------------------


def test_asking_to_return_counts_as_signing_and_the_clock_runs_on(cast):
    row = complaint_at("return_review", cast)
    assert row.current_round.signed_at == row.current_round.return_requested_at == RECEIVED
    office.refuse_return(row, reason="属于本单位职责", actor=cast.office, now=later(days=3))
    assert (row.status, row.due_at) == ("handling", DUE)


def test_third_dispatch_designates(cast):
    row = complaint_at("dispatched", cast)
    for number in (1, 2):
        handling.request_return(again(row, cast.reporter), reason="不属于职责", actor=cast.reporter, now=later(number))
        office.agree_return(again(row, cast.office), actor=cast.office, now=later(number))
        office.dispatch_complaint(
            again(row, cast.office), department=cast.department, actor=cast.office, now=later(number)
        )
    row = again(row, cast.reporter)
    with pytest.raises(RuleViolation, match="第三次派单"):
        handling.request_return(row, reason="不属于职责", actor=cast.reporter, now=later(4))
    assert [ending for *_, ending in rounds(row)] == ["return_approved", "return_approved", "open"]
    assert {number for _, number, *_ in rounds(row)} == {1}


def test_withdrawn_department_no_longer_sees_the_row(cast, other_department, stranger):
    row = complaint_at("handling", cast)
    office.withdraw_dispatch(row, reason="改由财政局办理", actor=cast.office_lead, now=later(1))
    assert (row.status, row.department, row.clock_due_at) == ("accepted", None, None)
    office.dispatch_complaint(row, department=other_department, actor=cast.office, now=later(1))
    assert type(row).objects.visible_to(stranger).exists()
    assert not type(row).objects.visible_to(cast.reporter).exists()
    assert rounds(row)[0] == (1, 1, "zjj", "reassigned")


def test_merging_ends_the_round(cast):
    row, kept = complaint_at("handling", cast), make_complaint(cast.office)
    office.mark_duplicate(row, duplicate_of=kept, actor=cast.office_lead, now=later(2))
    ended = HandlingRound.objects.visible_to(cast.office).get(complaint=row)
    assert (row.status, row.duplicate_of) == ("merged", kept)
    assert (ended.ending, ended.closed_at) == ("merged_duplicate", later(2))


def test_merging_into_itself_or_a_merged_one_is_refused(cast):
    row, merged = make_complaint(cast.office), complaint_at("merged", cast)
    for target in (row, merged):
        with pytest.raises(InvalidInput):
            office.mark_duplicate(row, duplicate_of=target, actor=cast.office, now=later())


def test_complainant_withdraws_an_open_complaint(cast):
    row = complaint_at("handling", cast)
    review.withdraw_by_complainant(row, reason="已自行解决", actor=cast.office_lead, now=later(1))
    assert (row.status, row.outcome, row.clock_due_at) == ("closed", "withdrawn", None)
    assert row.current_round.satisfaction == ""


# --- The accused department -----------------------------------------------------------------------


def test_accused_department_never_handles_its_own_case(cast, helper_department):
    row = complaint_at("accepted", cast, type="report", accused_department=cast.department)
    dispatch = {"department": cast.department, "now": later()}
    with pytest.raises(RuleViolation, match="被反映单位"):
        office.dispatch_complaint(row, actor=cast.office_lead, **dispatch)
    with pytest.raises(NotAllowed):
        office.dispatch_complaint(row, actor=cast.office, override_reason="别无他人", **dispatch)
    with pytest.raises(RuleViolation, match="被反映单位"):
        office.dispatch_complaint(
            row, department=helper_department, assisting=[cast.department], actor=cast.office, now=later()
        )
    office.dispatch_complaint(row, actor=cast.office_lead, override_reason="只有该单位有权限", **dispatch)
    assert row.current_round.override_reason == "只有该单位有权限"
    assert "只有该单位有权限" in row.events.filter(kind="dispatch").get().text


def test_business_complaint_is_graded_before_dispatch_and_refused_with_the_provinces_approval(cast):
    row = complaint_at("accepted", cast, regime="business")
    with pytest.raises(RuleViolation, match="定级"):
        office.dispatch_complaint(row, department=cast.department, actor=cast.office, now=later())
    intake.correct_complaint(row, grade="B", actor=cast.office, now=later())
    office.dispatch_complaint(row, department=cast.department, actor=cast.office, now=later())
    assert row.due_at == day_end(12, 14)
    refused = complaint_at("refusal_review", cast, regime="business")
    with pytest.raises(InvalidInput):
        office.agree_refusal(refused, actor=cast.office_lead, now=later())
    approval = {"number": "豫营商〔2026〕1号", "on": RECEIVED.date()}
    office.agree_refusal(refused, provincial_approval=approval, actor=cast.office_lead, now=later())
    assert refused.status == "refused"


# --- Extension and suspension ---------------------------------------------------------------------


def test_extension_counts_from_the_due_day_even_when_answered_late(cast):
    row = complaint_at("handling", cast)
    extensions.request_extension(row, workdays=3, reason="需专家鉴定", actor=cast.reporter, now=later(2))
    assert row.current_extension.answer == "unconfirmed"
    extensions.confirm_extension(row, actor=cast.head, now=later(2))
    extensions.agree_extension(row, actor=cast.office_lead, now=later(9))
    assert row.current_round.effective_due_at == row.due_at == row.clock_due_at == day_end(12, 3)
    assert row.current_round.due_at == DUE
    with pytest.raises(RuleViolation, match="每轮只能申请一次"):
        extensions.request_extension(row, workdays=1, reason="再延", actor=cast.reporter, now=later(9))


def test_heads_own_request_is_confirmed_and_a_refused_one_was_the_only_one(cast):
    row = complaint_at("handling", cast)
    extensions.request_extension(row, workdays=5, reason="需专家鉴定", actor=cast.head, now=later(2))
    assert row.current_extension.answer == "asked"
    extensions.refuse_extension(row, reason="时间充足", actor=cast.office_lead, now=later(3))
    assert row.due_at == DUE
    with pytest.raises(RuleViolation):
        extensions.request_extension(row, workdays=1, reason="再延", actor=cast.head, now=later(3))


@pytest.mark.parametrize("workdays", [0, 6, -1])
def test_extension_is_at_most_the_working_days_from_dispatch_to_due(workdays, cast):
    row = complaint_at("handling", cast)
    with pytest.raises(InvalidInput, match="1 到 5"):
        extensions.request_extension(row, workdays=workdays, reason="需要", actor=cast.reporter, now=later(1))


def test_extension_is_asked_before_the_due_time(cast):
    row = complaint_at("handling", cast)
    with pytest.raises(RuleViolation, match="到期前"):
        extensions.request_extension(row, workdays=1, reason="需要", actor=cast.reporter, now=later(8))


def test_suspension_stops_the_clock_and_moves_the_due_date(cast):
    row = complaint_at("handling", cast)
    handling.suspend_complaint(row, reason="等待法院裁定", actor=cast.office_lead, now=later(1))
    assert row.clock_due_at is None
    assert not is_overdue(row.current_round, later(30))
    assert not is_nearly_due(row.current_round, later(7), work_calendar())
    with pytest.raises(RuleViolation, match="中止"):
        handling.submit_result(row, actor=cast.reporter, now=later(2), **RESULT)
    handling.note_progress(row, note="仍在等待", actor=cast.reporter, now=later(2))
    office.remind_complaint(row, actor=cast.office, now=later(2))
    handling.resume_complaint(row, actor=cast.office_lead, now=later(4))
    assert row.due_at == row.clock_due_at == day_end(12, 3)
    assert row.current_round.was_suspended


def test_suspended_and_resumed_on_one_day_moves_nothing(cast):
    row = complaint_at("handling", cast)
    handling.suspend_complaint(row, reason="误操作", actor=cast.office_lead, now=later(1))
    handling.resume_complaint(row, actor=cast.office_lead, now=later(1, hours=2))
    assert row.due_at == DUE


# --- Imported due dates, corrections, the calendar -------------------------------------------------


def test_imported_due_date_wins_in_the_first_round_only(cast):
    imported = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    row = complaint_at("accepted", cast, channel="import", upstream_due_at=imported)
    office.dispatch_complaint(row, department=cast.department, actor=cast.office, now=later())
    assert row.due_at == imported
    assert row.current_round.due_imported
    intake.correct_complaint(row, type="report", actor=cast.office, now=later())
    assert row.due_at == imported
    office.withdraw_dispatch(row, reason="改派", actor=cast.office, now=later())
    office.dispatch_complaint(row, department=cast.department, actor=cast.office, now=later())
    assert row.due_at == day_end(12, 7)


def test_correction_keeps_the_days_an_extension_added(cast):
    row = complaint_at("handling", cast)
    extensions.request_extension(row, workdays=2, reason="需要", actor=cast.head, now=later(1))
    extensions.agree_extension(row, actor=cast.office_lead, now=later(1))
    intake.correct_complaint(row, type="report", actor=cast.office, now=later(1))
    assert row.current_round.due_at == day_end(12, 7)
    assert row.due_at == day_end(12, 9)


def test_correction_of_a_later_round_moves_nothing(cast):
    row = complaint_at("callback", cast)
    review.record_callback(row, result="dissatisfied", actor=cast.office, now=later(4))
    before = row.due_at
    intake.correct_complaint(row, type="report", actor=cast.office, now=later(4))
    assert row.due_at == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"received_at": later(1)}, "received_at"),
        ({"received_at": datetime(1999, 1, 1, tzinfo=UTC)}, "received_at"),
        ({"caller_phone": "12345"}, "caller_phone"),
        ({"grade": "A"}, "grade"),
    ],
)
def test_impossible_intake_is_refused(facts, field, cast):
    with pytest.raises(InvalidInput) as refusal:
        make_complaint(cast.office, **facts)
    assert refusal.value.errors[0]["field"] == field


def test_own_numbers_run_by_the_day_in_xiping(cast):
    evening = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)
    numbers = [make_complaint(cast.office, now=now).number for now in (RECEIVED, evening, after_midnight)]
    assert numbers == ["YS20261123-0001", "YS20261123-0002", "YS20261124-0001"]
