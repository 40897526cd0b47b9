"""Dated limits and office hours: an edit never rewrites the past (domain §5)."""

from datetime import UTC, date, datetime, time

import pytest

from core.dates import OfficeDay
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.models import AuditEvent, DeadlineRule, OfficeHours
from core.selectors.calendar import best_rule, deadline_rule, deadline_rules, work_calendar
from core.services.calendar import (
    RuleSubject,
    add_deadline_rule,
    change_calendar_day,
    change_deadline_rule,
    end_deadline_rule,
    set_office_hours,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 10:00 of Wednesday 25 November in Shanghai
TODAY = date(2026, 11, 25)


# --- Limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "limit"),
    [
        ({"matter": "hotline", "stage": "sign_for"}, "1 个工作日"),
        ({"matter": "hotline", "stage": "sign_for", "urgency": "urgent"}, "2 工作小时"),
        ({"matter": "hotline", "stage": "handle", "complaint_type": "consult"}, "1 个工作日"),
        ({"matter": "hotline", "stage": "handle", "complaint_type": "help"}, "3 个工作日"),
        ({"matter": "hotline", "stage": "handle", "complaint_type": "report", "urgency": "normal"}, "10 个工作日"),
        ({"matter": "hotline", "stage": "handle", "complaint_type": "report", "urgency": "urgent"}, "1 个工作日"),
        ({"matter": "hotline", "stage": "handle", "complaint_type": "praise"}, "5 个工作日"),
        ({"matter": "business", "stage": "handle", "complaint_type": "complaint", "grade": "A"}, "1 个月"),
        ({"matter": "business", "stage": "handle", "grade": "B", "urgency": "urgent"}, "15 个工作日"),
        ({"matter": "business", "stage": "handle", "grade": "C"}, "5 个工作日"),
        ({"matter": "business", "stage": "enter"}, "1 个工作日"),
        ({"matter": "business", "stage": "review"}, "3 个工作日"),
    ],
)
def test_most_exact_limit_applies(case, limit):
    assert deadline_rule(on=TODAY, **case).limit == limit


def test_no_limit_is_invented_where_no_rule_fits():
    assert deadline_rule(matter="business", stage="handle", on=TODAY) is None
    assert deadline_rule(matter="hotline", stage="handle", on=date(2003, 1, 1)) is None
    assert best_rule([], complaint_type="", urgency="", grade="") is None


def test_changed_limit_begins_on_its_day_and_the_past_keeps_the_old_one(office_lead):
    rule = deadline_rule(matter="hotline", stage="handle", complaint_type="report", on=TODAY)
    begins = date(2026, 12, 1)
    change_deadline_rule(
        rule, amount=8, unit="workday", valid_from=begins, actor=office_lead, now=NOW, purpose="市级要求"
    )
    case = {"matter": "hotline", "stage": "handle", "complaint_type": "report"}
    assert deadline_rule(on=date(2026, 11, 30), **case).amount == 10
    assert deadline_rule(on=begins, **case).amount == 8
    event = AuditEvent.objects.get(action="core.deadline_rule.change")
    assert (event.before["limit"], event.after["limit"], event.purpose) == ("10 个工作日", "8 个工作日", "市级要求")
    assert [row.amount for row in deadline_rules(begins) if row.type == "report"] == [8]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": date(2026, 11, 24)}, "valid_from"),
        ({"amount": 0}, "amount"),
        ({"amount": 366}, "amount"),
        ({"unit": "fortnight"}, "unit"),
        ({"purpose": " "}, "purpose"),
    ],
)
def test_wrong_change_of_a_limit_is_refused_at_its_field(office, change, field):
    rule = deadline_rule(matter="hotline", stage="sign_for", on=TODAY)
    values = {"amount": 2, "unit": "workday", "valid_from": date(2026, 12, 1), "purpose": "依据"} | change
    with pytest.raises(InvalidInput) as refused:
        change_deadline_rule(rule, **values, actor=office, now=NOW)
    assert refused.value.errors[0]["field"] == field


