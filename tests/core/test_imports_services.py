"""Imports: preview with every error at once, all-or-nothing commit, undo, refusals, long files, failed rows."""

from datetime import UTC, datetime, timedelta

import pytest

from core.exceptions import (
    FileRefused,
    FileTooLarge,
    InvalidInput,
    InvalidTransition,
    NotAllowed,
    RuleViolation,
    VersionConflict,
)
from core.import_kinds import register_import_kind
from core.models import AuditEvent, ImportBatch, ImportRow, Job, Setting
from core.selectors.imports import acts_on, suggested_mapping
from core.services import jobs
from core.services.imports import (
    commit_import,
    failed_rows_workbook,
    import_template,
    map_departments,
    stored_bytes,
    undo_import,
    upload_import,
)
from core.services.imports.batches import LARGEST_AT_ONCE
from core.spreadsheets.limits import LARGEST_FILE
from core.workflows import IMPORT_BATCH
from tests.factories import files
from tests.factories.imports import HEAD, SettingImport, setting_kind, spreadsheet

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
MIXED = (
    ["甲", 1, "县住建局", "李小龙"],
    ["乙", "六天", "宏达物业", "张三丰"],
    ["", 3],
    ["丙", 13],
    ["甲", 5],
    ["丁", 4],
    ["戊", 7],
)


@pytest.fixture
def kind(db):
    with setting_kind() as registered:
        yield registered


@pytest.fixture
def known(kind):
    for name, value in (("丁", "4"), ("戊", "0")):
        Setting.objects.create(name=name, value=value, changed_at=NOW)


def upload(office, *rows, now=NOW, **options):
    return upload_import(spreadsheet(*rows), kind_code="settings", actor=office, now=now, **options)


def values() -> dict[str, str]:
    return dict(Setting.objects.values_list("name", "value"))


# --- preview ------------------------------------------------------------------------------------
def test_upload_previews_and_lists_every_error_at_once(known, office):
    batch = upload(office, *MIXED)
    assert batch.status == "previewed"
    assert (batch.rows, batch.new, batch.update, batch.duplicate, batch.error) == (7, 1, 1, 2, 3)
    assert [(e["row"], e["column"], e["code"]) for e in batch.errors] == [
        (3, "B", "invalid_number"),
        (3, "C", "unknown_department"),
        (4, "A", "missing_required"),
        (5, "B", "unlucky"),
        (6, "A", "duplicate_in_file"),
    ]
    assert batch.errors[0] == {
        "sheet": "参数", "row": 3, "column": "B", "field": "数值", "value": "六天",
        "code": "invalid_number", "message": "应填数字，如 6 或 6.5，不带单位",
    }  # fmt: skip
    assert batch.unknown_departments == ["宏达物业"]
    assert values() == {"丁": "4", "戊": "0"}, "a preview writes nothing"


def test_upload_masks_personal_data_in_what_is_stored(kind, office):
    batch = upload(office, ["甲", 1, "", "张三丰"])
    assert [(w["field"], w["value"]) for w in batch.warnings] == [("联系人", "张**")]


def test_upload_keeps_the_file_encrypted(kind, office):
    batch = upload_import(
        files.uploaded("名称,数值,单位\n甲,1,县住建局".encode(), "参数.csv"),
        kind_code="settings",
        actor=office,
        now=NOW,
    )
    with batch.file.open() as file:
        assert "甲".encode() not in file.read()
    assert "甲".encode() in stored_bytes(batch)


def test_upload_of_the_same_file_warns(kind, office):
    first = upload(office, ["甲", 1])
    second = upload_import(
        files.uploaded(stored_bytes(first), "又一次.xlsx"), kind_code="settings", actor=office, now=NOW
    )
    assert [w["code"] for w in second.warnings] == ["same_file"]
    assert second.warnings[0]["message"] == "这个文件上传过：参数.xlsx，待确认"
    assert not first.warnings


def test_upload_reports_unmapped_columns(kind, office):
    data = files.xlsx([[*HEAD, "说明"], ["甲", 1, "", "", "x"]], names=["参数"])
    batch = upload_import(files.uploaded(data), kind_code="settings", actor=office, now=NOW)
    assert batch.unmapped_columns == [{"sheet": "参数", "columns": ["说明"]}]


@pytest.mark.parametrize(
    ("data", "error", "code"),
    [
        (b"MZ", FileRefused, "unsupported_file"),
        (b"hello", FileRefused, "missing_column"),
        (b"a" * (LARGEST_FILE + 1), FileTooLarge, "file_too_large"),
        ("\n".join(["名称,数值,单位", *["a,1,"] * 5001]).encode(), FileRefused, "too_many_rows"),
    ],
)
def test_upload_refuses_the_file_as_a_whole_and_keeps_nothing(kind, office, data, error, code):
    with pytest.raises(error) as refused:
        upload_import(files.uploaded(data), kind_code="settings", actor=office, now=NOW)
    assert refused.value.code == code
    assert not ImportBatch.objects.visible_to(office).exists()


