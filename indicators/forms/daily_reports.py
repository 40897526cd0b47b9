"""The daily form: one big number per leaf, texts, evidence. Shape only; submission judges the meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from core.formats import MISSING, figure
from core.formats import gap_text as gap_words
from core.forms import ScopedForm
from core.forms.files import FilesField
from indicators.forms.fields import DayField
from indicators.models import Coordination, DailyReport, Evidence
from indicators.rules.report_values import NotANumber, parse_number
from indicators.scoring import gap_to
from indicators.selectors.report_leaves import ReportLeaf

LONG_TEXT = 4000
#: What the form calls the parts of a value: field prefix -> name in the service.
PARTS = {"value": "value", "as_of": "as_of", "reason": "reason", "later": "evidence_later"}


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One row of the form: the leaf and its bound fields."""

    leaf: ReportLeaf
    value: BoundField
    as_of: BoundField
    reason: BoundField
    later: BoundField
    is_changed: bool

    @property
    def last_text(self) -> str:
        """The value carried forward as it stands in the input."""
        return figure_text(self.leaf)

    @property
    def gap_text(self) -> str:
        """What the value carried forward lacks to the frontier, or to the target where there is none."""
        facts = self.leaf.facts
        if self.leaf.aim is None or self.leaf.last is None:
            return MISSING
        gap = gap_to(self.leaf.aim, self.leaf.last, facts.direction)
        if gap == 0:
            return "已达目标" if self.leaf.frontier is None else "已达前沿"
        return gap_words(gap, facts.unit, is_yes_no=facts.is_yes_no)

    @property
    def is_opened(self) -> bool:
        """Whether the particulars under the number are shown: it changed, or something is wrong with them."""
        return self.is_changed or bool(self.value.errors or self.as_of.errors or self.reason.errors)


