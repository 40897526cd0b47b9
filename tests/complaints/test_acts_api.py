"""Role x state x act through the REST door, against the table of domain §6 (``acts_table``)."""

from datetime import timedelta

import pytest

from core import clock
from tests.complaints.acts_table import ACTS, BLOCKED, HEAD_SUBMITS_TO, ROLES, STATES, Act, sees
from tests.factories.complaints import again, complaint_at, make_complaint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
BY_NAME = {act.name: act for act in ACTS}


def filled(act: Act, cast) -> dict:
    """Return the body of ``act`` with what only the database knows."""
    body = dict(act.body)
    if "duplicate_of" in body:
        body["duplicate_of"] = make_complaint(cast.office).number
    if "due_on" in body:
        body["due_on"] = str(clock.today() + timedelta(days=1))
    if "until" in body:
        body["until"] = (clock.now() + timedelta(days=1)).isoformat()
    return body


@pytest.mark.parametrize("state", STATES)
def test_refused_acts_answer_as_the_table_says_and_leave_the_row_alone(
    state, cast, helper_department, request, api_for
):
    row = complaint_at(state, cast)
    for role in ROLES:
        api = api_for(request.getfixturevalue(role))
        for act in ACTS:
            expected = act.expected(role, state)
            if expected == 200:
                continue
            answer = api.post(f"/api/v1/complaints/{row.number}/{act.name}/", filled(act, cast), format="json")
            assert answer.status_code == expected, (role, act.name, answer.content.decode())
    unchanged = again(row, cast.office_lead)
    assert (unchanged.status, unchanged.version) == (row.status, row.version)


@pytest.mark.parametrize(
    ("name", "state", "role"),
    [(act.name, state, role) for act in ACTS for state, (_, roles) in act.moves.items() for role in sorted(roles)],
)
def test_permitted_act_moves_the_complaint(name, state, role, cast, helper_department, request, api_for):
    act, row = BY_NAME[name], complaint_at(state, cast)
    person = request.getfixturevalue(role)
    api = api_for(person)
    offered = api.get(f"/api/v1/complaints/{row.number}/").json()["actions"]
    answer = api.post(f"/api/v1/complaints/{row.number}/{name}/", filled(act, cast), format="json")
    assert answer.status_code == act.answers, answer.content.decode()
    target = HEAD_SUBMITS_TO if (name, role) == ("submit", "head") else act.moves[state][0]
    moved = answer.json() if act.answers == 200 else api.get(f"/api/v1/complaints/{row.number}/").json()
    assert moved["status"] == target
    assert moved["version"] == row.version + 1
    assert name in offered


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_actions_are_those_of_the_table(state, role, cast, request, api_for):
    row = complaint_at(state, cast)
    answer = api_for(request.getfixturevalue(role)).get(f"/api/v1/complaints/{row.number}/")
    if not sees(role, state):
        assert answer.status_code == 404
        return
    wanted = {act.name for act in ACTS if act.expected(role, state) == 200}
    if role == "office_lead" or (role == "office" and state == "callback"):
        wanted.add("reveal")
    assert set(answer.json()["actions"]) == wanted


@pytest.mark.parametrize("name", BLOCKED)
@pytest.mark.parametrize("role", ROLES)
def test_act_without_an_object_is_409_for_who_may_and_403_for_others(name, role, cast, request, api_for):
    row = complaint_at("handling", cast)
    answer = api_for(request.getfixturevalue(role)).post(
        f"/api/v1/complaints/{row.number}/{name}/", {"reason": "理由充分"}, format="json"
    )
    expected = 404 if role == "stranger" else 409 if role in BLOCKED[name] else 403
    assert answer.status_code == expected


@pytest.mark.parametrize("act", [act for act in ACTS if "reason" in act.body], ids=lambda act: act.name)
def test_reason_is_asked_for_last(act, cast, helper_department, request, api_for):
    """400 without it, but only after 404, 403, 412 and 409."""
    state, (_, roles) = next(iter(act.moves.items()))
    row, person = complaint_at(state, cast), request.getfixturevalue(min(roles))
    body = {name: value for name, value in filled(act, cast).items() if name != "reason"}
    for reason in ({}, {"reason": ""}, {"reason": "   "}):
        answer = api_for(person).post(f"/api/v1/complaints/{row.number}/{act.name}/", body | reason, format="json")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "reason"
    stale = api_for(person).post(
        f"/api/v1/complaints/{row.number}/{act.name}/", {}, format="json", HTTP_IF_MATCH='"complaint-1-99"'
    )
    assert stale.status_code == 412
