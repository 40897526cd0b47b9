"""One issue through the REST door, whole: rounds, signatures, evidence, forms, step-up."""

from datetime import date

import pytest

from accounts.roles import Role
from departments.models import Department
from indicators.models import Evidence
from supervision.services import verification
from supervision.services.evidence import add_evidence
from tests.factories import files
from tests.factories.accounts import make_user, on_device
from tests.factories.issues import FOUND, issue_at, make_piece
from tests.supervision.rest import LIST, one, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


# --- The whole row ----------------------------------------------------------------------------------


def test_row_carries_rounds_signatures_look_backs_and_timeline(cast, api_for):
    row = issue_at("cleared", cast)
    give_photo = make_piece(cast.inspector, title="复查照片")
    verification.record_look_back(row, result="relapsed", note="又贴出旧价目", actor=cast.inspector, now=FOUND)
    said = api_for(cast.reporter).get(one(row)).json()
    first, second = said["rounds"]
    assert (first["ending"], first["assignment_number"], first["measures"] != "") == (
        *("cleared", "西营商交〔2026〕1号"),
        True,
    )
    (request,) = first["clearance_requests"]
    assert [(name["user"], name["department"], name["sustained"]) for name in request["verifications"]] == [
        ("inspector", None, False),
        ("office_lead", "ysb", False),
    ]
    assert (request["result"], request["number"]) == ("passed", "西营商销〔2026〕1号")
    assert (second["round_no"], second["effective_due_on"], second["ending"]) == (2, "2026-12-14", "open")
    assert said["verifications"] == []
    assert [(one_["due_on"], one_["result"]) for one_ in said["look_backs"]] == [
        ("2026-12-23", "relapsed"),
        ("2027-02-22", "closed"),
    ]
    assert said["look_backs"][0]["done_on"] == "2026-11-23"
    assert [event["kind"] for event in said["events"]][:2] == ["look_back", "verify_pass"]
    assert [(item["phase"], item["by"], item["round"]) for item in said["evidence"]] == [("after", "zjj_reporter", 1)]
    assert give_photo.pk not in {item["id"] for item in said["evidence"]}


def test_names_that_count_are_those_of_the_request_that_stands_or_passed(cast, api_for):
    row, api = issue_at("verified_once", cast), api_for(cast.office)
    names = [one_["user"] for one_ in api.get(one(row)).json()["verifications"]]
    assert names == ["inspector"]
    passed = api_for(cast.office_lead).post(one(row, "verify_pass"), {"note": "已看"}, format="json").json()
    assert [one_["user"] for one_ in passed["verifications"]] == ["inspector", "office_lead"]
    failed = issue_at("verified_once", cast)
    said = api_for(cast.office_lead).post(one(failed, "verify_fail"), {"reason": "只改一处"}, format="json").json()
    assert (said["status"], said["verifications"]) == ("rectifying", [])
    (request,) = said["rounds"][0]["clearance_requests"]
    assert [(name["user"], name["passed"]) for name in request["verifications"]] == [
        ("inspector", True),
        ("office_lead", False),
    ]


def test_extension_is_asked_confirmed_and_agreed(cast, api_for):
    row = issue_at("rectifying", cast)
    asked = api_for(cast.reporter).post(
        one(row, "request_extension"), {"due_on": "2026-12-07", "reason": "供货推迟"}, format="json"
    )
    assert asked.json()["extension"]["answer"] == "unconfirmed"
    assert api_for(cast.head).post(one(row, "confirm_extension"), {}, format="json").status_code == 200
    said = api_for(cast.office_lead).post(one(row, "agree_extension"), {}, format="json").json()
    assert (said["extension"]["answer"], said["due_on"], said["rounds"][0]["due_on"]) == (
        *("agreed", "2026-12-07"),
        "2026-11-30",
    )
    refusal(
        api_for(cast.head).post(
            one(row, "request_extension"), {"due_on": "2026-12-21", "reason": "又推迟"}, format="json"
        ),
        409,
    )


