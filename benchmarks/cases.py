"""What is measured: pages and calls of daily dispatch and the catalogue, as they are while nothing is written, and new."""

import sys
from dataclasses import dataclass

from django.test import Client

from accounts.models import User
from benchmarks.bars import PAGE, Bar
from benchmarks.measuring import anew, beside

REPORT_API = Bar("/bare/api/reports/", 100, 80)
INDICATOR_API = Bar("/bare/api/indicators/", 100, 80)
SCORE_API = Bar("/bare/api/indicators/", 40, 120)
TALLY_API = Bar("/bare/api/reports/", 40, 120)
HEAD = (
    "| | CPU ms | bare | share | bar | p95 ms | bar | queries | after a draft: CPU ms | share | after another write | share "
    "| queries |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
)


@dataclass(frozen=True)
class Case:
    """One address asked by one person, and the bar it has to reach."""

    name: str
    path: str
    who: str
    bar: Bar


CASES = (
    Case("工作台, office", "/", "office", PAGE),
    Case("工作台, reporter", "/", "zjj_reporter", PAGE),
    Case("总览", "/dashboard/", "office", PAGE),
    Case("日调度看板", "/dispatch/", "office", PAGE),
    Case("日调度填报", "/daily-reports/", "zjj_reporter", PAGE),
    Case("指标", "/indicators/", "office", PAGE),
    Case("指标详情", "/indicators/A08/", "office", PAGE),
    Case("API daily-reports", "/api/v1/daily-reports/", "office", REPORT_API),
    Case("API indicators", "/api/v1/indicators/", "office", INDICATOR_API),
    Case("API scores", "/api/v1/scores/", "office", SCORE_API),
    Case("API completeness, a year", "/api/v1/completeness/?period=2026", "office", TALLY_API),
)


def run(word: str = "") -> None:
    """Measure every case with ``word`` in its name or address and print a Markdown table."""
    sys.stdout.write(HEAD)
    for case in CASES:
        if word in case.name or word in case.path:
            sys.stdout.write(row_of(case))
            sys.stdout.flush()


def row_of(case: Case) -> str:
    """Return the table row of ``case``; ✗ marks a bar that was missed."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=case.who), backend="django.contrib.auth.backends.ModelBackend")
    bar = case.bar
    page, bare = beside(client, case.path, bar.bare)
    share = 100 * bare.cpu / page.cpu
    mark = "" if share >= bar.share and page.p95 <= bar.p95 else " ✗"
    drafted, _ = anew(client, case.path, outlasted=False)
    written, queries = anew(client, case.path, outlasted=True)
    return (
        f"| {case.name}{mark} | {page.cpu:.0f} | {bare.cpu:.0f} | {share:.0f} % | {bar.share} % | {page.p95:.0f} "
        f"| {bar.p95} | {page.queries} | {drafted:.0f} | {100 * bare.cpu / drafted:.0f} % "
        f"| {written:.0f} | {100 * bare.cpu / written:.0f} % | {queries} |\n"
    )
