"""Reminder, cut-off, lock: once each, caught up after a night, nothing on rest days (domain §4)."""

from datetime import date, timedelta

import pytest

from accounts.models import Message
from config.schedule import TABLE
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.models import RunLedger
from core.settings_registry import change_setting
from indicators import tasks
from indicators.models import DispatchClass, DispatchClassProposal
from indicators.selectors.expectation import dispatch_times
from indicators.services import daily_reports as services
from indicators.services import dispatch_classes
from indicators.services.daily_clock import cut_off_due, lock_due, remind_due
from indicators.services.reminders import remind_departments
from tests.factories.dispatch import DAY, MORNING, at, make_gas
from tests.factories.indicators import observe

THURSDAY, FRIDAY, MONDAY = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)
SATURDAY = date(2026, 11, 28)
MONDAY_MORNING = at(MONDAY, 8)


@pytest.fixture
def quiet(db):
    """An installation whose ledger is up to date on the morning of DAY."""
    for act in (remind_due, cut_off_due, lock_due):
        act(now=at(DAY, 9))
    lock_due(now=at(DAY, 10))
    Message.objects.unscoped("test").delete()


def told(user):
    return list(Message.objects.visible_to(user).order_by("pk").values_list("kind", flat=True))


def test_the_reminder_goes_at_half_past_four_to_whoever_has_not_reported(
    gas, other_department, reporter, stranger, quiet
):
    make_gas(other_department, "A09", "登记财产")
    services.report_all_no_change(day=DAY, actor=stranger, now=MORNING)
    Message.objects.unscoped("test").delete()
    assert remind_due(now=at(DAY, 16, 29)) == []
    assert remind_due(now=at(DAY, 16, 30)) == [DAY]
    assert told(reporter) == ["daily_report.remind"]
    assert told(stranger) == []


@pytest.mark.parametrize(
    "act, moment, who", [(remind_due, at(DAY, 16, 30), "reporter"), (cut_off_due, at(DAY, 17, 30), "office")]
)
def test_run_twice_nobody_is_told_twice(request, gas, quiet, act, moment, who):
    user = request.getfixturevalue(who)
    assert act(now=moment) == [DAY]
    assert act(now=moment + timedelta(minutes=10)) == []
    assert act(now=moment + timedelta(hours=3)) == []
    assert len(told(user)) == 1


def test_the_cut_off_tells_the_office_how_the_day_stands(gas, office, quiet):
    cut_off_due(now=at(DAY, 17, 30))
    message = Message.objects.visible_to(office).get()
    assert message.title == "11月25日日报已截止：应报 1，已报 0，未报 1"
    assert RunLedger.objects.get(kind="daily_cut_off", key="2026-11-25").detail == {"expected": 1, "actual": 0}


def test_the_lock_tells_departments_what_is_missing(gas, reporter, quiet):
    assert lock_due(now=at(THURSDAY, 9, 59)) == []
    assert lock_due(now=at(THURSDAY, 10)) == [DAY]
    assert told(reporter) == ["daily_report.locked"]


def test_a_missed_night_is_caught_up_once_and_without_stale_reminders(gas, reporter, office, quiet):
    morning_after = at(FRIDAY, 11)
    assert remind_due(now=morning_after) == [DAY, THURSDAY]
    assert cut_off_due(now=morning_after) == [DAY, THURSDAY]
    assert lock_due(now=morning_after) == [DAY, THURSDAY]
    assert told(reporter) == ["daily_report.locked", "daily_report.locked"]
    assert told(office) == []
    for act in (remind_due, cut_off_due, lock_due):
        assert act(now=morning_after) == []


def test_the_backlog_is_bounded(gas, db):
    assert len(lock_due(now=at(FRIDAY, 11))) <= 6


def test_nothing_is_due_for_rest_days_and_friday_locks_on_monday(gas, quiet):
    for act in (remind_due, cut_off_due, lock_due):
        act(now=at(FRIDAY, 18))
        assert act(now=at(SATURDAY, 18)) == []
        assert act(now=at(SATURDAY + timedelta(days=1), 18)) == []
    assert lock_due(now=at(MONDAY, 10)) == [FRIDAY]


