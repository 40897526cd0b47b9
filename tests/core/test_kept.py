"""Answers are kept while nothing is written: asked once in a page, and again by the next one after a write."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core import clock
from core.audit import record_event
from core.kept import keep, kept, kept_for_reader, one_request, reader
from core.middleware import KeptAnswersMiddleware
from core.models import AuditEvent
from core.panels import counts_for, register_count
from core.selectors.calendar import work_calendar
from core.services.audit import seal_audit
from core.settings_registry import change_setting, setting
from tests.factories.indicators import make_set


@pytest.fixture
def counted():
    """Return a selector that answers how often it was really asked."""
    asked: list[tuple] = []

    @kept
    def selector(*args, **kwargs):
        asked.append((args, kwargs))
        return len(asked)

    selector.unkept = selector.__wrapped__
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

    @kept
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
    middleware = KeptAnswersMiddleware(lambda request: given.extend([counted(), counted()]))
    middleware(RequestFactory().generic(method, "/"))
    assert given == answers
    assert counted() == answers[-1] + 1  # nothing is left behind


def test_a_failing_request_leaves_nothing_behind(counted):
    def fail(request):
        counted()
        raise LookupError

    with pytest.raises(LookupError):
        KeptAnswersMiddleware(fail)(RequestFactory().get("/"))
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


# --- from one request to the next -----------------------------------------------------------------


def ask(selector, *args):
    """Ask as a page would."""
    with one_request():
        return selector(*args)


def write(now, action="core.test.write"):
    """Do what every service does with a write: leave a line."""
    return record_event(actor=None, action=action, target=AuditEvent(pk=1, at=now), now=now)


def test_answers_serve_the_next_request_too(keeping, counted, django_assert_num_queries):
    assert [ask(counted), ask(counted)] == [1, 1]
    with django_assert_num_queries(1):  # how many lines there are
        assert ask(counted) == 1


def test_whatever_is_written_shows_in_the_next_request(keeping, counted):
    now = clock.now()
    for expected in (1, 2, 3):
        assert [ask(counted), ask(counted)] == [expected, expected]
        write(now)


def test_a_line_with_a_lower_number_committed_later_counts(keeping, counted):
    later = write(clock.now())
    AuditEvent.objects.filter(pk=later.pk).update(id=later.pk + 10)
    assert ask(counted) == 1
    AuditEvent.objects.create(id=later.pk + 5, at=later.at, action="core.test.write")
    assert ask(counted) == 2


def test_sealing_lines_is_no_write(keeping, counted):
    now = clock.now()
    write(now)
    write(now)
    assert ask(counted) == 1
    assert seal_audit() == 2
    assert ask(counted) == 1


def test_no_answer_is_older_than_the_setting(keeping, counted):
    assert ask(counted) == 1
    keeping(clock.now() + timedelta(seconds=10))
    assert ask(counted) == 2


def test_a_request_stays_with_what_it_met_first(keeping, counted):
    now = clock.now()
    with one_request():
        assert counted() == 1
        write(now)
        assert counted() == 1


def test_a_writing_request_reads_everything(keeping, counted):
    assert ask(counted) == 1
    KeptAnswersMiddleware(lambda request: counted())(RequestFactory().post("/"))
    assert counted() == 3


def test_a_changed_setting_holds_at_once(keeping, office):
    now = clock.now()
    assert ask(setting, "light.silent_workdays") == 5
    change_setting("light.silent_workdays", "7", actor=office, now=now)
    assert ask(setting, "light.silent_workdays") == 7


def test_a_deputy_is_another_reader_than_themselves():
    absent, deputy = SimpleNamespace(pk=1, acting_for=None), SimpleNamespace(pk=2, acting_for=None)
    acting = SimpleNamespace(pk=2, acting_for=absent)
    assert len({reader(absent), reader(deputy), reader(acting)}) == 3


def test_everybody_has_their_own_numbers(keeping, office, reporter, monkeypatch):
    now = clock.now()
    monkeypatch.setattr("core.panels._counts", {})
    register_count("mine", lambda user, now: user.pk)
    for user in (office, reporter, office):
        assert ask(lambda user=user: counts_for(user, now, ["mine", "unknown"])) == {"mine": user.pk}


def test_keys_tell_questions_apart(keeping):
    with one_request():
        assert [keep(("a", 1), lambda: "first"), keep(("a", 2), lambda: "second")] == ["first", "second"]
        assert keep(("a", 1), lambda: "never asked") == "first"


def test_the_moment_is_no_part_of_a_question(keeping, office, reporter):
    @kept_for_reader
    def selector(user, day, *, now, times=None):
        return user.pk, day, now

    with one_request():
        assert selector(office, 1, now=1) == selector(office, 1, now=2, times=3) == (office.pk, 1, 1)
        assert selector(office, 2, now=2) == (office.pk, 2, 2)
        assert selector(reporter, 1, now=2) == (reporter.pk, 1, 2)


def test_no_more_is_kept_than_fits(keeping, counted, monkeypatch):
    monkeypatch.setattr("core.kept.MOST_ANSWERS", 3)
    assert [ask(counted, number) for number in (1, 2, 3)] == [1, 2, 3]
    assert ask(counted, 1) == 4  # forgotten with the others


def test_signing_in_is_no_write(keeping, counted):
    write(clock.now(), "accounts.user.sign_in")
    assert ask(counted) == 1
    write(clock.now(), "accounts.user.sign_out")
    assert ask(counted) == 1
    write(clock.now())
    assert ask(counted) == 2


def test_drafts_leave_alone_what_they_have_no_part_in(keeping, counted):
    lasting = kept(lambda: counted.unkept("lasting"), lasting=True)
    exact = kept(lambda: counted.unkept("exact"))
    assert [ask(lasting), ask(exact)] == [1, 2]
    write(clock.now(), "indicators.dailyreport.save")
    assert [ask(lasting), ask(exact)] == [1, 3]
    write(clock.now(), "indicators.dailyreport.submit")
    assert [ask(lasting), ask(exact)] == [4, 5]
