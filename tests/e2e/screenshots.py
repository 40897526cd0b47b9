"""``bin/screenshots``: the pictures in README, taken from the running product."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.components import CHROMIUM, CHROMIUM_OPTIONS
from tests.e2e.site import DEMO_PASSWORD, prepare_site, served_site

OFFICE_SCREEN, TELEPHONE, BIG_SCREEN = (1366, 768), (390, 844), (1920, 1080)
TARGET = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
#: The first row of a list: numbers of rows and papers depend on the day the demonstration is loaded.
FIRST_ROW = "main tbody th a"
#: File name, who looks, address, size of the screen, and which link is followed from there, if any.
PICTURES = (
    ("log_in", "", "/login/", OFFICE_SCREEN, ""),
    ("workbench", "office", "/", OFFICE_SCREEN, ""),
    ("dashboard", "leader", "/dashboard/", OFFICE_SCREEN, ""),
    ("indicators", "office", "/indicators/", OFFICE_SCREEN, ""),
    ("indicator", "office", "/indicators/A08/", OFFICE_SCREEN, ""),
    ("dispatch_board", "office", "/dispatch/", OFFICE_SCREEN, ""),
    ("daily_reports", "zjj_reporter", "/daily-reports/", OFFICE_SCREEN, ""),
    ("daily_reports_phone", "zjj_reporter", "/daily-reports/", TELEPHONE, ""),
    ("workbench_phone", "zjj_reporter", "/", TELEPHONE, ""),
    ("dashboard_phone", "leader", "/dashboard/", TELEPHONE, ""),
    ("complaints", "office", "/complaints/", OFFICE_SCREEN, ""),
    ("complaint", "office", "/complaints/?view=overdue", OFFICE_SCREEN, FIRST_ROW),
    ("issue_ledger", "office", "/issues/", OFFICE_SCREEN, ""),
    ("issue", "inspector", "/issues/?view=to_verify", OFFICE_SCREEN, FIRST_ROW),
    ("issue_phone", "inspector", "/issues/?view=to_verify", TELEPHONE, FIRST_ROW),
    ("inspection", "inspector", "/inspections/?standing=closed", OFFICE_SCREEN, FIRST_ROW),
    ("supervision_orders", "office_lead", "/supervision/", OFFICE_SCREEN, ""),
    ("bulletins", "office", "/bulletins/", OFFICE_SCREEN, ""),
    ("bulletin_draft", "office", "/bulletins/?status=draft", OFFICE_SCREEN, FIRST_ROW),
    ("bulletin_issued", "signer", "/bulletins/?status=issued", OFFICE_SCREEN, FIRST_ROW),
    ("big_screen", "leader", "/screen/", BIG_SCREEN, ""),
)


def take(browser, url: str, name: str, who: str, address: str, size: tuple[int, int], link: str) -> Path:
    """Log in as ``who`` where one has to, open ``address`` and what ``link`` leads to, and store what the screen shows."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if who:
        page.goto("/login/")
        page.locator("[name=username]").fill(who)
        page.locator("[name=password]").fill(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        sys.exit(f"{address} answered {answer and answer.status}")
    if link:
        page.locator(link).first.click()
    page.wait_for_load_state("networkidle")
    path = TARGET / f"{name}.png"
    page.screenshot(path=path)
    context.close()
    return path


def main() -> None:
    """Serve the product in a folder that is thrown away, and take every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xiping-pictures-") as folder:
        prepare_site(Path(folder), ("-m", "tests.e2e.afternoon"))
        with (
            served_site(Path(folder), application="tests.e2e.afternoon") as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
            for picture in PICTURES:
                sys.stdout.write(f"{take(browser, url, *picture).name}\n")
            browser.close()


if __name__ == "__main__":
    main()
