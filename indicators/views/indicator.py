"""The page of one indicator."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import clock
from core.access import Permission
from core.kept import keep, reader
from core.views.base import ObjectDoor
from indicators.models import Evidence, Indicator, Measure
from indicators.rules.catalogue import (
    can_approve_constraints,
    can_correct_values,
    can_keep_catalogue,
    can_note_measure,
)
from indicators.rules.evidence import can_add_evidence
from indicators.selectors.catalogue import (
    catalogue_record,
    current_indicators,
    indicators_of_year,
    latest_report,
    pending_values,
)
from indicators.selectors.evidence import case_rows, checklist_of, evidence_links, linkable_indicators
from indicators.selectors.frontier import can_take_baseline, is_known
from indicators.selectors.score_rows import ScoreRow, ScoreSheet
from indicators.selectors.scores_in_force import scores_in_force
from indicators.selectors.series import LINES, chart_of, leaf_series
from indicators.selectors.timeline import timeline_of
from indicators.views.opening import RowPage

#: How many pieces of evidence and cases the page names before it links to the list.
SHOWN = 6


def indicators_asked_for(request):
    """Return the indicators of the set in force, or of the prepared one whose year the address names."""
    year = request.GET.get("set", "")
    return indicators_of_year(int(year)) if year.isdecimal() and len(year) <= 4 else current_indicators()


class IndicatorDoor(ObjectDoor):
    """A page about one indicator of the set in force; the catalogue is open to every business role."""

    abstract = True
    model = Indicator
    permission = Permission.READ_CATALOGUE

    def get_object(self):
        return get_object_or_404(indicators_asked_for(self.request), code=self.kwargs["code"])


class IndicatorDetail(IndicatorDoor, RowPage):
    """Scores with formula and coverage, history, what lies beneath, people, measures, evidence, timeline."""

    template_name = "indicators/indicator_detail.html"

    def get_object(self):
        asked = self.kwargs["code"], self.request.GET.get("set", "")
        return keep((IndicatorDetail, *asked), super().get_object)

    def page_context(self, now):
        user, indicator, today = self.request.user, self.object, clock.local_date(now)
        sheet = scores_in_force(now, indicator_set=indicator.indicator_set)
        row = sheet.rows[indicator.code]
        leaf = self.charted_leaf(sheet, row)
        pending = pending_values(user, row.first_level)
        first_level, record = indicator.first_level, catalogue_record(indicator)
        return {
            "indicator": indicator,
            "row": row,
            "main_gap": sheet.rows.get(row.gap_leaf) if row.gap_leaf else None,
            "below_for": (indicator.pk, tuple(sorted(pending.items()))),
            "below": [{"row": each, "pending": pending_text(each, pending)} for each in sheet.below(row.code)],
            "pending": pending_text(row, pending),
            "latest_report": latest_report(user, indicator),
            "charted_for": (indicator.pk, leaf and leaf.code),
            "charted": keep(("chart", leaf.id, today), lambda: self.chart(leaf, today), lasting=True) if leaf else None,
            "leaves": [each for each in sheet.below(row.code) if each.is_leaf],
            "scored_count": sum(each.sufficient for each in sheet.first_level()),
            "lead_duty": record.lead_duty,
            "assisting": record.assisting,
            "former_assignments": record.former_duties,
            "measures": measures_with_acts(user, record.measures),
            "standards": record.standards,
            "official": record.official,
            "cases": list(case_rows(user, indicator=row.first_level, status="published")[:SHOWN]),
            "timeline": timeline_of(user, indicator),
            "actions": acts_on(user, indicator, row),
            "may_keep": can_keep_catalogue(user),
            **keep(
                ("evidence", indicator.pk, reader(user)), lambda: self.evidence(user, indicator, first_level, today)
            ),
        }

    def charted_leaf(self, sheet: ScoreSheet, row: ScoreRow) -> ScoreRow | None:
        """Return the leaf whose history is drawn: the one asked for, else the one with the main gap, else any value."""
        if row.is_leaf:
            return row
        leaves = {each.code: each for each in sheet.below(row.code) if each.is_leaf}
        asked = leaves.get(self.request.GET.get("leaf", "")) or leaves.get(row.gap_leaf or "")
        return asked or next((each for each in leaves.values() if each.reading.value is not None), None)

    def chart(self, leaf: ScoreRow, today) -> dict[str, Any]:
        """Return the history of ``leaf`` as drawn, and as the table under it."""
        row = get_object_or_404(indicators_asked_for(self.request), code=leaf.code)
        points = leaf_series(row, today=today)
        return {
            "leaf": leaf,
            "data": chart_of(leaf, points, today),
            "label": chart_sentence(leaf, points),
            "caption": chart_caption(leaf),
            "head": ("数据日期", "数值", "自评分"),
            "rows": [
                (point.as_of.isoformat(), leaf.figure_text(point.value), "—" if point.score is None else point.score)
                for point in reversed(points)
            ],
        }

    def evidence(self, user, indicator, first_level, today) -> dict[str, Any]:
        """Return evidence and checklist for those who see the indicator's evidence, else nothing."""
        if not (user.sees_all_departments or linkable_indicators(user).filter(pk=indicator.pk).exists()):
            return {"sees_evidence": False}
        links = evidence_links(user, [first_level.code], set_id=indicator.indicator_set_id)
        statuses = dict(Evidence.Status.choices)
        own = [
            link | {"status_label": statuses[link["evidence__status"]]}
            for link in links
            if is_below(link["indicator__code"], indicator.code)
        ]
        checklist = checklist_of(first_level.evidence_checklist, links, today)
        return {
            "sees_evidence": True,
            "may_add_evidence": can_add_evidence(user),
            "evidence": own[:SHOWN],
            "evidence_count": len({link["evidence_id"] for link in own}),
            "checklist": checklist,
            "checklist_words": f"清单 {len(checklist.items)} 项，有通过佐证的 {checklist.done} 项",
        }


