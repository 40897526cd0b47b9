"""Writing an issue, and editing it until it is assigned; ``facts()`` are the columns for ``services.writing``."""

from typing import Any

from django import forms
from django.db.models import Q

from core import clock
from core.forms import ScopedForm, paragraph
from core.forms.files import FilesField, SeveralFiles
from departments.selectors import valid_departments
from indicators.models import Indicator
from indicators.selectors.expectation import first_level_indicators
from supervision.forms.acts import CameraFiles, unit, units
from supervision.forms.inspections import KeysField, day, line
from supervision.models import Inspection, Issue
from supervision.selectors.hints import lead_of

MOST_INSPECTIONS = 30


class FactsForm(ScopedForm):
    """What everybody says of an issue: what it is, what it concerns, by when."""

    description = paragraph("问题描述", longest=10_000, rows=5)
    place = line("发现地点", 120)
    found_on = day("发现时间", required=True)
    indicator = forms.ModelChoiceField(
        label="涉及指标",
        queryset=Indicator.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="不涉及或不清楚",
        error_messages={"invalid_choice": "没有这项指标"},
    )
    category = forms.ChoiceField(label="问题类型", choices=Issue.Category.choices, initial=Issue.Category.OTHER)
    limit_kind = forms.ChoiceField(
        label="整改时限类型", choices=Issue.LimitKind.choices, initial=Issue.LimitKind.DEADLINE
    )
    due_on = day("整改时限", help_text="没有就不填，以整改方案的日期为准；立行立改不填则按规定工作日")
    title = line("标题", 120, help_text="不填则取问题描述前 30 个字")
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    #: No columns of the issue.
    BESIDE: tuple[str, ...] = ("token",)

    def __init__(self, *args: Any, issue: Issue | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.issue = issue
        self.fields["found_on"].initial = clock.today()
        named = Q(pk=issue.indicator_id) if issue is not None and issue.indicator_id else Q(pk__in=[])
        offered = Q(pk__in=first_level_indicators().order_by().values("pk"))
        self.fields["indicator"].queryset = Indicator.objects.filter(offered | named).order_by("position", "pk")

    def facts(self) -> dict[str, Any]:
        """Return the columns of the issue as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.BESIDE}


class SelfCheckForm(FactsForm):
    """What a department found by itself (自查); it leads, and nothing else is asked."""

    field_order = ("description", "place", "found_on", "category", "indicator", "limit_kind", "due_on", "title")
    groups_of: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "问题": (("description",), ("place", "found_on", "category", "indicator", "limit_kind", "due_on"))
    }

    @property
    def groups(self) -> list[tuple[str, list, list]]:
        """The fields under their headings: those of full width, and those that stand two in a row."""
        return [
            (word, [self[name] for name in wide], [self[name] for name in narrow])
            for word, (wide, narrow) in self.groups_of.items()
        ]


class IssueForm(SelfCheckForm):
    """What R1 R2 R6 write: who is to rectify it and how as well; the department follows from the indicator."""

    source = forms.ChoiceField(label="问题来源", choices=Issue.Source.choices, initial=Issue.Source.OPEN)
    inspection = forms.ModelChoiceField(
        label="检查批次", queryset=Inspection.objects.all(), required=False, empty_label="无"
    )
    severity = forms.ChoiceField(label="严重程度", choices=Issue.Severity.choices, initial=Issue.Severity.NORMAL)
    department = unit(
        "牵头单位", required=False, empty_label="按涉及指标的牵头单位", help_text="不选则取涉及指标的牵头单位"
    )
    assisting = units("配合单位", required=False)
    responsible_leader = line("责任领导", 60)
    responsible_person = line("责任人", 60)
    requirement = paragraph("整改要求", required=False, rows=3)
    goal = line("整改目标", 300)
    remark = line("备注", 1_000)
    BESIDE: tuple[str, ...] = ("token", "assisting")
    groups_of = {
        "问题": (("description",), ("indicator", "department", "category", "severity", "limit_kind", "due_on")),
        "来源": ((), ("source", "inspection", "found_on", "place")),
        "整改要求和责任": (
            ("requirement", "assisting"),
            ("goal", "responsible_leader", "responsible_person", "title", "remark"),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        units_offered = valid_departments(clock.today())
        self.fields["department"].queryset = self.fields["assisting"].queryset = units_offered
        recent = list(self.fields["inspection"].queryset.values_list("pk", flat=True)[:MOST_INSPECTIONS])
        if self.issue is not None and self.issue.inspection_id:
            recent.append(self.issue.inspection_id)
        self.fields["inspection"].queryset = self.fields["inspection"].queryset.filter(pk__in=recent)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("department") and "department" not in self.errors:
            cleaned["department"] = lead_of(cleaned.get("indicator"))
        return cleaned

    @staticmethod
    def initial_of(issue: Issue) -> dict[str, Any]:
        """Return what stands there now."""
        names = (
            *("description", "place", "found_on", "category", "limit_kind", "due_on", "title", "source", "inspection"),
            *("severity", "responsible_leader", "responsible_person", "requirement", "goal", "remark"),
        )
        return {name: getattr(issue, name) for name in names} | {
            "indicator": issue.indicator and issue.indicator.code,
            "department": issue.department and issue.department.code,
            "assisting": [one.code for one in issue.assisting.all()],
        }


class NewIssueForm(IssueForm):
    """A new one, with photos of how it was found; those already sent are named by ``kept`` and stay on errors."""

    camera = FilesField(label="拍照", widget=CameraFiles)
    photos = FilesField(
        label="现场照片",
        widget=SeveralFiles(attrs={"accept": "image/*,.heic"}),
        help_text="可选多张。照片会压缩并去除拍摄地点，保留拍摄时间",
    )
    kept = KeysField(required=False)
    BESIDE = ("token", "assisting", "camera", "photos", "kept")
