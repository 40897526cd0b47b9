"""The deadline arithmetic against the oracle, tables and properties (domain §5)."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    SHANGHAI,
    DayKind,
    KnownDay,
    Mark,
    OfficeDay,
    Unit,
    WorkCalendar,
    chain_summary,
    day_chain,
    day_name,
    due_date,
    overdue_workdays,
    parse_period,
    period_from_query,
    remaining_text,
)
from core.exceptions import InvalidInput
from core.services.calendar import published_by_package

CALENDAR = WorkCalendar(days=published_by_package())
CASES = (Path(__file__).parent.parent / "data" / "due_dates.csv").read_text(encoding="utf-8")
ORACLE = list(csv.DictReader(CASES.splitlines()))
DAYS = st.dates(date(2005, 1, 1), date(2028, 12, 31))
MOMENTS = st.tuples(DAYS, st.times()).map(lambda pair: datetime.combine(*pair, SHANGHAI))
AMOUNTS = st.integers(1, 60)


def at(text: str) -> datetime:
    """Return the moment written as ``2026-11-23 10:00`` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("case", ORACLE, ids=lambda case: f"{case['start'][:16]}+{case['amount']}{case['unit']}")
def test_due_date_agrees_with_the_oracle(case):
    due = due_date(CALENDAR, datetime.fromisoformat(case["start"]), int(case["amount"]), case["unit"])
    expected = due.due_at.isoformat() if "T" in case["expected_due"] else due.due_on.isoformat()
    assert (expected, due.provisional) == (case["expected_due"], case["provisional"] == "1")


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-23 10:00", 24, "2026-11-24 10:00"),
        ("2026-11-20 10:00", 24, "2026-11-23 10:00"),  # ends on a Saturday
        ("2026-10-09 10:00", 24, "2026-10-10 10:00"),  # a make-up Saturday stays
        ("2026-11-23 10:00:05", 1, "2026-11-23 11:00:05"),
        ("2026-11-21 10:00", 2, "2026-11-23 12:00"),  # begins and ends on a rest day
    ],
)
def test_natural_hours_run_on_and_move_off_rest_days(start, amount, due):
    assert due_date(CALENDAR, at(start), amount, "natural_hour").due_at == at(due)


def test_steps_explain_a_workday_limit_day_by_day():
    steps = due_date(CALENDAR, at("2026-09-30 10:00"), 5, "workday").steps
    assert [(f"{step.date:%m-%d}", step.counted, step.reason) for step in steps] == [
        ("09-30", False, "起算日不计"),
        *[(f"10-0{day}", False, "国庆节，不计") for day in range(1, 8)],
        ("10-08", True, "第1日"),
        ("10-09", True, "第2日"),
        ("10-10", True, "第3日（调休上班）"),
        ("10-11", False, "周日，不计"),
        ("10-12", True, "第4日"),
        ("10-13", True, "第5日"),
    ]
    assert [steps[0].mark, steps[1].mark, steps[10].mark, steps[-1].mark] == [
        Mark.START,
        Mark.REST,
        Mark.MAKE_UP,
        Mark.DUE,
    ]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "tail"),
    [
        ("2026-09-23 10:00", 3, "natural_day", ["第3日，中秋节，顺延", "中秋节，顺延", "顺延至此"]),
        ("2026-11-19 10:00", 2, "natural_day", ["第2日，周六，顺延", "周日，顺延", "顺延至此"]),
        ("2026-10-05 10:00", 5, "natural_day", ["第5日（调休上班，不顺延）"]),
        ("2026-03-31 10:00", 1, "natural_month", ["满1个月，当月无对应日，取月末"]),
        ("2026-11-20 17:00", 2, "work_hour", ["计30分", "周六，不计", "周日，不计", "计1小时30分"]),
        ("2026-11-23 18:00", 1, "work_hour", ["已过办公时间，不计", "计1小时"]),
    ],
)
def test_steps_name_why_the_end_moved(start, amount, unit, tail):
    reasons = [step.reason for step in due_date(CALENDAR, at(start), amount, unit).steps]
    assert reasons[-len(tail) :] == tail


