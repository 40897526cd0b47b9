"""Two scanners, two clocks at once: each rung on record once, each department told once (quality.md, Reliability).

On PostgreSQL with real threads; a control shows the race without the turn.
"""

from datetime import UTC, datetime

import pytest

from accounts.models import Message, OutboxMessage
from complaints.models import Complaint, ComplaintEvent, Escalation
from complaints.services import escalation
from complaints.services.business_clocks import accept_undecided
from complaints.services.escalation import scan_complaints
from tests.complaints.test_escalation import alerts, rungs
from tests.concurrency import at_once
from tests.factories.complaints import complaint_at, make_complaint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgresql")]
#: Monday 7 December 2026, 10:00: what was due on 30 November stands on the rung of the bulletin.
LATE = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)


def test_four_scanners_tell_each_department_once(cast, settings):
    settings.ALERT_CHANNELS = {"wecom": "json://127.0.0.1:9/hook"}
    rows = [complaint_at("handling", cast) for _ in range(5)]
    assert sorted(at_once(lambda: scan_complaints(now=LATE))) == [0, 0, 0, 5]
    assert alerts(cast.head) == alerts(cast.reporter) == ["投诉催办：列入通报 5 件"]
    assert [rungs(row) for row in rows] == [[(1, True), (2, True), (3, True), (4, False)]] * 5
    assert ComplaintEvent.objects.unscoped("test").filter(kind="escalate").count() == 5
    keys = OutboxMessage.objects.unscoped("test").values_list("key", "channel")
    assert len(keys) == len(set(keys)) == 2  # the department's digest and the office's


def test_control_without_the_turn_the_scanners_meet(cast, monkeypatch):
    """Without it each finds the same rows: the timeline says it several times, or a scan fails on the other's row."""
    monkeypatch.setattr(escalation, "take_turn", lambda *args, **kwargs: None)
    for _ in range(5):
        complaint_at("handling", cast)
    given = at_once(lambda: scan_complaints(now=LATE))
    assert sorted(map(str, given)) != ["0", "0", "0", "5"]


def test_scan_beside_a_later_scan_repeats_nothing(cast):
    complaint_at("handling", cast)
    assert scan_complaints(now=LATE) == 1
    assert at_once(lambda: scan_complaints(now=LATE)) == [0, 0, 0, 0]
    assert Message.objects.unscoped("test").filter(kind="complaint.alerts", user=cast.head).count() == 1
    assert Escalation.objects.unscoped("test").count() == 4


def test_silence_accepts_once(cast):
    row = make_complaint(cast.office, regime="business", grade="C")
    given = at_once(lambda: accept_undecided(now=LATE))
    assert not [one for one in given if isinstance(one, Exception)]
    stored = Complaint.objects.unscoped("test").get(pk=row.pk)
    assert stored.status == "accepted"
    assert stored.events.filter(kind="accept").count() == 1
