"""What every door of the API owes its callers (api.md), on the resources of ``contract_api``."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.throttling import SimpleRateThrottle

from core.api.idempotency import KEPT
from core.models import IdempotencyKey
from indicators.models import DailyReport
from tests.core.contract_api import EchoViewSet

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.contract_api")]


@pytest.fixture
def api(api_for, reporter):
    """Return the reporter's REST client; a failure of the server comes back as 500."""
    client = api_for(reporter)
    client.raise_request_exception = False
    return client


@pytest.fixture(autouse=True)
def _no_runs_yet():
    EchoViewSet.runs.clear()


def post(client, path, body, **headers):
    return client.post(path, body, format="json", headers=headers)


# --- Errors --------------------------------------------------------------------------------------
def test_validation_errors_name_each_field_in_chinese(api):
    answer = post(api, "/echo/", {"text": "太长太长太长", "values": [{"value": "1"}, {"value": "x"}]})
    assert answer.status_code == 400
    body = answer.json()
    assert set(body) == {"code", "detail", "errors"}
    assert body["code"] == "invalid"
    assert body["detail"] == "提交的内容有误，共 2 处"
    assert [(error["field"], error["code"]) for error in body["errors"]] == [
        ("text", "max_length"),
        ("values[1].value", "invalid"),
    ]
    assert all("一" <= error["detail"][0] <= "龥" for error in body["errors"])


def test_single_error_is_the_sentence_itself(api):
    body = post(api, "/echo/", {"text": "好", "fail": "refused"}).json()
    assert body == {
        "code": "invalid",
        "detail": "这一句不行",
        "errors": [{"field": "text", "code": "invalid", "detail": "这一句不行"}],
    }


def test_unknown_body_fields_are_ignored(api):
    assert post(api, "/echo/", {"text": "好", "colour": "red"}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status", "code"),
    [
        ("get", "/reports/999999/", None, None, 404, "not_found"),
        ("delete", "/echo/", None, None, 405, "method_not_allowed"),
        ("post", "/echo/", "{broken", "application/json", 400, "parse_error"),
        ("post", "/echo/", "x", "text/plain", 415, "unsupported_media_type"),
    ],
)
def test_failures_have_one_shape(api, method, path, body, content_type, status, code):
    answer = getattr(api, method)(path, data=body, content_type=content_type)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["errors"] == []
    assert "一" <= answer.json()["detail"][0] <= "龥"


