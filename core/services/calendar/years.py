"""Loading years into the work calendar: from the package at installation, from the notice later (domain §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from chinese_calendar import get_holiday_detail
from chinese_calendar.constants import Holiday, holidays, workdays
from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.dates import DayKind, KnownDay, WorkCalendar
from core.dates.calendar import WEEKDAYS, each_day
from core.exceptions import InvalidInput, RuleViolation, field_error
from core.models import CalendarDay, CalendarRevision
from core.recomputation import DueChange, recompute_due_dates
from core.selectors.calendar import work_calendar
from core.services.calendar.access import require
from core.services.calendar.notices import NoticeLine

STATUTORY = {
    "元旦": "元旦",
    "春节": "春节",
    "清明": "清明节",
    "劳动": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "国庆": "国庆节",
}
#: A notice may begin in the last days of the year before: 元旦 of 2019 was 30 December 2018 to 1 January.
EARLY_DAYS = timedelta(days=10)
YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day whose arrangement or name changes; ``before`` is what held until now, presumed or published."""

    date: date
    before: str
    after: str
    after_kind: DayKind


@dataclass(frozen=True, slots=True)
class YearPreview:
    """What loading a year would do: days that change, due dates that move, and what looks forgotten."""

    year: int
    days: dict[date, KnownDay]
    changes: tuple[DayChange, ...]
    due_changes: tuple[DueChange, ...]
    warnings: tuple[str, ...]


@cache
def published_by_package() -> dict[date, KnownDay]:
    """Return every day of the years that ``chinesecalendar`` knows, as published by the State Council."""
    listed = {*holidays, *workdays}
    years = range(min(listed).year, max(listed).year + 1)
    return {day: _package_day(day) for day in each_day(date(years[0], 1, 1), date(years[-1], 12, 31))}


def _package_day(day: date) -> KnownDay:
    resting, english = get_holiday_detail(day)
    kind = DayKind.REST if resting else DayKind.WORK
    if not english:
        return KnownDay(kind)
    chinese = Holiday(english).chinese
    name = STATUTORY.get(chinese, chinese)
    return KnownDay(kind, name if resting else f"{name}调休")


def preview_year(
    year: int, lines: Iterable[NoticeLine], *, now: datetime, source: str = "state_council"
) -> YearPreview:
    """Return what ``load_year`` with the same ``lines`` would change; writes nothing.

    Raises ``InvalidInput`` naming every wrong row at once (outside the year, a 班 on an ordinary weekday,
    a day listed twice, 1 January not off), ``RuleViolation`` when a past day of a published year would change.
    """
    calendar = work_calendar()
    _check_year(calendar, year, today=local_date(now))
    lines = list(lines)
    listed = _listed_days(year, lines, source)
    if calendar.is_presumed(min(listed)) and min(listed).year < year:
        raise RuleViolation(f"通知涉及{year - 1}年末，请先载入{year - 1}年")
    days = {**_whole_year(year, source), **listed}
    _check_past(calendar, days, today=local_date(now))
    after = WorkCalendar(days={**calendar.days, **days}, office_days=calendar.office_days)
    due_changes = recompute_due_dates(after, actor=None, now=now, commit=False)
    return YearPreview(year, days, _changes(calendar, after, days), tuple(due_changes), _warnings(lines))


@transaction.atomic
def load_year(
    year: int, lines: Iterable[NoticeLine], *, actor, now: datetime, source: str = "state_council", purpose: str = ""
) -> YearPreview:
    """Store ``year`` as the notice has it and recompute the due dates that rested on the presumed one.

    Who: R1 R2 (``KEEP_CALENDAR``), or the system. All or nothing, audited with the days and due dates that
    change. Raises what ``preview_year`` raises, and ``NotAllowed``.
    """
    require(actor, Permission.KEEP_CALENDAR)
    preview = preview_year(year, lines, now=now, source=source)
    revision = _store(preview.days, label=f"载入{year}年放假安排", now=now)
    moved = recompute_due_dates(work_calendar(), actor=actor, now=now, commit=True)
    record_event(
        actor=actor,
        action="core.calendar.load_year",
        target=revision,
        before={change.date.isoformat(): change.before for change in preview.changes},
        after={change.date.isoformat(): change.after for change in preview.changes}
        | {"due_dates_moved": [f"{change.reference}: {change.before} → {change.after}" for change in moved]},
        purpose=purpose,
        now=now,
    )
    return preview


@transaction.atomic
def change_calendar_day(day: date, *, kind: str, name: str, actor, now: datetime, purpose: str) -> CalendarDay:
    """Set one day of a published year by hand (a local arrangement); due dates already given stay.

    Who: R1 R2. Raises ``InvalidInput`` without a reason or with a wrong kind, ``RuleViolation`` for a past day
    or a year that is not published yet.
    """
    require(actor, Permission.KEEP_CALENDAR)
    if not purpose.strip():
        raise InvalidInput.at("purpose", "请写明依据", code="required")
    if kind not in CalendarDay.Kind.values:
        raise InvalidInput.at("kind", "安排应为上班或休息", code="invalid_choice")
    calendar = work_calendar()
    if calendar.is_presumed(day):
        raise RuleViolation(f"{day.year}年放假安排尚未载入，请先载入全年安排")
    changed = {day: KnownDay(DayKind(kind), name.strip(), CalendarDay.Source.MANUAL.value)}
    _check_past(calendar, changed, today=local_date(now))
    before = calendar.name_of(day)
    _store(changed, label=f"调整{day:%Y-%m-%d}", now=now)
    row = CalendarDay.objects.get(date=day)
    record_event(
        actor=actor,
        action="core.calendar.change_day",
        target=row,
        before={"day": before},
        after={"day": work_calendar().name_of(day)},
        purpose=purpose,
        now=now,
    )
    return row


