"""Submission, review, values, 今日无变化, selections (domain §3, §4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.exceptions import InvalidInput, Locked, NotAllowed
from core.models import AuditEvent
from indicators.models import DailyReport, EvidenceLink, Observation
from indicators.services import daily_reports as services
from tests.factories.dispatch import DAY, MORNING, at, draft, make_gas, messages_of, report_at, value
from tests.factories.indicators import make_evidence

NEXT_DAY = date(2026, 11, 26)


def standings(leaf):
    rows = Observation.objects.unscoped("test").filter(indicator=leaf, report__isnull=False).order_by("pk")
    return [(row.value, row.standing, row.withdrawn_at is None) for row in rows]


# --- submission and approval -----------------------------------------------------------------------


def test_submission_waits_for_the_head_who_is_told(gas, reporter, head):
    report = services.submit_report(draft(gas, reporter), actor=reporter, now=MORNING)
    assert report.status == "submitted"
    assert messages_of(head) == ["daily_report.submitted"]
    assert report.first_reported_at is None


def test_a_heads_own_submission_and_a_department_without_approval_go_straight_out(gas, reporter, head, department):
    report = services.submit_report(draft(gas, head), actor=head, now=MORNING)
    assert (report.status, report.approved_by, report.first_submitted_at) == ("reported", head, MORNING)
    department.head_approval = False
    department.save()
    other = make_gas(department, "A03", "办理建筑许可")
    assert services.submit_report(draft(other, reporter), actor=reporter, now=MORNING).status == "reported"


def test_wrong_content_is_named_and_nothing_moves(gas, reporter, time_leaf):
    report = draft(gas, reporter, values=value("４００"))
    with pytest.raises(InvalidInput) as caught:
        services.submit_report(report, actor=reporter, now=MORNING)
    assert [error["field"] for error in caught.value.errors] == ["values[0].value", "evidence"]
    assert DailyReport.objects.unscoped("test").get().status == "draft"


def test_withdrawn_it_counts_as_not_reported_and_its_values_are_only_on_the_draft(
    gas, reporter, head, office, time_leaf
):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    services.withdraw_report(report, actor=reporter, now=at(DAY, 12))
    assert (report.status, report.first_reported_at, report.submitted_at) == ("draft", None, None)
    assert standings(time_leaf) == [(Decimal("6.5"), "rejected", False)]
    assert report.values.get().text == "6.5"


# --- values ----------------------------------------------------------------------------------------


def test_values_become_pending_at_reported_and_accepted_with_the_report(gas, reporter, head, office, time_leaf):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    assert standings(time_leaf) == []
    services.approve_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "pending", True)]
    services.accept_report(report, actor=office, now=MORNING)
    row = Observation.objects.unscoped("test").get(report=report)
    assert (row.standing, row.accepted_by, row.as_of) == ("accepted", office, DAY)


def test_a_return_keeps_values_pending_and_the_resubmission_supersedes_them(gas, reporter, head, office, time_leaf):
    report = report_at("returned", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    assert standings(time_leaf) == [(Decimal("6.5"), "pending", True)]
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, values=value("7", evidence_later=True))
    report.refresh_from_db()
    services.resubmit_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "rejected", False), (Decimal(7), "pending", True)]
    assert Observation.objects.unscoped("test").get(value=7).supersedes.value == Decimal("6.5")


def test_a_reopened_reports_values_stay_in_force_until_the_correction_is_accepted(
    gas, reporter, head, office, office_lead, time_leaf
):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    services.reopen_report(report, actor=office_lead, reason="数据有误", now=MORNING)
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, values=value("7", evidence_later=True))
    report.refresh_from_db()
    services.resubmit_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "accepted", True), (Decimal(7), "pending", True)]
    services.accept_report(report, actor=office, now=at(DAY, 12))
    assert standings(time_leaf) == [(Decimal("6.5"), "accepted", False), (Decimal(7), "accepted", True)]


def test_evidence_speaks_for_the_indicator_once_the_report_is_out(gas, reporter, head, office, time_leaf):
    evidence = make_evidence(reporter)
    report_at("reported", gas, reporter=reporter, head=head, office=office, values=value(), evidence=[evidence.pk])
    assert EvidenceLink.objects.unscoped("test").get(evidence=evidence).indicator == gas


def test_an_assisting_department_adds_evidence_but_a_stranger_sees_nothing(
    gas, reporter, head, office, assisting, time_leaf
):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, values=value(evidence_later=True))
    services.attach_evidence(report, evidence=[make_evidence(assisting).pk], actor=assisting, now=at(NEXT_DAY, 15))
    assert report.evidence.count() == 1


# --- 今日无变化 ------------------------------------------------------------------------------------


def test_no_change_is_reported_in_one_tap_by_a_reporter(gas, reporter, office):
    report = services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING)
    assert (report.status, report.no_change, report.approved_by) == ("reported", True, None)
    assert messages_of(office) == ["daily_report.no_change"]


def test_no_change_of_a_whole_day_is_one_message_to_the_office(gas, department, reporter, office):
    make_gas(department, "A03", "办理建筑许可")
    services.report_all_no_change(day=DAY, actor=reporter, now=MORNING)
    assert messages_of(office) == ["daily_report.no_change"]


@pytest.mark.parametrize(
    "content",
    [
        {"progress": "走访"},
        {"difficulty": "缺地"},
        {"values": [{"indicator": "A08.1", "value": "x"}]},
        {"evidence": True},
    ],
)
def test_no_change_for_all_leaves_alone_what_holds_something_and_names_it(gas, department, reporter, content):
    if "evidence" in content:
        content = {"evidence": [make_evidence(reporter).pk]}
    other = make_gas(department, "A03", "办理建筑许可")
    draft(gas, reporter, **content)
    result = services.report_all_no_change(day=DAY, actor=reporter, now=MORNING)
    assert [report.indicator for report in result.reported] == [other]
    assert [(one.indicator, one.code) for one in result.left] == [(gas, "holds_something")]
    assert DailyReport.objects.unscoped("test").get(indicator=gas).status == "draft"


def test_no_change_takes_an_empty_draft_and_skips_what_is_reported(gas, department, reporter):
    other = make_gas(department, "A03", "办理建筑许可")
    draft(gas, reporter, progress="")
    services.report_no_change(other, day=DAY, actor=reporter, now=MORNING)
    result = services.report_all_no_change(day=DAY, actor=reporter, now=MORNING)
    assert [report.indicator for report in result.reported] == [gas]
    assert [one.reason for one in result.left] == ["当前为“已报”"]


def test_no_change_for_named_indicators_of_others_is_refused_as_a_whole(gas, reporter, other_department):
    foreign = make_gas(other_department, "A09", "登记财产")
    with pytest.raises(NotAllowed):
        services.report_all_no_change(day=DAY, actor=reporter, now=MORNING, codes=["A08", foreign.code])
    with pytest.raises(InvalidInput) as caught:
        services.report_all_no_change(day=DAY, actor=reporter, now=MORNING, codes=["A08", "A99"])
    assert caught.value.errors[0]["field"] == "indicators[1]"
    assert not DailyReport.objects.unscoped("test").exists()


def test_no_change_on_a_locked_day_is_locked_unless_one_is_unlocked(gas, department, reporter, office):
    other = make_gas(department, "A03", "办理建筑许可")
    later = at(NEXT_DAY, 11)
    with pytest.raises(Locked):
        services.report_all_no_change(day=DAY, actor=reporter, now=later)
    services.unlock_date(other, day=DAY, reason="补报", until=later + timedelta(hours=1), actor=office, now=later)
    result = services.report_all_no_change(day=DAY, actor=reporter, now=later)
    assert [report.indicator for report in result.reported] == [other]
    assert [one.code for one in result.left] == ["locked"]


# --- selections ------------------------------------------------------------------------------------


def test_a_selection_is_done_row_by_row_with_an_audit_line_each_and_failures_named(
    gas, department, reporter, head, office
):
    other = make_gas(department, "A03", "办理建筑许可")
    out = services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING)
    waiting = services.submit_report(draft(other, reporter), actor=reporter, now=MORNING)
    result = services.accept_reports([out, waiting], actor=office, now=MORNING)
    assert [report.pk for report in result.done] == [out.pk]
    assert [(report.pk, sentence) for report, sentence in result.failed] == [(waiting.pk, "当前为“待审定”，不能采纳")]
    assert AuditEvent.objects.filter(action="indicators.dailyreport.accept").count() == 1
    approved = services.approve_reports([waiting], actor=head, now=MORNING)
    assert [report.status for report in approved.done] == ["reported"]
