"""The office keeps a standard and reads what it does; a department reads its indicator on a telephone without scripts."""

import pytest

from tests.e2e.conftest import TELEPHONE

pytestmark = pytest.mark.browser


def test_office_finds_an_indicator_registers_a_frontier_and_sees_the_new_gap(visit):
    visitor = visit("office")
    visitor.expected_statuses.add(422)
    page = visitor.page
    page.goto("/indicators/")
    page.locator("[name=search]").fill("支付中小企业")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="支付中小企业款项平均时间").click()
    page.wait_for_url("**/indicators/A27.3/")
    page.locator(".chart__canvas svg").wait_for()
    page.get_by_role("link", name="登记标准值").click()
    page.locator("[name=kind]").select_option("frontier")
    page.locator("[name=value]").fill("两天")
    page.locator("[name=place]").fill("邻县公开数据")
    page.get_by_role("button", name="登记标准值").click()
    assert page.locator("[name=place]").input_value() == "邻县公开数据", "what was typed is kept"
    assert "不是数字" in page.locator(".field-error").inner_text()
    page.locator("[name=value]").fill("０")
    page.get_by_role("button", name="登记标准值").click()
    page.wait_for_url("**/indicators/A27.3/")
    body = page.locator("main").inner_text()
    assert "邻县公开数据" in body
    value = page.locator(".stat", has_text="当前值").locator(".stat__value").inner_text()
    assert f"还差 {value}" in body, "the frontier is 0, so the whole value is missing to it"
    page.goto("/indicators/frontier/")
    assert "邻县公开数据" in page.locator("main").inner_text()


def test_department_reads_its_indicator_on_a_telephone_without_scripts(visit):
    page = visit("sthjj_reporter", viewport=TELEPHONE, javascript=False).page
    page.goto("/indicators/?mine=1")
    page.get_by_role("link", name="蓝天碧水净土森林").click()
    assert page.locator("h1").inner_text() == "A23 蓝天碧水净土森林"
    assert not page.locator(".chart__canvas").is_visible()
    page.get_by_text("查看数据表").click()
    assert page.get_by_role("columnheader", name="数据日期").first.is_visible()
    page.locator("select[name=leaf]").select_option("A23.1.1")
    page.get_by_role("button", name="查看", exact=True).click()
    assert "264 天" in page.locator("main").inner_text()
