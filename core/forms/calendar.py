"""Shapes of what is typed on the pages of the calendar; what it means, the services judge."""

from datetime import date

from django import forms

from core.dates import DayKind, OfficeDay, Unit
from core.dates.deadlines import LARGEST_AMOUNT
from core.exceptions import InvalidInput
from core.forms.base import ScopedForm
from core.models import CalendarDay, DeadlineRule
from core.services.calendar import NoticeLine, RuleSubject, notice_csv, read_notice_file, read_notice_text

FESTIVALS = (
    ("new_year", "元旦"),
    ("spring", "春节"),
    ("qingming", "清明节"),
    ("labour", "劳动节"),
    ("dragon_boat", "端午节"),
    ("mid_autumn", "中秋节"),
    ("national", "国庆节"),
)


def _day(label: str, **options) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}", "invalid": f"{label}应写作 2027-01-01"},
        **options,
    )


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": f"请填写{label}时间", "invalid": f"{label}时间应写作 08:30"},
    )


def _year() -> forms.IntegerField:
    messages = {"required": "请填写年份", "invalid": "年份应为四位数字"}
    return forms.IntegerField(
        label="年份", widget=forms.TextInput(attrs={"inputmode": "numeric"}), error_messages=messages
    )


class DueDateForm(ScopedForm):
    """算一算: a start, an amount and a unit, asked by GET."""

    start = forms.DateTimeField(
        label="起算时间",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "请填写起算时间", "invalid": "起算时间应写作 2026-11-23 10:00"},
    )
    amount = forms.IntegerField(
        label="时限",
        min_value=1,
        max_value=max(LARGEST_AMOUNT.values()),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填写时限",
            "invalid": "时限应为 1 以上的整数",
            "min_value": "时限应为 1 以上的整数",
        },
    )
    unit = forms.ChoiceField(label="单位", choices=DeadlineRule.Unit.choices, initial=Unit.WORKDAY.value)


