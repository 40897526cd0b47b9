"""Hotline exports through the real import: preview as expected, where rows enter, updates, undo, refusals."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import Message
from accounts.roles import Role
from complaints.models import Complaint, ComplaintEvent, Escalation, HandlingRound
from complaints.selectors.details import complaints_for
from complaints.services import handling
from complaints.services.imports import ComplaintImport
from core.exceptions import DomainError, InvalidInput, RuleViolation
from core.import_kinds import ImportRun
from core.models import ImportBatch
from core.services.imports import commit_import, failed_rows_workbook, map_departments, undo_import, upload_import
from core.services.imports.findings import judge_table
from core.services.jobs import silent_progress
from core.settings_registry import change_setting
from core.spreadsheets import read_table
from departments.models import Department
from departments.services.catalogue import load_departments
from tests.core.hotline import record_of
from tests.factories import files
from tests.factories.accounts import make_user
from tests.factories.complaints import NAME, PHONE, make_complaint

DATA = Path(__file__).parents[1] / "data" / "hotline"
SAMPLES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HEAD = ["工单编号", "来电时间", "来电人", "联系电话", "诉求类型", "诉求内容", "承办单位", "协办单位"]
HEAD += ["办理时限", "签收时间", "办结时间", "办理结果", "满意度", "是否保密", "是否匿名"]
KEYS = ["number", "received_at", "caller", "phone", "type", "content", "department", "co_departments"]
KEYS += ["due_at", "signed_at", "closed_at", "result", "satisfaction", "confidential", "anonymous"]


@pytest.fixture
def units(db):
    """Load the county's units."""
    load_departments(now=NOW)


@pytest.fixture
def office(units):
    """Return a person of the office, among the county's units."""
    return make_user("office", Role.OFFICE, department=Department.objects.get(code="ysb"))


@pytest.fixture
def department_reporter(units):
    """Return a reporter of 县住建局."""
    return make_user("zjj_reporter", Role.REPORTER, department=Department.objects.get(code="zjj"))


def row(number: str = "2611250001", **cells) -> list:
    """Return a line of a file: an order of this morning without a unit unless told otherwise."""
    values = {"number": number, "received_at": "2026-11-25 09:00", "content": "路灯不亮", "type": "投诉"} | cells
    return [values.get(key, "") for key in KEYS]


def upload(actor, *rows, now: datetime = NOW, mapping: dict | None = None) -> ImportBatch:
    """Preview a workbook of ``rows``."""
    file = files.uploaded(files.xlsx([HEAD, *rows]), "热线.xlsx")
    return upload_import(file, kind_code="complaints", department_mapping=mapping, actor=actor, now=now)


def imported(actor, *rows, now: datetime = NOW, mapping: dict | None = None) -> ImportBatch:
    """Preview and commit a workbook of ``rows``."""
    return commit_import(upload(actor, *rows, now=now, mapping=mapping), actor=actor, now=now)


def order(number: str = "2611250001") -> Complaint:
    """Return the complaint of that number with its round."""
    complaints = Complaint.objects.unscoped("test").select_related("current_round__department", "department")
    return complaints.get(number=number)


# --- the sample exports --------------------------------------------------------------------------------


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


# --- where a new row enters ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({}, "received"),
        ({"department": "县住建局"}, "dispatched"),
        ({"department": "县住建局", "signed_at": "2026-11-25 09:30"}, "handling"),
        ({"department": "县住建局", "signed_at": "2026-11-25", "closed_at": "2026-11-25 11:00"}, "closed"),
        ({"closed_at": "2026-11-25 11:00"}, "closed"),
        ({"signed_at": "2026-11-25 09:30"}, "received"),
    ],
)
def test_row_enters_where_its_columns_put_it(cells, status, office):
    imported(office, row(**cells))
    stored = order()
    assert stored.status == status
    assert (stored.current_round is not None) == ("department" in cells)
    assert stored.outcome == ("imported" if status == "closed" else "")


def test_round_of_a_closed_row_is_as_in_the_file(office):
    cells = {"department": "县住建局、县城管局", "signed_at": "2026-11-25 09:30", "closed_at": "2026-11-26 11:00"}
    imported(office, row(due_at="2026-11-30", result="已修好", satisfaction="一般", **cells))
    stored = order()
    round_ = stored.current_round
    assert round_.dispatched_at == stored.received_at
    assert round_.dispatched_estimated
    assert round_.submitted_at == round_.closed_at == stored.closed_at
    assert round_.due_at == round_.effective_due_at == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    assert (round_.ending, round_.satisfaction, round_.result) == ("closed", "basically_satisfied", "已修好")
    assert (round_.sign_due_at, stored.clock_due_at) == (None, None)
    assert [helper.department.code for helper in round_.assisting.all()] == ["cgj"]


