"""The workbook people fill in: 填写说明, drop-downs, one sample row."""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from core.spreadsheets.fields import Date, DateTime, Figure
from core.spreadsheets.tables import Column

DATA_SHEET = "数据"
NOTES_SHEET = "填写说明"
CHOICES_SHEET = "选项"
DATA_ROWS = 5_000
LONGEST_INLINE_LIST = 255
"""Excel's limit for a drop-down written into the rule itself; longer ones refer to a hidden sheet."""

_GENERAL_NOTES = (
    "带 * 的列必填；不填的单元格留空，不要写“无”。",
    "日期写成 2026-03-05，时间写成 2026-03-05 09:30。",
    "编号列已设为文本格式，请不要改动，以免末几位丢失。",
    "“数据”表第 2 行是样例，上传前请删除。",
    "一个文件最多 5,000 行、10 MB；不要带宏，不要设密码。",
)


def template_workbook(columns: Sequence[Column], *, sample: Mapping[str, Any], notes: Sequence[str]) -> IO[bytes]:
    """Return the template of one kind of import as an open temporary .xlsx; the caller closes it.

    Args:
        columns: in the order they stand.
        sample: column label → value of the sample row.
        notes: lines of 填写说明 besides the general ones.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the caller closes it
    workbook = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    _Template(workbook, columns).write(sample, notes)
    workbook.close()
    file.seek(0)
    return file


class _Template:
    """Builds the three sheets: data first, so that it is what opens."""

    def __init__(self, workbook, columns: Sequence[Column]):
        self.columns = columns
        self.workbook = workbook
        self.data = workbook.add_worksheet(DATA_SHEET)
        self.notes = workbook.add_worksheet(NOTES_SHEET)
        self.choices = workbook.add_worksheet(CHOICES_SHEET)
        self.choices.hide()
        self.head = workbook.add_format({"bold": True, "bg_color": "#EEF2F6", "bottom": 1})
        self.text = workbook.add_format({"num_format": "@"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    def write(self, sample: Mapping[str, Any], notes: Sequence[str]) -> None:
        for index, column in enumerate(self.columns):
            self.data.set_column(index, index, max(14, len(column.label) * 2 + 4), self._format(column))
            self.data.write_string(0, index, f"{column.label}*" if column.required else column.label, self.head)
            self._sample(index, column, sample.get(column.label))
            self._drop_down(index, column)
        self.data.freeze_panes(1, 0)
        self._write_notes(notes)

    def _format(self, column: Column):
        """Return the cell format: text keeps long numbers whole, moments and figures keep their own."""
        if isinstance(column.type, DateTime):
            return self.moment if not isinstance(column.type, Date) else None
        return None if isinstance(column.type, Figure) else self.text

    def _sample(self, index: int, column: Column, value: Any) -> None:
        if isinstance(value, dt.date):
            self.data.write_string(
                1, index, f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else f"{value:%Y-%m-%d}"
            )
        elif isinstance(value, int | float):
            self.data.write_number(1, index, value)
        elif value is not None:
            self.data.write_string(1, index, str(value), self._format(column))

    def _drop_down(self, index: int, column: Column) -> None:
        options = list(getattr(column.type, "options", ()))
        if not options:
            return
        source: Any = options
        if len(",".join(options)) > LONGEST_INLINE_LIST:
            letter = xlsxwriter.utility.xl_col_to_name(index)
            self.choices.write_column(0, index, options)
            source = f"={CHOICES_SHEET}!${letter}$1:${letter}${len(options)}"
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": column.label,
            "error_message": "请从列表中选择",
        }
        self.data.data_validation(1, index, DATA_ROWS, index, rule)

    def _write_notes(self, notes: Sequence[str]) -> None:
        self.notes.set_column(0, 0, 18)
        self.notes.set_column(1, 1, 80, self.wrapped)
        lines = [("", line) for line in (*_GENERAL_NOTES, *notes)]
        described = [(column.label, _described(column)) for column in self.columns]
        for number, (label, line) in enumerate([*lines, ("", ""), *described]):
            self.notes.write_string(number, 0, label)
            self.notes.write_string(number, 1, line)


def _described(column: Column) -> str:
    """Return what the template says about one column."""
    options = list(getattr(column.type, "options", ()))
    parts = ["必填" if column.required else "选填", column.note]
    if 0 < len(options) <= 12:
        parts.append(f"可填：{'、'.join(options)}")
    if column.aliases:
        parts.append(f"也认作：{'、'.join(column.aliases)}")
    return "；".join(part for part in parts if part)
