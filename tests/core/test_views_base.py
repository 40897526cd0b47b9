"""Bases of HTML pages: declared permission, rows through the user, errors where they belong (architecture §5, §6)."""

import copy
from pathlib import Path

import pytest
from django.test import RequestFactory

from core.access import ANY_USER, Permission
from core.exceptions import InvalidInput
from core.views import ActView, FormPage, PageView, TransitionView
from core.views.base import next_address, put_errors_on_form
from tests.core.pages import NoteForm

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.pages")]


@pytest.fixture(autouse=True)
def _templates_of_the_tests(settings):
    engine = copy.deepcopy(settings.TEMPLATES[0])
    engine["DIRS"] = [*engine["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [engine]
    settings.LOGIN_URL = "/login/"


# --- Permission ----------------------------------------------------------------------------------
@pytest.mark.parametrize("base", [PageView, FormPage])
def test_view_without_permission_is_an_error_at_import(base):
    with pytest.raises(TypeError, match="Forgotten must declare permission"):
        type("Forgotten", (base,), {})


@pytest.mark.parametrize("permission", [ANY_USER, Permission.REPORT])
def test_declared_view_and_its_heirs_are_fine(permission):
    page = type("Page", (PageView,), {"permission": permission})
    assert type("Heir", (page,), {}).permission == permission


def test_abstract_base_needs_none_but_its_views_do():
    base = type("Base", (PageView,), {"abstract": True})
    with pytest.raises(TypeError):
        type("Forgotten", (base,), {})


@pytest.mark.parametrize("base", [TransitionView, ActView])
def test_row_doors_are_open_to_whoever_sees_the_row(base):
    assert type("Act", (base,), {}).permission == ANY_USER


def test_page_is_refused_without_its_permission(client_for, office, reporter):
    assert client_for(office).get("/board/").status_code == 200
    refused = client_for(reporter).get("/board/")
    assert refused.status_code == 403
    assert "您的角色不能打开这个页面" in refused.content.decode()


def test_any_user_means_signed_in(client, client_for, auditor):
    assert client_for(auditor).get("/").status_code == 200
    anonymous = client.get("/")
    assert (anonymous.status_code, anonymous.url) == (302, "/login/?next=/")


def test_anonymous_caller_learns_nothing_about_rows(client, report):
    for address in (f"/notes/{report.pk}/", "/notes/999999/"):
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302


# --- Forms ---------------------------------------------------------------------------------------
def test_wrong_input_is_422_at_its_field_and_keeps_what_was_typed(client_for, reporter):
    answer = client_for(reporter).post("/notes/new/", {"progress": "", "difficulty": "系统未联通"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写进展" in page
    assert 'value="系统未联通"' in page


def test_services_refusal_of_input_is_422_at_its_field(client_for, reporter):
    answer = client_for(reporter).post("/notes/new/", {"progress": "invalid", "difficulty": "留着"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["progress"] == ["这里填错了"]
    assert 'value="留着"' in answer.content.decode()


def test_errors_of_fields_the_form_has_not_stand_above_it(client_for, reporter):
    form = client_for(reporter).post("/notes/new/", {"progress": "两处错"}).context["form"]
    assert form.errors["progress"] == ["进展不实"]
    assert form.non_field_errors() == ["数值不是数字"]


def test_refused_file_is_said_above_the_form(client_for, reporter):
    answer = client_for(reporter).post("/notes/new/", {"progress": "large"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["文件超过 20 MB"]


def test_success_goes_on_and_says_so(client_for, reporter):
    client = client_for(reporter)
    answer = client.post("/notes/new/", {"progress": "一"})
    assert (answer.status_code, answer.url) == (302, "/done/")
    assert "[已保存]" in client.get("/").content.decode()


def test_put_errors_on_form_without_entries_uses_the_sentence(reporter):
    form = NoteForm({"progress": "一"}, user=reporter)
    put_errors_on_form(form, InvalidInput("日期不在本周"))
    assert form.non_field_errors() == ["日期不在本周"]


# --- Rows ----------------------------------------------------------------------------------------
def test_row_is_fetched_through_the_user_before_anything_else(client_for, stranger, report):
    """A stranger gets 404 for input that is wrong, a version that is old, and a row that is not there alike."""
    client = client_for(stranger)
    assert client.get(f"/notes/{report.pk}/").status_code == 404
    assert client.post(f"/notes/{report.pk}/", {"version": "9"}).status_code == 404
    assert client.post(f"/notes/{report.pk}/tick/", {}).status_code == 404
    assert client.get("/notes/999999/").status_code == 404


def test_act_gets_actor_moment_and_input(client_for, reporter, report):
    answer = client_for(reporter).post(f"/notes/{report.pk}/", {"progress": "一", "version": "1"})
    report.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, f"/notes/{report.pk}/")
    assert (report.progress, report.version, report.started_by) == ("一", 2, reporter)


def test_form_of_an_older_version_is_refused_and_changes_nothing(client_for, reporter, head, report):
    client_for(head).post(f"/notes/{report.pk}/", {"progress": "一", "version": "1"})
    answer = client_for(reporter).post(f"/notes/{report.pk}/", {"progress": "二", "version": "1"})
    report.refresh_from_db()
    assert (answer.status_code, report.progress) == (409, "一")
    assert "有人改动了这一条" in answer.content.decode()


def test_button_is_post_only_and_says_what_was_done(client_for, reporter, report):
    client = client_for(reporter)
    assert client.get(f"/notes/{report.pk}/tick/").status_code == 405
    answer = client.post(f"/notes/{report.pk}/tick/", {"next": "/"})
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.post(f"/notes/{report.pk}/tick/", {}).url == f"/reports/{report.pk}/"
    assert "[已办理]" in client.get("/").content.decode()


def test_missing_permission_is_told_before_an_old_version(client_for, office, report):
    assert client_for(office).post(f"/notes/{report.pk}/tick/", {"version": "9"}).status_code == 403


# --- Where to go next ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("/dispatch/?date=2026-11-25", "/dispatch/?date=2026-11-25"),
        ("http://testserver/dispatch/", "http://testserver/dispatch/"),
        ("", "/own/"),
        ("https://example.org/", "/own/"),
        ("//example.org/", "/own/"),
        ("///example.org/", "/own/"),
        ("\\\\example.org", "/own/"),
        ("javascript:alert(1)", "/own/"),
        ("http://testserver@example.org/", "/own/"),
    ],
)
def test_next_address_stays_on_this_site(sent, taken):
    assert next_address(RequestFactory().post("/", {"next": sent}), "/own/") == taken


# --- Errors as pages and as alerts ---------------------------------------------------------------
REFUSALS = [
    ("not-allowed", 403, "您可以查看，但不能提交"),
    ("wrong-state", 409, "当前为“已采纳”，不能提交"),
    ("locked", 409, "该日已锁定"),
    ("changed", 409, "刚刚有人改动了这一条，请刷新后再看"),
    ("stale", 409, "您打开页面之后有人改动了这一条"),
    ("often", 429, "请求过于频繁"),
]


@pytest.mark.parametrize(("progress", "status", "sentence"), REFUSALS)
@pytest.mark.parametrize("door", ["/notes/{}/", "/notes/{}/tick/"])
def test_domain_error_becomes_a_page_with_its_sentence(client_for, reporter, report, progress, status, sentence, door):
    answer = client_for(reporter).post(door.format(report.pk), {"progress": progress})
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(("progress", "status", "sentence"), REFUSALS)
def test_domain_error_becomes_an_alert_for_htmx(client_for, reporter, report, progress, status, sentence):
    address = f"/notes/{report.pk}/tick/"
    answer = client_for(reporter).post(address, {"progress": progress}, headers={"HX-Request": "true"})
    assert answer.status_code == status
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#alerts", "innerHTML")
    assert sentence in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_wrong_input_of_a_button_is_a_400_page(client_for, reporter, report):
    answer = client_for(reporter).post(f"/notes/{report.pk}/tick/", {"progress": "invalid"})
    assert answer.status_code == 400
    assert "这里填错了" in answer.content.decode()
