"""What one address costs beside its bare equivalent: CPU time, which other work on the machine hardly changes.

Page and bare equivalent are asked in turn, so that both meet the same load. The share of the bare equivalent's
requests a second is the inverse of what both cost in CPU time, web process and database backend together: one caller
keeps exactly one of the two busy at any moment.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.bars import Bar
from core.kept import forget

REQUESTS, WARM_UP = 15, 2
HEAD = (
    "| | who | web CPU ms | database CPU ms | bare: both | share | bar | p95 ms | bar | queries "
    "| after a write: CPU ms | share | queries |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians in milliseconds, the p95 by the clock, and the number of queries."""

    web: float
    database: float
    p95: float
    queries: int

    @property
    def cpu(self) -> float:
        """Web process and database together."""
        return self.web + self.database


def tell(pages: list[tuple[str, str, Bar]], word: str = "") -> None:
    """Print a Markdown table of the (address, user name, bar) with ``word`` in the address."""
    sys.stdout.write(HEAD)
    for path, username, bar in pages:
        if word in path:
            sys.stdout.write(row_of(path, username, bar))
            sys.stdout.flush()


def row_of(path: str, username: str, bar: Bar) -> str:
    """Return the table row of one page; ✗ marks a bar that was missed."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    page, bare = beside(client, path, bar.bare)
    share = 100 * bare.cpu / page.cpu
    mark = "" if share >= bar.share and page.p95 <= bar.p95 else " ✗"
    written, queries = anew(client, path)
    return (
        f"| {path}{mark} | {username} | {page.web:.0f} | {page.database:.0f} | {bare.cpu:.0f} | {share:.0f} % "
        f"| {bar.share} % | {page.p95:.0f} | {bar.p95} | {page.queries} "
        f"| {written:.0f} | {100 * bare.cpu / written:.0f} % | {queries} |\n"
    )


def anew(client: Client, path: str, *, outlasted: bool = True) -> tuple[float, int]:
    """Return CPU milliseconds and queries of the first time somebody asks after a write, or after a draft only."""
    taken = []
    for _ in range(REQUESTS):
        forget(outlasted=outlasted)
        web, database, _ = ask(client, path)
        taken.append((web + database) * 1000)
    forget(outlasted=outlasted)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return median(taken), len(queries)


def beside(client: Client, *paths: str) -> list[Cost]:
    """Ask for ``paths`` in turn and return what each costs; anything but 200 ends the run."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What helpers of a parallel plan use would be counted nowhere.
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    counts = {path: count_queries(client, path) for path in paths}
    taken: dict[str, list[tuple[float, float, float]]] = {path: [] for path in paths}
    for _ in range(REQUESTS):
        for path in paths:
            taken[path].append(ask(client, path))
    return [cost_of(taken[path], counts[path]) for path in paths]


def count_queries(client: Client, path: str) -> int:
    """Warm the page up and return how many queries it takes."""
    for _ in range(WARM_UP):
        answer = client.get(path)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def ask(client: Client, path: str) -> tuple[float, float, float]:
    """Return the seconds one request took: of the web process, of its database backend, by the clock."""
    start, web, database = time.perf_counter(), time.process_time(), database_time()
    client.get(path)
    return time.process_time() - web, database_time() - database, time.perf_counter() - start


def database_time() -> float:
    """Return the CPU seconds of this connection's backend; 0 for SQLite, which runs in this process."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    ran = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    return int(ran.split()[0]) / 1e9


def cost_of(taken: list[tuple[float, float, float]], queries: int) -> Cost:
    """Return what the requests of one address came to."""
    web, database, clock = zip(*taken, strict=True)
    return Cost(median(web) * 1000, median(database) * 1000, quantiles(clock, n=20)[-1] * 1000, queries)
