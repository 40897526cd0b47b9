"""What waits for whom: the workbench, the numbers in the navigation, panels and what a closing unit must settle."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.exceptions import RuleViolation
from core.panels import counts_for
from departments.services.units import close_department
from supervision.panels import department_panel, indicator_panel, open_column, open_matters
from supervision.selectors.orders import order_to_dos
from supervision.selectors.waiting import issue_to_dos, look_back_to_dos
from supervision.services import clearance, handling, verification, writing
from tests.factories.accounts import make_user
from tests.factories.due_issues import FOUND, again, due_issue, give_after, pass_twice
from tests.factories.indicators import make_indicator, make_set

pytestmark = pytest.mark.django_db
#: Tuesday 1 December 2026: what was due on 30 November is overdue.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
MONTHS_LATER = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """Everybody who may have something to do."""

    inspector: Any
    inspector2: Any
    office: Any
    office_lead: Any
    reporter: Any
    head: Any
    signer: Any
    stranger: Any


@pytest.fixture
def cast(inspector, office, office_lead, reporter, head, signer, stranger) -> People:
    second = make_user("inspector_b", "inspector")
    return People(inspector, second, office, office_lead, reporter, head, signer, stranger)


def to_dos_for(person, now: datetime) -> list:
    """Return what this app puts on the person's workbench."""
    return [row for source in (issue_to_dos, look_back_to_dos, order_to_dos) for row in source(person, now)]


def issue_at(status: str, cast: People, **facts):
    return due_issue(status, inspector=cast.inspector, office_lead=cast.office_lead, head=cast.head, **facts)


def plan_handed_in(cast):
    issue = issue_at("planning", cast)
    handling.submit_plan(again(issue, cast.reporter), measures="逐项核对", actor=cast.reporter, now=FOUND)


def clearance_handed_in(cast):
    issue = issue_at("rectifying", cast)
    give_after(issue, cast.reporter)
    clearance.request_clearance(again(issue, cast.reporter), actor=cast.reporter, now=FOUND)


def extension_of(person):
    def ask(cast):
        issue = again(issue_at("rectifying", cast), getattr(cast, person))
        later = date(2026, 12, 10)
        handling.request_extension(issue, due_on=later, reason="供货推迟", actor=getattr(cast, person), now=FOUND)

    return ask


def objected(cast):
    issue = issue_at("assigned", cast)
    writing.object_to_issue(again(issue, cast.head), reason="不属于本单位", actor=cast.head, now=FOUND)


def verified_once(cast):
    issue = issue_at("verifying", cast)
    verification.verify_pass(again(issue, cast.inspector), actor=cast.inspector, now=FOUND)


def at(status):
    return lambda cast: issue_at(status, cast)


#: Situation -> when one looks, and who has which row (kind, verb) then; everybody else has none.
WAITING = {
    "draft": (at("draft"), NOW, ("登记", "登记"), "inspector inspector2 office office_lead"),
    "registered": (at("registered"), NOW, ("交办", "交办"), "inspector inspector2 office office_lead"),
    "objected": (objected, NOW, ("异议", "重新交办"), "inspector inspector2 office office_lead"),
    "assigned": (at("assigned"), NOW, ("签收", "签收"), "reporter head"),
    "planning": (at("planning"), NOW, ("报方案", "报方案"), "reporter head"),
    "plan handed in": (plan_handed_in, NOW, ("签方案", "签发"), "head"),
    "rectifying": (at("rectifying"), NOW, ("整改", "办理"), "reporter head"),
    "clearance handed in": (clearance_handed_in, NOW, ("签销号", "签发"), "head"),
    "verifying": (at("verifying"), NOW, ("验收", "验收"), "inspector inspector2 office_lead"),
    "verified once": (verified_once, NOW, ("验收", "验收"), "inspector2 office_lead"),
    "sustained": (at("sustained"), NOW, None, ""),
    "sustained, months later": (at("sustained"), MONTHS_LATER, ("复查", "复查"), "inspector inspector2 office_lead"),
    "cleared": (at("cleared"), NOW, None, ""),
    "cleared, months later": (at("cleared"), MONTHS_LATER, ("回头看", "回头看"), "inspector inspector2"),
}


@pytest.mark.parametrize("situation", WAITING)
def test_one_row_for_whoever_acts_next_and_none_for_others(cast, situation):
    come_there, now, words, people = WAITING[situation]
    come_there(cast)
    rows = {name: [(row.kind, row.act) for row in to_dos_for(getattr(cast, name), now)] for name in vars(cast)}
    assert rows == {name: [words] if name in people.split() else [] for name in vars(cast)}


def test_an_extension_waits_for_the_head_then_for_the_reviewer_while_the_department_goes_on(cast):
    extension_of("reporter")(cast)
    extension_of("head")(cast)
    kinds = {name: sorted(row.kind for row in to_dos_for(getattr(cast, name), NOW)) for name in vars(cast)}
    assert kinds["head"] == ["延期", "整改"]
    assert kinds["reporter"] == ["整改", "整改"]
    assert kinds["office_lead"] == ["审延期"]
    assert kinds["office"] == kinds["inspector"] == kinds["stranger"] == []


