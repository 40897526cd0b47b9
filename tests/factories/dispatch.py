"""Daily reports for tests: an indicator with leaves, moments of a working week, reports walked to a state."""

from datetime import date, datetime

from accounts.models import Message
from core.dates import SHANGHAI
from departments.models import Department
from indicators.models import DailyReport, Indicator, IndicatorSet
from indicators.services import daily_reports as services
from tests.factories.indicators import assign, make_indicator, make_set

#: A Wednesday between working days.
DAY = date(2026, 11, 25)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of ``day`` in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


MORNING = at(DAY, 9)


def make_gas(department: Department, code: str = "A08", name: str = "获得用气") -> Indicator:
    """Create a first-level indicator led by ``department`` with a leaf in 天 (.1) and one in % (.2)."""
    if not IndicatorSet.objects.filter(active=True).exists():
        make_set()
    indicator = make_indicator(code, name=name)
    make_indicator(f"{code}.1", parent=indicator, name="报装时间", unit="天")
    make_indicator(f"{code}.2", parent=indicator, name="网报率", unit="%", direction="higher")
    assign(indicator, department)
    return indicator


def draft(indicator: Indicator, reporter, *, day: date = DAY, now: datetime = MORNING, **content) -> DailyReport:
    """Save a draft with something in it."""
    content = content or {"progress": "已走访 3 户企业"}
    return services.save_draft(indicator, day=day, actor=reporter, now=now, **content)


def report_at(
    status: str, indicator: Indicator, *, reporter, head, office, day: date = DAY, now: datetime = MORNING, **content
) -> DailyReport:
    """Walk the real services to a report in ``status``."""
    report = draft(indicator, reporter, day=day, now=now, **content)
    steps = {
        "draft": [],
        "submitted": ["submit"],
        "reported": ["submit", "approve"],
        "returned": ["submit", "approve", "return"],
        "accepted": ["submit", "approve", "accept"],
    }[status]
    for step in steps:
        if step == "submit":
            services.submit_report(report, actor=reporter, now=now)
        elif step == "approve":
            services.approve_report(report, actor=head, now=now)
        elif step == "return":
            services.return_report(report, actor=office, reason="佐证看不清", now=now)
        else:
            services.accept_report(report, actor=office, now=now)
    return report


def value(text: str = "6.5", code: str = "A08.1", **parts) -> list[dict]:
    """Return one value as a draft takes it."""
    return [{"indicator": code, "value": text, **parts}]


def messages_of(user) -> list[str]:
    """Return the kinds of a person's messages, the oldest first."""
    return list(Message.objects.visible_to(user).order_by("pk").values_list("kind", flat=True))
