"""Spreadsheet import for every app.

An app subclasses :class:`ImportKind` and calls :func:`register_import_kind` in ``apps.ready()``
(the contract stands in ``core.import_kinds``); pages, API, template, jobs and undo come with it.
"""

from core.import_kinds import Action, ImportKind, ImportRun, Saved, import_kind, kinds_for, register_import_kind
from core.services.imports.batches import (
    commit_import,
    map_departments,
    stored_bytes,
    undo_import,
    upload_import,
)
from core.services.imports.workbooks import failed_rows_workbook, import_template

__all__ = [
    "Action",
    "ImportKind",
    "ImportRun",
    "Saved",
    "commit_import",
    "failed_rows_workbook",
    "import_kind",
    "import_template",
    "kinds_for",
    "map_departments",
    "register_import_kind",
    "stored_bytes",
    "undo_import",
    "upload_import",
]
