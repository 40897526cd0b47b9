"""Alerts beyond the inbox: queued with what they are about, sent by the worker through apprise.

A channel is on when its address stands in ``settings.ALERT_CHANNELS`` (from the environment, because it
holds a key): an apprise URL, in which ``{address}`` is replaced by the person's e-mail address.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

import apprise
from django.conf import settings
from django.db import transaction

from accounts.models import Message, OutboxMessage, User
from accounts.services.messages import notify
from core.audit import record_event
from core.exceptions import InvalidTransition
from core.ledger import take_turn

Channel = OutboxMessage.Channel
State = OutboxMessage.State

#: Robots of WeCom and DingTalk are shut out above 20 messages a minute.
MOST_PER_MINUTE = 20
#: The wait after each failed attempt; after one more the message has failed for good.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
#: A message whose worker died may have arrived, so a person decides whether it goes out again.
INTERRUPTED_AFTER = timedelta(minutes=10)
INTERRUPTED = "发送中断，不能确定是否送达，请核实后决定是否重发"
_WHY = "the worker sends for everybody"
_HTTP_ERROR = re.compile(r"error=(\d{3})")


def alert_people(
    people: Iterable[User], *, kind: str, title: str, url: str, key: str, now: datetime, body: str = ""
) -> list[Message]:
    """Tell ``people`` in their inbox and on every channel that is configured; arguments as of ``notify``.

    Call it inside the transaction of the act: nobody is told of what was rolled back.
    """
    people = list(people)
    queue_outbox(people, title=title, text=body, key=key, now=now)
    return notify(people, kind=kind, title=title, url=url, key=key, now=now, body=body)


def queue_outbox(people: Iterable[User], *, title: str, text: str, key: str, now: datetime) -> None:
    """Queue one e-mail for each of ``people`` who has an address, and one message for each group robot; once per key."""
    addresses = {channel: [""] for channel in (Channel.WECOM, Channel.DINGTALK)}
    addresses[Channel.EMAIL] = sorted({person.email for person in people if person.email})
    OutboxMessage.objects.bulk_create(
        (
            OutboxMessage(
                channel=channel,
                address=address,
                title=title[:200],
                text=text,
                key=key,
                next_attempt_at=now,
                created_at=now,
            )
            for channel, channel_addresses in addresses.items()
            if settings.ALERT_CHANNELS.get(channel)
            for address in channel_addresses
        ),
        ignore_conflicts=True,
    )


def deliver_outbox(*, tell_time: Callable[[], datetime]) -> int:
    """Send what is due, at most 20 a minute over all channels, and return how many went out.

    One at a time: should the worker die, only the message in its hand is in doubt.
    """
    _give_up_interrupted(tell_time())
    return sum(_deliver(message, tell_time) for message in iter(lambda: _claim(tell_time()), None))


@transaction.atomic
def _claim(now: datetime) -> OutboxMessage | None:
    """Mark the next message that is due as being sent and return it; None when none is, or the minute is full."""
    take_turn("outbox", now=now)
    messages = OutboxMessage.objects.unscoped(_WHY)
    if messages.filter(attempted_at__gt=now - timedelta(minutes=1)).count() >= MOST_PER_MINUTE:
        return None
    due = messages.filter(state=State.QUEUED, next_attempt_at__lte=now)
    message = due.order_by("next_attempt_at", "id").first()
    if message is not None:
        message.attempts += 1
        message.state, message.attempted_at = State.SENDING, now
        message.save(update_fields=["attempts", "state", "attempted_at"])
    return message


def _deliver(message: OutboxMessage, tell_time: Callable[[], datetime]) -> bool:
    """Send one claimed message and write down how it went; return whether it went out."""
    failure, now = send(message), tell_time()
    if not failure:
        _write(message, state=State.SENT, sent_at=now, failure="")
    elif message.attempts <= len(WAITS):
        _write(message, state=State.QUEUED, next_attempt_at=now + WAITS[message.attempts - 1], failure=failure)
    else:
        _write(message, state=State.FAILED, failure=failure)
    return not failure


def _write(message: OutboxMessage, **changes) -> None:
    OutboxMessage.objects.unscoped(_WHY).filter(pk=message.pk, state=State.SENDING).update(**changes)


def send(message: OutboxMessage) -> str:
    """Hand the message to apprise; return why it did not go out, or an empty text. Never the channel's key."""
    address = settings.ALERT_CHANNELS.get(message.channel, "")
    if not address:
        return "渠道未配置"
    door = apprise.Apprise()
    if not door.add(address.replace("{address}", quote(message.address, safe=""))):
        return "渠道地址不能识别，请检查配置"
    with apprise.LogCapture(level=apprise.logging.WARNING) as log:
        if door.notify(title=message.title, body=message.text or message.title):
            return ""
        refused = _HTTP_ERROR.search(log.getvalue())
    return f"对方没有接收（HTTP {refused[1]}）" if refused else "连接不上或对方没有接收"


def _give_up_interrupted(now: datetime) -> None:
    """Let messages fail whose worker died while sending."""
    lost = OutboxMessage.objects.unscoped(_WHY).filter(state=State.SENDING, attempted_at__lt=now - INTERRUPTED_AFTER)
    lost.update(state=State.FAILED, failure=INTERRUPTED)


@transaction.atomic
def resend(message: OutboxMessage, *, actor: User, now: datetime) -> OutboxMessage:
    """Queue a failed message again, with all its attempts (R1 R2, who alone see it).

    Raises InvalidTransition when it has not failed, or somebody was quicker.
    """
    failed = OutboxMessage.objects.visible_to(actor).filter(pk=message.pk, state=State.FAILED)
    if not failed.update(state=State.QUEUED, attempts=0, next_attempt_at=now, failure=""):
        raise InvalidTransition("只有发送失败的消息可以重发")
    record_event(actor=actor, action="accounts.outboxmessage.resend", target=message, now=now)
    message.refresh_from_db()
    return message
