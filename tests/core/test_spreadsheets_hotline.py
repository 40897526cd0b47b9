"""The hotline's sample exports, read and judged: every count, error, warning and value as expected."""

import json
from pathlib import Path

import pytest

from core.services.imports.findings import judge_table
from core.services.jobs import silent_progress
from core.spreadsheets import read_table
from tests.core.hotline import HotlineImport, record_of, run_with

DATA = Path(__file__).resolve().parents[1] / "data" / "hotline"
FILES = [
    "hotline_export_gbk.csv",
    "hotline_export_html.xls",
    "hotline_export_sheets1904.xlsx",
    "hotline_export_titled.xlsx",
]


def places(problems) -> list[dict]:
    """Return problems as the expected results list them."""
    names = ("sheet", "row", "column", "field", "code")
    return [{name: getattr(problem, name) for name in names} for problem in problems]


@pytest.fixture(params=FILES)
def sample(request):
    path = DATA / request.param
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    kind, run = HotlineImport(expected["existing"]), run_with(expected["department_mapping"])
    table = read_table(path.read_bytes(), kind.columns(run))
    return expected, table, judge_table(kind, table, run, progress=silent_progress)


def test_hotline_counts(sample):
    expected, table, findings = sample
    assert len(table.rows) == expected["rows"]
    assert findings.totals() == {name: expected[name] for name in ("new", "update", "duplicate", "error")}


def test_hotline_errors_and_warnings(sample):
    expected, _, findings = sample
    assert places(findings.errors) == expected["errors"]
    assert places(findings.warnings) == expected["warnings"]


def test_hotline_unmapped_columns(sample):
    expected, table, _ = sample
    unmapped = [{"sheet": sheet, "columns": list(columns)} for sheet, columns in table.unmapped]
    assert unmapped == expected["unmapped_columns"]


def test_hotline_records(sample):
    expected, _, findings = sample
    assert [record_of(row, action) for row, action in findings.good] == expected["records"]
