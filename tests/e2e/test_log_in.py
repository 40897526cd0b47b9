"""The first page anybody sees, in a real browser."""

import pytest

from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints_of_the_browser(page):
    """What the browser had to say: scripts that failed, and styles or scripts the security policy refused."""
    messages = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: messages.append(str(error)))
    return messages


def test_log_in_leads_to_the_workbench_without_a_complaint_of_the_browser(page, reporter, complaints_of_the_browser):
    page.goto("/")
    page.locator("[name=username]").fill(reporter.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "login" not in url)
    page.wait_for_load_state("networkidle")
    assert page.locator("nav").first.is_visible()
    assert complaints_of_the_browser == []


def test_log_in_fits_a_telephone(phone_page):
    phone_page.goto("/login/")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
