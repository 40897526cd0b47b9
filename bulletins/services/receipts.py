"""Reminding departments that have not signed receipt: one digest a paper, once (domain §8)."""

from datetime import datetime

from django.db import transaction

from accounts.selectors import people_with_permission
from accounts.services import alert_people
from bulletins.models import Bulletin
from bulletins.selectors.receipts import missing_receipts
from core.access import Permission
from core.clock import local_date
from core.dates.deadlines import within_office_hours
from core.ledger import claim_run
from core.selectors.calendar import work_calendar
from core.settings_registry import setting

REMIND = "bulletin_receipts"


def remind_receipts(*, now: datetime) -> list[Bulletin]:
    """Remind units of papers issued more than two working days (setting) ago; each paper once, in office hours.

    What a night without scheduler missed is made up for in the morning. Returns the papers reminded of.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return []
    allowed, today = setting("bulletins.receipt_workdays"), local_date(now)
    reminded = []
    rows = Bulletin.objects.unscoped("units are reminded whoever is signed in")
    for bulletin in rows.filter(status=Bulletin.Status.ISSUED).order_by("issued_on", "id"):
        if bulletin.issued_on is None or calendar.add_workdays(bulletin.issued_on, allowed) >= today:
            continue
        with transaction.atomic():
            if claim_run(REMIND, str(bulletin.pk), now=now):
                _remind(bulletin, now=now)
                reminded.append(bulletin)
    return reminded


def _remind(bulletin: Bulletin, *, now: datetime) -> None:
    name = bulletin.document_number or bulletin.issue_number
    for unit in missing_receipts(bulletin):
        alert_people(
            people_with_permission(Permission.ACKNOWLEDGE_BULLETINS, department=unit["id"]),
            kind="bulletin.receipt",
            title=f"{name} 尚未签收",
            url=bulletin.get_absolute_url(),
            key=f"bulletin:{bulletin.pk}:receipt:{unit['id']}",
            now=now,
        )
