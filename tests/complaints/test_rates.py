"""The rates of handling: the oracle through the command, and properties that hold for any rounds."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import ManagementUtility
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.rates import (
    FIGURES,
    Definition,
    RoundFacts,
    rates_by_department,
    tally,
    total_of,
)
from core.rates import Window, percent_text

ORACLE = json.loads((Path(__file__).parents[1] / "data" / "rates.json").read_text(encoding="utf-8"))
START = datetime(2026, 11, 8, 16, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=7), START + timedelta(days=5))
NEVER_ABOVE_ITS_DENOMINATOR = [figure.key for figure in FIGURES if figure.key not in ("rehandle", "overdue_open")]


def run(capsys) -> tuple[int, str, str]:
    """Run ``manage.py rates``; return exit status, output and errors."""
    status = 0
    try:
        ManagementUtility(["manage.py", "rates"]).execute()
    except SystemExit as end:
        status = end.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# --- the oracle --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", ORACLE["scenarios"], ids=lambda scenario: scenario["id"])
def test_rates_command_gives_the_oracle(scenario, capsys, monkeypatch):
    given_scenario = {key: value for key, value in scenario.items() if key != "expected"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(given_scenario)))
    status, output, _ = run(capsys)
    assert status == 0
    assert json.loads(output) == scenario["expected"]


@pytest.mark.parametrize("case", ORACLE["percent_text"], ids=lambda case: f"{case['num']}/{case['den']}")
def test_percent_text_gives_the_oracle(case):
    assert percent_text(case["num"], case["den"]) == case["text"]


PERIOD = '"period": {"from": "2026-11-09", "to": "2026-11-15"}, "cut_off": "2026-11-15T23:59:59+08:00"'


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "7",
        "{}",
        '{"period": {"from": "2026-11-09", "to": "2026-11-15"}, "rounds": []}',
        '{"period": {"from": "2026-11-15", "to": "2026-11-09"}, "cut_off": "2026-11-15T23:59:59+08:00", "rounds": []}',
        f'{{{PERIOD}, "rounds": {{}}}}',
        f'{{{PERIOD}, "rounds": [{{"dispatched_at": "2026-11-09T08:00:00+08:00"}}]}}',
        f'{{{PERIOD}, "rounds": [{{"department": "zjj"}}]}}',
        f'{{{PERIOD}, "rounds": [{{"department": "zjj", "dispatched_at": "昨天"}}]}}',
        f'{{{PERIOD}, "rounds": [{{"department": "zjj", "dispatched_at": "2026-11-09", "satisfaction": "好"}}]}}',
        f'{{{PERIOD}, "rounds": [{{"department": "zjj", "dispatched_at": "2026-11-09", "round_no": 0}}]}}',
        f'{{{PERIOD}, "rounds": [{{"department": "zjj", "dispatched_at": "2026-11-09", "extended": "是"}}]}}',
    ],
)
def test_rates_command_refuses_wrong_scenarios_in_one_line(text, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    status, output, errors = run(capsys)
    assert (status, output) == (1, "")
    assert len(errors.splitlines()) == 1


# --- what holds for any rounds -----------------------------------------------------------------------

moments = st.integers(-5 * 24, 9 * 24).map(lambda hours: START + timedelta(hours=hours))
maybe = st.none() | moments
rounds = st.builds(
    RoundFacts,
    department=st.sampled_from(["zjj", "czj", "gaj", "elsewhere"]),
    dispatched_at=moments,
    sign_due=maybe,
    signed_at=maybe,
    due_at=maybe,
    submitted_at=maybe,
    closed_at=maybe,
    round_no=st.integers(1, 3),
    anonymous=st.booleans(),
    satisfaction=st.sampled_from(["", "satisfied", "basically_satisfied", "dissatisfied", "not_rated"]),
    solved=st.sampled_from(["", "yes", "partly", "no"]),
    return_requested=st.booleans(),
    return_approved=st.booleans(),
    reassigned=st.booleans(),
    merged_duplicate=st.booleans(),
    extended=st.booleans(),
)
many = st.lists(rounds, max_size=12)
definitions = st.sampled_from(list(Definition))


@settings(deadline=None)  # a busy machine is no failure
@given(rows=many, definition=definitions)
def test_total_is_the_sum_of_the_departments_and_of_all_rounds(rows, definition):
    departments, total = rates_by_department(rows, WINDOW, {"zjj": 1, "czj": 2, "gaj": 3}, definition)
    assert total == total_of(departments.values()) == tally(rows, WINDOW, definition)


@given(rows=many, definition=definitions)
def test_numerators_stay_within_their_denominators(rows, definition):
    result = tally(rows, WINDOW, definition)
    for key in NEVER_ABOVE_ITS_DENOMINATOR:
        assert 0 <= result.counts[key].numerator <= result.counts[key].denominator
    assert 0 <= result.requested <= result.counts["return"].denominator


@given(rows=many)
def test_departments_come_in_official_order_and_the_unknown_last(rows):
    departments, _ = rates_by_department(rows, WINDOW, {"gaj": 1, "zjj": 2, "czj": 3})
    places = [("gaj", "zjj", "czj", "elsewhere").index(code) for code in departments]
    assert places == sorted(places)


@given(rows=many, later=rounds)
def test_what_comes_after_the_cut_off_changes_nothing_but_flags(rows, later):
    after = WINDOW.cut_off + timedelta(seconds=1)
    unheard_of = RoundFacts(department=later.department, dispatched_at=after, due_at=later.due_at, extended=True)
    assert tally([*rows, unheard_of], WINDOW) == tally(rows, WINDOW)


@given(row=rounds)
def test_merged_rounds_count_nowhere_but_give_their_department_a_row(row):
    merged = RoundFacts(department="zjj", dispatched_at=START, due_at=row.due_at, merged_duplicate=True)
    departments, total = rates_by_department([merged], WINDOW, {"zjj": 1})
    assert list(departments) == ["zjj"]
    assert total == tally([], WINDOW)


@given(numerator=st.integers(0, 10**6), missing=st.integers(1, 10**6))
def test_less_than_all_never_prints_as_all(numerator, missing):
    assert percent_text(numerator, numerator + missing) != "100.00"


def test_solved_counts_only_the_answers_of_complainants():
    answers = ("yes", "yes", "partly", "no", "")
    rows = [RoundFacts("zjj", START, closed_at=START + timedelta(days=1), solved=answer) for answer in answers]
    count = tally(rows, WINDOW).counts["solved"]
    assert (count.numerator, count.denominator, count.text) == (2, 4, "50.00")


def test_by_closing_the_on_time_rate_divides_by_what_was_closed():
    due, closed = START + timedelta(days=9), START + timedelta(days=2)
    early = RoundFacts("zjj", START, due_at=due, submitted_at=closed, closed_at=closed)
    unsubmitted = RoundFacts("zjj", START, due_at=START + timedelta(days=1))
    by_due, by_closing = (tally([early, unsubmitted], WINDOW, definition) for definition in Definition)
    assert (by_due.counts["on_time_close"].numerator, by_due.counts["on_time_close"].denominator) == (1, 2)
    assert (by_closing.counts["on_time_close"].numerator, by_closing.counts["on_time_close"].denominator) == (1, 1)
