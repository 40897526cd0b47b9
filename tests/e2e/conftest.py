"""The running product with demo data, and browsers of its people. One site for all journeys of a test process.

The journeys play against the processes of ``bin/run``, not against Django's test server: their own database,
their own data folder. Each journey uses its own department, so none stands in another's way.
"""

import contextlib
import shutil
from urllib.parse import urlsplit

import pytest

from tests.config.processes import made_once
from tests.e2e.site import DEMO_PASSWORD, prepare_site, served_site

OFFICE_SCREEN = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def site(run_folder, tmp_path_factory):
    """The address of the running product; what it begins with is made once for all test processes."""
    prepared = made_once(run_folder, "prepared_site", prepare_site)
    with served_site(shutil.copytree(prepared, tmp_path_factory.mktemp("site") / "data")) as url:
        yield url


class Visitor:
    """One person's browser, with what it had to complain of: failed scripts, refused styles, errors of pages."""

    def __init__(self, context):
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.expected_statuses: set[int] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message) -> None:
        """Keep errors; a page that is meant to answer 409 is not one."""
        is_expected = any(f"status of {status}" in message.text for status in self.expected_statuses)
        if message.type == "error" and not is_expected:
            place = urlsplit(message.location.get("url", "")).path
            self.complaints.append(f"{place}: {message.text}")

    def log_in(self, username: str, password: str = DEMO_PASSWORD) -> "Visitor":
        """Log in through the form and wait for the first page."""
        self.page.goto("/login/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main button[type=submit], form button[type=submit], form button").first.click()
        self.page.wait_for_load_state()
        return self


@pytest.fixture
def visit(browser, site):
    """Return a function that opens a browser, signed in when given a user name; complaints fail the test."""
    with contextlib.ExitStack() as closing:
        visitors = []

        def opened(username: str = "", *, viewport=OFFICE_SCREEN, javascript: bool = True) -> Visitor:
            context = browser.new_context(
                base_url=site,
                viewport=viewport,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                java_script_enabled=javascript,
            )
            closing.callback(context.close)
            context.set_default_timeout(15_000)
            visitor = Visitor(context)
            visitors.append(visitor)
            return visitor.log_in(username) if username else visitor

        yield opened
        assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
