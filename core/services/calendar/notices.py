"""Reading the State Council's notice: lines of dates with 休 or 班, from a form, a CSV file or the API."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.dates import DayKind
from core.exceptions import FileRefused, FileTooLarge, InvalidInput, field_error

LARGEST_FILE = 1024 * 1024
LARGEST_ROWS = 400
HEADERS = {
    "date": ("日期", "开始日期", "date", "start", "from"),
    "end": ("结束日期", "end", "to"),
    "kind": ("安排", "类型", "kind", "type"),
    "name": ("名称", "节日", "name"),
}
KINDS = {
    DayKind.REST: ("休", "休息", "放假", "节假日", "rest", "holiday"),
    DayKind.WORK: ("班", "上班", "调休上班", "补班", "工作日", "work", "workday"),
}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """The days ``first``..``last`` (both included) are 休 or 班; ``row`` is where it was written, from 1."""

    row: int
    first: date
    last: date
    kind: DayKind
    name: str = ""

    def as_csv(self) -> str:
        """Return the line as the CSV this module reads, so that a preview can carry it."""
        kind = "休" if self.kind is DayKind.REST else "班"
        return f"{self.first.isoformat()},{self.last.isoformat()},{kind},{self.name}"


def notice_csv(lines: Iterable[NoticeLine]) -> str:
    """Return ``lines`` as CSV text with the header row."""
    return "\n".join(["开始日期,结束日期,安排,名称", *(line.as_csv() for line in lines)])


def read_notice_file(content: bytes) -> list[NoticeLine]:
    """Return the lines of an uploaded CSV file in UTF-8 or GBK.

    Raises ``FileTooLarge`` over 1 MB, ``FileRefused`` when it is not text, ``InvalidInput`` with one
    error a row otherwise.
    """
    if len(content) > LARGEST_FILE:
        raise FileTooLarge("日历文件应不超过 1 MB")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileRefused("日历文件应为 CSV 文本（UTF-8 或 GBK）")
    if "\0" in text or text.startswith("PK"):
        raise FileRefused("日历文件应为 CSV 文本，不是工作簿；请另存为 CSV 后上传")
    return read_notice_text(text)


def read_notice_text(text: str) -> list[NoticeLine]:
    """Return the lines of CSV ``text`` whose first row names the columns; errors as in ``read_notice_rows``."""
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if not rows:
        raise InvalidInput.at("file", "文件是空的", code="empty")
    columns = _columns(rows[0])
    return read_notice_rows(
        [{field: row[index] if index < len(row) else "" for field, index in columns.items()} for row in rows[1:]],
        first_row=2,
    )


def read_notice_rows(rows: list[Mapping], first_row: int = 1) -> list[NoticeLine]:
    """Return the lines of ``rows`` with the keys ``date``, ``kind`` and optional ``end``, ``name``.

    All errors are raised together as one ``InvalidInput``; the field of each is ``rows.<number>``.
    """
    if not rows:
        raise InvalidInput.at("days", "没有任何日期", code="empty")
    if len(rows) > LARGEST_ROWS:
        raise InvalidInput.at("days", f"应不超过 {LARGEST_ROWS} 行", code="too_many_rows")
    lines, errors = [], []
    for number, row in enumerate(rows, start=first_row):
        try:
            lines.append(_line(number, row))
        except ValueError as error:
            errors.append(field_error(f"rows.{number}", "invalid", f"第 {number} 行：{error}"))
    if errors:
        raise InvalidInput(errors[0]["detail"], errors=errors)
    return lines


def _columns(header: list[str]) -> dict[str, int]:
    """Return the position of each known column; InvalidInput when 日期 or 安排 is missing."""
    names = [cell.strip().lower() for cell in header]
    found = {
        field: names.index(name) for field, aliases in HEADERS.items() for name in reversed(aliases) if name in names
    }
    missing = [HEADERS[field][0] for field in ("date", "kind") if field not in found]
    if missing:
        raise InvalidInput.at("file", f"缺少列：{'、'.join(missing)}", code="missing_column")
    return found


def _line(number: int, row: Mapping) -> NoticeLine:
    first = _date(row.get("date"))
    last = _date(row.get("end") or row.get("date"))
    if last < first:
        raise ValueError("结束日期早于开始日期")
    if (last - first).days > 31:
        raise ValueError("一行最多 31 天，请核对日期")
    return NoticeLine(number, first, last, _kind(row.get("kind")), str(row.get("name") or "").strip()[:40])


def _date(value) -> date:
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"日期应写作 2027-01-01，填的是“{text}”")
    year, *rest = [int(part) for part in match.groups() if part]
    try:
        return date(year, *rest)
    except ValueError:
        raise ValueError(f"没有“{text}”这一天") from None


def _kind(value) -> DayKind:
    text = str(value or "").strip().lower()
    for kind, words in KINDS.items():
        if text in words:
            return kind
    raise ValueError(f"安排应为“休”或“班”，填的是“{text}”")
