"""The timeline of an indicator."""

from datetime import timedelta
from decimal import Decimal

import pytest

from indicators.models import DailyReport, ReportValue
from indicators.selectors.timeline import timeline_of
from indicators.services.daily_reports import accept_report, return_report
from indicators.services.evidence import link_evidence
from indicators.services.standards import Yardstick, add_standard
from tests.factories.indicators import make_evidence, make_indicator


@pytest.fixture
def report(gas, days, department, now, today):
    """Return a reported daily report that states 5 days for A08.2."""
    row = DailyReport.objects.create(
        indicator=gas,
        department=department,
        date=today,
        status="reported",
        saved_at=now,
        submitted_at=now,
        reported_at=now,
        first_reported_at=now,
    )
    ReportValue.objects.create(report=row, indicator=days, text="5", value=Decimal(5), as_of=today)
    return row


def texts(indicator, user):
    return [event.text for event in timeline_of(user, indicator)]


def test_acts_on_the_indicator_are_told_to_everybody_newest_first(gas, days, office, stranger, now, today):
    for minutes, value in ((0, 3), (1, 2)):
        yardstick = Yardstick("frontier", Decimal(value), today, place="某县")
        add_standard(days, yardstick, actor=office, now=now + timedelta(minutes=minutes))
    told = timeline_of(stranger, gas)
    assert [event.text for event in told] == [
        "A08.2 登记标准值：前沿值 3 → 2 天，某县",
        "A08.2 登记标准值：前沿值 4 → 3 天，某县",
    ]
    assert [event.is_main for event in told] == [True, False]
    assert told[0].by == office.name


def test_reports_are_told_to_those_who_see_them_also_on_the_leaf_they_brought_news_of(
    gas, days, report, office, reporter, stranger, now
):
    accept_report(report, actor=office, now=now)
    for person, told in ((office, ["11月25日日调度：采纳"]), (reporter, ["11月25日日调度：采纳"]), (stranger, [])):
        assert texts(gas, person) == texts(days, person) == told
    assert texts(gas.children.get(code="A08.1"), office) == []


def test_refusal_is_an_alert_with_its_reason(gas, report, office, now):
    return_report(report, reason="缺佐证", actor=office, now=now)
    (event,) = timeline_of(office, gas)
    assert (event.text, event.is_alert) == ("11月25日日调度：退回补正（缺佐证）", True)


def test_evidence_is_told_only_to_those_who_see_it(gas, reporter, stranger, now):
    link_evidence(make_evidence(reporter), indicators=[gas], actor=reporter, now=now)
    assert texts(gas, reporter) == ["A08 关联佐证：燃气报装办事案例"]
    assert texts(gas, stranger) == []


def test_other_indicators_are_not_told(gas, office, now, today):
    other = make_indicator("A080")
    add_standard(other, Yardstick("frontier", Decimal(1), today), actor=office, now=now)
    assert texts(gas, office) == []
