"""What is changed about a person without approval: how to reach them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.rules import can_propose
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed


@transaction.atomic
def edit_person(
    person: User,
    *,
    actor: User,
    now: datetime,
    phone: str,
    job_title: str,
    email: str | None = None,
    name: str | None = None,
) -> User:
    """Change phone, job title and e-mail address, of oneself or (S1) of anybody; the name only by S1.

    ``email`` and ``name`` stay as they are when None.

    Raises:
        NotAllowed: it is somebody else's account and the actor keeps none.
        InvalidInput: at ``name`` when it is empty.
    """
    keeps = can_propose(actor)
    if actor.pk != person.pk and not keeps:
        raise NotAllowed("只能修改自己的资料")
    wanted = {"phone": phone.strip(), "job_title": job_title.strip()}
    if email is not None:
        wanted["email"] = email.strip()
    if name is not None and keeps:
        if not name.strip():
            raise InvalidInput.at("name", "请填写姓名")
        wanted["name"] = name.strip()
    before = {field: getattr(person, field) for field in wanted}
    changed = {field: value for field, value in wanted.items() if before[field] != value}
    if changed:
        for field, value in changed.items():
            setattr(person, field, value)
        person.save(update_fields=list(changed))
        record_event(
            actor=actor,
            action="accounts.user.edit",
            target=person,
            before={field: before[field] for field in changed},
            after=changed,
            now=now,
        )
    return person