class NoticeForm(ScopedForm):
    """The State Council's notice as a form: per festival first day, last day and the days worked instead."""

    year = _year()
    purpose = forms.CharField(
        label="依据", max_length=200, help_text="通知名称或文号", error_messages={"required": "请填写通知名称或文号"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, name in FESTIVALS:
            self.fields[f"{key}_first"] = _day(f"{name}放假首日", required=key == "new_year")
            self.fields[f"{key}_last"] = _day(f"{name}放假末日", required=False)
            self.fields[f"{key}_work"] = forms.CharField(
                label=f"{name}调休上班", required=False, help_text="可填多日，用顿号或逗号隔开"
            )

    @property
    def festivals(self) -> list[dict]:
        """Return one row per festival for the template: its name and its three bound fields."""
        return [
            {"name": name, "first": self[f"{key}_first"], "last": self[f"{key}_last"], "work": self[f"{key}_work"]}
            for key, name in FESTIVALS
        ]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        lines: list[NoticeLine] = []
        for key, name in FESTIVALS:
            lines += self._lines_of(key, name, cleaned, len(lines))
        cleaned["text"] = notice_csv(lines)
        return cleaned

    def _lines_of(self, key: str, name: str, cleaned: dict, row: int) -> list[NoticeLine]:
        first, last = cleaned.get(f"{key}_first"), cleaned.get(f"{key}_last")
        lines = []
        if first:
            if last and last < first:
                self.add_error(f"{key}_last", f"{name}放假末日早于首日")
            lines.append(NoticeLine(row + 1, first, last or first, DayKind.REST, name))
        elif last:
            self.add_error(f"{key}_first", f"请填写{name}放假首日")
        for part in (cleaned.get(f"{key}_work") or "").replace("，", "、").replace(",", "、").split("、"):
            if part.strip():
                day = self._work_day(key, part.strip())
                lines += [NoticeLine(row + 1, day, day, DayKind.WORK, f"{name}调休")] if day else []
        return lines

    def _work_day(self, key: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.add_error(f"{key}_work", f"日期应写作 2027-02-06，填的是“{text}”")
            return None


class NoticeFileForm(ScopedForm):
    """The notice as a CSV file in UTF-8 or GBK."""

    year = _year()
    purpose = forms.CharField(
        label="依据", max_length=200, help_text="通知名称或文号", error_messages={"required": "请填写通知名称或文号"}
    )
    file = forms.FileField(
        label="CSV 文件",
        help_text="列：日期（或开始日期、结束日期）、安排（休/班）、名称",
        error_messages={"required": "请选择文件", "empty": "文件是空的"},
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("file"):
            try:
                cleaned["text"] = notice_csv(read_notice_file(cleaned["file"].read()))
            except InvalidInput as error:
                for entry in error.errors or [{"detail": error.detail}]:
                    self.add_error("file", entry["detail"])
        return cleaned


class NoticeConfirmForm(ScopedForm):
    """What the preview carries to the confirmation: the year, the basis and the lines as CSV."""

    year = forms.IntegerField(widget=forms.HiddenInput)
    purpose = forms.CharField(max_length=200, widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.HiddenInput)

    def lines(self) -> list[NoticeLine]:
        """Return the lines; ``InvalidInput`` when they were tampered with."""
        return read_notice_text(self.cleaned_data["text"])


class CalendarDayForm(ScopedForm):
    """One day by hand."""

    kind = forms.ChoiceField(label="安排", choices=CalendarDay.Kind.choices)
    name = forms.CharField(label="名称", max_length=40, required=False, help_text="例如：县庆放假")
    purpose = forms.CharField(label="依据", max_length=200, error_messages={"required": "请写明依据"})


class RuleLimitForm(ScopedForm):
    """A new limit for a kind of case that has one: amount, unit, from when, and why."""

    amount = forms.IntegerField(
        label="时限",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写时限", "invalid": "时限应为整数"},
    )
    unit = forms.ChoiceField(label="单位", choices=DeadlineRule.Unit.choices)
    valid_from = _day("生效日期")
    purpose = forms.CharField(label="依据", max_length=200, error_messages={"required": "请写明依据"})


class RuleForm(ScopedForm):
    """A limit for a kind of case that has none yet."""

    matter = forms.ChoiceField(label="事项", choices=DeadlineRule.Matter.choices)
    stage = forms.ChoiceField(label="环节", choices=DeadlineRule.Stage.choices)
    complaint_type = forms.ChoiceField(
        label="诉求类型", choices=[("", "不限"), *DeadlineRule.ComplaintType.choices], required=False
    )
    urgency = forms.ChoiceField(label="紧急程度", choices=[("", "不限"), *DeadlineRule.Urgency.choices], required=False)
    grade = forms.ChoiceField(label="等级", choices=[("", "不限"), *DeadlineRule.Grade.choices], required=False)
    amount = forms.IntegerField(
        label="时限",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写时限", "invalid": "时限应为整数"},
    )
    unit = forms.ChoiceField(label="单位", choices=DeadlineRule.Unit.choices, initial=Unit.WORKDAY.value)
    valid_from = _day("生效日期")

    def subject(self) -> RuleSubject:
        """Return what the limit is for."""
        names = ("matter", "stage", "complaint_type", "urgency", "grade")
        return RuleSubject(*(self.cleaned_data[name] for name in names))


class RuleEndForm(ScopedForm):
    """The last day a limit holds, and why it ends."""

    valid_to = _day("最后一日")
    purpose = forms.CharField(label="依据", max_length=200, error_messages={"required": "请写明依据"})


class OfficeHoursForm(ScopedForm):
    """Office hours from a day on."""

    valid_from = _day("生效日期")
    morning_start = _time("上午上班")
    morning_end = _time("上午下班")
    afternoon_start = _time("下午上班")
    afternoon_end = _time("下午下班")

    def hours(self) -> OfficeDay:
        """Return the hours as the value the service takes."""
        return OfficeDay(**self.cleaned_data)
