"""The REST door of units and of the leading group (api.md)."""

import pytest

from core import clock
from departments.models import Department
from departments.services import load_departments
from tests.factories.departments import make_department, make_member

pytestmark = pytest.mark.django_db
URL = "/api/v1/departments/"


@pytest.fixture
def api(office, api_for):
    return api_for(office)


@pytest.fixture
def keeper(sysadmin, api_for):
    return api_for(sysadmin)


def codes(response):
    return [row["code"] for row in response.json()["results"]]


def test_list_is_paged_in_official_order(api):
    load_departments(now=clock.now())
    first = api.get(URL, {"count": "true"}).json()
    assert (first["count"], len(first["results"])) == (68, 50)
    assert [row["code"] for row in first["results"][:3]] == ["scjgj", "rsj", "zjj"]
    assert first["previous"] is None
    assert len(api.get(first["next"]).json()["results"]) == 18


def test_row_holds_the_contract(api, department):
    (row, _) = api.get(URL).json()["results"]
    assert row == {
        "code": "zjj",
        "name": "西平县住房和城乡建设局",
        "short_name": "县住建局",
        "aliases": [],
        "kind": "county",
        "kind_label": "县直部门",
        "instrument": "order",
        "instrument_label": "督办单",
        "official_order": 3,
        "office_phone": "",
        "valid_from": None,
        "valid_to": None,
        "successor": None,
        "head_approval": True,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "建委"}, ["zjj"]),
        ({"search": "县 财政"}, ["czj"]),
        ({"kind": "vertical"}, []),
        ({"valid": "false"}, ["old"]),
        ({"ordering": "code"}, ["czj", "old", "ysb", "zjj"]),
        ({"ordering": "-official_order", "valid": "true"}, ["ysb", "czj", "zjj"]),
        ({"page_size": "1"}, ["zjj"]),
    ],
)
def test_list_is_searched_filtered_ordered(api, department, other_department, query, found):
    Department.objects.filter(pk=department.pk).update(aliases=["建委"])
    make_department("old", official_order=99, valid_to="2020-01-01", successor=department)
    assert codes(api.get(URL, query)) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [({"colour": "red"}, "colour"), ({"ordering": "phone"}, "ordering"), ({"kind": "bureau"}, "kind")],
)
def test_list_names_what_it_does_not_know(api, query, field):
    response = api.get(URL, query)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)


def test_list_and_row_are_not_sent_twice(api, department):
    for url in (URL, f"{URL}zjj/"):
        tag = api.get(url)["ETag"]
        assert api.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("rows", [2, 20])
def test_list_costs_one_query_whatever_its_length(api, office, rows, django_assert_num_queries):
    for number in range(rows):
        make_department(f"u{number}", successor=None)
    assert office.roles  # asked once a request, remembered here
    with django_assert_num_queries(1):
        api.get(URL)


def test_row_tells_its_history_and_the_callers_acts(keeper, api, department):
    department.former_names.create(name="西平县建设委员会", short_name="县建委", until="2015-06-30")
    make_department("old", valid_to="2020-01-01", successor=department)
    row = keeper.get(f"{URL}zjj/").json()
    assert row["former_names"] == [{"name": "西平县建设委员会", "short_name": "县建委", "until": "2015-06-30"}]
    assert row["predecessors"] == ["old"]
    assert row["actions"] == ["update", "rename", "move", "close", "set_head_approval"]
    assert api.get(f"{URL}zjj/").json()["actions"] == []
    assert api.get(f"{URL}none/").status_code == 404


def test_everybody_signed_in_reads_and_nobody_else(api_for, reporter, auditor, client, department):
    assert api_for(reporter).get(URL).status_code == 200
    assert api_for(auditor).get(f"{URL}zjj/").status_code == 200
    assert client.get(URL).status_code == 401


# --- Writes ----------------------------------------------------------------------------------------------


