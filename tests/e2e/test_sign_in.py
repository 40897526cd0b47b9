"""Logging in, and being locked out, as people meet it (quality.md, Security; api.md, Limits)."""

import pytest

from tests.e2e.conftest import TELEPHONE

pytestmark = pytest.mark.browser


def attempt(visitor, username: str, password: str) -> str:
    """Try to log in and return what the page says."""
    visitor.log_in(username, password)
    return visitor.page.locator("body").inner_text()


def test_five_wrong_passwords_lock_the_account_and_say_so(visit):
    visitor = visit(viewport=TELEPHONE)
    visitor.expected_statuses |= {403, 422, 429}
    for _ in range(5):
        said = attempt(visitor, "hg_reporter", "Wrong#Password1")
    assert "账号已锁定" in said
    assert "账号已锁定" in attempt(visitor, "hg_reporter", "Xiping@2026demo"), "the right password is too late now"
    other = visit("hg_head")
    assert "login" not in other.page.url, "a colleague at the same address is not locked out"


def test_unknown_name_and_wrong_password_are_told_alike(visit):
    visitor = visit()
    visitor.expected_statuses |= {403, 422}
    sentences = [attempt(visitor, name, "Wrong#Password1") for name in ("nobody_at_all", "mzj_reporter")]
    assert len({text.replace("nobody_at_all", "").replace("mzj_reporter", "") for text in sentences}) == 1


def test_anonymous_visitor_is_led_to_log_in_and_back(visit):
    visitor = visit()
    visitor.page.goto("/indicators/")
    assert "/login/" in visitor.page.url
    visitor.page.locator("[name=username]").fill("office")
    visitor.page.locator("[name=password]").fill("Xiping@2026demo")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/indicators/")


def test_log_out_ends_the_visit(visit):
    visitor = visit("office")
    visitor.page.locator("summary.app-top__user").click()
    visitor.page.get_by_role("button", name="退出登录").click()
    visitor.page.wait_for_url("**/login/**")
    visitor.page.goto("/dashboard/")
    assert "/login/" in visitor.page.url
