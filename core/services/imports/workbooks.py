"""Workbooks that go with an import: the template, and the rows that did not make it."""

from datetime import datetime
from typing import IO

from core.audit import record_event
from core.import_kinds import ImportKind, ImportRun, import_kind
from core.models import ImportBatch
from core.services.imports.batches import stored_bytes
from core.spreadsheets import ReadRow, read_table
from core.spreadsheets.templates import template_workbook
from core.spreadsheets.writing import ExportColumn, write_workbook

REASON = "未导入原因"


def import_template(kind: ImportKind, *, actor, now: datetime) -> IO[bytes]:
    """Return the template of ``kind`` as an open .xlsx; its drop-downs are those of today."""
    columns = kind.columns(ImportRun(actor, now))
    return template_workbook(columns, sample=kind.sample, notes=kind.notes)


def failed_rows_workbook(batch: ImportBatch, *, actor, now: datetime) -> IO[bytes]:
    """Return the faulty rows of ``batch`` as they stood in the file, with the reasons beside each.

    It can be corrected and uploaded as it is. The rows come from the encrypted file, personal data
    included, so taking them out is an audited act.
    """
    reasons: dict[tuple[str | None, int], list[str]] = {}
    for entry in batch.errors:
        reasons.setdefault((entry["sheet"], entry["row"]), []).append(_reason(entry))
    table = read_table(stored_bytes(batch), import_kind(batch.kind).columns(ImportRun(actor, now)))
    failed = [row for row in table.rows if (row.sheet, row.row) in reasons]
    labels = _labels(failed)
    record_event(actor=actor, action="core.importbatch.failed_rows", target=batch, after={"rows": len(failed)}, now=now)
    columns = [*(ExportColumn(label) for label in labels), ExportColumn("原位置"), ExportColumn(REASON, 60)]
    lines = (
        [*(row.cells.get(label, "") for label in labels), _place(row), "；".join(reasons[row.sheet, row.row])]
        for row in failed
    )
    return write_workbook(columns, lines, sheet="未导入")


def _labels(rows: list[ReadRow]) -> list[str]:
    """Return the headers of all sheets the rows come from, in the order met."""
    return list(dict.fromkeys(label for row in rows for label in row.cells))


def _place(row: ReadRow) -> str:
    return f"{row.sheet} 第 {row.row} 行" if row.sheet else f"第 {row.row} 行"


def _reason(entry: dict) -> str:
    return f"{entry['field']}：{entry['message']}"
