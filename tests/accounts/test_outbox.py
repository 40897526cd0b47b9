"""The outbox: sent through apprise to a real server on this machine, never twice, at most 20 a minute, with retries."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from accounts.models import Message, OutboxMessage
from accounts.selectors.outbox import outbox_to_dos
from accounts.services import alert_people, resend
from accounts.services.outbox import INTERRUPTED, MOST_PER_MINUTE, WAITS, deliver_outbox, queue_outbox
from core.exceptions import InvalidTransition

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
State = OutboxMessage.State


class Robot:
    """A group robot: keeps what it is told and answers with ``status``."""

    def __init__(self):
        self.heard: list[dict] = []
        self.status = 200
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                robot.heard.append(json.loads(body) | {"path": self.path})
                self.send_response(robot.status)
                self.end_headers()

            def log_message(self, *args):
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def robot(settings) -> Iterator[Robot]:
    """Return a robot that is the WeCom group of the installation."""
    robot = Robot()
    thread = threading.Thread(target=robot.server.serve_forever, daemon=True)
    thread.start()
    settings.ALERT_CHANNELS = {"wecom": robot.url}
    yield robot
    robot.server.shutdown()
    robot.server.server_close()
    thread.join()


def queue(count: int = 1) -> None:
    for number in range(count):
        queue_outbox([], title=f"投诉催办 {number}", text="YS20261123-0001", key=f"alerts:{number}", now=NOW)


def deliver(now: datetime = NOW) -> int:
    return deliver_outbox(tell_time=lambda: now)


def states() -> list[str]:
    return list(OutboxMessage.objects.unscoped("test").order_by("id").values_list("state", flat=True))


def test_what_is_queued_arrives_once(robot):
    queue()
    assert deliver() == 1
    assert deliver() == 0
    assert [(told["title"], told["message"]) for told in robot.heard] == [("投诉催办 0", "YS20261123-0001")]
    message = OutboxMessage.objects.unscoped("test").get()
    assert (message.state, message.attempts, message.sent_at) == (State.SENT, 1, NOW)


def test_the_same_key_is_queued_once(robot):
    queue()
    queue()
    assert states() == ["queued"]


def test_without_a_channel_only_the_inbox_is_told(office, settings):
    settings.ALERT_CHANNELS = {}
    alert_people([office], kind="test", title="催办", url="/", key="one", now=NOW)
    assert Message.objects.visible_to(office).count() == 1
    assert states() == []


def test_each_person_with_an_address_gets_their_own_mail(office, office_lead, robot, settings):
    settings.ALERT_CHANNELS = {"email": f"{robot.url}?+X-To={{address}}"}
    office.email = "office@example.cn"
    office.save()
    alert_people([office, office_lead], kind="test", title="催办", url="/", key="one", now=NOW)
    assert list(OutboxMessage.objects.unscoped("test").values_list("channel", "address")) == [
        ("email", "office@example.cn")
    ]
    assert deliver() == 1


def test_at_most_twenty_a_minute(robot):
    queue(MOST_PER_MINUTE + 5)
    assert deliver() == MOST_PER_MINUTE
    assert deliver(NOW + timedelta(seconds=30)) == 0
    assert deliver(NOW + timedelta(seconds=61)) == 5
    assert len(robot.heard) == MOST_PER_MINUTE + 5


def test_a_refusal_is_tried_again_later_and_in_the_end_shown_to_the_office(robot, office, reporter):
    robot.status = 500
    queue()
    moment = NOW
    for wait in WAITS:
        assert deliver(moment) == 0
        assert states() == ["queued"]
        assert deliver(moment + wait - timedelta(seconds=1)) == 0
        moment += wait
    assert deliver(moment) == 0
    assert states() == ["failed"]
    assert len(robot.heard) == len(WAITS) + 1
    message = OutboxMessage.objects.unscoped("test").get()
    assert "HTTP 500" in message.failure
    assert [row.title for row in outbox_to_dos(office, moment)] == ["1 条提醒没有发出去"]
    assert outbox_to_dos(reporter, moment) == []


def test_a_refusal_gives_away_no_key(robot, settings):
    settings.ALERT_CHANNELS = {"wecom": "json://127.0.0.1:1/secret-key"}
    queue()
    deliver()
    message = OutboxMessage.objects.unscoped("test").get()
    assert message.failure == "连接不上或对方没有接收"
    settings.ALERT_CHANNELS = {"wecom": "nonsense"}
    deliver(NOW + timedelta(minutes=2))
    message.refresh_from_db()
    assert message.failure == "渠道地址不能识别，请检查配置"


def test_a_message_whose_worker_died_is_not_sent_again_by_itself(robot, office):
    queue()
    rows = OutboxMessage.objects.unscoped("test")
    rows.update(state=State.SENDING, attempts=1, attempted_at=NOW)
    assert deliver(NOW + timedelta(minutes=5)) == 0
    assert states() == ["sending"]
    deliver(NOW + timedelta(minutes=11))
    assert (rows.get().state, rows.get().failure, robot.heard) == (State.FAILED, INTERRUPTED, [])
    resend(rows.get(), actor=office, now=NOW + timedelta(minutes=12))
    assert deliver(NOW + timedelta(minutes=12)) == 1


def test_only_what_failed_is_sent_again(robot, office):
    queue()
    with pytest.raises(InvalidTransition):
        resend(OutboxMessage.objects.unscoped("test").get(), actor=office, now=NOW)


class TestPage:
    def test_the_office_sees_failures_and_sends_again(self, robot, office, client_for):
        queue()
        OutboxMessage.objects.unscoped("test").update(state=State.FAILED, failure="对方没有接收（HTTP 500）")
        browser = client_for(office)
        page = browser.get("/outbox/?state=failed").text
        assert "HTTP 500" in page
        pk = OutboxMessage.objects.unscoped("test").get().pk
        assert browser.post(f"/outbox/{pk}/resend/").status_code == 302
        assert states() == ["queued"]
        assert browser.post(f"/outbox/{pk}/resend/").status_code == 409

    def test_it_is_for_nobody_else(self, robot, reporter, client_for):
        queue()
        browser = client_for(reporter)
        pk = OutboxMessage.objects.unscoped("test").get().pk
        assert browser.get("/outbox/").status_code == 403
        assert browser.post(f"/outbox/{pk}/resend/").status_code == 404
