"""Reads of the work calendar: the value object, a year's days, the limit that applies (domain §5)."""

from calendar import monthcalendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from core.access import Permission
from core.clock import local_date
from core.dates import DayKind, KnownDay, OfficeDay, WorkCalendar
from core.dates.calendar import each_day
from core.exceptions import InvalidInput
from core.kept import kept_through_drafts
from core.models import CalendarDay, CalendarRevision, DeadlineRule, OfficeHours
from core.panels import ToDo

NOTICE_EXPECTED_FROM = (11, 1)  # the State Council publishes the next year's arrangement about then


@kept_through_drafts
def work_calendar() -> WorkCalendar:
    """Return the calendar as the table has it now.

    Costs one query for the version, once a page; the days are read again only when this or another process has
    changed them.
    """
    return _calendar_of(CalendarRevision.objects.order_by("-id").values_list("token", flat=True).first())


@lru_cache(maxsize=1)
def _calendar_of(version: UUID | None) -> WorkCalendar:
    """Return the table's content; ``version`` is only the key under which it is remembered."""
    rows = CalendarDay.objects.order_by().values_list("date", "kind", "name", "source")
    hours = OfficeHours.objects.order_by("valid_from").values_list(
        "valid_from", "morning_start", "morning_end", "afternoon_start", "afternoon_end"
    )
    return WorkCalendar(
        days={day: KnownDay(DayKind(kind), name, source) for day, kind, name, source in rows},
        office_days=tuple(OfficeDay(*row) for row in hours) or (OfficeDay(),),
    )


def calendar_year(calendar: WorkCalendar, year: int) -> list[dict]:
    """Return every day of ``year`` as ``{date, kind, name, source}`` (api.md); presumed days say so.

    Raises ``InvalidInput`` for a year before the first published one.
    """
    if not 1 <= year <= 9999:
        raise InvalidInput.at("year", "年份应为四位数字")
    return [_day_row(calendar, day) for day in each_day(date(year, 1, 1), date(year, 12, 31))]


def _day_row(calendar: WorkCalendar, day: date) -> dict:
    known = calendar.days.get(day)
    return {
        "date": day,
        "kind": "work" if calendar.is_workday(day) else "rest",
        "name": known.name if known else ("元旦" if (day.month, day.day) == (1, 1) else ""),
        "source": known.source if known else CalendarDay.Source.PRESUMED.value,
    }


def missing_year_warning(calendar: WorkCalendar, today: date) -> str:
    """Return the warning that a year is not loaded, or an empty text.

    This year's arrangement is always expected, next year's from 1 November on (domain §5).
    """
    expected = [today.year]
    if (today.month, today.day) >= NOTICE_EXPECTED_FROM:
        expected.append(today.year + 1)
    missing = [str(year) for year in expected if year not in calendar.published_years]
    if not missing:
        return ""
    return f"{'、'.join(missing)}年节假日安排未公布，到期日暂按周一至周五推算"


def calendar_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the to-do of those who keep the calendar while an expected year is missing (domain §5)."""
    if not user.can(Permission.KEEP_CALENDAR):
        return []
    warning = missing_year_warning(work_calendar(), local_date(now))
    return [ToDo("日历", warning, reverse("core:calendar_load"), "载入")] if warning else []


def deadline_rules(on: date) -> list[DeadlineRule]:
    """Return the rules in force on ``on`` or announced for later, in the order a case meets them."""
    rules = DeadlineRule.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    stages = DeadlineRule.Stage.values
    return sorted(rules, key=lambda rule: (rule.matter != DeadlineRule.Matter.HOTLINE, stages.index(rule.stage)))


def deadline_rule(
    *, matter: str, stage: str, on: date, complaint_type: str = "", urgency: str = "", grade: str = ""
) -> DeadlineRule | None:
    """Return the most exact rule in force on ``on`` for such a case; ``None`` when no rule fits.

    Codes are those of ``DeadlineRule``. Grade weighs more than urgency, urgency more than type: an urgent
    举报 has the limit of 紧急, and a business clue that of its grade (domain §5).
    """
    in_force = DeadlineRule.objects.filter(matter=matter, stage=stage, valid_from__lte=on)
    return best_rule(
        in_force.filter(Q(valid_to=None) | Q(valid_to__gte=on)),
        complaint_type=complaint_type,
        urgency=urgency,
        grade=grade,
    )


def best_rule(rules: Iterable[DeadlineRule], *, complaint_type: str, urgency: str, grade: str) -> DeadlineRule | None:
    """Return the most exact of ``rules`` (of one matter, stage and day) that fits; pure."""
    fitting = [
        rule
        for rule in rules
        if rule.grade in ("", grade) and rule.urgency in ("", urgency) and rule.type in ("", complaint_type)
    ]
    return max(fitting, key=lambda rule: (rule.grade != "", rule.urgency != "", rule.type != ""), default=None)


def office_hours() -> list[OfficeHours]:
    """Return all office hours, newest first."""
    return list(OfficeHours.objects.order_by("-valid_from"))


def calendar_revisions(limit: int = 10) -> list[CalendarRevision]:
    """Return the newest changes of calendar and office hours."""
    return list(CalendarRevision.objects.all()[:limit])


@dataclass(frozen=True, slots=True)
class GridDay:
    """One cell of the year's page: its mark (休, 班 or empty), the full words, and how it is drawn."""

    date: date
    mark: str
    words: str
    kind: str
    is_today: bool


def year_grid(calendar: WorkCalendar, year: int, today: date) -> list[dict]:
    """Return twelve months of ``{number, weeks}``; a week is seven ``GridDay`` or ``None``, Monday first."""
    return [
        {
            "number": month,
            "weeks": [
                [_grid_day(calendar, date(year, month, day), today) if day else None for day in week]
                for week in monthcalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _grid_day(calendar: WorkCalendar, day: date, today: date) -> GridDay:
    works, name = calendar.is_workday(day), calendar.name_of(day)
    ordinary_rest = not works and day.weekday() >= 5 and name.startswith("周")
    if calendar.is_make_up(day):
        mark, kind = "班", "work"
    elif works or ordinary_rest:
        mark, kind = "", "plain" if works else "weekend"
    else:
        mark, kind = "休", "rest"
    return GridDay(day, mark, f"{day.month}月{day.day}日 {name}", kind, day == today)


def year_summary(calendar: WorkCalendar, year: int) -> dict:
    """Return what the head of the year's page says: working days, festivals with their days, presumed or not."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = each_day(first, last)
    marked = [cell for cell in (_grid_day(calendar, day, first) for day in days) if cell.mark]
    festivals: dict[str, list[date]] = {}
    for cell in marked:
        if cell.mark == "休":
            festivals.setdefault(calendar.name_of(cell.date), []).append(cell.date)
    return {
        "workdays": len(calendar.workdays(first, last)),
        "is_presumed": year not in calendar.published_years,
        "festivals": [{"name": name, "first": dates[0], "last": dates[-1]} for name, dates in festivals.items()],
        "make_up_days": [cell.date for cell in marked if cell.mark == "班"],
    }