def test_unsigned_row_gets_a_sign_limit_from_the_commit(office):
    imported(office, row(department="县住建局", due_at="2026-12-01"))
    stored = order()
    assert stored.current_round.sign_due_at > NOW
    assert stored.clock_due_at == stored.due_at == stored.upstream_due_at
    imported(office, row("2611250002", department="县住建局", signed_at="2026-11-25 10:00"))
    assert order("2611250002").current_round.sign_due_at is None
    assert order("2611250002").clock_due_at is not None


def test_unknown_type_word_is_other_and_is_kept(office):
    imported(office, row(type="表彰"))
    assert (order().type, order().type_word) == ("other", "表彰")


def test_report_is_confidential_and_the_caller_is_sealed_and_masked(office):
    imported(office, row(type="举报", caller=NAME, phone=f"{PHONE}、03966009179"))
    stored = order()
    assert stored.confidential
    assert (stored.caller_name_masked, stored.caller_phone_masked) == ("李**", "138****5678、039****9179")
    assert stored.caller_phones.count() == 2
    assert PHONE not in json.dumps(stored.raw_columns)
    assert NAME not in json.dumps(stored.raw_columns, ensure_ascii=False)


def test_anonymous_row_keeps_no_caller(office):
    imported(office, row(caller="匿名", phone=PHONE))
    assert order().anonymous
    assert order().caller_phone_sealed is None


def test_rows_are_only_watched_when_the_platform_handles_them(office, sysadmin):
    change_setting("complaints.hotline_rows", "upstream", actor=sysadmin, now=NOW)
    imported(office, row(department="县住建局"))
    stored = complaints_for(office).get()
    assert stored.handled == "upstream"
    with pytest.raises(InvalidInput):
        change_setting("complaints.hotline_rows", "nowhere", actor=sysadmin, now=NOW)


def test_alerts_start_on_the_rung_the_row_stands_on(office):
    imported(
        office,
        row("1", department="县住建局", signed_at="2026-11-16", received_at="2026-11-16", due_at="2026-11-19"),
        row("2", department="县住建局", signed_at="2026-11-16", received_at="2026-11-16", due_at="2026-12-19"),
    )
    alerts = Escalation.objects.unscoped("test")
    assert list(alerts.filter(complaint__number="1").order_by("rung").values_list("rung", "passed")) == [
        (1, True),
        (2, True),
    ]
    assert not alerts.filter(complaint__number="2").exists()


def test_unit_is_told_once_how_many_wait(office, department_reporter):
    imported(office, row("1", department="县住建局"), row("2", department="县住建局"), row("3"))
    titles = Message.objects.unscoped("test").filter(user=department_reporter).values_list("title", flat=True)
    assert list(titles) == ["热线表格导入：2 件待签收"]


# --- names nobody knows --------------------------------------------------------------------------------


def test_unknown_unit_is_an_error_until_it_is_mapped(office):
    batch = upload(office, row(department="县水务集团"))
    assert (batch.error, batch.unknown_departments) == (1, ["县水务集团"])
    batch = map_departments(batch, department_mapping={"县水务集团": "slj"}, actor=office, now=NOW)
    commit_import(batch, actor=office, now=NOW)
    assert order().department.code == "slj"


def test_row_of_an_unknown_unit_may_be_taken_undispatched(office):
    imported(office, row(department="县水务集团、县住建局"), mapping={"县水务集团": "undispatched"})
    stored = order()
    assert (stored.status, stored.department, stored.raw_department) == ("received", None, "县水务集团、县住建局")


def test_unknown_unit_may_be_created(office):
    names = ["县水务集团", "县数据集团"]
    rows = [row(str(number), department=name) for number, name in enumerate(names)]
    imported(office, *rows, mapping=dict.fromkeys(names, "create"))
    assert [order(str(number)).department.name for number in range(2)] == names
    assert upload(office, row("9", department="水务集团")).new == 1


# --- updates -------------------------------------------------------------------------------------------


def test_same_row_twice_is_a_duplicate_and_a_blank_cell_says_nothing(office):
    cells = {"department": "县住建局", "caller": NAME, "phone": PHONE, "due_at": "2026-12-01"}
    imported(office, row(**cells))
    assert upload(office, row(**cells)).duplicate == 1
    assert upload(office, row()).duplicate == 1
    assert upload(office, row(content="路灯全不亮")).update == 1


