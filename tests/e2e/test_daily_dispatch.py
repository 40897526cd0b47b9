"""A day of daily dispatch as people live it (issue, Show; domain §4): reporter, head, office, and what then changes.

Each journey uses one of the indicators that the demonstration leaves silent on the latest day.
"""

import pytest

from indicators.demo.files import text_page
from tests.e2e.conftest import TELEPHONE

pytestmark = pytest.mark.browser

PROOF = {
    "name": "贷款审批时间统计表.pdf",
    "mimeType": "application/pdf",
    "buffer": text_page("贷款审批时间", ["七个工作日"]),
}


def card(page, code: str):
    """Return the card of one's own indicator on the daily page."""
    page.goto("/daily-reports/")
    return page.locator("section.report", has=page.get_by_role("heading", name=code))


def open_form(page, code: str) -> None:
    """Open the form of one's own indicator from its card."""
    card(page, code).get_by_role("link", name="填写").click()
    page.wait_for_load_state("networkidle")


def text_of(page, address: str) -> str:
    """Return what a page says."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page.locator("main").inner_text()


def row_of(page, code: str) -> str:
    """Return what the table of the indicator page A10 says about one leaf."""
    page.goto("/indicators/A10/")
    return page.locator("main tr", has_text=code).first.inner_text()


def send(page, code: str) -> None:
    """Press 提交; the form may wait for a draft on its way first."""
    with page.expect_navigation():
        page.get_by_role("button", name=f"提交 {code}").click()
    page.wait_for_load_state("networkidle")


def test_changed_value_goes_from_reporter_by_head_and_office_to_the_dashboard(visit):
    office, reporter = visit("office").page, visit("jrj_reporter", viewport=TELEPHONE)
    row_before, dashboard_before = row_of(office, "A10.3"), text_of(office, "/dashboard/")
    assert "8 工作日" in row_before

    # The reporter mistypes first: the sentence stands at the field and what was typed is kept.
    reporter.expected_statuses |= {422}
    page = reporter.page
    open_form(page, "A10")
    value = page.get_by_label("贷款审批平均时间", exact=True)
    value.fill("7天")
    page.get_by_label("工作进展").fill("压减审批材料 2 份，平均用时缩短 1 个工作日。")
    send(page, "A10")
    assert "“7天”不是数字" in page.locator("main").inner_text()
    assert value.input_value() == "7天"
    assert page.get_by_label("工作进展").input_value().startswith("压减审批材料")

    # Full-width digits are taken; a changed value asks for evidence.
    value.fill("７")
    send(page, "A10")
    assert "请附 1 份佐证材料" in page.locator("main").inner_text()
    page.locator("[name=upload]").set_input_files(PROOF)
    send(page, "A10")
    assert "待审定" in card(page, "A10").inner_text()

    # The head approves, which is enough for 已报 but not for the value: it waits beside the one in force.
    head = visit("jrj_head").page
    head.goto("/daily-reports/")
    head.get_by_label("选择 A10").check()
    head.get_by_role("button", name="审定所选").click()
    head.wait_for_load_state("networkidle")
    assert "已报" in card(head, "A10").inner_text()
    waiting = row_of(office, "A10.3")
    assert "8 工作日" in waiting
    assert "待采纳 7 工作日" in waiting

    # The office accepts; value, score and dashboard follow.
    office.goto("/dispatch/review/")
    office.locator("tr", has_text="A10 获得信贷").locator("[data-select]").check()
    office.get_by_role("button", name="采纳所选").click()
    office.wait_for_load_state("networkidle")
    row_after = row_of(office, "A10.3")
    assert "7 工作日" in row_after
    assert "待采纳" not in row_after
    assert text_of(office, "/dashboard/") != dashboard_before
    assert "已采纳" in card(page, "A10").inner_text()


def test_no_change_works_without_javascript(visit):
    page = visit("kgj_reporter", viewport=TELEPHONE, javascript=False).page
    card(page, "A28").get_by_role("button", name="今日无变化").click()
    page.wait_for_load_state()
    said = card(page, "A28").inner_text()
    assert "已报" in said
    assert "今日无变化" in said


def test_whole_journey_works_without_javascript(visit):
    page = visit("ggzyjyzx_reporter", javascript=False).page
    card(page, "A05").get_by_role("link", name="填写").click()
    page.get_by_label("工作进展").fill("新增 1 家担保机构接入电子保函平台。")
    send(page, "A05")
    assert "待审定" in card(page, "A05").inner_text()
    head = visit("ggzyjyzx_head", javascript=False).page
    head.goto("/daily-reports/")
    head.get_by_role("link", name="查看并审定").first.click()
    head.get_by_role("button", name="审定", exact=True).click()
    assert "已报" in card(head, "A05").inner_text()


def test_draft_is_kept_on_the_server_as_one_types(visit):
    page = visit("rmfy_reporter", viewport=TELEPHONE).page
    open_form(page, "A16")
    with page.expect_response(lambda answer: "/draft/" in answer.url) as saved:
        page.get_by_label("工作进展").fill("破产案件府院联动会议已召开，")
    assert saved.value.status == 200
    page.reload()
    assert page.get_by_label("工作进展").input_value() == "破产案件府院联动会议已召开，"
    other_device = visit("rmfy_reporter").page
    card(other_device, "A16").get_by_role("link", name="继续填写").click()
    assert other_device.get_by_label("工作进展").input_value() == "破产案件府院联动会议已召开，"


def test_one_is_never_in_conflict_with_ones_own_draft(visit):
    """Whoever types and taps 提交 at once sends the form while the draft is on its way; it waits for its answer."""
    page = visit("jtj_reporter").page
    open_form(page, "A24")
    answers = []
    page.route("**/draft/", lambda route: answers.append((route, route.fetch())))
    page.get_by_label("工作进展").fill("农村公路年度计划已完成九成。")
    page.get_by_role("button", name="提交 A24").click()
    while not answers:
        page.wait_for_timeout(50)
    assert "/A24/" in page.url, "the form waits"
    with page.expect_navigation(url="**/daily-reports/?date=*"):
        while answers:
            route, answer = answers.pop(0)
            route.fulfill(response=answer)
            page.wait_for_timeout(200)
    assert "待审定" in card(page, "A24").inner_text()


def test_two_people_at_once_are_told_and_nothing_is_lost(visit):
    first, second = visit("zjj_reporter", javascript=False), visit("zjj_head", javascript=False)
    second.expected_statuses |= {409}
    for visitor in (first, second):
        card(visitor.page, "A08").get_by_role("link", name="填写").click()
    first.page.get_by_label("工作进展").fill("填报员写的：报装材料再减 1 份。")
    first.page.get_by_role("button", name="存草稿").click()
    second.page.get_by_label("工作进展").fill("负责人写的：开挖手续由燃气公司代办。")
    answer = None

    def keep(response):
        nonlocal answer
        if response.request.method == "POST":
            answer = response

    second.page.on("response", keep)
    second.page.get_by_role("button", name="存草稿").click()
    second.page.wait_for_load_state()
    assert answer.status == 409
    said = second.page.locator("main").inner_text()
    assert "填报员写的：报装材料再减 1 份。" in said, "what stands there now"
    assert second.page.get_by_label("工作进展").input_value() == "负责人写的：开挖手续由燃气公司代办。", (
        "and what was typed"
    )
    second.page.get_by_role("button", name="存草稿").click()
    second.page.wait_for_load_state()
    first.page.reload()
    assert first.page.get_by_label("工作进展").input_value() == "负责人写的：开挖手续由燃气公司代办。"


def test_office_returns_a_report_and_the_department_is_told_why(visit):
    reporter, reviewer = visit("rsj_reporter").page, visit("office")
    reviewer.expected_statuses |= {422}
    office = reviewer.page
    card(reporter, "A20").get_by_role("button", name="今日无变化").click()
    reporter.wait_for_load_state("networkidle")
    office.goto("/dispatch/review/")
    office.get_by_role("link", name="A20 人才流动便利度").first.click()
    office.get_by_role("link", name="退回补正").click()
    office.get_by_role("button", name="退回补正").click()
    office.wait_for_load_state("networkidle")
    assert "请写明理由" in office.locator("main").inner_text()
    office.get_by_label("理由").fill("昨日新签人才合同，请补填数值。")
    office.get_by_role("button", name="退回补正").click()
    office.wait_for_load_state("networkidle")
    assert "昨日新签人才合同" in card(reporter, "A20").inner_text()
    assert "昨日新签人才合同" in text_of(reporter, "/inbox/")
    card(reporter, "A20").get_by_role("link", name="补正").click()
    reporter.get_by_label("工作进展").fill("已核实，合同下月生效，数值不变。")
    send(reporter, "A20")
    assert "待审定" in card(reporter, "A20").inner_text()


def test_office_reminds_and_the_department_finds_it_in_its_inbox(visit):
    office = visit("office").page
    office.goto("/dispatch/remind/")
    office.get_by_role("button", name="发送催报").click()
    office.get_by_role("button", name="发送", exact=True).click()
    office.wait_for_load_state("networkidle")
    inbox = text_of(visit("shangwj_reporter", viewport=TELEPHONE).page, "/inbox/")
    assert "未报" in inbox
    assert "A13 跨境贸易" in inbox
