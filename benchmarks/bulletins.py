"""A paper among ten years of reports: ``python -m benchmarks.bulletins`` drafts last week's 通报 and renders it.

On a database that ``python -m benchmarks fill`` has filled. Everything is taken back at the end. CPU time of this process and
of its database backend is told beside the seconds, because only the seconds depend on what else the machine does.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

HEAD = "| | seconds | CPU seconds | of the database | queries |\n|---|--:|--:|--:|--:|\n"


def main() -> None:
    """Measure each step once after a first paper has warmed up what is read once a process."""
    from django.db import transaction

    from accounts.models import User
    from bulletins.documents import render_file
    from bulletins.services import drafting
    from bulletins.services.editing import numbers_today
    from core import clock
    from core.dates import parse_period
    from core.forms.periods import week_code

    now = clock.now()
    office = User.objects.get(username="office")
    weeks = [parse_period(week_code(clock.local_date(now) - timedelta(weeks=back))) for back in (12, 1)]
    with transaction.atomic():
        drafting.draft_bulletin("brief", weeks[0], actor=office, now=now)
        sys.stdout.write(HEAD)
        bulletin = measured("draft", lambda: drafting.draft_bulletin("brief", weeks[1], actor=office, now=now)[0])
        measured("draft again, its notice compared with the last one issued", lambda: again(weeks[1], office, now))
        for format_ in ("docx", "xlsx", "html"):
            measured(format_, lambda format_=format_: render_file(bulletin, format_))
        measured("what has moved since, as its page and the API ask", lambda: numbers_today(bulletin))
        year = parse_period(str(clock.local_date(now).year))
        measured(
            "draft of the yearly report", lambda: drafting.draft_bulletin("yearly_report", year, actor=office, now=now)
        )
        transaction.set_rollback(True)


def again(week: Any, office: Any, now: Any) -> Any:
    """Draft the week's 通报, which the demonstration has drafted already."""
    from bulletins.services import drafting

    return drafting.draft_bulletin("notice", week, actor=office, now=now)


def measured(name: str, act: Callable[[], Any]) -> Any:
    """Run ``act``, print what it took, and return what it returned."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.measuring import database_time

    database, cpu, start = database_time(), time.process_time(), time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        made = act()
    seconds, cpu, database = time.perf_counter() - start, time.process_time() - cpu, database_time() - database
    sys.stdout.write(f"| {name} | {seconds:.2f} | {cpu:.2f} | {database:.2f} | {len(queries)} |\n")
    sys.stdout.flush()
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    main()
