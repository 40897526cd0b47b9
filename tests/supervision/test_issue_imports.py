"""Spreadsheets of issues: what each row does, every error at its cell, the round trip, presets, undo, both doors."""

import json
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exceptions import DomainError, InvalidInput, NotAllowed, RuleViolation
from core.import_kinds import ImportRun
from core.models import AuditEvent, ImportBatch
from core.services.exports import export_list
from core.services.imports import commit_import, import_template, undo_import, upload_import
from core.spreadsheets import read_table
from indicators.models import Indicator, IndicatorSet
from supervision.models import Issue, IssueEvent
from supervision.services.imports import IssueImport
from supervision.services.writing import edit_issue
from tests.factories import files
from tests.factories.inspections import NOW, make_inspection
from tests.factories.issues import FOUND, issue_at, make_issue

pytestmark = pytest.mark.django_db
HEAD = ["问题编号", "发现时间", "问题描述", "牵头单位", "整改时限", "备注"]
LATER = NOW + timedelta(hours=1)


def line(
    number="", found_on="2026-11-20", description="窗口多要材料", department="县住建局", due_on="", remark=""
) -> list:
    """Return a row of a file."""
    return [number, found_on, description, department, due_on, remark]


def upload(actor, *rows: list, head=HEAD, now=NOW, **options) -> ImportBatch:
    """Return the previewed import of ``rows``."""
    data = files.xlsx([list(head), *rows])
    return upload_import(files.uploaded(data, "台账.xlsx"), kind_code="issues", options=options, actor=actor, now=now)


def imported(actor, *rows: list, head=HEAD, now=NOW, **options) -> ImportBatch:
    """Return the committed import of ``rows``."""
    return commit_import(upload(actor, *rows, head=head, now=now, **options), actor=actor, now=now)


def the_issues() -> list[Issue]:
    """Return every issue, the oldest first."""
    return list(Issue.objects.unscoped("test").select_related("department", "indicator", "inspection").order_by("pk"))


