"""Expected, actual, actual on time (domain §4, DHIS2's names)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from indicators.models import Assignment, DispatchClass, Indicator
from indicators.selectors.completeness import completeness, completeness_by_day, percentage
from indicators.selectors.expectation import dispatch_times, expectations
from indicators.services import daily_reports as services
from tests.factories.dispatch import DAY, at, make_gas, report_at
from tests.factories.indicators import assign

MONDAY = date(2026, 11, 23)
FRIDAY_EVENING = at(date(2026, 11, 27), 18)


@pytest.fixture
def times(db):
    return dispatch_times()


def figures(times, start=DAY, end=DAY, cut_off=FRIDAY_EVENING, **scope):
    total = completeness(start, end, cut_off=cut_off, times=times, **scope).total
    return total.expected, total.actual, total.actual_on_time


@pytest.mark.parametrize(
    "submitted, approved, expected",
    [
        (at(DAY, 17, 30), at(DAY, 17, 30), (1, 1, 1)),
        (at(DAY, 17, 30), at(DAY, 20), (1, 1, 1)),  # nobody is late because somebody was in a meeting
        (at(DAY, 17, 30), at(date(2026, 11, 26), 11), (1, 1, 1)),
        (at(DAY, 17, 31), at(DAY, 17, 32), (1, 1, 0)),
        (at(DAY, 9), None, (1, 0, 0)),  # submitted, never 已报: missing
    ],
)
def test_the_submission_decides_on_time_and_the_approval_whether_it_came(
    times, gas, reporter, head, office, submitted, approved, expected
):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, now=submitted)
    if approved:
        services.approve_report(report, actor=head, now=approved)
    assert figures(times) == expected


def test_a_return_does_not_make_a_report_late_or_missing(times, gas, reporter, head, office):
    report = report_at("returned", gas, reporter=reporter, head=head, office=office)
    assert figures(times) == (1, 1, 1)
    services.resubmit_report(report, actor=head, now=at(date(2026, 11, 26), 9))
    assert figures(times) == (1, 1, 1)


def test_withdrawn_counts_as_not_reported_and_its_next_submission_decides(times, gas, reporter, head, office):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office)
    services.withdraw_report(report, actor=reporter, now=at(DAY, 12))
    assert figures(times) == (1, 0, 0)
    services.submit_report(report, actor=head, now=at(DAY, 18))
    assert figures(times) == (1, 1, 0)


def test_a_past_cut_off_sees_only_what_had_come_and_expects_no_later_day(times, gas, reporter):
    services.report_no_change(gas, day=DAY, actor=reporter, now=at(DAY, 15))
    assert figures(times, MONDAY, DAY, cut_off=at(DAY, 14)) == (3, 0, 0)
    assert figures(times, MONDAY, date(2026, 11, 30), cut_off=at(DAY, 15)) == (3, 1, 1)
    assert figures(times, MONDAY, DAY, cut_off=at(date(2026, 11, 22), 9)) == (0, 0, 0)


def test_a_report_on_a_day_that_was_not_expected_is_not_counted(times, gas, reporter):
    gas.applicable = False
    gas.save()
    services.report_no_change(gas, day=DAY, actor=reporter, now=at(DAY, 9))
    assert figures(times) == (0, 0, 0)


def test_each_day_counts_for_the_department_that_led_then(times, gas, department, other_department):
    gas.assignments.update(valid_to=date(2026, 11, 24))
    assign(gas, other_department, valid_from=DAY)
    result = completeness(MONDAY, DAY, cut_off=at(DAY, 18), times=times)
    assert [(row["code"], tally.expected) for row, tally in result.rows] == [("zjj", 2), ("czj", 1)]
    assert result.total.expected == 3
    assert figures(times, MONDAY, DAY, department_id=other_department.pk) == (1, 0, 0)


def test_rows_follow_the_official_order_and_the_total_comes_from_sums(
    times, gas, department, other_department, reporter
):
    make_gas(other_department, "A01", "开办企业")
    make_gas(department, "A03", "办理建筑许可")
    services.report_all_no_change(day=DAY, actor=reporter, now=at(DAY, 9))
    result = completeness(DAY, DAY, cut_off=at(DAY, 18), times=times)
    assert [(row["code"], tally.rate) for row, tally in result.rows] == [
        ("zjj", Decimal("100.00")),
        ("czj", Decimal("0.00")),
    ]
    assert result.total.rate == Decimal("66.67")


def test_by_day_adds_up_to_the_period(times, gas, reporter):
    services.report_no_change(gas, day=DAY, actor=reporter, now=at(DAY, 9))
    days = completeness_by_day(MONDAY, DAY, cut_off=at(DAY, 18), times=times)
    assert {day: tally.actual for day, tally in days.items()} == {
        MONDAY: 0,
        MONDAY + timedelta(days=1): 0,
        DAY: 1,
    }


@pytest.mark.parametrize(
    "numerator, denominator, expected",
    [(0, 0, None), (1, 3, "33.33"), (2, 3, "66.67"), (1, 8, "12.50"), (99999, 100000, "99.99"), (5, 5, "100.00")],
)
def test_rates_have_two_decimals_half_up_and_never_feign_completeness(numerator, denominator, expected):
    assert percentage(numerator, denominator) == (None if expected is None else Decimal(expected))


def test_wanted_is_what_class_and_lead_of_each_day_ask_for(times, gas, department, other_department, office_lead):
    """Monday and Tuesday the one unit, Wednesday nobody, from Thursday the other; weekly from that Friday on."""
    tuesday, thursday, friday = (MONDAY + timedelta(days=days) for days in (1, 3, 4))
    Assignment.objects.filter(indicator=gas).update(valid_to=tuesday)
    assign(gas, other_department, valid_from=thursday)
    weekly = {"frequency": Indicator.Frequency.WEEKLY, "decided_by": office_lead, "decided_at": at(DAY, 9)}
    DispatchClass.objects.create(indicator=gas, effective_from=friday, **weekly)
    wanted = expectations(MONDAY, friday + timedelta(days=7), times=times)
    assert wanted == [
        (gas.pk, MONDAY, department.pk),
        (gas.pk, tuesday, department.pk),
        (gas.pk, thursday, other_department.pk),
        (gas.pk, thursday + timedelta(days=7), other_department.pk),
    ]
