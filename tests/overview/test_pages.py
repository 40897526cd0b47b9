"""First page, handbook, feedback and components through the browser's door."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from core import panels
from core.audit import AuditEvent
from core.panels import ToDo
from overview.handbook import CHAPTERS, chapter_for, chapter_html

NOWHERE = "还没有启用的指标体系"


@pytest.fixture
def to_dos(monkeypatch):
    """Return a list; what is put into it waits for everybody."""
    rows = []
    monkeypatch.setattr(panels, "_to_dos", [lambda user, now: rows])
    return rows


@pytest.mark.parametrize("person", ["office", "office_lead", "reporter", "head", "inspector"])
def test_first_page_is_the_workbench(request, client_for, person, to_dos):
    page = client_for(request.getfixturevalue(person)).get("/").content.decode()
    assert "我的待办" in page
    assert "没有待办" in page
    assert 'aria-current="page" href="/"' in page


@pytest.mark.parametrize("person", ["leader", "signer"])
def test_first_page_of_leaders_is_the_dashboard(request, client_for, person):
    assert NOWHERE in client_for(request.getfixturevalue(person)).get("/").content.decode()


def test_workbench_shows_to_dos_with_their_verb(client_for, reporter, to_dos):
    to_dos.append(ToDo("填报", "A08 获得用气 <待报>", "/daily-reports/A08/", "去填报", meta="红类，每日"))
    page = client_for(reporter).get("/").content.decode()
    assert "A08 获得用气 &lt;待报&gt;" in page
    assert "去填报" in page
    assert "正常" in page
    assert "红类，每日" in page


def test_workbench_costs_the_same_for_2_and_20_to_dos(client_for, reporter, to_dos):
    client = client_for(reporter)
    client.get("/")  # the first request of a process reads the calendar

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    to_dos.extend(ToDo("填报", f"第 {number} 项", "/x/", "填报") for number in range(2))
    few = queries()
    to_dos.extend(ToDo("填报", f"第 {number} 项", "/x/", "填报") for number in range(2, 20))
    assert queries() == few


def test_pages_carry_no_inline_style_or_script(client_for, office):
    for address in ("/", "/dashboard/", "/help/", "/search/?q=x"):
        page = client_for(office).get(address).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(src=|application/json))", page), address


def test_signed_out_people_are_sent_to_the_log_in_page(client):
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


# --- Handbook -------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_chapter_has_its_file_and_begins_with_its_title(slug):
    assert f"<h1>{CHAPTERS[slug].title}</h1>" in chapter_html(slug)


@pytest.mark.parametrize(
    "roles, slug",
    [({"reporter"}, "reporter"), ({"office_lead"}, "office"), ({"auditor"}, "administrator"), (set(), "account")],
)
def test_handbook_opens_at_ones_own_chapter(roles, slug):
    assert chapter_for(roles) == slug


def test_handbook_pages(client_for, reporter):
    client = client_for(reporter)
    assert "今日无变化" in client.get("/help/").content.decode()
    assert client.get("/help/words/").status_code == 200
    assert client.get("/help/nonsense/").status_code == 404


# --- Feedback -------------------------------------------------------------------------------


def test_feedback_reaches_the_office_and_leaves_a_trace(client_for, reporter, office, office_lead, leader):
    response = client_for(reporter).post("/help/feedback/", {"text": "A08 的用户数要了两遍"})
    assert response.status_code == 302
    messages = Message.objects.unscoped("test").order_by("user__username")
    assert [(row.user, row.body) for row in messages] == [
        (office, "A08 的用户数要了两遍"),
        (office_lead, "A08 的用户数要了两遍"),
    ]
    assert "县住建局" in messages[0].title
    assert AuditEvent.objects.get(action="overview.feedback.send").actor == reporter


def test_empty_feedback_is_refused_at_the_field(client_for, reporter):
    response = client_for(reporter).post("/help/feedback/", {"text": " "})
    assert response.status_code == 422
    assert "请写下意见或建议" in response.content.decode()


# --- Printing -------------------------------------------------------------------------------


def test_printing_leaves_a_trace(client_for, leader):
    assert client_for(leader).post("/prints/", {"path": "/dashboard/"}).status_code == 204
    event = AuditEvent.objects.get(action="overview.page.print")
    assert (event.actor, event.after) == (leader, {"path": "/dashboard/"})


# --- Components -----------------------------------------------------------------------------


def test_component_page_is_for_development_only(client_for, office, monkeypatch):
    client = client_for(office)
    assert client.get("/ui/").status_code == 404
    monkeypatch.setattr(settings, "DEMO", True)
    assert client.get("/ui/").status_code == 200
