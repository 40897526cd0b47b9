"""The filters of the list, and the form that has a paper drafted."""

from datetime import date, timedelta
from typing import Any

from django import forms

from bulletins.models import Bulletin
from bulletins.selectors.lists import KIND_WORDS, Asked, years_of
from core.dates import Period, parse_period, period_from_query
from core.exceptions import InvalidInput
from core.forms.base import ScopedForm
from core.forms.periods import day_field, week_code

Kind = Bulletin.Kind
#: How many of each kind of period the form offers.
WEEKS, MONTHS, YEARS, DAYS = 10, 6, 3, 7


class BulletinFilterForm(ScopedForm):
    """Status and year as a GET form; the kind is a view."""

    status = forms.ChoiceField(label="状态", required=False)
    year = forms.ChoiceField(label="年度", required=False)

    def __init__(self, *args: Any, statuses: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "全部状态"), *statuses]
        self.fields["year"].choices = [("", "全部年度"), *((str(year), f"{year} 年") for year in years_of(self.user))]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-select", "aria-label": field.label}

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        self.full_clean()
        return [
            (name, f"{self.fields[name].label}：{dict(self.fields[name].choices)[value]}")
            for name, value in self.cleaned_data.items()
            if value
        ]

    def asked(self, kind: str) -> Asked:
        """Return the question; a filter that is none of the choices is passed over."""
        self.full_clean()
        return Asked(kind, self.cleaned_data.get("status", ""), self.cleaned_data.get("year", ""))


class NewBulletinForm(ScopedForm):
    """A kind, and a period: one of those offered, or two days, which win.

    Args:
        today: the day in Asia/Shanghai, from which periods are offered backwards.
    """

    kind = forms.ChoiceField(label="种类", choices=list(KIND_WORDS.items()))
    period = forms.ChoiceField(label="期间", required=False, error_messages={"invalid_choice": "没有这个期间"})
    start = day_field("从")
    end = day_field("到")

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [("", "另选起止日期"), *offered_periods(today)]
        self.fields["period"].help_text = "周按周一至周日；填写下面的起止日期则以起止日期为准，节假日可以把两周并作一期"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if {"period", "start", "end", "kind"} & self.errors.keys():
            return cleaned
        if (start is None) != (end is None):
            self.add_error("end" if end is None else "start", "起止日期要同时填写")
        elif start and end and end < start:
            self.add_error("end", "结束日期早于开始日期")
        elif start is None and not cleaned.get("period"):
            self.add_error("period", "请选择期间，或填写起止日期")
        else:
            cleaned["asked"] = self._asked(cleaned)
        return cleaned

    def _asked(self, cleaned: dict[str, Any]) -> Period | None:
        """Return the period meant; None, with the reason at its field, for days that make none."""
        start, end = cleaned.get("start"), cleaned.get("end")
        try:
            if not start or not end:
                return parse_period(cleaned["period"])
            given = period_from_query(None, start.isoformat(), end.isoformat())
            return next((one for one in named_spans(start) if (one.start, one.end) == (start, end)), given)
        except InvalidInput as error:
            self.add_error("start" if start else "period", error.detail)
            return None


def named_spans(start: date) -> list[Period]:
    """Return the week, month, year and day that begin with or hold ``start``: two days may write one of them."""
    return [
        parse_period(week_code(start)),
        parse_period(f"{start:%Y%m}"),
        parse_period(f"{start.year}"),
        parse_period(f"{start:%Y%m%d}"),
    ]


def offered_periods(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the periods offered by kind, the newest that has ended first among weeks."""
    weeks = [today - timedelta(days=7 * count) for count in range(WEEKS)]
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    days = [today - timedelta(days=count) for count in range(DAYS)]
    return [
        ("周", [(week_code(day), _week_words(day)) for day in [*weeks[1:], weeks[0]]]),
        ("日", [(f"{day:%Y%m%d}", f"{day.month}月{day.day}日") for day in days]),
        ("月", [(f"{day:%Y%m}", f"{day.year}年{day.month}月") for day in months]),
        ("年", [(str(today.year - count), f"{today.year - count}年") for count in range(YEARS)]),
    ]


def _week_words(day: date) -> str:
    """Return 第 47 周（11月16日—11月22日）."""
    week = parse_period(week_code(day))
    first, last = week.start, week.end
    return f"第 {day.isocalendar().week} 周（{first.month}月{first.day}日—{last.month}月{last.day}日）"
