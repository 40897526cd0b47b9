"""The printed forms, opened again: numbers, full names, dates in words, what is earned and what is left out."""

import re
import subprocess
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from accounts.roles import Role
from core.exceptions import InvalidInput, RuleViolation
from core.models import AuditEvent, Setting
from departments.models import FormerName
from supervision.documents import inspection_notice, issue_form, order_document
from supervision.models import FormNumber, Inspection, SupervisionOrder
from supervision.services import clearance, verification, writing
from supervision.services.evidence import withdraw_evidence
from supervision.services.orders import supervise_issue
from tests.components import to_pdf
from tests.factories.accounts import make_user
from tests.factories.orders import (
    DUE,
    FOUND,
    TEXT,
    assigned,
    draft_of,
    fetched,
    give_after,
    rectifying,
    registered,
    verifying,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class People:
    """Who acts."""

    inspector: Any
    office: Any
    office_lead: Any
    reporter: Any
    head: Any
    department: Any


@pytest.fixture
def cast(inspector, office, office_lead, reporter, head, department) -> People:
    """Return who acts on an issue of ``department``."""
    return People(inspector, office, office_lead, reporter, head, department)


def issue_at(state: str, cast: People, **facts):
    """Return an issue in one of the states that forms need."""
    of_department = {"registered": registered, "assigned": assigned, "draft": draft_of}
    if state in of_department:
        return of_department[state](cast.inspector, cast.department, **facts)
    return {"rectifying": rectifying, "verifying": verifying}[state](cast.inspector, cast.head, **facts)


LATER = FOUND + timedelta(days=12)


def words(printed: tuple[bytes, str]) -> str:
    """Return every paragraph and cell of a form as one text."""
    document = Document(BytesIO(printed[0]))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            seen = []
            for cell in row.cells:
                if cell._tc not in seen:
                    seen.append(cell._tc)
                    lines.append(cell.text)
    return "\n".join(lines)


@pytest.fixture
def office_phone(db):
    Setting.objects.create(name="site.office_phone", value="0396-4800000", changed_at=FOUND)


def test_assignment_form_says_who_does_what_by_when(cast, office_phone, office_department):
    cast.inspector.department = office_department
    cast.inspector.phone = "13912345678"
    cast.inspector.save()
    issue = issue_at("assigned", cast, due_on=DUE, requirement="更换公示栏，清理旧价目")
    printed = issue_form(issue, "assignment", user=cast.inspector, now=FOUND)
    text = words(printed)
    assert printed[1] == f"问题交办单_{issue.number}.docx"
    for said in (
        *("问题交办单", "西营商交〔2026〕1号", "西平县营商环境建设服务中心", "西平县住房和城乡建设局", issue.number),
        *(
            TEXT,
            "更换公示栏，清理旧价目",
            "限期整改，2026年12月4日前完成",
            "反馈要求",
            "签收人",
            "存　根",
            "0396-4800000",
        ),
        "2026年11月25日",
    ):
        assert said in text, said
    assert "13912345678" not in text


def test_printing_again_gives_the_same_number_and_spends_none(cast):
    issue = issue_at("assigned", cast)
    first = words(issue_form(issue, "assignment", user=cast.head, now=FOUND))
    assert words(issue_form(issue, "assignment", user=cast.head, now=LATER)) == first
    assert FormNumber.objects.count() == 2  # 交办单 and 整改通知书
    printed = AuditEvent.objects.filter(action="supervision.issue.print")
    assert [(one.actor, one.after["number"]) for one in printed] == [(cast.head, "西营商交〔2026〕1号")] * 2


def test_form_shows_the_name_valid_when_it_was_given(cast, department):
    issue = issue_at("assigned", cast)
    FormerName.objects.create(
        department=department, name="西平县建设局", short_name="县建设局", until=date(2026, 11, 30)
    )
    text = words(issue_form(issue, "assignment", user=cast.head, now=LATER))
    assert "西平县建设局" in text
    assert "西平县住房和城乡建设局" not in text


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        ("registered", "assignment", "还没有交办"),
        ("registered", "notice", "还没有交办"),
        ("rectifying", "clearance", "还没有申请销号"),
        ("rectifying", "supervision", "还没有督办"),
    ],
)
def test_form_not_earned_is_refused(status, kind, reason, cast):
    issue = issue_at(status, cast)
    with pytest.raises(RuleViolation, match=reason):
        issue_form(issue, kind, user=cast.inspector, now=FOUND)
    assert not AuditEvent.objects.filter(action="supervision.issue.print").exists()


