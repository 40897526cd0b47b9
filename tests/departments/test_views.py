"""The pages of units and of the leading group (domain §2)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from core.panels import _columns, register_column
from departments.models import Department, LeadingGroupMember
from departments.services import load_departments
from tests.factories.departments import make_department, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(sysadmin, client_for):
    return client_for(sysadmin)


@pytest.fixture
def desk(office, client_for):
    return client_for(office)


def text_of(response):
    return response.content.decode()


# --- The list ----------------------------------------------------------------------------------------


def test_list_follows_the_official_order(desk):
    load_departments(now=clock.now())
    html = text_of(desk.get("/departments/"))
    assert html.index("县市场监管局") < html.index("县人社局") < html.index("县财政局") < html.index("老王坡农场")
    assert "68 个" in html


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"search": "住建"}, "县住建局", "县财政局"),
        ({"kind": "vertical"}, "没有符合条件的单位", "县财政局"),
        ({"closed": "1"}, "县旧局", "县财政局"),
    ],
)
def test_list_is_filtered(desk, department, other_department, query, shown, hidden):
    make_department("old", short_name="县旧局", valid_to=date(2020, 1, 1), successor=department)
    html = text_of(desk.get("/departments/", query))
    assert shown in html
    assert hidden not in html


def test_upper_apps_add_columns_of_numbers(desk, department):
    register_column(Department, "牵头试", lambda user, keys: {department.pk: 7})
    try:
        html = text_of(desk.get("/departments/"))
    finally:
        del _columns[Department]["牵头试"]
    assert 'data-label="牵头试">7<' in html


def test_list_costs_the_same_for_2_and_20_units(desk):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/departments/").status_code == 200
        return len(queries)

    make_department("aj")
    few = [cost(), cost()][1]  # the first request of a process also fills its caches
    for number in range(18):
        make_department(f"u{number}")
    assert cost() == few


def test_export_holds_what_the_page_lists(desk, department, other_department):
    answer = desk.get("/departments/export/", {"search": "住建"})
    rows = list(load_workbook(BytesIO(answer.getvalue())).active.values)
    assert [row[0] for row in rows] == ["代码", "zjj"]


def test_list_is_for_those_who_read_units(reporter, auditor, inspector, client_for):
    assert client_for(inspector).get("/departments/").status_code == 200
    assert client_for(reporter).get("/departments/").status_code == 403
    assert client_for(auditor).get("/departments/").status_code == 403


# --- One unit ------------------------------------------------------------------------------------------


def test_detail_tells_the_history(desk, department, other_department):
    department.former_names.create(name="西平县建设委员会", short_name="县建委", until=date(2015, 6, 30))
    make_department("old", short_name="县旧局", valid_to=date(2020, 1, 1), successor=department)
    html = text_of(desk.get("/departments/zjj/"))
    assert "西平县建设委员会（县建委），用至2015年6月30日" in html
    assert "县旧局" in html
    assert "/departments/zjj/rename/" not in html
    assert desk.get("/departments/none/").status_code == 404


def test_detail_says_that_judicial_units_are_asked_by_letter(desk):
    make_department("rmfy", kind="judicial")
    assert "以函商请，不发督办单" in text_of(desk.get("/departments/rmfy/"))


def test_detail_offers_the_acts_of_the_keeper(browser, department):
    html = text_of(browser.get("/departments/zjj/"))
    for act in ("update", "rename", "move", "close", "head-approval"):
        assert f"/departments/zjj/{act}/" in html


# --- Acts ----------------------------------------------------------------------------------------------


def test_unit_is_added(browser):
    form = {
        "code": "sjj",
        "name": "西平县审计局",
        "short_name": "县审计局",
        "kind": "county",
        "aliases": "审计；审计局",
    }
    assert browser.post("/departments/add/", form)["Location"] == "/departments/sjj/"
    assert Department.objects.get(code="sjj").aliases == ["审计", "审计局"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": ""}, "请填写代码"),
        ({"code": "zjj"}, "代码 zjj 已被使用"),
        ({"short_name": "住建局"}, "与县住建局的名称或别名相同"),
        ({"name": "长" * 81}, "全称最多 80 个字"),
        ({"valid_from": "soon"}, "设立日期应写作"),
    ],
)
def test_wrong_unit_is_refused_with_everything_typed_kept(browser, department, change, sentence):
    form = {
        "code": "sjj",
        "name": "西平县审计局",
        "short_name": "县审计局",
        "kind": "county",
        "aliases": "审计",
    } | change
    response = browser.post("/departments/add/", form)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "审计" in text_of(response)


def test_acts_of_the_keeper(browser, department, other_department):
    today = clock.today()
    done = [
        browser.post("/departments/zjj/update/", {"kind": "park", "aliases": "建委", "office_phone": "0396-6222000"}),
        browser.post("/departments/zjj/rename/", {"name": "西平县建设局", "short_name": "县建设局", "on": today}),
        browser.post("/departments/zjj/move/", {"official_order": "1"}),
        browser.post("/departments/zjj/head-approval/", {}),
        browser.post("/departments/zjj/close/", {"on": today, "successor": other_department.pk, "purpose": "改革"}),
    ]
    assert [response["Location"] for response in done] == ["/departments/zjj/"] * 5
    department.refresh_from_db()
    assert (department.kind, department.aliases, department.short_name) == ("park", ["建委"], "县建设局")
    assert (department.official_order, department.head_approval) == (1, False)
    assert (department.valid_to, department.successor) == (today, other_department)


def test_form_drawn_from_an_older_version_is_refused(browser, department):
    form = {"kind": "park", "aliases": "", "office_phone": "", "version": "0"}
    assert browser.post("/departments/zjj/update/", form).status_code == 409


def test_forms_begin_with_what_is_there(browser, department):
    Department.objects.filter(pk=department.pk).update(aliases=["建委", "建设局"])
    assert "建委；建设局" in text_of(browser.get("/departments/zjj/update/"))
    assert "县住建局" in text_of(browser.get("/departments/zjj/rename/"))


@pytest.mark.parametrize(
    "path", ["add/", "zjj/update/", "zjj/rename/", "zjj/move/", "zjj/close/", "zjj/head-approval/"]
)
def test_acts_are_refused_to_the_office(desk, department, path):
    assert desk.get(f"/departments/{path}").status_code == 403
    assert desk.post(f"/departments/{path}").status_code == 403


def test_head_sets_the_options_of_the_own_unit(head, reporter, office, client_for, department):
    browser = client_for(head)
    assert "本单位设置" in text_of(browser.get("/departments/options/"))
    assert browser.post("/departments/options/", {})["Location"] == "/departments/options/"
    department.refresh_from_db()
    assert not department.head_approval
    assert client_for(reporter).get("/departments/options/").status_code == 403
    assert client_for(office).post("/departments/options/").status_code == 403


# --- The leading group ---------------------------------------------------------------------------------


def test_group_is_read_by_business_roles_and_kept_by_the_office(desk, reporter, sysadmin, client_for):
    row = make_member("副组长甲", position="deputy", fields_in_charge="城建、交通")
    assert f"/departments/leading-group/{row.pk}/change/" in text_of(desk.get("/departments/leading-group/"))
    html = text_of(client_for(reporter).get("/departments/leading-group/"))
    assert "城建、交通" in html
    assert "change" not in html
    assert 'href="/departments/"' not in html  # a list this person may not open
    assert client_for(sysadmin).get("/departments/leading-group/").status_code == 403
    assert client_for(reporter).post(f"/departments/leading-group/{row.pk}/end/").status_code == 403


def test_member_is_added_changed_and_ended(desk, department):
    today = clock.today()
    form = {"name": "副组长甲", "job_title": "副县长", "position": "deputy", "department": department.pk}
    added = desk.post("/departments/leading-group/add/", form | {"valid_from": today.isoformat()})
    assert added["Location"] == "/departments/leading-group/"
    row = LeadingGroupMember.objects.unscoped("test").get()
    assert "副县长" in text_of(desk.get(f"/departments/leading-group/{row.pk}/change/"))
    desk.post(f"/departments/leading-group/{row.pk}/change/", form | {"job_title": "常务副县长"})
    row.refresh_from_db()
    assert row.job_title == "常务副县长"
    early = desk.post(f"/departments/leading-group/{row.pk}/end/", {"valid_to": today - timedelta(days=1)})
    assert (early.status_code, "早于任职开始" in text_of(early)) == (422, True)
    assert desk.post(f"/departments/leading-group/{row.pk}/end/", {"valid_to": today}).status_code == 302


def test_empty_group_says_who_fills_it(desk):
    assert "还没有登记领导小组成员" in text_of(desk.get("/departments/leading-group/"))
