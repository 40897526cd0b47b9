"""The ladder of issues, the limit of verifiers, and look-backs whose day has come (domain §6, §7)."""

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, User
from core.dates import SHANGHAI
from core.dates.deadlines import END_OF_DAY
from core.ladder import RoundClock, Rung, rungs_reached
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from supervision.models import Issue, IssueEscalation, IssueEvent
from supervision.selectors.conditions import is_nearly_due
from supervision.selectors.escalation import is_short_limit
from supervision.services import verification
from supervision.services.escalation import remind_look_backs, remind_verifiers, scan_issues
from tests.factories.accounts import make_user
from tests.factories.due_issues import FOUND, again, ask_clearance, due_issue, give_after, pass_twice

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class People:
    """Who finds and verifies, and the department that leads."""

    inspector: User
    office_lead: User
    reporter: User
    head: User


@pytest.fixture
def cast(inspector, office_lead, reporter, head) -> People:
    return People(inspector, office_lead, reporter, head)


def issue_at(status: str, cast: People, **facts) -> Issue:
    return due_issue(status, inspector=cast.inspector, office_lead=cast.office_lead, head=cast.head, **facts)


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 12) -> datetime:
    """Return the moment of Xiping on a day of 2026."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


def rungs(issue) -> list[tuple[int, bool]]:
    return sorted(
        IssueEscalation.objects.unscoped("test").filter(issue=issue).values_list("rung", "passed"),
        key=lambda row: row[0],
    )


def alerts(user, kind="issue.alerts") -> list[str]:
    return list(Message.objects.visible_to(user).filter(kind=kind).order_by("id").values_list("title", flat=True))


def walk(start: datetime, end: datetime, act, reader, kind="issue.alerts") -> list[str]:
    """Let ``act`` run every ten minutes and return when ``reader`` was told, as 12-01 08:30."""
    told, moment = [], start
    while moment < end:
        before = len(alerts(reader, kind))
        act(now=moment)
        if len(alerts(reader, kind)) > before:
            told.append((moment + timedelta(hours=8)).strftime("%m-%d %H:%M"))
        moment += timedelta(minutes=10)
    return told


def test_a_weekend_with_a_working_saturday_is_walked_without_an_alert_twice(cast):
    """The State Council made Saturday 10 October 2026 a working day; the 1st to the 7th are rest."""
    found = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)
    issue = issue_at("rectifying", cast, now=found, due_on=date(2026, 10, 9))
    assert work_calendar().is_make_up(date(2026, 10, 10))

    told = walk(at(7, 8, month=10), at(16, month=10), scan_issues, cast.reporter)

    assert told == [
        "10-08 08:30",  # nearly due: it ends with the next working day
        "10-10 08:30",  # the working Saturday counts as a working day overdue
        "10-13 08:30",  # three working days: Saturday, Monday, Tuesday; Sunday is rest
        "10-15 08:30",
    ]
    assert rungs(issue) == [(0, False), (1, True), (2, False), (3, False), (4, False)]
    assert alerts(cast.reporter) == alerts(cast.head)
    assert alerts(cast.reporter) == [
        "问题催办：临期 1 件",
        "问题催办：升级提醒 1 件",
        "问题催办：建议督办 1 件",
        "问题催办：列入通报 1 件",
    ]
    assert alerts(cast.inspector) == alerts(cast.office_lead) == alerts(cast.reporter)[1:]


def test_a_limit_of_a_day_ends_with_its_day(cast):
    """Due on Friday, it is not overdue on Friday; on the rest day that follows nobody is told."""
    issue_at("rectifying", cast, due_on=date(2026, 12, 4))
    scan_issues(now=at(3))
    assert alerts(cast.head) == ["问题催办：临期 1 件"]
    assert walk(at(4, 8), at(8, 8), scan_issues, cast.head) == ["12-07 08:30"]


@pytest.mark.parametrize("moment", [at(1, 8, 29), at(1, 12), at(1, 13), at(1, 17, 30), at(5), at(6)])
def test_outside_office_hours_the_scan_waits(cast, moment):
    issue = issue_at("rectifying", cast)
    assert scan_issues(now=moment) == 0
    assert rungs(issue) == []
    assert scan_issues(now=at(7, 8, 30)) == 1


def test_twice_makes_nothing_twice(cast):
    issue_at("rectifying", cast)
    assert scan_issues(now=at(1)) == 1
    tallies = (Message.objects.unscoped("test").count(), AuditEvent.objects.count())
    assert scan_issues(now=at(1)) == 0
    assert scan_issues(now=at(1, 10, 10)) == 0
    assert (Message.objects.unscoped("test").count(), AuditEvent.objects.count()) == tallies
    assert IssueEvent.objects.unscoped("test").filter(kind="escalate").count() == 1


def test_an_issue_entered_late_is_told_of_once_and_its_lower_rungs_are_on_record(cast):
    issue = issue_at("assigned", cast, now=at(7), found_on=date(2026, 11, 1), due_on=date(2026, 11, 20))
    scan_issues(now=at(7, 11))
    assert rungs(issue) == [(1, True), (2, True), (3, True), (4, False)]
    assert alerts(cast.head) == ["问题催办：列入通报 1 件"]


def test_one_digest_a_department_and_one_for_those_who_keep_issues(cast, stranger):
    issues = [issue_at(status, cast) for status in ("assigned", "planning", "rectifying")]
    issue_at("rectifying", cast, due_on=date(2026, 12, 2))
    scan_issues(now=at(1))
    assert alerts(cast.reporter) == alerts(cast.head) == ["问题催办：临期 1 件、升级提醒 3 件"]
    assert alerts(cast.inspector) == ["问题催办：升级提醒 3 件"]
    assert alerts(stranger) == []
    message = Message.objects.visible_to(cast.reporter).get(kind="issue.alerts")
    assert all(issue.number in message.body for issue in issues)
    assert "收费" not in message.body
    assert message.url == "/issues/?view=overdue"


@pytest.mark.parametrize("status", ["draft", "registered", "verifying", "sustained", "cleared"])
def test_where_no_clock_runs_against_a_department_it_is_not_alerted(cast, status):
    issue_at(status, cast)
    assert scan_issues(now=at(7)) == 0


def test_short_limits_get_no_reminder_beforehand(cast):
    issue_at("rectifying", cast, now=at(27, month=11), due_on=date(2026, 11, 30))
    assert scan_issues(now=at(27, 11, month=11)) == 0
    longer = issue_at("rectifying", cast, now=at(26, month=11), due_on=date(2026, 11, 30))
    assert scan_issues(now=at(27, 11, month=11)) == 1
    assert rungs(longer) == [(0, False)]


def test_a_relapse_begins_the_ladder_again_and_the_second_one_proposes_supervision(cast):
    issue = issue_at("rectifying", cast)
    scan_issues(now=at(1))
    for again_no in (2, 3):
        ask_clearance(issue, cast.head, now=at(2))
        pass_twice(issue, cast.inspector, cast.office_lead, now=at(2))
        verification.relapse_issue(again(issue, cast.inspector), reason="又犯", actor=cast.inspector, now=at(2))
        assert again(issue, cast.inspector).round_in_hand.round_no == again_no
        scan_issues(now=at(2, 11))
    assert [rung for rung, _ in rungs(issue)] == [1, 2, 3]
    assert alerts(cast.head) == ["问题催办：升级提醒 1 件", "问题催办：建议督办 1 件"]


def test_the_scan_in_sql_agrees_with_the_rule_row_by_row(cast):
    """One issue for each day of three weeks, with limits from a day on."""
    today, calendar = date(2026, 12, 4), work_calendar()
    for days in range(-21, 6):
        for length in (0, 1, 4):
            due_on = today + timedelta(days=days)
            opened = datetime.combine(min(due_on, today) - timedelta(days=length), END_OF_DAY, SHANGHAI) - timedelta(
                hours=8
            )
            issue_at("assigned", cast, now=opened, due_on=due_on)
    now = at(4, 15)
    scan_issues(now=now)
    seen = set()
    for issue in Issue.objects.unscoped("test").select_related("current_round"):
        opened_on = issue.round_in_hand.opened_at.astimezone(SHANGHAI).date()
        clock = RoundClock(
            datetime.combine(issue.clock_due_on, END_OF_DAY, SHANGHAI),
            is_nearly_due=is_nearly_due(issue.clock_due_on, today, calendar),
            is_short=is_short_limit(opened_on, issue.clock_due_on, calendar),
        )
        expected = rungs_reached(clock, now=now, calendar=calendar)
        assert {rung for rung, _ in rungs(issue)} == expected, (issue, issue.clock_due_on, opened_on)
        seen |= expected
    assert seen == {Rung.NEARLY_DUE, Rung.OVERDUE, Rung.RAISED, Rung.SUPERVISION_PROPOSED, Rung.BULLETIN}


def test_the_number_of_queries_does_not_grow_with_the_rows(cast):
    def queries_of_a_scan() -> int:
        with CaptureQueriesContext(connection) as queries:
            scan_issues(now=at(1))
        return len(queries)

    scan_issues(now=at(1, 9))  # makes the ledger's row
    for _ in range(2):
        issue_at("rectifying", cast)
    few = queries_of_a_scan()
    for _ in range(20):
        issue_at("rectifying", cast)
    assert queries_of_a_scan() == few


class TestVerifiers:
    """Clearance asked on Monday 23 November is to be verified by Thursday the 26th."""

    def test_those_whose_name_still_counts_are_told_once_and_never_the_department(self, cast):
        issue = issue_at("verifying", cast)
        second = make_user("inspector2", "inspector")
        verification.verify_pass(issue, actor=cast.inspector, now=FOUND)
        told = walk(at(25, 8, month=11), at(2), remind_verifiers, second, "issue.verify_limit")
        assert told == ["11-27 08:30"]
        assert alerts(cast.office_lead, "issue.verify_limit") == ["验收超期：1 件问题已过验收时限"]
        assert alerts(cast.inspector, "issue.verify_limit") == []
        assert alerts(cast.head, "issue.verify_limit") == alerts(cast.reporter, "issue.verify_limit") == []

    def test_who_gave_evidence_or_is_of_the_department_is_not_asked(self, cast, department):
        issue = issue_at("rectifying", cast)
        own = make_user("inspector3", "inspector", department=department)
        give_after(issue, cast.inspector)
        ask_clearance(issue, cast.head, now=FOUND)
        assert remind_verifiers(now=at(27, month=11)) == 1
        assert alerts(cast.inspector, "issue.verify_limit") == alerts(own, "issue.verify_limit") == []
        assert alerts(cast.office_lead, "issue.verify_limit") == ["验收超期：1 件问题已过验收时限"]

    def test_a_failed_request_and_the_next_one_have_limits_of_their_own(self, cast):
        issue = issue_at("verifying", cast)
        assert remind_verifiers(now=at(27, month=11)) == 1
        verification.verify_fail(issue, reason="只改一处", actor=cast.inspector, now=at(27, month=11))
        assert remind_verifiers(now=at(4)) == 0
        ask_clearance(issue, cast.head, now=at(4))
        assert remind_verifiers(now=at(9)) == 0
        assert remind_verifiers(now=at(10)) == 1


class TestLookBacks:
    """Cleared on 23 November: to be looked back on 23 December and, after a weekend, on 22 February."""

    def test_one_message_a_day_in_office_hours_and_none_twice(self, cast):
        for _ in range(2):
            issue_at("cleared", cast)
        told = walk(at(22, 8), at(25, 8), remind_look_backs, cast.inspector, "issue.look_back_due")
        assert told == ["12-23 08:30"]
        assert alerts(cast.inspector, "issue.look_back_due") == ["12月23日 周三到期：回头看 2 件"]
        assert alerts(cast.office_lead, "issue.look_back_due") == []

    def test_days_without_a_scheduler_are_made_up_for(self, cast):
        issue_at("cleared", cast)
        issue_at("sustained", cast, now=FOUND + timedelta(days=1))
        assert remind_look_backs(now=datetime(2027, 2, 26, 2, 0, tzinfo=UTC)) == 2
        assert alerts(cast.inspector, "issue.look_back_due") == [
            "2026年12月23日 周三到期：回头看 1 件",
            "2月22日 周一到期：回头看 1 件、长期坚持复查 1 件",
        ]
        assert remind_look_backs(now=datetime(2027, 2, 26, 3, 0, tzinfo=UTC)) == 0

    def test_what_was_looked_at_before_its_day_is_no_reminder(self, cast):
        issue = issue_at("cleared", cast)
        verification.record_look_back(issue, result="held", actor=cast.inspector, now=at(20))
        assert remind_look_backs(now=at(23)) == 0
        assert alerts(cast.inspector, "issue.look_back_due") == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_scanners_at_once_tell_each_department_once(on_postgresql, cast):
    issue_at("cleared", cast, now=FOUND - timedelta(days=60))
    issue_at("verifying", cast)
    issues = [issue_at("rectifying", cast) for _ in range(5)]
    found = at_once(lambda: (scan_issues(now=at(1)), remind_verifiers(now=at(1)), remind_look_backs(now=at(1))))
    assert sorted(found) == [(0, 0, 0), (0, 0, 0), (0, 0, 0), (5, 1, 1)]
    assert alerts(cast.head) == ["问题催办：升级提醒 5 件"]
    assert len(alerts(cast.office_lead, "issue.verify_limit")) == 1
    assert len(alerts(cast.inspector, "issue.look_back_due")) == 1
    assert [rungs(issue) for issue in issues] == [[(1, True), (2, False)]] * 5


def at_once(act, *, times: int = 4) -> list:
    """Return what ``act`` gave to each of ``times`` threads that began together."""
    start, given = threading.Barrier(times), []

    def run():
        try:
            start.wait(timeout=10)
            given.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return given