@pytest.mark.parametrize("unit", ["workday", "natural_day", "natural_month"])
def test_limits_in_days_end_at_the_last_second_of_the_day(unit):
    due = due_date(CALENDAR, at("2026-11-23 10:00"), 1, unit)
    assert due.due_at == datetime.combine(due.due_on, time(23, 59, 59), SHANGHAI)


def test_start_is_taken_in_shanghai_whatever_its_zone():
    assert due_date(CALENDAR, datetime.fromisoformat("2026-11-22T16:30:00Z"), 1, "workday").due_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "field"),
    [
        (at("2026-11-23").replace(tzinfo=None), 1, "workday", "start"),
        (at("2003-12-31 10:00"), 1, "workday", "start"),
        (at("2026-11-23 10:00"), 0, "workday", "amount"),
        (at("2026-11-23 10:00"), -1, "natural_day", "amount"),
        (at("2026-11-23 10:00"), 1.5, "workday", "amount"),
        (at("2026-11-23 10:00"), True, "workday", "amount"),
        (at("2026-11-23 10:00"), 10**6, "natural_month", "amount"),
        (at("2026-11-23 10:00"), 1, "fortnight", "unit"),
        (at("2199-11-23 10:00"), 2000, "workday", "start"),
    ],
)
def test_due_date_refuses_what_it_cannot_count(start, amount, unit, field):
    with pytest.raises(InvalidInput) as refused:
        due_date(CALENDAR, start, amount, unit)
    assert [error["field"] for error in refused.value.errors] == [field]


def test_empty_calendar_is_an_error_not_a_guess():
    with pytest.raises(InvalidInput, match="尚未载入"):
        WorkCalendar(days={}).is_workday(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("day", "works", "name"),
    [
        (date(2026, 11, 23), True, "工作日"),
        (date(2026, 11, 21), False, "周六"),
        (date(2026, 10, 10), True, "调休上班"),
        (date(2026, 10, 1), False, "国庆节"),
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 10, 1), True, "工作日"),  # not published: a Friday is a Friday
        (date(2020, 1, 31), False, "春节"),  # the extended Spring Festival
    ],
)
def test_days_are_worked_and_named(day, works, name):
    assert (CALENDAR.is_workday(day), CALENDAR.name_of(day)) == (works, name)


def test_report_day_helpers_step_over_the_holiday():
    rest = date(2026, 10, 3)
    assert CALENDAR.workday_on_or_before(rest) == CALENDAR.previous_workday(rest) == date(2026, 9, 30)
    assert CALENDAR.workday_on_or_after(rest) == CALENDAR.next_workday(rest) == date(2026, 10, 8)
    work = date(2026, 10, 8)
    assert CALENDAR.workday_on_or_before(work) == CALENDAR.workday_on_or_after(work) == work
    assert CALENDAR.workdays(date(2026, 10, 1), date(2026, 10, 10)) == [work, date(2026, 10, 9), date(2026, 10, 10)]


def test_previous_workday_before_the_first_year_is_an_error():
    with pytest.raises(InvalidInput, match="自2004年起"):
        CALENDAR.previous_workday(date(2004, 1, 1))


def test_gap_year_is_presumed_between_published_ones():
    calendar = CALENDAR.with_year(2028, {date(2028, 1, 3): KnownDay(DayKind.REST, "元旦")})
    assert calendar.is_presumed(date(2027, 6, 1))
    assert not calendar.is_presumed(date(2028, 1, 3))
    assert not calendar.is_workday(date(2028, 1, 3))
    assert CALENDAR.is_workday(date(2028, 1, 3))


def test_office_hours_are_those_of_the_day():
    summer = OfficeDay(date(2026, 6, 1), time(8), time(12), time(15), time(18))
    calendar = WorkCalendar(days=CALENDAR.days, office_days=(OfficeDay(), summer))
    assert due_date(calendar, at("2026-05-29 17:00"), 1, "work_hour").due_at == at("2026-06-01 08:30")
    assert due_date(CALENDAR, at("2026-05-29 17:00"), 1, "work_hour").due_at == at("2026-06-01 09:00")


