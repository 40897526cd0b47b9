"""The same act through browser and REST gets the same verdict (architecture §12)."""

import pytest

from core.models import AuditEvent
from tests.factories.indicators import link_evidence, make_evidence

ACTS = {"accept": {}, "return": {"reason": "缺印章"}, "resubmit": {}}
FORMS = {"resubmit": {"title": "收费公示", "kind": "other", "link": "https://www.xiping.gov.cn/a"}}


@pytest.fixture(params=["browser", "rest"])
def do(request, client_for, api_for):
    """Return a function that does an act on evidence through one of the doors and says how it ended."""

    def by_browser(user, evidence, act) -> int | str:
        data = ACTS[act] | FORMS.get(act, {})
        response = client_for(user).post(f"/indicators/evidence/{evidence.pk}/{act}/", data)
        return "done" if response.status_code == 302 else response.status_code

    def by_rest(user, evidence, act) -> int | str:
        response = api_for(user).post(f"/api/v1/evidence/{evidence.pk}/{act}/", ACTS[act], format="json")
        return "done" if response.status_code == 200 else response.status_code

    return by_browser if request.param == "browser" else by_rest


@pytest.mark.parametrize(
    ("act", "person", "status", "verdict"),
    [
        ("accept", "office", "pending", "done"),
        ("accept", "office", "passed", 409),
        ("accept", "reporter", "pending", 403),
        ("accept", "leader", "pending", 403),
        ("accept", "stranger", "pending", 404),
        ("return", "office_lead", "passed", "done"),
        ("return", "office", "returned", 409),
        ("return", "head", "pending", 403),
        ("return", "stranger", "pending", 404),
        ("resubmit", "reporter", "returned", "done"),
        ("resubmit", "reporter", "pending", 409),
        ("resubmit", "office", "returned", 403),
        ("resubmit", "stranger", "returned", 404),
    ],
)
def test_act_on_evidence_has_one_verdict(gas, do, reporter, request, act, person, status, verdict):
    evidence = make_evidence(reporter, status=status)
    link_evidence(evidence, gas)
    assert do(request.getfixturevalue(person), evidence, act) == verdict
    assert AuditEvent.objects.filter(action=f"indicators.evidence.{act}").count() == (verdict == "done")


@pytest.mark.parametrize(("door", "status"), [("browser", 422), ("rest", 400)])
def test_return_without_a_reason_is_refused_in_words(gas, client_for, api_for, office, reporter, door, status):
    evidence = make_evidence(reporter)
    if door == "browser":
        response = client_for(office).post(f"/indicators/evidence/{evidence.pk}/return/", {"reason": " "})
    else:
        response = api_for(office).post(f"/api/v1/evidence/{evidence.pk}/return/", {"reason": " "}, format="json")
    assert response.status_code == status
    assert "请写明理由" in response.content.decode()


def test_file_handed_in_by_either_door_is_the_same_evidence(gas, client_for, api_for, reporter):
    body = {"title": "公示", "kind": "other", "link": "https://www.xiping.gov.cn/a"}
    assert client_for(reporter).post("/indicators/evidence/add/", body | {"indicators": [gas.pk]}).status_code == 302
    assert api_for(reporter).post("/api/v1/evidence/", body | {"indicators": ["A08"]}).status_code == 201
    rows = api_for(reporter).get("/api/v1/evidence/").json()["results"]
    assert len({(row["title"], row["kind"], row["link"], row["status"], row["department"]) for row in rows}) == 1
