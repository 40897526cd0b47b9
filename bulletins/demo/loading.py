"""Walking nine weeks of 通报 through the real services, once per database (api.md, Demo run)."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts.models import Message, User
from bulletins.models import Bulletin, Receipt
from bulletins.services import drafting, editing, review, schedule
from core.clock import local_date
from core.dates import SHANGHAI, Period, parse_period
from core.exceptions import RuleViolation
from core.ledger import claim_run
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from departments.models import Department

LEDGER = "demo"
ISSUED_WEEKS = 8
WEEK = timedelta(days=7)
DRAFTED, SUBMITTED, APPROVED, SIGNED, RECEIVED = time(8, 30), time(9, 20), time(10, 5), time(11, 0), time(15, 30)
#: In the newest issued paper every so many a unit has not yet signed receipt.
SILENT_EVERY = 7
EDITED = (
    "一是各牵头单位对照短板逐项制定措施，明确责任人和完成时间。"
    "二是承办单位对超期事项倒排时限，办结一件销一件。三是营商办对回访未解决的诉求重新交办，真正解决到位。"
)


@transaction.atomic
def load_demo_bulletins(*, now: datetime) -> int:
    """Issue the 通报 of the eight weeks before last and draft last week's; return how many papers there are.

    Raises RuleViolation when the demo accounts are not there.
    """
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    if "signer" not in people:
        raise RuleViolation("演示账号尚未载入，请先运行 manage.py load_demo")
    if not claim_run(LEDGER, "bulletins", now=now):
        return 0
    schedule.install_schedules(now=now)
    monday = local_date(now) - timedelta(days=local_date(now).weekday())
    for back in range(ISSUED_WEEKS + 1, 1, -1):
        issue_week(monday - back * WEEK, people, is_newest=back == 2)
    period, day = week_of(monday - WEEK)
    drafted_at = min(moment(day, DRAFTED), now)
    drafting.draft_bulletin(Bulletin.Kind.NOTICE, period, actor=None, now=drafted_at)
    return ISSUED_WEEKS + 1


def week_of(first: date) -> tuple[Period, date]:
    """Return the ISO week that begins on ``first``, and the working day on which its paper is made."""
    year, week, _ = first.isocalendar()
    return parse_period(f"{year}W{week:02d}"), work_calendar().workday_on_or_after(first + WEEK)


def moment(day: date, at: time) -> datetime:
    """Return a moment of ``day`` in Shanghai."""
    return datetime.combine(day, at, SHANGHAI)


def issue_week(first: date, people: dict[str, User], *, is_newest: bool) -> None:
    """Draft, edit, review and sign one week's paper and let the units sign receipt."""
    period, day = week_of(first)
    bulletin, _ = drafting.draft_bulletin(Bulletin.Kind.NOTICE, period, actor=None, now=moment(day, DRAFTED))
    editing.edit_sections(bulletin, {"next_steps": EDITED}, actor=people["office"], now=moment(day, time(9, 10)))
    review.submit_bulletin(bulletin, actor=people["office"], now=moment(day, SUBMITTED))
    review.approve_bulletin(bulletin, actor=people["office_lead"], now=moment(day, APPROVED))
    review.sign_bulletin(bulletin, actor=people["signer"], now=moment(day, SIGNED))
    sign_receipts(bulletin, people, at=moment(day, RECEIVED), is_newest=is_newest)


def sign_receipts(bulletin: Bulletin, people: dict[str, User], *, at: datetime, is_newest: bool) -> None:
    """Let every unit with a demo reporter but the issuer's sign; in the newest paper some have not yet."""
    reporters: dict[int, User] = {}
    for person in people.values():
        if person.department_id is not None and person.username.endswith("_reporter"):
            reporters.setdefault(person.department_id, person)
    units = Department.objects.filter(pk__in=reporters).exclude(code=setting("bulletins.issuing_department"))
    units = units.order_by("official_order", "pk")
    signing = [unit for place, unit in enumerate(units) if not (is_newest and place % SILENT_EVERY == 0)]
    Receipt.objects.bulk_create(
        Receipt(bulletin=bulletin, department=unit, user=reporters[unit.pk], at=at + timedelta(minutes=place))
        for place, unit in enumerate(signing)
    )
    # Nobody's inbox begins with two months of papers they have signed for.
    told = Message.objects.unscoped("the demonstration's own messages").filter(url=bulletin.get_absolute_url())
    if is_newest:
        told = told.filter(user__department__in=[unit.pk for unit in signing])
    told.update(read_at=at)
