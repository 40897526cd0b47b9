"""The parser of .xlsx and .xls in a process of its own.

python-calamine is fast but native: a crafted .xls makes it ask for more memory than there is, and the
process that asks is aborted. So it is not ours: :func:`parse_apart` starts this very file as a script,
with a bound on memory and time, and whatever becomes of it the caller only sees a refused file.

The script reads the workbook from standard input and prints JSON lines: for each sheet asked for a head
``{"sheet", "start", "merged"}``, then its rows as arrays, a date in them as ``{"date": ISO}``.
"""

import json
import resource
import subprocess  # nosec B404: runs this file with the running interpreter, nothing from outside
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import python_calamine

MOST_MEMORY = 1024**3
MOST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    """One sheet: 0-based (row, column) of its first used cell, merged areas, and its rows still as JSON."""

    name: str
    start: tuple[int, int]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    lines: list[bytes]

    def rows(self) -> Iterator[list]:
        """Yield the values of each row from ``start`` on."""
        for line in self.lines:
            yield json.loads(line, object_hook=_date_of)


def _date_of(tagged: dict) -> date:
    text = tagged["date"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def parse_apart(data: bytes, names: Sequence[str]) -> list[ParsedSheet] | None:
    """Return the sheets called ``names`` that ``data`` has, in its order; ``None`` when it cannot be parsed."""
    command = [sys.executable, "-I", __file__, json.dumps(list(names))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=True)  # nosec B603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    sheets: list[ParsedSheet] = []
    for line in done.stdout.splitlines():
        if line.startswith(b'{"sheet"'):
            head = json.loads(line)
            sheets.append(ParsedSheet(head["sheet"], tuple(head["start"]), head["merged"], []))
        else:
            sheets[-1].lines.append(line)
    return sheets


# --- in the other process -------------------------------------------------------------------------
def _plain(value: object) -> object:
    """Return a cell as JSON keeps it."""
    if isinstance(value, date):  # a datetime is one, too
        return {"date": value.isoformat()}
    return value if isinstance(value, str | int | float) else str(value)


def _print_workbook(data: bytes, names: Sequence[str]) -> None:
    workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name) if name in names else None
        if sheet is None or sheet.start is None:
            continue
        head = {"sheet": name, "start": sheet.start, "merged": sheet.merged_cell_ranges or []}
        print(json.dumps(head))  # noqa: T201  that is how it answers
        for row in sheet.iter_rows():
            print(json.dumps([_plain(value) for value in row]))  # noqa: T201


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _print_workbook(sys.stdin.buffer.read(), json.loads(sys.argv[1]))
