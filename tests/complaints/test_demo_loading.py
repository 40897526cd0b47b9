"""The demonstration's complaints are loaded on any day, once, and not before the accounts."""

import time
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.services.demo import open_demo_accounts
from complaints.demo.loading import load_demo_complaints
from complaints.models import Complaint
from complaints.selectors.conditions import nearly_due_q, overdue_q
from core.exceptions import RuleViolation
from core.selectors.calendar import work_calendar

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def units(db):
    call_command("load_departments", verbosity=0)
    open_demo_accounts(now=NOW)


def test_without_accounts_it_says_what_to_run_first(db):
    with pytest.raises(RuleViolation, match="load_demo"):
        load_demo_complaints(now=NOW)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 10, 5, 3, 0, tzinfo=UTC),
        datetime(2026, 10, 10, 9, 0, tzinfo=UTC),
        datetime(2027, 1, 4, tzinfo=UTC),
    ],
)
def test_it_loads_quickly_on_any_day_and_only_once(units, now):
    start = time.process_time()
    assert load_demo_complaints(now=now) == 400
    assert time.process_time() - start < 20
    assert load_demo_complaints(now=now) == 0
    rows = Complaint.objects.unscoped("test")
    assert rows.count() == 400
    assert {row.status for row in rows} == set(Complaint.Status.values)
    assert rows.filter(overdue_q(now)).count() >= 5
    assert rows.filter(nearly_due_q(now, work_calendar())).count() >= 3


def test_the_command_says_how_many(units, capsys):
    call_command("load_demo_complaints")
    assert capsys.readouterr().out == "演示投诉工单 400 件\n"