def test_failure_of_the_server_shows_no_trace(api):
    answer = post(api, "/echo/", {"text": "好", "fail": "broken"})
    assert answer.status_code == 500
    assert "disk full" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_anonymous_caller_is_asked_to_log_in(db):
    answer = Client().get("/reports/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_role_without_permission_is_refused(api_for, auditor):
    answer = api_for(auditor).get("/echo/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_caller_over_the_ceiling_is_told_when_to_come_back(api, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"signed_in": "2/min"})
    assert [api.get("/echo/").status_code for _ in range(2)] == [200, 200]
    answer = api.get("/echo/")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61


# --- Query parameters and lists ------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/reports/?colour=red&size=1", "/echo/?colour=red&size=1"])
def test_unknown_parameters_are_each_named(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert [error["field"] for error in answer.json()["errors"]] == ["colour", "size"]


def test_unknown_parameter_of_a_single_row_is_refused(api, report):
    assert api.get(f"/reports/{report.pk}/?search=x").status_code == 400


def test_stranger_is_told_nothing_before_404(api_for, stranger, report):
    assert api_for(stranger).get(f"/reports/{report.pk}/").status_code == 404


def test_declared_parameter_is_understood(api):
    assert api.get("/echo/?period=2026W48").json() == {"period": "2026W48"}


@pytest.mark.parametrize(("word", "rows"), [("true", 1), ("1", 1), ("False", 1), ("0", 1), ("", 2)])
def test_filter_by_truth_narrows(api, report_on, word, rows):
    DailyReport.objects.unscoped("test").filter(pk=report_on(0).pk).update(no_change=True)
    report_on(1)
    assert len(api.get(f"/reports/?no_change={word}").json()["results"]) == rows


def test_filter_by_truth_refuses_any_other_word(api, report_on):
    report_on(0)
    answer = api.get("/reports/?no_change=maybe")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "no_change")


def test_list_pages_by_cursor_without_losing_or_repeating(api, report_on):
    for days in range(7):
        report_on(days)
    seen, address = [], "/reports/?page_size=3&ordering=-date"
    while address:
        body = api.get(address).json()
        assert set(body) == {"next", "previous", "results"}
        seen += [row["date"] for row in body["results"]]
        address = body["next"]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 7


def test_default_order_pages_too(api, report_on):
    rows = [report_on(days).pk for days in range(5)]
    first = api.get("/reports/?page_size=2").json()
    second = api.get(first["next"]).json()
    back = api.get(second["previous"]).json()
    assert [row["pk"] for row in first["results"] + second["results"]] == rows[:4]
    assert back["results"] == first["results"]


def test_page_size_has_a_ceiling(api, report_on):
    report_on()
    assert api.get("/reports/?page_size=9999").status_code == 200


def test_count_is_given_on_request_and_counts_what_is_listed(api, report_on):
    for days in range(3):
        report_on(days)
    assert api.get("/reports/?count=true&page_size=1&date__gte=2026-11-24").json()["count"] == 2
    assert "count" not in api.get("/reports/").json()


def test_filters_narrow_and_wrong_values_are_named(api, report_on):
    report_on(0)
    report_on(1)
    assert len(api.get("/reports/?date=2026-11-24").json()["results"]) == 1
    answer = api.get("/reports/?date=昨天")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "date")


def test_search_wants_every_word_somewhere(api, report_on):
    report_on(0, progress="一网通办", difficulty="系统未联通")
    report_on(1, progress="一网通办")
    assert len(api.get("/reports/", {"search": "一网 系统"}).json()["results"]) == 1
    assert len(api.get("/reports/", {"search": "一网"}).json()["results"]) == 2


def test_unknown_ordering_is_refused(api):
    answer = api.get("/reports/?ordering=-colour")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_ordering")
    assert answer.json()["errors"][0]["field"] == "ordering"


def test_list_holds_what_its_caller_may_see(api, api_for, stranger, report):
    assert len(api.get("/reports/").json()["results"]) == 1
    assert api_for(stranger).get("/reports/").json()["results"] == []


def test_list_reads_as_often_for_20_rows_as_for_2(api, report_on):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            api.get("/reports/?count=true")
        return len(seen)

    for days in range(2):
        report_on(days)
    queries()  # the caller's roles are read once and kept with the person
    few = queries()
    for days in range(2, 20):
        report_on(days)
    assert queries() == few


# --- Order of refusals ---------------------------------------------------------------------------
def refusal(client, report, body, **headers):
    answer = post(client, f"/reports/{report.pk}/note/", body, **headers)
    return answer.status_code


def test_refusals_come_in_the_contracts_order(api, api_for, stranger, office, report_on):
    """404, 403, 412, 409, 400: each caller below also makes every later mistake."""
    done = report_on(1, status="submitted")
    stale = {"If-Match": '"dailyreport-0-9"'}
    assert refusal(api_for(stranger), done, {}, **stale) == 404
    assert refusal(api_for(office), done, {}, **stale) == 403
    assert refusal(api, done, {}, **stale) == 412
    assert refusal(api, done, {}) == 409
    assert refusal(api, report_on(2, difficulty="x"), {}) == 409
    assert refusal(api, report_on(3), {}) == 400
    assert refusal(api, report_on(4), {"progress": "已办结"}) == 200


def test_domain_error_keeps_its_code_and_sentence(api, report):
    answer = post(api, f"/reports/{report.pk}/note/", {"progress": "锁定"})
    assert answer.status_code == 409
    assert answer.json() == {"code": "locked", "detail": "该日已锁定，2026年11月26日10:00截止", "errors": []}


# --- Versions ------------------------------------------------------------------------------------
def test_etag_follows_the_version_and_if_match_guards_it(api, report):
    first = api.get(f"/reports/{report.pk}/")
    tag = first.headers["ETag"]
    noted = post(api, f"/reports/{report.pk}/note/", {"progress": "一"}, **{"If-Match": tag})
    assert (noted.status_code, noted.json()["version"]) == (200, 2)
    assert noted.headers["ETag"] != tag
    late = post(api, f"/reports/{report.pk}/note/", {"progress": "二"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert api.get(f"/reports/{report.pk}/").json()["progress"] == "一"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_if_match_understands_its_forms(api, report, form):
    tag = api.get(f"/reports/{report.pk}/").headers["ETag"]
    assert refusal(api, report, {"progress": "一"}, **{"If-Match": form.format(tag)}) == 200


@pytest.mark.parametrize("address", ["/catalogue/", "/catalogue/{pk}/"])
def test_known_answer_is_304_until_it_changes(api, report, address):
    address = address.format(pk=report.pk)
    first = api.get(address)
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}'):
        again = api.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert "no-cache" in first.headers["Cache-Control"]
    post(api, f"/catalogue/{report.pk}/note/", {"progress": "一"})
    changed = api.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


# --- Idempotency ---------------------------------------------------------------------------------
KEY = {"Idempotency-Key": "8f2c"}


def test_repeated_post_gets_the_first_answer_to_the_byte(api):
    first = post(api, "/echo/", {"text": "好"}, **KEY)
    again = post(api, "/echo/", {"text": "好"}, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert EchoViewSet.runs == ["好"]


def test_refusal_is_remembered_too(api):
    body = {"text": "好", "fail": "refused"}
    first = post(api, "/echo/", body, **KEY)
    again = post(api, "/echo/", body, **KEY)
    assert (again.status_code, again.content) == (400, first.content)
    assert len(EchoViewSet.runs) == 1


@pytest.mark.parametrize("change", ["body", "address"])
def test_key_for_another_request_is_refused(api, report, change):
    post(api, "/echo/", {"text": "好"}, **KEY)
    path, body = ("/echo/", {"text": "坏"}) if change == "body" else (f"/reports/{report.pk}/note/", {"text": "好"})
    answer = post(api, path, body, **KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_failure_of_the_server_is_forgotten(api):
    body = {"text": "好", "fail": "broken"}
    assert post(api, "/echo/", body, **KEY).status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert post(api, "/echo/", body, **KEY).status_code == 500
    assert len(EchoViewSet.runs) == 2


def test_keys_are_each_persons_own(api, api_for, head):
    post(api, "/echo/", {"text": "好"}, **KEY)
    assert post(api_for(head), "/echo/", {"text": "好"}, **KEY).json()["run"] == 2


def test_key_is_kept_for_a_day(api):
    post(api, "/echo/", {"text": "好"}, **KEY)
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(created_at=row.created_at - KEPT - timedelta(minutes=1))
    assert post(api, "/echo/", {"text": "好"}, **KEY).json()["run"] == 2


def test_without_a_key_every_post_runs(api):
    post(api, "/echo/", {"text": "好"})
    assert post(api, "/echo/", {"text": "好"}).json()["run"] == 2


def test_uploaded_file_counts_by_its_bytes(api, tmp_path):
    def upload(content):
        path = tmp_path / "证照.txt"
        path.write_bytes(content)
        with path.open("rb") as file:
            return api.post("/echo/", {"text": "好", "file": file}, format="multipart", headers=KEY)

    assert upload(b"one").status_code == 201
    assert upload(b"one").headers["Idempotency-Replayed"] == "true"
    assert upload(b"two").status_code == 409
