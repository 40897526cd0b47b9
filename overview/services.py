"""The writes of this app: what a user thinks of the platform, and that a page was printed."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import people_with_role
from accounts.services import notify
from core.audit import record_event

MOST_PATH = 300


@transaction.atomic
def send_feedback(*, actor, text: str, now: datetime) -> None:
    """Put ``text`` (not empty, checked by the form) into the inbox of everybody at the office, with its sender.

    Who may: every signed-in person (quality.md: the footer carries 意见建议). Audited against the sender.
    """
    unit = actor.department.short_name if actor.department_id else ""
    notify(
        people_with_role(Role.OFFICE, Role.OFFICE_LEAD),
        kind="feedback",
        title=f"意见建议：{unit}{actor.name}",
        body=text,
        url=reverse("accounts:inbox"),
        key=f"feedback:{actor.pk}:{now.isoformat()}",
        now=now,
    )
    record_event(actor=actor, action="overview.feedback.send", target=actor, after={"text": text}, now=now)


@transaction.atomic
def record_print(*, actor, path: str, now: datetime) -> None:
    """Leave in the audit log that ``actor`` printed the page at ``path`` (ui.md §12: printing is logged)."""
    record_event(actor=actor, action="overview.page.print", target=actor, after={"path": path[:MOST_PATH]}, now=now)
