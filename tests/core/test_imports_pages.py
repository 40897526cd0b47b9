"""数据导入 in the browser: the same services, Chinese sentences at the field, no script needed."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import ImportBatch, Setting
from core.services.imports import upload_import
from core.services.imports.batches import LARGEST_AT_ONCE
from tests.factories import files
from tests.factories.imports import HEAD, setting_kind, spreadsheet

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kind(db):
    with setting_kind() as registered:
        yield registered


@pytest.fixture
def client(client_for, office):
    return client_for(office)


def page_of(response) -> str:
    return response.content.decode()


def uploaded(client, *rows) -> ImportBatch:
    """Upload through the page; return the batch it leads to."""
    response = client.post("/imports/", {"kind": "settings", "file": spreadsheet(*rows)})
    assert response.status_code == 302, page_of(response)
    return ImportBatch.objects.unscoped("test").get(pk=response.url.strip("/").split("/")[-1])


def test_upload_shows_what_was_found_and_commit_does_it(client):
    batch = uploaded(client, ["甲", 1], ["乙", "六天"])
    page = page_of(client.get(batch.get_absolute_url()))
    for text in (
        "待确认",
        "参数 第 3 行 B 列",
        "六天",
        "应填数字，如 6 或 6.5，不带单位",
        "确认导入",
        "下载未导入的行",
    ):
        assert text in page
    done = client.post(f"/imports/{batch.pk}/commit/", follow=True)
    assert "已导入" in page_of(done)
    assert "撤销导入" in page_of(done)
    assert Setting.objects.filter(name="甲").exists()
    assert "已撤销" in page_of(client.post(f"/imports/{batch.pk}/undo/", follow=True))
    assert not Setting.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ", "不是可以读取的表格文件"),
        (b"", "文件是空的"),
        (b"a,b\n1,2", "没有找到完整的表头，必须有这些列：名称、数值"),
        (b"a" * (10 * 1024 * 1024 + 1), "文件超过 10 MB"),
    ],
)
def test_refused_file_is_told_at_its_field_and_the_choice_kept(client, data, sentence):
    response = client.post("/imports/", {"kind": "settings", "file": files.uploaded(data)})
    assert response.status_code == 422
    assert sentence in page_of(response).partition('id="id_file_error"')[2]
    assert '<option value="settings" selected>' in page_of(response)


def test_missing_file_is_told_at_its_field(client):
    response = client.post("/imports/", {"kind": "settings"})
    assert (response.status_code, "请选择文件" in page_of(response)) == (422, True)


def test_unknown_departments_are_mapped_and_the_file_judged_again(client):
    batch = uploaded(client, ["甲", 1, "宏达物业、某中心"])
    page = page_of(client.get(batch.get_absolute_url()))
    assert "未识别的单位" in page
    assert "县公安局" in page
    fields = {"version": batch.version, "department_0": "gaj", "department_1": "zjj"}
    page = page_of(client.post(f"/imports/{batch.pk}/mapping/", fields, follow=True))
    assert "没有发现错误" in page
    batch.refresh_from_db()
    assert batch.department_mapping == {"宏达物业": "gaj", "某中心": "zjj"}


def test_mapping_to_a_department_nobody_offered_is_refused(client):
    batch = uploaded(client, ["甲", 1, "宏达物业"])
    response = client.post(f"/imports/{batch.pk}/mapping/", {"version": batch.version, "department_0": "zzz"})
    assert response.status_code == 422


def test_long_import_shows_progress_and_offers_no_act(client):
    batch = uploaded(client, *([f"参数{number}", 1] for number in range(LARGEST_AT_ONCE + 1)))
    page = page_of(client.get(batch.get_absolute_url()))
    assert f'hx-get="/jobs/{batch.job_id}/"' in page
    assert "确认导入" not in page


def test_two_people_at_once_the_second_is_told(client, client_for, office_lead):
    batch = uploaded(client, ["甲", 1])
    assert client_for(office_lead).post(f"/imports/{batch.pk}/commit/").status_code == 302
    assert client.post(f"/imports/{batch.pk}/commit/").status_code == 409


def test_downloads(client):
    batch = uploaded(client, ["乙", "六天"])
    for address in (f"/imports/{batch.pk}/failed-rows/", "/imports/template/settings/"):
        response = client.get(address)
        assert files.sheet_values(response.getvalue())[0][0].startswith("名称")
        response.close()
    assert client.get("/imports/template/nothing/").status_code == 404


def test_system_administrator_comes_in_but_sees_only_the_kinds_of_his_own(client, client_for, sysadmin):
    batch = uploaded(client, ["甲", 1])
    theirs = client_for(sysadmin)
    page = page_of(theirs.get("/imports/"))
    assert "参数.xlsx" not in page
    assert 'value="settings"' not in page
    assert theirs.get("/imports/template/settings/").status_code == 404
    assert theirs.get(batch.get_absolute_url()).status_code == 404
    assert theirs.post("/imports/", {"kind": "settings", "file": spreadsheet(["甲", 1])}).status_code == 422


def test_others_cannot_open_the_pages(client, client_for, reporter, auditor):
    batch = uploaded(client, ["甲", 1])
    for outsider in (reporter, auditor):
        theirs = client_for(outsider)
        assert theirs.get("/imports/").status_code == 403
        assert theirs.get("/imports/template/settings/").status_code == 403
        assert theirs.get(batch.get_absolute_url()).status_code == 404
        assert theirs.post(f"/imports/{batch.pk}/commit/").status_code == 404


def test_text_from_the_file_is_escaped(client):
    batch = uploaded(client, ["<script>alert(1)</script>", "<b>"])
    page = page_of(client.get(batch.get_absolute_url()))
    assert "<b>" not in page.partition("应填数字")[0].rpartition("第 2 行")[2]
    assert "<script>alert" not in page


def test_list_takes_the_same_queries_for_two_and_twenty(client, office):
    def fill(count: int, start: int) -> None:
        for number in range(start, start + count):
            data = files.xlsx([HEAD, [f"甲{number}", 1]])
            upload_import(files.uploaded(data, f"{number}.xlsx"), kind_code="settings", actor=office, now=NOW)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "0.xlsx" in page_of(client.get("/imports/"))
        return len(captured)

    fill(2, 0)
    few = queries()
    fill(18, 2)
    assert queries() == few
