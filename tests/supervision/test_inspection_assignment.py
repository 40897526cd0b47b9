"""An inspection's drafts registered and assigned at once, and the notices that follow (domain §7)."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from core.models import AuditEvent
from supervision.models import FormNumber, Issue
from supervision.selectors.findings import counts_by_department
from supervision.services.inspections import assign_findings
from tests.factories.inspections import NOW, make_finding, make_inspection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspection_clock")]
LIST, API = "/inspections/", "/api/v1/inspections/"
KEEPERS = ("office", "office_lead", "inspector")
READERS = (*KEEPERS, "signer", "leader")
DEPARTMENTS = ("reporter", "head", "stranger")
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")


@pytest.fixture
def inspection(inspector):
    return make_inspection(inspector)


def text_of(response, status: int = 200) -> str:
    """Return the page, which must have been served with ``status``."""
    assert response.status_code == status
    return response.content.decode()


def pdf(name: str) -> SimpleUploadedFile:
    """Return a file that is taken as it is."""
    return SimpleUploadedFile(name, "内容".encode(), "text/plain")


# --- Drafts assigned at once ------------------------------------------------------------------------------


def test_drafts_are_assigned_with_one_notice_per_department(
    inspection, inspector, department, other_department, client_for
):
    issues = [
        make_finding(inspection, inspector, department=unit) for unit in (department, other_department, department)
    ]
    browser = client_for(inspector)
    page = text_of(browser.get(f"{LIST}{inspection.pk}/assign/"))
    assert "登记并交办 3 个问题" in page
    assert "县住建局</b>　2 个" in page
    answer = browser.post(f"{LIST}{inspection.pk}/assign/", follow=True)
    assert "已登记并交办 3 个问题，向 2 个单位发整改通知书" in text_of(answer)
    rows = [Issue.objects.visible_to(inspector).get(pk=issue.pk) for issue in issues]
    assert {row.status for row in rows} == {"assigned"}
    numbers = [str(row.round_in_hand.notice_form) for row in rows]
    assert numbers[0] == numbers[2] != numbers[1]
    assert FormNumber.objects.filter(kind="notice").count() == 2
    notice = browser.get(f"{LIST}{inspection.pk}/notices/{department.code}/")
    words = _text_of_document(notice.content)
    assert numbers[0] in words
    assert all(row.number in words for row in (rows[0], rows[2]))
    assert rows[1].number not in words
    assert browser.get(f"{LIST}{inspection.pk}/notices/nobody/").status_code == 404


def _text_of_document(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_notice_not_earned_yet_is_409(inspection, inspector, department, client_for):
    make_finding(inspection, inspector, department=department)
    assert client_for(inspector).get(f"{LIST}{inspection.pk}/notices/{department.code}/").status_code == 409


def test_drafts_without_department_are_named_and_nothing_is_written(
    inspection, inspector, department, client_for, api_for
):
    make_finding(inspection, inspector, department=department)
    missing = make_finding(inspection, inspector)
    events = AuditEvent.objects.count()
    page = text_of(client_for(inspector).post(f"{LIST}{inspection.pk}/assign/"), 422)
    assert f"{missing.number} 未填写责任单位" in page
    answer = api_for(inspector).post(f"{API}{inspection.pk}/assign/")
    assert answer.status_code == 400
    assert [error["detail"] for error in answer.json()["errors"]] == [f"{missing.number} 未填写责任单位"]
    assert {issue.status for issue in inspection.issues.all()} == {"draft"}
    assert not FormNumber.objects.exists()
    assert AuditEvent.objects.count() == events


def test_department_that_no_longer_exists_stops_all(inspection, inspector, department, other_department, client_for):
    make_finding(inspection, inspector, department=other_department)
    make_finding(inspection, inspector, department=department)
    department.valid_to = date(2026, 11, 1)
    department.save()
    page = text_of(client_for(inspector).post(f"{LIST}{inspection.pk}/assign/"), 422)
    assert "已撤销" in page
    assert {issue.status for issue in inspection.issues.all()} == {"draft"}


def test_api_assigns_and_counts(inspection, inspector, department, api_for):
    make_finding(inspection, inspector, department=department)
    api = api_for(inspector)
    before = api.get(f"{API}{inspection.pk}/").json()
    assert (before["findings"], before["drafts"], before["actions"]) == (1, 1, ["assign"])
    after = api.post(f"{API}{inspection.pk}/assign/").json()
    assert (after["findings"], after["drafts"], after["actions"]) == (1, 0, [])
    assert after["notices"] == [
        {"department": "zjj", "department_label": "县住建局", "numbers": ["西营商改〔2026〕1号"]}
    ]


def test_counts_by_department_and_state(inspection, inspector, department, other_department, client_for):
    for unit in (department, department, other_department):
        make_finding(inspection, inspector, department=unit)
    assign_findings(inspection, actor=inspector, now=NOW)
    make_finding(inspection, inspector)
    counts = counts_by_department(inspection)
    assert [code for code, _ in counts["states"]] == ["draft", "assigned"]
    assert [(row["department"], row["amounts"]) for row in counts["rows"]] == [
        ("县住建局", [0, 2]),
        ("县财政局", [0, 1]),
        (None, [1, 0]),
    ]
    assert (counts["totals"], counts["total"]) == ([1, 3], 4)
    page = text_of(client_for(inspector).get(inspection.get_absolute_url()))
    assert "按单位和状态" in page


def test_page_leads_to_the_import_with_the_inspection_preset(inspection, inspector, leader, client_for):
    address = f"/imports/?kind=issues&amp;inspection={inspection.pk}"
    assert address in text_of(client_for(inspector).get(inspection.get_absolute_url()))
    assert address not in text_of(client_for(leader).get(inspection.get_absolute_url()))
