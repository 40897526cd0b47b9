"""A log-in that stands on a trusted device types its password again before identities and signatures."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.confirmation import CONFIRMED, FIELD
from complaints.services import extensions, identity
from core import clock
from core.models import AuditEvent
from core.settings_registry import change_setting
from tests.factories.accounts import PASSWORD, on_device
from tests.factories.complaints import RESULT, again, complaint_at

pytestmark = pytest.mark.django_db


def page_of(row, act: str) -> str:
    return f"{row.get_absolute_url()}{act}/"


@pytest.fixture
def granted(cast):
    """Return a complaint whose department may see the caller."""
    row, now = complaint_at("handling", cast, now=clock.now()), clock.now()
    identity.grant_identity(row, reason="上门核实", until=now + timedelta(days=1), actor=cast.office_lead, now=now)
    return again(row, cast.office_lead)


def test_identity_is_asked_for_again(cast, granted):
    browser, address = on_device(cast.reporter), page_of(granted, "reveal")
    asked = browser.get(address)
    assert (asked.status_code, asked["Location"]) == (302, f"/account/confirm/?next={address.replace('/', '%2F')}")
    assert "请再输入一次本人密码" in browser.get(asked["Location"]).content.decode()
    back = browser.post("/account/confirm/", {"password": PASSWORD, "next": address})
    assert back["Location"] == address
    shown = browser.post(address, {"purpose": "上门核实"})
    assert "13812345678" in shown.content.decode()


def test_what_was_typed_is_kept_and_sent_with_the_password(cast, granted):
    browser, address = on_device(cast.reporter), page_of(granted, "reveal")
    asked = browser.post(address, {"purpose": "上门核实"})
    page = asked.content.decode()
    assert asked.status_code == 403
    assert '<input type="hidden" name="purpose" value="上门核实">' in page
    assert "13812345678" not in page
    shown = browser.post(address, {"purpose": "上门核实", FIELD: PASSWORD})
    assert "13812345678" in shown.content.decode()
    assert AuditEvent.objects.filter(action="accounts.user.confirm_password").count() == 1


def test_wrong_password_shows_nothing_counts_and_keeps_what_was_typed(cast, granted):
    browser, address = on_device(cast.reporter), page_of(granted, "reveal")
    page = browser.post(address, {"purpose": "上门核实", FIELD: "wrong"}).content.decode()
    assert "密码不正确。还可再试 4 次" in page
    assert 'value="上门核实"' in page
    assert "wrong" not in page
    for _ in range(3):
        browser.post(address, {"purpose": "上门核实", FIELD: "wrong"})
    assert browser.post(address, {"purpose": "上门核实", FIELD: "wrong"}).status_code == 429
    assert browser.post(address, {"purpose": "上门核实", FIELD: PASSWORD}).status_code == 429
    assert not AuditEvent.objects.filter(action="complaints.complaint.reveal").exists()
    assert AuditEvent.objects.filter(action="accounts.user.confirm_password_refused").count() == 6


def test_right_password_forgets_the_wrong_ones(cast, granted):
    browser, address = on_device(cast.reporter), page_of(granted, "reveal")
    for _ in range(2):
        for _ in range(4):
            assert browser.post(address, {FIELD: "wrong"}).status_code == 403
        session = browser.session
        session.pop(CONFIRMED, None)
        session.save()
        assert browser.post(address, {"purpose": "核实", FIELD: PASSWORD}).status_code == 200
        session = browser.session
        session.pop(CONFIRMED)
        session.save()


@pytest.mark.parametrize(("minutes", "trusts", "asked"), [(14, True, False), (15, True, True), (29, False, False)])
def test_asked_only_on_a_trusted_device_and_after_a_quarter_of_an_hour(cast, minutes, trusts, asked):
    row = complaint_at("sign_off", cast)
    browser = on_device(cast.head, minutes=minutes, trusts=trusts)
    answer = browser.post(page_of(row, "sign"), {"version": row.version})
    assert answer.status_code == (403 if asked else 302)
    assert again(row, cast.office).status == ("sign_off" if asked else "office_review")


def test_how_long_is_the_offices_choice(cast, sysadmin):
    change_setting("accounts.confirmation_minutes", 60, actor=sysadmin, now=clock.now())
    row = complaint_at("sign_off", cast)
    assert on_device(cast.head, minutes=59).post(page_of(row, "sign")).status_code == 302


def test_confirmed_extension_is_a_signature(cast):
    now = clock.now()
    row = complaint_at("handling", cast, now=now)
    extensions.request_extension(row, workdays=2, reason="管线待批", actor=cast.reporter, now=now)
    browser = on_device(cast.head)
    assert browser.post(page_of(row, "confirm_extension")).status_code == 403
    assert browser.post(page_of(row, "confirm_extension"), {FIELD: PASSWORD}).status_code == 302


def test_heads_own_submission_is_a_signature_and_the_reporters_is_none(cast):
    typed = RESULT | {"is_solved": "yes"}
    row = complaint_at("handling", cast)
    assert on_device(cast.head).post(page_of(row, "submit"), typed).status_code == 403
    assert again(row, cast.office).status == "handling"
    assert on_device(cast.reporter).post(page_of(row, "submit"), typed).status_code == 302


def test_form_with_files_comes_back_for_them(cast):
    """No page can hand files on: nothing is submitted without them, and the text is still there."""
    row, browser = complaint_at("handling", cast), on_device(cast.head)
    typed = RESULT | {"is_solved": "yes"}
    file = SimpleUploadedFile("现场.txt", "已开通".encode(), content_type="text/plain")
    asked = browser.post(page_of(row, "submit"), typed | {"attachments": file})
    assert "附件不能保留" in asked.content.decode()
    form = browser.post(page_of(row, "submit"), typed | {"choose_files_again": "1", FIELD: PASSWORD})
    page = form.content.decode()
    assert form.status_code == 200
    assert "请重新选择附件" in page
    assert "已派人核实</textarea>" in page
    assert again(row, cast.office).status == "handling"


def test_whoever_may_not_sign_is_not_asked(cast, leader):
    row = complaint_at("sign_off", cast)
    assert on_device(cast.reporter).get(page_of(row, "sign")).status_code == 403


def test_htmx_is_told_in_an_alert(cast):
    row = complaint_at("sign_off", cast)
    answer = on_device(cast.head).post(page_of(row, "sign"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#alerts")
    assert "请在“我的”中确认密码后再办" in answer.content.decode()


@pytest.mark.parametrize(("act", "status"), [("sign", "sign_off"), ("reveal", "handling")])
def test_api_in_the_browsers_session_is_403_with_a_code(cast, granted, act, status):
    row = granted if status == "handling" else complaint_at(status, cast)
    browser = on_device(cast.head)
    answer = browser.post(
        f"/api/v1/complaints/{row.number}/{act}/", {"purpose": "核实"}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "password_confirmation_required"
    browser.post("/account/confirm/", {"password": PASSWORD})
    answer = browser.post(
        f"/api/v1/complaints/{row.number}/{act}/", {"purpose": "核实"}, content_type="application/json"
    )
    assert answer.status_code == 200


def test_token_is_never_asked(cast):
    row = complaint_at("sign_off", cast)
    word = Client().post("/api/v1/auth/token/", {"username": cast.head.username, "password": PASSWORD}).json()["token"]
    api = APIClient(headers={"Authorization": f"Bearer {word}"})
    assert api.post(f"/api/v1/complaints/{row.number}/sign/").status_code == 200


def test_next_page_stays_on_this_site(cast):
    browser = on_device(cast.head)
    answer = browser.post("/account/confirm/", {"password": PASSWORD, "next": "https://example.org/"})
    assert answer["Location"] == "/account/"
    wrong = browser.post("/account/confirm/", {"password": "wrong"})
    assert wrong.status_code == 422
    assert "密码不正确" in wrong.content.decode()
