"""The rates of rectification: each sentence of domain §7 as a case, and properties that hold for any rounds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rates import Window
from supervision.models import Issue, IssueRound
from supervision.rules.rates import FIGURES, RoundFacts, tally, total_of

START = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 2026-11-01 00:00 in Asia/Shanghai
NOVEMBER = Window(START, START + timedelta(days=30), START + timedelta(days=30))
OPENED = START + timedelta(days=3)
DUE = date(2026, 11, 20)
ON_TIME, LATE = datetime(2026, 11, 20, 15, 59, tzinfo=UTC), datetime(2026, 11, 20, 16, 1, tzinfo=UTC)
LATER = START + timedelta(days=40)
OPEN = RoundFacts("zjj", OPENED, due_on=DUE)
CLEARED = replace(
    OPEN, requested_at=ON_TIME, cleared_at=ON_TIME + timedelta(days=2), ending="cleared", ended_at=ON_TIME
)
SUSTAINED = replace(OPEN, requested_at=ON_TIME, sustained_at=ON_TIME, ending="sustained", ended_at=ON_TIME)


def pairs(*rounds: RoundFacts, window: Window = NOVEMBER) -> dict[str, tuple[int, int]]:
    """Return the counts of each figure."""
    return {key: (count.numerator, count.denominator) for key, count in tally(rounds, window).counts.items()}


@pytest.mark.parametrize(
    ("round_", "cleared", "on_time"),
    [
        pytest.param(OPEN, (0, 1), (0, 1), id="open and overdue"),
        pytest.param(CLEARED, (1, 1), (1, 1), id="cleared, asked on the last evening"),
        pytest.param(replace(CLEARED, requested_at=LATE), (1, 1), (0, 1), id="asked a minute after the due day"),
        pytest.param(
            replace(CLEARED, cleared_at=LATER, ended_at=LATER), (0, 1), (0, 1), id="verified after the cut-off"
        ),
        pytest.param(SUSTAINED, (0, 0), (1, 1), id="sustained is shown apart, and was on time"),
        pytest.param(
            replace(SUSTAINED, cleared_at=LATER, ending="cleared", ended_at=LATER),
            (0, 0),
            (1, 1),
            id="sustained at the cut-off, cleared later",
        ),
        pytest.param(
            replace(SUSTAINED, ending="relapsed", ended_at=LATE), (0, 1), (1, 1), id="relapsed while sustained"
        ),
        pytest.param(
            replace(SUSTAINED, ending="relapsed", ended_at=LATER), (0, 0), (1, 1), id="relapsed after the cut-off"
        ),
        pytest.param(replace(OPEN, ending="withdrawn", ended_at=LATE), (0, 0), (0, 0), id="withdrawn"),
        pytest.param(replace(OPEN, ending="objected", ended_at=LATE), (0, 0), (0, 0), id="objected"),
        pytest.param(replace(OPEN, ending="withdrawn", ended_at=LATER), (0, 1), (0, 1), id="withdrawn later"),
        pytest.param(replace(OPEN, revoked_at=LATE), (0, 0), (0, 0), id="revoked"),
        pytest.param(replace(OPEN, revoked_at=LATER), (0, 1), (0, 1), id="revoked later"),
        pytest.param(replace(OPEN, due_on=None), (0, 1), (0, 0), id="without a date"),
        pytest.param(replace(OPEN, due_on=date(2026, 12, 1)), (0, 1), (0, 0), id="due next month"),
        pytest.param(replace(OPEN, opened_at=START - timedelta(days=9)), (0, 0), (0, 1), id="opened last month"),
        pytest.param(replace(OPEN, opened_at=LATER), (0, 0), (0, 0), id="opened after the cut-off"),
        pytest.param(
            replace(OPEN, due_on=date(2026, 12, 9), due_before=DUE, extended_at=ON_TIME), (0, 1), (0, 0), id="extended"
        ),
        pytest.param(
            replace(OPEN, due_on=date(2026, 12, 9), due_before=DUE, extended_at=LATER),
            (0, 1),
            (0, 1),
            id="extended after the cut-off",
        ),
    ],
)
def test_a_round_counts_as_it_stood_at_the_cut_off(round_, cleared, on_time):
    assert pairs(round_) == {"cleared": cleared, "cleared_on_time": on_time, "immediate_done": (0, 0)}


def test_what_is_due_today_is_not_due_before_the_day_is_over():
    noon = Window(START, START + timedelta(days=30), datetime(2026, 11, 20, 4, tzinfo=UTC))
    midnight = replace(noon, cut_off=datetime(2026, 11, 20, 16, tzinfo=UTC))
    assert pairs(OPEN, window=noon)["cleared_on_time"] == (0, 0)
    assert pairs(OPEN, window=midnight)["cleared_on_time"] == (0, 1)


def test_immediate_rounds_have_a_rate_of_their_own():
    immediate = [replace(one, limit_kind=Issue.LimitKind.IMMEDIATE) for one in (OPEN, CLEARED, SUSTAINED)]
    assert pairs(*immediate, OPEN)["immediate_done"] == (1, 3)


def test_what_stands_sustained_is_counted_apart():
    assert tally([OPEN, SUSTAINED, SUSTAINED], NOVEMBER).sustained == 2


def test_rate_below_a_hundred_never_prints_a_hundred():
    count = tally([*[CLEARED] * 19_999, OPEN], NOVEMBER).counts["cleared"]
    assert (count.value, count.text) == ("99.995000", "99.99")
    assert tally([], NOVEMBER).counts["cleared"].text == "—"
    assert tally([], NOVEMBER).counts["cleared"].value is None


# --- what holds for any rounds -----------------------------------------------------------------------
moments = st.integers(-20 * 24, 45 * 24).map(lambda hours: START + timedelta(hours=hours))
days = st.integers(-20, 45).map(lambda number: date(2026, 11, 1) + timedelta(days=number))
rounds = st.builds(
    RoundFacts,
    department=st.just("zjj"),
    opened_at=moments,
    limit_kind=st.sampled_from(Issue.LimitKind.values),
    due_on=st.none() | days,
    due_before=st.none() | days,
    extended_at=st.none() | moments,
    requested_at=st.none() | moments,
    sustained_at=st.none() | moments,
    cleared_at=st.none() | moments,
    ending=st.sampled_from(IssueRound.Ending.values),
    ended_at=st.none() | moments,
    revoked_at=st.none() | moments,
)
many = st.lists(rounds, max_size=12)
cut_offs = moments.map(lambda moment: replace(NOVEMBER, cut_off=moment))


@given(rows=many, window=cut_offs)
def test_numerators_stay_within_their_denominators(rows, window):
    for count in tally(rows, window).counts.values():
        assert 0 <= count.numerator <= count.denominator <= len(rows)


@given(rows=many, others=many, window=cut_offs)
def test_counts_add_up_and_do_not_depend_on_the_order(rows, others, window):
    whole = tally([*rows, *others], window)
    assert whole == total_of([tally(rows, window), tally(others, window)]) == tally([*others, *rows], window)


@given(rows=many, window=cut_offs, later=st.timedeltas(timedelta(seconds=1), timedelta(days=90)))
def test_what_happens_after_the_cut_off_changes_nothing(rows, window, later):
    """A round that ends, is extended or revoked only later counts like one to which nothing happened."""

    def two_fates(round_: RoundFacts) -> tuple[RoundFacts, RoundFacts]:
        sustained = round_.sustained_at is not None and round_.sustained_at <= window.cut_off
        moment = window.cut_off + later
        return replace(
            round_,
            cleared_at=None,
            ending="sustained" if sustained else "open",
            ended_at=round_.sustained_at if sustained else None,
            sustained_at=round_.sustained_at if sustained else None,
            requested_at=round_.requested_at if sustained else None,
            revoked_at=None,
        ), replace(
            round_,
            cleared_at=moment,
            ending="cleared",
            ended_at=moment,
            sustained_at=round_.sustained_at if sustained else None,
            revoked_at=moment,
        )

    before = [two_fates(one)[0] for one in rows]
    after = [two_fates(one)[1] for one in rows]
    assert tally(before, window) == tally(after, window)


@given(rows=many, window=cut_offs)
def test_rate_and_what_stands_sustained_make_up_all_rounds_opened(rows, window):
    counted = [one.known_at(window.cut_off) for one in rows if one.opened_at <= window.cut_off]
    opened = sum(one.counts and one.opened_at in window for one in counted)
    result = tally(rows, window)
    assert result.counts["cleared"].denominator + result.sustained == opened
    assert {figure.key for figure in FIGURES} == set(result.counts)
