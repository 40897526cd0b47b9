"""Forms of inspections: the inspection itself, the filters of its list, and a finding typed on a phone."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.selectors import people_with_permission
from core import clock
from core.access import Permission
from core.forms import ScopedForm, paragraph
from core.forms.files import FilesField, SeveralFiles
from core.settings_registry import setting
from departments.models import Department
from departments.selectors import valid_departments
from indicators.models import Indicator
from indicators.selectors.expectation import first_level_indicators
from supervision.models import Inspection, Issue
from supervision.rules.inspections import Standing, day_found

DOCUMENTS = ".pdf,.ofd,.doc,.docx,.wps,.xls,.xlsx,.et,.zip"
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]


def day(label: str, *, required: bool = False, **options) -> forms.DateField:
    """Return a day, chosen or typed; its sentences name it."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAY_FORMATS,
        error_messages={"required": f"请填写{label}", "invalid": f"{label}应写作 2026-11-23"},
        **options,
    )


def line(label: str, longest: int, **options) -> forms.CharField:
    """Return a text of one line that may be left out."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        error_messages={"max_length": f"{label}最多 {longest} 个字"},
        **options,
    )


class PeopleField(forms.ModelMultipleChoiceField):
    """People by name and unit, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}（{person.department.short_name}）" if person.department else person.name


class IndicatorsField(forms.ModelMultipleChoiceField):
    """First-level indicators by code and name, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, indicator: Any) -> str:
        return f"{indicator.code} {indicator.name}"


class KeysField(forms.Field):
    """The keys of rows, each in an input of its own, as numbers; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        return [int(key) for key in value or () if key.isdecimal() and len(key) < 19]


