"""Two beats, two signers, two drafters at once: one draft, one number, one signature (quality.md, Reliability).

On PostgreSQL with real threads; a control shows the race without the turn.
"""

from datetime import date, datetime, time

import pytest

from bulletins.models import Bulletin, BulletinCounter, ReportSchedule
from bulletins.services import drafting, review, schedule
from core.dates import SHANGHAI
from core.exceptions import RuleViolation, VersionConflict
from tests.bulletins.conftest import MONDAY, WEEK
from tests.concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgresql")]
BEGIN = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def only_notices():
    """Set up the schedules with the 通报 alone switched on."""
    schedule.install_schedules(now=BEGIN)
    ReportSchedule.objects.exclude(kind="notice").update(enabled=False)


def papers():
    """Return every paper."""
    return Bulletin.objects.unscoped("test").order_by("id")


def test_two_beats_at_once_make_one_draft(only_notices):
    now = datetime.combine(date(2026, 11, 23), time(8, 30), SHANGHAI)
    given = at_once(lambda: [one.number for one in schedule.draft_due(now=now)])
    assert sorted(given) == [[], [], [], ["notice-2026W47"]]
    assert [one.number for one in papers()] == ["notice-2026W47"]


def test_two_people_drafting_at_once_share_one_paper(office):
    given = at_once(lambda: drafting.draft_bulletin("notice", WEEK, actor=office, now=MONDAY)[1])
    assert sorted(given) == [False, False, False, True]
    assert papers().count() == 1


def test_control_without_the_turn_only_the_constraint_keeps_twins_out(office, monkeypatch):
    monkeypatch.setattr(drafting, "take_turn", lambda *args, **kwargs: None)
    given = at_once(lambda: drafting.draft_bulletin("notice", WEEK, actor=office, now=MONDAY)[1])
    assert [one for one in given if isinstance(one, RuleViolation | VersionConflict)]
    assert papers().count() == 1


def test_signing_twice_at_once_spends_one_number(office, office_lead, signer):
    bulletin, _ = drafting.draft_bulletin("brief", WEEK, actor=office, now=MONDAY)
    review.submit_bulletin(bulletin, actor=office, now=MONDAY)
    review.approve_bulletin(bulletin, actor=office_lead, now=MONDAY)

    def sign():
        return review.sign_bulletin(papers().get(pk=bulletin.pk), actor=signer, now=MONDAY).issue_number

    given = at_once(sign)
    assert [one for one in given if isinstance(one, str)] == ["第1期（总第1期）"]
    assert BulletinCounter.objects.get().next_serial == 2
    assert papers().get().files.count() == 3


def test_receipt_given_twice_at_once_is_one_receipt(office, office_lead, signer, reporter):
    bulletin, _ = drafting.draft_bulletin("brief", WEEK, actor=office, now=MONDAY)
    review.submit_bulletin(bulletin, actor=office, now=MONDAY)
    review.approve_bulletin(bulletin, actor=office_lead, now=MONDAY)
    review.sign_bulletin(bulletin, actor=signer, now=MONDAY)
    given = at_once(lambda: review.acknowledge_bulletin(papers().get(), actor=reporter, now=MONDAY).pk)
    assert len([one for one in given if isinstance(one, int)]) == 1
    assert papers().get().receipts.count() == 1
