"""What the REST door of issues refuses: own work, second names, missing evidence, foreign items, wrong bodies."""

import pytest

from accounts.roles import Role
from supervision.services import verification, writing
from tests.factories.accounts import make_deputy, make_user
from tests.factories.issues import FOUND, again, give, issue_at, make_piece
from tests.supervision.rest import LIST, one, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


# --- Bad input that the issue names ------------------------------------------------------------------


def test_nobody_verifies_their_own_department_s_work(cast, api_for):
    row = issue_at("verifying", cast, assisting=[cast.helper_department])
    for department in (cast.department, cast.helper_department):
        own = make_user(f"{department.code}_inspector", Role.INSPECTOR, department=department)
        for act, body in (("verify_pass", {}), ("verify_fail", {"reason": "未改"})):
            assert "不能" in refusal(api_for(own).post(one(row, act), body, format="json"), 403)


def test_a_deputy_of_a_verifier_stays_of_their_own_department(cast, api_for):
    row = issue_at("verifying", cast)
    today = FOUND.date()
    make_deputy(cast.inspector, cast.head, today, today)
    stand_in = type(cast.head).objects.get(pk=cast.head.pk)
    stand_in.acting_for = cast.inspector
    refusal(api_for(stand_in).post(one(row, "verify_pass"), {}, format="json"), 403)


def test_what_a_deputy_verified_stands_under_both_names(cast, api_for, client_for):
    row = issue_at("verifying", cast)
    make_deputy(cast.inspector, cast.office, FOUND.date(), FOUND.date())
    stand_in = type(cast.office).objects.get(pk=cast.office.pk)
    stand_in.acting_for = cast.inspector
    verification.verify_pass(again(row, stand_in), note="看过现场", actor=stand_in, now=FOUND)
    names = f"{cast.office.name}（代{cast.inspector.name}）"
    answer = api_for(cast.office_lead).get(one(row)).json()
    assert answer["verifications"][0]["on_behalf_of"] == cast.inspector.name
    assert answer["events"][0]["on_behalf_of"] == cast.inspector.name
    assert client_for(cast.office_lead).get(row.get_absolute_url()).content.decode().count(names) >= 2


def test_the_second_name_is_another_person_s(cast, api_for):
    row, api = issue_at("verifying", cast), api_for(cast.inspector)
    assert api.post(one(row, "verify_pass"), {"note": "看过"}, format="json").json()["status"] == "verifying"
    assert "您已验收" in refusal(api.post(one(row, "verify_pass"), {}, format="json"), 409)
    assert "您已验收" in refusal(api.post(one(row, "verify_fail"), {"reason": "改主意"}, format="json"), 409)


def test_who_gave_evidence_of_after_does_not_verify_the_round(cast, api_for):
    row = issue_at("rectifying", cast)
    give(row, cast.inspector)
    assert api_for(cast.head).post(one(row, "request_clearance"), {}, format="json").json()["status"] == "verifying"
    assert "上传过整改后的佐证" in refusal(
        api_for(cast.inspector).post(one(row, "verify_pass"), {}, format="json"), 409
    )


def test_clearance_needs_evidence_of_the_round(cast, api_for):
    row, api = issue_at("rectifying", cast), api_for(cast.head)
    give(row, cast.inspector, "before")
    assert "request_clearance" in api.get(one(row)).json()["actions"]
    assert "佐证" in refusal(api.post(one(row, "request_clearance"), {}, format="json"), 409)


def test_new_round_needs_evidence_of_its_own(cast, api_for):
    row = issue_at("cleared", cast)
    relapsed = api_for(cast.inspector).post(one(row, "relapse"), {"reason": "又贴出旧价目"}, format="json")
    assert relapsed.json()["round_no"] == 2
    assert "本轮还没有" in refusal(api_for(cast.head).post(one(row, "request_clearance"), {}, format="json"), 409)


@pytest.mark.parametrize("place", ["draft", "registered", "assigned", "planning", "rectifying", "verifying", "revoked"])
def test_what_was_not_cleared_cannot_relapse(place, cast, api_for):
    row = issue_at(place, cast)
    answer = api_for(cast.inspector).post(one(row, "relapse"), {"reason": "又出现"}, format="json")
    assert row.get_status_display() in refusal(answer, 409)


