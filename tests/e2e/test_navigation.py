"""Every page in everybody's navigation opens, without a complaint of the browser, and can be used by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import OFFICE_SCREEN, TELEPHONE

pytestmark = pytest.mark.browser

PEOPLE = (
    "office",
    "office_lead",
    "signer",
    "leader",
    "scjgj_reporter",
    "scjgj_head",
    "inspector",
    "sysadmin",
    "secadmin",
    "auditor",
)
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def addresses_in_the_navigation(page) -> list[str]:
    """Return where the links of the sidebar lead, each once."""
    links = page.locator("nav a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(links))


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_in_the_navigation_opens(visit, username):
    page = visit(username).page
    addresses = addresses_in_the_navigation(page)
    assert addresses
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address


#: The big screen is 1920x1080 only (ui.md §14).
MADE_FOR_A_WALL = "/screen/"


@pytest.mark.parametrize("username", ["office", "leader", "scjgj_reporter", "scjgj_head", "sysadmin"])
def test_every_page_in_the_navigation_fits_a_telephone(visit, username):
    page = visit(username, viewport=TELEPHONE).page
    for address in addresses_in_the_navigation(page):
        if address.endswith(MADE_FOR_A_WALL):
            continue
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], address


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("", "/login/"),
        ("office", "/"),
        ("office", "/dashboard/"),
        ("office", "/indicators/"),
        ("office", "/indicators/A08/"),
        ("office", "/dispatch/"),
        ("office", "/dispatch/review/"),
        ("office", "/dispatch/remind/"),
        ("office", "/dispatch/changes/"),
        ("office", "/coordination/"),
        ("scjgj_reporter", "/daily-reports/"),
        ("scjgj_reporter", "/"),
        ("sysadmin", "/accounts/"),
        ("office", "/issues/"),
        ("office", "/issues/statistics/"),
        ("inspector", "/issues/new/"),
        ("inspector", "/issues/look-backs/"),
        ("inspector", "/inspections/"),
        ("office_lead", "/supervision/"),
        ("office_lead", "/supervision/records/new/"),
        ("office", "/bulletins/"),
        ("office_lead", "/bulletins/schedule/"),
    ],
)
def test_main_pages_are_accessible(visit, username, address):
    page = visit(username).page
    page.goto(address)
    assert violations_on(page) == {}


#: Who looks, at which list, and what leads from there to the page that is looked at.
OPENED = (
    ("inspector", "/issues/?view=uncleared", "tbody th a"),
    ("inspector", "/inspections/", "tbody th a"),
    ("office", "/supervision/", "tbody th a"),
    ("scjgj_head", "/bulletins/?status=issued", "tbody th a"),
)


@pytest.mark.parametrize(("username", "address", "link"), OPENED)
@pytest.mark.parametrize("viewport", [OFFICE_SCREEN, TELEPHONE])
def test_pages_of_one_row_are_accessible_and_fit(visit, username, address, link, viewport):
    page = visit(username, viewport=viewport).page
    page.goto(address)
    page.locator(link).first.click()
    assert_accessible_and_fits(page)


@pytest.mark.parametrize("viewport", [OFFICE_SCREEN, TELEPHONE])
def test_draft_paper_is_accessible_and_fits(visit, viewport):
    """The draft is the test's own: the journey of the 通报 issues the one the demonstration brings."""
    page = visit("office", viewport=viewport).page
    page.goto("/bulletins/new/?kind=brief")
    page.get_by_role("button", name="生成草稿").click()
    page.wait_for_url("**/bulletins/brief-*/")
    assert_accessible_and_fits(page)


def test_finding_is_accessible_on_a_telephone(visit):
    page = visit("inspector", viewport=TELEPHONE).page
    page.goto("/inspections/")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="记录问题").click()
    page.wait_for_load_state("networkidle")
    assert violations_on(page) == {}


def test_daily_form_is_accessible_on_a_telephone(visit):
    page = visit("zjj_reporter", viewport=TELEPHONE).page
    page.goto("/daily-reports/")
    page.get_by_role("link", name="填写").first.click()
    assert violations_on(page) == {}


def assert_accessible_and_fits(page) -> None:
    """Hold the page against WCAG 2.1 AA and against the width of its screen."""
    assert violations_on(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def violations_on(page) -> dict[str, list]:
    """Return where the page breaks WCAG 2.1 AA, by axe's rule."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=WCAG).response["violations"]
    return {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in found}
