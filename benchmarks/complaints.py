"""A million complaints: ``python -m benchmarks.complaints fill``, then ``… run``.

On PostgreSQL (``DATABASE_URL``, an empty database). The demonstration's complaints are copied inside the database:
what is over 3,000 times, what is open 30 times, each with its last round.

``… fill_running`` (another empty database) copies only what has a running clock, a million times, due from five days
ago to five days ahead; ``… scan`` measures the scan alone, in the worst case: a million clocks run at once.
"""

import os
import resource
import sys
import time

import django

COPIES_OVER, COPIES_OPEN = 3_000, 30
RUNNING = 1_000_000
#: Copies are due this much apart, over ten days around the originals.
MINUTES = 14_400
SPACING = 100_000
OPEN = (
    *("received", "refusal_review", "accepted", "dispatched", "return_review"),
    *("handling", "sign_off", "office_review", "callback"),
)
PAGES = (
    ("/complaints/", "office"),
    ("/complaints/?view=overdue", "office"),
    ("/complaints/?view=nearly_due", "office"),
    ("/complaints/?status=handling&department=scjgj", "office"),
    ("/complaints/?page=20", "office"),
    ("/complaints/?search=YS2026", "office"),
    ("/complaints/", "scjgj_reporter"),
    ("/", "office"),
    ("/bare/page/", "office"),
    ("/bare/api/complaints/", "office"),
    ("/api/v1/complaints/", "office"),
    ("/api/v1/complaints/?overdue=true", "office"),
    ("/api/v1/complaints/?department=scjgj&status=handling", "office"),
    ("/api/v1/complaints/", "scjgj_reporter"),
)


def fill() -> None:
    """Prepare the database with the demonstration and copy its complaints."""
    copied(f"held.status NOT IN %s OR n <= {COPIES_OPEN}", COPIES_OVER, {})


def fill_running() -> None:
    """Prepare the database and copy what has a running clock until a million run."""
    apart = f"+ (n %% {MINUTES} - {MINUTES // 2}) * interval '1 minute'"
    moves = {name: f"one.{name} {apart}" for name in ("clock_due_at", "due_at", "effective_due_at")}
    copied("held.clock_due_at IS NOT NULL AND held.status IN %s", None, moves)


def copied(condition: str, copies: int | None, moves: dict[str, str]) -> None:
    """Prepare the database and copy the complaints of ``condition``; as often as a million takes where not said."""
    from django.db import connection

    from config.prepare import prepare

    prepare()
    with connection.cursor() as cursor:
        if copies is None:
            cursor.execute("SELECT count(clock_due_at) FROM complaints_complaint")
            copies = RUNNING // cursor.fetchone()[0]
        copy_rows(cursor, condition, copies, moves)
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*), count(clock_due_at) FROM complaints_complaint")
        total, running = cursor.fetchone()
        sys.stdout.write(f"{total} complaints, {running} with a running clock\n")


def copy_rows(cursor, condition: str, copies: int, further: dict[str, str]) -> None:
    """Copy complaints and their present rounds; keys move by ``SPACING`` a copy, receipt ten minutes backwards.

    Args:
        condition: SQL over the complaint ``held`` and the number ``n`` of the copy, with one parameter: open states.
        further: column → SQL of its value in the copy.
    """
    from complaints.models import Complaint, HandlingRound

    moves = {
        "id": f"one.id + n * {SPACING}",
        "number": "one.number || '-' || n",
        "current_round_id": f"one.current_round_id + n * {SPACING}",
        "complaint_id": f"one.complaint_id + n * {SPACING}",
        "received_at": "one.received_at - n * interval '10 minutes'",
    } | further
    cursor.execute("SET session_replication_role = replica")  # the copies are sound, so no key is checked
    for model, join in ((Complaint, "held.id = one.id"), (HandlingRound, "held.current_round_id = one.id")):
        table = model._meta.db_table
        names = [field.column for field in model._meta.concrete_fields]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(moves.get(name, f'one."{name}"') for name in names)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} one "  # nosec B608: constants
            f"JOIN complaints_complaint held ON {join} "
            f"JOIN generate_series(1::bigint, {copies}) n ON {condition} WHERE one.id < {SPACING}",
            [OPEN],
        )


def run() -> None:
    """Print a Markdown table: milliseconds and CPU milliseconds (medians) and queries of each page; what a scan costs.

    The CPU time is this process' alone and hardly depends on what else the machine does; the database's is not in it.
    """
    sys.stdout.write("| | who | ms | CPU ms | queries |\n|---|---|--:|--:|--:|\n")
    for path, username in PAGES:
        taken, processor, queries = measure(path, username)
        sys.stdout.write(f"| {path} | {username} | {taken:.0f} | {processor:.0f} | {queries} |\n")
        sys.stdout.flush()
    measure_scans()


def measure(path: str, username: str) -> tuple[float, float, int]:
    """Return the median time and CPU time in milliseconds and the number of queries of one page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    times, processor = [], []
    for _ in range(9):
        start, used = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sorted(times)[4] * 1000, sorted(processor)[4] * 1000, len(queries)


def measure_scans() -> None:
    """Scan twice, the first time with everything to record, and take it back."""
    from django.db import transaction

    from complaints.services.escalation import scan_complaints
    from core import clock
    from indicators.demo.plan import at

    now = at(clock.today(), 10 * 60)
    with transaction.atomic():
        for word in ("first scan", "second scan"):
            start = time.perf_counter()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            found = scan_complaints(now=now)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            taken = (time.perf_counter() - start) * 1000
            sys.stdout.write(f"| {word}: {found} rungs, memory + {grown:.0f} MB | | {taken:.0f} | | |\n")
        transaction.set_rollback(True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    {"fill": fill, "fill_running": fill_running, "run": run, "scan": measure_scans}[sys.argv[1]]()
