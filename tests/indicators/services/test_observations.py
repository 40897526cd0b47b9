"""Corrections and official results."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.models import AuditEvent
from indicators.models import Observation
from indicators.selectors.scores import catalogue_scores
from indicators.services.observations import OfficialResult, correct_value, record_official_score
from tests.factories.indicators import LONG_AGO, make_evidence


@pytest.fixture
def correct(days, office, now):
    """Return a function that corrects A08.2, with defaults for what the test does not say."""

    def act(**changes):
        values = {"value": "５．5", "as_of": LONG_AGO, "reason": "原填写错误", "actor": office, "now": now}
        values |= {"evidence": [make_evidence(office)]} | changes
        return correct_value(days, **values)

    return act


def test_correction_takes_the_place_of_the_current_value(correct, days, office, reporter, now, today):
    row = correct()
    assert (row.value, row.source, row.standing, row.accepted_by) == (Decimal("5.5"), "correction", "accepted", office)
    assert (row.supersedes.value, row.supersedes.withdrawn_at) == (6, now)
    assert catalogue_scores(today).rows["A08.2"].reading.value == Decimal("5.5")
    assert catalogue_scores(today - timedelta(days=1)).rows["A08.2"].reading.value == 6
    assert days.evidence_links.unscoped("test").count() == 1
    assert Message.objects.visible_to(reporter).get().title == "A08.2 报装时间 的数值由营商办更正为 5.5 天"
    assert AuditEvent.objects.get(action="indicators.indicator.correct_value").purpose == "原填写错误"


def test_newer_value_leaves_the_earlier_one_standing(correct, today):
    row = correct(as_of=today)
    assert row.supersedes is None
    assert not Observation.objects.unscoped("test").filter(withdrawn_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "六天"}, "value"),
        ({"value": "1.23456"}, "value"),
        ({"value": "366"}, "value"),
        ({"as_of": date(2026, 11, 26)}, "as_of"),
        ({"evidence": []}, "evidence"),
    ],
)
def test_wrong_input_is_refused_at_its_field_and_writes_nothing(correct, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        correct(**changes)
    assert refusal.value.errors[0]["field"] == field
    assert Observation.objects.unscoped("test").filter(source="correction").count() == 0


@pytest.mark.parametrize("person", ["reporter", "head", "signer", "leader", "inspector"])
def test_correction_is_for_the_office_only(correct, request, person):
    with pytest.raises(NotAllowed):
        correct(actor=request.getfixturevalue(person))


def test_parent_carries_no_value(gas, office, now):
    with pytest.raises(RuleViolation):
        correct_value(
            gas, value="1", as_of=LONG_AGO, reason="误", evidence=[make_evidence(office)], actor=office, now=now
        )


def test_official_result_is_kept_apart_from_scores(gas, office, now, today):
    result = OfficialResult(year=2025, issuer="河南省", score=Decimal("81.20"), rank=40, out_of=102)
    row = record_official_score(result, indicator=gas, actor=office, now=now)
    assert row.score == Decimal("81.20")
    assert catalogue_scores(today).rows["A08"].score == Decimal("55.00")


@pytest.mark.parametrize(("rank", "out_of", "field"), [(None, None, "score"), (103, 102, "rank")])
def test_official_result_needs_a_figure_that_can_be(office, now, rank, out_of, field):
    with pytest.raises(InvalidInput) as refusal:
        record_official_score(OfficialResult(2025, "河南省", rank=rank, out_of=out_of), actor=office, now=now)
    assert refusal.value.errors[0]["field"] == field
