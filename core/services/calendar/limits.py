"""Dated limits and office hours: an edit begins on a day to come and never rewrites the past (domain §5)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.dates import OfficeDay
from core.dates.deadlines import LARGEST_AMOUNT
from core.exceptions import InvalidInput, RuleViolation
from core.models import CalendarRevision, DeadlineRule, OfficeHours
from core.services.calendar.access import require

ONE_DAY = timedelta(days=1)
FIRST_DAY = date(2004, 1, 1)
#: (matter, stage, type, urgency, grade, amount, unit): the defaults of domain §5 and §6.
DEFAULT_RULES = (
    ("hotline", "sign_for", "", "", "", 1, "workday"),
    ("hotline", "sign_for", "", "urgent", "", 2, "work_hour"),
    ("hotline", "handle", "", "", "", 5, "workday"),
    ("hotline", "handle", "consult", "", "", 1, "workday"),
    ("hotline", "handle", "help", "", "", 3, "workday"),
    ("hotline", "handle", "suggestion", "", "", 5, "workday"),
    ("hotline", "handle", "complaint", "", "", 5, "workday"),
    ("hotline", "handle", "report", "", "", 10, "workday"),
    ("hotline", "handle", "", "urgent", "", 1, "workday"),
    ("business", "sign_for", "", "", "", 1, "workday"),
    ("business", "sign_for", "", "urgent", "", 2, "work_hour"),
    ("business", "handle", "", "", "A", 1, "natural_month"),
    ("business", "handle", "", "", "B", 15, "workday"),
    ("business", "handle", "", "", "C", 5, "workday"),
    ("business", "enter", "", "", "", 1, "workday"),
    ("business", "review", "", "", "", 3, "workday"),
)


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """What a limit is for, in the codes of ``DeadlineRule``; an empty type, urgency or grade fits any."""

    matter: str
    stage: str
    type: str = ""
    urgency: str = ""
    grade: str = ""


@transaction.atomic
def load_default_rules(*, now: datetime) -> int:
    """Store the default limits and office hours where there are none yet; return how many rows were made."""
    made = 0
    if not DeadlineRule.objects.exists():
        rules = [
            DeadlineRule(**asdict(RuleSubject(*subject)), amount=amount, unit=unit, valid_from=FIRST_DAY)
            for *subject, amount, unit in DEFAULT_RULES
        ]
        made += len(DeadlineRule.objects.bulk_create(rules))
    if not OfficeHours.objects.exists():
        OfficeHours.objects.create(**asdict(OfficeDay(valid_from=FIRST_DAY)))
        CalendarRevision.objects.create(at=now, label="默认办公时间")
        made += 1
    return made


@transaction.atomic
def add_deadline_rule(
    subject: RuleSubject, *, amount: int, unit: str, valid_from: date, actor, now: datetime
) -> DeadlineRule:
    """Add a limit for a kind of case that has none, in force from ``valid_from``.

    Who: R1 R2. Raises ``InvalidInput`` for a past day or a wrong amount, ``RuleViolation`` when the same kind
    of case has a limit at that time: that one is changed instead.
    """
    require(actor, Permission.KEEP_CALENDAR)
    _check_limit(amount, unit)
    _check_not_past(valid_from, now)
    if DeadlineRule.objects.filter(**asdict(subject)).exclude(valid_to__lt=valid_from).exists():
        raise RuleViolation("这类事项已有时限，请在原时限上修改")
    rule = DeadlineRule.objects.create(**asdict(subject), amount=amount, unit=unit, valid_from=valid_from)
    record_event(actor=actor, action="core.deadline_rule.add", target=rule, after=_facts(rule), now=now)
    return rule


@transaction.atomic
def change_deadline_rule(
    rule: DeadlineRule, *, amount: int, unit: str, valid_from: date, actor, now: datetime, purpose: str
) -> DeadlineRule:
    """End ``rule`` the day before ``valid_from`` and begin a new one; cases already counted keep their due.

    A rule that has not begun is corrected in place when ``valid_from`` is its own first day.
    Who: R1 R2. Raises ``InvalidInput`` for a past day, a wrong amount or no reason, ``RuleViolation`` when the
    rule is not the newest of its kind or has not begun by the day before.
    """
    require(actor, Permission.KEEP_CALENDAR)
    _check_limit(amount, unit)
    _check_not_past(valid_from, now)
    _check_purpose(purpose)
    before = _facts(rule)
    if rule.valid_from == valid_from > local_date(now):
        changed = _swap(rule, amount=amount, unit=unit)
    else:
        changed = _succeeded(rule, amount=amount, unit=unit, valid_from=valid_from)
    record_event(
        actor=actor,
        action="core.deadline_rule.change",
        target=changed,
        before=before,
        after=_facts(changed),
        purpose=purpose,
        now=now,
    )
    return changed


@transaction.atomic
def end_deadline_rule(rule: DeadlineRule, *, valid_to: date, actor, now: datetime, purpose: str) -> DeadlineRule:
    """Let ``rule`` hold through ``valid_to`` (today or later) and no longer.

    Who: R1 R2. Raises ``InvalidInput`` for a past day or no reason, ``RuleViolation`` when it is not the newest.
    """
    require(actor, Permission.KEEP_CALENDAR)
    _check_not_past(valid_to, now, field="valid_to")
    _check_purpose(purpose)
    before = _facts(rule)
    _close(rule, valid_to)
    record_event(
        actor=actor,
        action="core.deadline_rule.end",
        target=rule,
        before=before,
        after=_facts(rule),
        purpose=purpose,
        now=now,
    )
    return rule


@transaction.atomic
def set_office_hours(hours: OfficeDay, *, actor, now: datetime) -> OfficeHours:
    """Set the office hours from ``hours.valid_from`` (tomorrow at the earliest) until the next row begins.

    Who: R1 R2. Replaces hours announced for the same day. Raises ``InvalidInput`` for a day before tomorrow
    or times out of order.
    """
    require(actor, Permission.KEEP_CALENDAR)
    if hours.valid_from <= local_date(now):
        raise InvalidInput.at("valid_from", "办公时间应从明天或以后起改")
    if not hours.morning_start < hours.morning_end <= hours.afternoon_start < hours.afternoon_end:
        raise InvalidInput.at("morning_start", "四个时间应依次增大")
    before = OfficeHours.objects.filter(valid_from__lte=hours.valid_from).order_by("-valid_from").first()
    times = asdict(hours)
    row, _ = OfficeHours.objects.update_or_create(valid_from=times.pop("valid_from"), defaults=times)
    CalendarRevision.objects.create(at=now, label=f"办公时间：{row}")
    record_event(
        actor=actor,
        action="core.office_hours.set",
        target=row,
        before={"hours": before.text if before else ""},
        after={"hours": row.text, "valid_from": row.valid_from},
        now=now,
    )
    return row


def _subject_of(rule: DeadlineRule) -> RuleSubject:
    return RuleSubject(rule.matter, rule.stage, rule.type, rule.urgency, rule.grade)


def _facts(rule: DeadlineRule) -> dict:
    return {"subject": rule.subject, "limit": rule.limit, "valid_from": rule.valid_from, "valid_to": rule.valid_to}


def _check_limit(amount: int, unit: str) -> None:
    if unit not in LARGEST_AMOUNT:
        raise InvalidInput.at("unit", "请选择时限单位", code="invalid_choice")
    if not 1 <= amount <= 365:
        raise InvalidInput.at("amount", "时限应在 1 到 365 之间")


def _check_not_past(day: date, now: datetime, field: str = "valid_from") -> None:
    if day < local_date(now):
        raise InvalidInput.at(field, "不能早于今天：已经过去的时限不改写")


def _check_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise InvalidInput.at("purpose", "请写明依据", code="required")


def _succeeded(rule: DeadlineRule, *, amount: int, unit: str, valid_from: date) -> DeadlineRule:
    """Return the new rule that begins on ``valid_from``, after ending ``rule`` the day before."""
    _close(rule, valid_from - ONE_DAY)
    return DeadlineRule.objects.create(**asdict(_subject_of(rule)), amount=amount, unit=unit, valid_from=valid_from)


def _close(rule: DeadlineRule, valid_to: date) -> None:
    """Set the last day of ``rule``, which must not lie before its first."""
    if valid_to < rule.valid_from:
        raise RuleViolation(f"这条时限自 {rule.valid_from:%Y-%m-%d} 起生效，新的安排应更晚")
    _swap(rule, valid_to=valid_to)


def _swap(rule: DeadlineRule, **changes) -> DeadlineRule:
    """Write ``changes`` when nobody ended or changed ``rule`` meanwhile: two people may edit at once."""
    unchanged = DeadlineRule.objects.filter(pk=rule.pk, valid_to=None, amount=rule.amount, unit=rule.unit)
    if not unchanged.update(**changes):
        raise RuleViolation("这条时限已被修改，请刷新后再看")
    rule.refresh_from_db()
    return rule