@given(day=DAYS, amount=AMOUNTS)
def test_adding_and_counting_workdays_are_inverse(day, amount):
    due = CALENDAR.add_workdays(day, amount)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.workdays_between(day, due) == amount
    assert CALENDAR.add_workdays(due, -amount) == CALENDAR.workday_on_or_before(day)


@given(first=DAYS, second=DAYS)
def test_counting_workdays_agrees_with_walking_them(first, second):
    start, end = sorted([first, min(second, first + timedelta(days=400))])
    walked = len([day for day in CALENDAR.workdays(start, end) if day != start])
    assert CALENDAR.workdays_between(start, end) == walked == -CALENDAR.workdays_between(end, start)


@given(start=MOMENTS, amount=AMOUNTS, unit=st.sampled_from(list(Unit)))
def test_every_due_day_is_a_workday_and_every_day_to_it_is_explained(start, amount, unit):
    due = due_date(CALENDAR, start, amount, unit)
    assert CALENDAR.is_workday(due.due_on)
    assert due.due_at > start
    days = [step.date for step in due.steps]
    assert days == [start.date() + timedelta(days=offset) for offset in range(len(days))]
    assert days[-1] == due.due_on
    assert due.provisional == (due.due_on.year > 2026 or start.year > 2026)
    assert all(step.reason for step in due.steps)
    assert due.steps[-1].counted


# Natural hours are left out: an end on a rest day keeps its clock time, so Saturday evening outlasts Monday morning.
STEADY_UNITS = st.sampled_from([unit for unit in Unit if unit is not Unit.NATURAL_HOUR])


@given(start=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=30)), amount=AMOUNTS, unit=STEADY_UNITS)
def test_due_date_never_falls_when_start_or_amount_rises(start, later, amount, unit):
    due = due_date(CALENDAR, start, amount, unit).due_at
    assert due <= due_date(CALENDAR, start, amount + 1, unit).due_at
    assert due <= due_date(CALENDAR, start + later, amount, unit).due_at


