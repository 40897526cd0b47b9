"""Telling departments and the office what a scan of a ladder has found (domain §6, Escalation)."""

from datetime import datetime

from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services.outbox import alert_people
from core.audit import record_event
from core.ladder import Alerts, Digest, Ladder, Rung
from departments.models import Department


def send_digests(alerts: Alerts, *, now: datetime) -> None:
    """Send one digest a department, and one to the office of what was raised; the audit log says so.

    Call it inside the transaction of the scan.
    """
    ladder = alerts.ladder
    for department in Department.objects.filter(pk__in=alerts.by_department):
        digest = alerts.by_department[department.pk]
        people = people_with_permission(ladder.told, department=department)
        _tell(people, ladder, digest, to=str(department.pk), now=now)
        record_event(
            actor=None,
            action=ladder.audited_as,
            target=department,
            after={Rung(rung).name.lower(): count for rung, count in digest.counts.items()},
            now=now,
        )
    if alerts.for_office.counts:
        _tell(people_with_permission(ladder.told_of_raised), ladder, alerts.for_office, to="office", now=now)


def _tell(people, ladder: Ladder, digest: Digest, *, to: str, now: datetime) -> None:
    alert_people(
        people,
        kind=ladder.kind,
        title=digest.title,
        body=digest.body,
        url=f"{reverse(ladder.list_name)}?view={digest.view}",
        key=f"{ladder.kind.replace('.', '_')}:{to}:{now.isoformat()}",
        now=now,
    )
