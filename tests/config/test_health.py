"""/healthz, /readyz and /metrics, and the findings behind them."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from core import clock, health
from core.health import State
from core.models import CalendarDay, CalendarRevision
from core.services.heartbeat import record_heartbeat

NOON = datetime.fromisoformat("2026-11-25T12:00:00+08:00")
JUST_STARTED, LONG_RUNNING = timedelta(seconds=5), timedelta(minutes=5)

pytestmark = pytest.mark.django_db


def publish(*years: int) -> None:
    """Replace the installed calendar by ``years``: one day is enough for a year to be published."""
    CalendarDay.objects.all().delete()
    for year in years:
        CalendarDay.objects.create(date=date(year, 1, 1), kind="rest", name="元旦", source="state_council")
    CalendarRevision.objects.create(label="test", at=NOON)  # tells caches to read again


def test_healthz_without_login_is_ok():
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_everything_there_but_next_year_is_200():
    publish(clock.today().year)
    record_heartbeat(clock.now())
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    assert set(response.json()["checks"]) == {"database", "broker", "scheduler", "disk", "calendar"}


def test_readyz_without_this_years_calendar_is_503_and_says_so():
    publish()
    record_heartbeat(clock.now())
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["calendar"]["state"] == "failed"


@pytest.mark.parametrize(
    ("age", "running_for", "state"),
    [
        (timedelta(minutes=1), LONG_RUNNING, State.OK),
        (timedelta(minutes=3), LONG_RUNNING, State.OK),
        (timedelta(minutes=4), LONG_RUNNING, State.FAILED),
        (timedelta(minutes=4), JUST_STARTED, State.WARNING),
        (None, JUST_STARTED, State.WARNING),
        (None, LONG_RUNNING, State.FAILED),
    ],
)
def test_scheduler_missing_heartbeat_fails_only_after_two_minutes(age, running_for, state):
    if age is not None:
        record_heartbeat(NOON - age)
    assert health.check_scheduler(now=NOON, running_for=running_for).state is state


@pytest.mark.parametrize(
    ("years", "today", "state"),
    [
        ([2026], date(2026, 10, 31), State.OK),
        ([2026], date(2026, 11, 1), State.WARNING),
        ([2026, 2027], date(2026, 11, 1), State.OK),
        ([2026], date(2027, 1, 4), State.FAILED),
        ([], date(2026, 3, 2), State.FAILED),
    ],
)
def test_calendar_next_year_missing_is_only_a_warning(years, today, state):
    publish(*years)
    assert health.check_calendar(today).state is state


@pytest.mark.parametrize(("minimum", "state"), [(0, State.OK), (10**9, State.FAILED)])
def test_disk_too_full_fails(settings, minimum, state):
    settings.DISK_FREE_MINIMUM_MB = minimum
    assert health.check_disk().state is state


def test_metrics_from_an_allowed_address_counts_checks():
    record_heartbeat(clock.now())
    lines = Client().get("/metrics").content.decode().splitlines()
    names = {line.split(" ")[0] for line in lines}
    assert {"platform_audit_events_unsealed", 'platform_checks{state="failed"}'} <= names


@pytest.mark.parametrize("extra", [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}])
def test_metrics_from_elsewhere_or_through_a_proxy_is_refused(extra):
    assert Client().get("/metrics", **extra).status_code == 403
