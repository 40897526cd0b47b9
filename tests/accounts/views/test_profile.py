"""我的: contact, password, deputy, devices, log-ins, tokens, and acting for somebody."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import BrowserSession, TrustedDevice
from accounts.services import open_token, trust_device
from accounts.services.deputies import ACTING_FOR
from accounts.services.sessions import SEEN
from core import clock
from tests.factories.accounts import NEW_PASSWORD, PASSWORD, make_deputy

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, reporter):
    """A browser in which ``reporter`` logged in by the page."""
    client.post("/login/", {"username": reporter.username, "password": PASSWORD})
    return client


def test_page_shows_what_is_ones_own(browser, reporter, head, stranger):
    now = clock.now()
    today = clock.local_date(now)
    make_deputy(head, reporter, today, today)
    make_deputy(reporter, head, today, today + timedelta(days=1))
    trust_device(actor=reporter, label="安卓手机 微信", now=now)
    trust_device(actor=stranger, label="别人的手机", now=now)
    open_token(actor=reporter, now=now)
    page = browser.get("/account/").content.decode()
    for words in ("安卓手机 微信", "本机", "代理中", f"代{head.name}办理", "账号密码换取"):
        assert words in page
    assert "别人的手机" not in page


def test_contact_is_saved(browser, reporter):
    answer = browser.post("/account/contact/", {"phone": "0396-6221234", "job_title": "联络员"})
    assert answer["Location"] == "/account/"
    reporter.refresh_from_db()
    assert (reporter.phone, reporter.job_title) == ("0396-6221234", "联络员")


def test_password_changed_here_keeps_this_browser_and_ends_the_others(browser, reporter):
    elsewhere = Client()
    elsewhere.post("/login/", {"username": reporter.username, "password": PASSWORD})
    words = {"current": PASSWORD, "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert browser.post("/account/password/", words)["Location"] == "/"
    assert browser.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert BrowserSession.objects.visible_to(reporter).filter(session_key=browser.session.session_key).exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"current": "wrong", "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}, "当前密码不正确"),
        ({"current": PASSWORD, "new": NEW_PASSWORD, "repeated": "other"}, "两次输入的新密码不一致"),
        ({"current": PASSWORD, "new": "abc", "repeated": "abc"}, "密码至少 10 位"),
        ({"current": PASSWORD, "new": PASSWORD, "repeated": PASSWORD}, "最近 5 次"),
        ({}, "请填写新密码"),
    ],
)
def test_refused_password_is_told_at_its_field(browser, reporter, words, sentence):
    answer = browser.post("/account/password/", words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert browser.get("/account/").status_code == 200


def test_deputy_is_chosen_among_colleagues(browser, reporter, head, stranger):
    today = clock.today()
    dates = {"valid_from": today, "valid_until": today + timedelta(days=3)}
    page = browser.get("/account/deputy/").content.decode()
    assert head.name in page
    assert stranger.name not in page
    refused = browser.post("/account/deputy/", {"deputy": stranger.pk, **dates})
    assert refused.status_code == 422
    assert "同一单位" in refused.content.decode()
    assert browser.post("/account/deputy/", {"deputy": head.pk, **dates}).status_code == 302
    reporter.refresh_from_db()
    assert reporter.deputy == head
    browser.post("/account/deputy/dismiss/")
    reporter.refresh_from_db()
    assert reporter.deputy is None


def test_wrong_dates_are_told_at_their_field_and_what_was_typed_is_kept(browser, head):
    today = clock.today()
    sent = {"deputy": head.pk, "valid_from": today, "valid_until": today - timedelta(days=1)}
    answer = browser.post("/account/deputy/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "结束日期不能早于开始日期" in page
    assert f'value="{today - timedelta(days=1)}"' in page
    answer = browser.post("/account/deputy/", sent | {"valid_from": "明天"})
    assert "日期应写成 2026-10-12" in answer.content.decode()
    assert 'value="明天"' in answer.content.decode()


def test_acting_starts_and_stops(browser, reporter, head, stranger):
    today = clock.today()
    assert browser.post(f"/account/acting/{head.username}/").status_code == 404
    make_deputy(head, reporter, today, today)
    assert browser.post(f"/account/acting/{head.username}/").status_code == 302
    assert browser.session[ACTING_FOR] == head.pk
    assert browser.post("/account/acting/")["Location"] == "/account/"
    assert ACTING_FOR not in browser.session
    assert browser.post(f"/account/acting/{stranger.username}/").status_code == 404


def test_own_rows_are_ended_and_somebody_elses_do_not_exist(browser, reporter, stranger, client_for):
    now = clock.now()
    device, _ = trust_device(actor=reporter, label="手机", now=now)
    token, _ = open_token(actor=reporter, now=now)
    session = BrowserSession.objects.visible_to(reporter).get()
    addresses = [
        f"/account/devices/{device.pk}/revoke/",
        f"/account/tokens/{token.pk}/revoke/",
        f"/account/sessions/{session.pk}/end/",
    ]
    other = client_for(stranger)
    for address in addresses:
        assert other.post(address).status_code == 404
        assert browser.get(address).status_code == 405
    for address in addresses:
        assert browser.post(address).status_code == 302
    device.refresh_from_db()
    token.refresh_from_db()
    assert device.revoked_at
    assert token.revoked_at
    assert browser.get("/account/").status_code == 302


def test_ending_the_log_in_in_hand_leads_to_the_log_in_page(browser, reporter):
    session = browser.session
    session[SEEN] = (clock.now() - timedelta(minutes=5)).isoformat()
    session.save()
    row = BrowserSession.objects.visible_to(reporter).get()
    assert browser.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert browser.get("/account/")["Location"] == "/login/?next=/account/"


def test_number_of_queries_does_not_grow_with_devices(client_for, reporter, queries_of):
    client = client_for(reporter)

    def with_devices(count):
        TrustedDevice.objects.visible_to(reporter).delete()
        for number in range(count):
            trust_device(actor=reporter, label=f"手机 {number}", now=clock.now())
        return queries_of(client, "/account/")

    assert with_devices(2) == with_devices(20)
