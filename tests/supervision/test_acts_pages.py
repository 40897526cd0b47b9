"""Role x place x act through the HTML door, against the same table as the REST door."""

import pytest
from django.urls import reverse

from accounts.confirmation import FIELD
from supervision.models import Verification
from supervision.views.acts import ACTS as PAGES
from supervision.workflow import ISSUE
from tests.factories.files import photo, uploaded
from tests.factories.issues import again, issue_at, make_piece
from tests.supervision.acts_table import ACTS, PLACES, ROLES, Act, sees

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def typed(act: Act, person) -> dict:
    """Return what a person types on the page of ``act``."""
    values = dict(act.body)
    if "evidence" in values:
        values.pop("evidence")
        if person.scope_department_id is None:
            values["files"] = uploaded(photo(), "现场.jpg")
        else:
            values["evidence"] = [make_piece(person).pk]
    return values


def address_of(row, name: str) -> str:
    return reverse("supervision:issue_act", args=[row.number, name])


def test_every_act_of_the_table_has_its_page():
    assert set(PAGES) == set(ISSUE.transitions)


def expected_of(name: str, role: str, place: str) -> int:
    """Return the status of the page ``name``: of evidence there is one for both phases, open where either is.

    Where the API answers 409 because something is lacking, the page asks for it and keeps what was typed.
    """
    acts = [act for act in ACTS if act.name == name]
    statuses = {act.expected(role, place) for act in acts}
    if any(role in act.lacking.get(place, ()) for act in acts):
        return 422
    return next(status for status in (200, 404, 409, 403) if status in statuses)


@pytest.mark.parametrize("place", PLACES)
def test_refused_acts_answer_as_the_table_says(place, cast, helper_department, request, client_for):
    row = issue_at(place, cast, assisting=[helper_department])
    for role in ROLES:
        person = request.getfixturevalue(role)
        browser = client_for(person)
        for act in ACTS:
            expected = expected_of(act.name, role, place)
            if expected != 200:
                answer = browser.post(address_of(row, act.name), typed(act, person))
                assert answer.status_code == expected, (role, act.name)
    unchanged = again(row, cast.office_lead)
    assert (unchanged.status, unchanged.version) == (row.status, row.version)


@pytest.mark.parametrize(
    ("act", "place", "role"),
    [(act, place, role) for act in ACTS for place in act.moves for role in sorted(act.moves[place])],
    ids=lambda one: getattr(one, "name", one),
)
def test_permitted_act_moves_the_issue(act, place, role, cast, helper_department, request, client_for):
    row = issue_at(place, cast, assisting=[helper_department])
    person = request.getfixturevalue(role)
    browser = client_for(person)
    address = address_of(row, act.name)
    assert f'"{address}"' in browser.get(row.get_absolute_url()).content.decode()
    assert browser.get(address).status_code == 200
    answer = browser.post(address, typed(act, person) | {"version": row.version})
    assert answer.status_code == 302, answer.content.decode()
    assert again(row, cast.office_lead).status == act.moves[place][role]


@pytest.mark.parametrize("place", PLACES)
def test_page_offers_no_act_that_the_table_refuses(place, cast, helper_department, request, client_for):
    row = issue_at(place, cast, assisting=[helper_department])
    for role in ROLES:
        answer = client_for(request.getfixturevalue(role)).get(row.get_absolute_url())
        assert answer.status_code == (200 if sees(role, place) else 404), role
        if answer.status_code == 200:
            page = answer.content.decode()
            offered = {name for name in PAGES if f'"{address_of(row, name)}"' in page}
            wanted = {
                one.name for one in ACTS if one.expected(role, place) == 200 or role in one.lacking.get(place, ())
            }
            assert offered == wanted, role


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [("stranger", "note", 404), ("leader", "note", 403), ("reporter", "sign_for", 409), ("reporter", "note", 200)],
)
def test_form_is_refused_as_what_it_would_send(role, name, status, cast, request, client_for):
    row = issue_at("rectifying", cast)
    assert client_for(request.getfixturevalue(role)).get(address_of(row, name)).status_code == status


def test_form_over_an_older_version_is_refused(cast, client_for):
    row = issue_at("rectifying", cast)
    browser = client_for(cast.reporter)
    assert browser.post(address_of(row, "note"), {"note": "一", "version": row.version - 1}).status_code == 409
    assert browser.post(address_of(row, "note"), {"note": "一", "version": row.version}).status_code == 302


def test_wrong_input_is_said_at_the_field_and_kept(cast, client_for):
    row = issue_at("planning", cast)
    body = {"measures": "逐项核对收费目录", "due_on": "2027-03-01"}
    answer = client_for(cast.head).post(address_of(row, "submit_plan"), body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "完成日期不能晚于整改时限 2026-11-30，确需推迟请申请延期" in page
    assert "逐项核对收费目录" in page
    assert 'value="2027-03-01"' in page


def test_clearance_without_evidence_says_so_and_keeps_the_note_and_takes_photos_with_it(cast, client_for):
    row = issue_at("rectifying", cast)
    browser = client_for(cast.head)
    answer = browser.post(address_of(row, "request_clearance"), {"note": "公示栏已更换"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "本轮还没有整改后的佐证" in page
    assert "公示栏已更换" in page
    body = {"note": "公示栏已更换", "camera": uploaded(photo(), "公示栏.jpg")}
    assert browser.post(address_of(row, "request_clearance"), body).status_code == 302
    assert again(row, cast.head).status == "verifying"


def test_both_buttons_of_the_verifiers_form_take_its_one_note(cast, client_for):
    row = issue_at("verifying", cast)
    browser = client_for(cast.inspector)
    assert browser.post(address_of(row, "verify_fail"), {"note": ""}).status_code == 422
    assert browser.post(address_of(row, "verify_fail"), {"note": "只改一处"}).status_code == 302
    request = again(row, cast.inspector).round_in_hand.clearance_requests.get()
    assert request.reason == "只改一处"


def test_verifier_s_photo_goes_with_the_signature(cast, client_for):
    row = issue_at("verifying", cast)
    body = {"note": "已到现场核对", "files": uploaded(photo(), "核对.jpg"), "sustained": "on"}
    browser = client_for(cast.inspector)
    assert browser.post(address_of(row, "verify_pass"), body).status_code == 302
    signature = Verification.objects.unscoped("test").get()
    assert (signature.note, signature.sustained) == ("已到现场核对", True)
    assert "核对.jpg" in browser.get(row.get_absolute_url()).content.decode()


def test_a_head_on_a_trusted_device_signs_with_the_password(cast, client_for, monkeypatch):
    row = issue_at("clearance_to_sign", cast)
    monkeypatch.setattr("accounts.confirmation.is_password_recent", lambda session, now: False)
    answer = client_for(cast.head).post(address_of(row, "sign_clearance"), {"version": row.version})
    assert answer.status_code == 403
    assert f'name="{FIELD}"' in answer.content.decode()
    assert again(row, cast.head).status == "rectifying"


def test_unknown_act_is_404(cast, client_for):
    row = issue_at("rectifying", cast)
    assert client_for(cast.office).get(f"{row.get_absolute_url()}fly/").status_code == 404
