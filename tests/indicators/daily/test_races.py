"""Two people at once: one wins, the other is told; the clock's acts happen once (quality.md, Reliability).

On PostgreSQL with real threads; each race has a control that shows it without the guard.
"""

import threading
from collections import Counter
from datetime import date

import pytest
from django.db import close_old_connections, connection

from accounts.models import Message
from core.exceptions import DomainError
from core.models import AuditEvent, RunLedger
from indicators.models import DailyReport, Observation
from indicators.services import daily_reports as services
from indicators.services.daily_clock import lock_due
from tests.factories.dispatch import DAY, MORNING, at, draft, make_gas, report_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgresql")]
THREADS = 8
NEXT_DAY = date(2026, 11, 26)


def at_once(act, number=THREADS):
    """Run ``act(position)`` in ``number`` threads that start together; return what each came to."""
    barrier, outcomes = threading.Barrier(number), []

    def run(position):
        barrier.wait()
        try:
            act(position)
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return Counter(outcomes)


@pytest.fixture
def gas(department):
    return make_gas(department)


def copies_of(report):
    return [DailyReport.objects.unscoped("test").get(pk=report.pk) for _ in range(THREADS)]


def test_eight_acceptances_are_one(gas, reporter, head, office):
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=value)
    rows = copies_of(report)
    outcomes = at_once(lambda position: services.accept_report(rows[position], actor=office, now=MORNING))
    assert outcomes == {"done": 1, "version_conflict": THREADS - 1}
    assert AuditEvent.objects.filter(action="indicators.dailyreport.accept").count() == 1
    assert Observation.objects.unscoped("test").filter(standing="accepted").count() == 1


def test_control_without_the_version_every_acceptance_would_count(gas, reporter, head, office):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office)
    rows = copies_of(report)

    def accept_unguarded(position):
        assert rows[position].status == "reported"  # what each had read
        DailyReport.objects.unscoped("test").filter(pk=report.pk).update(saved_at=MORNING)

    assert at_once(accept_unguarded) == {"done": THREADS}


def test_eight_first_drafts_of_a_day_are_one_report(gas, reporter):
    outcomes = at_once(lambda position: draft(gas, reporter, progress=f"第 {position} 份", version=0))
    assert outcomes["done"] >= 1
    assert outcomes["done"] + outcomes["version_conflict"] == THREADS
    assert DailyReport.objects.unscoped("test").count() == 1


def test_no_change_tapped_eight_times_is_one_report(gas, reporter):
    outcomes = at_once(lambda position: services.report_no_change(gas, day=DAY, actor=reporter, now=MORNING))
    assert outcomes["done"] == 1
    assert DailyReport.objects.unscoped("test").get().status == "reported"


def test_four_schedulers_lock_a_day_once(gas, reporter):
    assert at_once(lambda position: lock_due(now=at(NEXT_DAY, 10)), number=4) == {"done": 4}
    assert RunLedger.objects.filter(kind="daily_lock", key=DAY.isoformat()).count() == 1
    assert Message.objects.visible_to(reporter).filter(key=f"daily_lock:{DAY.isoformat()}").count() == 1


def test_withdrawal_and_acceptance_at_once_leave_one_of_them(gas, reporter, head, office):
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, values=value)
    rows = copies_of(report)

    def act(position):
        if position % 2:
            services.accept_report(rows[position], actor=office, now=MORNING)
        else:
            services.withdraw_report(rows[position], actor=reporter, now=MORNING)

    assert at_once(act)["done"] == 1
    standing = Observation.objects.unscoped("test").get().standing
    status = DailyReport.objects.unscoped("test").get().status
    assert (status, standing) in {("accepted", "accepted"), ("draft", "rejected")}
