"""The arithmetic of scores: the oracles, and properties that hold for any figures."""

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import ManagementUtility
from hypothesis import given
from hypothesis import strategies as st

from indicators import scoring
from indicators.scoring import LightLevels, Node, light_of, roll_up

DATA = Path(__file__).parent.parent / "data"
SCORES = list(csv.DictReader((DATA / "scores.csv").read_text(encoding="utf-8").splitlines()))
TREES = json.loads((DATA / "rollup.json").read_text(encoding="utf-8"))["trees"]

figures = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=4)
scores = st.fractions(0, 100, max_denominator=999)
weights = st.decimals(0, 9, allow_nan=False, places=2)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run ``manage.py`` with ``arguments``; return exit status, output and errors."""
    status = 0
    try:
        ManagementUtility(["manage.py", *arguments]).execute()
    except SystemExit as end:
        status = end.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# --- the commands of the oracles -------------------------------------------------------------------


@pytest.mark.parametrize("case", SCORES, ids=lambda case: "/".join(case.values()))
def test_score_command_gives_the_oracle(case, capsys):
    options = [f"--{name}={case[name]}" for name in ("worst", "frontier", "value", "direction")]
    assert run(capsys, "score", *options) == (0, f"{case['expected_score'] or '无'}\n", "")


@pytest.mark.parametrize(
    "options",
    [
        ["--worst=坏", "--frontier=1", "--value=1", "--direction=lower"],
        ["--worst=NaN", "--frontier=1", "--value=1", "--direction=lower"],
        ["--worst=1", "--frontier=1", "--value=1", "--direction=sideways"],
        ["--frontier=1", "--value=1", "--direction=lower"],
    ],
)
def test_score_command_refuses_wrong_input_in_one_line(options, capsys):
    status, output, errors = run(capsys, "score", *options)
    assert (status, output) == (1, "")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree["id"])
def test_rollup_command_gives_the_oracle(tree, capsys, monkeypatch):
    given_tree = {key: value for key, value in tree.items() if key != "expected"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(given_tree)))
    status, output, _ = run(capsys, "rollup")
    assert status == 0
    assert json.loads(output) == tree["expected"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "7",
        '{"nodes": [{"name": "没有代码"}]}',
        '{"nodes": [{"code": "A", "score": "很好"}]}',
        '{"nodes": [{"code": "A", "weight": "-1"}]}',
        '{"nodes": [{"code": "A", "parent": "B"}]}',
        '{"nodes": [{"code": "A", "parent": "B"}, {"code": "B", "parent": "A"}]}',
        '{"nodes": [{"code": "A"}, {"code": "A"}]}',
    ],
)
def test_rollup_command_refuses_wrong_trees_in_one_line(text, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    status, output, errors = run(capsys, "rollup")
    assert (status, output) == (1, "")
    assert len(errors.splitlines()) == 1


# --- one leaf --------------------------------------------------------------------------------------


@given(worst=figures, frontier=figures, value=figures)
def test_leaf_score_stays_within_0_and_100(worst, frontier, value):
    score = scoring.leaf_score(worst, frontier, value)
    assert (score is None) == (worst == frontier)
    assert score is None or 0 <= score <= 100


@given(worst=figures, frontier=figures, first=figures, second=figures)
def test_leaf_score_never_falls_on_the_way_from_worst_to_frontier(worst, frontier, first, second):
    if worst != frontier:
        on_the_way = sorted((first, second), reverse=frontier < worst)
        earlier, later = (scoring.leaf_score(worst, frontier, value) for value in on_the_way)
        assert later >= earlier


def test_leaf_score_of_equal_numbers_written_differently_is_none():
    assert scoring.leaf_score(Decimal("0.50"), Decimal("0.5"), Decimal(1)) is None


@pytest.mark.parametrize(
    ("direction", "standard", "value", "gap"),
    [
        ("lower", "4", "6", "2"),
        ("lower", "4", "3", "0"),
        ("higher", "100", "94.59", "5.41"),
        ("higher", "100", "100", "0"),
        ("yesno", "1", "0", "1"),
        ("yesno", "0", "0", "0"),
        ("lower", None, "6", None),
        ("lower", "4", None, None),
    ],
)
def test_gap_is_what_is_missing_in_the_unit_and_never_negative(direction, standard, value, gap):
    read = [None if text is None else Decimal(text) for text in (standard, value, gap)]
    assert scoring.gap_to(read[0], read[1], direction) == read[2]


def test_share_of_way_works_in_both_directions():
    assert scoring.share_of_way(Decimal(9), Decimal(5), Decimal(6)) == Fraction(3, 4)
    assert scoring.share_of_way(Decimal(50), Decimal(100), Decimal(75)) == Fraction(1, 2)
    assert scoring.share_of_way(Decimal(5), Decimal(5), Decimal(5)) is None


# --- the tree --------------------------------------------------------------------------------------

children = st.lists(st.tuples(weights, st.none() | scores, st.booleans()), min_size=1, max_size=8)


@given(rows=children)
def test_parent_lies_between_its_children_and_coverage_counts_leaves(rows):
    nodes = [Node("P", None, Decimal(1))]
    nodes += [Node(f"P.{i}", "P", weight, applicable, score) for i, (weight, score, applicable) in enumerate(rows)]
    result = roll_up(nodes)["P"]
    counted = [score for weight, score, applicable in rows if applicable and score is not None and weight]
    assert result.applicable_leaves == sum(applicable for _, _, applicable in rows)
    assert result.scored_leaves == sum(applicable and score is not None for _, score, applicable in rows)
    assert (result.score is None) == (not counted)
    assert not counted or min(counted) <= result.score <= max(counted)


@given(score=scores, weight=st.decimals("0.01", 9, places=2))
def test_total_of_a_single_chain_is_its_leaf(score, weight):
    nodes = [Node("A", None, weight), Node("A.1", "A", weight), Node("A.1.1", "A.1", weight, score=score)]
    assert {result.score for result in roll_up(nodes).values()} == {score}


@pytest.mark.parametrize(("scored", "sufficient"), [(0, False), (1, False), (2, True), (4, True)])
def test_score_is_sufficient_from_half_the_leaves(scored, sufficient):
    leaves = [Node(f"A.{i}", "A", Decimal(1), score=Fraction(50) if i < scored else None) for i in range(4)]
    result = roll_up([Node("A", None, Decimal(1)), *leaves])["A"]
    assert result.is_sufficient(Decimal("0.5")) is sufficient


@given(
    before=st.dictionaries(st.sampled_from("ABCDE"), st.none() | scores),
    after=st.dictionaries(st.sampled_from("ABCDE"), st.none() | scores),
)
def test_contributions_and_rest_sum_up_to_the_change_exactly(before, after):
    own_weights = {code: Decimal(place + 1) for place, code in enumerate("ABCDE")}
    parts, rest = scoring.contributions(before, after, own_weights)
    change = (scoring.mean(after, own_weights) or 0) - (scoring.mean(before, own_weights) or 0)
    assert sum(parts.values(), rest) == change


def test_contributions_leave_no_rest_when_the_same_rows_are_scored():
    parts, rest = scoring.contributions(
        {"A": Fraction(50), "B": Fraction(80)},
        {"A": Fraction(60), "B": Fraction(80)},
        {"A": Decimal(1), "B": Decimal(3)},
    )
    assert (parts, rest) == ({"A": Fraction(5, 2)}, 0)


# --- what is shown ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"), [((1, 8), "0.13"), ((-1, 8), "-0.13"), ((100, 3), "33.33"), ((0, 1), "0.00"), ((2, 1), "2.00")]
)
def test_rounded_goes_half_up_away_from_zero(number, shown):
    assert str(scoring.rounded(Fraction(*number))) == shown


@pytest.mark.parametrize(
    ("score", "facts", "light"),
    [
        (None, {}, "no_data"),
        (None, {"target_reached": True}, "no_data"),
        ("95", {}, "ok"),
        ("94.99", {}, "near"),
        ("85", {}, "near"),
        ("84.99", {}, "behind"),
        ("70", {}, "behind"),
        ("69.99", {}, "serious"),
        ("10", {"target_reached": True}, "near"),
        ("96", {"target_reached": True}, "ok"),
        ("96", {"silent": True}, "near"),
        ("10", {"silent": True}, "serious"),
        ("10", {"target_reached": True, "silent": True}, "behind"),
    ],
)
def test_light(score, facts, light):
    assert light_of(None if score is None else Decimal(score), LightLevels(), **facts) == light


def test_ranks_share_the_better_place():
    assert scoring.ranks({"A": Decimal(90), "B": Decimal(90), "C": Decimal(80), "D": None}) == {"A": 1, "B": 1, "C": 3}
