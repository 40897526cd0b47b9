"""Who may open which page of the catalogue, and what stands on it."""

import io

import pytest
from openpyxl import load_workbook

from tests.factories.indicators import assign, link_evidence, make_evidence, observe

EVERY_BUSINESS_ROLE = ("office", "office_lead", "signer", "leader", "inspector", "reporter", "head", "stranger")
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
OFFICE = ("office", "office_lead")

OPEN_PAGES = ("/indicators/", "/indicators/A08/", "/indicators/A08.2/", "/indicators/frontier/")
DEPARTMENTAL_PAGES = ("/indicators/evidence/", "/indicators/cases/")
OFFICE_PAGES = (
    "/indicators/setup/",
    "/indicators/sets/",
    "/indicators/sets/copy/",
    "/indicators/sets/official/",
    "/indicators/A08.2/edit/",
    "/indicators/A08.2/correct/",
    "/indicators/A08.2/applicable/",
    "/indicators/A08.2/standards/add/",
    "/indicators/A08/assignments/add/",
    "/indicators/A08/measures/add/",
    "/indicators/A08/constraint/",
)


@pytest.mark.parametrize("person", EVERY_BUSINESS_ROLE)
@pytest.mark.parametrize("address", [*OPEN_PAGES, *DEPARTMENTAL_PAGES])
def test_catalogue_is_open_to_every_business_role(gas, client_for, request, person, address):
    assert client_for(request.getfixturevalue(person)).get(address).status_code == 200


@pytest.mark.parametrize("person", ADMINISTRATORS)
@pytest.mark.parametrize("address", [*OPEN_PAGES, *DEPARTMENTAL_PAGES, *OFFICE_PAGES])
def test_administrators_see_no_business_data(gas, client_for, request, person, address):
    assert client_for(request.getfixturevalue(person)).get(address).status_code == 403


@pytest.mark.parametrize(
    ("person", "status"), [("office", 200), ("office_lead", 200), ("reporter", 403), ("leader", 403)]
)
@pytest.mark.parametrize("address", OFFICE_PAGES)
def test_keeping_the_catalogue_is_the_offices(gas, client_for, request, person, status, address):
    assert client_for(request.getfixturevalue(person)).get(address).status_code == status


@pytest.mark.parametrize("address", [*OPEN_PAGES, *OFFICE_PAGES])
def test_nobody_anonymous_gets_in(gas, client, address):
    assert client.get(address).status_code == 302


def test_unknown_indicator_is_404_before_403(gas, client_for, reporter):
    assert client_for(reporter).get("/indicators/A99/edit/").status_code == 404


def test_empty_installation_shows_pages_without_catalogue(client_for, office):
    client = client_for(office)
    for address in ("/indicators/", "/indicators/frontier/", "/indicators/setup/", "/indicators/sets/"):
        assert client.get(address).status_code == 200


def test_list_says_what_is_a_reconstruction_and_whether_the_first_level_is_complete(gas, client_for, reporter):
    page = client_for(reporter).get("/indicators/").content.decode()
    assert "一级 1 项（应有 1 项），其下 2 项" in page
    assert "牵头、配合单位均为按公开资料整理的推定" in page
    assert "还差 2 天" not in page  # tables shorten
    assert "差 2 天" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?level=1", 1),
        ("?level=nonsense", 3),
        ("?lead=zjj", 3),
        ("?lead=czj", 0),
        ("?light=serious", 3),
        ("?light=ok", 0),
        ("?search=时间", 1),
        ("?search=住建", 3),
        ("?dimension=credit", 0),
        ("?mine=1", 3),
    ],
)
def test_list_is_narrowed_by_the_address(gas, client_for, reporter, query, found):
    response = client_for(reporter).get(f"/indicators/{query}")
    assert response.context["found"] == found


def test_list_shows_what_is_above_a_found_row(gas, client_for, office):
    page = client_for(office).get("/indicators/?search=报装时间")
    assert [row.code for row in page.context["rows"]] == ["A08", "A08.2"]


def test_detail_shows_score_formula_gap_standards_and_history(gas, client_for, stranger):
    page = client_for(stranger).get("/indicators/A08.2/").content.decode()
    for words in ("60.00", "（6 − 9）÷（4 − 9）× 100 = 60.00", "还差 2 天", "前沿值", "查看数据表", "2020-01-01"):
        assert words in page


def test_detail_of_a_parent_draws_the_leaf_with_the_main_gap_or_the_one_asked_for(gas, client_for, office):
    client = client_for(office)
    assert client.get("/indicators/A08/").context["charted"]["leaf"].code == "A08.1"
    assert client.get("/indicators/A08/?leaf=A08.2").context["charted"]["leaf"].code == "A08.2"


@pytest.mark.parametrize(
    ("person", "sees"),
    [("office", True), ("leader", True), ("reporter", True), ("head", True), ("stranger", False)],
)
def test_evidence_on_the_page_is_for_those_who_answer_or_see_all(gas, client_for, reporter, request, person, sees):
    link_evidence(make_evidence(reporter), gas)
    page = client_for(request.getfixturevalue(person)).get("/indicators/A08/").content.decode()
    assert ("燃气报装办事案例" in page) is sees


def test_evidence_follows_the_duty(gas, client_for, reporter, stranger, other_department):
    link_evidence(make_evidence(reporter), gas)
    assert "燃气报装办事案例" not in client_for(stranger).get("/indicators/A08/").content.decode()
    assign(gas, other_department, role="assist")
    assert "燃气报装办事案例" in client_for(stranger).get("/indicators/A08/").content.decode()


@pytest.mark.parametrize(
    ("person", "acts"),
    [
        ("office", ["更正数值", "登记标准值", "修改", "设为不适用", "客观制约"]),
        ("reporter", []),
        ("leader", []),
    ],
)
def test_acts_offered_are_those_the_person_may_do(days, client_for, request, person, acts):
    page = client_for(request.getfixturevalue(person)).get("/indicators/A08.2/")
    assert [act["label"] for act in page.context["actions"]] == acts


def test_export_holds_what_the_page_lists(gas, client_for, reporter):
    response = client_for(reporter).get("/indicators/export/?search=报装时间")
    workbook = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    response.close()
    rows = list(workbook.active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["代码", "A08.2"]
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["当前值"], cells["前沿值"], cells["自评分"], cells["差距"]) == (6, 4, 60, "还差 2 天")


@pytest.mark.parametrize(("person", "sees"), [("reporter", True), ("office", True), ("stranger", False)])
def test_value_under_review_is_shown_to_those_who_answer_or_see_all(days, client_for, request, person, sees):
    observe(days, 5, standing="pending", accepted_at=None)
    client = client_for(request.getfixturevalue(person))
    for address in ("/indicators/A08/", "/indicators/A08.2/"):
        assert ("待采纳 5 天" in client.get(address).content.decode()) is sees
