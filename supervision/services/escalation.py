"""What the clock sends about issues: the ladder, limits of verifiers, look-backs whose day has come (domain §6, §7)."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.selectors import people_with_permission
from accounts.services import alert_people, send_digests
from core.access import Permission
from core.clock import local_date
from core.dates import day_name
from core.dates.deadlines import within_office_hours
from core.ladder import Alerts, Ladder, climb
from core.ladder.digests import NAMED
from core.ledger import claim_run, runs_done, take_turn
from core.selectors.calendar import work_calendar
from supervision.models import IssueEscalation, IssueEvent
from supervision.selectors.escalation import (
    DueDay,
    days_to_look_back,
    late_verifications,
    newly_reached,
)
from supervision.selectors.verifiers import Verifiers

LADDER = Ladder(
    scan="issue_scan",
    subject="issue",
    word="问题催办",
    kind="issue.alerts",
    list_name="supervision:issues",
    told=Permission.HANDLE_ISSUES,
    told_of_raised=Permission.KEEP_ISSUES,
    audited_as="supervision.escalation.send",
)
VERIFY_LIMIT = "issue_verify_limit"
LOOK_BACK_DAY = "issue_look_back_day"


@transaction.atomic
def scan_issues(*, now: datetime) -> int:
    """Put every rung reached by the aware ``now`` on record and tell each department once; return how many.

    In office hours only; outside them it waits, and the next scan makes up for it. Scans follow one another
    (``take_turn``) and a rung is on record once per round, so that running twice tells nobody twice.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return 0
    take_turn(LADDER.scan, now=now)
    alerts = Alerts(LADDER)
    found = climb(
        newly_reached(now, calendar),
        rungs=IssueEscalation,
        events=IssueEvent,
        subject=LADDER.subject,
        now=now,
        tell=alerts.add,
    )
    send_digests(alerts, now=now)
    return found


@transaction.atomic
def remind_verifiers(*, now: datetime) -> int:
    """Tell the verifiers, never the department, of clearance requests past their limit, once each; return how many.

    In office hours. Each verifier hears only of issues on which their own name would still count.
    """
    if not within_office_hours(work_calendar(), now):
        return 0
    take_turn(VERIFY_LIMIT, now=now)
    late = late_verifications(local_date(now))
    known = runs_done(VERIFY_LIMIT, [str(one.request_id) for one in late])
    late = [one for one in late if str(one.request_id) not in known]
    if not late:
        return 0
    numbers: dict[User, list[str]] = defaultdict(list)
    verifiers = Verifiers()
    for one in late:
        claim_run(VERIFY_LIMIT, str(one.request_id), now=now)
        for person in verifiers.asked(departments=one.departments, givers=one.givers, signed=one.signed):
            numbers[person].append(one.number)
    for person, theirs in numbers.items():
        _tell_verifier(person, theirs, now=now)
    return len(late)


def _tell_verifier(person: User, numbers: list[str], *, now: datetime) -> None:
    alert_people(
        [person],
        kind="issue.verify_limit",
        title=f"验收超期：{len(numbers)} 件问题已过验收时限",
        body="、".join(numbers[:NAMED]) + (" 等" if len(numbers) > NAMED else ""),
        url=f"{reverse(LADDER.list_name)}?view=to_verify",
        key=f"issue_verify_limit:{now.isoformat()}",
        now=now,
    )


@transaction.atomic
def remind_look_backs(*, now: datetime) -> int:
    """Tell the inspectors once of each day whose look-backs or reviews have come, today's included; return how many.

    In office hours. Days that passed without a scheduler are made up for; the ledger keeps a day from being told twice.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return 0
    take_turn(LOOK_BACK_DAY, now=now)
    days = days_to_look_back(local_date(now))
    known = runs_done(LOOK_BACK_DAY, [one.day.isoformat() for one in days])
    new = [one for one in days if one.day.isoformat() not in known]
    for one in new:
        claim_run(LOOK_BACK_DAY, one.day.isoformat(), now=now)
        _tell_inspectors(one, now=now)
    return len(new)


def _tell_inspectors(one: DueDay, *, now: datetime) -> None:
    parts = ((one.look_backs, "回头看"), (one.reviews, "长期坚持复查"))
    what = "、".join(f"{word} {count} 件" for count, word in parts if count)
    alert_people(
        people_with_permission(Permission.LOOK_BACK),
        kind="issue.look_back_due",
        title=f"{day_name(one.day, local_date(now))}到期：{what}",
        url=reverse("supervision:look_backs"),
        key=f"issue_look_back_day:{one.day.isoformat()}",
        now=now,
    )
