"""Drafts and locks: kept right or wrong, never lost, closed by the clock (domain §4)."""

from datetime import date, timedelta

import pytest

from core.exceptions import InvalidInput, InvalidTransition, Locked, NotAllowed, VersionConflict
from core.models import AuditEvent
from indicators.models import DailyReport
from indicators.services import daily_reports as services
from tests.factories.dispatch import DAY, MORNING, at, draft, make_gas, messages_of, report_at, value
from tests.factories.indicators import assign, make_evidence

NEXT_DAY = date(2026, 11, 26)


# --- drafts ----------------------------------------------------------------------------------------


def test_fields_left_out_stay_and_lists_are_replaced(gas, reporter, time_leaf):
    draft(gas, reporter, progress="走访", values=value("7"))
    report = services.save_draft(gas, day=DAY, actor=reporter, now=MORNING, difficulty="道路开挖")
    assert (report.progress, report.difficulty) == ("走访", "道路开挖")
    assert list(report.values.values_list("text", flat=True)) == ["7"]
    report = services.save_draft(gas, day=DAY, actor=reporter, now=MORNING, values=[])
    assert not report.values.exists()
    assert report.version == 3


def test_a_draft_keeps_a_wrong_number_as_typed(gas, reporter):
    report = draft(gas, reporter, values=value("约 6 天"))
    row = report.values.get()
    assert (row.text, row.value) == ("约 6 天", None)


@pytest.mark.parametrize("code", ["A09.1", "A08", "不存在"])
def test_a_value_of_a_foreign_or_upper_indicator_is_refused_at_its_place(gas, department, reporter, code):
    make_gas(department, "A09", "登记财产")
    with pytest.raises(InvalidInput) as caught:
        draft(gas, reporter, values=[{"indicator": "A08.1", "value": "1"}, {"indicator": code, "value": "6"}])
    assert caught.value.errors[0]["field"] == "values[1].indicator"
    assert not DailyReport.objects.unscoped("test").exists()


def test_evidence_one_may_not_see_is_refused(gas, reporter, stranger):
    foreign = make_evidence(stranger)
    with pytest.raises(InvalidInput) as caught:
        draft(gas, reporter, evidence=[foreign.pk])
    assert caught.value.errors[0]["field"] == "evidence[0]"


@pytest.mark.parametrize("who", ["stranger", "assisting", "office", "leader"])
def test_only_the_lead_department_writes(request, gas, who):
    with pytest.raises(NotAllowed):
        draft(gas, request.getfixturevalue(who))


def test_a_second_writer_is_told_who_was_faster_and_ones_own_tabs_are_no_conflict(gas, reporter, head):
    report = draft(gas, reporter)
    services.save_draft(gas, day=DAY, actor=reporter, now=MORNING, version=0, progress="另一个窗口")
    with pytest.raises(VersionConflict, match=f"{reporter.name}在11月25日 09:00"):
        services.save_draft(gas, day=DAY, actor=head, now=MORNING, version=report.version, progress="负责人")


def test_a_submitted_report_is_not_written_on(gas, reporter, head, office):
    report_at("submitted", gas, reporter=reporter, head=head, office=office)
    with pytest.raises(InvalidTransition, match="待审定"):
        draft(gas, reporter, progress="再改")


def test_a_draft_goes_with_the_indicator_to_a_new_lead(gas, reporter, stranger, other_department):
    draft(gas, reporter)
    gas.assignments.update(valid_to=DAY - timedelta(days=1))
    assign(gas, other_department, valid_from=DAY)
    report = draft(gas, stranger, progress="接手")
    assert report.department == other_department
    with pytest.raises(NotAllowed):
        draft(gas, reporter, progress="还想改")


def test_saving_writes_one_audit_line_and_saving_the_same_again_none(gas, reporter):
    draft(gas, reporter, progress="甲")
    draft(gas, reporter, progress="甲")
    draft(gas, reporter, progress="乙")
    events = AuditEvent.objects.filter(action="indicators.dailyreport.save").order_by("pk")
    assert [event.after["progress"] for event in events] == ["甲", "乙"]


@pytest.mark.parametrize("said", [{"reason": "改造完工"}, {"evidence_later": True}])
def test_what_is_said_of_a_value_is_audited_like_the_value(gas, reporter, said):
    draft(gas, reporter, values=value("7"))
    draft(gas, reporter, values=[value("7")[0] | said])
    assert AuditEvent.objects.filter(action="indicators.dailyreport.save").count() == 2