def test_form_of_a_withdrawn_round_is_no_longer_printed(cast):
    issue = issue_at("assigned", cast)
    writing.withdraw_issue(issue, reason="另行交办", actor=cast.inspector, now=FOUND)
    with pytest.raises(RuleViolation):
        issue_form(fetched(issue, cast.inspector), "assignment", user=cast.inspector, now=FOUND)


def test_unknown_kind_is_refused(cast):
    with pytest.raises(InvalidInput):
        issue_form(issue_at("assigned", cast), "summons", user=cast.inspector, now=FOUND)


def test_clearance_form_lists_what_proves_it_without_what_was_withdrawn(cast):
    issue = issue_at("rectifying", cast, due_on=DUE)
    wrong = give_after(issue, cast.reporter, title="误传的照片")
    withdraw_evidence(wrong, reason="传错了", actor=cast.reporter, now=FOUND)
    give_after(issue, cast.reporter, title="新公示栏照片")
    issue = fetched(issue, cast.head)
    clearance.request_clearance(issue, note="公示栏已更换", actor=cast.head, now=FOUND)
    text = words(issue_form(issue, "clearance", user=cast.head, now=FOUND))
    for said in (
        *("问题销号申请表", "西营商销〔2026〕1号", "西平县住房和城乡建设局", "逐项核对收费目录", "公示栏已更换"),
        *("1.新公示栏照片（照片）", "同意申请销号", cast.head.name, "验收意见一", "验收意见二"),
    ):
        assert said in text, said
    assert "误传的照片" not in text
    assert "准予销号" not in text


def test_clearance_form_carries_both_names_and_opinions_when_given(cast, office_department):
    issue = issue_at("verifying", cast)
    verification.verify_pass(issue, note="现场已核对", actor=cast.inspector, now=FOUND)
    verification.verify_pass(issue, note="资料齐全", actor=cast.office_lead, now=FOUND)
    text = words(issue_form(fetched(issue, cast.head), "clearance", user=cast.head, now=FOUND))
    for said in ("现场已核对", cast.inspector.name, "资料齐全", cast.office_lead.name, "准予销号"):
        assert said in text, said
    assert office_department.name in text


def test_order_says_how_late_it_is_and_how_often_it_was_reminded(cast, office_phone):
    issue = issue_at("rectifying", cast, due_on=DUE)
    writing.remind_issue(issue, actor=cast.office, now=FOUND + timedelta(days=8))
    reply_by = (LATER + timedelta(days=3)).date()
    supervise_issue(issue, requirement="三日内整改到位", due_on=reply_by, actor=cast.office_lead, now=LATER)
    printed = issue_form(issue, "supervision", user=cast.head, now=LATER)
    text = words(printed)
    for said in (
        *("督办单", "西营商督〔2026〕1号", "西平县住房和城乡建设局：", "三日内整改到位", "2026年12月10日前回复"),
        *("西营商交〔2026〕1号", "2026年12月4日", "1个工作日", "共1次，最近一次2026年12月3日", "0396-4800000"),
        *(issue.number, TEXT),
    ):
        assert said in text, said
    order = SupervisionOrder.objects.visible_to(cast.head).get()
    assert order_document(order, user=cast.head, now=LATER)[0] == printed[0]


@pytest.mark.parametrize(
    ("kind", "who", "title", "number"),
    [
        ("county", "office_lead", "督办单", "西营商督〔2026〕1号"),
        ("county", "inspector", "督办单", "西督〔2026〕1号"),
        ("vertical", "office_lead", "商请函", "西营商函〔2026〕1号"),
        ("judicial", "inspector", "商请函", "西督函〔2026〕1号"),
    ],
)
def test_units_of_another_line_of_command_are_asked_by_letter(kind, who, title, number, cast, department):
    department.kind = kind
    department.save()
    issue = issue_at("rectifying", cast)
    supervise_issue(issue, requirement="尽快整改", due_on=DUE, actor=getattr(cast, who), now=FOUND)
    text = words(issue_form(issue, "supervision", user=cast.inspector, now=FOUND))
    assert title in text
    assert number in text
    assert ("督办" in text) == (title == "督办单")


