"""The ladder of alerts: each rung once per round, one digest a department, in office hours, nobody told twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from complaints.models import Complaint, ComplaintEvent, Escalation, HandlingRound
from complaints.selectors.deadlines import is_nearly_due, is_short_limit
from complaints.services import handling, review
from complaints.services.escalation import record_rung, scan_complaints
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.ladder import RoundClock, Rung, rungs_reached
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from tests.factories.complaints import DUE, NAME, PHONE, RESULT, again, complaint_at

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 12) -> datetime:
    """Return the moment of Xiping on a day of 2026."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


def rungs(complaint) -> list[tuple[int, bool]]:
    return sorted(Escalation.objects.unscoped("test").filter(complaint=complaint).values_list("rung", "passed"))


def alerts(user) -> list[str]:
    return list(
        Message.objects.visible_to(user).filter(kind="complaint.alerts").order_by("id").values_list("title", flat=True)
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (DUE, set()),
        (DUE + timedelta(seconds=1), {Rung.OVERDUE, Rung.RAISED}),  # one second on it is the day after
        (at(1), {Rung.OVERDUE, Rung.RAISED}),
        (at(2), {Rung.OVERDUE, Rung.RAISED}),
        (at(3), {Rung.OVERDUE, Rung.RAISED, Rung.SUPERVISION_PROPOSED}),
        (at(6), {Rung.OVERDUE, Rung.RAISED, Rung.SUPERVISION_PROPOSED}),  # Friday was the fourth working day
        (at(7), {Rung.OVERDUE, Rung.RAISED, Rung.SUPERVISION_PROPOSED, Rung.BULLETIN}),
    ],
)
def test_rungs_follow_the_working_days_since_the_due_day(now, expected):
    assert rungs_reached(RoundClock(DUE), now=now, calendar=work_calendar()) == expected


def test_overdue_within_the_day_is_only_the_first_rung():
    clock = RoundClock(at(1, 9))
    assert rungs_reached(clock, now=at(1, 11), calendar=work_calendar()) == {Rung.OVERDUE}


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (RoundClock(DUE, is_nearly_due=True), {Rung.NEARLY_DUE}),
        (RoundClock(DUE, is_nearly_due=True, is_short=True), set()),
        (RoundClock(None, is_nearly_due=True, round_no=3), set()),
        (RoundClock(DUE, round_no=2), set()),
        (RoundClock(DUE, round_no=3), {Rung.SUPERVISION_PROPOSED}),
        (RoundClock(DUE, sign_due_at=at(24, month=11)), {Rung.UNSIGNED}),
    ],
)
def test_rungs_that_do_not_follow_from_being_overdue(clock, expected):
    assert rungs_reached(clock, now=at(25, month=11), calendar=work_calendar()) == expected


def test_a_weekend_with_a_working_saturday_is_walked_without_an_alert_twice(cast):
    """Dispatched on 2 October's eve: the State Council made Saturday 10 October 2026 a working day."""
    dispatched = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
    complaint = complaint_at("handling", cast, now=dispatched, type="help")
    due = complaint.current_round.effective_due_at
    calendar = work_calendar()
    assert calendar.is_make_up(date(2026, 10, 10))
    assert due == datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC)

    told = []
    moment = datetime(2026, 10, 7, 0, 0, tzinfo=UTC)
    while moment < datetime(2026, 10, 16, 16, 0, tzinfo=UTC):
        before = len(alerts(cast.reporter))
        scan_complaints(now=moment)
        if len(alerts(cast.reporter)) > before:
            told.append((moment + timedelta(hours=8)).strftime("%m-%d %H:%M"))
        moment += timedelta(minutes=30)

    assert told == [
        "10-08 08:30",  # nearly due: it ends with the next working day
        "10-10 08:30",  # the working Saturday counts as a working day overdue
        "10-13 08:30",  # three working days: Saturday, Monday, Tuesday; Sunday is rest
        "10-15 08:30",
    ]
    assert [rung for rung, _ in rungs(complaint)] == [0, 1, 2, 3, 4]
    assert alerts(cast.reporter) == [
        "投诉催办：临期 1 件",
        "投诉催办：升级提醒 1 件",
        "投诉催办：建议督办 1 件",
        "投诉催办：列入通报 1 件",
    ]


