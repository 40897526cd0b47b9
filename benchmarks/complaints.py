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

from benchmarks.bars import COMPLAINT_API, DETAIL, PAGE

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
    ("/complaints/", "office", PAGE),
    ("/complaints/?view=overdue", "office", PAGE),
    ("/complaints/?view=nearly_due", "office", PAGE),
    ("/complaints/?status=handling&department=scjgj", "office", PAGE),
    ("/complaints/?page=20", "office", PAGE),
    ("/complaints/?search=YS2026", "office", PAGE),
    ("/complaints/", "scjgj_reporter", PAGE),
    ("{a complaint}", "office", DETAIL),
    ("{a complaint}", "scjgj_reporter", DETAIL),
    ("/api/v1/complaints/", "office", COMPLAINT_API),
    ("/api/v1/complaints/?overdue=true", "office", COMPLAINT_API),
    ("/api/v1/complaints/?department=scjgj&status=handling", "office", COMPLAINT_API),
    ("/api/v1/complaints/", "scjgj_reporter", COMPLAINT_API),
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
        cursor.execute("VACUUM ANALYZE")  # what a database in use has done by itself
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


def run(word: str = "") -> None:
    """Print a Markdown table: what the pages with ``word`` in their address cost beside their bare equivalents."""
    from benchmarks.measuring import tell
    from complaints.models import Complaint

    handled = Complaint.objects.unscoped("benchmark").filter(status="handling", department__code="scjgj")
    places = {"{a complaint}": handled.order_by("pk")[0].get_absolute_url()}
    tell([(places.get(path, path), who, bar) for path, who, bar in PAGES], word)


def measure_scans() -> None:
    """Scan twice, the first time with everything to record, take it back, and print a Markdown table."""
    from django.db import transaction

    from benchmarks.measuring import database_time
    from complaints.services.escalation import scan_complaints
    from core import clock
    from indicators.demo.plan import at

    now = at(clock.today(), 10 * 60)
    sys.stdout.write("| | seconds | worker CPU s | database CPU s | memory |\n|---|--:|--:|--:|--:|\n")
    with transaction.atomic():
        for word in ("first scan", "second scan"):
            start, worker, database = time.perf_counter(), time.process_time(), database_time()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            found = scan_complaints(now=now)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            sys.stdout.write(
                f"| {word}: {found} rungs | {time.perf_counter() - start:.1f} | {time.process_time() - worker:.1f} "
                f"| {database_time() - database:.1f} | + {grown:.0f} MB |\n"
            )
            sys.stdout.flush()
        transaction.set_rollback(True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    {"fill": fill, "fill_running": fill_running, "run": run, "scan": measure_scans}[sys.argv[1]](*sys.argv[2:])