def an_inspection(cast, kind="open") -> Inspection:
    """Return an inspection of two days with one inspector."""
    inspection = Inspection.objects.create(
        title="政务大厅收费公示专项督查",
        kind=kind,
        started_on=date(2026, 11, 23),
        ended_on=date(2026, 11, 24),
        places="县政务服务中心二楼",
        basis="西营商〔2026〕2号",
        created_by=cast.inspector,
        created_at=FOUND,
    )
    inspection.team.add(cast.office)
    return inspection


def assigned_together(cast, inspection, departments) -> list:
    """Return issues of the inspection, one for each department given, assigned together."""
    issues = [
        draft_of(cast.inspector, unit, inspection=inspection, description=f"第{place}处收费公示与目录不一致，须更正")
        for place, unit in enumerate(departments, start=1)
    ]
    for issue in issues:
        writing.register_issue(issue, actor=cast.inspector, now=FOUND)
    return writing.assign_many(issues, actor=cast.inspector, now=FOUND)


def test_notice_lists_every_issue_of_its_number_one_by_one(cast, other_department):
    inspection = an_inspection(cast)
    first, second, foreign = assigned_together(cast, inspection, [cast.department, cast.department, other_department])
    text = words(issue_form(second, "notice", user=cast.head, now=FOUND))
    for said in (
        *("整改通知书", "西营商改〔2026〕1号", "西平县住房和城乡建设局：", "2026年11月23日至2026年11月24日", "明察"),
        *(
            "县政务服务中心二楼",
            cast.office.name,
            "西营商〔2026〕2号",
            "以下2个问题",
            first.number,
            second.number,
            "申诉途径",
        ),
    ):
        assert said in text, said
    assert foreign.number not in text
    printed = inspection_notice(inspection, cast.department, user=cast.inspector, now=FOUND)
    assert words(printed) == text
    assert printed[1] == "整改通知书_县住建局.docx"
    other = words(inspection_notice(inspection, other_department, user=cast.inspector, now=FOUND))
    assert "西营商改〔2026〕2号" in other
    assert foreign.number in other


def test_notice_of_an_undercover_visit_names_no_inspector(cast):
    inspection = an_inspection(cast, kind="covert")
    (issue,) = assigned_together(cast, inspection, [cast.department])
    text = words(issue_form(issue, "notice", user=cast.head, now=FOUND))
    assert "暗访" in text
    assert cast.office.name not in text


def test_notice_of_an_inspection_without_assigned_findings_is_refused(cast):
    with pytest.raises(RuleViolation, match="还没有向县住建局交办"):
        inspection_notice(an_inspection(cast), cast.department, user=cast.inspector, now=FOUND)


@pytest.mark.office
def test_forms_of_an_ordinary_issue_take_one_page_with_what_is_cut_off(cast, office_department, office_phone, tmp_path):
    cast.inspector.department = office_department
    cast.inspector.save()
    inspection = an_inspection(cast, kind="covert")
    told = "报装费用分多次通知，缴费通知书没有列明明细和依据，窗口解释口径不一，企业办事人员需往返两次以上"
    facts = {"description": told, "requirement": "一次性出具费用清单，注明依据和计算方法", "inspection": inspection}
    issue = issue_at("verifying", cast, **facts)
    supervise_issue(fetched(issue, cast.inspector), requirement=told[:40], due_on=DUE, actor=cast.inspector, now=FOUND)
    kinds = ("assignment", "notice", "clearance", "supervision")
    printed = {kind: issue_form(fetched(issue, cast.head), kind, user=cast.head, now=FOUND)[0] for kind in kinds}
    for kind, pdf in to_pdf(printed, tmp_path).items():
        told = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, timeout=60).stdout.decode()
        assert re.search(r"Pages:\s+1$", told, re.MULTILINE), kind


def test_what_is_typed_stays_text(cast, department):
    person = make_user("tricky", Role.INSPECTOR)
    issue = draft_of(person, department, description="<w:br/>公示 & 收费\n第二行 {{ x }}")
    writing.register_issue(issue, actor=person, now=FOUND)
    writing.assign_issue(issue, actor=person, now=FOUND)
    text = words(issue_form(issue, "assignment", user=person, now=datetime.fromisoformat("2026-11-26T10:00+08:00")))
    assert "<w:br/>公示 & 收费" in text
    assert "第二行 {{ x }}" in text