@pytest.mark.parametrize("moment", [at(1, 8, 29), at(1, 12), at(1, 13), at(1, 17, 30), at(5), at(6)])
def test_outside_office_hours_the_scan_waits(cast, moment):
    complaint = complaint_at("handling", cast)
    assert scan_complaints(now=moment) == 0
    assert rungs(complaint) == []
    assert scan_complaints(now=at(7, 8, 30)) == 1


def test_twice_makes_nothing_twice(cast):
    complaint_at("handling", cast)
    assert scan_complaints(now=at(1)) == 1
    tallies = (Message.objects.unscoped("test").count(), AuditEvent.objects.count())
    assert scan_complaints(now=at(1)) == 0
    assert scan_complaints(now=at(1, 10, 10)) == 0
    assert (Message.objects.unscoped("test").count(), AuditEvent.objects.count()) == tallies
    assert ComplaintEvent.objects.unscoped("test").filter(kind="escalate").count() == 1


def test_a_scan_that_was_down_sends_the_rung_reached_and_records_those_below(cast):
    complaint = complaint_at("handling", cast)
    scan_complaints(now=at(7))
    assert rungs(complaint) == [(1, True), (2, True), (3, True), (4, False)]


def test_one_digest_a_department_however_many_complaints(cast, stranger):
    first, second = (complaint_at("handling", cast) for _ in range(2))
    unsigned = complaint_at("dispatched", cast, now=at(30, month=11))
    scan_complaints(now=at(2))
    assert alerts(cast.reporter) == alerts(cast.head) == ["投诉催办：签收已超 1 件、升级提醒 2 件"]
    assert alerts(cast.office) == ["投诉催办：升级提醒 2 件"]
    assert alerts(stranger) == []
    body = Message.objects.visible_to(cast.reporter).get(kind="complaint.alerts").body
    assert all(number in body for number in (first.number, second.number, unsigned.number))
    assert NAME not in body
    assert PHONE not in body
    assert "燃气" not in body


def test_unsigned_is_reminded_once_and_is_not_overdue(cast):
    complaint = complaint_at("dispatched", cast)
    scan_complaints(now=at(25, month=11))
    scan_complaints(now=at(26, month=11))
    assert rungs(complaint) == [(10, False)]
    assert alerts(cast.head) == ["投诉催办：签收已超 1 件"]


def test_short_limits_get_no_reminder_beforehand(cast):
    complaint = complaint_at("handling", cast, type="consult")
    assert is_short_limit(complaint.current_round)
    assert scan_complaints(now=at(24, month=11)) == 0
    assert rungs(complaint) == []


@pytest.mark.parametrize("status", ["office_review", "callback", "closed", "merged", "refused"])
def test_what_does_not_wait_for_a_department_is_not_alerted(cast, status):
    complaint_at(status, cast)
    scan_complaints(now=at(7))
    assert not Escalation.objects.unscoped("test").exists()


def test_suspended_and_irrelevant_complaints_are_left_alone(cast):
    suspended = complaint_at("handling", cast)
    handling.suspend_complaint(suspended, reason="等待鉴定", actor=cast.office_lead, now=at(24, month=11))
    complaint_at("handling", cast, relevance="no")
    assert scan_complaints(now=at(7)) == 0


def test_the_second_rehandling_proposes_supervision_before_anything_is_overdue(cast):
    complaint = complaint_at("callback", cast)
    for _ in range(2):
        review.record_callback(complaint, result="dissatisfied", actor=cast.office, now=at(24, month=11))
        complaint = again(complaint, cast.head)
        if complaint.current_round.round_no < 3:
            handling.submit_result(complaint, actor=cast.head, now=at(24, month=11), **RESULT)
            complaint = again(complaint, cast.office)
            review.pass_review(complaint, actor=cast.office, now=at(24, month=11))
            complaint = again(complaint, cast.office)
    assert complaint.current_round.round_no == 3
    scan_complaints(now=at(24, 15, month=11))
    assert rungs(complaint) == [(3, False)]


def test_a_new_round_begins_the_ladder_again(cast):
    complaint = complaint_at("handling", cast)
    scan_complaints(now=at(1))
    handling.submit_result(again(complaint, cast.head), actor=cast.head, now=at(1), **RESULT)
    review.pass_review(again(complaint, cast.office), actor=cast.office, now=at(1))
    review.record_callback(again(complaint, cast.office), result="dissatisfied", actor=cast.office, now=at(1))
    scan_complaints(now=at(9))
    assert [rung for rung, _ in rungs(complaint)] == [1, 1, 2, 2]