@pytest.mark.parametrize(
    ("act", "place", "who", "body", "field"),
    [
        ("submit_plan", "planning", "head", {"measures": "核对", "due_on": "2026-12-01"}, "due_on"),
        ("submit_plan", "planning", "head", {"measures": "核对", "due_on": "2026-11-01"}, "due_on"),
        ("submit_plan", "planning", "head", {"measures": " "}, "measures"),
        ("request_extension", "rectifying", "head", {"due_on": "2026-11-30", "reason": "推迟"}, "due_on"),
        ("request_extension", "rectifying", "head", {"reason": "推迟"}, "due_on"),
        ("relapse", "cleared", "inspector", {"reason": "反弹", "due_on": "2026-11-20"}, "due_on"),
        ("look_back", "cleared", "inspector", {"result": "closed", "note": "看过"}, "result"),
        ("look_back", "cleared", "inspector", {"result": "relapsed"}, "note"),
        ("add_evidence", "rectifying", "head", {"phase": "after"}, "evidence"),
        ("add_evidence", "rectifying", "head", {"phase": "after", "evidence": []}, "evidence"),
        ("add_evidence", "rectifying", "head", {"phase": "after", "evidence": [999]}, "evidence[0]"),
        ("add_evidence", "rectifying", "head", {"phase": "verification", "evidence": [1]}, "phase"),
        ("verify_pass", "verifying", "inspector", {"evidence": ["x"]}, "evidence[0]"),
        ("review", "sustained", "inspector", {}, "note"),
        ("supervise", "rectifying", "inspector", {"requirement": "整改", "due_on": "2026-11-01"}, "due_on"),
    ],
)
def test_wrong_body_names_the_field(act, place, who, body, field, cast, api_for):
    row = issue_at(place, cast)
    answer = api_for(getattr(cast, who)).post(one(row, act), body, format="json")
    assert answer.status_code == 400, answer.content.decode()
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert again(row, cast.inspector).version == row.version


def test_foreign_issues_do_not_exist(cast, stranger, api_for):
    row = issue_at("rectifying", cast)
    api = api_for(stranger)
    for answer in (
        api.get(one(row)),
        api.patch(one(row), {"title": "改"}, format="json"),
        api.post(one(row, "note"), {"note": "看看"}, format="json"),
        api.post(one(row, "withdraw_evidence"), {"evidence": 1, "reason": "错"}, format="json"),
        api.get(one(row, "form") + "?kind=assignment"),
    ):
        refusal(answer, 404)


def test_evidence_of_others_cannot_be_named(cast, stranger, api_for):
    foreign = make_piece(stranger)
    body = {"evidence": [foreign.pk], "phase": "after"}
    answer = api_for(cast.head).post(one(issue_at("rectifying", cast), "add_evidence"), body, format="json")
    refusal(answer, 400, "evidence[0]")


def test_signer_verifies_where_fewer_than_two_others_may(cast, signer, api_for):
    """An issue of the office itself: its own reviewer is barred, one inspector is left."""
    office = cast.office_lead.department
    lead = make_user("ysb_head", Role.DEPARTMENT_HEAD, department=office)
    row = issue_at("registered", cast, department=office)
    writing.assign_issue(row, actor=cast.inspector, now=FOUND)
    for act, body in (("sign_for", {}), ("submit_plan", {"measures": "整改"})):
        assert api_for(lead).post(one(row, act), body, format="json").status_code == 200
    give(again(row, lead), lead)
    assert api_for(lead).post(one(row, "request_clearance"), {}, format="json").status_code == 200
    refusal(api_for(cast.office_lead).post(one(row, "verify_pass"), {}, format="json"), 403)
    assert "verify_pass" in api_for(signer).get(LIST).json()["results"][0]["actions"]
    assert api_for(signer).post(one(row, "verify_pass"), {}, format="json").status_code == 200
    assert api_for(cast.inspector).post(one(row, "verify_pass"), {}, format="json").json()["status"] == "cleared"
