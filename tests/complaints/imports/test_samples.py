"""The sample exports through the real import: every count, error, warning and record as expected."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from complaints.services.imports import ComplaintImport
from core.import_kinds import ImportRun
from core.services.imports import commit_import, upload_import
from core.services.imports.findings import judge_table
from core.services.jobs import silent_progress
from core.spreadsheets import read_table
from departments.models import Department
from tests.complaints.imports.orders import KEYS, NOW, imported, order
from tests.core.hotline import record_of
from tests.factories import files

DATA = Path(__file__).parents[2] / "data" / "hotline"
SAMPLES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")


def written(value) -> str:
    """Return a value of the expected results as a cell."""
    if isinstance(value, bool):
        return "是" if value else ""
    text = "、".join(value) if isinstance(value, list) else value or ""
    return text.removesuffix("+08:00")


def seed(existing: list[dict], actor) -> None:
    """Import the orders that are to be there already."""
    if existing:
        lines = [[written(one.get(key)) for key in KEYS] for one in existing]
        codes = {code: code for code in Department.objects.values_list("code", flat=True)}
        done = imported(actor, *lines, now=NOW - timedelta(days=1), mapping=codes)
        assert done.new == len(existing), done.errors


def places(entries) -> list[dict]:
    """Return problems as the expected results list them."""
    return [{name: entry[name] for name in ("sheet", "row", "column", "field", "code")} for entry in entries]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_export_previews_as_expected(path, office):
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    seed(expected["existing"], office)
    mapping = expected["department_mapping"]
    file = files.uploaded(path.read_bytes(), path.name)
    batch = upload_import(file, kind_code="complaints", department_mapping=mapping, actor=office, now=NOW)
    counts = ("rows", "new", "update", "duplicate", "error")
    assert {name: getattr(batch, name) for name in counts} == {name: expected[name] for name in counts}
    assert places(batch.errors) == expected["errors"]
    assert places(batch.warnings) == expected["warnings"]
    assert batch.unmapped_columns == expected["unmapped_columns"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_export_gives_the_expected_records(path, office):
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    seed(expected["existing"], office)
    kind, run = ComplaintImport(), ImportRun(office, NOW, expected["department_mapping"])
    table = read_table(path.read_bytes(), kind.columns(run))
    records = [
        {name: value for name, value in record_of(good, action).items() if name != "raw_department"}
        for good, action in judge_table(kind, table, run, progress=silent_progress).good
    ]
    assert records == expected["records"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_export_commits_its_records_and_is_then_a_duplicate(path, office):
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    seed(expected["existing"], office)
    mapping = expected["department_mapping"]
    for wanted in ("committed", "duplicate"):
        file = files.uploaded(path.read_bytes(), path.name)
        batch = upload_import(file, kind_code="complaints", department_mapping=mapping, actor=office, now=NOW)
        if wanted == "duplicate":
            assert (batch.new, batch.update) == (0, 0)
            return
        done = commit_import(batch, actor=office, now=NOW)
        assert done.result["new"] == expected["new"]
        for record in expected["records"]:
            stored = order(record["number"])
            assert stored.content == record["content"]
            assert stored.received_at == datetime.fromisoformat(record["received_at"])
            assert (stored.department.code if stored.department else None) == record["department"]
