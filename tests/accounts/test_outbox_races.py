"""Several senders at once: each message goes out once, and all together keep to 20 a minute (PostgreSQL)."""

import threading

import pytest

from accounts.models import OutboxMessage
from accounts.services import outbox
from accounts.services.outbox import MOST_PER_MINUTE
from tests.accounts.test_outbox import deliver, queue, robot, states
from tests.concurrency import at_once

__all__ = ["robot"]

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgresql")]


def test_four_senders_send_nothing_twice(robot):
    queue(12)
    assert sum(at_once(deliver)) == 12
    titles = [message["title"] for message in robot.heard]
    assert sorted(titles) == sorted(f"投诉催办 {number}" for number in range(12))
    assert states() == ["sent"] * 12
    assert set(OutboxMessage.objects.unscoped("test").values_list("attempts", flat=True)) == {1}


def test_senders_share_the_minute(robot):
    queue(MOST_PER_MINUTE + 10)
    assert sum(at_once(deliver)) == MOST_PER_MINUTE
    assert len(robot.heard) == MOST_PER_MINUTE
    assert states().count("queued") == 10


def test_control_without_turn_and_claim_messages_go_out_again(robot, monkeypatch):
    """What is only read and not claimed is sent by everybody who has read it."""
    queue(3)
    own = threading.local()

    def unclaimed(now):
        if not hasattr(own, "read"):
            own.read = iter(list(OutboxMessage.objects.unscoped("test").filter(state="queued")))
        return next(own.read, None)

    monkeypatch.setattr(outbox, "_claim", unclaimed)
    at_once(deliver)
    assert len(robot.heard) > 3
