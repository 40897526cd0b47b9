"""Indicators and values from spreadsheets: preview, commit, undo (domain §3, §6)."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.exceptions import NotAllowed, RuleViolation
from core.models import AuditEvent
from core.services.imports import commit_import, undo_import, upload_import
from indicators.models import Assignment, Indicator, Observation, Standard
from indicators.selectors.scores import catalogue_scores
from indicators.services.indicators import edit_indicator
from tests.factories.indicators import make_catalogue

VALUES = "指标代码,指标名称,数值,数据日期,说明\n"
ROWS = "代码,上级代码,名称,维度,单位,方向,权重,牵头单位,配合单位,前沿值,前沿单位,目标值\n"


@pytest.fixture
def upload(office, now):
    """Return a function that uploads CSV lines as the office."""

    def act(kind: str, text: str, actor=office, at=now):
        return upload_import(SimpleUploadedFile("table.csv", text.encode()), kind_code=kind, actor=actor, now=at)

    return act


def counts(batch):
    return batch.new, batch.update, batch.duplicate, batch.error


# --- values ----------------------------------------------------------------------------------------


def test_imported_value_is_accepted_at_commit(days, upload, office, now, today):
    batch = upload("observations", f"{VALUES}A08.2,报装时间,５,2026-11-20,月报\n")
    assert counts(batch) == (1, 0, 0, 0)
    commit_import(batch, actor=office, now=now)
    row = Observation.objects.unscoped("test").get(source="import", as_of=date(2026, 11, 20))
    assert (row.value, row.standing, row.accepted_by, row.accepted_at, row.reason) == (
        5,
        "accepted",
        office,
        now,
        "月报",
    )
    assert catalogue_scores(today).rows["A08.2"].reading.value == 5
    assert AuditEvent.objects.filter(action="indicators.indicator.import_value").count() == 1


def test_value_of_the_same_day_is_superseded_and_comes_back_when_undone(days, upload, office, now, today):
    text = f"{VALUES}A08.2,,5,2020-01-01,\nA08.1,,2,2020-01-01,\n"
    batch = upload("observations", text)
    assert counts(batch) == (0, 1, 1, 0)
    commit_import(batch, actor=office, now=now)
    assert catalogue_scores(today).rows["A08.2"].reading.value == 5
    undo_import(batch, actor=office, now=now + timedelta(hours=1))
    assert catalogue_scores(today).rows["A08.2"].reading.value == 6


def test_value_superseded_since_is_not_taken_back(days, upload, office, now):
    batch = upload("observations", f"{VALUES}A08.2,,5,2020-01-01,\n")
    commit_import(batch, actor=office, now=now)
    later = upload("observations", f"{VALUES}A08.2,,4,2020-01-01,\n", at=now + timedelta(minutes=1))
    commit_import(later, actor=office, now=now + timedelta(minutes=2))
    with pytest.raises(RuleViolation):
        undo_import(batch, actor=office, now=now + timedelta(hours=1))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A99,,5,2026-11-20,", "unknown_indicator"),
        ("A08,,5,2026-11-20,", "not_a_leaf"),
        ("A08.2,,六天,2026-11-20,", "not_a_number"),
        ("A08.2,,1.23456,2026-11-20,", "too_many_decimals"),
        ("A08.2,,366,2026-11-20,", "out_of_range"),
        ("A08.2,,5,2026-11-26,", "future_date"),
        ("A08.2,,5,,", "missing_required"),
        ("A08.2,,,2026-11-20,", "missing_required"),
    ],
)
def test_wrong_value_is_an_error_of_its_cell(days, upload, line, code):
    batch = upload("observations", f"{VALUES}{line}\n")
    assert counts(batch) == (0, 0, 0, 1)
    assert [error["code"] for error in batch.errors] == [code]


def test_other_name_is_a_warning(days, upload):
    batch = upload("observations", f"{VALUES}A08.2,办电时间,5,2026-11-20,\n")
    assert counts(batch) == (1, 0, 0, 0)
    assert [warning["code"] for warning in batch.warnings] == ["other_name"]


@pytest.mark.parametrize("kind", ["observations", "indicators"])
@pytest.mark.parametrize("person", ["reporter", "leader", "inspector"])
def test_imports_are_the_offices(days, upload, request, kind, person):
    with pytest.raises(NotAllowed):
        upload(kind, f"{VALUES}A08.2,,5,2026-11-20,\n", actor=request.getfixturevalue(person))


# --- the catalogue ---------------------------------------------------------------------------------


def test_new_indicator_gets_its_place_standards_and_default_range(gas, upload, office, now):
    batch = upload("indicators", f"{ROWS}A08.3,A08,报装材料数,,天,越低越好,2,,,1,天,2\n")
    assert counts(batch) == (1, 0, 0, 0)
    commit_import(batch, actor=office, now=now)
    row = Indicator.objects.get(code="A08.3")
    assert (row.parent, row.first_level, row.level, row.weight, row.max_value) == (gas, gas, 2, Decimal(2), 365)
    assert set(row.standards.values_list("kind", "value")) == {("frontier", 1), ("target", 2)}
    undo_import(batch, actor=office, now=now + timedelta(hours=1))
    assert not Indicator.objects.filter(code="A08.3").exists()


def test_new_first_level_with_children_in_one_file(gas, upload, office, other_department, now):
    lines = "A09,,登记财产,企业全生命周期,,,1,财政局,县住建局,,,\nA09.1,A09,办理环节,,个,越低越好,1,,,1,个,\n"
    batch = upload("indicators", ROWS + lines)
    assert counts(batch) == (2, 0, 0, 0)
    commit_import(batch, actor=office, now=now)
    first = Indicator.objects.get(code="A09")
    assert {(row.department.code, row.role) for row in first.assignments.all()} == {("czj", "lead"), ("zjj", "assist")}
    assert Indicator.objects.get(code="A09.1").first_level == first


def test_changed_row_is_edited_handed_over_and_given_back(gas, days, upload, office, other_department, now, today):
    lines = "A08,,获得燃气,,,,,县财政局,,,,\nA08.2,,报装时长,,,,,,,3,天,\n"
    batch = upload("indicators", ROWS + lines)
    assert counts(batch) == (0, 2, 0, 0)
    commit_import(batch, actor=office, now=now)
    sheet = catalogue_scores(today)
    assert (sheet.rows["A08"].name, sheet.rows["A08"].lead.code) == ("获得燃气", "czj")
    assert sheet.rows["A08.2"].standards["frontier"].value == 3
    undo_import(batch, actor=office, now=now + timedelta(hours=1))
    sheet = catalogue_scores(today)
    assert (sheet.rows["A08"].name, sheet.rows["A08"].lead.code) == ("获得用气", "zjj")
    assert sheet.rows["A08.2"].standards["frontier"].value == 4
    assert (Assignment.objects.count(), Standard.objects.filter(indicator=days).count()) == (1, 2)


def test_row_edited_since_is_not_taken_back(days, upload, office, now):
    batch = upload("indicators", f"{ROWS}A08.2,,报装时长,,,,,,,,,\n")
    commit_import(batch, actor=office, now=now)
    days.refresh_from_db()
    edit_indicator(days, actor=office, now=now + timedelta(minutes=1), name="报装天数")
    with pytest.raises(RuleViolation):
        undo_import(batch, actor=office, now=now + timedelta(hours=1))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("甲8,,指标,企业全生命周期,,,,,,,,", "invalid_code"),
        ("A09.1,A09,指标,,天,越低越好,,,,,,", "unknown_parent"),
        ("A08.3,A09,指标,,天,越低越好,,,,,,", "parent_mismatch"),
        ("A08.2.1,A08.2,指标,,天,越低越好,,,,,,", "parent_is_leaf"),
        ("A09,,指标,,,,,,,,,", "missing_required"),
        ("A08.2,A09,报装时间,,,,,,,,,", "parent_fixed"),
        ("A08.2,,报装时间,,工作日,,,,,,,", "unit_fixed"),
        ("A08.2,,报装时间,,,,-1,,,,,", "out_of_range"),
        ("A08.2,,报装时间,,,,,财政局,,,,", "first_level_only"),
        ("A08,,获得用气,,,,,财政局;住建局,,,,", "one_lead"),
        ("A08,,获得用气,,,,,不存在局,,,,", "unknown_department"),
        ("A08.2,,报装时间,,,大概,,,,,,", "unknown_choice"),
    ],
)
def test_wrong_row_is_an_error_of_its_cell(days, other_department, upload, line, code):
    batch = upload("indicators", f"{ROWS}{line}\n")
    assert counts(batch) == (0, 0, 0, 1)
    assert code in [error["code"] for error in batch.errors]


def test_exported_catalogue_is_read_again_without_a_difference(client_for, office, now):
    make_catalogue(now)
    response = client_for(office).get("/indicators/export/")
    data = b"".join(response.streaming_content)
    response.close()
    file = SimpleUploadedFile("指标体系.xlsx", io.BytesIO(data).read())
    batch = upload_import(file, kind_code="indicators", actor=office, now=now)
    assert counts(batch) == (0, 0, 152, 0)


@pytest.mark.parametrize("kind", ["observations", "indicators"])
def test_template_is_taken_as_it_comes(gas, days, client_for, office, now, kind):
    """The sample row of the template is good input, so that nobody learns from a wrong one."""
    response = client_for(office).get(f"/imports/template/{kind}/")
    data = b"".join(response.streaming_content)
    response.close()
    batch = upload_import(SimpleUploadedFile("模板.xlsx", data), kind_code=kind, actor=office, now=now)
    assert (batch.rows, batch.error) == (1, 0)
