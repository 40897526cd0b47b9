"""总览: tiles, reasons, causes, who has not reported; per role; at a fixed number of queries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import DailyReport, ReportValue
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.scores import catalogue_scores
from overview.selectors import dashboard
from tests.factories.indicators import assign, make_indicator, make_set, observe, set_standard

NOW = datetime(2026, 10, 12, 2, 40, tzinfo=UTC)
TODAY = date(2026, 10, 12)
D = Decimal


def scored(code, score, *, department=None, dimension="life_cycle", before=None, **fields):
    """Create a first-level row with one leaf that scores ``score`` (worst 0, frontier 100)."""
    first = make_indicator(code, dimension=dimension, **fields)
    leaf = make_indicator(f"{code}.1", parent=first, unit="%", direction="higher")
    if department is not None:
        assign(first, department)
    if score is not None:
        set_standard(leaf, "worst", 0)
        set_standard(leaf, "frontier", 100)
        if before is not None:
            observe(leaf, before, as_of=TODAY - timedelta(days=30))
        observe(leaf, score, as_of=TODAY - timedelta(days=1), accepted_at=NOW - timedelta(hours=2))
    return first


@pytest.fixture
def catalogue(department, other_department):
    make_set()
    gas = scored("A08", 72, department=department, before=70)
    scored("A14", 97, department=other_department)
    scored("A17", 60, department=other_department, dimension="regulation")
    scored("A28", None, department=other_department, dimension="credit")
    return gas


def sheet():
    return catalogue_scores(TODAY, NOW, weeks=8)


def test_tiles_stand_by_dimension_with_their_mean(catalogue):
    groups = dashboard.tiles_by_dimension(sheet())
    assert [(group.name, len(group.rows), group.mean, group.columns) for group in groups] == [
        ("企业全生命周期", 2, D("84.50"), 2),
        ("监管与服务", 1, D("60.00"), 1),
        ("信用法治与信心", 1, None, 1),
    ]


def test_summary_counts_how_the_rows_stand(catalogue):
    summary = dashboard.summary_of(sheet())
    assert (summary.applicable, summary.scored, summary.good, summary.weak, summary.serious) == (4, 3, 1, 2, 1)


def test_weak_spots_are_lowest_first_with_reason_and_what_there_is_to_gain(catalogue):
    spots = dashboard.weak_spots(sheet(), without_evidence=frozenset({"A08"}))
    assert [(spot.row.code, spot.reason, spot.potential) for spot in spots] == [
        ("A17", "工作滞后", D("13.33")),
        ("A08", "佐证缺", D("9.33")),
    ]


def test_constrained_rows_leave_the_list_of_weak_spots_and_stay_visible(catalogue, office_lead):
    catalogue.constraint_reason = "管网未通"
    catalogue.constraint_approved_by = office_lead
    catalogue.constraint_expires_on = TODAY + timedelta(days=30)
    catalogue.save()
    result = sheet()
    assert [spot.row.code for spot in dashboard.weak_spots(result, without_evidence=frozenset())] == ["A17"]
    assert [row.code for row in dashboard.constrained(result)] == ["A08"]


def test_causes_keep_their_sum_when_the_small_ones_are_folded(catalogue):
    result = sheet()
    causes = dashboard.causes_of(result)
    assert sum(cause.effect for cause in causes.main) + causes.others_effect == sum(c.effect for c in result.causes)
    assert len(causes.main) <= dashboard.MOST_CAUSES + 1


def test_codes_without_evidence_are_those_that_still_owe_it(catalogue, department):
    report = DailyReport.objects.create(
        indicator=catalogue,
        department=department,
        date=TODAY,
        status="reported",
        saved_at=NOW,
        submitted_at=NOW,
        reported_at=NOW,
    )
    leaf = catalogue.descendants.get(code="A08.1")
    ReportValue.objects.create(report=report, indicator=leaf, text="72", value=72, as_of=TODAY, evidence_later=True)
    assert dashboard.codes_without_evidence(TODAY, times=dispatch_times()) == {"A08"}


def test_reporting_of_day_is_ones_own_for_a_unit_and_everybodys_for_the_office(catalogue, office, reporter):
    everybody = dashboard.reporting_of_day(office, now=NOW)
    assert (everybody.tally.expected, everybody.left) == (4, 4)
    assert [row["short_name"] for row in everybody.owing] == ["县住建局", "县财政局"]
    own = dashboard.reporting_of_day(reporter, now=NOW)
    assert [row["short_name"] for row in own.owing] == ["县住建局"]
    assert own.words == "应报 1 项，已报 0 项，未报 1 项"


def test_page_without_a_catalogue_says_what_to_do(db, client_for, office):
    assert "还没有启用的指标体系" in client_for(office).get("/dashboard/").content.decode()


def test_page_says_insufficient_instead_of_a_score(catalogue, client_for, leader):
    page = client_for(leader).get("/").content.decode()
    assert "非省评结果" in page
    assert "综合自评分" in page
    assert "数据不足（0/1）" in page
    assert "得分为什么变" in page


@pytest.mark.parametrize("person, status", [("leader", 200), ("reporter", 200), ("sysadmin", 403), ("auditor", 403)])
def test_page_is_for_business_roles(catalogue, request, client_for, person, status):
    assert client_for(request.getfixturevalue(person)).get("/dashboard/").status_code == status


def test_page_costs_the_same_for_2_and_20_rows(department, client_for, office):
    make_set()
    for number in range(2):
        scored(f"B{number:02}", 80, department=department)
    client = client_for(office)
    client.get("/dashboard/")  # the first request of a process reads the calendar
    few = count_queries(client)
    for number in range(2, 20):
        scored(f"B{number:02}", 80, department=department)
    assert count_queries(client) == few


def count_queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/dashboard/").status_code == 200
    return len(queries)
