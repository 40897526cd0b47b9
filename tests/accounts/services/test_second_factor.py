"""The second factor: set up with a telephone, asked at each log-in, given up."""

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from accounts.selectors.devices import has_second_factor
from accounts.services.second_factor import enrolment_address, prepare_second_factor, turn_off_second_factor
from core.exceptions import NotAllowed
from core.models import AuditEvent
from tests.factories.accounts import NOW, PASSWORD

pytestmark = pytest.mark.django_db


def code_on_the_telephone(device: TOTPDevice, *, step: int = 0) -> str:
    return f"{totp(device.bin_key, drift=step):06d}"


def confirmed(person) -> TOTPDevice:
    return TOTPDevice.objects.create(user=person, name="手机", confirmed=True)


def sign_in(client, person):
    return client.post("/login/", {"username": person.username, "password": PASSWORD})


def test_administrator_sets_it_up_at_the_first_log_in(client, sysadmin):
    sign_in(client, sysadmin)
    page = client.get("/login/second-factor/")
    assert "data:image/svg+xml" in page.content.decode()
    wrong = client.post("/login/second-factor/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "动态口令不正确" in wrong.content.decode()
    assert client.get("/console/").status_code == 302
    device = TOTPDevice.objects.get(user=sysadmin)
    assert client.post("/login/second-factor/", {"code": code_on_the_telephone(device)}).status_code in (302, 422)


def test_confirmed_set_up_opens_the_console(client, sysadmin):
    sign_in(client, sysadmin)
    client.get("/login/second-factor/")
    device = TOTPDevice.objects.get(user=sysadmin)
    answer = client.post("/login/second-factor/", {"code": code_on_the_telephone(device)})
    assert answer.status_code == 302
    assert has_second_factor(sysadmin)
    assert client.get("/console/").status_code == 200
    assert AuditEvent.objects.filter(action="accounts.user.turn_on_second_factor").count() == 1


def test_code_is_asked_after_the_password_and_counts_once(client, sysadmin):
    device = confirmed(sysadmin)
    sign_in(client, sysadmin)
    assert client.get("/console/")["Location"] == "/login/code/"
    code = code_on_the_telephone(device)
    spaced = f"{code[:3]} {code[3:]}"
    assert client.post("/login/code/", {"code": spaced}).status_code == 302
    assert client.get("/console/").status_code == 200
    client.post("/logout/")
    sign_in(client, sysadmin)
    assert client.post("/login/code/", {"code": code}).status_code == 422


def test_anybody_may_use_one_and_give_it_up(client, reporter):
    sign_in(client, reporter)
    client.get("/login/second-factor/")
    device = TOTPDevice.objects.get(user=reporter)
    client.post("/login/second-factor/", {"code": code_on_the_telephone(device)})
    assert "已启用" in client.get("/account/").content.decode()
    client.post("/account/second-factor/off/")
    assert not has_second_factor(reporter)


def test_set_up_again_shows_the_same_key(reporter):
    first, second = prepare_second_factor(actor=reporter), prepare_second_factor(actor=reporter)
    assert first == second
    assert enrolment_address(first).startswith("otpauth://totp/")


def test_lost_telephone_is_taken_off_by_the_system_administrator_only(client_for, sysadmin, secadmin, reporter):
    confirmed(reporter)
    with pytest.raises(NotAllowed):
        turn_off_second_factor(reporter, actor=secadmin, now=NOW)
    client_for(sysadmin).post("/accounts/zjj_reporter/second-factor/off/")
    assert not has_second_factor(reporter)


def test_token_for_a_password_asks_for_the_code_too(reporter):
    device = confirmed(reporter)
    api, sent = APIClient(), {"username": "zjj_reporter", "password": PASSWORD}
    refused = api.post("/api/v1/auth/token/", sent, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "code")
    sent["code"] = code_on_the_telephone(device)
    assert api.post("/api/v1/auth/token/", sent, format="json").status_code == 200
