"""Last week's 通报 through the browser: the scheduler's draft edited, reviewed, signed, received."""

import re
from io import BytesIO

import pytest
from docx import Document

from core.documents.checks import check_format

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
WORDS = "一是各牵头单位对照短板逐项制定措施。二是超期事项办结一件销一件。"


def open_paper(visitor, address: str) -> str:
    """Open the paper and return what the page says."""
    visitor.page.goto(address)
    return visitor.page.locator("main").inner_text()


def press(visitor, address: str, label: str) -> None:
    """Press the act on the paper's page, and its confirmation where it asks for one."""
    page = visitor.page
    page.goto(address)
    page.locator(".page-head__actions").get_by_text(label, exact=True).click()
    page.wait_for_load_state()
    if (confirm := page.locator("main form").get_by_role("button", name=label, exact=True)).count():
        confirm.first.click()
        page.wait_for_load_state()


def test_from_the_draft_of_the_scheduler_to_a_receipt(visit):
    office, reviewer, signer, head = visit("office"), visit("office_lead"), visit("signer"), visit("zjj_head")
    office.page.goto("/bulletins/?status=draft&kind=notice")
    address = office.page.locator("main a[href*='/bulletins/notice-']").first.get_attribute("href").partition("?")[0]
    assert "草稿" in open_paper(office, address)

    office.page.goto(f"{address}?section=next_steps")
    office.page.locator("textarea[name=next_steps], textarea[name=text]").last.fill(WORDS)
    office.page.get_by_role("button", name="保存", exact=True).click()
    office.page.wait_for_load_state()
    assert WORDS in open_paper(office, address)

    press(office, address, "提交审核")
    press(reviewer, address, "审核通过")
    press(signer, address, "签发并印发")
    shown = open_paper(signer, address)
    number = re.search(r"西营商〔\d{4}〕\d+号", shown)[0]
    assert "已印发" in shown

    assert number in open_paper(head, address)
    press(head, address, "签收")
    assert "本单位已签收" in open_paper(head, address)
    with head.page.expect_download() as download:
        head.page.get_by_role("link", name="导出 Word").click()
    data = download.value.path().read_bytes()
    assert number in [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]
    assert check_format(data) == []
