"""The office's acts on the pages: done with the service, refused at the field with everything typed kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from indicators.models import Assignment, Indicator, IndicatorSet, Measure, Observation, OfficialScore, Standard
from indicators.services.sets import copy_set
from tests.factories.indicators import assign, make_evidence, make_indicator, set_standard

A08, LEAF = "/indicators/A08/", "/indicators/A08.2/"


def queries_of(browser, address: str) -> int:
    """Return how many queries the page at ``address`` costs."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def browser(client_for, office):
    return client_for(office)


def test_standard_is_added_from_the_page(days, browser):
    data = {"kind": "frontier", "value": "３", "place": "某县", "effective_from": "2026-01-01", "checked": "on"}
    answer = browser.post(f"{LEAF}standards/add/", data)
    assert (answer.status_code, answer["Location"]) == (302, LEAF)
    row = Standard.objects.get(place="某县")
    assert (row.value, row.unit, row.checked_on) == (3, "天", clock.today())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "三天"}, "“三天”不是数字，请只填数字，不带单位"),
        ({"value": "1.23456"}, "最多 4 位小数"),
        ({"kind": "frontier", "statutory_until": "2027-01-01"}, "只有法定时限有依据有效期"),
        ({"effective_from": "2026-13-01"}, "有效的日期"),
    ],
)
def test_wrong_standard_is_refused_at_its_field_and_what_was_typed_is_kept(days, browser, changes, sentence):
    before = Standard.objects.count()
    data = {"kind": "target", "value": "5", "place": "某县某镇", "effective_from": "2026-01-01"} | changes
    answer = browser.post(f"{LEAF}standards/add/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "某县某镇" in page
    assert Standard.objects.count() == before


def test_standard_is_marked_as_checked(days, browser, office):
    standard = days.standards.first()
    assert browser.post(f"{LEAF}standards/{standard.pk}/check/").status_code == 302
    standard.refresh_from_db()
    assert standard.checked_by == office
    assert browser.post(f"{LEAF}standards/999/check/").status_code == 404


def test_baseline_as_worst_for_one_and_for_all(gas, browser):
    for code in ("A08.3", "A08.4"):
        set_standard(make_indicator(code, parent=gas), "baseline", 9)
    page = browser.get("/indicators/setup/")
    assert page.context["baseline_count"] == 2
    assert browser.post("/indicators/A08.3/standards/baseline-as-worst/", {"next": "/indicators/setup/"})[
        "Location"
    ] == ("/indicators/setup/")
    assert browser.post("/indicators/setup/baseline-as-worst/").status_code == 302
    assert Standard.objects.filter(origin="self_set").count() == 2
    assert browser.post("/indicators/A08.3/standards/baseline-as-worst/").status_code == 409


def test_lead_is_handed_over_and_people_are_named(gas, browser, other_department, stranger, department):
    data = {"department": other_department.pk, "role": "lead", "valid_from": str(clock.today())}
    assert browser.post(f"{A08}assignments/add/", data).status_code == 302
    duty = Assignment.objects.get(valid_to=None)
    assert duty.department == other_department
    people = f"{A08}assignments/{duty.pk}/people/"
    assert [person for person, _ in browser.get(people).context["form"].fields["reporter"].choices][1:] == [stranger.pk]
    assert browser.post(people, {"county_leader": "分管副县长", "reporter": stranger.pk}).status_code == 302
    page = browser.get(A08).content.decode()
    assert "分管副县长" in page
    assert "以前的分工" in page


def test_assisting_duty_is_ended_from_the_page(gas, browser, other_department):
    duty = assign(gas, other_department, role="assist")
    assert browser.post(f"{A08}assignments/{duty.pk}/end/").status_code == 302
    lead = Assignment.objects.get(role="lead")
    assert browser.post(f"{A08}assignments/{lead.pk}/end/").status_code == 409


def test_measure_is_added_noted_and_done(gas, browser, client_for, reporter, department):
    data = {"text": "推行零跑腿", "department": department.pk, "due_on": "2026-12-31"}
    assert browser.post(f"{A08}measures/add/", data).status_code == 302
    measure = Measure.objects.get()
    note = f"{A08}measures/{measure.pk}/note/"
    assert client_for(reporter).post(note, {"text": "已上线"}).status_code == 302
    assert client_for(reporter).post(f"{A08}measures/{measure.pk}/done/").status_code == 403
    assert browser.post(f"{A08}measures/{measure.pk}/done/").status_code == 302
    assert browser.post(f"{A08}measures/{measure.pk}/forgotten/").status_code == 400
    assert "已上线" in browser.get(A08).content.decode()


def test_value_is_corrected_with_evidence(days, browser, office):
    evidence = make_evidence(office)
    data = {"value": "5", "as_of": str(clock.today()), "reason": "统计口径更正"}
    refused = browser.post(f"{LEAF}correct/", data)
    assert refused.status_code == 422
    assert "更正数值请附 1 份佐证材料" in refused.content.decode()
    assert browser.post(f"{LEAF}correct/", data | {"evidence": [evidence.pk]}).status_code == 302
    assert Observation.objects.unscoped("test").get(source="correction").value == 5
    page = browser.get(LEAF).content.decode()
    assert "更正数值：6 → 5" in page
    assert "统计口径更正" in page


def test_correction_out_of_range_names_field_and_range(days, browser, office):
    data = {"value": "400", "as_of": str(clock.today()), "reason": "x", "evidence": [make_evidence(office).pk]}
    answer = browser.post(f"{LEAF}correct/", data)
    assert answer.status_code == 422
    assert "报装时间应在 0 到 365 之间" in answer.content.decode()


def test_indicator_is_edited_and_a_stale_form_is_refused(days, browser):
    data = browser.get(f"{LEAF}edit/").context["form"].initial
    data = {name: "" if value is None else value for name, value in data.items()}
    data |= {
        "aliases": "报装时长\n通气时间",
        "evidence_checklist": "",
        "dimension": "life_cycle",
        "version": days.version,
    }
    assert browser.post(f"{LEAF}edit/", data).status_code == 302
    assert Indicator.objects.get(code="A08.2").aliases == ["报装时长", "通气时间"]
    assert browser.post(f"{LEAF}edit/", data).status_code == 409


def test_indicator_is_taken_out_and_back(gas, browser):
    assert browser.post(f"{LEAF}applicable/", {"reason": ""}).status_code == 422
    assert browser.post(f"{LEAF}applicable/", {"reason": "本县没有"}).status_code == 302
    assert "不适用" in browser.get(LEAF).content.decode()
    assert browser.post(f"{LEAF}applicable/", {"reason": "已有"}).status_code == 302
    assert Indicator.objects.get(code="A08.2").applicable


def test_constraint_is_proposed_approved_and_lifted(gas, browser, client_for, office_lead):
    lead = client_for(office_lead)
    data = {"reason": "管网未到", "expires_on": "2099-12-31"}
    assert browser.post(f"{A08}constraint/", data).status_code == 302
    assert browser.post(f"{A08}constraint/approve/").status_code == 403
    assert lead.post(f"{A08}constraint/approve/").status_code == 302
    assert "管网未到" in browser.get(A08).content.decode()
    assert lead.post(f"{A08}constraint/lift/", {"reason": "已通气"}).status_code == 302
    assert Indicator.objects.get(code="A08").constraint_reason == ""


def test_next_years_set_is_copied_changed_and_activated(gas, browser):
    year = clock.today().year + 1
    data = {"year": year, "name": f"{year}年体系", "activates_on": f"{year}-01-01"}
    assert browser.post("/indicators/sets/copy/", data).status_code == 302
    assert browser.post("/indicators/sets/copy/", data).status_code == 422
    row = IndicatorSet.objects.get(active=False)
    address = f"/indicators/sets/{row.pk}/prepare/"
    data = browser.get(address).context["form"].initial
    assert browser.post(address, data | {"activates_on": "2020-01-01"}).status_code == 422
    assert browser.post(address, data | {"activates_on": str(clock.today())}).status_code == 302
    assert browser.post(f"/indicators/sets/{row.pk}/activate/").status_code == 302
    assert browser.post(f"/indicators/sets/{row.pk}/activate/").status_code == 409
    assert browser.get(LEAF).context["row"].value_text == "6 天"


def test_official_result_is_recorded_and_shown_apart(gas, browser):
    address = "/indicators/sets/official/"
    data = {"indicator": gas.pk, "year": 2025, "issuer": "河南省", "score": "81.2", "rank": "40", "out_of": "102"}
    assert browser.post(address, data | {"score": "", "rank": ""}).status_code == 422
    assert browser.post(address, data).status_code == 302
    assert OfficialScore.objects.get().score == Decimal("81.20")
    assert "2025 年 河南省" in browser.get(A08).content.decode()


def test_opening_the_page_marks_its_message_read(gas, browser, client_for, office_lead):
    browser.post(f"{A08}constraint/", {"reason": "管网未到", "expires_on": "2099-12-31"})
    client_for(office_lead).get(A08)
    assert not office_lead.messages.unscoped("test").filter(read_at=None).exists()


def test_queries_of_the_pages_do_not_grow_with_rows(gas, days, browser, reporter):
    addresses = (
        *("/indicators/", A08, LEAF, "/indicators/frontier/", "/indicators/setup/"),
        *("/indicators/evidence/", "/indicators/cases/", "/indicators/sets/"),
    )
    make_evidence(reporter)
    for address in addresses:
        browser.get(address)  # what is read once per process is read now
    few = {address: queries_of(browser, address) for address in addresses}
    for number in range(20):
        leaf = make_indicator(f"A08.{number + 3}", parent=gas)
        set_standard(leaf, "worst", 9)
        set_standard(leaf, "frontier", 4)
        make_evidence(reporter, f"佐证 {number}")
        set_standard(days, "target", number, effective_from=date(2026, 1, 1 + number))
    assert {address: queries_of(browser, address) for address in addresses} == few


def test_prepared_set_is_edited_without_touching_the_one_in_use(gas, days, browser, office, now, other_department):
    year = copy_set(gas.indicator_set, year=2050, name="新", activates_on=date(2050, 1, 1), actor=office, now=now)
    page = browser.get("/indicators/?set=2050")
    assert "这是尚未启用的新" in page.content.decode()
    assert f"{LEAF}?set=2050" in page.content.decode()
    add = f"/indicators/sets/{year.pk}/indicators/add/"
    new = {"code": "A08.9", "name": "报装满意率", "unit": "%", "direction": "higher", "weight": "1"}
    assert browser.post(add, new)["Location"] == "/indicators/A08.9/?set=2050"
    assert browser.post(add, new).status_code == 422
    assert browser.get(LEAF + "?set=2050").status_code == 200
    duty = {"department": other_department.pk, "role": "lead", "valid_from": str(clock.today())}
    assert browser.post(f"{A08}assignments/add/?set=2050", duty)["Location"] == f"{A08}?set=2050"
    assert browser.post(f"{LEAF}remove/?set=2050")["Location"] == "/indicators/?set=2050"
    assert browser.post(f"{LEAF}remove/").status_code == 409
    assert browser.get("/indicators/A08.9/").status_code == 404
    assert browser.get(A08).context["row"].lead.code == "zjj"
    assert sorted(year.indicators.values_list("code", flat=True)) == ["A08", "A08.1", "A08.9"]
