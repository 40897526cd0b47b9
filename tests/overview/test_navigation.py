"""Who finds what in the sidebar, in the tabs and on the first page (ui.md §5)."""

import pytest

from accounts.roles import ADMINISTRATORS, Role
from overview import navigation
from overview.navigation import ITEMS, home_name, items_for, leads_to, sidebar_keys, tab_keys


@pytest.fixture
def every_page_exists(monkeypatch):
    """Apps of later releases included: the tables themselves are under test."""
    monkeypatch.setattr(navigation, "address", lambda name: f"/{name.replace(':', '/')}/")


def labels(groups):
    return [ITEMS[key].label for _, keys in groups for key in keys]


@pytest.mark.parametrize(
    "role, present, absent",
    [
        (Role.OFFICE, {"工作台", "日调度看板", "数据导入", "单位与人员"}, {"检查批次", "控制台", "承办工单"}),
        (Role.LEADER, {"总览", "我的批示", "周通报"}, {"工作台", "日调度填报", "数据导入"}),
        (Role.SIGNER, {"总览", "周通报"}, {"我的批示", "工作台"}),
        (Role.REPORTER, {"工作台", "日调度填报", "本单位指标", "承办工单", "问题整改"}, {"日调度看板", "数据导入"}),
        (Role.DEPARTMENT_HEAD, {"工作台", "问题整改", "周通报"}, {"日调度看板"}),
        (Role.INSPECTOR, {"工作台", "检查批次", "回头看"}, {"数据导入", "日调度填报"}),
    ],
)
def test_sidebar_of_a_role(every_page_exists, role, present, absent):
    shown = set(labels(sidebar_keys({role})))
    assert present <= shown
    assert not absent & shown


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_find_their_console_and_no_business_data(every_page_exists, role):
    shown = set(labels(sidebar_keys({role})))
    assert "控制台" in shown
    assert shown <= {"控制台", "账号", "账号申请", "单位与人员", "参数设置", "审计日志"}
    assert tab_keys({role}) == []


def test_several_roles_are_merged_without_repetition(every_page_exists):
    shown = labels(sidebar_keys({Role.OFFICE, Role.INSPECTOR}))
    assert len(shown) == len(set(shown))
    assert {"数据导入", "检查批次"} <= set(shown)


@pytest.mark.parametrize("role", [role for role in Role if role not in ADMINISTRATORS])
def test_phone_tabs_are_at_most_five_and_all_in_reach(every_page_exists, role):
    assert 1 <= len(tab_keys({role})) <= 5


def test_items_without_a_page_are_absent(monkeypatch):
    monkeypatch.setattr(navigation, "address", lambda name: "/" if name == "overview:home" else "")
    assert labels(sidebar_keys({Role.OFFICE})) == ["工作台"]


@pytest.mark.parametrize(
    "roles, name",
    [
        ({Role.OFFICE}, "overview:home"),
        ({Role.REPORTER}, "overview:home"),
        ({Role.LEADER}, "overview:dashboard"),
        ({Role.SIGNER, Role.LEADER}, "overview:dashboard"),
        ({Role.SIGNER, Role.OFFICE_LEAD}, "overview:home"),
        ({Role.AUDITOR}, "accounts:console"),
        (set(), "overview:home"),
    ],
)
def test_home_by_role(roles, name):
    assert home_name(roles) == name


def test_page_under_two_entries_marks_the_nearer_one():
    items = items_for(["issues", "look_backs"], path="/issues/look-backs/", counts={})
    assert [item.key for item in items if item.is_current] == ["look_backs"]
    items = items_for(["issues", "look_backs"], path="/issues/WT-2026-0001/", counts={})
    assert [item.key for item in items if item.is_current] == ["issues"]


def test_current_entry_is_the_one_whose_pages_these_are(every_page_exists):
    items = items_for(["indicators", "dashboard"], path="/indicators/list/A08/", counts={"indicators": 28})
    assert [item.is_current for item in items] == [True, False]
    assert items[0].count == 28
    assert not leads_to("/", "/indicators/")
    assert leads_to("/", "/")


@pytest.mark.parametrize(
    "person",
    ["office", "office_lead", "signer", "leader", "reporter", "head", "inspector", "sysadmin", "secadmin", "auditor"],
)
def test_everything_offered_opens(request, client_for, person, db):
    """What a person may not use is absent: no entry of the sidebar or the tabs answers 403."""
    user = request.getfixturevalue(person)
    client = client_for(user)
    keys = [key for _, keys in sidebar_keys(user.roles) for key in keys] + tab_keys(user.roles)
    for item in items_for(keys, path="/", counts={}):
        assert client.get(item.url).status_code == 200, item.label
