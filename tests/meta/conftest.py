"""Rows for the sweep over addresses: the parts of an address that leads to a row of ``department``."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bulletins.services.drafting import draft_bulletin
from complaints.services.handling import note_progress
from core.dates import parse_period
from core.models import Job
from indicators.models import CoordinationItem, PracticeCase
from indicators.workflow.coordination import COORDINATION
from supervision.models import SupervisionOrder
from supervision.services.evidence import upload_issue_evidence
from supervision.services.findings import keep_photo
from supervision.services.inspections import assign_findings
from supervision.services.orders import reply_with_files, supervise_issue
from supervision.services.records import RecordFacts, keep_record
from tests.factories.complaints import RECEIVED, Cast, complaint_at
from tests.factories.dispatch import DAY, MORNING, draft, make_gas
from tests.factories.files import photo
from tests.factories.indicators import EARLIER, link_evidence, make_evidence
from tests.factories.inspections import NOW, make_finding, make_inspection
from tests.factories.issues import IssueCast, issue_at

DRAFTED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def gas(department):
    """An indicator led by ``department``."""
    return make_gas(department)


@pytest.fixture
def report_row(gas, reporter):
    return {"pk": draft(gas, reporter).pk}


@pytest.fixture
def day_row(gas):
    return {"code": gas.code, "day": DAY}


@pytest.fixture
def leaf_row(gas):
    return {"code": f"{gas.code}.1"}


@pytest.fixture
def evidence(gas, reporter):
    return make_evidence(reporter)


@pytest.fixture
def evidence_row(evidence, gas):
    link_evidence(evidence, gas)
    return {"pk": evidence.pk}


@pytest.fixture
def evidence_link_row(evidence, gas):
    return {"pk": evidence.pk, "link": link_evidence(evidence, gas).pk}


@pytest.fixture
def case_row(gas, department, reporter):
    case = PracticeCase.objects.create(
        indicator=gas,
        department=department,
        title="拿地即开工",
        background="审批环节多",
        measures="并联审批",
        results="压缩 20 天",
        status="draft",
        written_by=reporter,
        written_at=EARLIER,
    )
    return {"pk": case.pk}


@pytest.fixture
def coordination_row(gas, reporter):
    item = COORDINATION.enter(
        CoordinationItem,
        CoordinationItem.Status.OPEN,
        origin=CoordinationItem.Origin.REPORT,
        indicator=gas,
        coordination="office",
        text="需协调用地",
        asked_by=reporter,
        asked_at=MORNING,
    )
    return {"pk": item.pk}


@pytest.fixture
def job_row(reporter):
    job = Job.objects.create(kind="export", label="导出", created_by=reporter, created_at=MORNING, heartbeat_at=MORNING)
    return {"pk": job.pk}


@pytest.fixture
def complaint(reporter, head, office, office_lead, department):
    """A complaint that ``department`` handles, with a file."""
    row = complaint_at("handling", Cast(office, office_lead, reporter, head, department))
    file = SimpleUploadedFile("note.txt", b"seen", "text/plain")
    note_progress(row, note="已到现场", actor=reporter, now=RECEIVED, attachments=[file])
    return row


@pytest.fixture
def complaint_row(complaint):
    return {"number": complaint.number}


@pytest.fixture
def complaint_act_row(complaint):
    return {"number": complaint.number, "act": "note"}


@pytest.fixture
def complaint_file_row(complaint):
    return {"number": complaint.number, "file": str(complaint.files.get().pk)}


@pytest.fixture
def inspection(inspector, department):
    """An inspection with plan and report, one finding assigned to ``department`` and one in draft, with a photo."""
    files = {name: SimpleUploadedFile(f"{name}.txt", name.encode(), "text/plain") for name in ("plan", "report")}
    row = make_inspection(inspector, **files)
    make_finding(row, inspector, department=department)
    assign_findings(row, actor=inspector, now=NOW)
    shot = keep_photo(SimpleUploadedFile("a.jpg", photo(), "image/jpeg"), actor=inspector, now=NOW)
    make_finding(row, inspector, department=department, photos=[shot])
    return row


@pytest.fixture
def inspection_row(inspection):
    return {"pk": inspection.pk}


@pytest.fixture
def inspection_notice_row(inspection, department):
    return {"pk": inspection.pk, "department": department.code}


@pytest.fixture
def inspection_photo_row(inspection):
    finding = inspection.issues.get(status="draft")
    return {"pk": inspection.pk, "photo": finding.evidence.get().evidence_id}


@pytest.fixture
def finding_row(inspection):
    return {"pk": inspection.pk, "number": inspection.issues.get(status="draft").number}


@pytest.fixture
def issue(inspector, office, office_lead, reporter, head, department):
    """An issue in 整改中 that ``department`` leads, with a photo of how it is now."""
    cast = IssueCast(inspector, office, office_lead, reporter, head, None, department, None)
    row = issue_at("rectifying", cast, now=NOW)
    shot = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    upload_issue_evidence(row, files=[shot], phase="after", actor=reporter, now=NOW)
    return row


@pytest.fixture
def issue_row(issue):
    return {"number": issue.number}


@pytest.fixture
def issue_act_row(issue):
    return {"number": issue.number, "act": "note"}


@pytest.fixture
def issue_evidence_row(issue):
    return {"number": issue.number, "pk": issue.evidence.get().pk}


@pytest.fixture
def order(issue, inspector, reporter):
    """An order on ``issue``, answered with a file that waits for the head."""
    due_on = NOW.date() + timedelta(days=5)
    supervise_issue(issue, requirement="三日内整改到位", due_on=due_on, actor=inspector, now=NOW)
    row = SupervisionOrder.objects.visible_to(inspector).get()
    note = SimpleUploadedFile("整改说明.txt", "已更换公示栏".encode())
    return reply_with_files(row, text="已整改", files=[note], actor=reporter, now=NOW)


@pytest.fixture
def order_row(order):
    return {"pk": order.pk}


@pytest.fixture
def order_act_row(order):
    return {"pk": order.pk, "act": "sign_reply"}


@pytest.fixture
def order_file_row(order):
    return {"pk": order.pk, "evidence": order.evidence.get().pk}


@pytest.fixture
def record_row(inspector, department):
    facts = RecordFacts(kind="summons", department=department, on=NOW.date())
    return {"pk": keep_record(facts, actor=inspector, now=NOW).pk}


@pytest.fixture
def bulletin(office):
    """A draft, which departments do not see."""
    return draft_bulletin("notice", parse_period("2026W47"), actor=office, now=DRAFTED)[0]


@pytest.fixture
def bulletin_row(bulletin):
    return {"number": bulletin.number}


@pytest.fixture
def bulletin_act_row(bulletin):
    return {"number": bulletin.number, "act": "submit"}
