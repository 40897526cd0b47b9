"""Issues through the REST door: writing, editing, lists."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from supervision.models import Issue
from supervision.selectors.conditions import is_nearly_due, is_overdue, nearly_due_q, overdue_q
from supervision.selectors.rows import COLUMNS, RowReader
from supervision.workflow import ISSUE
from tests.factories.accounts import make_user
from tests.factories.indicators import make_indicator, make_set
from tests.factories.issues import DUE_ON, FOUND, TEXT, WAYS, again, issue_at, make_issue
from tests.supervision.rest import LIST, numbers, one, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


# --- Writing ----------------------------------------------------------------------------------------


def test_an_issue_needs_source_and_description(cast, inspection, api_for):
    api = api_for(cast.inspector)
    answer = api.post(LIST, {"source": "covert", "description": "某" * 40}, format="json")
    assert answer.status_code == 201
    row = answer.json()
    assert (row["number"], row["status"], row["title"]) == ("WT-2026-0001", "draft", "某" * 30)
    assert (row["found_on"], row["limit_kind"], row["severity"]) == ("2026-11-23", "deadline", "normal")
    assert (row["rounds"], row["verifications"], row["orders"]) == ([], [], [])
    assert answer["ETag"] == api.get(f"{LIST}{row['number']}/")["ETag"]
    refused = api.post(LIST, {}, format="json")
    assert {error["field"] for error in refused.json()["errors"]} == {"description"}
    refusal(api.post(LIST, {"description": "有描述"}, format="json"), 400, "source")
    found = api.post(LIST, {"description": "有描述", "inspection": inspection.pk}, format="json")
    assert (found.status_code, found.json()["source"]) == (201, "covert"), "it follows from the inspection"


def test_everything_that_may_be_said_comes_back(cast, inspection, api_for):
    body = {
        "source": "covert",
        "inspection": inspection.pk,
        "category": "attitude",
        "severity": "major",
        "title": "窗口空岗",
        "description": "上午九点窗口无人",
        "place": "政务大厅二楼",
        "requirement": "排班到人",
        "goal": "无空岗",
        "remark": "录像存档",
        "department": "zjj",
        "assisting": ["cgj"],
        "responsible_leader": "王建军",
        "responsible_person": "许琳",
        "limit_kind": "staged",
        "found_on": "2026-11-20",
        "due_on": "2026-12-18",
    }
    row = api_for(cast.office).post(LIST, body, format="json").json()
    assert {name: row[name] for name in body} == body
    assert (row["source_label"], row["limit_kind_label"]) == ("暗访", "阶段性")
    assert (row["department_label"], row["assisting_label"]) == ("县住建局", ["县城管局"])
    assert row["inspection_label"] == "政务大厅暗访"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source": "rumour"}, "source"),
        ({"category": "weather"}, "category"),
        ({"severity": "fatal"}, "severity"),
        ({"limit_kind": "never"}, "limit_kind"),
        ({"department": "nobody"}, "department"),
        ({"assisting": ["nobody"]}, "assisting[0]"),
        ({"department": "zjj", "assisting": ["zjj"]}, "assisting"),
        ({"indicator": "Z99"}, "indicator"),
        ({"inspection": 999}, "inspection"),
        ({"inspection": True}, "inspection"),
        ({"inspection": 10**30}, "inspection"),
        ({"found_on": "yesterday"}, "found_on"),
        ({"found_on": "2026-11-24"}, "found_on"),
        ({"found_on": "2026-11-20", "due_on": "2026-11-19"}, "due_on"),
        ({"due_on": "2026-11-22"}, "due_on"),
        ({"description": "  "}, "description"),
    ],
)
def test_wrong_facts_name_the_field(body, field, cast, api_for):
    good = {"source": "open", "description": TEXT}
    refusal(api_for(cast.inspector).post(LIST, good | body, format="json"), 400, field)
    assert not Issue.objects.visible_to(cast.inspector).exists()


def test_due_in_the_past_is_entered_late_and_overdue_once_assigned(cast, api_for):
    api = api_for(cast.inspector)
    body = {
        "source": "audit",
        "description": TEXT,
        "department": "zjj",
        "found_on": "2026-11-02",
        "due_on": "2026-11-16",
    }
    row = api.post(LIST, body, format="json").json()
    assert row["overdue"] is False
    for act in ("register", "assign"):
        row = api.post(f"{LIST}{row['number']}/{act}/", {}, format="json").json()
    assert (row["status"], row["overdue"], row["nearly_due"]) == ("assigned", True, False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"description": TEXT}, 201),
        ({"description": TEXT, "source": "self_check", "department": "zjj"}, 201),
        ({"description": TEXT, "source": "open"}, 403),
        ({"description": TEXT, "department": "cgj"}, 403),
    ],
)
def test_a_department_writes_its_own_self_check_only(body, status, cast, api_for):
    answer = api_for(cast.reporter).post(LIST, body, format="json")
    assert answer.status_code == status, answer.content.decode()
    if status == 201:
        row = answer.json()
        assert (row["source"], row["department"], row["own_department"], row["actions"]) == (
            *("self_check", "zjj", "zjj"),
            [],
        )
        assert numbers(api_for(cast.head)) == {row["number"]}
        assert numbers(api_for(cast.helper)) == set()


@pytest.mark.parametrize("role", ["leader", "signer", "sysadmin", "secadmin", "auditor"])
def test_nobody_else_writes(role, request, api_for):
    answer = api_for(request.getfixturevalue(role)).post(LIST, {"source": "open", "description": TEXT}, format="json")
    refusal(answer, 403)


def test_same_idempotency_key_writes_once(cast, api_for):
    api, body = api_for(cast.office), {"source": "open", "description": TEXT}
    first = api.post(LIST, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    second = api.post(LIST, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert first.json()["number"] == second.json()["number"]
    assert api.post(LIST, body | {"title": "另"}, format="json", HTTP_IDEMPOTENCY_KEY="one").status_code == 409


# --- Editing ----------------------------------------------------------------------------------------


def test_edit_is_audited_until_it_is_assigned(cast, api_for):
    row, api = issue_at("registered", cast), api_for(cast.office)
    answer = api.patch(one(row), {"severity": "severe", "assisting": ["cgj"], "due_on": None}, format="json")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["severity"], said["assisting"], said["due_on"], said["version"]) == ("severe", ["cgj"], None, 3)
    event = AuditEvent.objects.filter(action="supervision.issue.edit").get()
    assert (event.before["severity"], event.after["severity"]) == ("normal", "severe")
    assert event.after["assisting"] == ["cgj"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due_on": "2026-11-20"}, "due_on"),
        ({"found_on": None}, "found_on"),
        ({"found_on": "2026-12-01"}, "found_on"),
        ({"title": ""}, "title"),
        ({"description": ""}, "description"),
        ({"assisting": ["zjj"]}, "assisting"),
    ],
)
def test_wrong_edit_names_the_field(body, field, cast, api_for):
    refusal(api_for(cast.office).patch(one(issue_at("draft", cast)), body, format="json"), 400, field)


def test_refusals_of_an_edit_come_in_the_contract_s_order(cast, stranger, api_for):
    row = issue_at("assigned", cast)
    wrong = {"due_on": "yesterday"}
    assert api_for(stranger).patch(one(row), wrong, format="json").status_code == 404
    assert api_for(cast.head).patch(one(row), wrong, format="json", HTTP_IF_MATCH='"old"').status_code == 403
    assert api_for(cast.office).patch(one(row), wrong, format="json", HTTP_IF_MATCH='"old"').status_code == 412
    refusal(api_for(cast.office).patch(one(row), wrong, format="json"), 409)
    refusal(api_for(cast.office).patch(one(issue_at("draft", cast)), wrong, format="json"), 400, "due_on")


# --- Lists ------------------------------------------------------------------------------------------


def test_filters(cast, inspection, api_for):
    late = issue_at("rectifying", cast, found_on=date(2026, 10, 20), due_on=date(2026, 11, 20), severity="severe")
    near = issue_at("assigned", cast, due_on=date(2026, 11, 24), assisting=[cast.helper_department], source="media")
    idle = issue_at("planning", cast, due_on=None, limit_kind="long_term", category="attitude", title="加急材料")
    draft = make_issue(cast.inspector, inspection=inspection, department=cast.helper_department, due_on=None)
    api = api_for(cast.office)
    every = {late, near, idle, draft}
    expected = {
        "": every,
        "?status=draft&status=planning": {idle, draft},
        "?source=media": {near},
        "?limit_kind=long_term": {idle},
        "?category=fees": {late, near, draft},
        "?severity=severe": {late},
        "?department=zjj": {late, near, idle},
        "?department=cgj": {draft},
        "?involved=cgj": {near, draft},
        f"?inspection={inspection.pk}": {draft},
        f"?inspection={inspection.pk + 1}": set(),
        "?relapsed=true": set(),
        "?overdue=true": {late},
        "?overdue=false": {near, idle, draft},
        "?nearly_due=true": {near},
        "?nearly_due=false": {late, idle, draft},
        "?found_on__lte=2026-11-01": {late},
        "?found_on__gte=2026-11-01": {near, idle, draft},
        "?due_on__lte=2026-11-21": {late},
        "?due_on__gte=2026-11-21": {near},
        "?search=加急材料": {idle},
        f"?search={late.number}": {late},
        "?search=公示栏 收费": every,
    }
    found = {query: numbers(api, query) for query in expected}
    assert found == {query: {row.number for row in rows} for query, rows in expected.items()}
    assert numbers(api_for(cast.helper)) == {near.number}
    assert numbers(api_for(cast.head), f"?inspection={inspection.pk}") == set()


def test_indicator_filter_takes_what_lies_beneath(cast, api_for):
    root = make_indicator("01", indicator_set=make_set())
    leaf = make_indicator("01.01", parent=root)
    row = make_issue(cast.inspector, indicator=leaf)
    make_issue(cast.inspector)
    api = api_for(cast.office)
    assert numbers(api, f"?indicator={root.code}") == numbers(api, f"?indicator={leaf.code}") == {row.number}
    assert numbers(api, "?indicator=nothing") == set()
    assert api.get(one(row)).json()["indicator"] == leaf.code


@pytest.mark.parametrize(
    "query",
    [
        "?colour=red",
        "?status=nonsense",
        "?ordering=description",
        "?overdue=maybe&x=1",
        "?inspection=x",
        "?due_on__gte=1",
    ],
)
def test_unknown_parameters_and_values_are_refused(query, cast, api_for):
    refusal(api_for(cast.office).get(f"{LIST}{query}"), 400)


def test_pages_follow_the_due_date_and_put_what_has_none_last(cast, api_for):
    due = [date(2026, 12, 4), None, date(2026, 11, 27), date(2026, 12, 11), None]
    rows = [make_issue(cast.inspector, due_on=day) for day in due]
    api, address, seen = api_for(cast.office), f"{LIST}?ordering=due_on&page_size=2", []
    while address:
        page = api.get(address).json()
        seen += [row["number"] for row in page["results"]]
        address = page["next"]
    assert seen == [rows[place].number for place in (2, 0, 3, 1, 4)]
    assert api.get(f"{LIST}?count=true").json()["count"] == 5


def test_list_asks_the_same_number_of_queries_for_2_and_20_rows(cast, api_for):
    places = ("verifying", "clearance_to_sign")
    for place in places:
        issue_at(place, cast, assisting=[cast.helper_department])
    people = (cast.office, cast.inspector, cast.reporter, make_user("signer2", Role.SIGNER))
    for person in people:
        queries_of(api_for(person))  # what a person's roles cost once is not the list's
    few = {person.username: queries_of(api_for(person)) for person in people}
    for _ in range(9):
        for place in places:
            issue_at(place, cast, assisting=[cast.helper_department])
    assert {person.username: queries_of(api_for(person)) for person in people} == few
    assert max(few.values()) <= 8


def queries_of(api) -> int:
    """Return how many queries one list costs."""
    with CaptureQueriesContext(connection) as queries:
        assert api.get(LIST).status_code == 200
    return len(queries)


def test_list_builds_no_model_instances(cast, api_for, monkeypatch):
    issue_at("verifying", cast)
    api = api_for(cast.office)

    def refuse(*args, **kwargs):
        raise AssertionError("a row became an instance")

    monkeypatch.setattr(Issue, "from_db", classmethod(refuse))
    assert len(api.get(LIST).json()["results"]) == 1


@pytest.mark.parametrize("place", WAYS)
def test_acts_judged_from_columns_are_those_judged_from_the_row(place, cast, leader, signer, stranger, helper, api_for):
    """Also for those the two names are barred to: own department, evidence given, deputies, R3 in need."""
    row = issue_at(place, cast, assisting=[cast.helper_department])
    own = make_user("zjj_inspector", Role.INSPECTOR, Role.REPORTER, department=cast.department)
    for person in (*(getattr(cast, name) for name in ("inspector", "office", "head", "reporter")), own, signer, leader):
        fetched = again(row, cast.inspector)
        plain = Issue.objects.visible_to(cast.inspector).values(*COLUMNS)
        read = RowReader(person, now=FOUND, calendar=work_calendar()).read(plain)
        assert read[0]["actions"] == [act.name for act in ISSUE.available(fetched, person)], person.username


@pytest.mark.parametrize("days", [-12, -3, -2, -1, 0, 1, 2, 3, 6, 7, 8, 30])
def test_sql_and_predicates_agree_on_overdue_and_nearly_due(days, cast):
    rows = [issue_at(place, cast) for place in ("draft", "assigned", "planning", "rectifying", "verifying", "cleared")]
    rows.append(issue_at("planning", cast, due_on=None))
    today, calendar = DUE_ON + timedelta(days=days), work_calendar()
    clocks = {row.pk: row.clock_due_on for row in rows}
    seen = Issue.objects.visible_to(cast.office)
    late = {pk for pk, clock in clocks.items() if is_overdue(clock, today)}
    near = {pk for pk, clock in clocks.items() if is_nearly_due(clock, today, calendar)}
    assert set(seen.filter(overdue_q(today)).values_list("pk", flat=True)) == late
    assert set(seen.filter(nearly_due_q(today, calendar)).values_list("pk", flat=True)) == near
    assert len(late) == (3 if days > 0 else 0)
    assert len(near) == (3 if days in {0, -1, -2, -3} else 0)  # 27 November is the Friday before Monday the 30th
