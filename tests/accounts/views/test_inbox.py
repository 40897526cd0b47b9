"""The inbox page, and saved views."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from accounts.models import Message, SavedView
from accounts.selectors import saved_views, unread_count
from accounts.services import notify, save_view
from core.exceptions import InvalidInput, RuleViolation
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db


def tell(person, number, now=NOW):
    notify([person], kind="k", title=f"第 {number} 件", url=f"/rows/{number}/", key=str(number), now=now)
    return Message.objects.visible_to(person).get(key=str(number))


def test_unread_come_first_then_the_newest(client_for, reporter):
    for number in range(3):
        tell(reporter, number, NOW + timedelta(minutes=number))
    client = client_for(reporter)
    newest = Message.objects.visible_to(reporter).get(key="2")
    client.get(f"/inbox/{newest.pk}/")
    page = client.get("/inbox/").content.decode()
    assert page.index("第 1 件") < page.index("第 0 件") < page.index("第 2 件")
    assert "2 条未读" in page


def test_opening_marks_read_and_leads_to_the_row(client_for, reporter):
    message = tell(reporter, 1)
    answer = client_for(reporter).get(f"/inbox/{message.pk}/")
    assert answer["Location"] == "/rows/1/"
    assert unread_count(reporter) == 0


def test_somebody_elses_message_does_not_exist(client_for, reporter, stranger):
    message = tell(reporter, 1)
    assert client_for(stranger).get(f"/inbox/{message.pk}/").status_code == 404
    assert unread_count(reporter) == 1


def test_all_are_marked_read(client_for, reporter, head):
    for number in range(3):
        tell(reporter, number)
    tell(head, 9)
    assert client_for(reporter).post("/inbox/read-all/")["Location"] == "/inbox/"
    assert (unread_count(reporter), unread_count(head)) == (0, 1)


def test_empty_inbox_says_so(client_for, reporter):
    assert "没有消息" in client_for(reporter).get("/inbox/").content.decode()


def test_number_of_queries_does_not_grow(client_for, reporter, queries_of):
    client = client_for(reporter)
    for number in range(2):
        tell(reporter, number)
    few = queries_of(client, "/inbox/")
    for number in range(2, 20):
        tell(reporter, number)
    assert queries_of(client, "/inbox/") == few


class TestSavedViews:
    def test_saved_replaced_and_deleted_by_form(self, client_for, reporter):
        client = client_for(reporter)
        sent = {"page": "indicators:list", "name": "我牵头的", "query": "lead=zjj", "next": "/indicators/?lead=zjj"}
        assert client.post("/saved-views/", sent)["Location"] == "/indicators/?lead=zjj"
        client.post("/saved-views/", sent | {"query": "lead=zjj&light=serious"})
        view = saved_views(reporter, "indicators:list").get()
        assert view.query == "lead=zjj&light=serious"
        assert client.post(f"/saved-views/{view.pk}/delete/")["Location"] == "/"
        assert not saved_views(reporter, "indicators:list").exists()

    def test_view_without_a_name_is_refused(self, client_for, reporter):
        answer = client_for(reporter).post("/saved-views/", {"page": "indicators:list", "name": ""})
        assert answer.status_code == 400
        assert "请给视图起个名字" in answer.content.decode()

    @pytest.mark.parametrize("words", ["13812345678", "138-1234-5678", "138%201234+5678", "0396-4800000"])
    def test_searched_phone_is_not_kept(self, words, client_for, office):
        sent = {"page": "complaints:list", "name": "老来电", "query": f"view=open&search={words}"}
        answer = client_for(office).post("/saved-views/", sent)
        assert answer.status_code == 400
        assert "不能保存" in answer.content.decode()
        assert not saved_views(office, "complaints:list").exists()
        sent |= {"query": "from=2026-11-01&to=2026-11-30&search=YS20261101-0001"}
        assert client_for(office).post("/saved-views/", sent).status_code == 302

    def test_somebody_elses_view_is_neither_listed_nor_deleted(self, client_for, reporter, stranger):
        view = save_view(actor=reporter, page="p", name="n", query="", now=NOW)
        assert not saved_views(stranger, "p").exists()
        assert client_for(stranger).post(f"/saved-views/{view.pk}/delete/").status_code == 404

    def test_twenty_are_enough(self, reporter):
        for number in range(20):
            save_view(actor=reporter, page="p", name=f"视图 {number}", query="", now=NOW)
        with pytest.raises(RuleViolation):
            save_view(actor=reporter, page="p", name="再一个", query="", now=NOW)
        save_view(actor=reporter, page="other", name="再一个", query="", now=NOW)
        assert SavedView.objects.visible_to(reporter).count() == 21

    def test_blank_name_is_refused_at_its_field(self, reporter):
        with pytest.raises(InvalidInput) as refusal:
            save_view(actor=reporter, page="p", name="  ", query="", now=NOW)
        assert refusal.value.errors[0]["field"] == "name"

    def test_partial_lists_views_and_keeps_the_filters(self, rf, reporter):
        view = save_view(actor=reporter, page="indicators:list", name="我牵头的", query="lead=zjj", now=NOW)
        request = rf.get("/indicators/?light=serious")
        request.user = reporter
        context = {"saved_views": [view], "saved_page": "indicators:list"}
        part = render_to_string("accounts/_saved_views.html", context, request=request)
        assert 'href="/indicators/?lead=zjj"' in part
        assert 'name="query" value="light=serious"' in part
