"""A ledger of 100,000 issues: ``python -m benchmarks.issues fill``, then ``python -m benchmarks.issues run``.

On any empty database (``DATABASE_URL``, ``DATA_DIR``). The demonstration's issues are copied: what is over until there
are 100,000, what is open 10 times, each with its last round.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta

import django

TOTAL, COPIES_OPEN = 100_000, 10
AT_ONCE = 2_000
PAGES = (
    ("/issues/", "office"),
    ("/issues/?list=measures", "office"),
    ("/issues/?view=overdue", "office"),
    ("/issues/?view=look_back", "inspector"),
    ("/issues/?view=to_verify", "inspector"),
    ("/issues/?status=cleared&source=covert", "office"),
    ("/issues/?ordering=-found_on", "office"),
    ("/issues/?ordering=due_on", "office"),
    ("/issues/?ordering=department", "office"),
    ("/issues/?page=150", "office"),
    ("/issues/?search=公示", "office"),
    ("/issues/", "zjj_reporter"),
    ("/issues/statistics/?period=2026", "office"),
    ("/api/v1/issues/", "office"),
    ("/api/v1/issues/statistics/?period=2026", "office"),
)


def fill() -> None:
    """Prepare the database with the demonstration and copy its issues."""
    from django.db import connection

    from config.prepare import prepare
    from supervision.models import Issue

    prepare()
    copy_issues()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Issue.objects.unscoped("benchmark")
    running = rows.filter(clock_due_on__isnull=False).count()
    sys.stdout.write(f"{rows.count()} issues, {running} with a running clock\n")


def copy_issues() -> None:
    """Write copies of every issue and its current round, each a day older than the one before."""
    from supervision.models import Issue, IssueRound

    issues = list(Issue.objects.unscoped("benchmark").order_by("pk"))
    rounds = {one.pk: one for one in IssueRound.objects.unscoped("benchmark")}
    over = [one for one in issues if one.status not in Issue.OPEN]
    wanted = (TOTAL - len(issues) - COPIES_OPEN * (len(issues) - len(over))) // len(over)
    pairs = [(one, copy) for one in issues for copy in range(wanted if one in over else COPIES_OPEN)]
    for piece in pieces(pairs):
        made = [copy_of(Issue, one, copy, current_round_id=None) for one, copy in piece]
        Issue.objects.unscoped("benchmark").bulk_create(made)
        opened = [
            copy_of(IssueRound, rounds[one.current_round_id], copy, number="", issue_id=new.pk)
            for (one, copy), new in zip(piece, made, strict=True)
            if one.current_round_id
        ]
        IssueRound.objects.unscoped("benchmark").bulk_create(opened)
        by_issue = {round_.issue_id: round_.pk for round_ in opened}
        for new in made:
            new.current_round_id = by_issue.get(new.pk)
        Issue.objects.unscoped("benchmark").bulk_update(made, ["current_round"])


def pieces(pairs: list) -> Iterator[list]:
    """Return ``pairs`` a few thousand at a time."""
    for start in range(0, len(pairs), AT_ONCE):
        yield pairs[start : start + AT_ONCE]


def copy_of(model, row, copy: int, **changes):
    """Return an unsaved copy of ``row``, number and moments moved by ``copy``; ``changes`` as given."""
    older = timedelta(days=copy % 900 + 1)
    columns = {
        field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields if field.name != "id"
    }
    for name in ("created_at", "registered_at", "opened_at", "cleared_at", "found_on"):
        if columns.get(name):
            columns[name] -= older
    if "number" in columns:
        columns["number"] = f"{row.number}-{copy}"
    return model(**(columns | {name: value for name, value in changes.items() if name in columns}))


def run() -> None:
    """Print a Markdown table: milliseconds (median of 7) and queries of each page."""
    from benchmarks.complaints import measure

    sys.stdout.write("| | who | ms | queries |\n|---|---|--:|--:|\n")
    for path, username in PAGES:
        milliseconds, *_, queries = measure(path, username)
        sys.stdout.write(f"| {path} | {username} | {milliseconds:.0f} | {queries} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    {"fill": fill, "run": run}[sys.argv[1]]()
