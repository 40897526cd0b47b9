"""``indicators/`` and ``scores/`` as the contract names them (api.md)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from indicators.models import Indicator
from indicators.services import sets
from tests.factories.indicators import assign, make_evidence, make_indicator, observe, set_standard
from tests.factories.indicators import link_evidence as link

LIST = "/api/v1/indicators/"


@pytest.fixture
def api(api_for, stranger):
    """Return a client of a reporter who has nothing to do with A08."""
    return api_for(stranger)


def test_list_has_every_field_of_the_contract(gas, days, api, department, other_department):
    assign(gas, other_department, role="assist")
    set_standard(days, "target", 5, place="县")
    set_standard(days, "baseline", 9)
    set_standard(days, "statutory", 5, unit="工作日", statutory_until=date(2026, 2, 28))
    answer = api.get(f"{LIST}?count=true").json()
    assert [row["code"] for row in answer["results"]] == ["A08", "A08.1", "A08.2"]
    assert answer["count"] == 3
    leaf = answer["results"][2]
    assert {
        name: leaf[name]
        for name in (
            *("name", "level", "parent", "unit", "direction", "weight", "lead", "assist", "current", "baseline"),
            *("worst", "target", "statutory", "gap", "gap_text", "score", "coverage", "sufficient", "light"),
        )
    } == {
        "name": "报装时间",
        "level": 2,
        "parent": "A08",
        "unit": "天",
        "direction": "lower",
        "weight": "1",
        "lead": "zjj",
        "assist": ["czj"],
        "current": {"value": "6", "as_of": "2020-01-01"},
        "baseline": "9",
        "worst": "9",
        "target": "5",
        "statutory": "5",
        "gap": "2",
        "gap_text": "还差 2 天",
        "score": "60.00",
        "coverage": "1.0000",
        "sufficient": True,
        "light": "serious",
    }
    assert (leaf["frontier"]["value"], leaf["frontier"]["unit"], leaf["frontier"]["comparable"]) == ("4", "天", True)
    assert leaf["statutory_detail"]["note"] == "依据已废止，待核；口径不同，不比"
    first = answer["results"][0]
    assert (first["score"], first["gap"], first["gap_text"]) == ("55.00", None, "报装环节还差 1 个")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("level=1", ["A08"]),
        ("parent=A08", ["A08.1", "A08.2"]),
        ("lead=zjj", ["A08", "A08.1", "A08.2"]),
        ("lead=czj", []),
        ("assist=czj", []),
        ("light=serious&level=2", ["A08.1", "A08.2"]),
        ("light=ok", []),
        ("applicable=true", ["A08", "A08.1", "A08.2"]),
        ("applicable=false", []),
        ("search=报装 时间", ["A08.2"]),
        ("set=2026", ["A08", "A08.1", "A08.2"]),
        ("set=2027", []),
        ("ordering=-code", ["A08.2", "A08.1", "A08"]),
    ],
)
def test_list_filters(gas, api, query, codes):
    assert [row["code"] for row in api.get(f"{LIST}?{query}").json()["results"]] == codes


@pytest.mark.parametrize(
    ("query", "field"),
    [("level=9", "level"), ("light=green", "light"), ("set=latest", "set"), ("ordering=gap", "ordering"), ("x=1", "x")],
)
def test_list_refuses_what_it_does_not_understand_by_name(gas, api, query, field):
    answer = api.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_list_pages_by_cursor(gas, api):
    first = api.get(f"{LIST}?page_size=2").json()
    second = api.get(first["next"]).json()
    codes = [row["code"] for row in first["results"] + second["results"]]
    assert (codes, second["next"]) == (["A08", "A08.1", "A08.2"], None)


def test_list_of_a_prepared_set_is_that_sets(gas, api, office, now):
    sets.copy_set(gas.indicator_set, year=2027, name="新", activates_on=date(2027, 1, 1), actor=office, now=now)
    answer = api.get(f"{LIST}?set=2027").json()["results"]
    assert (len(answer), answer[0]["current"]) == (3, None)


def test_a_page_with_a_next_one_is_304_later_too(gas, days, api, monkeypatch):
    address = f"{LIST}?page_size=1"
    first = api.get(address)
    assert first.json()["next"]
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4_000_000_000)
    assert api.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}A08/", f"{LIST}A08/standards/", f"{LIST}A08.2/series/", "/api/v1/scores/"]
)
def test_answers_are_304_while_nothing_changed(gas, days, api, address):
    first = api.get(address)
    again = api.get(address, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    set_standard(days, "frontier", 1)
    observe(days, 5, as_of=date(2026, 1, 1))
    Indicator.objects.filter(code="A08").update(name="获得燃气", version=2)
    if "standards" not in address:
        assert api.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_detail_has_words_people_and_children(gas, api, reporter):
    gas.assignments.update(reporter=reporter, county_leader="分管副县长")
    answer = api.get(f"{LIST}A08/").json()
    assert (answer["code"], answer["set"], answer["children"]) == ("A08", 2026, ["A08.1", "A08.2"])
    (duty,) = answer["assignments"]
    assert (duty["department"], duty["county_leader"], duty["reporter"]) == ("zjj", "分管副县长", reporter.name)


@pytest.mark.parametrize("path", ["", "series/", "standards/", "evidence/"])
def test_unknown_indicator_is_404(gas, api, path):
    assert api.get(f"{LIST}A99/{path}").status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}A08/", "/api/v1/scores/", f"{LIST}A08/evidence/"])
def test_administrators_and_the_anonymous_see_nothing(gas, api_for, client, sysadmin, path):
    assert api_for(sysadmin).get(path).status_code == 403
    assert client.get(path).status_code in (401, 403)


# --- series and standards --------------------------------------------------------------------------


def test_series_of_a_leaf_gives_values_with_the_score_of_their_day(days, api):
    set_standard(days, "frontier", 3, effective_from=date(2026, 6, 1))
    observe(days, 6, as_of=date(2026, 6, 1))
    observe(days, 5, as_of=date(2026, 7, 1))
    observe(days, 9, as_of=date(2026, 7, 1), standing="pending", accepted_at=None)
    assert api.get(f"{LIST}A08.2/series/").json() == [
        {"as_of": "2020-01-01", "value": "6", "score": "60.00"},
        {"as_of": "2026-06-01", "value": "6", "score": "50.00"},
        {"as_of": "2026-07-01", "value": "5", "score": "66.67"},
    ]
    assert [row["as_of"] for row in api.get(f"{LIST}A08.2/series/?period=202606").json()] == ["2026-06-01"]
    assert len(api.get(f"{LIST}A08.2/series/?from=2026-06-01&to=2026-07-01").json()) == 2


def test_series_runs_on_from_set_to_set(gas, days, api, office, now):
    year = sets.copy_set(gas.indicator_set, year=2027, name="新", activates_on=clock.today(), actor=office, now=now)
    sets.activate_set(year, actor=office, now=now)
    observe(year.indicators.get(code="A08.2"), 5, as_of=date(2026, 1, 1))
    assert [row["value"] for row in api.get(f"{LIST}A08.2/series/").json()] == ["6", "5"]


def test_series_as_csv(days, api):
    answer = api.get(f"{LIST}A08.2/series/?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines() == ["as_of,value,score", "2020-01-01,6,60.00"]


def test_series_of_a_parent_are_weekly_scores(gas, api):
    answer = api.get(f"{LIST}A08/series/").json()
    assert (len(answer), answer[-1]) == (13, {"as_of": str(clock.today()), "value": None, "score": "55.00"})
    assert api.get(f"{LIST}A08/series/?period=2035").json() == []


@pytest.mark.parametrize("query", ["format=xml", "period=soon", "from=2026-01-01", "until=2026"])
def test_series_refuses_strange_questions(days, api, query):
    assert api.get(f"{LIST}A08.2/series/?{query}").status_code == 400


def test_standards_say_which_is_in_force(days, api):
    set_standard(days, "frontier", 3, effective_from=date(2026, 6, 1), unit="工作日")
    set_standard(days, "frontier", 2, effective_from=date(2100, 1, 1))
    rows = [row for row in api.get(f"{LIST}A08.2/standards/").json() if row["kind"] == "frontier"]
    assert [(row["value"], row["in_force"], row["comparable"]) for row in rows] == [
        ("2", False, True),
        ("3", True, False),
        ("4", False, True),
    ]


@pytest.mark.parametrize(("person", "count"), [("office", 1), ("reporter", 1), ("stranger", 0)])
def test_evidence_of_an_indicator_as_far_as_one_may_see_it(days, api_for, reporter, request, person, count):
    link(make_evidence(reporter), days)
    answer = api_for(request.getfixturevalue(person)).get(f"{LIST}A08/evidence/")
    assert (answer.status_code, len(answer.json())) == (200, count)


# --- scores ----------------------------------------------------------------------------------------


def test_scores_have_total_coverage_rows_and_rank_change(gas, api):
    rival = make_indicator("A09", name="登记财产")
    set_standard(rival, "worst", 10)
    set_standard(rival, "frontier", 0)
    observe(rival, 9)
    today = clock.today()
    observe(rival, 0, as_of=today, accepted_at=clock.now())
    answer = api.get("/api/v1/scores/").json()
    assert (answer["on"], answer["total"], answer["coverage"], answer["sufficient"]) == (
        str(today),
        "77.50",
        "1.0000",
        True,
    )
    assert [(row["code"], row["score"], row["rank"], row["rank_change"]) for row in answer["rows"]] == [
        ("A08", "55.00", 2, -1),
        ("A09", "100.00", 1, 1),
    ]
    earlier = api.get(f"/api/v1/scores/?on={today - timedelta(days=1)}").json()
    assert Decimal(earlier["total"]) == Decimal("32.50")


@pytest.mark.parametrize("query", ["on=2999-01-01", "on=yesterday", "at=2026-01-01"])
def test_scores_refuse_days_that_cannot_be(gas, api, query):
    assert api.get(f"/api/v1/scores/?{query}").status_code == 400


def test_scores_before_a_catalogue_is_loaded_are_empty(db, api):
    answer = api.get("/api/v1/scores/").json()
    assert (answer["total"], answer["coverage"], answer["rows"]) == (None, None, [])


# --- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [LIST, f"{LIST}A08/", f"{LIST}A08.2/series/", f"{LIST}A08/evidence/", "/api/v1/scores/", "/api/v1/evidence/"],
)
def test_queries_do_not_grow_with_rows(gas, days, api_for, office, reporter, address):
    api = api_for(office)
    link(make_evidence(reporter), days)
    link(make_evidence(reporter, "第二份"), days)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(address).status_code == 200
        return len(captured)

    queries()  # the calendar is read once
    few = queries()
    for number in range(20):
        leaf = make_indicator(f"A08.{number + 3}", parent=gas)
        set_standard(leaf, "worst", 9)
        observe(leaf, 5)
        observe(days, 5, as_of=date(2026, 1, 1 + number))
        link(make_evidence(reporter, f"佐证 {number}"), leaf)
    assert queries() == few