@transaction.atomic
def load_package_years(*, actor=None, now: datetime) -> list[int]:
    """Store the years ``chinesecalendar`` knows that the table does not have; return them.

    Idempotent: a year already there, corrected by hand or not, is left alone. Run at installation and after
    an upgrade of the package; due dates on a year that was presumed are recomputed as in ``load_year``.
    """
    published = published_by_package()
    missing = sorted({day.year for day in published} - work_calendar().published_years)
    if not missing:
        return []
    days = {day: known for day, known in published.items() if day.year in missing}
    revision = _store(days, label=f"载入{missing[0]}–{missing[-1]}年日历", now=now)
    moved = recompute_due_dates(work_calendar(), actor=actor, now=now, commit=True)
    record_event(
        actor=actor,
        action="core.calendar.load_package",
        target=revision,
        after={"years": missing, "due_dates_moved": [change.reference for change in moved]},
        now=now,
    )
    return missing


def _store(days: dict[date, KnownDay], *, label: str, now: datetime) -> CalendarRevision:
    """Write ``days`` and a new version, so that every process reads the table again."""
    rows = [CalendarDay(date=day, kind=known.kind, name=known.name, source=known.source) for day, known in days.items()]
    CalendarDay.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["date"], update_fields=["kind", "name", "source"]
    )
    return CalendarRevision.objects.create(at=now, label=label)


def _check_year(calendar: WorkCalendar, year: int, *, today: date) -> None:
    """Refuse a year nobody can have published: it is a typing error, or would open a gap before the first year."""
    first, last = calendar.first_year or today.year, today.year + YEARS_AHEAD
    if not first <= year <= last:
        raise InvalidInput.at("year", f"年份应在 {first} 到 {last} 之间")


def _whole_year(year: int, source: str) -> dict[date, KnownDay]:
    """Return all days of ``year`` as Monday to Friday: what the notice's lines are then laid over."""
    return {
        day: KnownDay(DayKind.WORK if day.weekday() < 5 else DayKind.REST, "", source)
        for day in each_day(date(year, 1, 1), date(year, 12, 31))
    }


def _listed_days(year: int, lines: list[NoticeLine], source: str) -> dict[date, KnownDay]:
    """Return the days the notice lists; InvalidInput with every wrong row."""
    listed: dict[date, KnownDay] = {}
    errors = []
    for line in lines:
        for day in each_day(line.first, line.last):
            known = KnownDay(line.kind, line.name, source)
            if reason := _refused(year, day, known, listed.get(day)):
                errors.append(field_error(f"rows.{line.row}", "invalid", f"第 {line.row} 行：{reason}"))
                break
            listed.setdefault(day, known)
    new_year = listed.get(date(year, 1, 1))
    if not errors and (new_year is None or new_year.kind is not DayKind.REST):
        errors.append(field_error("days", "missing_new_year", f"没有列出{year}年1月1日放假，请核对年份和日期"))
    if errors:
        raise InvalidInput(errors[0]["detail"], errors=errors)
    return listed


def _refused(year: int, day: date, known: KnownDay, already: KnownDay | None) -> str:
    text = f"{day.month}月{day.day}日"
    if not date(year, 1, 1) - EARLY_DAYS <= day <= date(year, 12, 31):
        return f"{day.year}年{text}不在{year}年安排之内"
    if already is not None and already.kind is not known.kind:
        return f"{text}既写作休又写作班"
    if known.kind is DayKind.WORK and day.weekday() < 5:
        return f"{text}是{WEEKDAYS[day.weekday()]}，本来上班，请核对"
    return ""


def _check_past(calendar: WorkCalendar, days: dict[date, KnownDay], *, today: date) -> None:
    """Refuse to rewrite the past: a day that is over keeps the arrangement people worked by."""
    for day, known in days.items():
        if day < today and not calendar.is_presumed(day) and calendar.is_workday(day) != (known.kind is DayKind.WORK):
            raise RuleViolation(f"{day.year}年{day.month}月{day.day}日已过，不能再改安排")


def _changes(before: WorkCalendar, after: WorkCalendar, days: dict[date, KnownDay]) -> tuple[DayChange, ...]:
    return tuple(
        DayChange(day, before.name_of(day), after.name_of(day), days[day].kind)
        for day in sorted(days)
        if before.name_of(day) != after.name_of(day)
    )


def _warnings(lines: list[NoticeLine]) -> tuple[str, ...]:
    """Return a sentence when statutory festivals are not named: a line is easily forgotten."""
    named = " ".join(line.name for line in lines if line.kind is DayKind.REST)
    missing = [name for word, name in STATUTORY.items() if word not in named]
    return (f"没有列出：{'、'.join(missing)}。请与通知核对",) if missing else ()
