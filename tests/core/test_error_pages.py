"""Refusals by Django itself: as a page, an alert and JSON, each saying what to do."""

import pytest
from django.test import Client, RequestFactory

from core.views import errors


def test_page_names_the_number_that_was_not_found(client_for, office):
    response = client_for(office).get("/nowhere/TS-2026-0999/")
    assert response.status_code == 404
    assert "没有找到 TS-2026-0999" in response.content.decode()
    assert "没有找到这一页" in client_for(office).get("/nowhere/").content.decode()


def test_api_answers_in_its_own_form(client_for, office):
    response = client_for(office).get("/api/v1/nowhere/")
    assert response.status_code == 404
    assert response.json() == {"code": "not_found", "detail": "没有找到这一页", "errors": []}


@pytest.mark.parametrize("address", ["complaints/?search=%00", "complaints/%00/", "issues/?status=a%00"])
def test_address_no_text_can_hold_is_refused_before_a_database_sees_it(address, client_for, office):
    page, answer = (client_for(office).get(f"/{root}{address}") for root in ("", "api/v1/"))
    assert (page.status_code, answer.status_code) == (400, 400)
    assert "这个地址里的条件看不懂" in page.content.decode()
    assert answer.json()["code"] == "invalid"


def test_htmx_gets_an_alert_for_the_place_of_alerts(client_for, office):
    response = client_for(office).get("/nowhere/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert response["HX-Retarget"] == "#alerts"
    assert "<html" not in response.content.decode()


def test_old_form_is_refused_with_what_to_do(office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/help/feedback/", {"text": "x"})
    assert response.status_code == 403
    assert "页面停留太久" in response.content.decode()


def test_broken_page_gives_a_reference_that_is_in_the_log(caplog):
    page = errors.server_error(RequestFactory().get("/dashboard/")).content.decode()
    reference = caplog.messages[0].split()[1].rstrip(":")
    assert f"编号 {reference}" in page
    assert "系统出错" in page


@pytest.mark.parametrize("handler, status", [(errors.bad_request, 400), (errors.permission_denied, 403)])
def test_other_refusals_have_their_page(handler, status):
    response = handler(RequestFactory().get("/x/"))
    assert response.status_code == status
    assert "回首页" in response.content.decode()