def test_keeper_creates_and_changes_units(keeper, department, other_department):
    new = {"code": "sjj", "name": "西平县审计局", "short_name": "县审计局", "kind": "county", "aliases": ["审计"]}
    assert keeper.post(URL, new, format="json").status_code == 201
    assert keeper.patch(f"{URL}sjj/", {"office_phone": "0396-6222000"}, format="json").json()["aliases"] == ["审计"]
    renamed = keeper.post(
        f"{URL}zjj/rename/", {"name": "西平县建设局", "short_name": "县建设局", "on": "2026-07-01"}, format="json"
    )
    assert renamed.json()["former_names"][0]["until"] == "2026-06-30"
    assert keeper.post(f"{URL}czj/move/", {"official_order": 1}, format="json").json()["official_order"] == 1
    closed = keeper.post(
        f"{URL}zjj/close/", {"on": "2026-11-30", "successor": "czj", "purpose": "改革"}, format="json"
    ).json()
    assert (closed["valid_to"], closed["successor"], "close" in closed["actions"]) == ("2026-11-30", "czj", False)


@pytest.mark.parametrize(
    ("act", "body", "status", "field"),
    [
        ("rename", {}, 400, "name"),
        ("rename", {"name": "甲", "short_name": "乙", "on": "2999-01-01"}, 400, "on"),
        ("rename", {"name": "西平县住房和城乡建设局", "short_name": "县住建局", "on": "2026-07-01"}, 409, None),
        ("close", {"on": "2026-11-30"}, 400, "purpose"),
        ("close", {"on": "2026-11-30", "purpose": "改革", "successor": "none"}, 400, "successor"),
        ("close", {"on": "2026-11-30", "purpose": "改革", "successor": "zjj"}, 409, None),
        ("move", {"official_order": 0}, 400, "official_order"),
        ("move", {"official_order": "first"}, 400, "official_order"),
    ],
)
def test_wrong_acts_are_refused(keeper, department, act, body, status, field):
    response = keeper.post(f"{URL}zjj/{act}/", body, format="json")
    assert response.status_code == status
    assert [error["field"] for error in response.json()["errors"]][:1] == ([field] if field else [])


def test_change_of_an_old_version_is_refused(keeper, department):
    tag = keeper.get(f"{URL}zjj/")["ETag"]
    body = {"kind": "park"}
    assert keeper.patch(f"{URL}zjj/", body, format="json", headers={"If-Match": tag}).status_code == 200
    assert keeper.patch(f"{URL}zjj/", body, format="json", headers={"If-Match": tag}).status_code == 412


def test_writes_are_the_keepers(api, department):
    assert api.post(URL, {}, format="json").status_code == 403
    for act in ("rename", "close", "move", "set_head_approval"):
        body = {"head_approval": False} if act == "set_head_approval" else {}
        assert api.post(f"{URL}zjj/{act}/", body, format="json").status_code == 403


def test_head_switches_the_own_units_approval(api_for, head, department, other_department):
    body = {"head_approval": False}
    assert api_for(head).post(f"{URL}zjj/set_head_approval/", body, format="json").json()["head_approval"] is False
    assert api_for(head).post(f"{URL}czj/set_head_approval/", body, format="json").status_code == 403


def test_leading_group_is_kept_by_the_office(api, api_for, reporter, sysadmin, department):
    new = {"name": "组长甲", "job_title": "县长", "position": "head", "valid_from": "2026-01-01", "department": "zjj"}
    url = "/api/v1/leading-group/"
    row = api.post(url, new, format="json").json()
    assert (row["position_label"], row["department"], row["actions"]) == ("组长", "zjj", ["change", "end"])
    assert api.post(url, new, format="json").status_code == 409
    changed = api.patch(f"{url}{row['id']}/", {"fields_in_charge": "全面工作"}, format="json").json()
    assert (changed["fields_in_charge"], changed["job_title"]) == ("全面工作", "县长")
    ended = api.post(f"{url}{row['id']}/end/", {"valid_to": "2026-11-01"}, format="json").json()
    assert (ended["valid_to"], ended["actions"]) == ("2026-11-01", [])
    assert [member["name"] for member in api_for(reporter).get(url).json()["results"]] == ["组长甲"]
    assert api_for(reporter).post(url, new, format="json").status_code == 403
    assert api_for(sysadmin).get(url).status_code == 403


def test_leading_group_costs_one_query_whatever_its_length(api, office, department, django_assert_num_queries):
    assert office.roles
    for number in range(20):
        make_member(f"成员{number}", department=department)
        if number in (1, 19):
            with django_assert_num_queries(1):
                api.get("/api/v1/leading-group/")
