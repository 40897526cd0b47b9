"""What is refused, the failed rows, the preview and the API."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from core.exceptions import DomainError
from core.models import ImportBatch
from core.services.imports import commit_import, failed_rows_workbook, upload_import
from departments.models import Department
from tests.complaints.imports.orders import HEAD, NOW, imported, order, row, upload
from tests.factories import files
from tests.factories.complaints import PHONE, make_complaint


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


def test_list_leads_to_the_import_of_complaints(office, client_for):
    page = client_for(office).get(reverse("complaints:list")).content.decode()
    assert f"{reverse('core:imports')}?kind=complaints" in page


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
