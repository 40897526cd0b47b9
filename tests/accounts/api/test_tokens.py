"""``auth/token/`` and bearer tokens: the contract of api.md, with the browser's lock-out."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import ApiToken, Message
from accounts.services import issue_token, notify
from core import clock
from core.models import AuditEvent, IdempotencyKey
from tests.factories.accounts import NOW, PASSWORD, make_service_account

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/auth/token/"


def ask(username="zjj_reporter", password=PASSWORD, client=None, **fields):
    sent = {"username": username, "password": password, **fields}
    return (client or APIClient()).post(ADDRESS, sent, format="json")


def bearer(text, **defaults) -> APIClient:
    client = APIClient(**defaults)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def program(db):
    return make_service_account("city_platform", "leader")


@pytest.fixture
def token_of(program, sysadmin):
    """Return a function that issues a token for ``program`` and gives its text."""

    def issued(**changes) -> str:
        words = {"name": "取数", "scope": "read", "days": 30, "allowed_addresses": []} | changes
        return issue_token(program, actor=sysadmin, now=clock.now(), **words)[1]

    return issued


def test_token_for_a_password_in_the_shape_of_the_contract(reporter):
    answer = ask()
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"token", "expires_at", "user"}
    assert body["user"] == {
        "username": "zjj_reporter",
        "name": "zjj_reporter测试员",
        "roles": ["reporter"],
        "department": "zjj",
    }
    assert body["expires_at"].endswith("+08:00")
    assert bearer(body["token"]).get("/api/v1/inbox/").status_code == 200


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json"])
def test_password_may_come_as_a_form_too(reporter, content_type):
    sent = {"username": "zjj_reporter", "password": PASSWORD}
    body = json.dumps(sent) if content_type.endswith("json") else urlencode(sent)
    assert APIClient().post(ADDRESS, body, content_type=content_type).status_code == 200


def test_person_of_no_unit_has_no_department(leader):
    assert ask("leader").json()["user"]["department"] is None


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, {"username", "password"}),
        ({"username": "zjj_reporter"}, {"password"}),
        ({"username": "", "password": "x"}, {"username"}),
    ],
)
def test_missing_parts_are_400_at_their_fields(db, sent, fields):
    answer = APIClient().post(ADDRESS, sent, format="json")
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == fields


def test_wrong_password_is_401_and_the_fifth_locks_both_doors(reporter, client):
    answers = [ask(password="wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert answers[0].json() == {"code": "wrong_credentials", "detail": "账号或密码不正确", "errors": []}
    locked = ask()
    assert locked.status_code == 429
    assert locked.json()["code"] == "locked_out"
    assert "账号已锁定" in locked.json()["detail"]
    assert locked["Retry-After"] == "900"
    by_page = client.post("/login/", {"username": "zjj_reporter", "password": PASSWORD})
    assert by_page.status_code == 429
    assert ask(client=APIClient(REMOTE_ADDR="192.0.2.9")).status_code == 200
    assert AuditEvent.objects.filter(action="accounts.user.sign_in_refused").exists()


def test_failures_at_both_doors_add_up(reporter, client):
    for _ in range(2):
        client.post("/login/", {"username": "zjj_reporter", "password": "wrong"})
        ask(password="wrong")
    assert ask(password="wrong").status_code == 429
    assert not AccessAttempt.objects.filter(post_data__contains="wrong").exists()


def test_owed_password_and_second_factor_are_403(reporter, sysadmin):
    reporter.must_change_password = True
    reporter.save()
    assert ask().json()["code"] == "sign_in_first"
    assert ask("sysadmin").json()["code"] == "sign_in_first"
    assert not ApiToken.objects.unscoped("test").exists()


def test_token_is_never_kept_for_a_repeated_request(reporter):
    client = APIClient(headers={"Idempotency-Key": "one"})
    first, second = ask(client=client), ask(client=client)
    assert first.json()["token"] != second.json()["token"]
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("text", ["", "xp_guess", "Bearer", "密码"])
def test_unknown_token_is_401_and_names_the_scheme(db, text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}".encode().decode("latin-1"))
    answer = client.get("/api/v1/inbox/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_expired_and_disabled_are_401(token_of, program):
    text = token_of()
    ApiToken.objects.unscoped("test").update(expires_at=clock.now() - timedelta(seconds=1))
    assert bearer(text).get("/api/v1/inbox/").status_code == 401
    text = token_of()
    program.is_active = False
    program.save()
    assert bearer(text).get("/api/v1/inbox/").status_code == 401


def test_read_token_reads_and_writes_nothing(token_of, program):
    notify([program], kind="k", title="t", url="/", key="k", now=NOW)
    message = Message.objects.visible_to(program).get()
    address = f"/api/v1/inbox/{message.pk}/read/"
    reading = bearer(token_of())
    assert reading.get("/api/v1/inbox/").status_code == 200
    refused = reading.post(address)
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only_token")
    assert bearer(token_of(scope="write")).post(address).status_code == 200


def test_address_list_is_enforced(token_of):
    text = token_of(allowed_addresses=["10.1.2.0/24"])
    assert bearer(text, REMOTE_ADDR="10.1.2.200").get("/api/v1/inbox/").status_code == 200
    refused = bearer(text, REMOTE_ADDR="10.1.3.1").get("/api/v1/inbox/")
    assert (refused.status_code, refused.json()["code"]) == (403, "address_not_allowed")


def test_use_is_noted(token_of):
    text = token_of()
    bearer(text).get("/api/v1/inbox/")
    assert ApiToken.objects.unscoped("test").get().last_used_at is not None


def test_token_revokes_itself(reporter, client_for):
    client = bearer(ask().json()["token"])
    assert client.post(f"{ADDRESS}revoke/").json() == {"revoked": True}
    assert client.get("/api/v1/inbox/").status_code == 401
    assert client_for(reporter).post(f"{ADDRESS}revoke/").json()["code"] == "not_a_token"


def test_right_token_costs_one_query_more_than_the_work(token_of, django_assert_num_queries):
    client = bearer(token_of())
    client.get("/api/v1/inbox/")
    with django_assert_num_queries(2):  # the token with its person, then the rows
        client.get("/api/v1/inbox/")


def test_signed_in_callers_are_throttled_at_six_thousand_a_minute():
    assert settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] == {"signed_in": "6000/min"}
