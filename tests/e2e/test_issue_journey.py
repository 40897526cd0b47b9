"""One issue through the browser: found on a telephone, assigned, rectified, verified by two, come back in a second round."""

import re
from datetime import timedelta

import pytest

from core import clock
from tests.e2e.conftest import TELEPHONE
from tests.factories.files import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

DEPARTMENT = "wgl"
DESCRIPTION = "文化市场审批窗口未公示收费依据，群众无法核对"


def shot(name: str) -> dict:
    """Return a photo as Playwright hands it to a file input."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(size=(1600, 1200))}


def test_from_a_finding_on_a_telephone_to_cleared_and_back_in_a_second_round(visit):
    inspector = visit("inspector", viewport=TELEPHONE)
    number = found(inspector)
    reporter, head = visit(f"{DEPARTMENT}_reporter"), visit(f"{DEPARTMENT}_head")

    act(reporter, number, "sign_for")
    plan(reporter, number)
    assert "待报方案" in issue(reporter, number), "a reporter's plan waits for the head"
    act(head, number, "sign_plan")
    assert "整改中" in issue(head, number)

    upload(reporter, number, shot("after.jpg"))
    act(reporter, number, "request_clearance", note="收费依据已公示，窗口人员已培训")
    act(head, number, "sign_clearance")
    assert "待验收" in issue(reporter, number)

    second = visit("inspector2")
    verify(inspector, number, "现场查看，已公示")
    assert "待验收" in issue(inspector, number), "one name does not clear"
    here = inspector.page.locator(".stepper .is-current").bounding_box()
    assert 0 <= here["x"] <= TELEPHONE["width"] - here["width"], "the present step is in sight on a telephone"
    assert inspector.page.get_by_role("button", name="同意销号").count() == 0, "nobody signs twice"
    verify(second, number, "核对照片，同意")
    assert "已销号" in issue(second, number)

    look_back(inspector, number)
    shown = issue(head, number)
    assert "整改中" in shown
    assert "第 2 轮" in shown
    head.page.goto("/")
    assert number in head.page.locator("main").inner_text(), "the second round waits on the workbench"


def found(inspector) -> str:
    """Record a finding with a photo, then register and assign it; return its number."""
    page = inspector.page
    page.goto("/inspections/new/")
    page.locator("[name=title]").fill("文化市场窗口暗访")
    page.get_by_role("button", name="登记", exact=True).click()
    inspection = page.url
    page.get_by_role("link", name="记录问题").click()
    page.locator("[name=description]").fill(DESCRIPTION)
    page.locator("[name=photos]").set_input_files([shot("before.jpg")])
    page.locator("input[name=kept]").wait_for(state="attached")
    page.locator("select[name=department]").select_option(DEPARTMENT)
    page.locator("label", has_text="信息公开").click()
    due_on = clock.today() + timedelta(days=20)
    page.locator("[name=due_on]").fill(due_on.isoformat())
    page.get_by_role("button", name="保存，记完了").click()
    page.wait_for_url(inspection)
    number = re.search(r"WT-\d{4}-\d{4,}", page.locator("main").inner_text())[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    page.get_by_role("link", name="登记并交办").click()
    page.get_by_role("button", name="登记并交办").click()
    page.wait_for_load_state()
    assert "待签收" in issue(inspector, number)
    return number


def issue(person, number: str) -> str:
    """Return what the page of the issue says to the person."""
    person.page.goto(f"/issues/{number}/")
    return person.page.locator("main").inner_text()


def act(person, number: str, name: str, /, **fields: str) -> None:
    """Do one act: its button, or its page with ``fields`` filled in."""
    page = person.page
    page.goto(f"/issues/{number}/")
    if not fields:
        page.locator(f"main form[action$='/{name}/'] button").first.click()
    else:
        page.locator(f"main a[href$='/{name}/']").first.click()
        for field, value in fields.items():
            page.locator(f"[name={field}]").fill(value)
        page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def plan(reporter, number: str) -> None:
    """Hand in the plan; the date may stay that of the issue."""
    act(reporter, number, "submit_plan", measures="公示收费依据，培训窗口人员", person="业务科室负责人")


def upload(reporter, number: str, picture: dict) -> None:
    """Add a picture of how it is now."""
    page = reporter.page
    page.goto(f"/issues/{number}/add_evidence/")
    page.locator("input[name=files]").set_input_files([picture])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"/issues/{number}/")
    assert page.locator("main img").count() >= 2, "before and after"


def verify(person, number: str, note: str) -> None:
    """Put one's name to the clearance."""
    page = person.page
    page.goto(f"/issues/{number}/")
    page.locator("form[action$='/verify_pass/'] [name=note]").fill(note)
    page.get_by_role("button", name="同意销号").click()
    page.wait_for_load_state()


def look_back(inspector, number: str) -> None:
    """Find it again: a relapse begins the second round."""
    page = inspector.page
    page.goto(f"/issues/{number}/look_back/")
    page.locator("[name=result][value=relapsed]").check()
    page.locator("[name=note]").fill("回头看时公示栏又被撤下")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
