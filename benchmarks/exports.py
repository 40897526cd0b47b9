"""100,000 rows as .xlsx: ``python -m benchmarks.exports`` writes complaints and issues, each list in a process of its own.

On a database filled by ``benchmarks.complaints`` and ``benchmarks.issues``. Prints seconds, CPU seconds (of this
process; reading the rows is the database's), megabytes of the file and the most memory the process came to.
"""

import os
import subprocess  # nosec B404: this module again, to measure its memory alone
import sys
import time
from itertools import islice

import django

ROWS = 100_000
LISTS = ("complaints", "issues")


def run() -> None:
    """Print a Markdown table."""
    sys.stdout.write("| | rows | seconds | CPU seconds | file | memory | before |\n|---|--:|--:|--:|--:|--:|--:|\n")
    sys.stdout.flush()
    for code in LISTS:
        subprocess.run([sys.executable, "-m", "benchmarks.exports", code], check=True)  # nosec B603: constants


def write(code: str) -> None:
    """Write one list and print its row of the table."""
    from accounts.models import User
    from benchmarks.imports import most_memory
    from complaints.services.exports import ComplaintExport
    from core import clock
    from core.spreadsheets.writing import write_workbook
    from supervision.services.exports import IssueExport

    office, now = User.objects.get(username="office"), clock.now()
    export = {"complaints": ComplaintExport, "issues": IssueExport}[code]()
    written = 0

    def counted():
        nonlocal written
        for row in islice(export.rows(office, {}, now), ROWS):
            written += 1
            yield row

    before, start, used = most_memory(), time.perf_counter(), time.process_time()
    with write_workbook(export.columns_for(office, {}), counted()) as file:
        size = file.seek(0, os.SEEK_END) / 1024**2
    sys.stdout.write(
        f"| {export.filename} | {written} | {time.perf_counter() - start:.0f} | {time.process_time() - used:.0f} "
        f"| {size:.0f} MB | {most_memory():.0f} MB | {before:.0f} MB |\n"
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    if len(sys.argv) > 1:
        django.setup()
        write(sys.argv[1])
    else:
        run()
