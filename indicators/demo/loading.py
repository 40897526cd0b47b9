"""Loading the demonstration: once, in one transaction, relative to the day of loading."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.services.demo import open_demo_accounts
from core.audit import record_event
from core.clock import local_date
from core.exceptions import RuleViolation
from core.ledger import claim_run
from core.selectors.calendar import work_calendar
from core.services.audit import seal_audit
from indicators.demo.catalogue import approve_constraints, name_people, set_first_values, set_standards, write_work_plan
from indicators.demo.content import leaf_stories, stories
from indicators.demo.evidence import hand_in_evidence, publish_cases
from indicators.demo.follow_up import answer_asks, leave_instructions, read_old_messages
from indicators.demo.history import Cast, write_history
from indicators.demo.leading_group import appoint_leading_group
from indicators.demo.plan import at, plan_history, plan_today, plan_yesterday
from indicators.demo.present import play
from indicators.models import Assignment, IndicatorSet
from indicators.services.dispatch_classes import propose_due

#: One more than sixty: on the morning of loading the latest one is still empty.
WORKING_DAYS = 61
LEDGER = "demo"


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What a load created; all zero when the demonstration was there."""

    accounts: int = 0
    standards: int = 0
    reports: int = 0


@transaction.atomic
def load_demo(*, now: datetime) -> DemoLoaded:
    """Open the demo accounts and, once per database, play sixty working days up to the aware ``now``.

    Everybody acts through their own account, in the past; the last two working days through the services.
    The county's figures of 2021-09-16 stay as they are.

    Raises:
        RuleViolation: the catalogue is not loaded, or its first-level rows are not those of the story.
    """
    accounts = open_demo_accounts(now=now)
    if not claim_run(LEDGER, "indicators", now=now):
        return DemoLoaded(accounts=accounts)
    told, leaves = stories(), leaf_stories()
    cast = find_cast(set(told))
    days = last_working_days(local_date(now))
    before = at(days[0], 9 * 60) - timedelta(days=3)
    appoint_leading_group(cast, now=before)
    name_people(cast)
    standards = set_standards(leaves, cast, now=before)
    set_first_values(leaves, cast, as_of=before.date(), now=before)
    write_work_plan(told, cast, today=days[-1], now=before)
    hand_in_evidence(told, cast, first_day=days[0], now=before)
    approve_constraints(cast, today=days[-1], now=before)
    publish_cases(told, cast, now=at(days[20], 600))
    reports = write_history(plan_history(days, stories=told, leaves=leaves), cast)
    answer_asks(reports, cast)
    leave_instructions(cast, due_on=work_calendar().add_workdays(days[-1], 8), now=at(days[-2], 500))
    read_old_messages(at(days[-2], 0))
    propose_due(now=at(days[-2], 480))
    play([*plan_yesterday(*days[-2:], stories=told), *plan_today(days[-1], stories=told)], cast, now=now)
    loaded = DemoLoaded(accounts, standards, len(reports))
    record_event(
        actor=None,
        action="indicators.demo.load",
        target=IndicatorSet.objects.get(active=True),
        after={"days": WORKING_DAYS, "reports": loaded.reports, "standards": loaded.standards},
        now=now,
    )
    # The lines are of the past; unsealed they would look like tampering until the scheduler had caught up.
    while seal_audit():
        pass
    return loaded


def find_cast(codes: set[str]) -> Cast:
    """Return the indicators of the active set with their leads and the demo accounts; checks that ``codes`` are there."""
    active = IndicatorSet.objects.filter(active=True).first()
    indicators = {row.code: row for row in active.indicators.all()} if active else {}
    if missing := sorted(codes - set(indicators)):
        raise RuleViolation(f"指标体系中没有 {'、'.join(missing)}，请先运行 manage.py load_catalogue")
    leads = Assignment.objects.filter(role=Assignment.Role.LEAD, valid_to=None, indicator__level=1)
    return Cast(
        indicators=indicators,
        leads={row.indicator.code: row.department for row in leads.select_related("indicator", "department")},
        people={user.username: user for user in User.objects.filter(is_demo=True).select_related("department")},
        evidence=defaultdict(list),
    )


def last_working_days(today: date) -> list[date]:
    """Return the latest sixty working days, the last being today or the one before it."""
    days = list(work_calendar().workdays(today - timedelta(days=WORKING_DAYS * 2), today))
    return days[-WORKING_DAYS:]
