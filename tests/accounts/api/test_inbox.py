"""``inbox/``: the caller's messages."""

import pytest

from accounts.models import Message
from accounts.selectors import unread_count
from accounts.services import notify
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/inbox/"


@pytest.fixture
def messages(reporter, stranger):
    """Three messages to ``reporter``, one to somebody else."""
    for number in range(3):
        notify([reporter], kind="daily_report.returned", title=f"退回 {number}", url="/r/", key=str(number), now=NOW)
    notify([stranger], kind="other", title="别人的", url="/s/", key="s", now=NOW)
    return Message.objects.visible_to(reporter)


def test_list_is_ones_own_newest_first(api_for, reporter, messages):
    body = api_for(reporter).get(f"{ADDRESS}?count=true").json()
    assert body["count"] == 3
    assert [row["title"] for row in body["results"]] == ["退回 2", "退回 1", "退回 0"]
    assert set(body["results"][0]) == {"id", "kind", "title", "body", "url", "created_at", "read_at"}
    assert body["results"][0]["created_at"] == "2026-11-25T09:00:00+08:00"


def test_single_message_is_shown_and_stays_unread(api_for, reporter, stranger, messages):
    address = f"{ADDRESS}{messages.first().pk}/"
    assert api_for(reporter).get(address).json()["title"] == "退回 2"
    assert api_for(stranger).get(address).status_code == 404
    assert unread_count(reporter) == 3


def test_read_marks_one_and_again_is_harmless(api_for, reporter, messages):
    api, first = api_for(reporter), messages.first()
    answer = api.post(f"{ADDRESS}{first.pk}/read/")
    assert answer.status_code == 200
    again = api.post(f"{ADDRESS}{first.pk}/read/").json()
    assert again["read_at"] == answer.json()["read_at"] is not None
    assert unread_count(reporter) == 2


def test_repeated_request_gets_the_first_answer(api_for, reporter, messages):
    api, address = api_for(reporter), f"{ADDRESS}{messages.first().pk}/read/"
    first = api.post(address, headers={"Idempotency-Key": "k"})
    second = api.post(address, headers={"Idempotency-Key": "k"})
    assert second.json() == first.json()
    assert second["Idempotency-Replayed"] == "true"


def test_somebody_elses_message_is_404(api_for, stranger, messages):
    assert api_for(stranger).post(f"{ADDRESS}{messages.first().pk}/read/").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("unread=true", 3),
        ("unread=false", 0),
        ("kind=daily_report.returned", 3),
        ("kind=other", 0),
        ("search=退回 1", 1),
    ],
)
def test_filters(api_for, reporter, messages, query, count):
    assert len(api_for(reporter).get(f"{ADDRESS}?{query}").json()["results"]) == count


def test_unknown_parameter_is_named(api_for, reporter):
    answer = api_for(reporter).get(f"{ADDRESS}?colour=red")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "colour"


def test_number_of_queries_does_not_grow(api_for, reporter, queries_of):
    api = api_for(reporter)
    for number in range(2):
        notify([reporter], kind="k", title="t", url="/", key=str(number), now=NOW)
    few = queries_of(api, ADDRESS)
    for number in range(2, 20):
        notify([reporter], kind="k", title="t", url="/", key=str(number), now=NOW)
    assert queries_of(api, ADDRESS) == few