def test_limit_changed_by_somebody_else_meanwhile_is_not_changed_again(office):
    rule = deadline_rule(matter="hotline", stage="sign_for", on=TODAY)
    values = {"amount": 2, "unit": "workday", "actor": office, "now": NOW, "purpose": "依据"}
    change_deadline_rule(DeadlineRule.objects.get(pk=rule.pk), valid_from=date(2026, 12, 1), **values)
    with pytest.raises(RuleViolation, match="刷新"):
        change_deadline_rule(rule, valid_from=date(2026, 12, 2), **values)
    assert DeadlineRule.objects.filter(matter="hotline", stage="sign_for", urgency="").count() == 2


def test_limit_that_has_not_begun_is_corrected_in_place(office):
    rule = deadline_rule(matter="hotline", stage="sign_for", on=TODAY)
    values = {"unit": "workday", "valid_from": date(2026, 12, 1), "actor": office, "now": NOW, "purpose": "依据"}
    announced = change_deadline_rule(rule, amount=20, **values)
    change_deadline_rule(announced, amount=2, **values)
    assert deadline_rule(matter="hotline", stage="sign_for", on=date(2026, 12, 1)).amount == 2
    assert DeadlineRule.objects.filter(matter="hotline", stage="sign_for", urgency="").count() == 2
    with pytest.raises(RuleViolation, match="应更晚"):
        change_deadline_rule(announced, amount=3, **values | {"valid_from": TODAY})


def test_limit_is_added_only_where_there_is_none_and_ends_on_its_day(office):
    subject = RuleSubject("business", "handle", urgency="urgent")
    values = {"amount": 3, "unit": "workday", "valid_from": TODAY, "actor": office, "now": NOW}
    rule = add_deadline_rule(subject, **values)
    with pytest.raises(RuleViolation, match="已有"):
        add_deadline_rule(subject, **values)
    end_deadline_rule(rule, valid_to=date(2026, 12, 31), actor=office, now=NOW, purpose="试行期满")
    case = {"matter": "business", "stage": "handle", "urgency": "urgent"}
    assert deadline_rule(on=date(2026, 12, 31), **case) == rule
    assert deadline_rule(on=date(2027, 1, 1), **case) is None


def test_only_the_office_changes_limits_and_hours(head):
    rule = deadline_rule(matter="hotline", stage="sign_for", on=TODAY)
    limit = {"amount": 2, "unit": "workday", "valid_from": date(2026, 12, 1), "actor": head, "now": NOW}
    for attempt in (
        lambda: change_deadline_rule(rule, **limit, purpose="依据"),
        lambda: add_deadline_rule(RuleSubject("business", "handle"), **limit),
        lambda: end_deadline_rule(rule, valid_to=TODAY, actor=head, now=NOW, purpose="依据"),
        lambda: set_office_hours(OfficeDay(date(2026, 12, 1)), actor=head, now=NOW),
        lambda: change_calendar_day(TODAY, kind="rest", name="", actor=head, now=NOW, purpose="依据"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# --- Office hours -------------------------------------------------------------------------------------


def test_office_hours_change_from_a_day_to_come(office):
    hours = OfficeDay(date(2026, 12, 1), time(9), time(12), time(14), time(17))
    set_office_hours(hours, actor=office, now=NOW)
    assert work_calendar().office_day(date(2026, 11, 30)).morning_start == time(8, 30)
    assert work_calendar().office_day(date(2026, 12, 1)) == hours
    set_office_hours(OfficeDay(date(2026, 12, 1), time(8), time(12), time(14), time(17)), actor=office, now=NOW)
    assert OfficeHours.objects.count() == 2
    assert AuditEvent.objects.filter(action="core.office_hours.set").count() == 2


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (OfficeDay(TODAY), "valid_from"),
        (OfficeDay(date(2026, 12, 1), time(12), time(8)), "morning_start"),
    ],
)
def test_wrong_office_hours_are_refused(office, hours, field):
    with pytest.raises(InvalidInput) as refused:
        set_office_hours(hours, actor=office, now=NOW)
    assert refused.value.errors[0]["field"] == field