def test_update_moves_a_row_forward_and_never_back(office):
    imported(office, row())
    later = NOW + timedelta(hours=1)
    for cells, status in (
        ({"department": "县住建局"}, "dispatched"),
        ({"signed_at": "2026-11-25 10:30"}, "handling"),
        ({"closed_at": "2026-11-26 10:30", "satisfaction": "满意", "result": "已修好"}, "closed"),
        ({"signed_at": "2026-11-25 10:40"}, "closed"),
    ):
        imported(office, row(**cells), now=later)
        assert order().status == status
    stored = order()
    assert stored.department.code == "zjj"
    assert stored.current_round.satisfaction == "satisfied"
    assert stored.current_round.ending == "closed"
    assert stored.rounds.count() == 1


def test_update_changes_the_caller_and_its_index(office):
    imported(office, row(caller=NAME, phone=PHONE))
    imported(office, row(phone="13900001111"))
    stored = order()
    assert (stored.caller_name_masked, stored.caller_phone_masked) == ("李**", "139****1111")
    assert stored.caller_phones.count() == 1


def test_what_a_person_does_here_wins_over_the_file(office, department_reporter):
    imported(office, row(department="县住建局"))
    handling.sign_for_complaint(complaints_for(department_reporter).get(), actor=department_reporter, now=NOW)
    cells = {"department": "县财政局", "closed_at": "2026-11-26", "content": "路灯全不亮", "due_at": "2026-12-05"}
    batch = upload(office, row(**cells))
    assert [warning["code"] for warning in batch.warnings] == ["row_in_progress"]
    due = order().due_at
    commit_import(batch, actor=office, now=NOW + timedelta(hours=1))
    stored = order()
    assert (stored.status, stored.department.code, stored.due_at) == ("handling", "zjj", due)
    assert stored.content == "路灯全不亮"
    assert stored.upstream_due_at == datetime(2026, 12, 5, 15, 59, 59, tzinfo=UTC)
    assert upload(office, row(**cells)).duplicate == 1


def test_alerts_are_no_act_of_a_person(office):
    imported(office, row(department="县住建局"))
    stored = order()
    ComplaintEvent.objects.create(complaint=stored, kind="escalate", label="超期催办", at=NOW, by_person=False)
    imported(office, row(signed_at="2026-11-25 10:30"), now=NOW + timedelta(hours=1))
    assert order().status == "handling"


# --- undo ----------------------------------------------------------------------------------------------


def test_undo_deletes_new_rows_and_frees_their_numbers(office):
    batch = imported(
        office, row(department="县住建局、县城管局", phone=PHONE, due_at="2026-11-01", signed_at="2026-11-25")
    )
    undo_import(batch, actor=office, now=NOW + timedelta(days=1))
    assert not Complaint.objects.unscoped("test").exists()
    assert not HandlingRound.objects.unscoped("test").exists()
    assert upload(office, row()).new == 1


def test_undo_gives_updated_rows_back(office):
    imported(office, row(caller=NAME, phone=PHONE))
    kept = {field.attname: getattr(order(), field.attname) for field in Complaint._meta.concrete_fields}
    cells = {"department": "县住建局、县城管局", "phone": "13900001111", "content": "全不亮", "closed_at": "2026-11-26"}
    batch = imported(office, row(**cells), now=NOW + timedelta(hours=1))
    assert order().status == "closed"
    undo_import(batch, actor=office, now=NOW + timedelta(hours=2))
    stored = order()
    assert {name: getattr(stored, name) for name in kept if name != "version"} == {
        name: value for name, value in kept.items() if name != "version"
    }
    assert not HandlingRound.objects.unscoped("test").exists()
    assert upload(office, row(caller=NAME, phone=PHONE)).duplicate == 1


def test_undo_gives_the_round_back(office):
    imported(office, row(department="县住建局、县城管局", due_at="2026-12-01"))
    before = order().current_round.__dict__
    batch = imported(office, row(department="县财政局", signed_at="2026-11-25 10:00"), now=NOW + timedelta(hours=1))
    assert order().department.code == "czj"
    undo_import(batch, actor=office, now=NOW + timedelta(hours=2))
    round_ = order().current_round
    for name in ("department_id", "due_at", "sign_due_at", "signed_at", "ending"):
        assert getattr(round_, name) == before[name]
    assert [helper.department.code for helper in round_.assisting.all()] == ["cgj"]
    assert order().status == "dispatched"