class AttachForm(ScopedForm):
    """Evidence that follows a report: earlier pieces, new files, or both."""

    evidence = forms.ModelMultipleChoiceField(
        label="复用往期佐证", queryset=Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    upload = FilesField(label="佐证材料")

    def __init__(self, *args, evidence: Iterable[Evidence], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [row.pk for row in evidence]
        self.fields["evidence"].queryset = Evidence.objects.visible_to(self.user).filter(pk__in=choices)


class ReportForm(ScopedForm):
    """The content of one report.

    Args:
        day: the report's date, the default as-of date.
        leaves: the leaves beneath the indicator; each gets ``value_<code>``, ``as_of_<code>``, ``reason_<code>``
            and ``later_<code>``.
        evidence: earlier evidence that may be reused, besides what hangs on the report already.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    progress = forms.CharField(
        label="工作进展", required=False, max_length=LONG_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    difficulty = forms.CharField(
        label="困难与需要协调的事", required=False, max_length=LONG_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    coordination = forms.ChoiceField(
        label="需要哪一级协调",
        choices=Coordination.choices,
        initial=Coordination.SELF,
        required=False,
        widget=forms.RadioSelect,
    )
    evidence = forms.ModelMultipleChoiceField(
        label="复用往期佐证", queryset=Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    upload = FilesField(label="佐证材料")

    def __init__(self, *args, day: date, leaves: Sequence[ReportLeaf], evidence: Iterable[Evidence], **kwargs):
        super().__init__(*args, **kwargs)
        self.day, self.leaves = day, leaves
        choices = [row.pk for row in evidence]
        self.fields["evidence"].queryset = Evidence.objects.visible_to(self.user).filter(pk__in=choices)
        for leaf in leaves:
            name, code = leaf.facts.name, leaf.code
            self.fields[f"value_{code}"] = forms.CharField(label=name, required=False, max_length=60)
            self.fields[f"as_of_{code}"] = DayField(
                label=f"{name}的数据日期",
                required=False,
                initial=day,
            )
            self.fields[f"reason_{code}"] = forms.CharField(label=f"{name}变化原因", required=False, max_length=500)
            self.fields[f"later_{code}"] = forms.BooleanField(label="佐证稍后补交", required=False)

    @staticmethod
    def initial_of(report: DailyReport | None, leaves: Sequence[ReportLeaf]) -> dict[str, Any]:
        """Return what the form opens with: the draft, and for every other leaf the value carried forward."""
        initial: dict[str, Any] = {f"value_{leaf.code}": figure_text(leaf) for leaf in leaves}
        if report is None or report.pk is None:
            return initial | {"version": 0}
        initial |= {
            "version": report.version,
            "progress": report.progress,
            "difficulty": report.difficulty,
            "coordination": report.coordination,
            "evidence": list(report.evidence.values_list("pk", flat=True)),
        }
        codes = {leaf.id: leaf.code for leaf in leaves}
        for row in report.values.all():
            if code := codes.get(row.indicator_id):
                initial |= {
                    f"value_{code}": row.text,
                    f"as_of_{code}": row.as_of,
                    f"reason_{code}": row.reason,
                    f"later_{code}": row.evidence_later,
                }
        return initial

    def rows(self) -> list[LeafRow]:
        """Return the rows of the form in catalogue order."""
        return [
            LeafRow(
                leaf=leaf,
                value=self[f"value_{leaf.code}"],
                as_of=self[f"as_of_{leaf.code}"],
                reason=self[f"reason_{leaf.code}"],
                later=self[f"later_{leaf.code}"],
                is_changed=self._is_changed(leaf),
            )
            for leaf in self.leaves
        ]

    def _is_changed(self, leaf: ReportLeaf) -> bool:
        return not says_the_same(self[f"value_{leaf.code}"].value() or "", leaf)

    def values(self) -> list[dict[str, Any]]:
        """Return the values to store: what was typed and differs from the value carried forward.

        What merely repeats the last value is not stored again: a number is entered once (domain §4).
        """
        data = self.cleaned_data
        return [
            {
                "indicator": leaf.code,
                "value": data.get(f"value_{leaf.code}", ""),
                "as_of": data.get(f"as_of_{leaf.code}"),
                "reason": data.get(f"reason_{leaf.code}", ""),
                "evidence_later": data.get(f"later_{leaf.code}", False),
            }
            for leaf in self.leaves
            if not says_the_same(data.get(f"value_{leaf.code}", ""), leaf)
        ]

    def content(self) -> dict[str, Any]:
        """Return everything that stands on the form, as ``save_draft`` takes it; 有变化 takes 今日无变化 back."""
        data = self.cleaned_data
        return {
            "no_change": False,
            "progress": data.get("progress", ""),
            "difficulty": data.get("difficulty", ""),
            "coordination": data.get("coordination") or Coordination.SELF,
            "values": self.values(),
            "evidence": [row.pk for row in data.get("evidence", [])],
        }

    def differences_to(self, current: dict[str, Any]) -> list[dict[str, str]]:
        """Return the fields in which what was typed differs from ``current``, both sides in words."""
        shown = [f"value_{leaf.code}" for leaf in self.leaves] + ["progress", "difficulty", "coordination"]
        rows = []
        for name in shown:
            mine, theirs = str(self[name].value() or ""), str(current.get(name) or "")
            if mine.strip() != theirs.strip():
                rows.append({"label": self.fields[name].label, "mine": mine or "（空）", "theirs": theirs or "（空）"})
        return rows

    def add_problems(self, problems: Iterable[dict], codes: Sequence[str]) -> None:
        """Show each problem of a submission at its field.

        Args:
            problems: as ``submission_problems`` gives them, values addressed by position.
            codes: the leaves of the stored values, in their order.
        """
        for problem in problems:
            self.add_error(self._place(problem["field"], codes), problem["detail"])

    def _place(self, address: str, codes: Sequence[str]) -> str | None:
        """Return the form's field for ``values[0].value``; None for what stands above the form."""
        if address.startswith("values["):
            position, _, name = address.removeprefix("values[").partition("].")
            part = next(part for part, service_name in PARTS.items() if service_name == name)
            return f"{part}_{codes[int(position)]}"
        return "upload" if address.startswith("evidence") else address if address in self.fields else None


def figure_text(leaf: ReportLeaf) -> str:
    """Return the value carried forward as it stands in the input: 6.5, without separators; 是 or 否."""
    if leaf.last is None:
        return ""
    if leaf.facts.is_yes_no:
        return "是" if leaf.last else "否"
    return figure(leaf.last).replace(",", "")


def says_the_same(text: str, leaf: ReportLeaf) -> bool:
    """Return whether ``text`` is empty or repeats the value carried forward."""
    if not text.strip():
        return True
    try:
        return parse_number(text, is_yes_no=leaf.facts.is_yes_no) == leaf.last
    except NotANumber:
        return False
