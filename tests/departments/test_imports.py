"""The list of units from a spreadsheet: preview, commit, undo (domain §2, §6)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.exceptions import NotAllowed, RuleViolation
from core.services.imports import commit_import, undo_import, upload_import
from departments.models import Department
from departments.services import update_department
from departments.services.catalogue import CATALOGUE
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
HEADER = "代码,全称,简称,别名,类别,排序\n"


def upload(actor, text, now=NOW):
    file = SimpleUploadedFile("units.csv", text.encode())
    return upload_import(file, kind_code="departments", actor=actor, now=now)


def counts(batch):
    return batch.new, batch.update, batch.duplicate, batch.error


def test_the_countys_own_file_is_taken_whole_and_then_changes_nothing(sysadmin):
    text = CATALOGUE.read_text(encoding="utf-8")
    batch = upload(sysadmin, text)
    assert counts(batch) == (68, 0, 0, 0)
    commit_import(batch, actor=sysadmin, now=NOW)
    assert Department.objects.count() == 68
    assert counts(upload(sysadmin, text, NOW + timedelta(minutes=1))) == (0, 0, 68, 0)


def test_changed_row_renames_moves_and_is_undone(sysadmin, department, other_department):
    batch = upload(sysadmin, HEADER + "zjj,西平县住房保障局,县住保局,建委,,4\n")
    assert counts(batch) == (0, 1, 0, 0)
    commit_import(batch, actor=sysadmin, now=NOW)
    department.refresh_from_db()
    assert (department.short_name, department.aliases, department.official_order) == ("县住保局", ["建委"], 4)
    assert department.former_names.get().short_name == "县住建局"
    undo_import(batch, actor=sysadmin, now=NOW + timedelta(hours=1))
    department.refresh_from_db()
    assert (department.short_name, department.aliases, department.official_order) == ("县住建局", [], 3)
    assert not department.former_names.exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("S J,西平县审计局,县审计局,,,", "invalid_code"),
        ("sjj,西平县审计局,县住建局,,,", "name_taken"),
        ("sjj,西平县审计局,县审计局,住建局,,", "name_taken"),
        ("sjj,西平县审计局,县审计局,,局,", "unknown_choice"),
        ("sjj,西平县审计局,县审计局,,,0", "out_of_range"),
        ("sjj,,县审计局,,,", "missing_required"),
    ],
)
def test_wrong_row_is_named(sysadmin, department, row, code):
    batch = upload(sysadmin, HEADER + row)
    assert counts(batch) == (0, 0, 0, 1)
    assert batch.errors[0]["code"] == code


def test_two_rows_of_a_file_do_not_share_a_name(sysadmin):
    batch = upload(sysadmin, HEADER + "aj,西平县甲局,县甲局,,,\nbj,西平县乙局,县甲局,,,\n")
    assert counts(batch) == (1, 0, 0, 1)


def test_new_unit_that_is_in_use_is_not_undone(sysadmin):
    batch = commit_import(upload(sysadmin, HEADER + "aj,西平县甲局,县甲局,,,\n"), actor=sysadmin, now=NOW)
    unit = Department.objects.get(code="aj")
    make_user("aj_reporter", department=unit)
    with pytest.raises(RuleViolation, match="已被使用"):
        undo_import(batch, actor=sysadmin, now=NOW + timedelta(hours=1))


def test_unit_touched_since_is_not_undone(sysadmin):
    batch = commit_import(upload(sysadmin, HEADER + "aj,西平县甲局,县甲局,,,\n"), actor=sysadmin, now=NOW)
    later = NOW + timedelta(minutes=5)
    unit = Department.objects.get(code="aj")
    update_department(unit, kind="park", aliases=[], office_phone="", actor=sysadmin, now=later)
    with pytest.raises(RuleViolation, match="县甲局"):
        undo_import(batch, actor=sysadmin, now=later)


def test_office_does_not_import_units(office):
    with pytest.raises(NotAllowed):
        upload(office, HEADER + "aj,西平县甲局,县甲局,,,\n")