def found(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Return row, field and code of each error."""
    return [(error["row"], error["field"], error["code"]) for error in batch.errors]


@pytest.fixture
def gas(db) -> Indicator:
    """Return the first-level indicator 获得用气."""
    indicator_set = IndicatorSet.objects.create(year=2026, name="2026年度", issuer="县营商办", active=True)
    return Indicator.objects.create(
        indicator_set=indicator_set, code="A08", name="获得用气", aliases=["用气报装"], level=1
    )


# --- new rows ------------------------------------------------------------------------------------------
def test_row_without_number_becomes_a_draft(office, department):
    batch = imported(office, line(due_on="2026-12-10", remark="含照片"))
    assert batch.result == {"new": 1, "update": 0, "duplicate": 0, "error": 0}
    [issue] = the_issues()
    assert (issue.status, issue.number[:8], issue.department) == ("draft", "WT-2026-", department)
    assert (issue.found_on, issue.due_on, issue.remark) == (date(2026, 11, 20), date(2026, 12, 10), "含照片")
    assert (issue.current_round, issue.registered_at, issue.title) == (None, None, "窗口多要材料")
    assert [event.label for event in issue.events.all()] == ["导入"]
    assert AuditEvent.objects.get(action="supervision.issue.write").after["by_import"] is True


def test_every_column_arrives(office, department, other_department, gas):
    inspection = make_inspection(office, title="暗访第3次", kind="covert")
    head = (
        "检查日期 来源 检查批次 涉及指标 存在问题 发现地点 整改要求 问题类型 程度 牵头单位 配合单位 责任领导 责任人 整改目标"
        " 时限类型 整改期限 备注"
    ).split()
    row = [
        date(2026, 11, 20), "暗访", "暗访第3次", "A08 获得用气", "报装多次往返", "用气窗口", "一次告知", "环节繁琐", "重大", "县住建局、县财政局",
        "", "周卫东", "陈晓燕", "一次办结", "分阶段", "2026年底前", "无",
    ]  # fmt: skip
    imported(office, row, head=head)
    [issue] = the_issues()
    assert (issue.source, issue.inspection, issue.indicator) == ("covert", inspection, gas)
    assert (issue.category, issue.severity, issue.limit_kind) == ("procedures", "severe", "staged")
    assert (issue.description, issue.place, issue.requirement) == ("报装多次往返", "用气窗口", "一次告知")
    assert (issue.responsible_leader, issue.responsible_person, issue.goal) == ("周卫东", "陈晓燕", "一次办结")
    assert (issue.department, list(issue.assisting.all())) == (department, [other_department])
    assert (issue.due_on, issue.remark) == (date(2026, 12, 31), "")


@pytest.mark.parametrize(
    ("cell", "kind", "due_on"),
    [
        ("立行立改", "immediate", None),
        ("立行立改，长期坚持", "immediate", None),
        ("长期坚持", "long_term", None),
        ("2026年12月底前", "deadline", date(2026, 12, 31)),
        ("2026年12月10日", "deadline", date(2026, 12, 10)),
        ("", "deadline", None),
    ],
)
def test_limits_may_be_phrases(cell, kind, due_on, office, department):
    imported(office, line(due_on=cell))
    [issue] = the_issues()
    assert (issue.limit_kind, issue.due_on) == (kind, due_on)


@pytest.mark.parametrize("name", ["A08", "A08 获得用气", "获得用气", "用气报装", "Ａ０８"])
def test_indicator_is_found_by_code_name_and_alias(name, office, department, gas):
    imported(office, [*line(), name], head=[*HEAD, "涉及指标"])
    assert the_issues()[0].indicator == gas


def test_row_without_source_says_that_it_is_taken_for_an_inspection_on_site(office, department):
    batch = upload(office, line())
    assert [warning["code"] for warning in batch.warnings] == ["no_source"]


# --- the inspection they were found in -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "source"), [("third_party", "third_party"), ("covert", "covert"), ("special", "open")]
)
def test_preset_gives_new_rows_the_inspection_and_its_source(kind, source, office, department):
    inspection = make_inspection(office, title="第三方评估", kind=kind)
    batch = upload(office, [*line(), "媒体"], [*line(), ""], head=[*HEAD, "问题来源"], inspection=str(inspection.pk))
    assert [warning["code"] for warning in batch.warnings] == ["source_of_inspection"]
    commit_import(batch, actor=office, now=NOW)
    assert {(issue.inspection, issue.source) for issue in the_issues()} == {(inspection, source)}


@pytest.mark.parametrize("key", ["999", "x", "-1", "99999999999999"])
def test_preset_of_no_inspection_is_refused(key, office, department):
    with pytest.raises(InvalidInput) as refused:
        upload(office, line(), inspection=key)
    assert refused.value.errors[0]["field"] == "inspection"
    assert not ImportBatch.objects.unscoped("test").exists()


def test_wizard_says_the_preset_and_keeps_it(office, department, client_for):
    inspection = make_inspection(office, title="第三方评估", kind="third_party")
    browser = client_for(office)
    address = f"/imports/?kind=issues&inspection={inspection.pk}"
    assert "新问题归入检查批次“第三方评估”" in browser.get(address).content.decode()
    file = files.uploaded(files.xlsx([HEAD, line()]), "台账.xlsx")
    page = browser.post(address, {"kind": "issues", "file": file}, follow=True).content.decode()
    assert "新问题归入检查批次“第三方评估”" in page
    commit_import(ImportBatch.objects.unscoped("test").get(), actor=office, now=NOW)
    assert the_issues()[0].inspection == inspection


# --- what is wrong, all at once ------------------------------------------------------------------------
def test_every_error_is_named_at_once_with_row_field_and_code(office, department, gas):
    head = [*HEAD, "问题来源", "涉及指标", "检查批次", "严重程度"]
    batch = upload(
        office,
        ["", "", "", "", "", "", "", "", "", ""],
        ["", "2026-13-40", "", "县水务集团", "2026-12-01", "x", "道听途说", "Z99", "没有这次", "要命"],
        ["WT-2099-0001", "2026-11-26", "内容", "县住建局", "2026-11-01", "", "", "", "", ""],
        ["", "2026-11-20", "内容", "县住建局", "", "", "", "", "", ""],
        head=head,
    )
    assert found(batch) == [
        (3, "发现时间", "invalid_date"),
        (3, "问题来源", "unknown_choice"),
        (3, "涉及指标", "unknown_indicator"),
        (3, "问题描述", "missing_required"),
        (3, "严重程度", "unknown_choice"),
        (3, "牵头单位", "unknown_department"),
        (3, "检查批次", "unknown_inspection"),
        (4, "发现时间", "future_date"),
        (4, "整改时限", "due_before_found"),
        (4, "问题编号", "unknown_number"),
    ]
    assert batch.unknown_departments == ["县水务集团"]
    assert (batch.new, batch.error) == (1, 2)
    first = batch.errors[0]
    assert (first["sheet"], first["column"], first["value"]) == ("表1", "B", "2026-13-40")
    assert all(error["message"] for error in batch.errors)


def test_unknown_units_can_be_mapped(office, department):
    data = files.xlsx([HEAD, line(department="住建系统")])
    batch = upload_import(
        files.uploaded(data, "台账.xlsx"),
        kind_code="issues",
        department_mapping={"住建系统": "zjj"},
        actor=office,
        now=NOW,
    )
    assert (batch.new, batch.error) == (1, 0)


def test_number_twice_in_a_file_counts_once(office, department):
    row = make_issue(office, department=department)
    batch = upload(office, line(row.number), line(row.number, description="别的"))
    assert [error["code"] for error in batch.errors] == ["duplicate_in_file"]


@pytest.mark.parametrize("missing", ["发现时间", "问题描述", "牵头单位"])
def test_file_without_a_required_column_is_refused(missing, office):
    head = [name for name in HEAD if name != missing]
    with pytest.raises(DomainError) as refused:
        upload(office, ["x"] * len(head), head=head)
    assert refused.value.code == "missing_column"


# --- rows of the ledger --------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["draft", "registered"])
def test_before_assignment_a_row_is_edited(place, cast):
    row = issue_at(place, cast)
    batch = imported(
        cast.office, line(row.number, str(row.found_on), "换了说法", due_on="2026-12-20", remark="补充"), now=NOW
    )
    assert batch.result["update"] == 1
    [issue] = the_issues()
    assert (issue.description, issue.title, issue.remark) == ("换了说法", "换了说法", "补充")
    assert (issue.status, issue.due_on) == (place, date(2026, 12, 20))
    assert issue.events.order_by("-at", "-id")[0].label == "导入修改"
    audited = AuditEvent.objects.filter(action="supervision.issue.edit").get()
    assert audited.after["remark"] == "补充"


@pytest.mark.parametrize(
    "place", ["assigned", "planning", "rectifying", "verifying", "sustained", "cleared", "revoked"]
)
def test_past_assignment_each_differing_cell_is_an_error(place, cast):
    row = issue_at(place, cast)
    same = line(row.number, str(row.found_on), row.description)
    changed = line(row.number, "2026-11-01", "换了说法", "县城管局", "2026-12-20", "补充")
    assert upload(cast.office, same).duplicate == 1
    batch = upload(cast.office, changed)
    fields = ["发现时间", "问题描述", "牵头单位", "整改时限", "备注"]
    assert sorted(found(batch)) == sorted((2, field, "locked_row") for field in fields)
    commit_import(batch, actor=cast.office, now=NOW)
    [issue] = the_issues()
    assert (issue.description, issue.due_on, issue.status) == (row.description, row.due_on, place)


def test_blank_cells_say_nothing(cast):
    row = issue_at("draft", cast, assisting=[cast.helper_department], remark="原有")
    batch = upload(cast.office, line(row.number, str(row.found_on), row.description))
    assert (batch.duplicate, batch.error) == (1, 0)


def test_columns_of_state_are_not_read(cast):
    row = issue_at("draft", cast)
    head = [*HEAD, "状态", "轮次", "验收人", "销号时间", "整改进展"]
    values = [*line(row.number, str(row.found_on), row.description), "已销号", "3", "甲、乙", "2026-11-25", "已完成"]
    batch = upload(cast.office, values, head=head)
    assert batch.duplicate == 1
    assert batch.unmapped_columns[0]["columns"] == ["状态", "轮次", "验收人", "销号时间", "整改进展"]


# --- the round trip ------------------------------------------------------------------------------------
def exported(actor, **parameters) -> bytes:
    """Return the ledger as a workbook."""
    with export_list("issues", parameters=parameters, actor=actor, now=NOW) as file:
        return file.read()


def test_exported_ledger_imports_again_without_difference(cast, gas):
    inspection = make_inspection(cast.office, title="暗访（第3次）", kind="covert")
    facts = {"indicator": gas, "inspection": inspection, "source": "covert", "goal": "（一）整改到位", "remark": "=1+1"}
    rows = [issue_at(place, cast, assisting=[cast.helper_department], **facts) for place in ("draft", "registered")]
    rows += [
        issue_at(place, cast, **facts) for place in ("assigned", "rectifying", "verifying", "sustained", "cleared")
    ]
    rows.append(issue_at("extension_asked", cast, limit_kind="staged"))
    for parameters in ({}, {"list": ["problems"]}, {"list": ["duties"]}, {"columns": ["remark"]}):
        data = exported(cast.office, **parameters)
        batch = upload_import(files.uploaded(data, "台账.xlsx"), kind_code="issues", actor=cast.office, now=NOW)
        assert (batch.rows, batch.duplicate, batch.errors) == (len(rows), len(rows), [])


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=60
).filter(lambda text: text.strip())
guards = st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "\u3000", "\u200b"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(guards, texts).map("".join), min_size=3, max_size=3))
def test_any_text_survives_the_round_trip(texts, office, department):
    description, remark, goal = texts
    row = make_issue(office, department=department, description=f"问{description}", remark=remark, goal=goal)
    data = exported(office, issues=[row.number])
    batch = upload_import(files.uploaded(data, "台账.xlsx"), kind_code="issues", actor=office, now=FOUND)
    assert (batch.duplicate, batch.errors) == (1, [])


# --- taking back ---------------------------------------------------------------------------------------
def test_undo_deletes_new_drafts_and_gives_back_edited_rows(cast):
    row = issue_at("registered", cast, assisting=[cast.helper_department], remark="原有")
    head = [*HEAD, "配合单位"]
    batch = imported(
        cast.office,
        [*line(), ""],
        [*line(row.number, str(row.found_on), "换了说法", "县城管局", "2026-12-20", "补充"), "县住建局"],
        head=head,
    )
    assert len(the_issues()) == 2
    undo_import(batch, actor=cast.office, now=LATER)
    [issue] = the_issues()
    assert (issue.description, issue.title, issue.remark) == (row.description, row.title, "原有")
    assert (issue.due_on, issue.department) == (row.due_on, cast.department)
    assert list(issue.assisting.all()) == [cast.helper_department]
    assert issue.events.order_by("-at", "-id")[0].label == "撤销导入"


def test_undo_is_refused_once_somebody_has_acted(cast):
    batch = imported(cast.office, line())
    [issue] = the_issues()
    edit_issue(issue, actor=cast.inspector, now=LATER, remark="已核对")
    with pytest.raises(RuleViolation, match=issue.number):
        undo_import(batch, actor=cast.office, now=LATER + timedelta(hours=1))
    assert the_issues() == [issue]


def test_undo_is_refused_after_a_later_import(cast):
    row = issue_at("draft", cast)
    first = imported(cast.office, line(row.number, str(row.found_on), "第一次"))
    imported(cast.office, line(row.number, str(row.found_on), "第二次"), now=LATER)
    with pytest.raises(RuleViolation, match=row.number):
        undo_import(first, actor=cast.office, now=LATER + timedelta(hours=1))


# --- both doors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["office", "office_lead", "inspector"])
def test_keepers_import_through_the_api(role, department, request, api_for):
    inspection = make_inspection(request.getfixturevalue(role), title="第三方评估", kind="third_party")
    api = api_for(request.getfixturevalue(role))
    body = {
        "kind": "issues",
        "file": files.uploaded(files.xlsx([HEAD, line()]), "台账.xlsx"),
        "options": json.dumps({"inspection": str(inspection.pk), "colour": "red"}),
    }
    answer = api.post("/api/v1/imports/", body, format="multipart")
    assert (answer.status_code, answer.json()["new"]) == (201, 1)
    assert answer.json()["options"] == {"inspection": str(inspection.pk)}
    done = api.post(f"/api/v1/imports/{answer.json()['id']}/commit/")
    assert done.json()["result"]["new"] == 1
    assert the_issues()[0].source == "third_party"


@pytest.mark.parametrize("options", ["[]", '{"inspection": 3}', '{"inspection": "999"}'])
def test_api_refuses_options_that_mean_nothing(options, office, department, api_for):
    body = {"kind": "issues", "file": files.uploaded(files.xlsx([HEAD, line()]), "台账.xlsx"), "options": options}
    assert api_for(office).post("/api/v1/imports/", body, format="multipart").status_code == 400


@pytest.mark.parametrize("role", ["reporter", "head", "signer", "leader"])
def test_nobody_else_imports(role, request, department):
    with pytest.raises(NotAllowed):
        upload(request.getfixturevalue(role), line())


def test_template_has_drop_downs_and_can_be_read(office, department, gas):
    with import_template(IssueImport(), actor=office, now=NOW) as file:
        data = file.read()
    sheet = openpyxl.load_workbook(BytesIO(data))["数据"]
    head = [cell.value for cell in sheet[1]]
    assert [label for label in head if label.endswith("*")] == ["发现时间*", "问题描述*", "牵头单位*"]
    assert len(sheet.data_validations.dataValidation) == 4  # source, category, severity, kind of limit
    [row] = read_table(data, IssueImport().columns(ImportRun(office, NOW))).rows
    assert (row.errors, row.values["source"]) == ([], "third_party")


@pytest.mark.parametrize("count", [2, 20])
def test_preview_asks_a_fixed_number_of_queries(count, office, department, django_assert_max_num_queries):
    rows = [line(make_issue(office, department=department).number) for _ in range(3)] + [line()] * count
    with django_assert_max_num_queries(22):
        upload(office, *rows)


def test_import_leaves_no_round_and_tells_nobody(office, department):
    imported(office, line())
    assert IssueEvent.objects.unscoped("test").filter(round__isnull=False).count() == 0
