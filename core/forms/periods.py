"""A GET form that asks for a period: the named ones most asked for, or two days."""

from datetime import date, datetime, timedelta

from django import forms

from core.clock import local_date
from core.dates import Period, month_of, parse_period, period_from_query
from core.forms.base import ScopedForm
from core.rates import Window


def day_field(label: str) -> forms.DateField:
    """Return a day that may be left out."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期应写作 2026-11-25"},
    )


class PeriodForm(ScopedForm):
    """A GET form. Without a period the month of ``now`` is meant; days chosen win over a named period.

    Args:
        now: the moment, aware; it is the cut-off.
    """

    period = forms.ChoiceField(label="期间", required=False, error_messages={"invalid_choice": "没有这个期间"})
    start = day_field("从")
    end = day_field("到")

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["period"].choices = named_periods(local_date(now))

    def clean(self):
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if (start is None) != (end is None) and not {"start", "end"} & self.errors.keys():
            self.add_error("end" if end is None else "start", "起止日期要同时填写")
        elif start and end and end < start:
            self.add_error("end", "结束日期早于开始日期")
        return cleaned

    @property
    def asked(self) -> Period:
        """The period asked for; this month while the question is wrong."""
        given = self.cleaned_data
        start, end = given.get("start"), given.get("end")
        if start and end and start <= end:
            return period_from_query(None, start.isoformat(), end.isoformat()) or month_of(local_date(self.now))
        return parse_period(given["period"]) if given.get("period") else month_of(local_date(self.now))

    def window(self, period: Period) -> Window:
        """Return the window of ``period`` as at ``now``."""
        return Window.of(period, self.now)


def named_periods(today: date) -> list[tuple[str, str]]:
    """Return the periods most asked for: code and name."""
    last_week, last_month = today - timedelta(days=7), today.replace(day=1) - timedelta(days=1)
    return [
        (f"{today:%Y%m}", "本月"),
        (f"{last_month:%Y%m}", "上月"),
        (week_code(today), "本周"),
        (week_code(last_week), "上周"),
        (f"{today.year}Q{(today.month + 2) // 3}", "本季度"),
        (f"{today.year}", "本年"),
    ]


def week_code(day: date) -> str:
    """Return the ISO week of ``day`` as 2026W48."""
    year, week, _ = day.isocalendar()
    return f"{year}W{week:02d}"


def words_for(period: Period) -> str:
    """Return a period as a row's head."""
    if period.kind == "year":
        return f"{period.start.year}年"
    if period.kind == "month":
        return f"{period.start:%Y-%m}"
    return f"{period.start:%Y-%m-%d}" if period.start == period.end else f"{period.start:%m-%d} 至 {period.end:%m-%d}"
