"""The frame around every page: date, messages, the person, the footer (ui.md §4, quality.md)."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from accounts.models import Message
from core.settings_registry import change_setting
from overview.context_processors import Frame, frame

MORNING = datetime(2026, 10, 12, 2, 40, tzinfo=UTC)
MAKE_UP_SATURDAY = datetime(2026, 10, 10, 2, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 17, 2, 0, tzinfo=UTC)
NATIONAL_DAY = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def frame_for():
    """Return the frame of one page for one person at one moment."""

    def framed(user, path="/", now=MORNING, **query):
        request = RequestFactory().get(path, query)
        request.user = user
        return Frame(request, now)

    return framed


@pytest.mark.parametrize(
    ("now", "word", "is_make_up"),
    [
        (MORNING, "工作日", False),
        (MAKE_UP_SATURDAY, "调休上班", True),
        (NATIONAL_DAY, "国庆节", False),
        (SATURDAY, "休息日", False),
    ],
)
def test_date_says_what_kind_of_day_it_is(frame_for, office, now, word, is_make_up):
    shown = frame_for(office, now=now)
    assert shown.day_word == word
    assert shown.is_make_up is is_make_up


def test_unread_messages_are_ones_own_and_end_at_99(frame_for, office, reporter):
    Message.objects.bulk_create(
        Message(user=office, kind="x", title="x", key=str(number), created_at=MORNING) for number in range(100)
    )
    assert frame_for(office).unread_short == "99+"
    assert frame_for(reporter).unread == 0


def test_person_is_shown_with_unit_and_roles(frame_for, reporter):
    shown = frame_for(reporter)
    assert shown.user_line == "县住建局 · 部门填报员"
    assert shown.home_url == "/"


def test_root_stands_for_the_first_page_in_the_navigation(frame_for, leader):
    shown = frame_for(leader)
    assert [item.key for group in shown.groups for item in group.items if item.is_current] == ["dashboard"]


def test_search_keeps_its_words_on_the_search_page_only(frame_for, office):
    assert frame_for(office, "/search/", q="用气").search_text == "用气"
    assert frame_for(office, "/indicators/", q="用气").search_text == ""


@pytest.mark.parametrize("person", ["sysadmin", "secadmin", "auditor"])
def test_administrators_search_no_business_data(request, frame_for, person):
    shown = frame_for(request.getfixturevalue(person))
    assert shown.search_url == ""
    assert shown.home_url == "/console/"
    assert shown.tabs == ()


def test_counts_stand_beside_what_waits(frame_for, office, monkeypatch):
    monkeypatch.setattr("core.panels._counts", {"dispatch": lambda user, now: 5})
    items = {item.key: item.count for group in frame_for(office).groups for item in group.items}
    assert items["dispatch"] == 5
    assert items["workbench"] == 0


def test_footer_carries_feedback_and_the_filing_number(client_for, office, sysadmin):
    change_setting("site.filing_number", "豫ICP备00000000号", actor=sysadmin, now=MORNING)
    page = client_for(office).get("/help/").content.decode()
    assert "意见建议" in page
    assert "豫ICP备00000000号" in page


def test_nothing_is_read_before_a_template_asks(office, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = office
    with django_assert_num_queries(0):
        frame(request)


def test_deputy_sees_for_whom_they_act(client_for, frame_for, head, reporter):
    reporter.acting_for = head
    shown = frame_for(reporter)
    assert shown.acting_for == head
    assert "部门负责人" in shown.user_line
