"""The demonstration as it stands at 18:00 of a working day: loaded once, looked at by every test (issue, item 10)."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Message, User
from core.dates import SHANGHAI
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from core.services.audit import audit_findings, seal_audit
from departments.models import LeadingGroupMember
from departments.services import load_departments
from indicators.demo.content import leaf_stories, stories
from indicators.demo.loading import load_demo
from indicators.demo.plan import SILENT, plan_history, plan_today, plan_yesterday, value_steps
from indicators.models import (
    CoordinationItem,
    DailyReport,
    Evidence,
    Indicator,
    Measure,
    Observation,
    PracticeCase,
    Standard,
)
from indicators.rules.report_dates import is_late
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.scores import catalogue_scores
from indicators.services.catalogue_file import load_catalogue, read_catalogue

#: Without it the module run alone had no test database, and behind a browser's loop it met one nobody closed.
pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 25, 18, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 25)
COUNTY_REPORT = date(2021, 9, 16)


@pytest.fixture(scope="module")
def installed(django_db_setup, django_db_blocker):
    """Install the catalogue for this module; everything is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_departments(now=EVENING)
        load_catalogue(read_catalogue(), year=2026, now=EVENING)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo(installed):
    """Load the demonstration once."""
    return load_demo(now=EVENING)


def reports(**filters):
    return DailyReport.objects.unscoped("what the demonstration holds").filter(**filters)


def observations(**filters):
    return Observation.objects.unscoped("what the demonstration holds").filter(**filters)


# --- Catalogue -----------------------------------------------------------------------------------
def test_county_figures_stay_as_reported(demo):
    given = {row["code"]: Decimal(row["reported"]) for row in read_catalogue() if row["reported"]}
    for code, value in given.items():
        rows = observations(indicator__code=code)
        assert [row.value for row in rows] == [value], code
    assert observations(as_of=COUNTY_REPORT).count() + observations(as_of=date(2020, 12, 31)).count() == len(given)


def test_invented_standards_say_so(demo):
    invented = Standard.objects.filter(origin=Standard.Origin.DEMONSTRATION)
    assert invented.count() == demo.standards == sum(len(leaf.standards) for leaf in leaf_stories().values())
    assert set(invented.values_list("source", flat=True)) == {"演示假设"}
    assert not Standard.objects.exclude(origin=Standard.Origin.DEMONSTRATION).filter(kind="worst").exists()
    assert not invented.filter(kind__in=["baseline", "statutory"]).exists()


def test_invented_frontier_never_covers_a_real_one(demo):
    real = set(Standard.objects.filter(kind="frontier", origin="catalogue").values_list("indicator", flat=True))
    invented = set(Standard.objects.filter(kind="frontier", origin="demonstration").values_list("indicator", flat=True))
    assert real.isdisjoint(invented)


def test_most_leaves_can_be_scored_and_some_cannot(demo):
    sheet = catalogue_scores(on=TODAY, cut_off=EVENING)
    complete = [
        leaf
        for leaf in sheet.leaves()
        if leaf.direction in {"lower", "higher"} and {"worst", "frontier"} <= set(leaf.standards) and leaf.reading.value
    ]
    assert len(complete) >= 10
    assert sheet.total.sufficient
    lights = Counter(row.light for row in sheet.first_level())
    assert set(lights) == {"ok", "near", "behind", "serious", "no_data"}


# --- Reports -------------------------------------------------------------------------------------
def test_every_indicator_reports_for_sixty_working_days(demo):
    calendar = work_calendar()
    days = list(reports().dates("date", "day"))
    assert len(days) >= 60
    assert days[-1] == TODAY
    assert all(calendar.is_workday(day) for day in days)
    by_indicator = Counter(reports().values_list("indicator__code", flat=True))
    assert len(by_indicator) == Indicator.objects.filter(level=1).count() == 28
    assert min(by_indicator.values()) >= 45


def test_reports_are_of_every_kind(demo):
    times = dispatch_times()
    facts = list(reports().values_list("date", "first_submitted_at", "no_change"))
    late = [day for day, submitted_at, _ in facts if is_late(submitted_at, day, times)]
    assert 20 <= len(late) <= 120
    assert 20 <= demo_days() * 28 - len(facts) <= 150, "missing"
    assert 0.5 <= sum(no_change for *_, no_change in facts) / len(facts) <= 0.85
    assert AuditEvent.objects.filter(action="indicators.dailyreport.return").count() >= 10
    assert set(reports().values_list("status", flat=True)) == set(DailyReport.Status.values)


def demo_days() -> int:
    return reports().dates("date", "day").count()


def test_latest_day_has_silent_indicators_of_several_departments(demo):
    present = set(reports(date=TODAY).values_list("indicator__code", flat=True))
    silent = Indicator.objects.filter(level=1, assignments__role="lead").exclude(code__in=present)
    assert set(silent.values_list("code", flat=True)) == SILENT
    assert silent.values("assignments__department").filter(assignments__role="lead").distinct().count() >= 4
    sheet = catalogue_scores(on=TODAY, cut_off=EVENING)
    gas = sheet.rows["A08.2"]
    assert gas.reading.value == 6
    assert {"worst", "frontier"} <= set(gas.standards)
    assert gas.gap_text == "还差 2 天"


def test_values_move_step_by_step_to_where_the_story_ends(demo):
    for leaf in leaf_stories().values():
        if leaf.start is None:
            continue
        rows = observations(indicator__code=leaf.code, standing="accepted").order_by("as_of", "accepted_at")
        values = [row.value for row in rows]
        assert values[0] == leaf.start
        assert values[-1] == leaf.current
        assert values in (sorted(values), sorted(values, reverse=True)), leaf.code


