"""What a page asks for several times is read once, and only while that page is made."""

from collections import Counter

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core.middleware import PerRequestMiddleware
from core.per_request import once_per_request, one_request
from core.selectors.calendar import work_calendar
from tests.factories.indicators import make_set


@pytest.fixture
def counted():
    """Return a selector that answers how often it was really asked."""
    asked: list[tuple] = []

    @once_per_request
    def selector(*args, **kwargs):
        asked.append((args, kwargs))
        return len(asked)

    return selector


def test_same_arguments_are_asked_once_in_a_request_and_others_anew(counted):
    with one_request():
        assert [counted(1), counted(1), counted(2), counted(1, by="x"), counted(1, by="x")] == [1, 1, 2, 3, 3]
    with one_request():
        assert counted(1) == 4


def test_outside_of_a_request_everything_is_read_each_time(counted):
    assert [counted(), counted()] == [1, 2]


def test_an_error_is_not_kept():
    tries = []

    @once_per_request
    def fails_first():
        tries.append(1)
        if len(tries) == 1:
            raise LookupError
        return "found"

    with one_request():
        with pytest.raises(LookupError):
            fails_first()
        assert fails_first() == "found"


@pytest.mark.parametrize(("method", "answers"), [("GET", [1, 1]), ("HEAD", [1, 1]), ("POST", [1, 2]), ("PUT", [1, 2])])
def test_only_requests_that_read_keep_answers(counted, method, answers):
    given = []
    middleware = PerRequestMiddleware(lambda request: given.extend([counted(), counted()]))
    middleware(RequestFactory().generic(method, "/"))
    assert given == answers
    assert counted() == answers[-1] + 1  # nothing is left behind


def test_a_failing_request_leaves_nothing_behind(counted):
    def fail(request):
        counted()
        raise LookupError

    with pytest.raises(LookupError):
        PerRequestMiddleware(fail)(RequestFactory().get("/"))
    assert counted() == 2


@pytest.mark.django_db
def test_no_page_asks_the_same_question_twice(client_for, reporter, head, office, signer, inspector):
    make_set()
    for person in (reporter, head, office, signer, inspector):
        browser = client_for(person)
        for address in ("/", "/help/"):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            asked = Counter(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
            assert [sql for sql, times in asked.items() if times > 1] == [], (person.username, address)


@pytest.mark.django_db
def test_the_calendar_costs_one_query_in_a_page():
    with one_request(), CaptureQueriesContext(connection) as queries:
        assert work_calendar() is work_calendar()
    assert len(queries) <= 3  # its version, and days and hours the first time
