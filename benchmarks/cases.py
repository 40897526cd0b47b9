"""What is measured, and how: one caller, one address after another, beside its bare equivalent."""

import sys
import time
from dataclasses import dataclass
from statistics import quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

SECONDS = 4.0
WARM_UP = 3


@dataclass(frozen=True)
class Case:
    """One address asked by one person.

    ``bare`` is the address of its equivalent, ``share`` (per cent of its requests/s) and ``p95`` (ms) are the
    bars of quality.md.
    """

    name: str
    path: str
    who: str
    bare: str
    share: int
    p95: int


@dataclass(frozen=True)
class Speed:
    """What one address came to."""

    per_second: float
    p95: float
    queries: int


PAGE, REPORTS, INDICATORS = "/bare/page/", "/bare/api/reports/", "/bare/api/indicators/"
CASES = (
    Case("工作台, office", "/", "office", PAGE, 40, 120),
    Case("工作台, reporter", "/", "zjj_reporter", PAGE, 40, 120),
    Case("总览", "/dashboard/", "office", PAGE, 40, 120),
    Case("日调度看板", "/dispatch/", "office", PAGE, 40, 120),
    Case("日调度填报", "/daily-reports/", "zjj_reporter", PAGE, 40, 120),
    Case("指标", "/indicators/", "office", PAGE, 40, 120),
    Case("指标详情", "/indicators/A08/", "office", PAGE, 40, 120),
    Case("API daily-reports", "/api/v1/daily-reports/", "office", REPORTS, 100, 80),
    Case("API indicators", "/api/v1/indicators/", "office", INDICATORS, 100, 80),
    Case("API scores", "/api/v1/scores/", "office", INDICATORS, 40, 120),
    Case("API completeness, a year", "/api/v1/completeness/?period=2026", "office", REPORTS, 40, 120),
)


def run(word: str = "") -> None:
    """Measure every case with ``word`` in its name or address and print a Markdown table."""
    sys.stdout.write("| | requests/s | bare | share | bar | p95 | bar | queries |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
    for case in CASES:
        if word in case.name or word in case.path:
            sys.stdout.write(f"{row_of(case)}\n")
            sys.stdout.flush()


def row_of(case: Case) -> str:
    """Return the table row of ``case``; ✗ marks a bar that was missed."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=case.who), backend="django.contrib.auth.backends.ModelBackend")
    bare, speed = measure(client, case.bare), measure(client, case.path)
    share = 100 * speed.per_second / bare.per_second
    mark = "" if share >= case.share and speed.p95 <= case.p95 else " ✗"
    return (
        f"| {case.name}{mark} | {speed.per_second:.0f} | {bare.per_second:.0f} | {share:.0f} % | {case.share} % "
        f"| {speed.p95:.0f} ms | {case.p95} ms | {speed.queries} |"
    )


def measure(client: Client, path: str) -> Speed:
    """Ask for ``path`` for some seconds, one request after another; anything but 200 ends the run."""
    for _ in range(WARM_UP):
        answer = client.get(path)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        count = len(queries)
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 20:
        start = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - start)
    return Speed(len(times) / sum(times), quantiles(times, n=20)[-1] * 1000, count)
