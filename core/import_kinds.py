"""What an app declares so that its rows can be imported from a spreadsheet.

An app writes one subclass of :class:`ImportKind` per kind of row (in its ``services``) and registers
an instance in ``apps.ready()``::

    register_import_kind(ObservationImport())

The framework (``core.services.imports``) then does the rest for both doors: reading and checking the
file, preview, template, commit in one transaction, failed rows, undo, progress.

The life of one run, always in this order and always on one :class:`ImportRun`:

1. ``begin(run)``: load once what every row needs (lookups, those existing rows that ``run.rows`` name) into
   ``run.state``.
   This is the only place where a query count is fixed; ``preview_row`` must not query.
2. for every row ``check_row(row, run)``: report errors that need several cells (values may be ``None``).
3. for each row without errors whose ``key`` was not used by an earlier good row of the file
   ``preview_row(row, run)``: say ``Action.NEW``, ``UPDATE`` or ``DUPLICATE`` (nothing differs).
4. on commit, for each new or updated row in file order ``commit_row(row, run)``: write it and
   return :class:`Saved`. All rows of a file are one transaction; an exception undoes them all.
5. on undo, ``touched_since(journal, since)``, then ``undo_row(entry, run)`` in reverse order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from core.access import Permission
from core.spreadsheets import Column, ReadRow


class Action(StrEnum):
    """What a good row will do."""

    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Saved:
    """What ``commit_row`` wrote.

    ``target``: the row's primary key as text. ``before``: JSON-ready image of an updated row that
    ``undo_row`` can give back, ``None`` for a new row; encrypted columns stay encrypted in it.
    """

    target: str
    before: dict | None = None


@dataclass(slots=True)
class ImportRun:
    """One pass over one file.

    Who, when, the names mapped to departments, the ``options`` of the upload, its rows, the batch once there is one,
    and the kind's own ``state``.
    """

    actor: Any
    now: datetime
    department_mapping: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[ReadRow] = ()
    batch_id: int | None = None
    state: Any = None


class ImportKind:
    """One kind of row that can be imported. Subclass, set the class attributes, override the methods."""

    code: ClassVar[str]
    label: ClassVar[str]
    permission: ClassVar[Permission] = Permission.IMPORT_DATA
    """Who may import this kind; such roles also need ``OPEN_IMPORTS`` to come in at the door."""
    notes: ClassVar[Sequence[str]] = ()
    """Further lines of the template's 填写说明 sheet."""
    key_label: ClassVar[str] = ""
    """Label of the column in which a repeated key is reported."""
    sample: ClassVar[Mapping[str, Any]] = {}
    """The template's sample row: column label → value."""

    option_names: ClassVar[Sequence[str]] = ()
    """What an upload may say for all rows of its file; a page passes it in the address, the API as ``options``."""

    def check_options(self, options: Mapping[str, str], *, actor) -> None:
        """Raise InvalidInput for options that mean nothing; ``options`` holds names of ``option_names`` only."""

    def describe_options(self, options: Mapping[str, str]) -> str:
        """Return in Chinese what the options mean, as the wizard says it."""
        return ""

    def columns(self, run: ImportRun) -> Sequence[Column]:
        """Return the columns in template order, alternatives in order of preference.

        Called once per run, before ``begin``; choices that live in tables (departments,
        indicator codes) are looked up here and handed to the column's field type.
        """
        raise NotImplementedError(f"{type(self).__name__} must declare its columns")

    def department_choices(self) -> Iterable[tuple[str, str]]:
        """Return (code, name) of the departments an unknown name may be mapped to; none by default."""
        return ()

    def begin(self, run: ImportRun) -> None:
        """Load into ``run.state`` what every row needs, with a fixed number of queries."""

    def key(self, row: ReadRow) -> Any:
        """Return what identifies the row within the file, ``None`` when repetition is allowed."""
        return None

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Add with ``row.add_error(label, code, message)`` what several cells together get wrong."""

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        """Say what the good ``row`` will do; may add warnings, must not query."""
        raise NotImplementedError(f"{type(self).__name__} must say what a row does")

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        """Write the row inside the framework's transaction and return what was written."""
        raise NotImplementedError(f"{type(self).__name__} must write its rows")

    def commit_rows(self, good: Sequence[tuple[ReadRow, Action]], run: ImportRun) -> list[Saved]:
        """Write the good rows with what each does, in file order; override where rows can be written at once."""
        return [self.commit_row(row, run) for row, _ in good]

    def finish(self, run: ImportRun) -> None:
        """Do once, after the last row and in the same transaction, what concerns the file as a whole."""

    def touched_since(self, journal: Iterable[Any], since: datetime) -> list[str]:
        """Return texts naming rows of ``journal`` (``ImportRow``) a person has acted on after ``since``."""
        raise NotImplementedError(f"{type(self).__name__} must say whether a row was touched")

    def undo_row(self, entry: Any, run: ImportRun) -> None:
        """Give back ``entry`` (``ImportRow``): delete ``target``, or restore it from ``before``."""
        raise NotImplementedError(f"{type(self).__name__} must undo its rows")

    def undo_rows(self, journal: Sequence[Any], run: ImportRun) -> None:
        """Give back every entry of ``journal``, the last first; override where rows can be deleted at once."""
        for entry in reversed(journal):
            self.undo_row(entry, run)


_kinds: dict[str, ImportKind] = {}


def register_import_kind(kind: ImportKind) -> None:
    """Make ``kind`` known; called from ``apps.ready()``. A second kind of the same code is a bug."""
    if _kinds.get(kind.code, kind).__class__ is not kind.__class__:
        raise ValueError(f"import kind {kind.code} is registered twice")
    _kinds[kind.code] = kind


def import_kind(code: str) -> ImportKind:
    """Return the registered kind; ``KeyError`` when there is none of that code."""
    return _kinds[code]


def kinds_for(user) -> list[ImportKind]:
    """Return the kinds ``user`` may import, in order of registration."""
    return [kind for kind in _kinds.values() if user.can(kind.permission)]
