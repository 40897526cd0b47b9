"""记录问题 on a telephone whose network breaks: words and photos outlive the page (ui.md §10)."""

import re

import pytest

from tests.e2e.conftest import TELEPHONE
from tests.factories.files import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DESCRIPTION = "一楼收费公示栏仍列已取消的收费，与收费目录不一致"


def shot(name: str) -> dict:
    """Return a photo as Playwright hands it to a file input."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(size=(2400, 1800))}


def forgive_the_network(visitor) -> None:
    """Drop what the browser said about the network that was taken away on purpose."""
    words = ("ERR_INTERNET_DISCONNECTED", "htmx:")
    visitor.complaints[:] = [text for text in visitor.complaints if not any(word in text for word in words)]


def test_finding_outlives_an_error_a_broken_network_and_a_closed_page(visit):
    visitor = visit("inspector", viewport=TELEPHONE)
    visitor.expected_statuses = {422}
    page = visitor.page
    page.goto("/inspections/new/")
    page.get_by_role("button", name="登记", exact=True).click()
    inspection = page.url
    page.get_by_role("link", name="记录问题").click()
    kept, states = page.locator("input[name=kept]"), page.locator(".shots__state")

    page.locator("[name=description]").fill(DESCRIPTION)
    page.locator("[name=photos]").set_input_files([shot("1.jpg"), shot("2.jpg")])
    kept.nth(1).wait_for(state="attached")
    page.get_by_role("button", name="保存，下一条").click()
    page.locator(".error-summary").wait_for()
    assert "请选择问题类型" in page.locator(".error-summary").inner_text()
    assert kept.count() == 2

    page.locator("label", has_text="信息公开").click()
    page.locator("[name=place]").fill("一楼大厅")
    page.context.set_offline(True)
    page.locator("[name=photos]").set_input_files([shot("3.jpg")])
    states.filter(has_text="未联网，已存本机").wait_for()
    page.get_by_role("button", name="保存，下一条").click()
    page.locator("[data-finding-state]", has_text="1 张照片未传完，尚未保存").wait_for()
    page.context.set_offline(False)

    page.goto(inspection)
    page.goto(f"{inspection}findings/new/")
    page.locator("[data-finding-state]", has_text="已恢复上次没有保存的内容").wait_for()
    kept.nth(2).wait_for(state="attached")
    assert page.locator("[name=description]").input_value() == DESCRIPTION
    page.get_by_role("button", name="保存，下一条").click()
    page.wait_for_url(re.compile(r"/findings/new/\?"))
    assert "照片 3 张" in page.locator("#toasts").inner_text()
    assert page.locator("[name=place]").input_value() == "一楼大厅"
    assert page.locator("[name=description]").input_value() == ""
    assert kept.count() == 0

    page.goto(inspection)
    assert DESCRIPTION[:20] in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    forgive_the_network(visitor)


def test_finding_is_saved_without_scripts(visit):
    visitor = visit("inspector", viewport=TELEPHONE, javascript=False)
    visitor.expected_statuses = {422}
    page = visitor.page
    page.goto("/inspections/new/")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name="记录问题").click()
    page.locator("[name=description]").fill(DESCRIPTION)
    page.locator("[name=photos]").set_input_files([shot("1.jpg")])
    page.get_by_role("button", name="保存，下一条").click()
    assert page.locator("input[name=kept]").count() == 1, "the photo that came with the refused form is kept"
    page.locator("label", has_text="信息公开").click()
    page.get_by_role("button", name="保存，记完了").click()
    assert DESCRIPTION[:20] in page.locator("main").inner_text()