def test_upload_by_somebody_else_or_of_an_unknown_kind(kind, office, reporter):
    with pytest.raises(NotAllowed):
        upload(reporter, ["甲", 1])
    with pytest.raises(InvalidInput) as refused:
        upload_import(spreadsheet(["甲", 1]), kind_code="nothing", actor=office, now=NOW)
    assert refused.value.code == "unknown_kind"


# --- departments --------------------------------------------------------------------------------
def test_upload_with_department_mapping(kind, office):
    batch = upload(office, ["甲", 1, "宏达物业"], department_mapping={"宏达物业": "gaj"})
    assert (batch.new, batch.error, batch.department_mapping) == (1, 0, {"宏达物业": "gaj"})
    with pytest.raises(InvalidInput, match="没有代码为 zzz 的单位"):
        upload(office, ["甲", 1], department_mapping={"宏达物业": "zzz"})


def test_map_departments_previews_again_and_is_suggested_next_time(kind, office):
    batch = upload(office, ["甲", 1, "宏达物业"])
    assert batch.error == 1
    batch = map_departments(batch, department_mapping={"宏达物业": "gaj", "别的": ""}, actor=office, now=NOW)
    assert (batch.new, batch.error, batch.unknown_departments) == (1, 0, [])
    assert batch.department_mapping == {"宏达物业": "gaj"}
    commit_import(batch, actor=office, now=NOW)
    assert suggested_mapping(upload(office, ["乙", 1, "宏达物业"])) == {"宏达物业": "gaj"}


# --- commit -------------------------------------------------------------------------------------
def test_commit_writes_the_good_rows_and_remembers_them(known, office):
    batch = commit_import(upload(office, *MIXED), actor=office, now=NOW)
    assert batch.status == "committed"
    assert batch.result == {"new": 1, "update": 1, "duplicate": 2, "error": 3}
    assert values() == {"甲": "1", "丁": "4", "戊": "7"}
    journal = ImportRow.objects.visible_to(office).values_list("sheet", "row", "action", "before")
    assert list(journal) == [("参数", 2, "new", None), ("参数", 8, "update", {"value": "0"})]
    event = AuditEvent.objects.get(action="core.importbatch.commit")
    assert event.after == {"status": "committed", "new": 1, "update": 1, "duplicate": 2, "error": 3}


def test_commit_judges_anew_what_others_wrote_since(kind, office):
    first, second = upload(office, ["甲", 1]), upload(office, ["甲", 1])
    commit_import(first, actor=office, now=NOW)
    assert commit_import(second, actor=office, now=NOW).result == {"new": 0, "update": 0, "duplicate": 1, "error": 0}


def test_commit_that_fails_half_way_writes_nothing(kind, office):
    batch = upload(office, ["甲", 1], ["乙", 999])
    with pytest.raises(RuntimeError):
        commit_import(batch, actor=office, now=NOW)
    batch.refresh_from_db()
    assert (batch.status, values()) == ("previewed", {})
    assert not ImportRow.objects.visible_to(office).exists()


def test_commit_twice_or_on_a_stale_row_is_refused(kind, office):
    batch = upload(office, ["甲", 1])
    stale = ImportBatch.objects.visible_to(office).get(pk=batch.pk)
    commit_import(batch, actor=office, now=NOW)
    with pytest.raises(InvalidTransition, match="当前为“已导入”，不能确认导入"):
        commit_import(batch, actor=office, now=NOW)
    with pytest.raises(VersionConflict):
        commit_import(stale, actor=office, now=NOW)
    assert Setting.objects.count() == 1


# --- undo ---------------------------------------------------------------------------------------
def test_undo_deletes_new_rows_and_gives_updated_ones_back(known, office):
    batch = commit_import(upload(office, *MIXED), actor=office, now=NOW)
    batch = undo_import(batch, actor=office, now=NOW + timedelta(days=7))
    assert (batch.status, batch.undone_at) == ("undone", NOW + timedelta(days=7))
    assert values() == {"丁": "4", "戊": "0"}
    assert acts_on(batch, office, NOW) == []


def test_undo_later_than_seven_days_is_refused_and_not_offered(kind, office):
    batch, late = commit_import(upload(office, ["甲", 1]), actor=office, now=NOW), NOW + timedelta(days=7, seconds=1)
    assert [act.name for act in acts_on(batch, office, NOW)] == ["undo"]
    assert acts_on(batch, office, late) == []
    with pytest.raises(RuleViolation, match="超过 7 天"):
        undo_import(batch, actor=office, now=late)


def test_undo_of_rows_somebody_acted_on_names_them(kind, office):
    batch = commit_import(upload(office, ["甲", 1]), actor=office, now=NOW)
    kind.touched = ["甲", "乙"]
    with pytest.raises(RuleViolation, match=r"已有人办理其中 2 条（甲、乙）"):
        undo_import(batch, actor=office, now=NOW)
    assert values() == {"甲": "1"}


