"""What every act on a complaint does: move it by the table, write the timeline, tell who is next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.roles import Role
from accounts.selectors import people_with_permission, people_with_role
from accounts.services import notify
from complaints.models import Complaint, ComplaintEvent, ComplaintFile
from complaints.workflow import COMPLAINT
from core.access import Permission
from core.models import Attachment
from core.services.attachments import store_attachment


def move(
    name: str, complaint: Complaint, *, actor, now: datetime, text: str = "", audit: dict | None = None, **changes: Any
) -> ComplaintEvent:
    """Do the act ``name`` of the table, with ``changes``, and return its line of the timeline.

    Raises what ``Workflow.apply`` raises. Call it inside the transaction of the service.
    """
    before, handled_in = complaint.status, complaint.current_round
    label = COMPLAINT.transitions[name].label
    department = complaint.department
    COMPLAINT.apply(name, complaint, actor=actor, now=now, purpose=text, audit=audit, **changes)
    if complaint.status != before:
        in_hand = Complaint.objects.unscoped("the row the table has just moved for the actor")
        in_hand.filter(pk=complaint.pk).update(entered_status_at=now)
        complaint.entered_status_at = now
    return ComplaintEvent.objects.create(
        complaint=complaint,
        kind=name,
        label=label,
        text=text,
        at=now,
        actor=actor,
        department=department or complaint.department,
        round=complaint.current_round or handled_in,
        by_person=actor is not None,
    )


def attach_files(
    complaint: Complaint,
    attachments: Sequence[Attachment | UploadedFile],
    *,
    purpose: str,
    now: datetime,
    event: ComplaintEvent,
) -> None:
    """Hang files on the complaint and on the line of the timeline they came with; uploads are checked and stored.

    Raises FileRefused or FileTooLarge for an upload that is not what it says; then the whole act is undone.
    """
    stored = [
        one if isinstance(one, Attachment) else store_attachment(one, actor=event.actor, kind=purpose, now=now)
        for one in attachments
    ]
    ComplaintFile.objects.bulk_create(
        ComplaintFile(complaint=complaint, event=event, attachment=attachment, purpose=purpose, added_at=now)
        for attachment in stored
    )


def message_key(complaint: Complaint, what: str) -> str:
    """Return the key that lets a person be told once of a state."""
    return f"complaint:{complaint.pk}:{what}:{complaint.version}"


def tell(people, complaint: Complaint, what: str, title: str, *, now: datetime) -> None:
    """Send one message about the complaint; ``title`` names number and act, never a person or the content."""
    notify(
        people,
        kind=f"complaint.{what}",
        title=f"{complaint.number} {title}",
        url=complaint.get_absolute_url(),
        key=message_key(complaint, what),
        now=now,
    )


def tell_office(complaint: Complaint, what: str, title: str, *, now: datetime) -> None:
    """Tell R1 and R2."""
    tell(people_with_permission(Permission.DISPATCH_COMPLAINTS), complaint, what, title, now=now)


def tell_office_lead(complaint: Complaint, what: str, title: str, *, now: datetime) -> None:
    """Tell R2."""
    tell(people_with_permission(Permission.DECIDE_COMPLAINTS), complaint, what, title, now=now)


def tell_department(complaint: Complaint, what: str, title: str, *, now: datetime, department=None) -> None:
    """Tell R4 and R5 of the department that handles the complaint, or of ``department``."""
    people = people_with_permission(Permission.HANDLE_COMPLAINTS, department=department or complaint.department)
    tell(people, complaint, what, title, now=now)


def tell_heads(complaint: Complaint, what: str, title: str, *, now: datetime) -> None:
    """Tell R5 of the department that handles the complaint."""
    people = people_with_role(Role.DEPARTMENT_HEAD, department=complaint.department)
    tell(people, complaint, what, title, now=now)
