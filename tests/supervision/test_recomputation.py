"""Dates of issues that rested on a presumed year are counted again when the year is loaded (domain §5)."""

from datetime import UTC, date, datetime

import pytest

from core.dates import DayKind, KnownDay
from core.models import AuditEvent
from core.recomputation import recompute_due_dates
from core.selectors.calendar import work_calendar
from supervision.models import Issue, IssueEvent, LookBack
from supervision.services import verification, writing
from tests.factories.due_issues import again, due_issue

pytestmark = pytest.mark.django_db
#: Wednesday 30 December 2026; 2027 is not published.
NOW = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
#: As if the notice made Monday the 4th of January a rest day as well.
REST = KnownDay(DayKind.REST, "元旦")


@pytest.fixture
def calendar():
    """Return the calendar with 2027 published."""
    return work_calendar().with_year(2027, {date(2027, 1, 1): REST, date(2027, 1, 4): REST, date(2027, 2, 26): REST})


@pytest.fixture
def make(inspector, office_lead, head):
    def made(status, **facts):
        facts = {"now": NOW, "due_on": date(2027, 1, 15)} | facts
        return due_issue(status, inspector=inspector, office_lead=office_lead, head=head, **facts)

    return made


def recompute(calendar, actor, *, commit):
    return [
        (change.reference, change.before.astimezone(UTC).date(), change.after.astimezone(UTC).date())
        for change in recompute_due_dates(calendar, actor=actor, now=NOW, commit=commit)
    ]


def test_a_counted_limit_moves_and_says_so(make, calendar, office):
    issue = make("planning", limit_kind="immediate", due_on=None)
    assert (issue.due_on, issue.round_in_hand.provisional) == (date(2027, 1, 5), True)
    expected = [(issue.number, date(2027, 1, 5), date(2027, 1, 6))]
    assert recompute(calendar, office, commit=False) == expected
    assert again(issue, office).due_on == date(2027, 1, 5)
    assert recompute(calendar, office, commit=True) == expected
    after = again(issue, office)
    assert (after.due_on, after.clock_due_on, after.round_in_hand.provisional) == (*[date(2027, 1, 6)] * 2, False)
    assert AuditEvent.objects.filter(action="supervision.issue.recompute").count() == 1
    assert "1月6日" in IssueEvent.objects.unscoped("test").get(kind="recompute").text
    assert recompute(calendar, office, commit=True) == []


def test_a_relapse_without_a_date_is_counted_too(make, calendar, inspector, office):
    issue = make("cleared")
    verification.relapse_issue(issue, reason="又犯", actor=inspector, now=NOW)
    before = again(issue, office).due_on
    (change, *_) = recompute(calendar, office, commit=True)
    assert change[:2] == (issue.number, before)
    assert change[2] > before


def test_a_date_that_somebody_wrote_stays_and_is_no_longer_provisional(make, calendar, office):
    issue = make("rectifying", due_on=date(2027, 1, 4))
    assert issue.round_in_hand.provisional
    assert recompute(calendar, office, commit=True) == []
    after = again(issue, office)
    assert (after.due_on, after.round_in_hand.provisional) == (date(2027, 1, 4), False)


def test_limits_of_verifiers_look_backs_and_reviews_follow(make, calendar, office):
    asked, cleared = make("verifying"), make("cleared")
    LookBack.objects.unscoped("test").filter(issue=cleared).update(due_on=date(2027, 2, 26))
    sustained = make("sustained")
    Issue.objects.unscoped("test").filter(pk=sustained.pk).update(next_review_on=date(2027, 2, 26))
    moved = recompute(calendar, office, commit=True)
    assert moved == [
        (f"{asked.number} 验收", date(2027, 1, 5), date(2027, 1, 6)),
        (f"{cleared.number} 回头看", date(2027, 2, 26), date(2027, 3, 1)),
        (f"{cleared.number} 回头看", date(2027, 2, 26), date(2027, 3, 1)),
        (f"{sustained.number} 复查", date(2027, 2, 26), date(2027, 3, 1)),
    ]
    assert again(sustained, office).next_review_on == date(2027, 3, 1)
    assert recompute(calendar, office, commit=True) == []


def test_a_counted_date_goes_with_the_assignment_and_is_counted_anew(make, office_lead, head, inspector):
    issue = make("assigned", limit_kind="immediate", due_on=None)
    writing.object_to_issue(again(issue, head), reason="不属于本单位", actor=head, now=NOW)
    back = again(issue, inspector)
    assert (back.due_on, back.clock_due_on) == (None, None)
    later = datetime(2027, 1, 7, 2, 0, tzinfo=UTC)
    writing.assign_issue(back, actor=inspector, now=later)
    assert again(issue, inspector).due_on == date(2027, 1, 12)
    written = make("assigned", due_on=date(2027, 1, 29))
    writing.withdraw_issue(again(written, office_lead), reason="改派", actor=office_lead, now=NOW)
    assert again(written, office_lead).due_on == date(2027, 1, 29)