# --- failed rows, template ----------------------------------------------------------------------
def test_failed_rows_come_back_with_the_reason_and_can_be_uploaded_again(kind, office):
    batch = upload(office, ["甲", 1], ["乙", "六天", "", "张三丰"])
    with failed_rows_workbook(batch, actor=office, now=NOW) as file:
        data = file.read()
    assert files.sheet_values(data) == [
        [*HEAD, "原位置", "未导入原因"],
        ["乙", "六天", None, "张三丰", "参数 第 3 行", "数值：应填数字，如 6 或 6.5，不带单位"],
    ]
    assert AuditEvent.objects.filter(action="core.importbatch.failed_rows").exists()
    assert upload_import(files.uploaded(data), kind_code="settings", actor=office, now=NOW).error == 1


def test_template_can_be_uploaded_as_it_is(kind, office):
    with import_template(kind, actor=office, now=NOW) as file:
        batch = upload_import(files.uploaded(file.read()), kind_code="settings", actor=office, now=NOW)
    assert (batch.new, batch.error) == (1, 0)


# --- long files ---------------------------------------------------------------------------------
LONG = [[f"参数{number}", 1] for number in range(LARGEST_AT_ONCE + 1)]


def run_jobs() -> list[str]:
    """Do what the worker would do; return the states."""
    for job in Job.objects.unscoped("test").filter(state="queued"):
        jobs.run_job(job.pk, tell_time=lambda: NOW)
    return list(Job.objects.unscoped("test").order_by("pk").values_list("state", flat=True))


def test_long_file_is_previewed_committed_and_undone_by_the_worker(kind, office):
    batch = upload(office, *LONG)
    assert (batch.status, batch.job.state, batch.rows) == ("uploaded", "queued", len(LONG))
    assert acts_on(batch, office, NOW) == []
    run_jobs()
    batch.refresh_from_db()
    assert (batch.status, batch.new) == ("previewed", len(LONG))
    batch = commit_import(batch, actor=office, now=NOW)
    assert (batch.status, batch.job.state) == ("previewed", "queued")
    with pytest.raises(RuleViolation, match="正在后台处理"):
        commit_import(batch, actor=office, now=NOW)
    run_jobs()
    batch.refresh_from_db()
    assert (batch.status, batch.result["new"], Setting.objects.count()) == ("committed", len(LONG), len(LONG))
    undo_import(batch, actor=office, now=NOW)
    assert run_jobs() == ["done"] * 3
    assert not Setting.objects.exists()


def test_long_commit_that_fails_tells_the_starter_and_may_be_tried_again(kind, office, caplog):
    batch = upload(office, *LONG, ["坏", 999])
    run_jobs()
    batch.refresh_from_db()
    batch = commit_import(batch, actor=office, now=NOW)
    assert run_jobs() == ["done", "failed"]
    batch.refresh_from_db()
    assert (batch.status, Setting.objects.count()) == ("previewed", 0)
    assert "没有做任何改动" in batch.job.failure
    assert "the disk is full" in caplog.text
    assert [act.name for act in acts_on(batch, office, NOW)] == ["commit"]


def test_long_preview_that_fails_ends_the_batch(kind, office, monkeypatch):
    def broken(self, row, run):
        raise RuntimeError("broken")

    batch = upload(office, *LONG)
    monkeypatch.setattr(SettingImport, "check_row", broken)
    assert run_jobs() == ["failed"]
    batch.refresh_from_db()
    assert (batch.status, batch.failure) == ("failed", "核对时出错，请重新上传")


def test_commit_delivered_twice_writes_once(kind, office):
    batch = upload(office, *LONG)
    run_jobs()
    batch.refresh_from_db()
    commit_import(batch, actor=office, now=NOW)
    run_jobs()
    Job.objects.unscoped("test").update(state="queued", finished_at=None)
    assert run_jobs() == ["done", "done"]
    assert ImportRow.objects.visible_to(office).count() == len(LONG)


# --- visibility ---------------------------------------------------------------------------------
def test_batches_are_seen_by_whoever_may_import_the_kind(kind, office, office_lead, reporter, leader):
    batch = commit_import(upload(office, ["甲", 1]), actor=office, now=NOW)
    assert list(ImportBatch.objects.visible_to(office_lead)) == [batch]
    assert ImportRow.objects.visible_to(office_lead).count() == 1
    for outsider in (reporter, leader):
        assert not ImportBatch.objects.visible_to(outsider).exists()
        assert not ImportRow.objects.visible_to(outsider).exists()


def test_register_import_kind_twice_is_a_bug(kind):
    class Another(SettingImport):
        pass

    with pytest.raises(ValueError, match="twice"):
        register_import_kind(Another())
    register_import_kind(SettingImport())


@pytest.mark.parametrize("status", ImportBatch.Status.values)
def test_workflow_every_cell(kind, office, reporter, status):
    """Every act on every status: the table says which are offered, and to whom."""
    offered = {
        "uploaded": {"preview", "fail"},
        "previewed": {"preview", "commit"},
        "committed": {"undo"},
        "undone": set(),
        "failed": set(),
    }
    batch = ImportBatch(kind="settings", status=status, file_name="a")
    assert {act.name for act in IMPORT_BATCH.available(batch, office)} == offered[status]
    assert IMPORT_BATCH.available(batch, reporter) == []