@given(start=MOMENTS, amount=AMOUNTS)
def test_workday_limit_agrees_with_the_bisecting_arithmetic(start, amount):
    assert due_date(CALENDAR, start, amount, "workday").due_on == CALENDAR.add_workdays(start.date(), amount)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("20261123", "day", date(2026, 11, 23), date(2026, 11, 23)),
        ("2026W48", "week", date(2026, 11, 23), date(2026, 11, 29)),
        ("2026W01", "week", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026W53", "week", date(2026, 12, 28), date(2027, 1, 3)),
        ("202602", "month", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026Q4", "quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_become_whole_days(text, kind, start, end):
    period = parse_period(text)
    assert (period.kind, period.start, period.end, period.text) == (kind, start, end, text)
    assert start in period
    assert end in period
    assert end + timedelta(days=1) not in period
    assert period.starts_at.isoformat() == f"{start}T00:00:00+08:00"
    assert period.ends_before.isoformat() == f"{end + timedelta(days=1)}T00:00:00+08:00"


@pytest.mark.parametrize(
    "text", ["", "26", "2026W54", "2025W53", "202613", "20260230", "2026Q5", "1999", "2026-11", "２０２６", "abcd"]
)
def test_strange_periods_are_refused(text):
    with pytest.raises(InvalidInput):
        parse_period(text)


def test_period_from_query_takes_one_form_only():
    assert period_from_query() is None
    assert period_from_query("2026W48") == parse_period("2026W48")
    span = period_from_query(start="2026-10-05", end="2026-10-11")
    assert (span.kind, span.start, span.end) == ("range", date(2026, 10, 5), date(2026, 10, 11))


@pytest.mark.parametrize(
    ("period", "start", "end", "field"),
    [
        ("2026", "2026-01-01", None, "period"),
        (None, "2026-01-01", None, "to"),
        (None, None, "2026-01-01", "from"),
        (None, "2026-13-01", "2026-12-01", "from"),
        (None, "2026-12-02", "2026-12-01", "to"),
        (None, "1026-12-02", "2026-12-01", "from"),
    ],
)
def test_period_from_query_names_the_wrong_parameter(period, start, end, field):
    with pytest.raises(InvalidInput) as refused:
        period_from_query(period, start, end)
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    ("due", "now", "text"),
    [
        ("2026-11-25 23:59:59", "2026-11-23 10:00", "还剩 2 个工作日"),
        ("2026-11-24 23:59:59", "2026-11-23 10:00", "明日到期"),
        ("2026-11-23 23:59:59", "2026-11-23 10:00", "今日到期"),
        ("2026-11-23 16:20", "2026-11-23 10:00", "还剩 6 小时 20 分"),
        ("2026-11-23 10:00:30", "2026-11-23 10:00", "还剩 1 分"),
        ("2026-11-20 23:59:59", "2026-11-24 10:00", "已超 2 个工作日"),
        ("2026-11-20 23:59:59", "2026-11-21 10:00", "已超，不足 1 个工作日"),
        ("2026-11-23 10:00", "2026-11-23 13:00", "已超 3 小时"),
        ("2026-11-22 12:00", "2026-11-20 13:00", "11月22日到期"),  # imported due date on a Sunday
    ],
)
def test_remaining_text_says_it_in_working_days(due, now, text):
    assert remaining_text(CALENDAR, at(due), at(now)) == text


def test_overdue_workdays_is_zero_until_the_moment_has_passed():
    due = at("2026-11-20 23:59:59")
    assert [overdue_workdays(CALENDAR, due, at(now)) for now in ("2026-11-20 23:59:59", "2026-11-23 00:00")] == [0, 1]


def test_day_name_adds_the_year_only_when_it_is_another():
    assert day_name(date(2026, 10, 12), date(2026, 1, 1)) == "10月12日 周一"
    assert day_name(date(2025, 10, 12), date(2026, 1, 1)) == "2025年10月12日 周日"


def test_day_chain_draws_every_step():
    due = due_date(CALENDAR, at("2026-09-30 10:00"), 5, "workday")
    cells = day_chain(CALENDAR, due, today=date(2026, 10, 12))
    drawn = [(cell.weekday, cell.word, cell.note, cell.kind) for cell in cells]
    assert drawn[0] == ("周三", "不计", "起算", "start")
    assert drawn[1] == ("周四", "不计", "国庆节", "rest")
    assert drawn[8] == ("周四", "第1日", "上班", "")
    assert drawn[10] == ("周六", "第3日", "调休班", "adj")
    assert drawn[12] == ("周一", "第4日", "今天", "today")
    assert drawn[13] == ("周二", "第5日", "到期", "due")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "words"),
    [
        ("2026-11-19 10:00", 2, "natural_day", ["第2日", "不计", "顺延"]),
        ("2026-03-31 10:00", 1, "natural_month", ["满1个月"]),
        ("2026-10-10 16:00", 2, "work_hour", ["计1小时30分", "不计", "计30分"]),
    ],
)
def test_day_chain_keeps_the_words_short(start, amount, unit, words):
    cells = day_chain(CALENDAR, due_date(CALENDAR, at(start), amount, unit), today=date(2026, 1, 1))
    assert [cell.word for cell in cells][-len(words) :] == words


@pytest.mark.parametrize(
    ("start", "amount", "unit", "sentence"),
    [
        ("2026-09-30 10:00", 5, "workday", "10月1日至10月7日国庆节；10月10日调休上班，计入"),
        ("2026-11-19 10:00", 5, "workday", ""),  # an ordinary weekend needs no words
        ("2026-12-30 10:00", 2, "workday", "1月1日元旦"),
    ],
)
def test_chain_summary_names_holidays_and_make_up_days(start, amount, unit, sentence):
    assert chain_summary(CALENDAR, due_date(CALENDAR, at(start), amount, unit)) == sentence