def pending_text(row: ScoreRow, pending: Mapping[str, Decimal]) -> str:
    """Return a leaf's value under review in words, empty when there is none the person may see."""
    return row.figure_text(pending[row.code]) if row.code in pending else ""


def is_below(code: str, top: str) -> bool:
    """Return whether ``code`` is ``top`` or lies beneath it."""
    return code == top or code.startswith(f"{top}.")


def chart_caption(leaf: ScoreRow) -> str:
    """Return what stands under the chart: the leaf, its unit, its direction and the dashed lines."""
    direction = Indicator.Direction(leaf.direction).label if leaf.direction else ""
    lines = "、".join(f"{word} {leaf.standard_text(kind)}" for kind, word in LINES if is_known(leaf, kind))
    facts = "，".join(word for word in (leaf.unit, direction) if word)
    return f"{leaf.code} {leaf.name}（{facts}）{f'。虚线：{lines}' if lines else ''}"


def chart_sentence(leaf: ScoreRow, points) -> str:
    """Return what is read aloud instead of the chart."""
    if not points:
        return f"{leaf.name}还没有数值"
    first, last = points[0], points[-1]
    words = [
        f"{leaf.name}由{first.as_of}的 {leaf.figure_text(first.value)} 变为{last.as_of}的 {leaf.figure_text(last.value)}"
    ]
    words += [f"{word} {leaf.standard_text(kind)}" for kind, word in (("target", "目标"), ("frontier", "前沿"))]
    return "，".join(word for word in words if not word.endswith("—"))


def measures_with_acts(user, measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Return the work plan, each line with whether ``user`` may note progress on it or close it."""
    keeps = can_keep_catalogue(user)
    return [
        {"measure": measure, "may_note": can_note_measure(user, measure), "may_close": keeps} for measure in measures
    ]


def acts_on(user, indicator: Indicator, row: ScoreRow) -> list[dict[str, Any]]:
    """Return the acts ``user`` may do on the indicator now, the most usual first."""
    acts: list[tuple[str, str, bool]] = []
    if row.is_leaf and indicator.indicator_set.active and can_correct_values(user):
        acts.append(("更正数值", "correct", False))
    if can_keep_catalogue(user):
        if row.is_leaf:
            acts.append(("登记标准值", "add_standard", False))
            if can_take_baseline(row):
                acts.append(("以基期作最差值", "take_baseline", True))
        if indicator.level == 1:
            acts += [("调整责任分工", "assign", False), ("登记措施", "add_measure", False)]
        acts += [
            ("修改", "edit", False),
            ("设为不适用" if indicator.applicable else "恢复适用", "set_applicable", False),
            ("客观制约", "propose_constraint", False),
        ]
        if not indicator.indicator_set.active:
            acts.append(("从体系中删除", "remove", True))
    if can_approve_constraints(user) and indicator.constraint_reason:
        if indicator.constraint_approved_by_id is None:
            acts.append(("批准客观制约", "approve_constraint", True))
        acts.append(("解除客观制约", "lift_constraint", False))
    return [
        {
            "label": label,
            "url": reverse(f"indicators:{name}", args=[indicator.code]) + indicator.set_query,
            "is_simple": is_simple,
        }
        for label, name, is_simple in acts
    ]
