"""Drafting by the clock (domain §8): on time, caught up, off rest days, once, and not stopped by a failure."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import Message
from bulletins.models import Bulletin, ReportRun, ReportSchedule
from bulletins.rules.schedule import Rule, occasions
from bulletins.selectors.schedule import next_occasion
from bulletins.services import drafting, receipts, review, schedule
from core.dates import SHANGHAI, parse_period
from core.dates.periods import period_from_query
from core.selectors.calendar import work_calendar

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 2, 8, 0, tzinfo=SHANGHAI)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.fixture
def only_notices(db):
    """Set up the schedules on 2 November with the 通报 alone switched on."""
    schedule.install_schedules(now=BEGIN)
    ReportSchedule.objects.exclude(kind="notice").update(enabled=False)


@pytest.mark.parametrize(
    ("period", "planned"),
    [
        ("2026W44", "2026-11-02 08:30"),
        # 国庆: the Monday after the holiday week is a working day.
        ("2026W40", "2026-10-08 08:30"),
        ("2026W39", "2026-09-28 08:30"),
        # 春节 2026: 15 to 23 February are off.
        ("2026W07", "2026-02-24 08:30"),
        ("2026W08", "2026-02-24 08:30"),
    ],
)
def test_weekly_paper_is_planned_for_monday_or_the_next_working_day(period, planned):
    rule = Rule("notice", time(8, 30), weekday=1)
    found = occasions(rule, since=date(2026, 1, 5), until=date(2026, 12, 31), calendar=work_calendar())
    moments = {one.period.text: f"{one.planned_at:%Y-%m-%d %H:%M}" for one in found}
    assert moments[period] == planned


def test_nothing_is_drafted_before_its_time_and_one_paper_at_it(only_notices):
    assert schedule.draft_due(now=at(date(2026, 11, 2), 8, 29)) == []
    drafted = schedule.draft_due(now=at(date(2026, 11, 2), 8, 30))
    assert [one.number for one in drafted] == ["notice-2026W44"]
    assert schedule.draft_due(now=at(date(2026, 11, 2), 8, 40)) == []


def test_missed_weeks_are_drafted_oldest_first_and_never_before_the_beginning(only_notices):
    drafted = schedule.draft_due(now=at(date(2026, 11, 23), 9))
    assert [one.period for one in drafted] == ["2026W44", "2026W45", "2026W46", "2026W47"]
    assert all(one.cut_off.astimezone(SHANGHAI).weekday() == 0 for one in drafted)


def test_two_weeks_merged_by_hand_are_not_drafted_apart(only_notices, office):
    both = period_from_query(None, "2026-10-26", "2026-11-08")
    drafting.draft_bulletin("notice", both, actor=office, now=at(date(2026, 11, 9), 8))
    assert schedule.draft_due(now=at(date(2026, 11, 9), 9)) == []


def test_draft_made_by_hand_before_its_time_is_renewed_when_it_comes(only_notices, office):
    early = drafting.draft_bulletin("notice", parse_period("2026W44"), actor=office, now=at(date(2026, 10, 29), 9))[0]
    row = ReportSchedule.objects.get(kind="notice")
    coming = next_occasion(row, now=at(date(2026, 10, 30), 9), calendar=work_calendar())
    assert coming.period.text == "2026W44"
    assert [one.pk for one in schedule.draft_due(now=at(date(2026, 11, 2), 8, 30))] == [early.pk]
    early.refresh_from_db()
    assert early.cut_off.astimezone(SHANGHAI) == at(date(2026, 11, 2), 0)
    assert schedule.draft_due(now=at(date(2026, 11, 2), 8, 40)) == []


def test_weeks_merged_before_the_second_is_over_are_one_paper_with_the_numbers_of_both(only_notices, office):
    both = period_from_query(None, "2026-10-26", "2026-11-08")
    merged, _ = drafting.draft_bulletin("notice", both, actor=office, now=at(date(2026, 11, 2), 8))
    assert schedule.draft_due(now=at(date(2026, 11, 2), 9)) == []
    assert [one.pk for one in schedule.draft_due(now=at(date(2026, 11, 9), 9))] == [merged.pk]
    merged.refresh_from_db()
    assert merged.cut_off.astimezone(SHANGHAI) == at(date(2026, 11, 9), 0)
    assert Bulletin.objects.unscoped("test").count() == 1


def test_brief_of_the_day_made_in_the_morning_is_renewed_at_its_time(office):
    schedule.install_schedules(now=at(date(2026, 11, 20), 8))
    ReportSchedule.objects.exclude(kind="daily_brief").update(enabled=False)
    drafting.draft_bulletin("daily_brief", parse_period("20261120"), actor=office, now=at(date(2026, 11, 20), 10))
    assert len(schedule.draft_due(now=at(date(2026, 11, 20), 17, 46))) == 1
    assert schedule.draft_due(now=at(date(2026, 11, 20), 17, 56)) == []


def test_skipped_week_is_left_out(only_notices, office):
    row = ReportSchedule.objects.get(kind="notice")
    schedule.skip_period(row, parse_period("2026W44"), reason="国庆假期", actor=office, now=BEGIN)
    assert schedule.draft_due(now=at(date(2026, 11, 2), 9)) == []


def test_failure_is_on_record_and_stops_no_other(only_notices, monkeypatch):
    real = drafting.draft_bulletin

    def failing(kind, period, **given):
        if period.text == "2026W44":
            raise OSError("disk full")
        return real(kind, period, **given)

    monkeypatch.setattr("bulletins.services.schedule.draft_bulletin", failing)
    drafted = schedule.draft_due(now=at(date(2026, 11, 9), 9))
    assert [one.period for one in drafted] == ["2026W45"]
    run = ReportRun.objects.get(outcome="failed")
    assert (run.period, run.bulletin) == ("2026W44", None)
    monkeypatch.setattr("bulletins.services.schedule.draft_bulletin", real)
    assert schedule.draft_due(now=at(date(2026, 11, 9), 9, 10)) == []
    assert [one.period for one in schedule.draft_due(now=at(date(2026, 11, 9), 10, 1))] == ["2026W44"]


def test_daily_brief_is_made_up_for_a_few_days_only():
    schedule.install_schedules(now=BEGIN)
    ReportSchedule.objects.exclude(kind="daily_brief").update(enabled=False)
    drafted = schedule.draft_due(now=at(date(2026, 11, 20), 18))
    assert [one.period for one in drafted] == [f"202611{day}" for day in ("13", "16", "17", "18", "19", "20")]


def test_departments_are_reminded_once_after_two_working_days(
    office, office_lead, signer, reporter, head, stranger, only_notices
):
    now = at(date(2026, 11, 2), 9)
    bulletin = drafting.draft_bulletin("notice", parse_period("2026W44"), actor=office, now=now)[0]
    review.submit_bulletin(bulletin, actor=office, now=now)
    review.approve_bulletin(bulletin, actor=office_lead, now=now)
    review.sign_bulletin(bulletin, actor=signer, now=now)
    review.acknowledge_bulletin(bulletin, actor=head, now=now)
    assert receipts.remind_receipts(now=at(date(2026, 11, 4), 9)) == []
    assert receipts.remind_receipts(now=at(date(2026, 11, 7), 9)) == []
    assert receipts.remind_receipts(now=at(date(2026, 11, 9), 9)) == [bulletin]
    assert receipts.remind_receipts(now=at(date(2026, 11, 9), 9, 10)) == []
    told = Message.objects.unscoped("test").filter(kind="bulletin.receipt").values_list("user__username", flat=True)
    assert list(told) == ["czj_reporter"]


def test_run_now_drafts_the_newest_period_that_has_ended(only_notices, office):
    row = ReportSchedule.objects.get(kind="notice")
    bulletin = schedule.run_now(row, actor=office, now=at(date(2026, 11, 25), 15))
    assert bulletin.period == "2026W47"
    assert Bulletin.objects.unscoped("test").count() == 1
    again = schedule.run_now(row, actor=office, now=at(date(2026, 11, 25), 15) + timedelta(minutes=1))
    assert again.pk == bulletin.pk


def test_schedule_is_changed_by_the_office_only(only_notices, office, reporter):
    from core.exceptions import NotAllowed

    row = ReportSchedule.objects.get(kind="notice")
    schedule.change_schedule(row, actor=office, now=datetime(2026, 11, 2, tzinfo=UTC), weekday=2, at=time(9, 0))
    assert (row.weekday, row.at) == (2, time(9, 0))
    with pytest.raises(NotAllowed):
        schedule.change_schedule(row, actor=reporter, now=BEGIN, weekday=3)
