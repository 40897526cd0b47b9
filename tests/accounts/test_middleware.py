"""What is judged on every request: limits of the log-in, the deputy, debts before work."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.digests import digest_of
from accounts.middleware import DEVICE_COOKIE, SessionLimitsMiddleware
from accounts.models import TrustedDevice
from accounts.services import end_all_sessions, start_acting
from accounts.services.sessions import SEEN, STARTED
from core import clock
from core.models import AuditEvent
from tests.factories.accounts import NOW, PASSWORD, make_deputy

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Visit:
    """One request of a browser at a moment of the test's choosing."""

    def __init__(self, user, rf, cookie="", *, started=NOW, seen=NOW):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.request = rf.get("/")
        self.request.user = user
        self.request.session = client.session
        self.request.session[STARTED], self.request.session[SEEN] = started.isoformat(), seen.isoformat()
        self.request.COOKIES[DEVICE_COOKIE] = cookie

    def still_in_at(self, now) -> bool:
        SessionLimitsMiddleware(lambda request: None).judge(self.request, now)
        return self.request.user.is_authenticated


@pytest.mark.parametrize(("idle", "stays"), [(29 * MINUTE, True), (30 * MINUTE, False), (3 * HOUR, False)])
def test_idle_log_in_ends(reporter, rf, idle, stays):
    visit = Visit(reporter, rf)
    assert visit.still_in_at(NOW + idle) is stays
    if not stays:
        assert visit.request.session["ended_because"] == "idle"


@pytest.mark.parametrize(("age", "stays"), [(12 * HOUR - MINUTE, True), (12 * HOUR, False)])
def test_old_log_in_ends_however_busy(reporter, rf, age, stays):
    visit = Visit(reporter, rf, seen=NOW + age - MINUTE)
    assert visit.still_in_at(NOW + age) is stays


def test_busy_log_in_moves_on(reporter, rf):
    visit = Visit(reporter, rf)
    for minutes in (20, 40, 60, 80):
        assert visit.still_in_at(NOW + minutes * MINUTE)


def test_session_without_marks_is_nobodys(reporter, rf):
    visit = Visit(reporter, rf)
    del visit.request.session[SEEN]
    assert not visit.still_in_at(NOW)


class TestTrustedDevice:
    @pytest.fixture
    def device(self, reporter):
        return TrustedDevice.objects.create(
            user=reporter,
            digest=digest_of("secret"),
            label="安卓手机",
            created_at=NOW,
            expires_at=NOW + timedelta(days=30),
        )

    @pytest.mark.parametrize(("age", "stays"), [(timedelta(days=29), True), (timedelta(days=30), False)])
    def test_it_keeps_its_person_in_for_thirty_days(self, device, reporter, rf, age, stays):
        assert Visit(reporter, rf, "secret").still_in_at(NOW + age) is stays

    def test_another_browser_or_person_is_not_kept_in(self, device, reporter, head, rf):
        assert not Visit(reporter, rf, "guess").still_in_at(NOW + HOUR)
        assert not Visit(head, rf, "secret").still_in_at(NOW + HOUR)

    def test_revoked_it_keeps_nobody_in(self, device, reporter, rf):
        device.revoked_at = NOW
        device.save()
        assert not Visit(reporter, rf, "secret").still_in_at(NOW + HOUR)


def test_ended_log_in_is_explained_once(client_for, reporter):
    client = client_for(reporter)
    session = client.session
    session[SEEN] = (clock.now() - HOUR).isoformat()
    session.save()
    answer = client.get("/inbox/")
    assert answer["Location"] == "/login/?next=/inbox/"
    assert "30 分钟没有操作" in client.get("/login/").content.decode()
    assert "30 分钟没有操作" not in client.get("/login/").content.decode()


def test_ended_log_in_is_401_for_the_api(client_for, reporter):
    client = client_for(reporter)
    session = client.session
    session[STARTED] = (clock.now() - 13 * HOUR).isoformat()
    session.save()
    assert client.get("/api/v1/inbox/").status_code == 401


def test_ended_log_in_sends_the_whole_page_of_htmx_to_the_log_in(client):
    answer = client.get(
        "/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/dispatch/?day=1"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=%2Fdispatch%2F%3Fday%3D1"


def test_raised_epoch_ends_every_session_at_once(client_for, reporter):
    phone, desk = client_for(reporter), client_for(reporter)
    end_all_sessions(reporter)
    assert phone.get("/inbox/").status_code == desk.get("/inbox/").status_code == 302


def test_limits_are_those_of_the_settings():
    assert (settings.SESSION_IDLE_MINUTES, settings.SESSION_ABSOLUTE_HOURS) == (30, 12)


class TestDeputy:
    @pytest.fixture
    def acting(self, head, reporter, client_for):
        """Return the browser of ``reporter``, who acts for ``head`` today."""
        now = clock.now()
        today = clock.local_date(now)
        make_deputy(head, reporter, today, today)
        client = client_for(reporter)
        session = client.session
        start_acting(session, head, actor=reporter, now=now)
        session.save()
        return client

    def test_roles_in_effect_are_the_absent_persons(self, acting, head):
        page = acting.get("/account/").content.decode()
        assert f"现在代 <b>{head.name}</b> 办理" in page
        assert "部门负责人" in page

    def test_every_page_says_for_whom_until_when_and_how_to_stop(self, acting, head):
        for address in ("/", "/help/", "/account/", "/inbox/"):
            page = acting.get(address).content.decode()
            assert page.count(f"现在代 <b>{head.name}</b> 办理，至") == 1, address
            assert 'action="/account/acting/"' in page
        acting.post("/account/acting/")
        assert "现在代" not in acting.get("/").content.decode()

    def test_act_names_both(self, acting, head, reporter):
        acting.post("/account/contact/", {"phone": "0396-1", "job_title": ""})
        event = AuditEvent.objects.get(action="accounts.user.edit")
        assert (event.actor, event.on_behalf_of) == (reporter, head.name)

    def test_end_of_the_dates_is_noticed_on_the_next_request(self, acting, head, reporter):
        yesterday = clock.today() - timedelta(days=1)
        make_deputy(head, reporter, yesterday, yesterday)
        assert "现在代" not in acting.get("/account/").content.decode()
        assert "acting_for" not in acting.session


class TestDebts:
    def test_one_time_password_leads_to_the_password_page_and_nowhere_else(self, client_for, reporter):
        reporter.must_change_password = True
        reporter.save()
        client = client_for(reporter)
        assert client.get("/inbox/")["Location"] == "/account/password/"
        assert client.post("/inbox/read-all/")["Location"] == "/account/password/"
        refused = client.get("/api/v1/inbox/")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
        page = client.get("/account/password/")
        assert "请先修改再继续" in page.content.decode()
        assert client.post("/logout/").status_code == 302

    def test_paid_debt_opens_the_pages(self, client_for, reporter):
        reporter.must_change_password = True
        reporter.save()
        client = client_for(reporter)
        words = {"current": PASSWORD, "new": "Battery&Staple17", "repeated": "Battery&Staple17"}
        assert client.post("/account/password/", words).status_code == 302
        assert client.get("/inbox/").status_code == 200

    def test_public_pages_stay_public(self, client_for, reporter):
        reporter.must_change_password = True
        reporter.save()
        assert client_for(reporter).get("/healthz").status_code == 200