# --- locks -----------------------------------------------------------------------------------------


def test_a_locked_date_refuses_before_the_state_is_looked_at(gas, reporter, head, office):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office)
    locked_at = at(NEXT_DAY, 10)
    for act in (services.submit_report, services.resubmit_report, services.withdraw_report):
        with pytest.raises(Locked, match="该日已锁定"):
            act(report, actor=reporter, now=locked_at)
    with pytest.raises(Locked):
        draft(gas, reporter, now=locked_at)


def test_what_was_submitted_before_the_lock_may_be_approved_after_it_and_stays_on_time(gas, reporter, head, office):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, now=at(DAY, 17))
    services.approve_report(report, actor=head, now=at(NEXT_DAY, 11))
    assert report.first_submitted_at == at(DAY, 17)
    assert report.first_reported_at == at(NEXT_DAY, 11)


def test_sent_back_after_the_lock_it_is_open_until_the_next_working_day(gas, reporter, head, office):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office)
    services.send_back_report(report, actor=head, reason="补充进展", now=at(NEXT_DAY, 11))
    assert report.status == "draft"
    assert report.open_until == at(date(2026, 11, 27), 17, 30)
    services.submit_report(report, actor=reporter, now=at(date(2026, 11, 27), 17, 29))
    assert report.status == "submitted"


def test_sent_back_before_the_lock_it_keeps_the_ordinary_lock(gas, reporter, head, office):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office)
    services.send_back_report(report, actor=head, reason="补充进展", now=at(DAY, 17))
    assert report.open_until is None
    with pytest.raises(Locked):
        services.submit_report(report, actor=reporter, now=at(NEXT_DAY, 10))


@pytest.mark.parametrize("status, act", [("reported", services.return_report), ("accepted", services.reopen_report)])
def test_returned_or_reopened_it_is_open_until_half_past_five_of_the_next_working_day(
    gas, reporter, head, office, office_lead, status, act
):
    report = report_at(status, gas, reporter=reporter, head=head, office=office)
    friday = date(2026, 11, 27)
    act(report, actor=office_lead, reason="口径不符", now=at(friday, 15))
    assert report.open_until == at(date(2026, 11, 30), 17, 30)
    assert "daily_report.returned" in messages_of(reporter)
    with pytest.raises(Locked):
        services.resubmit_report(report, actor=reporter, now=at(date(2026, 11, 30), 17, 30))
    services.resubmit_report(report, actor=reporter, now=at(date(2026, 11, 30), 17, 29))


def test_the_office_unlocks_a_date_with_or_without_a_report(gas, reporter, office):
    later = at(date(2026, 12, 1), 9)
    services.unlock_date(gas, day=DAY, reason="系统故障", until=later + timedelta(hours=3), actor=office, now=later)
    assert "daily_report.unlocked" in messages_of(reporter)
    report = services.report_no_change(gas, day=DAY, actor=reporter, now=later + timedelta(hours=2))
    assert report.status == "reported"
    with pytest.raises(Locked):
        services.withdraw_report(report, actor=reporter, now=later + timedelta(hours=3))


def test_a_newer_unlock_may_shorten_an_older_one(gas, reporter, office):
    later = at(date(2026, 12, 1), 9)
    for hours in (8, 1):
        services.unlock_date(gas, day=DAY, reason="补报", until=later + timedelta(hours=hours), actor=office, now=later)
    with pytest.raises(Locked):
        draft(gas, reporter, now=later + timedelta(hours=2))


@pytest.mark.parametrize(
    "day, hours, reason, field",
    [
        (date(2026, 11, 22), 2, "补报", "date"),
        (date(2026, 12, 2), 2, "补报", "date"),
        (DAY, -1, "补报", "until"),
        (DAY, 2, " ", "reason"),
    ],
)
def test_an_unlock_needs_a_working_day_an_end_to_come_and_a_reason(gas, office, day, hours, reason, field):
    now = at(date(2026, 12, 1), 9)
    with pytest.raises(InvalidInput) as caught:
        services.unlock_date(gas, day=day, reason=reason, until=now + timedelta(hours=hours), actor=office, now=now)
    assert caught.value.errors[0]["field"] == field


def test_departments_do_not_unlock(gas, head):
    with pytest.raises(NotAllowed):
        services.unlock_date(gas, day=DAY, reason="补报", until=at(NEXT_DAY, 9), actor=head, now=MORNING)
