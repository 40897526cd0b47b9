"""Scores of the whole catalogue from the tables."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.settings_registry import change_setting
from indicators.models import DailyReport, Indicator
from indicators.selectors.scores import catalogue_scores
from tests.factories.indicators import (
    assign,
    make_catalogue,
    make_indicator,
    make_set,
    observe,
    set_standard,
)

TODAY = date(2026, 11, 25)
WEEK_AGO = TODAY - timedelta(days=7)
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def gas(department):
    """A08 with two leaves: steps (2 of 3..1) and days (6 of 9..4)."""
    make_set()
    first = make_indicator("A08", name="获得用气")
    assign(first, department)
    steps = make_indicator("A08.1", parent=first, name="报装环节", unit="个")
    days = make_indicator("A08.2", parent=first, name="报装时间")
    for leaf, worst, frontier, value in ((steps, 3, 1, 2), (days, 9, 4, 6)):
        set_standard(leaf, "worst", worst)
        set_standard(leaf, "frontier", frontier)
        observe(leaf, value)
    return first


def leaf(code: str) -> Indicator:
    return Indicator.objects.get(code=code)


def row(code: str, **arguments):
    return catalogue_scores(TODAY, **arguments).rows[code]


# --- formula ---------------------------------------------------------------------------------------


def test_leaf_and_parent_follow_the_formula_without_rounding_between(gas):
    sheet = catalogue_scores(TODAY)
    assert sheet.rows["A08.1"].score == Decimal("50.00")
    assert sheet.rows["A08.2"].score == Decimal("60.00")
    assert sheet.rows["A08"].score == sheet.total.score == Decimal("55.00")
    assert sheet.rows["A08"].coverage == Decimal("1.0000")


def test_nothing_loaded_is_an_empty_sheet(db):
    sheet = catalogue_scores(TODAY)
    assert (sheet.rows, sheet.total.score, sheet.total.score_text) == ({}, None, "数据不足（0/0）")


def test_yes_no_leaf_is_measured_by_0_and_1_unless_its_standards_say_otherwise(gas):
    yes = make_indicator("A08.5", parent=gas, direction="yesno", unit="是/否")
    observe(yes, 1)
    assert row("A08.5").score == 100
    set_standard(yes, "worst", 1)
    set_standard(yes, "frontier", 0)
    assert row("A08.5").score == 0


def test_leaf_without_standard_names_what_is_missing(gas):
    bare = make_indicator("A08.3", parent=gas, unit="份")
    assert (row("A08.3").score_text, row("A08.3").missing_text) == ("前沿数据缺失", "缺当前值、最差值、前沿值")
    observe(bare, 2)
    assert row("A08.3").missing == ("最差值", "前沿值")


def test_standard_in_another_unit_is_never_compared(gas):
    set_standard(leaf("A08.2"), "frontier", 3, unit="工作日")
    days = row("A08.2")
    assert (days.score, days.gap, days.gap_text) == (None, None, "口径不同，不比")
    assert days.standards["frontier"].note == "口径不同，不比"
    assert days.missing == ("可比的前沿值",)


def test_statutory_limit_whose_basis_has_lapsed_says_so(gas):
    set_standard(leaf("A08.2"), "statutory", 5, unit="工作日", statutory_until=date(2026, 2, 28))
    assert row("A08.2").standards["statutory"].note == "依据已废止，待核；口径不同，不比"
    before = catalogue_scores(date(2026, 2, 28)).rows["A08.2"].standards["statutory"]
    assert before.note == "口径不同，不比"


def test_inapplicable_leaf_leaves_score_and_coverage(gas):
    Indicator.objects.filter(code="A08.1").update(applicable=False)
    sheet = catalogue_scores(TODAY)
    assert (sheet.rows["A08"].score, sheet.rows["A08"].applicable_leaves) == (Decimal("60.00"), 1)
    assert sheet.rows["A08.1"].score_text == "不适用"


# --- sufficiency, light, gap -------------------------------------------------------------------------


def test_insufficient_coverage_is_said_instead_of_the_number(gas, office):
    for number in (3, 4, 5):
        make_indicator(f"A08.{number}", parent=gas)
    first = row("A08")
    assert (first.score, first.sufficient, first.shown_score) == (Decimal("55.00"), False, None)
    assert (first.score_text, first.light, first.rank) == ("数据不足（2/5）", "no_data", None)
    change_setting("score.sufficient_coverage", "0.4", actor=office, now=NOW)
    assert row("A08").score_text == "55.00"


def test_gap_is_to_the_frontier_and_to_the_target_where_there_is_none(gas):
    set_standard(leaf("A08.2"), "target", 5)
    assert (row("A08.2").gap, row("A08.2").gap_text) == (Decimal(2), "还差 2 天")
    other = make_indicator("A08.3", parent=gas)
    observe(other, 6)
    set_standard(other, "target", 5)
    assert row("A08.3").gap_text == "还差 1 天"
    observe(other, 5, as_of=date(2026, 1, 1))
    assert (row("A08.3").gap, row("A08.3").gap_text) == (0, "已达目标")


def test_parent_gap_names_the_leaf_that_most_needs_work(gas):
    assert (row("A08").gap, row("A08").gap_leaf) == (None, "A08.1")
    assert (row("A08").gap_text, row("A08").short_gap_text) == ("报装环节还差 1 个", "差 1 个")


def test_frontier_reached_is_said_only_when_no_leaf_can_have_a_gap(gas):
    for code, value in (("A08.1", 1), ("A08.2", 4)):
        observe(leaf(code), value, as_of=date(2026, 1, 1))
    assert row("A08").gap_text == "已达前沿"
    make_indicator("A08.3", parent=gas)
    assert row("A08").gap_text == "1 项前沿未知"


def test_reached_target_is_at_least_near(gas):
    assert row("A08.2").light == "serious"
    set_standard(leaf("A08.2"), "target", 6)
    assert row("A08.2").light == "near"


def test_way_to_the_target_is_shown_but_is_no_score(gas):
    other = make_indicator("A08.3", parent=gas)
    for kind, value in (("baseline", 9), ("target", 5)):
        set_standard(other, kind, value)
    observe(other, 6)
    found = row("A08.3")
    assert (found.score, found.target_progress, found.change_from_baseline) == (None, Decimal("75.00"), Decimal(-3))
    assert found.progress_text == "目标完成度 75.00%"
    assert row("A08.2").progress_text == ""


def test_change_against_the_baseline_is_shown_where_there_is_no_target(gas):
    other = make_indicator("A08.3", parent=gas)
    set_standard(other, "baseline", 9)
    assert row("A08.3").progress_text == ""
    observe(other, 6)
    assert row("A08.3").progress_text == "较基期 −3 天"
    observe(other, 10, as_of=date(2026, 1, 1))
    assert row("A08.3").progress_text == "较基期 +1 天"


@pytest.mark.parametrize(
    ("frequency", "days_since_report", "silent"),
    [("daily", 7, False), ("daily", 8, True), ("weekly", 14, False), ("weekly", 15, True), ("monthly", 30, False)],
)
def test_silence_makes_the_light_one_step_worse(gas, department, frequency, days_since_report, silent):
    """Seven days before Wednesday 25 November lie five working days, eight days before six."""
    Indicator.objects.filter(pk=gas.pk).update(frequency=frequency)
    DailyReport.objects.create(
        indicator=gas,
        department=department,
        date=TODAY - timedelta(days=days_since_report),
        status="reported",
        saved_at=NOW,
        submitted_at=NOW - timedelta(days=days_since_report),
        reported_at=NOW - timedelta(days=days_since_report),
        first_reported_at=NOW - timedelta(days=days_since_report),
    )
    for code, value in (("A08.1", 1), ("A08.2", 4)):
        observe(leaf(code), value, as_of=date(2026, 1, 1))
    assert row("A08").is_silent is silent
    assert row("A08").light == ("near" if silent else "ok")


def test_approved_constraint_keeps_a_row_out_of_the_weak_spots_until_it_expires(gas, office_lead):
    assert [spot.code for spot in catalogue_scores(TODAY).weak_spots()] == ["A08"]
    Indicator.objects.filter(pk=gas.pk).update(
        constraint_reason="管网未到", constraint_approved_by=office_lead, constraint_expires_on=TODAY
    )
    sheet = catalogue_scores(TODAY)
    assert sheet.weak_spots() == []
    assert sheet.rows["A08"].is_constrained
    assert [spot.code for spot in catalogue_scores(TODAY + timedelta(days=1)).weak_spots()] == ["A08"]


# --- time ------------------------------------------------------------------------------------------


def test_current_value_is_the_newest_by_date_then_by_acceptance(gas):
    days = leaf("A08.2")
    observe(days, 5, as_of=date(2026, 11, 1), accepted_at=NOW - timedelta(days=3))
    observe(days, 8, as_of=date(2026, 10, 1), accepted_at=NOW - timedelta(days=1))
    assert row("A08.2").reading.value == 5
    observe(days, 7, as_of=date(2026, 11, 1), accepted_at=NOW - timedelta(days=2))
    assert row("A08.2").reading.value == 7


def test_pending_rejected_later_and_superseded_values_do_not_count(gas):
    days = leaf("A08.2")
    observe(days, 1, as_of=TODAY, standing="pending", accepted_at=None)
    observe(days, 2, as_of=TODAY, standing="rejected", accepted_at=None)
    observe(days, 3, as_of=TODAY + timedelta(days=1), accepted_at=NOW)
    observe(days, 4, as_of=TODAY, accepted_at=NOW, withdrawn_at=NOW)
    assert row("A08.2").reading.value == 6


def test_cut_off_knows_nothing_accepted_or_superseded_later(gas):
    days = leaf("A08.2")
    observe(days, 5, as_of=TODAY, accepted_at=NOW, withdrawn_at=NOW + timedelta(hours=1))
    assert row("A08.2", cut_off=NOW - timedelta(seconds=1)).reading.value == 6
    assert row("A08.2", cut_off=NOW).reading.value == 5
    assert row("A08.2", cut_off=NOW + timedelta(hours=2)).reading.value == 6


def test_standard_counts_from_its_day_on(gas):
    set_standard(leaf("A08.2"), "frontier", 3, effective_from=TODAY)
    assert row("A08.2").score == Decimal("50.00")
    assert catalogue_scores(TODAY - timedelta(days=1)).rows["A08.2"].score == Decimal("60.00")


def test_rank_shares_places_and_moves_against_seven_days_before(gas):
    rivals = [make_indicator(code) for code in ("A09", "A10")]
    for rival in rivals:
        set_standard(rival, "worst", 10)
        set_standard(rival, "frontier", 0)
        observe(rival, 6)
    observe(rivals[1], 1, as_of=TODAY, accepted_at=NOW)
    sheet = catalogue_scores(TODAY)
    assert {code: found.rank for code, found in sheet.rows.items() if found.rank} == {"A10": 1, "A08": 2, "A09": 3}
    assert (sheet.rows["A10"].rank_change, sheet.rows["A08"].rank_change) == (1, -1)
    assert catalogue_scores(WEEK_AGO).rows["A10"].rank == catalogue_scores(WEEK_AGO).rows["A09"].rank == 2


def test_history_runs_weekly_and_change_is_against_seven_days_before(gas):
    observe(leaf("A08.2"), 4, as_of=TODAY, accepted_at=NOW)
    sheet = catalogue_scores(TODAY, weeks=8)
    assert sheet.days[-1] == TODAY
    assert sheet.compared_with == WEEK_AGO
    assert sheet.rows["A08"].history == (Decimal("55.00"),) * 8 + (Decimal("75.00"),)
    assert sheet.rows["A08"].change == sheet.total.change == Decimal("20.00")


def test_causes_name_the_figures_and_sum_up_to_the_change(gas):
    observe(leaf("A08.2"), 4, as_of=TODAY, accepted_at=NOW)
    set_standard(leaf("A08.1"), "frontier", 0, effective_from=TODAY)
    (cause,) = catalogue_scores(TODAY).causes
    assert cause.effect == catalogue_scores(TODAY).total.change
    assert cause.why == ("报装环节 前沿值 1 个 → 0 个", "报装时间 6 天 → 4 天")


def test_newly_scored_indicator_is_a_change_of_scope(gas):
    rival = make_indicator("A09", name="登记财产")
    set_standard(rival, "worst", 10)
    set_standard(rival, "frontier", 0)
    observe(rival, 0, as_of=TODAY, accepted_at=NOW)
    (cause,) = catalogue_scores(TODAY).causes
    assert (cause.name, cause.why, cause.effect) == ("计分范围变化", ("登记财产",), Decimal("22.50"))


# --- departments and cost --------------------------------------------------------------------------


def test_departments_are_those_of_the_day_and_hold_for_all_levels(gas, department, other_department):
    department.assignments.update(valid_to=TODAY)
    assign(gas, other_department, valid_from=TODAY)
    assert row("A08.2").lead.code == other_department.code
    assert catalogue_scores(TODAY - timedelta(days=1)).rows["A08.2"].lead.code == department.code


def test_queries_do_not_grow_with_rows_values_or_weeks(gas):
    catalogue_scores(TODAY)

    def queries(weeks: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            catalogue_scores(TODAY, weeks=weeks)
        return len(captured)

    few = queries(1)
    for number in range(3, 23):
        other = make_indicator(f"A08.{number}", parent=gas)
        set_standard(other, "worst", 9)
        for day in range(5):
            observe(other, day, as_of=date(2026, 1, 1 + day))
    assert queries(1) == queries(8) == few


def test_real_catalogue_shows_what_the_county_reported_and_no_score_it_cannot_have(db):
    make_catalogue(NOW)
    sheet = catalogue_scores(TODAY, weeks=8)
    assert len(sheet.first_level()) == 28
    assert len(sheet.leaves()) == 116
    assert sheet.rows["A08.2"].value_text == "6 天"
    assert sheet.rows["A08.5"].score == 100
    assert not sheet.total.sufficient
