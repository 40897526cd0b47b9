"""Role x place x act through the REST door, against the table of domain §7 (``acts_table``)."""

import pytest
from django.db import transaction

from tests.factories.issues import FOUND, again, issue_at, make_piece
from tests.supervision.acts_table import ACTS, PLACES, ROLES, Act, sees, wanted_acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def filled(act: Act, person) -> dict:
    """Return the body of ``act`` with evidence of the person's own."""
    body = dict(act.body)
    if "evidence" in body:
        body["evidence"] = [make_piece(person).pk]
    return body


def one(row, act: str = "") -> str:
    """Return the address of an issue, or of an act on it."""
    return f"/api/v1/issues/{row.number}/{act and f'{act}/'}"


@pytest.mark.parametrize("place", PLACES)
def test_refused_acts_answer_as_the_table_says_and_leave_the_row_alone(place, cast, request, api_for):
    row = issue_at(place, cast, assisting=[cast.helper_department])
    for role in ROLES:
        person = request.getfixturevalue(role)
        api = api_for(person)
        for act in ACTS:
            expected = act.expected(role, place)
            if expected == 200:
                continue
            answer = api.post(one(row, act.name), filled(act, person), format="json")
            assert answer.status_code == expected, (role, act.name, act.body, answer.content.decode())
            assert answer.json()["detail"]
    unchanged = again(row, cast.office_lead)
    assert (unchanged.status, unchanged.version) == (row.status, row.version)


@pytest.mark.parametrize("place", PLACES)
def test_permitted_acts_move_the_issue(place, cast, request, api_for):
    """Each act from the same row: what the one before did is taken back."""
    row = issue_at(place, cast, assisting=[cast.helper_department])
    permitted = [(act, role) for act in ACTS for role in ROLES if act.expected(role, place) == 200]
    assert permitted or place == "revoked"
    for act, role in permitted:
        person = request.getfixturevalue(role)
        before = transaction.savepoint()
        answer = api_for(person).post(one(row, act.name), filled(act, person), format="json")
        transaction.savepoint_rollback(before)
        assert answer.status_code == 200, (role, act.name, answer.content.decode())
        said = answer.json()
        assert (said["status"], said["version"]) == (act.at(place)[role], row.version + 1), (role, act.name)
        assert said["events"][0]["kind"] == act.name, (role, act.name)


@pytest.mark.parametrize("place", PLACES)
def test_actions_are_those_of_the_table(place, cast, request, api_for):
    """In the list as on the single row, where the same is judged from plain columns."""
    row = issue_at(place, cast, assisting=[cast.helper_department])
    for role in ROLES:
        api = api_for(request.getfixturevalue(role))
        single, listed = api.get(one(row)), api.get("/api/v1/issues/").json()["results"]
        if not sees(role, place):
            assert (single.status_code, listed) == (404, []), role
            continue
        wanted = wanted_acts(role, place)
        assert set(single.json()["actions"]) == wanted, role
        assert set(listed[0]["actions"]) == wanted, role


@pytest.mark.parametrize("act", [act for act in ACTS if "reason" in act.body], ids=lambda act: act.name)
def test_reason_is_asked_for_last(act, cast, request, api_for):
    """400 without it, but only after 404, 403, 412 and 409."""
    place, roles = next(iter(act.moves.items()))
    row, person = issue_at(place, cast), request.getfixturevalue(next(iter(roles)))
    body = {name: value for name, value in filled(act, person).items() if name != "reason"}
    for reason in ({}, {"reason": ""}, {"reason": "   "}):
        answer = api_for(person).post(one(row, act.name), body | reason, format="json")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "reason"
    stale = api_for(person).post(one(row, act.name), {}, format="json", HTTP_IF_MATCH='"issue-1-99"')
    assert stale.status_code == 412
    assert again(row, cast.inspector).entered_status_at == FOUND