def test_the_scan_in_sql_agrees_with_the_rule_row_by_row(cast):
    """One complaint for each moment of a fortnight, limits of every length."""
    now = at(4, 15)
    for hours in range(0, 24 * 21, 17):
        kind = ["complaint", "help", "report", "consult"][hours % 4]
        complaint_at("handling", cast, now=now - timedelta(hours=hours), type=kind)
    scan_complaints(now=now)
    calendar = work_calendar()
    for complaint in Complaint.objects.unscoped("test").select_related("current_round"):
        round_ = complaint.current_round
        expected = rungs_reached(_clock(round_, now, calendar), now=now, calendar=calendar)
        assert {rung for rung, _ in rungs(complaint)} == expected, (complaint, round_.effective_due_at)


def _clock(round_: HandlingRound, now: datetime, calendar) -> RoundClock:
    return RoundClock(
        round_.effective_due_at,
        is_nearly_due=is_nearly_due(round_, now, calendar),
        is_short=is_short_limit(round_),
        round_no=round_.round_no,
        sign_due_at=None if round_.signed_at else round_.sign_due_at,
    )


def test_the_number_of_queries_does_not_grow_with_the_rows(cast):
    def queries_of_a_scan() -> int:
        with CaptureQueriesContext(connection) as queries:
            scan_complaints(now=at(1))
        return len(queries)

    scan_complaints(now=at(1, 9))  # makes the ledger's row
    for _ in range(2):
        complaint_at("handling", cast)
    few = queries_of_a_scan()
    for _ in range(20):
        complaint_at("handling", cast)
    assert queries_of_a_scan() == few


class TestRungsOfPersons:
    def test_a_summons_is_recorded_once_told_and_audited(self, cast):
        complaint = complaint_at("handling", cast)
        record_rung(complaint, rung=Rung.SUMMONS, note="约谈分管负责人", actor=cast.office_lead, now=at(8))
        row = Escalation.objects.unscoped("test").get()
        assert (row.rung, row.recorded_by, row.note) == (5, cast.office_lead, "约谈分管负责人")
        assert alerts(cast.head) == [f"{complaint.number} 约谈"]
        assert AuditEvent.objects.filter(action="complaints.complaint.record_rung").count() == 1
        with pytest.raises(RuleViolation):
            record_rung(complaint, rung=Rung.SUMMONS, note="再次约谈", actor=cast.office_lead, now=at(9))

    def test_only_the_reviewer_and_only_what_a_person_records(self, cast):
        complaint = complaint_at("handling", cast)
        with pytest.raises(NotAllowed):
            record_rung(complaint, rung=Rung.SUMMONS, note="约谈", actor=cast.office, now=at(8))
        with pytest.raises(InvalidInput):
            record_rung(complaint, rung=Rung.BULLETIN, note="通报", actor=cast.office_lead, now=at(8))
        with pytest.raises(InvalidInput):
            record_rung(complaint, rung=Rung.SUMMONS, note=" ", actor=cast.office_lead, now=at(8))

    def test_nobody_to_summon_without_a_department(self, cast):
        complaint = complaint_at("accepted", cast)
        with pytest.raises(RuleViolation):
            record_rung(complaint, rung=Rung.SUMMONS, note="约谈", actor=cast.office_lead, now=at(8))

    def test_the_page_refuses_before_it_shows_and_keeps_what_was_typed(self, cast, client_for):
        complaint = complaint_at("handling", cast)
        address = f"/complaints/{complaint.number}/escalations/"
        assert client_for(cast.office).get(address).status_code == 403
        browser = client_for(cast.office_lead)
        assert browser.get(address).status_code == 200
        answer = browser.post(address, {"rung": "", "note": "约谈分管负责人"})
        assert answer.status_code == 422
        assert "请选择事项" in answer.text
        assert "约谈分管负责人" in answer.text
        answer = browser.post(address, {"rung": "6", "note": "建议问责"})
        assert answer.status_code == 302
        assert "问责建议" in browser.get(complaint.get_absolute_url()).text