def test_inspection_is_not_named_to_a_department(cast, inspection, api_for):
    row = issue_at("assigned", cast, inspection=inspection, source="covert")
    assert api_for(cast.inspector).get(one(row)).json()["inspection"] == inspection.pk
    for answer in (api_for(cast.head).get(one(row)).json(), api_for(cast.head).get(LIST).json()["results"][0]):
        assert (answer["inspection"], answer["inspection_label"]) == (None, None)


def test_if_match_of_an_older_version_is_412(cast, api_for):
    row, api = issue_at("rectifying", cast), api_for(cast.reporter)
    tag = api.get(one(row))["ETag"]
    assert api.post(one(row, "note"), {"note": "一"}, format="json", HTTP_IF_MATCH=tag).status_code == 200
    assert api.post(one(row, "note"), {"note": "二"}, format="json", HTTP_IF_MATCH=tag).status_code == 412
    assert api.post(one(row, "remind"), {}, format="json", HTTP_IF_MATCH=tag).status_code == 403


def test_department_no_longer_valid_is_named(cast, api_for):
    row = issue_at("registered", cast)
    Department.objects.filter(pk=cast.helper_department.pk).update(valid_to=date(2026, 11, 1))
    refusal(api_for(cast.office).post(one(row, "assign"), {"department": "cgj"}, format="json"), 400, "department")


# --- Evidence ---------------------------------------------------------------------------------------


def upload(api, **fields):
    """Hand in a photo at ``evidence/``."""
    body = {"file": files.uploaded(files.picture("JPEG"), "公示栏.jpg"), "kind": "photo", "title": "公示栏"} | fields
    return api.post("/api/v1/evidence/", body, format="multipart")


def status_of(api, url: str) -> int:
    """Return the status of a download, which is closed again."""
    answer = api.get(url)
    answer.close()
    return answer.status_code


@pytest.mark.parametrize("role", ["inspector", "office", "office_lead", "reporter", "head", "helper"])
def test_evidence_is_handed_in_added_and_seen_with_the_issue(role, cast, leader, stranger, api_for):
    row = issue_at("rectifying", cast, assisting=[cast.helper_department])
    giver = api_for(getattr(cast, role))
    handed_in = upload(giver)
    assert handed_in.status_code == 201, handed_in.content.decode()
    key, url = handed_in.json()["id"], handed_in.json()["url"]
    assert status_of(api_for(leader), url) == 404
    answer = giver.post(one(row, "add_evidence"), {"evidence": [key], "phase": "after"}, format="json")
    assert answer.status_code == 200, answer.content.decode()
    (item,) = answer.json()["evidence"]
    assert (item["id"], item["url"], item["phase"]) == (key, url, "after")
    for person in (cast.inspector, cast.office, cast.reporter, cast.head, cast.helper, leader):
        assert status_of(api_for(person), url) == 200, person.username
    assert status_of(api_for(stranger), url) == 404


def test_withdrawn_evidence_leaves_the_row_and_is_no_longer_seen_with_it(cast, leader, api_for):
    row, api = issue_at("rectifying", cast), api_for(cast.reporter)
    key = upload(api).json()["id"]
    assert api.post(one(row, "add_evidence"), {"evidence": [key], "phase": "after"}, format="json").status_code == 200
    body = {"evidence": key, "reason": "传错照片"}
    refusal(api_for(cast.head).post(one(row, "withdraw_evidence"), body, format="json"), 403)
    refusal(api_for(leader).post(one(row, "withdraw_evidence"), body, format="json"), 403)
    refusal(api.post(one(row, "withdraw_evidence"), {"evidence": key}, format="json"), 400, "reason")
    refusal(api.post(one(row, "withdraw_evidence"), body | {"evidence": key + 1}, format="json"), 400, "evidence")
    stale = api.post(one(row, "withdraw_evidence"), body, format="json", HTTP_IF_MATCH='"issue-1-1"')
    assert stale.status_code == 412
    said = api.post(one(row, "withdraw_evidence"), body, format="json")
    assert (said.status_code, said.json()["evidence"]) == (200, [])
    assert said["ETag"] == api.get(one(row))["ETag"]
    assert status_of(api_for(leader), f"/api/v1/evidence/{key}/file/") == 404
    refusal(api.post(one(row, "withdraw_evidence"), body, format="json"), 400, "evidence")


