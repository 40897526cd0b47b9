"""Handing indicators over."""

from datetime import date, timedelta

import pytest

from accounts.models import Message
from accounts.roles import Role
from core.exceptions import InvalidInput, NotAllowed, RuleViolation, VersionConflict
from core.models import AuditEvent
from indicators.models import Assignment, DailyReport, Indicator
from indicators.services import assignments
from indicators.services.sets import activate_set, copy_set
from tests.factories.accounts import make_user
from tests.factories.indicators import assign


def in_force(indicator):
    rows = Assignment.objects.filter(indicator=indicator, valid_to=None)
    return {(row.department.code, row.role) for row in rows}


def test_new_lead_ends_the_former_one_and_is_told(gas, office, other_department, stranger, now, today):
    assignments.assign_department(gas, department=other_department, role="lead", actor=office, now=now)
    assert in_force(gas) == {("czj", "lead")}
    former = Assignment.objects.get(department__code="zjj")
    assert former.valid_to == today
    assert Message.objects.visible_to(stranger).get().title == "A08 获得用气 由本单位牵头"
    event = AuditEvent.objects.get(action="indicators.indicator.assign")
    assert (event.before, event.after["department"]) == ({"ended": ["牵头 县住建局"]}, "县财政局")


def test_assisting_department_that_takes_the_lead_no_longer_assists(gas, office, other_department, now):
    assign(gas, other_department, role="assist")
    assignments.assign_department(gas, department=other_department, role="lead", actor=office, now=now)
    assert in_force(gas) == {("czj", "lead")}


def test_former_lead_no_longer_sees_the_rows_also_of_earlier_sets(gas, office, other_department, reporter, now, today):
    report = DailyReport.objects.create(
        indicator=gas, department=reporter.department, date=today, status="draft", saved_at=now
    )
    assert report in DailyReport.objects.visible_to(reporter)
    year = copy_set(gas.indicator_set, year=2027, name="新", activates_on=today, actor=office, now=now)
    activate_set(year, actor=office, now=now)
    current = Indicator.objects.get(indicator_set=year, code="A08")
    assignments.assign_department(current, department=other_department, role="lead", actor=office, now=now)
    assert report not in DailyReport.objects.visible_to(reporter)


def test_nothing_changes_is_refused(gas, office, department, now):
    with pytest.raises(RuleViolation, match="已是牵头"):
        assignments.assign_department(gas, department=department, role="lead", actor=office, now=now)


def test_duties_hang_on_the_first_level(days, office, other_department, now):
    with pytest.raises(RuleViolation, match="一级指标"):
        assignments.assign_department(days, department=other_department, role="lead", actor=office, now=now)


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2019, 12, 31)])
def test_day_must_lie_between_the_running_duty_and_today(gas, office, other_department, now, day):
    with pytest.raises(InvalidInput) as refusal:
        assignments.assign_department(
            gas, department=other_department, role="lead", actor=office, now=now, valid_from=day
        )
    assert refusal.value.errors[0]["field"] == "valid_from"
    assert in_force(gas) == {("zjj", "lead")}


def test_reporter_must_be_of_the_department(gas, office, other_department, reporter, now):
    with pytest.raises(InvalidInput, match="不是县财政局的人员"):
        assignments.assign_department(
            gas, department=other_department, role="assist", actor=office, now=now, reporter=reporter
        )


def test_only_assisting_duties_end_without_a_successor(gas, office, other_department, now, today):
    row = assign(gas, other_department, role="assist")
    assert assignments.end_assignment(row, actor=office, now=now).valid_to == today
    with pytest.raises(RuleViolation, match="已经结束"):
        assignments.end_assignment(row, actor=office, now=now)
    with pytest.raises(RuleViolation, match="移交"):
        assignments.end_assignment(gas.assignments.get(role="lead"), actor=office, now=now)


def test_other_people_begin_a_new_row_and_the_names_before_stay(gas, office, reporter, department, now, today):
    before = gas.assignments.get()
    Assignment.objects.filter(pk=before.pk).update(direct_person="填报股负责人", assumed=True)
    before.refresh_from_db()
    row = assignments.change_people(before, actor=office, now=now, reporter=reporter)
    assert (row.reporter, row.direct_person, row.valid_from, row.assumed) == (reporter, "填报股负责人", today, False)
    before.refresh_from_db()
    assert (before.valid_to, before.reporter) == (today, None)
    backup = make_user("zjj_backup", Role.REPORTER, department=department)
    again = assignments.change_people(row, actor=office, now=now + timedelta(hours=1), backup_reporter=backup)
    assert again.pk == row.pk
    assert in_force(gas) == {("zjj", "lead")}


@pytest.mark.parametrize("person", ["reporter", "head", "signer", "inspector", "secadmin"])
def test_duties_are_for_the_office_only(gas, other_department, now, request, person):
    actor = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        assignments.assign_department(gas, department=other_department, role="lead", actor=actor, now=now)
    with pytest.raises(NotAllowed):
        assignments.change_people(gas.assignments.get(), actor=actor, now=now, direct_person="某人")


def test_duty_ended_meanwhile_is_a_conflict(gas, office, other_department, now):
    row = assign(gas, other_department, role="assist")
    stale = Assignment.objects.get(pk=row.pk)
    assignments.end_assignment(row, actor=office, now=now)
    with pytest.raises(VersionConflict):
        assignments.end_assignment(stale, actor=office, now=now)
