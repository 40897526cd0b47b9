"""Deputies: somebody of the same unit works in an absent person's roles between two dates (domain §1)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.rules import deputy_refused_because
from accounts.services.messages import notify
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed

#: The key of the session that names the absent person.
ACTING_FOR = "acting_for"
LONGEST = timedelta(days=366)


@transaction.atomic
def appoint_deputy(
    person: User, *, actor: User, now: datetime, deputy: User, valid_from: date, valid_until: date
) -> User:
    """Let ``deputy`` act for ``person`` from the first to the last day, both included (Asia/Shanghai).

    A person appoints their own deputy, in their own log-in; a deputy appoints nobody.

    Raises:
        NotAllowed: it is somebody else's account, or the actor is acting for somebody.
        InvalidInput: at ``deputy``, ``valid_from`` or ``valid_until``.
    """
    _permit_own(person, actor)
    if refusal := deputy_refused_because(person, deputy):
        raise InvalidInput.at("deputy", refusal)
    if valid_until < valid_from:
        raise InvalidInput.at("valid_until", "结束日期不能早于开始日期")
    if valid_until < local_date(now):
        raise InvalidInput.at("valid_until", "结束日期已过")
    if valid_until - valid_from > LONGEST:
        raise InvalidInput.at("valid_until", "代理期限不超过一年")
    before = _facts(person)
    person.deputy, person.deputy_from, person.deputy_until = deputy, valid_from, valid_until
    person.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    record_event(
        actor=actor,
        action="accounts.user.appoint_deputy",
        target=person,
        before=before,
        after=_facts(person),
        now=now,
    )
    notify(
        [deputy],
        kind="deputy.appointed",
        title=f"{person.name}请您代理，{valid_from:%Y-%m-%d} 至 {valid_until:%Y-%m-%d}",
        url=reverse("accounts:profile"),
        key=f"deputy:{person.pk}:{valid_from}:{valid_until}",
        now=now,
    )
    return person


@transaction.atomic
def dismiss_deputy(person: User, *, actor: User, now: datetime) -> User:
    """End the deputy's office at once; again is harmless."""
    _permit_own(person, actor)
    before = _facts(person)
    person.deputy = person.deputy_from = person.deputy_until = None
    person.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    record_event(actor=actor, action="accounts.user.dismiss_deputy", target=person, before=before, now=now)
    return person


@transaction.atomic
def start_acting(session, absent: User, *, actor: User, now: datetime) -> None:
    """Switch this log-in to ``absent``'s roles; the record names both from here on.

    Raises:
        NotAllowed: the actor is not their deputy today.
    """
    if not actor.may_act_for(absent, local_date(now)):
        raise NotAllowed(f"您今天不是{absent.name}的代理人")
    session[ACTING_FOR] = absent.pk
    record_event(actor=actor, action="accounts.user.start_acting", target=absent, now=now)


def stop_acting(session, *, actor: User, now: datetime) -> None:
    """Switch this log-in back to one's own roles; again is harmless."""
    if session.pop(ACTING_FOR, None) and actor.acting_for:
        record_event(actor=actor, action="accounts.user.stop_acting", target=actor.acting_for, now=now)


def _permit_own(person: User, actor: User) -> None:
    if actor.pk != person.pk or actor.acting_for:
        raise NotAllowed("代理人由本人设置")


def _facts(person: User) -> dict:
    deputy = person.deputy.username if person.deputy else None
    return {"deputy": deputy, "from": person.deputy_from, "until": person.deputy_until}
