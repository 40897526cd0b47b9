"""Forms of the schedule: when a kind is drafted, what is skipped, where numbers go on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from bulletins.models import Bulletin, ReportSchedule
from bulletins.rules.schedule import WEEKLY
from bulletins.selectors.lists import KIND_WORDS
from core.forms.base import ScopedForm

Kind = Bulletin.Kind
WEEKDAYS = [(day, f"周{word}") for day, word in enumerate("一二三四五六日", start=1)]


class ScheduleForm(ScopedForm):
    """Days and time of one kind; only the fields its rule knows.

    Args:
        schedule: the kind's.
    """

    enabled = forms.BooleanField(label="自动生成", required=False)
    weekday = forms.TypedChoiceField(label="次周星期", choices=WEEKDAYS, coerce=int)
    month = forms.IntegerField(
        label="次年几月",
        min_value=1,
        max_value=12,
        error_messages={
            "required": "请填写几月",
            "min_value": "月份应在 1 到 12 之间",
            "max_value": "月份应在 1 到 12 之间",
        },
    )
    day_of_month = forms.IntegerField(
        label="几日",
        min_value=1,
        max_value=31,
        help_text="遇休息日顺延到下一工作日；当月没有这一天的取月末",
        error_messages={
            "required": "请填写几日",
            "invalid": "应是 1 到 31 的整数",
            "min_value": "应在 1 到 31 之间",
            "max_value": "应在 1 到 31 之间",
        },
    )
    at = forms.TimeField(
        label="时刻",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写时刻", "invalid": "时刻应写作 08:30"},
    )
    drafting_from = forms.DateField(
        label="从何日起补生成",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="这一天以前计划生成的不补",
        error_messages={"required": "请填写日期", "invalid": "日期应写作 2026-11-23"},
    )

    def __init__(self, *args: Any, schedule: ReportSchedule, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kind = Kind(schedule.kind)
        for name in {"weekday", "month", "day_of_month"} - fields_of(kind):
            del self.fields[name]
        if kind == Kind.MONTHLY_COMPLAINTS:
            self.fields["day_of_month"].label = "次月几日"


def fields_of(kind: Kind) -> set[str]:
    """Return which days a kind's rule knows."""
    if kind in WEEKLY:
        return {"weekday"}
    return {
        Kind.MONTHLY_COMPLAINTS: {"day_of_month"},
        Kind.YEARLY_REPORT: {"month", "day_of_month"},
    }.get(kind, set())


class SkipForm(ScopedForm):
    """A period that gets no paper, with the reason.

    Args:
        periods: code and words of those that may be skipped.
    """

    period = forms.ChoiceField(
        label="期间", error_messages={"invalid_choice": "没有这个期间", "required": "请选择期间"}
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如“国庆假期，与下周合并”",
        error_messages={"required": "请写明不生成的理由", "max_length": "理由最多 500 个字"},
    )

    def __init__(self, *args: Any, periods: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)


class CounterForm(ScopedForm):
    """Where the numbers of a kind and year go on.

    Args:
        today: the day; this year and the next may be set.
    """

    kind = forms.ChoiceField(label="种类", choices=list(KIND_WORDS.items()))
    year = forms.TypedChoiceField(label="年度", coerce=int)
    next_serial = forms.IntegerField(
        label="下一号",
        min_value=1,
        max_value=99_999,
        help_text="只能调大；已用过的号不能再用",
        error_messages={
            "required": "请填写下一号",
            "invalid": "下一号应是整数",
            "min_value": "下一号从 1 起",
            "max_value": "下一号最大 99999",
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year} 年") for year in (today.year, today.year + 1)]
