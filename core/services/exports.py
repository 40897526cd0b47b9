"""Lists as workbooks: at once up to 20,000 rows, by the worker above (api.md, lists have 导出).

An app registers one :class:`ListExport` per list in ``apps.ready()``; its door calls
``core.views.exports.answer_export``. Whatever the way, the rows are those the user may see with the
filters of the page, fetched while they are written, and text is neutralised.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, ClassVar

from core.models import Attachment, Job
from core.services.attachments import keep_generated_file
from core.services.jobs import Progress, queue_job, register_job_kind
from core.spreadsheets.writing import XLSX, ExportColumn, write_workbook

MOST_ROWS_AT_ONCE = 20_000
REPORT_EVERY_ROWS = 1_000
JOB_KIND = "export"

Parameters = Mapping[str, Any]
"""The page's filters as in its address: name → list of texts."""


class ListExport:
    """One list that can be exported. Subclass, set the class attributes, override the methods."""

    code: ClassVar[str]
    filename: ClassVar[str]
    """With ``.xlsx``; Chinese."""
    columns: ClassVar[Sequence[ExportColumn]]

    def columns_for(self, user, parameters: Parameters) -> Sequence[ExportColumn]:
        """Return the columns ``user`` gets under ``parameters``; override where they can be chosen."""
        return self.columns

    def count(self, user, parameters: Parameters, now: datetime) -> int:
        """Return how many rows ``user`` would get."""
        raise NotImplementedError(f"{type(self).__name__} must count its rows")

    def rows(self, user, parameters: Parameters, now: datetime) -> Iterable[Sequence[Any]]:
        """Return the rows ``user`` may see under ``parameters``, lazily (``.values_list().iterator()``)."""
        raise NotImplementedError(f"{type(self).__name__} must give its rows")


_exports: dict[str, ListExport] = {}


def register_export(export: ListExport) -> None:
    """Make a list's export known to the worker."""
    _exports[export.code] = export


def export_list(code: str, *, parameters: Parameters, actor, now: datetime) -> IO[bytes] | Job:
    """Return the workbook as an open file, or the job that makes it when there are more than 20,000 rows."""
    export = _exports[code]
    count = export.count(actor, parameters, now)
    if count <= MOST_ROWS_AT_ONCE:
        return write_workbook(export.columns_for(actor, parameters), export.rows(actor, parameters, now))
    arguments = {"export": code, "parameters": dict(parameters)}
    label = f"导出{export.filename.removesuffix('.xlsx')}"
    return queue_job(JOB_KIND, label=label, arguments=arguments, actor=actor, now=now, total=count)


def export_filename(code: str) -> str:
    """Return what the workbook is called."""
    return _exports[code].filename


def _run_export(job: Job, progress: Progress, now: datetime) -> Attachment:
    export, user = _exports[job.arguments["export"]], job.created_by
    rows = _reported(export.rows(user, job.arguments["parameters"], now), job.total, progress)
    with write_workbook(export.columns_for(user, job.arguments["parameters"]), rows) as file:
        return keep_generated_file(file, name=export.filename, content_type=XLSX, actor=user, now=now)


def _reported(rows: Iterable[Sequence[Any]], total: int, progress: Progress) -> Iterable[Sequence[Any]]:
    """Pass ``rows`` on and tell how far they are."""
    for done, row in enumerate(rows):
        if done % REPORT_EVERY_ROWS == 0:
            progress(done, total)
        yield row


register_job_kind(JOB_KIND, _run_export)
