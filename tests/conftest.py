"""People by role in two departments, and clients for both doors. Tests build their own rows."""

import gc
import sys
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key
from rest_framework.test import APIClient

from accounts.roles import Role
from core.kept import forget
from core.models import AuditEvent
from core.services.calendar import load_default_rules, load_package_years
from departments.models import Department
from tests.factories.accounts import make_user

pytest_plugins = ["tests.components"]

# How long an example takes says something about the machine, not about the code.
hypothesis_settings.register_profile("project", deadline=None)
hypothesis_settings.load_profile("project")


def install_calendar() -> None:
    """Load the work calendar and the default limits, which every installation has.

    Its line in the audit log goes again, so that a test counts only what it did itself.
    """
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    load_package_years(now=moment)
    load_default_rules(now=moment)
    AuditEvent.objects.filter(action="core.calendar.load_package").delete()


@pytest.fixture(scope="session")
def _real_database():
    """The name of the database that is no test's."""
    return connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(_real_database, django_db_setup, django_db_blocker):
    """Give every test what every installation has; afterwards nothing keeps the database from being dropped."""
    # The test database is made where a collected test has the mark ``django_db``; any other would meet the real one.
    assert connection.settings_dict["NAME"] != _real_database, "a mark django_db is missing"
    with django_db_blocker.unblock():
        install_calendar()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


def end_other_sessions() -> None:
    """End what still holds the test database on PostgreSQL, and say what it did last."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(query, 200), pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for query, _ in cursor.fetchall():
            sys.stderr.write(f"A session was left open; it had asked: {query}\n")


@pytest.fixture(scope="session", autouse=True)
def _end_of_a_request_is_not_the_end_of_the_connection():
    """Let a test close a download: Django would close the connection with it, and the test's transaction too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.close_old_connections", lambda **_signal: None)
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Leave modules and collected tests, which stay to the end, out of every look for garbage: a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Load the calendar again after a test with real transactions, which leaves an emptied database behind.

    After the last one there is no database any more.
    """
    result = yield
    if nextitem is None:
        return result
    if "transactional_db" in getattr(item, "fixturenames", ()) or _has_real_transactions(item):
        with item.config.stash[blocking_manager_key].unblock():
            install_calendar()
    return result


def _has_real_transactions(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory, worker_id):
    """A folder that all test processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(autouse=True)
def _no_leftovers_in_the_cache():
    """Rate limits and cached tables must not travel from test to test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def keeping(db, settings, monkeypatch):
    """Keep answers as in production (``core.kept``), at a time that stands still; return a function that moves it."""
    settings.ANSWERS_KEPT_SECONDS = 10
    forget()

    def at(moment: datetime) -> datetime:
        monkeypatch.setattr("core.clock.now", lambda: moment)
        return moment

    at(datetime(2026, 11, 23, 2, 0, 1, tzinfo=UTC))
    yield at
    forget()


@pytest.fixture
def department(db):
    """The department that leads in most tests."""
    return Department.objects.create(code="zjj", name="西平县住房和城乡建设局", short_name="县住建局", official_order=3)


@pytest.fixture
def other_department(db):
    """A department that has nothing to do with the row under test."""
    return Department.objects.create(code="czj", name="西平县财政局", short_name="县财政局", official_order=4)


@pytest.fixture
def office_department(db):
    """The office's own department."""
    return Department.objects.create(
        code="ysb", name="西平县营商环境建设服务中心", short_name="县营商办", official_order=42
    )


@pytest.fixture
def office(office_department):
    return make_user("office", Role.OFFICE, department=office_department)


@pytest.fixture
def office_lead(office_department):
    return make_user("office_lead", Role.OFFICE_LEAD, department=office_department)


@pytest.fixture
def signer(db):
    return make_user("signer", Role.SIGNER)


@pytest.fixture
def leader(db):
    return make_user("leader", Role.LEADER)


@pytest.fixture
def reporter(department):
    return make_user("zjj_reporter", Role.REPORTER, department=department)


@pytest.fixture
def head(department):
    return make_user("zjj_head", Role.DEPARTMENT_HEAD, department=department)


@pytest.fixture
def stranger(other_department):
    """A reporter of another department."""
    return make_user("czj_reporter", Role.REPORTER, department=other_department)


@pytest.fixture
def inspector(db):
    return make_user("inspector", Role.INSPECTOR)


@pytest.fixture
def sysadmin(db):
    return make_user("sysadmin", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def secadmin(db):
    return make_user("secadmin", Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def auditor(db):
    return make_user("auditor", Role.AUDITOR)


@pytest.fixture
def stop_clock(monkeypatch):
    """Return a function that lets the doors take a moment for now, so that what a factory wrote stays as old."""

    def stopped(moment: datetime) -> datetime:
        monkeypatch.setattr("core.clock.now", lambda: moment)
        return moment

    return stopped


@pytest.fixture
def client_for():
    """Return a browser already signed in as the given person."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def api_for():
    """Return a REST client already signed in as the given person."""

    def signed_in(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return signed_in
