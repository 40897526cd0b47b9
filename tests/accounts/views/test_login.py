"""The log-in page: lock-out, where one lands, trusted devices, and what a browser without a name may see."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from accounts.middleware import DEVICE_COOKIE
from accounts.models import BrowserSession, TrustedDevice
from accounts.services import set_one_time_password
from accounts.views.login import browser_label
from core import clock
from core.models import AuditEvent
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, username="zjj_reporter", password=PASSWORD, **fields):
    return client.post("/login/", {"username": username, "password": password, **fields})


def test_right_password_leads_home_and_is_on_record(client, reporter):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert BrowserSession.objects.visible_to(reporter).count() == 1
    assert AuditEvent.objects.get().action == "accounts.user.sign_in"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [("/inbox/?page=2", "/inbox/?page=2"), ("https://example.org/", "/"), ("//example.org", "/")],
)
def test_next_page_stays_on_this_site(client, reporter, wanted, lands):
    assert sign_in(client, next=wanted)["Location"] == lands


def test_wrong_password_says_how_many_tries_are_left_and_keeps_the_name(client, reporter):
    answer = sign_in(client, password="wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "账号或密码不正确。还可再试 4 次，之后锁定 15 分钟。" in page
    assert 'value="zjj_reporter"' in page
    assert "wrong" not in page
    assert AuditEvent.objects.get().action == "accounts.user.sign_in_refused"


def test_empty_form_is_told_at_its_fields(client, db):
    answer = client.post("/login/", {})
    assert answer.status_code == 422
    assert "请填写账号" in answer.content.decode()
    assert "请填写密码" in answer.content.decode()


def test_fifth_failure_locks_the_account_for_this_address_only(client, reporter):
    answers = [sign_in(client, password="wrong").status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    locked = sign_in(client)
    assert locked.status_code == 429
    assert "账号已锁定" in locked.content.decode()
    assert locked["Retry-After"] == "900"
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_in(elsewhere).status_code == 302


def test_lock_out_is_per_account(client, reporter, head):
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client, username="zjj_head").status_code == 302


def test_lock_out_ends_after_a_quarter_of_an_hour(client, reporter):
    for _ in range(5):
        sign_in(client, password="wrong")
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time -= timedelta(minutes=14)
    attempt.save()
    assert sign_in(client).status_code == 429
    attempt.attempt_time -= timedelta(minutes=2)
    attempt.save()
    assert sign_in(client).status_code == 302


def test_one_time_password_ends_the_lock_out(client, reporter, sysadmin):
    for _ in range(5):
        sign_in(client, password="wrong")
    word = set_one_time_password(reporter, actor=sysadmin, now=clock.now())
    assert sign_in(client, password=word).status_code == 302


def test_only_failures_in_a_row_count(client, reporter):
    for _ in range(3):
        for _ in range(4):
            assert sign_in(client, password="wrong").status_code == 422
        assert sign_in(client).status_code == 302
        client.post("/logout/")


def test_successful_log_ins_never_lock(reporter):
    for _ in range(12):
        assert sign_in(Client()).status_code == 302


def test_disabled_account_and_program_are_refused_like_a_wrong_password(client, reporter):
    reporter.is_active = False
    reporter.save()
    answer = sign_in(client)
    assert answer.status_code == 422
    assert "账号或密码不正确" in answer.content.decode()


def test_log_out_is_by_post_and_on_record(client, reporter):
    sign_in(client)
    assert client.get("/logout/").status_code == 405
    answer = client.post("/logout/")
    assert answer["Location"] == "/login/"
    assert client.get("/inbox/").status_code == 302
    assert not BrowserSession.objects.visible_to(reporter).exists()
    assert AuditEvent.objects.filter(action="accounts.user.sign_out").count() == 1


def test_public_pages_are_linked(client, db):
    page = client.get("/login/").content.decode()
    assert 'href="/public/complaints/new/">我要投诉' in page
    assert 'href="/public/complaints/progress/">进度查询' in page


def test_department_person_may_trust_the_device(client, reporter):
    answer = sign_in(client, trust_device="on")
    cookie = answer.cookies[DEVICE_COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (30 * 24 * 3600, True, "Lax")
    device = TrustedDevice.objects.visible_to(reporter).get()
    assert cookie.value not in device.digest
    client.post("/logout/")
    assert DEVICE_COOKIE not in sign_in(client).cookies
    assert BrowserSession.objects.visible_to(reporter).get().device == device


def test_office_person_cannot_trust_a_device(client, office):
    answer = sign_in(client, username="office", trust_device="on")
    assert answer.status_code == 302
    assert DEVICE_COOKIE not in answer.cookies
    assert not TrustedDevice.objects.visible_to(office).exists()


def test_first_factor_alone_opens_nothing_for_an_administrator(client, sysadmin):
    answer = sign_in(client, username="sysadmin")
    assert answer.status_code == 302
    assert client.get("/console/")["Location"] == "/login/second-factor/"
    assert client.get("/api/v1/inbox/").json()["code"] == "second_factor_required"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/86.0 Safari/537.36", "Windows 电脑 Chrome"),
        ("Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0 Chrome/86", "安卓手机 微信"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/115.0", "Linux 电脑 Firefox"),
        ("", "其他设备 浏览器"),
    ],
)
def test_browser_label(agent, label):
    assert browser_label(agent) == label
