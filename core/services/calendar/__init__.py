"""Writes of the calendar, the limits and the office hours (domain §5), split by noun."""

from core.services.calendar.limits import (
    RuleSubject,
    add_deadline_rule,
    change_deadline_rule,
    end_deadline_rule,
    load_default_rules,
    set_office_hours,
)
from core.services.calendar.notices import NoticeLine, notice_csv, read_notice_file, read_notice_rows, read_notice_text
from core.services.calendar.years import (
    DayChange,
    YearPreview,
    change_calendar_day,
    load_package_years,
    load_year,
    preview_year,
    published_by_package,
)

__all__ = [
    "DayChange",
    "NoticeLine",
    "RuleSubject",
    "YearPreview",
    "add_deadline_rule",
    "change_calendar_day",
    "change_deadline_rule",
    "end_deadline_rule",
    "load_default_rules",
    "load_package_years",
    "load_year",
    "notice_csv",
    "preview_year",
    "published_by_package",
    "read_notice_file",
    "read_notice_rows",
    "read_notice_text",
    "set_office_hours",
]
