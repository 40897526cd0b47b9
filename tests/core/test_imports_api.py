"""``imports/`` through the API: the contract's shapes, codes and order of refusals."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import ImportBatch, Job, Setting
from core.services import jobs
from core.services.imports import upload_import
from core.services.imports.batches import LARGEST_AT_ONCE
from core.spreadsheets.limits import LARGEST_FILE
from tests.factories import files
from tests.factories.imports import HEAD, setting_kind, spreadsheet

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
URL = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def kind(db):
    with setting_kind() as registered:
        yield registered


@pytest.fixture
def api(api_for, office):
    return api_for(office)


def post(api, upload, **fields):
    return api.post(URL, {"kind": "settings", "file": upload, **fields}, format="multipart")


def test_post_answers_the_preview(api):
    response = post(api, spreadsheet(["甲", 1], ["乙", "六天"]))
    assert response.status_code == 201
    answer = response.json()
    assert {name: answer[name] for name in ("status", "status_label", "rows", "new", "update", "duplicate", "error")} == {
        "status": "previewed", "status_label": "待确认", "rows": 2, "new": 1, "update": 0, "duplicate": 0, "error": 1,
    }  # fmt: skip
    assert answer["errors"] == [
        {
            "sheet": "参数", "row": 3, "column": "B", "field": "数值", "value": "六天",
            "code": "invalid_number", "message": "应填数字，如 6 或 6.5，不带单位",
        }
    ]  # fmt: skip
    assert (answer["warnings"], answer["unmapped_columns"]) == ([], [{"sheet": "参数", "columns": []}])
    assert (answer["actions"], answer["progress"], answer["result"]) == (["commit"], None, None)
    assert response["ETag"]


def test_csv_has_no_sheet(api):
    answer = post(api, files.uploaded("名称,数值,单位\n甲,x,".encode(), "a.csv")).json()
    assert answer["errors"][0]["sheet"] is None
    assert answer["unmapped_columns"] == [{"sheet": None, "columns": []}]


def test_same_file_warns_without_a_place(api):
    data = files.xlsx([HEAD, ["甲", 1]])
    post(api, files.uploaded(data))
    (warning,) = post(api, files.uploaded(data)).json()["warnings"]
    assert (warning["code"], warning["row"], warning["sheet"]) == ("same_file", None, None)


def test_commit_and_undo(api):
    number = post(api, spreadsheet(["甲", 1])).json()["id"]
    done = api.post(f"{URL}{number}/commit/")
    assert (done.status_code, done.json()["status"]) == (200, "committed")
    assert done.json()["result"] == {"new": 1, "update": 0, "duplicate": 0, "error": 0}
    assert done.json()["actions"] == ["undo"]
    assert api.post(f"{URL}{number}/commit/").status_code == 409
    undone = api.post(f"{URL}{number}/undo/").json()
    assert (undone["status"], undone["actions"]) == ("undone", [])
    assert not Setting.objects.exists()


def test_commit_with_a_stale_if_match_is_412(api):
    number = post(api, spreadsheet(["甲", 1])).json()["id"]
    assert api.post(f"{URL}{number}/commit/", headers={"If-Match": '"99"'}).status_code == 412


def test_department_mapping_is_a_json_object_of_names_to_codes(api):
    upload = spreadsheet(["甲", 1, "宏达物业"])
    answer = post(api, upload, department_mapping=json.dumps({"宏达物业": "gaj"})).json()
    assert (answer["new"], answer["department_mapping"]) == (1, {"宏达物业": "gaj"})


@pytest.mark.parametrize("mapping", ["[1]", "{", '{"a": 1}', '{"a": "nobody"}'])
def test_department_mapping_of_another_shape_is_400(api, mapping):
    response = post(api, spreadsheet(["甲", 1]), department_mapping=mapping)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "department_mapping"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "unsupported_file"),
        (b"MZ", 400, "unsupported_file"),
        (b"hello", 400, "missing_column"),
        ("\n".join(["名称,数值,单位", *["a,1,"] * 5001]).encode(), 400, "too_many_rows"),
        (b"a" * (LARGEST_FILE + 1), 413, "file_too_large"),
        (files.zip_bomb(), 413, "file_too_large"),
    ],
    ids=["empty", "program", "no header", "rows", "size", "bomb"],
)
def test_file_refused_as_a_whole_answers_the_post_itself(api, data, status, code):
    response = post(api, files.uploaded(data))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["errors"] == [{"field": "file", "code": code, "detail": response.json()["detail"]}]


@pytest.mark.parametrize("fields", [{}, {"kind": "settings"}, {"kind": "nothing", "file": b"a"}])
def test_missing_or_wrong_fields_are_400(api, fields):
    if "file" in fields:
        fields = fields | {"file": spreadsheet(["甲", 1])}
    response = api.post(URL, fields, format="multipart")
    assert response.status_code == 400
    assert response.json()["errors"]


def test_long_file_answers_202_and_is_polled(api, office):
    response = post(api, spreadsheet(*([f"参数{number}", 1] for number in range(LARGEST_AT_ONCE + 1))))
    assert (response.status_code, response.json()["status"]) == (202, "uploaded")
    assert response.json()["progress"]["state"] == "queued"
    number = response.json()["id"]
    for status in ("previewed", "committed"):
        for job in Job.objects.visible_to(office).filter(state="queued"):
            jobs.run_job(job.pk, tell_time=lambda: NOW)
        answer = api.get(f"{URL}{number}/").json()
        assert (answer["status"], answer["progress"]["percent"]) == (status, 100)
        if status == "previewed":
            assert api.post(f"{URL}{number}/commit/").status_code == 202


def test_failed_rows_and_template_are_workbooks(api):
    number = post(api, spreadsheet(["乙", "六天"])).json()["id"]
    failed = api.get(f"{URL}{number}/failed-rows/")
    assert files.sheet_values(failed.getvalue())[1][-1] == "数值：应填数字，如 6 或 6.5，不带单位"
    failed.close()
    template = api.get(f"{URL}template/?kind=settings")
    assert files.sheet_values(template.getvalue())[0] == ["名称*", "数值*", "单位", "联系人"]
    template.close()
    assert api.get(f"{URL}template/?kind=nothing").status_code == 400
    assert api.get(f"{URL}template/?name=settings").status_code == 400


def test_others_are_refused_and_see_nothing(api, api_for, office, reporter, leader, auditor):
    number = post(api, spreadsheet(["甲", 1])).json()["id"]
    for outsider in (reporter, leader, auditor):
        their = api_for(outsider)
        assert post(their, spreadsheet(["甲", 1])).status_code == 403
        assert their.get(URL).status_code == 403
        for address in (f"{URL}{number}/", f"{URL}{number}/failed-rows/"):
            assert their.get(address).status_code == 404
        assert their.post(f"{URL}{number}/commit/").status_code == 404
    assert ImportBatch.objects.visible_to(office).get().status == "previewed"


def test_list_takes_the_same_queries_for_two_and_twenty(api, office):
    def fill(count):
        for number in range(count):
            upload_import(spreadsheet([f"甲{number}", 1]), kind_code="settings", actor=office, now=NOW)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(URL).status_code == 200
        return len(captured)

    fill(2)
    few = queries()
    fill(18)
    assert queries() == few
    row = api.get(URL).json()["results"][0]
    assert (row["kind_label"], row["status_label"], row["created_by"]) == ("参数", "待确认", office.name)


def test_repeated_post_with_an_idempotency_key_gets_the_first_answer(api):
    data = files.xlsx([HEAD, ["甲", 1]])
    answers = [
        api.post(URL, {"kind": "settings", "file": files.uploaded(data)}, headers={"Idempotency-Key": "k1"}).json()
        for _ in range(2)
    ]
    assert answers[0]["id"] == answers[1]["id"]