def test_evidence_used_for_clearance_stays(cast, api_for):
    row = issue_at("rectified", cast)
    key = row.evidence.get().evidence_id
    assert api_for(cast.head).post(one(row, "request_clearance"), {}, format="json").status_code == 200
    body = {"evidence": key, "reason": "传错照片"}
    refusal(api_for(cast.reporter).post(one(row, "withdraw_evidence"), body, format="json"), 409)


def test_photo_of_a_verifier_goes_with_the_name(cast, api_for):
    row, api = issue_at("verifying", cast), api_for(cast.inspector)
    key = upload(api, title="现场").json()["id"]
    said = api.post(one(row, "verify_pass"), {"note": "看过", "evidence": [key]}, format="json").json()
    assert [(item["phase"], item["by"]) for item in said["evidence"]] == [
        ("after", "zjj_reporter"),
        ("verification", "inspector"),
    ]


def test_inspector_without_a_department_sees_what_they_handed_in_and_no_other_loose_pieces(cast, api_for):
    own, loose = make_piece(cast.inspector), make_piece(make_user("inspector9", Role.INSPECTOR))
    seen = set(Evidence.objects.visible_to(cast.inspector).values_list("pk", flat=True))
    assert own.pk in seen
    assert loose.pk not in seen


def test_report_of_an_inspection_is_seen_by_who_reads_inspections(cast, inspection, leader):
    report = make_piece(cast.inspector, title="检查报告")
    inspection.report = report
    inspection.save()
    assert Evidence.objects.visible_to(leader).filter(pk=report.pk).exists()
    assert not Evidence.objects.visible_to(cast.head).filter(pk=report.pk).exists()


# --- Forms, orders, step-up -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "place", "status"),
    [
        ("assignment", "registered", 409),
        ("assignment", "assigned", 200),
        ("notice", "assigned", 200),
        ("clearance", "rectified", 409),
        ("clearance", "verifying", 200),
        ("supervision", "verifying", 409),
        ("poem", "assigned", 400),
        ("", "assigned", 400),
    ],
)
def test_forms_are_answered_once_earned(kind, place, status, cast, api_for):
    answer = api_for(cast.office).get(f"{one(issue_at(place, cast), 'form')}?kind={kind}")
    if status != 200:
        refusal(answer, status)
        return
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer["Content-Disposition"].startswith("attachment")


def test_order_stands_on_the_issue(cast, api_for):
    row = issue_at("rectifying", cast)
    body = {"requirement": "三日内整改到位", "due_on": "2026-11-27"}
    (order,) = api_for(cast.inspector).post(one(row, "supervise"), body, format="json").json()["orders"]
    assert (order["status"], order["department"], order["due_on"]) == ("awaiting", "zjj", "2026-11-27")
    assert api_for(cast.office).get(f"{one(row, 'form')}?kind=supervision").status_code == 200


@pytest.mark.parametrize(
    ("act", "place", "who", "body", "asked"),
    [
        ("sign_plan", "plan_to_sign", "head", {}, True),
        ("submit_plan", "planning", "head", {"measures": "核对"}, True),
        ("submit_plan", "planning", "reporter", {"measures": "核对"}, False),
        ("sign_clearance", "clearance_to_sign", "head", {}, True),
        ("note", "rectifying", "head", {"note": "进展"}, False),
    ],
)
@pytest.mark.django_db(transaction=False)
def test_signatures_on_a_trusted_device_ask_for_the_password(act, place, who, body, asked, cast, monkeypatch):
    monkeypatch.undo()
    row = issue_at(place, cast)
    browser = on_device(getattr(cast, who), minutes=60)
    answer = browser.post(one(row, act), body, content_type="application/json")
    assert answer.status_code == (403 if asked else 200), answer.content.decode()
    if asked:
        assert answer.json()["code"] == "password_confirmation_required"


def test_add_evidence_service_and_door_are_one(cast, api_for):
    """What the service added is what the row says."""
    row = issue_at("draft", cast)
    add_evidence(row, evidence=[make_piece(cast.inspector)], phase="before", actor=cast.inspector, now=FOUND)
    (item,) = api_for(cast.office).get(one(row)).json()["evidence"]
    assert (item["phase"], item["round"], item["by"]) == ("before", None, "inspector")