def test_undo_is_refused_once_a_person_or_a_later_import_touched_a_row(office, department_reporter):
    first = imported(office, row("1", department="县住建局"), row("2"))
    handling.sign_for_complaint(
        complaints_for(department_reporter).get(), actor=department_reporter, now=NOW + timedelta(hours=1)
    )
    with pytest.raises(RuleViolation, match="1 条（1）"):
        undo_import(first, actor=office, now=NOW + timedelta(hours=2))
    second = imported(office, row("3"))
    imported(office, row("3", content="全不亮"), now=NOW + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="（3）"):
        undo_import(second, actor=office, now=NOW + timedelta(hours=2))


# --- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.xlsx([HEAD, *([row()] * 5_001)]), "too_many_rows"),
        (files.xlsx([["工单编号", "来电时间", "承办单位"], ["1", "2026-11-25", "县住建局"]]), "missing_column"),
        (b"PK\x03\x04 not a workbook", "unsupported_file"),
        (b"%PDF-1.7", "unsupported_file"),
    ],
)
def test_file_is_refused_as_a_whole(data, code, office):
    with pytest.raises(DomainError) as refused:
        upload_import(files.uploaded(data, "热线.xlsx"), kind_code="complaints", actor=office, now=NOW)
    assert refused.value.code == code
    assert not ImportBatch.objects.unscoped("test").exists()


@pytest.mark.parametrize("person", ["reporter", "head", "leader", "sysadmin"])
def test_only_the_office_imports(person, request, units):
    Department.objects.filter(code="zjj").delete()
    with pytest.raises(DomainError):
        upload(request.getfixturevalue(person), row())


def test_number_too_long_for_the_table_is_an_error(office):
    batch = upload(office, row("9" * 41))
    assert [error["code"] for error in batch.errors] == ["too_long"]


def test_failed_rows_come_back_with_the_reason_beside_each(office):
    batch = upload(office, row("1", department="县水务集团", phone=PHONE), row("2"), row("3", content=""))
    with failed_rows_workbook(batch, actor=office, now=NOW) as file:
        head, *lines = openpyxl.load_workbook(BytesIO(file.read())).active.iter_rows(values_only=True)
    assert [line[0] for line in lines] == ["1", "3"]
    assert "县水务集团" in lines[0][head.index("未导入原因")]
    assert lines[0][head.index("联系电话")] == PHONE
    assert PHONE not in json.dumps(batch.errors)


def test_registered_complaint_is_met_by_its_number(office):
    own = make_complaint(office, now=NOW)
    batch = upload(office, row(own.number, content=own.content, received_at="2026-11-25 10:00"))
    assert batch.duplicate == 1
    assert office.can("import_data")


def test_api_imports_complaints(office, api_for):
    api = api_for(office)
    body = {"kind": "complaints", "file": files.uploaded(files.xlsx([HEAD, row(department="县住建局")]), "热线.xlsx")}
    answer = api.post("/api/v1/imports/", body, format="multipart")
    assert (answer.status_code, answer.json()["new"]) == (201, 1)
    done = api.post(f"/api/v1/imports/{answer.json()['id']}/commit/")
    assert done.json()["result"] == {"new": 1, "update": 0, "duplicate": 0, "error": 0}
    listed = api.get("/api/v1/complaints/2611250001/").json()
    assert (listed["status"], listed["department"]) == ("dispatched", "zjj")
    assert "follow_file" not in listed["actions"]


def test_relevance_is_decided_for_the_whole_file_in_the_preview(office, client_for):
    rows = [row("1", content="夜间噪声扰民"), row("2", type="咨询"), row("3", content="办照材料多次补正")]
    batch, browser = upload(office, *rows), client_for(office)
    assert "是否涉营商" in browser.get(batch.get_absolute_url()).content.decode()
    address = reverse("complaints:import_relevance", args=[batch.pk])
    decided = {"types": ["consult"], "words": "噪声　停电", "otherwise": "yes"}
    assert browser.post(address, decided | {"otherwise": "no"}).status_code == 422
    assert browser.post(address, decided).status_code == 302
    assert 'value="噪声 停电"' in browser.get(batch.get_absolute_url()).content.decode()
    commit_import(batch, actor=office, now=NOW)
    assert [order(number).relevance for number in "123"] == ["no", "no", "yes"]
    assert browser.post(address, decided).status_code == 409


def test_without_a_decision_relevance_is_unknown(office):
    imported(office, row())
    assert order().relevance == "unknown"
