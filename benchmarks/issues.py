"""A ledger of 100,000 issues: ``python -m benchmarks.issues fill``, then ``python -m benchmarks.issues run``.

On PostgreSQL (``DATABASE_URL``). The demonstration's issues are copied inside the database with everything that hangs
on them: what is over (cleared without a look-back to come, revoked) until there are 100,000, each copy a day older than
the one before up to 900 days, what is open ten times as it is.
"""

import os
import sys

import django

from benchmarks.bars import DETAIL, ISSUE_API, ISSUE_TALLY_API, PAGE

TOTAL, COPIES_OPEN = 100_000, 10
#: Keys move by this much a copy.
SPACING = 100_000
PAGES = (
    ("/issues/", "office", PAGE),
    ("/issues/?list=duties", "office", PAGE),
    ("/issues/?list=measures", "office", PAGE),
    ("/issues/?view=overdue", "office", PAGE),
    ("/issues/?status=cleared&source=covert", "office", PAGE),
    ("/issues/?ordering=due_on", "office", PAGE),
    ("/issues/?ordering=-found_on", "office", PAGE),
    ("/issues/?ordering=department", "office", PAGE),
    ("/issues/?ordering=-cleared_at", "office", PAGE),
    ("/issues/?page=150", "office", PAGE),
    ("/issues/?search=公示", "office", PAGE),
    ("/issues/", "inspector", PAGE),
    ("/issues/?view=look_back", "inspector", PAGE),
    ("/issues/?view=to_verify", "inspector", PAGE),
    ("/issues/", "zjj_reporter", PAGE),
    ("/issues/?list=measures", "zjj_reporter", PAGE),
    ("{an issue}", "office", DETAIL),
    ("{an issue}", "inspector", DETAIL),
    ("{an issue}", "zjj_reporter", DETAIL),
    ("/issues/statistics/?period=2026", "office", PAGE),
    ("/issues/look-backs/", "inspector", PAGE),
    ("/supervision/", "office", PAGE),
    ("/supervision/", "zjj_reporter", PAGE),
    ("/api/v1/issues/", "office", ISSUE_API),
    ("/api/v1/issues/?overdue=true&ordering=due_on", "office", ISSUE_API),
    ("/api/v1/issues/", "zjj_reporter", ISSUE_API),
    ("/api/v1/issues/statistics/?period=2026", "office", ISSUE_TALLY_API),
)


def fill() -> None:
    """Prepare the database with the demonstration and copy its issues."""
    from django.db import connection

    from config.prepare import prepare
    from supervision.models import Issue

    prepare()
    with connection.cursor() as cursor:
        count_copies(cursor)
        for model, issue in tables():
            copy_rows(cursor, model, issue)
        cursor.execute("VACUUM ANALYZE")  # what a database in use has done by itself
    rows = Issue.objects.unscoped("benchmark")
    running = rows.filter(clock_due_on__isnull=False).count()
    sys.stdout.write(f"{rows.count()} issues, {running} with a running clock\n")


def count_copies(cursor) -> None:
    """Make a table of how often each issue is copied, and whether its copies are older."""
    cursor.execute(
        "CREATE TEMPORARY TABLE wanted AS SELECT id, status = 'revoked' OR status = 'cleared' AND NOT EXISTS ("
        "SELECT 1 FROM supervision_lookback WHERE issue_id = one.id AND done_on IS NULL AND result = ''"
        f") AS is_over, {COPIES_OPEN} AS copies FROM supervision_issue one"  # nosec B608: constants
    )
    cursor.execute(
        "UPDATE wanted SET copies = (%s - (SELECT count(*) FROM wanted) - (SELECT sum(copies) FROM wanted"
        " WHERE NOT is_over)) / (SELECT count(*) FROM wanted WHERE is_over) WHERE is_over",
        [TOTAL],
    )


def tables() -> list[tuple]:
    """Return what is copied: each model with the SQL of the issue its row ``one`` belongs to."""
    from supervision import models

    of_round = "(SELECT issue_id FROM supervision_issueround WHERE id = one.{})"
    of_request = (
        "(SELECT issue_id FROM supervision_issueround lap JOIN supervision_clearancerequest asked"
        " ON asked.round_id = lap.id WHERE asked.{} = one.{})"
    )
    of_order = "(SELECT issue_id FROM supervision_supervisionorder WHERE {} = one.{})"
    form = f"COALESCE({of_request.format('form_id', 'id')}, {of_order.format('form_id', 'id')})"
    return [
        (models.Issue, "one.id"),
        (models.Issue.assisting.through, "one.issue_id"),
        (models.IssueRound, "one.issue_id"),
        (models.IssueExtension, of_round.format("round_id")),
        (models.FormNumber, form),
        (models.ClearanceRequest, of_round.format("round_id")),
        (models.Verification, of_request.format("id", "request_id")),
        (models.LookBack, "one.issue_id"),
        (models.IssueEvent, "one.issue_id"),
        (models.IssueEvidence, "one.issue_id"),
        (models.SupervisionOrder, "one.issue_id"),
        (models.OrderEvent, of_order.format("id", "order_id")),
    ]


def copy_rows(cursor, model, issue: str) -> None:
    """Copy the rows of one table as often as their issues; keys move by ``SPACING`` a copy, days as the issue's."""
    copied = {model for model, _ in tables()}
    table = model._meta.db_table
    columns = {field.column: moved(field, copied) for field in model._meta.concrete_fields}
    # The copies are sound, so no key is checked.
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # nosec B608: constants
        f"FROM {table} one JOIN wanted ON wanted.id = {issue} JOIN generate_series(1::bigint, wanted.copies) n ON true "
        f"WHERE one.id < {SPACING}"
    )


def moved(field, copied: set) -> str:
    """Return the SQL of a column's value in copy ``n``."""
    column = f'one."{field.column}"'
    if field.primary_key or (field.related_model in copied and not field.name.endswith("_form")):
        return f"{column} + n * {SPACING}"
    if field.name == "serial":
        return f"({column} + n * 1000)::int"
    if field.name == "number":
        return f"{column} || '-' || n"
    if field.get_internal_type() == "DateField":
        return f"CASE WHEN wanted.is_over THEN {column} - (n % 900)::int ELSE {column} END"
    if field.get_internal_type() == "DateTimeField":
        return f"CASE WHEN wanted.is_over THEN {column} - (n % 900) * interval '1 day' ELSE {column} END"
    return column


def run(word: str = "") -> None:
    """Print a Markdown table: what the pages with ``word`` in their address cost beside their bare equivalents."""
    from benchmarks.measuring import tell
    from supervision.models import Issue

    cleared = Issue.objects.unscoped("benchmark").filter(status="cleared", department__code="zjj")
    places = {"{an issue}": cleared.order_by("pk")[0].get_absolute_url()}
    tell([(places.get(path, path), who, bar) for path, who, bar in PAGES], word)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    {"fill": fill, "run": run}[sys.argv[1]](*sys.argv[2:])
