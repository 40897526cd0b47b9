"""One complaint through the browser: submitted in public, handled, not good enough, handled again, closed by its author."""

import re

import pytest

from tests.e2e.conftest import TELEPHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

DEPARTMENT = "slj"
CONTENT = "产业集聚区排水沟淤积，一到雨天厂门口积水，希望清淤"


def test_from_public_submission_to_closed_after_a_dissatisfied_call_back(visit):
    author = visit(viewport=TELEPHONE)
    number, code = submit(author)
    office, head = visit("office"), visit(f"{DEPARTMENT}_head")

    act(office, number, "accept")
    grade(office, number)
    act(office, number, "dispatch", department=DEPARTMENT)
    act(head, number, "sign_for")
    hand_in(head, number, "已安排清淤")
    act(office, number, "pass")

    look_up(author, number, code)
    assert "已安排清淤" in author.page.locator("main").inner_text()
    rate(author, solved="no", result="dissatisfied")
    assert "办理中" in author.page.locator("main").inner_text()

    office.page.goto(f"/complaints/{number}/")
    assert "第 2 轮" in office.page.locator("main").inner_text()
    hand_in(head, number, "排水沟已清淤完毕，请查看")
    act(office, number, "pass")

    look_up(author, number, code)
    assert "排水沟已清淤完毕" in author.page.locator("main").inner_text()
    rate(author, solved="yes", result="satisfied")
    assert "已办结" in author.page.locator("main").inner_text()
    office.page.goto(f"/complaints/{number}/")
    assert "已办结" in office.page.locator("main").inner_text()


def test_the_public_pages_fit_a_telephone_and_work_without_scripts(visit):
    author = visit(viewport=TELEPHONE, javascript=False)
    number, code = submit(author)
    look_up(author, number, code)
    assert "待受理" in author.page.locator("main").inner_text()
    author.page.goto("/public/complaints/receipt/")
    assert author.page.locator("main img").count() == 1
    scripted = visit(viewport=TELEPHONE)
    for address in ("/public/complaints/new/", "/public/complaints/progress/"):
        scripted.page.goto(address)
        assert scripted.page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], address


def submit(author) -> tuple[str, str]:
    """Send the public form, reached from the log-in page, and return number and code from the answer."""
    page = author.page
    page.goto("/login/")
    page.get_by_role("link", name="我要投诉").click()
    page.locator("[name=content]").fill(CONTENT)
    page.locator("[name=caller_name]").fill("李某")
    page.locator("[name=caller_phone]").fill("15400000001")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="提交投诉").click()
    text = page.locator("main").inner_text()
    return re.search(r"编号 (YS\d{8}-\d{4})", text)[1], re.search(r"查询码：([A-Z0-9]+)", text)[1]


def look_up(author, number: str, code: str) -> None:
    """Look the complaint up by number and code."""
    page = author.page
    page.goto(f"/public/complaints/progress/?number={number}")
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_load_state()


def rate(author, *, solved: str, result: str) -> None:
    """Answer whether it is solved, and how satisfied one is."""
    page = author.page
    page.locator(f"[name=solved][value={solved}]").check()
    page.locator(f"[name=result][value={result}]").check()
    page.get_by_role("button", name="提交评价").click()
    page.wait_for_load_state()


def grade(office, number: str) -> None:
    """Give the business complaint its grade."""
    office.page.goto(f"/complaints/{number}/correct/")
    office.page.locator("[name=grade]").select_option("C")
    office.page.locator("main form button[type=submit]").first.click()
    office.page.wait_for_load_state()


def act(person, number: str, name: str, **fields: str) -> None:
    """Do one act: its button, or its page with ``fields`` chosen from lists."""
    page = person.page
    page.goto(f"/complaints/{number}/")
    if fields:
        page.locator(f"main a[href$='/{name}/']").first.click()
        for field, value in fields.items():
            page.locator(f"select[name={field}]").select_option(value)
        page.locator("main form button[type=submit]").first.click()
    else:
        page.locator(f"main form[action$='/{name}/'] button").first.click()
    page.wait_for_load_state()


def hand_in(head, number: str, reply: str) -> None:
    """Hand in the result; a head signs by handing in."""
    page = head.page
    page.goto(f"/complaints/{number}/submit/")
    page.locator("[name=inner_report]").fill("已到现场核实")
    page.locator("[name=public_reply]").fill(reply)
    page.locator("[name=is_solved]").first.check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
