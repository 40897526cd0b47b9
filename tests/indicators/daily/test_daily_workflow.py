"""Every (state x act x role) of a daily report, through both doors (domain §4)."""

import pytest
from django.db import transaction
from django.urls import reverse

from core import clock
from core.exceptions import DomainError
from indicators.models import DailyReport
from indicators.selectors.expectation import judge_closure
from indicators.workflow.daily_reports import DAILY_REPORT
from tests.factories.dispatch import report_at

STATUSES = list(DailyReport.Status.values)
ACTS = ["submit", "approve", "send_back", "accept", "return", "resubmit", "reopen", "withdraw"]
#: The table once more, in its own words: act -> (states, who).
TABLE = {
    "submit": ({"draft"}, {"reporter", "head"}),
    "approve": ({"submitted"}, {"head"}),
    "send_back": ({"submitted"}, {"head"}),
    "withdraw": ({"submitted", "reported"}, {"reporter", "head"}),
    "accept": ({"reported"}, {"office", "office_lead"}),
    "return": ({"reported"}, {"office", "office_lead"}),
    "resubmit": ({"returned"}, {"reporter", "head"}),
    "reopen": ({"accepted"}, {"office_lead"}),
}
AFTER = {
    "submit": "submitted",
    "approve": "reported",
    "send_back": "draft",
    "withdraw": "draft",
    "accept": "accepted",
    "return": "returned",
    "resubmit": "submitted",
    "reopen": "returned",
}
INVISIBLE = {"stranger", "sysadmin", "secadmin", "auditor"}
ROLES = ["reporter", "head", "assisting", "office", "office_lead", "signer", "leader", "inspector", *sorted(INVISIBLE)]


def verdict_of(act: str, status: str, role: str) -> int:
    """Return what the contract says, by its order of refusals."""
    states, who = TABLE[act]
    if role in INVISIBLE:
        return 404
    if role not in who:
        return 403
    return 200 if status in states else 409


def by_api(request, user, report, act):
    client = request.getfixturevalue("api_for")(user)
    return client.post(f"/api/v1/daily-reports/{report.pk}/{act}/", {"reason": "请核对"}, format="json").status_code


def by_page(request, user, report, act):
    client = request.getfixturevalue("client_for")(user)
    status = client.post(reverse(f"indicators:report_{act}", args=[report.pk]), {"reason": "请核对"}).status_code
    return 200 if status == 302 else status


def test_the_table_has_exactly_the_acts_of_the_contract():
    assert set(DAILY_REPORT.transitions) == set(ACTS)


@pytest.mark.parametrize("door", [by_api, by_page])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ROLES)
def test_each_cell_same_verdict_through_both_doors(request, door, status, role, gas, reporter, head, office, today):
    user = request.getfixturevalue(role)
    report = report_at(status, gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    for act in ACTS:
        with transaction.atomic():
            assert door(request, user, report, act) == verdict_of(act, status, role), f"{role} {act} {status}"
            stored = DailyReport.objects.unscoped("test").get(pk=report.pk).status
            if verdict_of(act, status, role) == 200:
                expected = "reported" if role == "head" and act in ("submit", "resubmit") else AFTER[act]
                assert stored == expected
            else:
                assert stored == status
            transaction.set_rollback(True)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ["reporter", "head", "assisting", "office", "office_lead", "inspector"])
def test_actions_are_exactly_what_would_succeed(request, status, role, gas, reporter, head, office, today):
    user = request.getfixturevalue(role)
    report = report_at(status, gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    answer = request.getfixturevalue("api_for")(user).get(f"/api/v1/daily-reports/{report.pk}/")
    offered = {act for act in ACTS if verdict_of(act, status, role) == 200}
    assert set(answer.json()["actions"]) == offered
    assert answer.json()["status_label"] == report.get_status_display()


def test_lock_is_judged_before_the_state_and_after_the_person(gas, reporter, head, office, stranger, today):
    now = clock.now()
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, day=today, now=now)
    report.closure = judge_closure(report, now=now).closure.__class__(True, now, "该日已锁定")
    with pytest.raises(DomainError) as caught:
        DAILY_REPORT.check("withdraw", report, actor=reporter)
    assert caught.value.code == "locked"
    with pytest.raises(DomainError) as caught:
        DAILY_REPORT.check("withdraw", report, actor=office)
    assert caught.value.status_code == 403
