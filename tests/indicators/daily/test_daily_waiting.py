"""What waits for a department and for the office, and where asks go (domain §4)."""

from datetime import date, timedelta

import pytest

from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.panels import counts_for, to_dos_for
from core.settings_registry import change_setting
from indicators.models import Coordination, CoordinationItem
from indicators.selectors.expectation import dispatch_times, judge_closure
from indicators.selectors.own_day import evidence_owed, open_days, own_day, stale_values
from indicators.services import daily_reports as services
from overview.navigation import ITEMS
from tests.factories.dispatch import DAY, MORNING, at, draft, messages_of, report_at, value
from tests.factories.indicators import make_evidence

NEXT_DAY = date(2026, 11, 26)


# --- what waits for a department -------------------------------------------------------------------


def test_own_day_shows_what_was_expected_and_what_one_may_do(gas, department, reporter):
    times = dispatch_times()
    card = own_day(reporter, DAY, now=MORNING, times=times)[0]
    assert card.may_report_no_change
    assert card.leaf_count == 2
    services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING)
    card = own_day(reporter, DAY, now=MORNING, times=times)[0]
    assert card.is_done
    assert card.actions == ("withdraw",)
    card = own_day(reporter, DAY, now=at(NEXT_DAY, 10), times=times)[0]
    assert card.actions == ()


def test_earlier_days_still_open_are_offered_as_make_up(gas, reporter, office):
    times = dispatch_times()
    assert [row.date for row in open_days(reporter, now=at(NEXT_DAY, 9), times=times)] == [DAY]
    assert open_days(reporter, now=at(NEXT_DAY, 10), times=times) == []
    long_ago = date(2026, 11, 3)
    services.unlock_date(gas, day=long_ago, reason="补报", until=at(NEXT_DAY, 15), actor=office, now=at(NEXT_DAY, 9))
    rows = open_days(reporter, now=at(NEXT_DAY, 11), times=times)
    assert [(row.date, row.until) for row in rows] == [(long_ago, at(NEXT_DAY, 15))]
    services.report_no_change(gas, day=long_ago, actor=reporter, now=at(NEXT_DAY, 11))
    assert open_days(reporter, now=at(NEXT_DAY, 11), times=times) == []


def test_a_value_of_thirty_one_days_is_to_be_checked_and_one_tap_confirms_it(gas, reporter, stranger, time_leaf):
    now = at(date(2026, 12, 21), 9)
    assert [row.code for row in stale_values(reporter, now=now)] == ["A08.1"]
    assert stale_values(reporter, now=now - timedelta(days=1)) == []
    with pytest.raises(NotAllowed):
        services.confirm_value(time_leaf, actor=stranger, now=now)
    confirmed = services.confirm_value(time_leaf, actor=reporter, now=now)
    assert (confirmed.value, confirmed.as_of, confirmed.standing) == (6, date(2026, 12, 21), "accepted")
    assert stale_values(reporter, now=now) == []


def test_nothing_is_confirmed_while_a_new_value_is_under_review(gas, reporter, head, office, time_leaf):
    report_at("reported", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    with pytest.raises(RuleViolation):
        services.confirm_value(time_leaf, actor=reporter, now=MORNING)


def test_promised_evidence_is_listed_until_it_comes(gas, reporter, head, office, time_leaf):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    times = dispatch_times()
    owed = evidence_owed(office, now=at(date(2026, 11, 30), 9), times=times)
    assert [(row.report_id, row.due_on, row.is_overdue) for row in owed] == [(report.pk, date(2026, 11, 27), True)]
    services.attach_evidence(report, evidence=[make_evidence(reporter).pk], actor=reporter, now=at(DAY, 12))
    assert evidence_owed(office, now=MORNING, times=times) == []


def test_settings_move_cut_off_and_lock(gas, reporter, sysadmin):
    change_setting("daily.lock_at", "09:00", actor=sysadmin, now=MORNING)
    report = judge_closure(draft(gas, reporter), now=at(NEXT_DAY, 9))
    assert report.closure.is_closed


# --- coordination ----------------------------------------------------------------------------------


def test_an_ask_becomes_an_item_of_the_office_and_follows_its_report(gas, reporter, head, office):
    report = report_at(
        "reported",
        gas,
        reporter=reporter,
        head=head,
        office=office,
        difficulty="道路开挖手续未并联",
        coordination="county_leader",
    )
    item = CoordinationItem.objects.unscoped("test").get(report=report)
    assert (item.status, item.text, item.coordination) == ("open", "道路开挖手续未并联", "county_leader")
    assert "coordination.open" in messages_of(office)
    services.withdraw_report(report, actor=reporter, now=MORNING)
    item.refresh_from_db()
    assert item.status == "closed"
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, difficulty="道路开挖")
    report.refresh_from_db()
    services.submit_report(report, actor=head, now=MORNING)
    item.refresh_from_db()
    assert (item.status, item.text) == ("open", "道路开挖")


def test_an_ask_without_a_difficulty_is_refused(gas, reporter):
    report = draft(gas, reporter, progress="走访", coordination="office")
    with pytest.raises(InvalidInput) as caught:
        services.submit_report(report, actor=reporter, now=MORNING)
    assert caught.value.errors[0]["field"] == "difficulty"


def test_a_draft_changes_nobodys_to_dos_and_numbers(gas, reporter, head, office, office_lead, leader):
    """These are kept while nothing but drafts is written (``core.kept``)."""
    people = reporter, head, office, office_lead, leader

    def waiting():
        return [(to_dos_for(person, MORNING), counts_for(person, MORNING, ITEMS)) for person in people]

    before = waiting()
    assert before[0][1]["daily_reports"] == 1
    content = {"progress": "已走访 3 户企业", "difficulty": "缺经费", "coordination": Coordination.COUNTY_LEADER}
    report = draft(gas, reporter, values=value("5", evidence_later=True), **content)
    assert waiting() == before
    report = services.submit_report(report, actor=head, now=MORNING)
    services.return_report(report, reason="缺佐证", actor=office, now=MORNING)
    returned = waiting()
    assert returned != before
    draft(gas, reporter, values=value("6", evidence_later=True), **content)
    assert waiting() == returned
