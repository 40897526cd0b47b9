"""When a report is wanted, late, missing, locked (domain §4). 2026-11-25 is a Wednesday."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exceptions import InvalidInput
from indicators.models import DispatchClass
from indicators.rules.report_dates import (
    DayState,
    check_report_date,
    closure_of,
    is_due_on,
    missed_in_a_row,
    state_of_day,
)
from indicators.selectors.expectation import dispatch_times, expectations
from tests.factories.dispatch import DAY, at
from tests.factories.indicators import assign, make_indicator

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
NATIONAL_DAY = date(2026, 10, 1)  # a Thursday of rest; work begins again on Thursday the 8th


@pytest.fixture
def times(db):
    return dispatch_times()


@pytest.mark.parametrize(
    "day, weekly, monthly",
    [
        (date(2026, 11, 25), False, True),
        (date(2026, 11, 26), True, False),
        (date(2026, 11, 27), False, False),
        (date(2026, 9, 28), False, True),  # the 25th to 27th of September are rest days (中秋)
        (date(2026, 10, 8), True, False),
        (date(2026, 9, 24), True, False),
        (NATIONAL_DAY, False, False),
        (date(2026, 10, 26), False, True),  # the 25th is a Sunday
        (date(2026, 10, 10), False, False),  # a Saturday that is worked
    ],
)
def test_weekly_and_monthly_ones_are_due_on_their_day_moved_off_rest_days(times, day, weekly, monthly):
    assert is_due_on(day, "weekly", times.calendar) is weekly
    assert is_due_on(day, "monthly", times.calendar) is monthly
    assert is_due_on(day, "daily", times.calendar) is times.calendar.is_workday(day)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2026, 1, 5), date(2026, 9, 1)))
def test_every_month_has_its_due_day_and_no_rest_day_is_ever_due(times, start):
    span = [start + timedelta(days=offset) for offset in range(120)]
    due = [day for day in span if is_due_on(day, "monthly", times.calendar)]
    assert 3 <= len(due) <= 5
    assert all(times.calendar.is_workday(day) for day in due)


@pytest.mark.parametrize(
    "now, report_day",
    [
        (at(DAY, 0, 1), DAY),
        (at(DAY, 23, 59), DAY),
        (at(date(2026, 11, 28), 9), FRIDAY),
        (at(date(2026, 10, 4), 9), date(2026, 9, 30)),
        (at(date(2026, 10, 10), 9), date(2026, 10, 10)),
    ],
)
def test_report_day_is_today_or_the_latest_working_day(times, now, report_day):
    assert times.report_day(now) == report_day


@pytest.mark.parametrize(
    "day, code",
    [
        (date(2026, 11, 26), "future_date"),
        (date(2026, 11, 22), "rest_day"),
        (NATIONAL_DAY, "rest_day"),
        (date(1999, 1, 4), "before_calendar"),
    ],
)
def test_no_report_is_taken_for_rest_days_and_days_to_come(times, day, code):
    with pytest.raises(InvalidInput) as caught:
        check_report_date(day, now=at(DAY, 9), times=times)
    assert caught.value.errors[0]["field"] == "date"
    assert caught.value.errors[0]["code"] == code


def closure(times, now, **openings):
    values = {"unlocked_until": None, "reopened_until": None}
    return closure_of(FRIDAY, now=now, times=times, **values | openings)


def test_a_date_locks_at_ten_on_the_next_working_day(times):
    assert not closure(times, at(date(2026, 11, 29), 12)).is_closed
    assert not closure(times, at(MONDAY, 9, 59)).is_closed
    locked = closure(times, at(MONDAY, 10))
    assert locked.is_closed
    assert locked.sentence.startswith("该日已锁定：11月27日的日报于11月30日 10:00 锁定")
    assert "解锁" in locked.sentence


@pytest.mark.parametrize("opening", ["unlocked_until", "reopened_until"])
def test_an_opening_holds_until_its_end_and_the_sentence_says_so(times, opening):
    until = at(MONDAY, 17, 30)
    opened = closure(times, at(MONDAY, 17, 29), **{opening: until})
    assert not opened.is_closed
    assert "11月30日 17:30" in opened.sentence
    shut = closure(times, until, **{opening: until})
    assert shut.is_closed
    assert "11月30日 17:30 为止" in shut.sentence


def test_an_early_end_of_an_unlock_does_not_close_a_date_before_its_lock(times):
    assert not closure(times, at(FRIDAY, 18), unlocked_until=at(FRIDAY, 17)).is_closed


@pytest.mark.parametrize(
    "status, submitted_at, expected, now, state",
    [
        (None, None, True, at(DAY, 17, 30), DayState.WAITING),
        (None, None, True, at(DAY, 17, 31), DayState.MISSING),
        (None, None, False, at(DAY, 18), DayState.NOT_EXPECTED),
        ("draft", None, True, at(DAY, 18), DayState.MISSING),
        ("submitted", None, True, at(DAY, 12), DayState.WAITING),
        ("submitted", None, True, at(DAY, 18), DayState.MISSING),
        ("reported", at(DAY, 17, 30), True, at(DAY, 18), DayState.REPORTED),
        ("reported", at(DAY, 17, 31), True, at(DAY, 18), DayState.LATE),
        ("accepted", at(DAY, 17, 31), True, at(DAY, 18), DayState.ACCEPTED),
        ("returned", at(DAY, 12), True, at(DAY, 18), DayState.RETURNED),
        ("submitted", at(DAY, 12), True, at(DAY, 18), DayState.RETURNED),  # a correction under approval
    ],
)
def test_state_of_a_day_follows_from_report_and_clock(times, status, submitted_at, expected, now, state):
    assert (
        state_of_day(DAY, status=status, first_submitted_at=submitted_at, is_expected=expected, now=now, times=times)
        is state
    )


@pytest.mark.parametrize(
    "states, count",
    [("未未", 2), ("未采", 0), ("采未待", 1), ("未 未待", 2), ("", 0)],
)
def test_missed_days_in_a_row_pass_over_what_was_not_expected(states, count):
    by_character = {
        "未": DayState.MISSING,
        "采": DayState.ACCEPTED,
        "待": DayState.WAITING,
        " ": DayState.NOT_EXPECTED,
    }
    assert missed_in_a_row(by_character[character] for character in states) == count


# --- expectations --------------------------------------------------------------------------------


def wanted(times, start, end):
    return [(one.date, one.department_id) for one in expectations(start, end, times=times)]


def test_daily_ones_are_expected_on_each_working_day_from_the_lead_of_that_day(
    times, gas, department, other_department
):
    gas.assignments.update(valid_to=date(2026, 11, 24))
    assign(gas, other_department, valid_from=DAY)
    assert wanted(times, date(2026, 11, 20), DAY) == [
        (date(2026, 11, 20), department.pk),
        (date(2026, 11, 23), department.pk),
        (date(2026, 11, 24), department.pk),
        (DAY, other_department.pk),
    ]


def test_inapplicable_and_leaderless_indicators_are_not_expected(times, gas, department):
    make_indicator("A09", name="登记财产")
    gas.applicable = False
    gas.save()
    assert wanted(times, DAY, DAY) == []


def test_the_class_in_force_on_the_day_decides_and_history_stays(times, gas):
    moment = at(DAY, 9)
    DispatchClass.objects.create(
        indicator=gas, frequency="weekly", effective_from=date(2026, 11, 24), decided_at=moment
    )
    days = [day for day, _ in wanted(times, date(2026, 11, 18), FRIDAY)]
    assert days == [date(2026, 11, day) for day in (18, 19, 20, 23, 26)]


def test_a_copied_set_is_expected_from_its_start_and_its_predecessor_before(times, gas, department):
    old = gas.indicator_set
    type(old).objects.filter(pk=old.pk).update(active=False, activates_on=date(2026, 1, 1))
    new = type(old).objects.create(year=2027, name="新体系", active=True, activates_on=DAY)
    successor = make_indicator("A08", indicator_set=new, name="获得用气")
    assign(successor, department)
    rows = expectations(date(2026, 11, 24), DAY, times=times)
    assert [one.indicator_id for one in rows] == [gas.pk, successor.pk]


def test_expectations_cost_the_same_queries_for_a_day_and_a_year(times, gas, django_assert_num_queries):
    for start in (DAY, date(2026, 1, 1)):
        with django_assert_num_queries(4):
            expectations(start, DAY, times=times)
