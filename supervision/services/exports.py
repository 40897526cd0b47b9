"""The ledger as a workbook: the columns of the page, or all of workflows.md §4.2, ready to be imported again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from core.selectors.calendar import work_calendar
from core.services.exports import ListExport, Parameters
from core.spreadsheets.writing import ExportColumn
from supervision.models import Issue
from supervision.selectors.ledger import narrowed
from supervision.selectors.ledger_columns import ROW_COLUMNS, LedgerColumn, LedgerReader, workbook_columns

AT_ONCE = 500


class IssueExport(ListExport):
    """问题台账, under the filters of the page or for the rows ticked (``issues``: numbers).

    ``list`` and ``columns`` of the address choose the columns as on the page; without either, all are there.
    """

    code = "issues"
    filename = "问题台账.xlsx"

    def columns_for(self, user, parameters: Parameters) -> Sequence[ExportColumn]:
        return [ExportColumn(column.label, column.width) for column in chosen_columns(user, parameters)]

    def count(self, user, parameters: Parameters, now: datetime) -> int:
        return self._rows(user, parameters, now).count()

    def rows(self, user, parameters: Parameters, now: datetime) -> Iterable[Sequence[Any]]:
        columns = chosen_columns(user, parameters)
        reader = LedgerReader(user, columns, now=now, calendar=work_calendar())
        rows = self._rows(user, parameters, now).order_by("-created_at", "-id").values(*ROW_COLUMNS)
        for piece in pieces(rows.iterator(chunk_size=AT_ONCE)):
            for cells in reader.read(piece):
                yield [cells[column.code] for column in columns]

    @staticmethod
    def _rows(user, parameters: Parameters, now: datetime) -> QuerySet[Issue]:
        asked = {name: texts[-1] for name, texts in parameters.items() if texts}
        rows = narrowed(asked, user=user, now=now, calendar=work_calendar())
        return rows.filter(number__in=parameters["issues"]) if "issues" in parameters else rows


def chosen_columns(user, parameters: Parameters) -> list[LedgerColumn]:
    """Return the columns of the workbook under an address."""
    list_code = (parameters.get("list") or [""])[-1]
    return workbook_columns(user, list_code=list_code, chosen=parameters.get("columns", []))


def pieces(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Return ``rows`` in lists of up to ``AT_ONCE``."""
    while piece := list(islice(rows, AT_ONCE)):
        yield piece
