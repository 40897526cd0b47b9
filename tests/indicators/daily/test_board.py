"""The board, 较昨日变化, burden: what the office looks at (domain §4, ui.md §7)."""

from datetime import date

import pytest

from indicators.models import DailyReport, Indicator
from indicators.rules.report_dates import DayState
from indicators.selectors.board import DAYS, dispatch_board
from indicators.selectors.burden import burden
from indicators.selectors.changes import changes_of_day
from indicators.selectors.expectation import dispatch_times
from indicators.services import daily_reports as services
from tests.factories.dispatch import DAY, at, draft, make_gas, report_at
from tests.factories.indicators import make_indicator, observe, set_standard

EVENING = at(DAY, 18)


@pytest.fixture
def times(db):
    return dispatch_times()


def row_of(times, now=EVENING, day=DAY):
    return dispatch_board(day, now=now, times=times).rows[0]


def test_the_board_ends_with_the_day_and_has_fourteen_working_days(times, gas):
    board = dispatch_board(DAY, now=EVENING, times=times)
    assert len(board.days) == DAYS
    assert board.days[-1].date == DAY
    assert board.days[0].date == date(2026, 11, 6)
    assert all(times.calendar.is_workday(one.date) for one in board.days)


def test_make_up_days_are_marked(times, gas):
    board = dispatch_board(date(2026, 10, 12), now=at(date(2026, 10, 12), 9), times=times)
    assert [one.date for one in board.days if one.is_make_up] == [date(2026, 9, 20), date(2026, 10, 10)]


@pytest.mark.parametrize(
    "status, moment, character, corner",
    [
        ("draft", at(DAY, 9), "未", False),
        ("submitted", at(DAY, 9), "未", False),
        ("reported", at(DAY, 9), "报", False),
        ("reported", at(DAY, 17, 45), "迟", False),
        ("returned", at(DAY, 9), "退", False),
        ("accepted", at(DAY, 9), "采", False),
        ("accepted", at(DAY, 17, 45), "采", True),
    ],
)
def test_one_character_a_cell(times, gas, reporter, head, office, status, moment, character, corner):
    report_at(status, gas, reporter=reporter, head=head, office=office, now=moment)
    cell = row_of(times).today
    assert (cell.character, cell.has_corner) == (character, corner)


def test_before_the_cut_off_it_waits_and_the_hint_says_what_is_on_its_way(times, gas, reporter):
    assert row_of(times, at(DAY, 12)).today.character == "待"
    draft(gas, reporter)
    assert row_of(times, at(DAY, 12)).today.word == "待报，有草稿"


def test_counts_of_the_day(times, gas, department, other_department, reporter, head, office):
    make_gas(department, "A03", "办理建筑许可")
    make_gas(other_department, "A09", "登记财产")
    make_gas(department, "A07", "获得用水")
    report_at("accepted", gas, reporter=reporter, head=head, office=office)
    late = Indicator.objects.get(code="A03")
    report_at("reported", late, reporter=reporter, head=head, office=office, now=at(DAY, 17, 45))
    board = dispatch_board(DAY, now=EVENING, times=times)
    tally = board.tally
    assert (tally.expected, tally.actual, tally.actual_on_time) == (4, 2, 1)
    assert (board.waiting_count, board.late_count) == (2, 1)
    assert [row.short_name for row in board.waiting_departments] == ["县财政局", "县住建局"]


def test_days_missed_in_a_row_stand_out(times, gas, reporter):
    assert row_of(times).hint == ("red", "连续 14 日未报")
    services.report_no_change(gas, day=DAY, actor=reporter, now=at(DAY, 9))
    assert row_of(times).hint is None


def test_an_indicator_nobody_leads_is_shown_as_such(times, gas):
    make_indicator("A09", name="登记财产")
    row = dispatch_board(DAY, now=EVENING, times=times).rows[1]
    assert row.hint == ("amber", "未定牵头单位")
    assert {cell.state for cell in row.cells} == {DayState.NOT_EXPECTED}


def test_the_board_costs_the_same_queries_for_2_and_20_rows(times, department, reporter, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(30) as captured:
            dispatch_board(DAY, now=EVENING, times=times)
        return len(captured)

    for number in (1, 2):
        services.report_no_change(make_gas(department, f"A{number:02}"), day=DAY, actor=reporter, now=at(DAY, 9))
    two = queries()
    for number in range(3, 21):
        services.report_no_change(make_gas(department, f"A{number:02}"), day=DAY, actor=reporter, now=at(DAY, 9))
    assert DailyReport.objects.unscoped("test").count() == 20
    assert queries() == two


# --- 较昨日变化 ------------------------------------------------------------------------------------


def test_changes_tell_values_scores_and_states_against_the_working_day_before(times, gas, reporter, head, office):
    leaf = Indicator.objects.get(code="A08.1")
    observe(leaf, "6.5")
    set_standard(leaf, "worst", 10)
    set_standard(leaf, "frontier", 4)
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report_at("accepted", gas, reporter=reporter, head=head, office=office, values=value)
    changes = changes_of_day(office, DAY, now=EVENING, times=times)
    assert [(row.code, row.before, row.after, row.is_better) for row in changes.values] == [
        ("A08.1", "6.5 天", "6 天", True)
    ]
    assert {row.code: (row.before, row.after) for row in changes.scores}["A08"] == ("58.33", "66.67")
    nothing = changes_of_day(office, date(2026, 11, 24), now=EVENING, times=times)
    assert nothing.is_empty


def test_returned_and_newly_missing_are_told_and_asks_listed(times, gas, department, reporter, head, office):
    other = make_gas(department, "A03", "办理建筑许可")
    yesterday = date(2026, 11, 24)
    services.report_all_no_change(day=yesterday, actor=reporter, now=at(yesterday, 9))
    report_at(
        "returned", gas, reporter=reporter, head=head, office=office, difficulty="缺地", coordination="county_leader"
    )
    changes = changes_of_day(office, DAY, now=EVENING, times=times)
    assert [(row.code, row.word) for row in changes.states] == [
        (other.code, "已报待审 → 未报"),
        ("A08", "已报待审 → 退回补正"),
    ]
    assert [item.text for item in changes.asks] == ["缺地"]


def test_burden_counts_what_was_asked_of_units(gas, department, other_department, reporter, stranger, head, office):
    make_gas(other_department, "A09", "登记财产")
    services.report_all_no_change(day=DAY, actor=stranger, now=at(DAY, 9))
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report_at("reported", gas, reporter=reporter, head=head, office=office, values=value)
    total = burden(office, DAY, DAY)
    assert (total.departments, total.reports, total.no_change, total.values) == (2, 2, 1, 1)
    assert str(total.no_change_share) == "50.00"
    assert str(total.minutes_per_department) == "0.8"
    assert burden(reporter, DAY, DAY).reports == 1