def test_who_gave_evidence_or_is_of_the_department_has_nothing_to_verify(cast, department):
    own = make_user("inspector_c", "inspector", department=department)
    issue = issue_at("rectifying", cast)
    give_after(issue, cast.inspector)
    clearance.request_clearance(again(issue, cast.head), actor=cast.head, now=FOUND)
    assert [issue_to_dos(person, NOW) for person in (own, cast.inspector)] == [[], []]
    assert len(issue_to_dos(cast.inspector2, NOW)) == 1


def test_the_signer_has_it_where_the_two_names_cannot_be_found(cast):
    cast.inspector2.is_active = False
    cast.inspector2.save(update_fields=["is_active"])
    issue = issue_at("rectifying", cast)
    give_after(issue, cast.inspector)
    clearance.request_clearance(again(issue, cast.head), actor=cast.head, now=FOUND)
    assert [row.kind for row in issue_to_dos(cast.signer, NOW)] == ["验收"]


def test_rows_stand_by_their_due_time(cast):
    late, soon = issue_at("rectifying", cast), issue_at("planning", cast, due_on=date(2026, 12, 3))
    undated = issue_at("assigned", cast, due_on=None)
    rows = to_dos_for(cast.reporter, NOW)
    assert [row.meta.split("　")[0] for row in rows] == [late.number, soon.number, undated.number]
    assert rows[0].due_at == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    assert rows[2].due_at is None


def test_the_navigation_counts_what_waits(cast):
    issue_at("assigned", cast)
    issue_at("verifying", cast)
    issue_at("cleared", cast)
    keys = ("issues", "own_issues", "look_backs", "supervision")
    assert counts_for(cast.head, NOW, keys) == {"issues": 1, "own_issues": 1, "look_backs": 0, "supervision": 0}
    assert counts_for(cast.inspector, NOW, keys)["issues"] == 1
    assert counts_for(cast.inspector, MONTHS_LATER, keys)["look_backs"] == 1
    issue_at("sustained", cast)
    assert counts_for(cast.inspector, MONTHS_LATER, keys)["look_backs"] == 2
    assert counts_for(cast.office_lead, MONTHS_LATER, keys)["look_backs"] == 1, "reviews are R2's too"
    assert counts_for(cast.inspector, NOW, keys)["look_backs"] == 0
    assert counts_for(cast.stranger, NOW, keys)["issues"] == 0


def test_of_two_look_backs_that_have_come_only_the_earlier_is_asked_for(cast):
    issue_at("cleared", cast, now=FOUND - timedelta(days=200), due_on=date(2026, 6, 30))
    rows = to_dos_for(cast.inspector, NOW)
    assert [row.kind for row in rows] == ["回头看"]
    assert rows[0].due_at < NOW - timedelta(days=150)


@pytest.mark.parametrize("name", ["inspector", "office_lead", "head", "reporter", "signer"])
def test_the_workbench_costs_the_same_whatever_the_number_of_rows(cast, name):
    person, places = getattr(cast, name), ("registered", "assigned", "rectifying", "verifying", "cleared")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            to_dos_for(person, MONTHS_LATER)
        return len(captured)

    for place in places:
        issue_at(place, cast)
    queries()  # reads roles and the calendar once
    few = queries()
    for place in places:
        for _ in range(4):
            issue_at(place, cast)
    assert queries() == few


class TestAround:
    def test_a_unit_with_open_issues_is_not_closed(self, cast, department, sysadmin):
        issue = issue_at("verifying", cast)
        with pytest.raises(RuleViolation, match="1 个未销号的问题"):
            close_department(department, on=NOW.date(), successor=None, purpose="机构改革", actor=sysadmin, now=NOW)
        pass_twice(issue, cast.inspector, cast.inspector2, now=NOW)
        close_department(department, on=NOW.date(), successor=None, purpose="机构改革", actor=sysadmin, now=NOW)

    def test_panels_show_what_the_reader_sees(self, cast, department):
        make_set()
        gas = make_indicator("A08", name="获得用气")
        issue = issue_at("rectifying", cast, indicator=gas)
        issue_at("draft", cast, indicator=gas)
        issue_at("cleared", cast)
        assert [row["number"] for row in department_panel(cast.office, department)["issues"]] == [issue.number]
        assert department_panel(cast.stranger, department)["total"] == 0
        assert indicator_panel(cast.office, gas)["total"] == 2
        assert indicator_panel(cast.reporter, gas)["total"] == 1
        assert open_column(cast.office, [department.pk]) == {department.pk: 1}

    def test_pages_of_unit_and_indicator_carry_the_panel(self, cast, department, client_for):
        make_set()
        gas = make_indicator("A08", name="获得用气")
        issue = issue_at("rectifying", cast, indicator=gas)
        browser = client_for(cast.office)
        assert issue.number in browser.get("/indicators/A08/").text
        assert issue.number in browser.get(f"/departments/{department.code}/").text

    def test_open_issues_speak_for_a_class_of_dispatch(self, cast):
        make_set()
        gas = make_indicator("A08", name="获得用气")
        below = make_indicator("A08.1", parent=gas, name="报装时间")
        issue_at("rectifying", cast, indicator=gas)
        issue_at("rectifying", cast, indicator=below, due_on=date(2026, 12, 20))
        issue_at("registered", cast, indicator=gas)
        assert open_matters(NOW.date()) == {"A08": ["有 2 个问题在整改，其中 1 个超期"]}
