"""Drafts, submission, review and what follows from them (domain §3, §4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from core.exceptions import (
    InvalidInput,
    InvalidTransition,
    Locked,
    NotAllowed,
    RuleViolation,
    VersionConflict,
)
from core.models import AuditEvent
from core.settings_registry import change_setting
from indicators.models import CoordinationItem, DailyReport, EvidenceLink, Indicator, Observation
from indicators.selectors.expectation import dispatch_times, judge_closure
from indicators.selectors.own_day import evidence_owed, open_days, own_day, stale_values
from indicators.services import daily_reports as services
from tests.factories.dispatch import DAY, MORNING, at, draft, make_gas, report_at
from tests.factories.indicators import assign, make_evidence, observe

NEXT_DAY = date(2026, 11, 26)


@pytest.fixture
def time_leaf(gas):
    leaf = Indicator.objects.get(code="A08.1")
    observe(leaf, 6, as_of=date(2026, 11, 20))
    return leaf


def values(text="6.5", **parts):
    return [{"indicator": "A08.1", "value": text, **parts}]


def standings(leaf):
    rows = Observation.objects.unscoped("test").filter(indicator=leaf, report__isnull=False).order_by("pk")
    return [(row.value, row.standing, row.withdrawn_at is None) for row in rows]


def messages_of(user):
    return list(Message.objects.visible_to(user).values_list("kind", flat=True))


# --- drafts ----------------------------------------------------------------------------------------


def test_fields_left_out_stay_and_lists_are_replaced(gas, reporter, time_leaf):
    draft(gas, reporter, progress="走访", values=values("7"))
    report = services.save_draft(gas, day=DAY, actor=reporter, now=MORNING, difficulty="道路开挖")
    assert (report.progress, report.difficulty) == ("走访", "道路开挖")
    assert list(report.values.values_list("text", flat=True)) == ["7"]
    report = services.save_draft(gas, day=DAY, actor=reporter, now=MORNING, values=[])
    assert not report.values.exists()
    assert report.version == 3


def test_a_draft_keeps_a_wrong_number_as_typed(gas, reporter):
    report = draft(gas, reporter, values=values("约 6 天"))
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
    report = draft(gas, reporter, values=values("４００"))
    with pytest.raises(InvalidInput) as caught:
        services.submit_report(report, actor=reporter, now=MORNING)
    assert [error["field"] for error in caught.value.errors] == ["values[0].value", "evidence"]
    assert DailyReport.objects.unscoped("test").get().status == "draft"


def test_withdrawn_it_counts_as_not_reported_and_its_values_are_only_on_the_draft(
    gas, reporter, head, office, time_leaf
):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    services.withdraw_report(report, actor=reporter, now=at(DAY, 12))
    assert (report.status, report.first_reported_at, report.submitted_at) == ("draft", None, None)
    assert standings(time_leaf) == [(Decimal("6.5"), "rejected", False)]
    assert report.values.get().text == "6.5"


# --- values ----------------------------------------------------------------------------------------


def test_values_become_pending_at_reported_and_accepted_with_the_report(gas, reporter, head, office, time_leaf):
    report = report_at(
        "submitted", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True)
    )
    assert standings(time_leaf) == []
    services.approve_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "pending", True)]
    services.accept_report(report, actor=office, now=MORNING)
    row = Observation.objects.unscoped("test").get(report=report)
    assert (row.standing, row.accepted_by, row.as_of) == ("accepted", office, DAY)


def test_a_return_keeps_values_pending_and_the_resubmission_supersedes_them(gas, reporter, head, office, time_leaf):
    report = report_at("returned", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    assert standings(time_leaf) == [(Decimal("6.5"), "pending", True)]
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, values=values("7", evidence_later=True))
    report.refresh_from_db()
    services.resubmit_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "rejected", False), (Decimal(7), "pending", True)]
    assert Observation.objects.unscoped("test").get(value=7).supersedes.value == Decimal("6.5")


def test_a_reopened_reports_values_stay_in_force_until_the_correction_is_accepted(
    gas, reporter, head, office, office_lead, time_leaf
):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    services.reopen_report(report, actor=office_lead, reason="数据有误", now=MORNING)
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, values=values("7", evidence_later=True))
    report.refresh_from_db()
    services.resubmit_report(report, actor=head, now=MORNING)
    assert standings(time_leaf) == [(Decimal("6.5"), "accepted", True), (Decimal(7), "pending", True)]
    services.accept_report(report, actor=office, now=at(DAY, 12))
    assert standings(time_leaf) == [(Decimal("6.5"), "accepted", False), (Decimal(7), "accepted", True)]


def test_evidence_speaks_for_the_indicator_once_the_report_is_out(gas, reporter, head, office, time_leaf):
    evidence = make_evidence(reporter)
    report_at("reported", gas, reporter=reporter, head=head, office=office, values=values(), evidence=[evidence.pk])
    assert EvidenceLink.objects.unscoped("test").get(evidence=evidence).indicator == gas


def test_an_assisting_department_adds_evidence_but_a_stranger_sees_nothing(
    gas, reporter, head, office, assisting, time_leaf
):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    services.attach_evidence(report, evidence=[make_evidence(assisting).pk], actor=assisting, now=at(NEXT_DAY, 15))
    assert report.evidence.count() == 1


# --- 今日无变化 ------------------------------------------------------------------------------------


def test_no_change_is_reported_in_one_tap_by_a_reporter(gas, reporter, office):
    report = services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING)
    assert (report.status, report.no_change) == ("reported", True)
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


# --- what waits for a department -------------------------------------------------------------------


def test_own_day_shows_what_was_expected_and_what_one_may_do(gas, department, reporter):
    times = dispatch_times()
    card = own_day(reporter, DAY, now=MORNING, times=times)[0]
    assert card.may_report_no_change
    assert card.leaf_count == 2
    services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING)
    card = own_day(reporter, DAY, now=MORNING, times=times)[0]
    assert card.is_done
    assert card.actions == ("withdraw",)
    card = own_day(reporter, DAY, now=at(NEXT_DAY, 10), times=times)[0]
    assert card.actions == ()


def test_earlier_days_still_open_are_offered_as_make_up(gas, reporter, office):
    times = dispatch_times()
    assert [row.date for row in open_days(reporter, now=at(NEXT_DAY, 9), times=times)] == [DAY]
    assert open_days(reporter, now=at(NEXT_DAY, 10), times=times) == []
    long_ago = date(2026, 11, 3)
    services.unlock_date(gas, day=long_ago, reason="补报", until=at(NEXT_DAY, 15), actor=office, now=at(NEXT_DAY, 9))
    rows = open_days(reporter, now=at(NEXT_DAY, 11), times=times)
    assert [(row.date, row.until) for row in rows] == [(long_ago, at(NEXT_DAY, 15))]
    services.report_no_change(gas, day=long_ago, actor=reporter, now=at(NEXT_DAY, 11))
    assert open_days(reporter, now=at(NEXT_DAY, 11), times=times) == []


def test_a_value_of_thirty_one_days_is_to_be_checked_and_one_tap_confirms_it(gas, reporter, stranger, time_leaf):
    now = at(date(2026, 12, 21), 9)
    assert [row.code for row in stale_values(reporter, now=now)] == ["A08.1"]
    assert stale_values(reporter, now=now - timedelta(days=1)) == []
    with pytest.raises(NotAllowed):
        services.confirm_value(time_leaf, actor=stranger, now=now)
    confirmed = services.confirm_value(time_leaf, actor=reporter, now=now)
    assert (confirmed.value, confirmed.as_of, confirmed.standing) == (6, date(2026, 12, 21), "accepted")
    assert stale_values(reporter, now=now) == []


def test_nothing_is_confirmed_while_a_new_value_is_under_review(gas, reporter, head, office, time_leaf):
    report_at("reported", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    with pytest.raises(RuleViolation):
        services.confirm_value(time_leaf, actor=reporter, now=MORNING)


def test_promised_evidence_is_listed_until_it_comes(gas, reporter, head, office, time_leaf):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=values(evidence_later=True))
    times = dispatch_times()
    owed = evidence_owed(office, now=at(date(2026, 11, 30), 9), times=times)
    assert [(row.report_id, row.due_on, row.is_overdue) for row in owed] == [(report.pk, date(2026, 11, 27), True)]
    services.attach_evidence(report, evidence=[make_evidence(reporter).pk], actor=reporter, now=at(DAY, 12))
    assert evidence_owed(office, now=MORNING, times=times) == []


def test_settings_move_cut_off_and_lock(gas, reporter, sysadmin):
    change_setting("daily.lock_at", "09:00", actor=sysadmin, now=MORNING)
    report = judge_closure(draft(gas, reporter), now=at(NEXT_DAY, 9))
    assert report.closure.is_closed


# --- coordination ----------------------------------------------------------------------------------


def test_an_ask_becomes_an_item_of_the_office_and_follows_its_report(gas, reporter, head, office):
    report = report_at(
        "reported",
        gas,
        reporter=reporter,
        head=head,
        office=office,
        difficulty="道路开挖手续未并联",
        coordination="county_leader",
    )
    item = CoordinationItem.objects.unscoped("test").get(report=report)
    assert (item.status, item.text, item.coordination) == ("open", "道路开挖手续未并联", "county_leader")
    assert "coordination.open" in messages_of(office)
    services.withdraw_report(report, actor=reporter, now=MORNING)
    item.refresh_from_db()
    assert item.status == "closed"
    services.save_draft(gas, day=DAY, actor=head, now=MORNING, difficulty="道路开挖")
    report.refresh_from_db()
    services.submit_report(report, actor=head, now=MORNING)
    item.refresh_from_db()
    assert (item.status, item.text) == ("open", "道路开挖")


def test_an_ask_without_a_difficulty_is_refused(gas, reporter):
    report = draft(gas, reporter, progress="走访", coordination="office")
    with pytest.raises(InvalidInput) as caught:
        services.submit_report(report, actor=reporter, now=MORNING)
    assert caught.value.errors[0]["field"] == "difficulty"
