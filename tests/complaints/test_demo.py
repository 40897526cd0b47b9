"""The demonstration's complaints, loaded once: every state, a plausible past, nobody real."""

import re
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from accounts.services.demo import open_demo_accounts
from complaints.demo.loading import load_demo_complaints
from complaints.demo.plan import plan_complaints
from complaints.demo.pressing import press_demo_complaints
from complaints.identities import unseal
from complaints.models import (
    CallBack,
    Complaint,
    ComplaintEvent,
    Escalation,
    Extension,
    HandlingRound,
)
from complaints.selectors.conditions import overdue_q, sign_overdue_q
from complaints.selectors.deadlines import clock_runs
from complaints.services.escalation import scan_complaints
from complaints.services.intake import next_number
from core.models import AuditEvent
from supervision.models import Issue, SupervisionOrder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """Load it once for this module; everything is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_departments", verbosity=0)
        open_demo_accounts(now=NOW)
        load_demo_complaints(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def complaints(demonstration):
    return Complaint.objects.unscoped("test")


def test_the_plan_is_the_same_every_time():
    assert plan_complaints() == plan_complaints()
    assert len(plan_complaints()) == 400


def test_there_is_something_of_everything(complaints):
    assert complaints.filter(regime="business").exclude(grade="").count() > 40
    assert complaints.filter(confidential=True).exists()
    assert complaints.filter(anonymous=True).exists()
    assert complaints.filter(sign_overdue_q(NOW)).exists()
    assert {row.type for row in complaints} >= {"consult", "help", "suggestion", "complaint", "report", "praise"}
    rounds = HandlingRound.objects.unscoped("test")
    assert {row.ending for row in rounds} >= {"open", "closed", "rehandled", "return_approved"}
    assert rounds.filter(round_no=3).exists()
    assert rounds.filter(extended=True).exists()
    assert rounds.filter(suspended_at__isnull=False).exists()
    assert {row.result for row in CallBack.objects.unscoped("test")} == set(CallBack.Result.values)
    assert {row.answer for row in Extension.objects.unscoped("test")} == {"asked", "agreed"}
    assert {row.rung for row in Escalation.objects.unscoped("test")} >= {1, 2, 3, 4}
    assert AuditEvent.objects.filter(action="complaints.demo.load").count() == 1


def test_nothing_happens_in_the_future_or_out_of_order(complaints):
    assert not complaints.filter(received_at__gt=NOW).exists()
    assert not ComplaintEvent.objects.unscoped("test").filter(at__gt=NOW).exists()
    for complaint in complaints.prefetch_related("rounds"):
        moments = [complaint.received_at]
        for round_ in complaint.rounds.all():
            moments += [round_.dispatched_at, round_.signed_at, round_.submitted_at, round_.closed_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known), complaint


def test_lists_repeat_the_current_round(complaints):
    for complaint in complaints.select_related("current_round"):
        round_ = complaint.current_round
        if round_ is None:
            assert (complaint.due_at, complaint.clock_due_at) == (None, None)
            continue
        assert (complaint.department_id, complaint.due_at) == (round_.department_id, round_.effective_due_at)
        assert complaint.clock_due_at == (round_.effective_due_at if clock_runs(round_) else None), complaint


def test_nobody_real_is_named(complaints):
    for complaint in complaints:
        assert re.fullmatch(r"(.某)?", unseal(complaint.caller_name_sealed))
        assert re.fullmatch(r"(1540000\d{4})?", unseal(complaint.caller_phone_sealed))
        assert not re.search(r"\d{7}", complaint.content)


def test_new_numbers_go_on_after_those_of_the_demonstration(complaints):
    taken = set(complaints.values_list("number", flat=True))
    for complaint in complaints.order_by("-received_at")[:20]:
        assert next_number(complaint.received_at) not in taken


def test_the_next_scan_takes_them_up(complaints):
    assert scan_complaints(now=NOW) > 0
    assert scan_complaints(now=NOW) == 0


def test_some_are_pressed_and_one_became_an_issue(complaints, client_for):
    call_command("load_catalogue", verbosity=0)
    assert press_demo_complaints(now=NOW) == 3
    assert press_demo_complaints(now=NOW) == 0
    orders = SupervisionOrder.objects.unscoped("test").select_related("department")
    assert {order.subject_kind for order in orders} == {"complaint"}
    assert complaints.filter(overdue_q(NOW), number__in={order.subject_number for order in orders}).count() == 2
    [issue] = Issue.objects.unscoped("test")
    assert (issue.status, issue.source) == ("assigned", "hotline")
    page = client_for(User.objects.get(username="office")).get(issue.get_absolute_url()).content.decode()
    assert complaints.get(issue=issue).number in page