def test_times_are_settings(gas, sysadmin, quiet):
    change_setting("daily.cut_off", "16:00", actor=sysadmin, now=MORNING)
    assert cut_off_due(now=at(DAY, 16)) == [DAY]


def test_every_scheduled_task_of_the_app_exists_and_runs(db):
    names = {task.rpartition(".")[2] for task, _ in TABLE if task.startswith("indicators.")}
    assert {"remind_unreported", "cut_off", "lock", "propose_dispatch_classes"} <= names
    for name in names:
        getattr(tasks, name).delay()


# --- 催报 by hand ----------------------------------------------------------------------------------


def test_one_digest_a_department_and_hour(gas, reporter, office):
    assert [str(row) for row in remind_departments(DAY, actor=office, now=at(DAY, 11)).reminded] == ["县住建局"]
    again = remind_departments(DAY, actor=office, now=at(DAY, 11, 59))
    assert (again.reminded, again.skipped[0][1]) == ([], "一小时内已催报过")
    assert remind_departments(DAY, actor=office, now=at(DAY, 12)).reminded
    assert told(reporter) == ["daily_report.remind"] * 2


def test_the_text_for_the_group_has_units_and_counts_only(gas, department, reporter, office):
    make_gas(department, "A03", "办理建筑许可")
    text = remind_departments(DAY, actor=office, now=at(DAY, 11)).text
    assert text == "【日调度】11月25日应报 2 项，已报 0 项，未报：县住建局 2 项。请于11月25日 17:30 前填报。"


def test_a_named_department_with_nothing_missing_is_skipped_and_named(gas, other_department, office):
    result = remind_departments(DAY, actor=office, now=at(DAY, 11), codes=["czj"])
    assert [(row.code, reason) for row, reason in result.skipped] == [("czj", "没有未报的指标")]


def test_departments_do_not_remind(gas, head):
    with pytest.raises(NotAllowed):
        remind_departments(DAY, actor=head, now=MORNING)


# --- dispatch classes ------------------------------------------------------------------------------


def propose(now=MONDAY_MORNING):
    return [(row.indicator.code, row.proposed) for row in dispatch_classes.propose_due(now=now)]


def report_every_day(indicator, reporter, first, last):
    for day in dispatch_times().calendar.workdays(first, last):
        services.report_no_change(indicator, day=day, actor=reporter, now=at(day, 9))


def test_a_quiet_indicator_with_every_report_is_proposed_for_fewer(gas, reporter, office_lead):
    observe(gas.descendants.get(code="A08.1"), 6)
    report_every_day(gas, reporter, date(2026, 10, 26), MONDAY)
    assert propose() == [("A08", "weekly")]
    assert "dispatch_class.proposed" in told(office_lead)


def test_a_missed_report_keeps_it_daily_and_a_week_is_proposed_once(gas, reporter):
    observe(gas.descendants.get(code="A08.1"), 6)
    assert propose() == []
    report_every_day(gas, reporter, date(2026, 10, 26), MONDAY)
    assert propose(at(date(2026, 12, 1), 8)) == []  # the same week is in the ledger
    assert propose(at(date(2026, 12, 5), 8)) == []  # a Saturday


def test_r2_confirms_with_a_reason_and_it_holds_from_the_next_working_day(gas, reporter, office, office_lead):
    observe(gas.descendants.get(code="A08.1"), 6)
    report_every_day(gas, reporter, date(2026, 10, 26), MONDAY)
    propose()
    proposal = DispatchClassProposal.objects.get()
    decide = dispatch_classes.decide_proposal
    with pytest.raises(NotAllowed):
        decide(proposal, is_confirmed=True, reason="同意", actor=office, now=at(MONDAY, 9))
    with pytest.raises(InvalidInput):
        decide(proposal, is_confirmed=True, reason=" ", actor=office_lead, now=at(MONDAY, 9))
    decide(proposal, is_confirmed=True, reason="连续无变化", actor=office_lead, now=at(MONDAY, 9))
    rows = list(DispatchClass.objects.values_list("frequency", "effective_from"))
    assert rows == [("daily", dispatch_classes.ALWAYS), ("weekly", date(2026, 12, 1))]
    with pytest.raises(RuleViolation):
        decide(proposal, is_confirmed=False, reason="再议", actor=office_lead, now=at(MONDAY, 9))