class InspectionForm(ScopedForm):
    """An inspection with its plan and its report.

    Args:
        inspection: the one amended, None for a new one.
    """

    kind = forms.ChoiceField(
        label="方式",
        choices=Inspection.Kind.choices,
        initial=Inspection.Kind.OPEN,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择方式"},
    )
    title = line("名称", 120, help_text="不填则取开始日期和方式，如 2026年11月25日明察")
    started_on = day("开始日期", required=True)
    ended_on = day("结束日期", help_text="当天结束的不用填")
    places = line("检查地点", 500, help_text="多个地点用顿号隔开")
    basis = line("检查依据", 300)
    team = PeopleField(
        label="检查人员",
        queryset=User.objects.none(),
        required=False,
        error_messages={"invalid_choice": "所选人员不在可选范围内"},
    )
    indicators = IndicatorsField(label="涉及指标", queryset=Indicator.objects.none(), required=False)
    plan = forms.FileField(
        label="检查方案",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": DOCUMENTS}),
        help_text="单个文件不超过 20 MB",
    )
    plan_approved_by = line("方案批准人", 60)
    plan_approved_on = day("方案批准日期")
    report = forms.FileField(
        label="检查报告",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": DOCUMENTS}),
        help_text="上传报告、草稿都已交办后，检查批次自动结束",
    )
    #: Handed to the service by themselves.
    BESIDE = ("team", "indicators", "plan", "report")

    def __init__(self, *args: Any, inspection: Inspection | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = people_to_pick(inspection)
        self.fields["indicators"].queryset = indicators_to_pick(inspection)
        if inspection is not None:
            self.fields["plan"].help_text = kept_file(inspection.plan, self.fields["plan"].help_text)
            report = inspection.report.attachment if inspection.report else None
            self.fields["report"].help_text = kept_file(report, self.fields["report"].help_text)

    def facts(self) -> dict[str, Any]:
        """Return the columns as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.BESIDE}

    def beside(self) -> dict[str, Any]:
        """Return team, indicators and files as the service takes them; a file left out stays as it is."""
        values = {name: self.cleaned_data[name] for name in self.BESIDE}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def groups(self) -> list[tuple[str, list, list]]:
        """The fields under their headings: those of full width, and those that stand two in a row."""
        words: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
            "检查": (("kind", "title"), ("started_on", "ended_on", "places", "basis")),
            "人员和指标": (("team", "indicators"), ()),
            "方案和报告": ((), ("plan", "report", "plan_approved_by", "plan_approved_on")),
        }
        return [
            (word, [self[name] for name in wide], [self[name] for name in narrow])
            for word, (wide, narrow) in words.items()
        ]


def kept_file(attachment: Any, otherwise: str) -> str:
    """Return the help of a file field: what is kept already, or ``otherwise``."""
    return f"已上传《{attachment.name}》，选择新文件则替换" if attachment else otherwise


def people_to_pick(inspection: Inspection | None) -> QuerySet[User]:
    """Return those who keep inspections (R1 R2 R6), and whoever is in the team already."""
    people = User.objects.filter(pk__in=people_with_permission(Permission.KEEP_INSPECTIONS).values("pk"))
    if inspection is not None:
        people = User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=inspection.team.order_by().values("pk")))
    return people.filter(is_service=False).select_related("department").order_by("department__official_order", "name")


def indicators_to_pick(inspection: Inspection | None) -> QuerySet[Indicator]:
    """Return the first-level indicators in force, and those the inspection names already."""
    offered = first_level_indicators()
    if inspection is None:
        return offered
    named = inspection.indicators.order_by().values("pk")
    return Indicator.objects.filter(Q(pk__in=offered.order_by().values("pk")) | Q(pk__in=named)).order_by(
        "position", "id"
    )


class InspectionFilterForm(ScopedForm):
    """The filters as a GET form; the fields are named like those of ``selectors.inspections.inspection_rows``."""

    search = forms.CharField(label="名称、地点、依据", required=False, max_length=60)
    kind = forms.ChoiceField(label="方式", choices=[("", "全部方式"), *Inspection.Kind.choices], required=False)
    standing = forms.ChoiceField(label="进度", choices=[("", "全部进度"), *Standing.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from"] = day("开始自")
        self.fields["to"] = day("开始至")
        dress(self)

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        return chips_of(self)


def dress(form: ScopedForm) -> None:
    """Let the fields of a filter bar carry their label where it is not printed."""
    for field in form.fields.values():
        css = "form-select" if hasattr(field, "choices") else "form-control"
        field.widget.attrs |= {"class": css, "aria-label": field.label, "placeholder": field.label}


def chips_of(form: ScopedForm) -> list[tuple[str, str]]:
    """Return name and words of each filter in force."""
    form.full_clean()
    chips = []
    for name, value in form.cleaned_data.items():
        if value:
            words = dict(getattr(form.fields[name], "choices", ())).get(value, value)
            chips.append((name, f"{form.fields[name].label}：{words}"))
    return chips


class FindingForm(ScopedForm):
    """A finding, typed on a phone in one hand: what, where, how grave, whose, by when, with photos.

    Photos already sent are named by ``kept`` and stay when the form comes back with an error.

    Args:
        inspection: what it was found on.
        finding: the draft amended, None for a new one.
    """

    description = paragraph("问题描述")
    photos = FilesField(
        label="照片",
        widget=SeveralFiles(attrs={"accept": "image/*,.heic"}),
        help_text="可拍照或从相册选择多张。系统会压缩照片、去除拍摄地点，保留拍摄时间",
    )
    place = line("发现地点", 120)
    department = forms.ModelChoiceField(
        label="责任单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="以后再定",
        help_text="交办前必须填写",
        error_messages={"invalid_choice": "没有这个单位，或已撤销"},
    )
    category = forms.ChoiceField(
        label="问题类型",
        choices=Issue.Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择问题类型"},
    )
    severity = forms.ChoiceField(
        label="严重程度",
        choices=Issue.Severity.choices,
        initial=Issue.Severity.NORMAL,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择严重程度"},
    )
    limit_kind = forms.ChoiceField(
        label="整改时限类型",
        choices=Issue.LimitKind.choices,
        initial=Issue.LimitKind.DEADLINE,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择整改时限类型"},
    )
    due_on = day("整改时限")
    requirement = paragraph("整改要求", required=False, rows=3)
    indicator = forms.ModelChoiceField(
        label="涉及指标",
        queryset=Indicator.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="不涉及或不清楚",
        error_messages={"invalid_choice": "没有这项指标"},
    )
    found_on = day("发现时间", required=True)
    kept = KeysField(required=False)
    removed = KeysField(required=False)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    #: No columns of the issue.
    BESIDE = ("photos", "kept", "removed", "token")

    def __init__(self, *args: Any, inspection: Inspection, finding: Issue | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        today = clock.today()
        units = valid_departments(today)
        if finding is not None and finding.department_id is not None:
            units = Department.objects.filter(Q(pk__in=units.values("pk")) | Q(pk=finding.department_id))
        self.fields["department"].queryset = units.order_by("official_order", "pk")
        self.fields["indicator"].queryset = indicators_to_pick(inspection)
        self.fields["found_on"].initial = day_found(inspection, today)
        self.fields["due_on"].help_text = f"立行立改不填则为交办后 {setting('issues.immediate_workdays')} 个工作日"

    @staticmethod
    def initial_of(finding: Issue) -> dict[str, Any]:
        """Return what stands there now."""
        names = ("description", "place", "category", "severity", "limit_kind", "due_on", "requirement", "found_on")
        return {name: getattr(finding, name) for name in names} | {
            "department": finding.department and finding.department.code,
            "indicator": finding.indicator and finding.indicator.code,
        }

    def facts(self) -> dict[str, Any]:
        """Return the columns of the issue as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.BESIDE}


class PhotoForm(ScopedForm):
    """One photo that is sent as soon as it was chosen."""

    photos = forms.FileField(allow_empty_file=True, error_messages={"required": "请选择照片", "invalid": "请选择照片"})
