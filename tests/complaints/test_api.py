"""The list and single rows through the REST door: filters, masks, visibility, versions, correction, identity."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from complaints.models import Complaint
from complaints.selectors.conditions import nearly_due_q, overdue_q
from complaints.selectors.deadlines import is_nearly_due, is_overdue
from complaints.services import extensions, handling, identity, office
from core import clock
from core.clock import local_date
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from tests.factories.complaints import DUE, NAME, PHONE, RECEIVED, RESULT, again, complaint_at, later, make_complaint

pytestmark = pytest.mark.django_db
LIST = "/api/v1/complaints/"


def numbers(api, query: str = "") -> set[str]:
    """Return the numbers of the rows of a list."""
    answer = api.get(f"{LIST}{query}")
    assert answer.status_code == 200, answer.content.decode()
    return {row["number"] for row in answer.json()["results"]}


def one(row) -> str:
    """Return the address of a row."""
    return f"{LIST}{row.number}/"


# --- Creation -------------------------------------------------------------------------------------


def test_creation_needs_type_and_content(cast, api_for):
    api = api_for(cast.office)
    answer = api.post(LIST, {"type": "report", "content": "某" * 40}, format="json")
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["title"], row["confidential"]) == ("received", "某" * 30, True)
    assert (row["regime"], row["channel"], row["urgency"], row["rounds"]) == ("hotline", "phone", "normal", [])
    refused = api.post(LIST, {}, format="json")
    assert refused.status_code == 400
    assert {error["field"] for error in refused.json()["errors"]} == {"type", "content"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "nonsense"}, "type"),
        ({"urgency": "soon"}, "urgency"),
        ({"accused_department": "nobody"}, "accused_department"),
        ({"indicator": "Z99"}, "indicator"),
        ({"received_at": "2999-01-01T00:00:00+08:00"}, "received_at"),
        ({"received_at": "yesterday"}, "received_at"),
        ({"caller_phone": "12"}, "caller_phone"),
        ({"attachments": [999]}, "attachments[0]"),
        ({"grade": "Z"}, "grade"),
    ],
)
def test_wrong_creation_names_the_field(body, field, cast, api_for):
    answer = api_for(cast.office).post(LIST, {"type": "help", "content": "求助内容"} | body, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Complaint.objects.visible_to(cast.office).exists()


@pytest.mark.parametrize("role", ["reporter", "head", "leader", "signer", "inspector", "sysadmin", "auditor"])
def test_only_the_office_registers(role, request, api_for):
    answer = api_for(request.getfixturevalue(role)).post(LIST, {"type": "help", "content": "求助"}, format="json")
    assert answer.status_code == 403


# --- Lists ----------------------------------------------------------------------------------------


def test_filters(cast, helper_department, helper, api_for):
    now = clock.now()
    late = complaint_at("handling", cast, now=now - timedelta(days=40), urgency="urgent")
    fresh = complaint_at("handling", cast, now=now, type="report", assisting=[helper_department], title="加急材料")
    new = make_complaint(cast.office, now=now, regime="business")
    api = api_for(cast.office)
    expected = {
        "": {late, fresh, new},
        "?status=handling": {late, fresh},
        "?status=": {late, fresh, new},
        "?status=handling&status=received": {late, fresh, new},
        "?type=report": {fresh},
        "?urgency=urgent": {late},
        "?regime=business": {new},
        "?department=zjj": {late, fresh},
        "?department=cgj": set(),
        "?involved=cgj": {fresh},
        "?overdue=true": {late},
        "?overdue=false": {fresh, new},
        "?nearly_due=false": {late, fresh, new},
        "?search=加急材料": {fresh},
        f"?search={PHONE}": {late, fresh, new},
        f"?received__gte={now:%Y-%m-%d}T00:00:00Z": {fresh, new},
        f"?received__lte={now - timedelta(days=2):%Y-%m-%d}T00:00:00Z": {late},
        f"?received__gte={local_date(now)}": {fresh, new},
        f"?received__lte={local_date(now)}": {late, fresh, new},
        f"?due__lte={now:%Y-%m-%d}T00:00:00Z": {late},
        f"?due__gte={now:%Y-%m-%d}T00:00:00Z": {fresh},
    }
    found = {query: numbers(api, query) for query in expected}
    assert found == {query: {row.number for row in rows} for query, rows in expected.items()}
    assert numbers(api_for(helper)) == {fresh.number}


@pytest.mark.parametrize("query", ["?nonsense=1", "?status=nonsense", "?ordering=content", "?overdue=maybe&x=1"])
def test_unknown_parameters_and_values_are_refused(query, cast, api_for):
    assert api_for(cast.office).get(f"{LIST}{query}").status_code == 400


def walk(api, query: str) -> list[dict]:
    """Return the rows of every page of a list, two a page."""
    rows, address = [], f"{LIST}{query}&page_size=2"
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.content.decode()
        rows += answer.json()["results"]
        address = answer.json()["next"]
    return rows


@pytest.mark.parametrize("name", ["due_at", "effective_due_at"])
def test_pages_follow_the_due_time_with_ties_and_put_what_has_none_last(name, cast, api_for):
    new = [make_complaint(cast.office).number for _ in range(3)]
    urgent = complaint_at("handling", cast, urgency="urgent")
    usual = [complaint_at("handling", cast) for _ in range(3)]
    asking = again(usual[0], cast.head)
    extensions.request_extension(asking, workdays=2, reason="勘验", actor=cast.head, now=later(hours=1))
    extensions.agree_extension(again(usual[0], cast.office_lead), actor=cast.office_lead, now=later(hours=2))
    by_due = [row.number for row in (urgent, *usual[1:], usual[0])]
    there = walk(api_for(cast.office), f"?ordering={name}")
    assert [row["number"] for row in there] == by_due + new
    back = [row["effective_due_at"] for row in walk(api_for(cast.office), f"?ordering=-{name}")]
    assert back == [row["effective_due_at"] for row in reversed(there)]


def test_list_asks_the_same_number_of_queries_for_2_and_20_rows(cast, api_for):
    for person in (cast.office, cast.reporter):
        api = api_for(person)
        for _ in range(2):
            complaint_at("handling", cast)
        few = queries_of(api)
        for _ in range(18):
            complaint_at("handling", cast)
        assert queries_of(api) == few <= 5


def queries_of(api) -> int:
    """Return how many queries one list costs."""
    with CaptureQueriesContext(connection) as queries:
        assert api.get(LIST).status_code == 200
    return len(queries)


@pytest.mark.parametrize("hours", [0, 24, 72, 100, 130, 160, 190, 240, 2_000])
def test_sql_and_predicates_agree_on_overdue_and_nearly_due(hours, cast):
    """``now`` moves over the whole life of a short and a long limit, with submission and suspension."""
    rows = [complaint_at("handling", cast, type=kind) for kind in ("consult", "complaint", "report")]
    rows += [complaint_at(state, cast) for state in ("dispatched", "sign_off", "office_review", "callback", "closed")]
    handling.suspend_complaint(rows[2], reason="等待", actor=cast.office_lead, now=later())
    now, calendar = later(hours=hours), work_calendar()
    seen = Complaint.objects.visible_to(cast.office)
    judged = {row.pk: again(row, cast.office).current_round for row in rows}
    late = {pk for pk, round_ in judged.items() if is_overdue(round_, now)}
    near = {pk for pk, round_ in judged.items() if is_nearly_due(round_, now, calendar)}
    assert set(seen.filter(overdue_q(now)).values_list("pk", flat=True)) == late
    assert set(seen.filter(nearly_due_q(now, calendar)).values_list("pk", flat=True)) == near


# --- Single rows ----------------------------------------------------------------------------------


def test_answer_carries_rounds_and_times(cast, api_for):
    row = complaint_at("handling", cast)
    extensions.request_extension(row, workdays=2, reason="需要", actor=cast.head, now=later(1))
    extensions.agree_extension(row, actor=cast.office_lead, now=later(1))
    answer = api_for(cast.reporter).get(one(row)).json()
    assert answer["due_at"] == "2026-11-30T15:59:59Z"
    assert answer["effective_due_at"] == "2026-12-02T15:59:59Z"
    assert answer["rounds"][0]["sign_due_at"] == "2026-11-24T15:59:59Z"
    assert answer["rounds"][0]["extension"]["answer"] == "agreed"
    assert {"overdue", "nearly_due", "provisional", "version", "actions", "status_label"} <= set(answer)


def test_due_date_on_an_unpublished_year_is_provisional(cast, api_for):
    row = complaint_at("handling", cast, now=datetime(2026, 12, 30, 2, 0, tzinfo=UTC), type="report")
    answer = api_for(cast.reporter).get(one(row)).json()
    assert answer["provisional"] is True
    assert answer["rounds"][0]["provisional"] is True


def test_if_match_of_an_older_version_is_412(cast, api_for):
    row, api = complaint_at("handling", cast), api_for(cast.reporter)
    tag = api.get(one(row))["ETag"]
    assert api.post(f"{one(row)}note/", {"note": "一"}, format="json", HTTP_IF_MATCH=tag).status_code == 200
    stale = api.post(f"{one(row)}note/", {"note": "二"}, format="json", HTTP_IF_MATCH=tag)
    assert stale.status_code == 412
    assert api.patch(one(row), {}, format="json", HTTP_IF_MATCH=tag).status_code == 403


def test_same_idempotency_key_registers_once(cast, api_for):
    api, body = api_for(cast.office), {"type": "help", "content": "求助内容"}
    first = api.post(LIST, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    again_ = api.post(LIST, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert first.json()["number"] == again_.json()["number"]
    other = api.post(LIST, body | {"content": "另一件"}, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert other.status_code == 409


def test_correction_is_audited_and_recomputes(cast, api_for):
    row, api = complaint_at("handling", cast), api_for(cast.office)
    answer = api.patch(one(row), {"type": "report", "place": "工业大道"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["effective_due_at"] == "2026-12-07T15:59:59Z"
    event = AuditEvent.objects.filter(action="complaints.complaint.correct").get()
    assert (event.before["type"], event.after["type"]) == ("complaint", "report")
    assert api_for(cast.reporter).patch(one(row), {"place": "别处"}, format="json").status_code == 403
    assert api.patch(one(complaint_at("closed", cast)), {"place": "别处"}, format="json").status_code == 409
    assert api.patch(one(row), {"type": "nonsense"}, format="json").status_code == 400


def test_department_does_not_exist_any_more(cast, helper_department, api_for):
    row = complaint_at("accepted", cast)
    helper_department.valid_to = RECEIVED.date()
    helper_department.save()
    answer = api_for(cast.office).post(f"{one(row)}dispatch/", {"department": "cgj"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "department"


def test_private_numbers_never_stand_in_a_public_reply(cast, api_for):
    row = complaint_at("handling", cast)
    body = RESULT | {"public_reply": "联系李工 13912345678"}
    answer = api_for(cast.head).post(f"{one(row)}submit/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "public_reply"


def test_lead_is_warned_of_silent_assistants_and_may_submit(cast, helper_department, helper, api_for):
    row = complaint_at("handling", cast, assisting=[helper_department])
    assert api_for(cast.reporter).get(one(row)).json()["warnings"][0]["code"] == "assisting_silent"
    answered = api_for(helper).post(f"{one(row)}assist_reply/", {"note": "无异议"}, format="json")
    assert answered.status_code == 200
    assert api_for(cast.reporter).get(one(row)).json()["warnings"] == []
    assert api_for(cast.reporter).post(f"{one(row)}submit/", RESULT, format="json").status_code == 200


@pytest.mark.parametrize(
    ("act", "body", "expected"),
    [
        ("note", {"note": "已到场"}, 200),
        ("assist_reply", {"note": "无异议"}, 200),
        ("submit", RESULT, 403),
        ("request_extension", {"workdays": 1, "reason": "需要"}, 403),
        ("sign_for", {}, 403),
    ],
)
def test_assisting_department_notes_and_gives_its_part_only(
    act, body, expected, cast, helper_department, helper, api_for
):
    row = complaint_at("handling", cast, assisting=[helper_department])
    assert set(api_for(helper).get(one(row)).json()["actions"]) == {"note", "assist_reply"}
    assert api_for(helper).post(f"{one(row)}{act}/", body, format="json").status_code == expected


# --- Who sees what --------------------------------------------------------------------------------


def test_confidential_is_seen_by_the_office_and_the_departments_at_work_only(
    cast, helper_department, helper, stranger, leader, inspector, signer, api_for
):
    row = complaint_at("handling", cast, type="report", assisting=[helper_department])
    for person in (cast.office, cast.office_lead, cast.reporter, cast.head, helper):
        assert api_for(person).get(one(row)).status_code == 200
    for person in (leader, inspector, signer, stranger):
        assert api_for(person).get(one(row)).status_code == 404
        assert numbers(api_for(person)) == set()


def test_identity_stands_nowhere_in_clear(cast, helper, api_for):
    """Lists, rows, messages and the audit log; searched phones neither."""
    row = complaint_at("callback", cast)
    for person in (cast.office, cast.office_lead, cast.reporter):
        api = api_for(person)
        told = api.get(LIST).content.decode() + api.get(one(row)).content.decode()
        assert PHONE not in told
        assert NAME not in told
        assert "138****5678" in told
    api_for(cast.office).patch(one(row), {"caller_name": "王某某", "caller_phone": "13900001111"}, format="json")
    messages = Message.objects.unscoped("a test looks at every message")
    kept = str(list(messages.values())) + str(list(AuditEvent.objects.values()))
    for text in (PHONE, NAME, "13900001111", "王某某"):
        assert text not in kept


def test_stored_identity_is_sealed(cast):
    row = make_complaint(cast.office)
    stored = Complaint.objects.visible_to(cast.office).values().get(pk=row.pk)
    assert PHONE.encode() not in bytes(stored["caller_phone_sealed"])
    assert PHONE not in str(stored)


def test_search_by_phone_is_the_offices(cast, leader, inspector, api_for):
    row = complaint_at("handling", cast)
    assert numbers(api_for(cast.office), f"?search={PHONE}") == {row.number}
    for person in (cast.reporter, leader, inspector):
        assert numbers(api_for(person), f"?search={PHONE}") == set()


def test_reveal_follows_role_state_and_grant(cast, stranger, leader, api_for):
    row, waiting = complaint_at("handling", cast), complaint_at("callback", cast)
    purpose = {"purpose": "核实情况"}

    def reveal(person, complaint, body=purpose):
        return api_for(person).post(f"{one(complaint)}reveal/", body, format="json").status_code

    assert reveal(cast.office_lead, row) == 200
    assert reveal(cast.office_lead, row, {}) == 400
    assert reveal(cast.office, row) == 403
    assert reveal(cast.office, waiting) == 200
    assert reveal(cast.reporter, row) == 403
    assert reveal(leader, row) == 403
    assert reveal(stranger, row) == 404
    now = clock.now()
    identity.grant_identity(row, reason="上门核实", until=now + timedelta(hours=1), actor=cast.office_lead, now=now)
    answer = api_for(cast.reporter).post(f"{one(row)}reveal/", purpose, format="json")
    assert answer.json() == {"caller_name": NAME, "caller_phone": PHONE}
    assert "reveal" in api_for(cast.reporter).get(one(row)).json()["actions"]
    row.identity_grants.update(until=now - timedelta(hours=1))
    assert reveal(cast.reporter, row) == 403
    assert AuditEvent.objects.filter(action="complaints.complaint.reveal").count() == 3


def test_reminder_reaches_the_department(cast, api_for):
    row = complaint_at("handling", cast)
    assert api_for(cast.office).post(f"{one(row)}remind/", {}, format="json").status_code == 200
    titles = Message.objects.visible_to(cast.reporter).values_list("title", flat=True)
    assert f"{row.number} 请抓紧办理" in titles


def test_row_changed_meanwhile_is_409(cast, api_for):
    row = complaint_at("received", cast)
    stale = again(row, cast.office)
    office.accept_complaint(row, actor=cast.office, now=DUE)
    answer = api_for(cast.office).post(f"{one(stale)}accept/", {}, format="json")
    assert answer.status_code == 409