def test_todays_changed_values_wait_for_the_office(demo):
    pending = observations(standing="pending", report__date=TODAY)
    assert {row.indicator.code for row in pending} == {"A12.1", "A14.4", "A18.1.3", "A27.1"}
    assert {row.report.evidence.exists() or row.report.values.get().evidence_later for row in pending} == {True}


def test_moments_of_each_report_are_in_order_and_past(demo):
    courses = (
        ("first_submitted_at", "first_reported_at", "reported_at"),
        ("submitted_at", "reported_at", "accepted_at"),
    )
    for course in courses:
        for row in reports().values_list(*course):
            known = [moment for moment in row if moment]
            assert known == sorted(known)
            assert not known or known[-1] <= EVENING


def test_everybody_acts_on_their_own(demo):
    for report in reports(status="accepted").select_related("submitted_by", "department", "accepted_by")[:200]:
        assert report.submitted_by.department_id == report.department_id
        assert report.accepted_by.username == "office"


# --- Around the reports --------------------------------------------------------------------------
def test_evidence_is_there_to_the_byte_and_says_it_is_invented(demo):
    rows = Evidence.objects.unscoped("what the demonstration holds").select_related("attachment")
    assert rows.count() == sum(len(story.evidence) for story in stories().values())
    for evidence in rows[:5]:
        with evidence.attachment.file.open() as file:
            assert len(file.read()) == evidence.attachment.size
    assert set(rows.values_list("status", flat=True)) == {"passed", "pending", "returned"}
    assert not rows.filter(links=None).exists()


def test_work_plan_cases_and_coordination_are_there(demo):
    assert Measure.objects.filter(indicator__level=1).values("indicator").distinct().count() == 28
    assert set(Measure.objects.values_list("progress_state", flat=True)) == {"open", "done"}
    assert PracticeCase.objects.unscoped("what the demonstration holds").filter(status="published").count() == 3
    items = CoordinationItem.objects.unscoped("what the demonstration holds")
    assert set(items.values_list("status", flat=True)) == {"open", "replied", "closed"}
    assert set(items.values_list("origin", flat=True)) == {"report", "instruction"}


def test_inboxes_hold_what_is_new_only(demo):
    unread = Message.objects.unscoped("what the demonstration holds").filter(read_at=None)
    assert 0 < unread.count() < 120
    assert Message.objects.unscoped("what the demonstration holds").exclude(read_at=None).exists()


def test_audit_log_is_sealed_and_holds(demo):
    assert seal_audit() == 0
    assert list(audit_findings(EVENING)) == []
    assert AuditEvent.objects.filter(action="indicators.dailyreport.accept").count() >= 1_400


def test_no_account_names_a_real_person(demo):
    words = ("填报员", "负责人", "经办员", "审核员", "副县长", "县领导", "督查员", "管理员")
    people = User.objects.filter(is_demo=True)
    assert people.count() == demo.accounts
    assert all(any(word in person.name for word in words) for person in people)


def test_second_load_changes_nothing(demo):
    def state():
        return [
            model._base_manager.count()
            for model in (DailyReport, Observation, Standard, Evidence, Measure, AuditEvent, User, Message)
        ]

    before = state()
    again = load_demo(now=EVENING.replace(day=26))
    assert (again.accounts, again.standards, again.reports) == (0, 0, 0)
    assert state() == before


# --- The plan ------------------------------------------------------------------------------------
def test_plan_is_the_same_in_every_house():
    days = work_calendar_of_the_test()
    plans = [plan_history(days, stories=stories(), leaves=leaf_stories()) for _ in range(2)]
    assert plans[0] == plans[1]


def work_calendar_of_the_test() -> list[date]:
    return [date.fromordinal(TODAY.toordinal() - distance) for distance in range(60, -1, -1)]


def test_story_begins_before_the_office_opens_with_nothing_today(installed):
    before, day = work_calendar_of_the_test()[-2:]
    assert min(one.saved_at for one in plan_today(day, stories=stories())).hour >= 8
    assert len(plan_yesterday(before, day, stories=stories())) == 26
    assert len(plan_today(day, stories=stories())) == 28 - len(SILENT)


def test_value_steps_end_at_the_current_value():
    for leaf in leaf_stories().values():
        steps = value_steps(leaf, range(5))
        assert not steps or list(steps.values())[-1] == leaf.current


def test_every_leaf_of_the_story_fits_the_catalogue():
    rows = {row["code"]: row for row in read_catalogue()}
    parents = {row["parent"] for row in rows.values()}
    for leaf in leaf_stories().values():
        row = rows[leaf.code]
        assert leaf.code not in parents
        assert bool(row["reported"]) == (leaf.start is None), "the county's figure stays, other leaves begin somewhere"
        assert not (row["frontier"] and "frontier" in leaf.standards)
        worst, frontier = leaf.standards.get("worst"), leaf.standards.get("frontier")
        if worst is not None and frontier is not None:
            assert (worst > frontier) == (row["direction"] == "lower"), leaf.code


def test_leading_group_has_one_head_and_names_nobody_real(demo):
    members = LeadingGroupMember.objects.unscoped("test").order_by("official_order")
    assert Counter(members.values_list("position", flat=True)) == {"head": 1, "deputy": 6, "member": 14}
    assert all(name.endswith("（演示）") for name in members.values_list("name", flat=True))
    assert members.exclude(position="member").filter(fields_in_charge="").count() == 0
    assert members.filter(position="member", department=None).count() == 0
