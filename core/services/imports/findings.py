"""Judging the rows of a file: what each would do, and everything that is wrong, at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.import_kinds import Action, ImportKind, ImportRun
from core.spreadsheets import Column, Problem, ReadRow, Table

REPORT_EVERY_ROWS = 100


@dataclass(slots=True)
class Findings:
    """What a pass over a file found. ``good``: rows to write, in file order, with what they do."""

    good: list[tuple[ReadRow, Action]] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    def totals(self) -> dict[str, Any]:
        """Return ``{new, update, duplicate, error}``."""
        return {name: self.counts[name] for name in ("new", "update", "duplicate", "error")}


def judge_table(kind: ImportKind, table: Table, run: ImportRun, *, progress: Callable[[int, int], None]) -> Findings:
    """Return what each row of ``table`` would do, in the order of the import contract.

    An error of the row itself; else a number an earlier good row already used (``duplicate_in_file``,
    the earlier row stays); else what the kind says about the row and the database.
    """
    run.rows = table.rows
    kind.begin(run)
    findings, total = Findings(), len(table.rows)
    seen: set[str] = set()
    for done, row in enumerate(table.rows):
        if done % REPORT_EVERY_ROWS == 0:
            progress(done, total)
        kind.check_row(row, run)
        outcome = _outcome(kind, row, run, seen)
        findings.counts[outcome] += 1
        if outcome in (Action.NEW, Action.UPDATE):
            findings.good.append((row, Action(outcome)))
        findings.errors += row.errors
        findings.warnings += row.warnings
    return findings


def _outcome(kind: ImportKind, row: ReadRow, run: ImportRun, seen: set) -> str:
    if row.errors:
        return "error"
    key = kind.key(row)
    if key is not None:
        if key in seen:
            row.add_error(kind.key_label, "duplicate_in_file", f"与本文件前面的行重复，已保留前面一行：{key}")
            return Action.DUPLICATE
        seen.add(key)
    return kind.preview_row(row, run)


def listed(problems: list[Problem], columns: list[Column]) -> list[dict[str, Any]]:
    """Return problems as they are kept and shown: personal data masked."""
    sensitive = {column.label for column in columns if column.sensitive}
    entries = [problem.as_dict() for problem in problems]
    for entry in entries:
        if entry["field"] in sensitive:
            entry["value"] = masked(entry["value"])
    return entries


def masked(value: str) -> str:
    """Return a name or number of which only the ends can be recognised: ``138****1234``, ``李**``."""
    return f"{value[:3]}****{value[-4:]}" if len(value) > 7 else f"{value[:1]}**" if value else ""


def unknown_departments(problems: list[Problem]) -> list[str]:
    """Return the department names nobody knows, each once, in the order met."""
    unknown = (problem.value.split("、") for problem in problems if problem.code == "unknown_department")
    return list(dict.fromkeys(name for names in unknown for name in names))
