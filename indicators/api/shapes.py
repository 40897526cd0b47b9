"""Indicators and scores as the contract names them (api.md): output shapes and how rows become them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from indicators.models import Indicator, Standard
from indicators.scoring import LIGHT_WORDS
from indicators.selectors.score_rows import ScoreRow, ScoreSheet, Yardstick

LIGHT_CHOICES = list(LIGHT_WORDS.items())
DIRECTIONS = [*Indicator.Direction.choices, ("", "不计数")]


class FigureField(serializers.CharField):
    """A decimal as text, without trailing zeros."""


class CurrentOutput(serializers.Serializer):
    """The value in force."""

    value = FigureField()
    as_of = serializers.DateField()


class FrontierOutput(serializers.Serializer):
    """The frontier in force; ``comparable`` is false when its unit is not the leaf's."""

    value = FigureField()
    unit = serializers.CharField()
    place = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # Field.source is a text
    comparable = serializers.BooleanField()
    note = serializers.CharField()


class StatutoryOutput(serializers.Serializer):
    """Particulars of the statutory limit; ``lapsed`` says its legal basis has ended (待核)."""

    value = FigureField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # Field.source is a text
    comparable = serializers.BooleanField()
    lapsed = serializers.BooleanField()
    note = serializers.CharField()


class IndicatorOutput(serializers.Serializer):
    """One indicator with its standards, current value, gap, score and light."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # Field.parent is a serializer
    dimension = serializers.ChoiceField(choices=Indicator.Dimension.choices)
    dimension_label = serializers.CharField()
    unit = serializers.CharField()
    direction = serializers.ChoiceField(choices=DIRECTIONS)
    direction_label = serializers.CharField()
    weight = FigureField()
    frequency = serializers.ChoiceField(choices=Indicator.Frequency.choices)
    frequency_label = serializers.CharField()
    applicable = serializers.BooleanField()
    assumed = serializers.BooleanField()
    constrained = serializers.BooleanField()
    leaf = serializers.BooleanField()
    lead = serializers.CharField(allow_null=True)
    lead_label = serializers.CharField(allow_null=True)
    assist = serializers.ListField(child=serializers.CharField())
    current = CurrentOutput(allow_null=True)
    baseline = FigureField(allow_null=True)
    worst = FigureField(allow_null=True)
    frontier = FrontierOutput(allow_null=True)
    statutory = FigureField(allow_null=True)
    statutory_detail = StatutoryOutput(allow_null=True)
    target = FigureField(allow_null=True)
    target_progress = FigureField(allow_null=True)
    gap = FigureField(allow_null=True)
    gap_text = serializers.CharField()
    score = FigureField(allow_null=True)
    coverage = FigureField(allow_null=True)
    scored_leaves = serializers.IntegerField()
    applicable_leaves = serializers.IntegerField()
    sufficient = serializers.BooleanField()
    score_text = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    light = serializers.ChoiceField(choices=LIGHT_CHOICES)
    light_label = serializers.CharField()


class DutyOutput(serializers.Serializer):
    """Who answers in one department."""

    department = serializers.CharField()
    department_label = serializers.CharField()
    role = serializers.CharField()
    role_label = serializers.CharField()
    valid_from = serializers.DateField()
    county_leader = serializers.CharField()
    responsible_leader = serializers.CharField()
    leader_in_charge = serializers.CharField()
    direct_person = serializers.CharField()
    reporter = serializers.CharField(allow_null=True)
    backup_reporter = serializers.CharField(allow_null=True)
    assumed = serializers.BooleanField()


class IndicatorDetailOutput(IndicatorOutput):
    """One indicator with its words, people and children."""

    set = serializers.IntegerField()
    aliases = serializers.ListField(child=serializers.CharField())
    definition = serializers.CharField()
    formula = serializers.CharField()
    decimals = serializers.IntegerField(allow_null=True)
    min_value = FigureField(allow_null=True)
    max_value = FigureField(allow_null=True)
    evidence_checklist = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]  # Field.source is a text
    version = serializers.IntegerField()
    assignments = DutyOutput(many=True)
    children = serializers.ListField(child=serializers.CharField())


class ScoreOutput(serializers.Serializer):
    """One first-level row; ``rank`` is null without a sufficient score, ``rank_change`` positive is upwards."""

    code = serializers.CharField()
    name = serializers.CharField()
    dimension = serializers.ChoiceField(choices=Indicator.Dimension.choices)
    lead = serializers.CharField(allow_null=True)
    weight = FigureField()
    applicable = serializers.BooleanField()
    constrained = serializers.BooleanField()
    score = FigureField(allow_null=True)
    coverage = FigureField(allow_null=True)
    sufficient = serializers.BooleanField()
    score_text = serializers.CharField()
    light = serializers.ChoiceField(choices=LIGHT_CHOICES)
    light_label = serializers.CharField()
    gap_text = serializers.CharField()
    change = FigureField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    rank_change = serializers.IntegerField(allow_null=True)


class CauseOutput(serializers.Serializer):
    """What one indicator added to the composite's change; the last row, without code, is 计分范围变化."""

    code = serializers.CharField()
    name = serializers.CharField()
    effect = FigureField()
    why = serializers.ListField(child=serializers.CharField())


class ScoresOutput(serializers.Serializer):
    """综合自评分 of a day and the first-level rows, compared with seven days before."""

    on = serializers.DateField()
    cut_off = serializers.DateTimeField()
    compared_with = serializers.DateField()
    set = serializers.IntegerField(allow_null=True)
    total = FigureField(allow_null=True)
    coverage = FigureField(allow_null=True)
    scored_leaves = serializers.IntegerField()
    applicable_leaves = serializers.IntegerField()
    sufficient = serializers.BooleanField()
    score_text = serializers.CharField()
    light = serializers.ChoiceField(choices=LIGHT_CHOICES)
    light_label = serializers.CharField()
    change = FigureField(allow_null=True)
    causes = CauseOutput(many=True)
    rows = ScoreOutput(many=True)


class PointOutput(serializers.Serializer):
    """A value as of a day with the score it gave; a parent has scores only."""

    as_of = serializers.DateField()
    value = FigureField(allow_null=True)
    score = FigureField(allow_null=True)


class StandardOutput(serializers.Serializer):
    """One dated standard."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Standard.Kind.choices)
    kind_label = serializers.CharField()
    value = FigureField()
    unit = serializers.CharField()
    place = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # Field.source is a text
    effective_from = serializers.DateField()
    statutory_until = serializers.DateField(allow_null=True)
    origin = serializers.ChoiceField(choices=Standard.Origin.choices)
    origin_label = serializers.CharField()
    comparable = serializers.BooleanField()
    in_force = serializers.BooleanField()
    lapsed = serializers.BooleanField()
    checked_by = serializers.CharField(allow_null=True)
    checked_on = serializers.DateField(allow_null=True)


def plain(value: Decimal | None) -> str | None:
    """Return a figure as text without trailing zeros: 6.0000 -> 6."""
    return None if value is None else f"{value.normalize():f}"


def fixed(value: Decimal | None) -> str | None:
    """Return a score or a coverage as text with all its places."""
    return None if value is None else str(value)


def shape_indicator(row: ScoreRow) -> dict[str, Any]:
    """Return one row of the list."""
    standards = row.standards
    return {
        **identity_of(row),
        "current": None
        if row.reading.value is None
        else {"value": plain(row.reading.value), "as_of": row.reading.as_of},
        "baseline": value_of(standards, "baseline"),
        "worst": value_of(standards, "worst"),
        "frontier": shape_frontier(standards.get("frontier")),
        "statutory": value_of(standards, "statutory"),
        "statutory_detail": shape_statutory(standards.get("statutory")),
        "target": value_of(standards, "target"),
        "target_progress": fixed(row.target_progress),
        "gap": plain(row.gap),
        "gap_text": row.gap_text,
        "score": fixed(row.score),
        "coverage": fixed(row.coverage),
        "scored_leaves": row.scored_leaves,
        "applicable_leaves": row.applicable_leaves,
        "sufficient": row.sufficient,
        "score_text": row.score_text,
        "missing": list(row.missing),
        "light": row.light,
        "light_label": LIGHT_WORDS[row.light],
    }


def identity_of(row: ScoreRow) -> dict[str, Any]:
    """Return what an indicator is and who answers for it."""
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": row.parent,
        "dimension": row.dimension,
        "dimension_label": row.dimension_label,
        "unit": row.unit,
        "direction": row.direction,
        "direction_label": dict(DIRECTIONS)[row.direction],
        "weight": plain(row.weight),
        "frequency": row.frequency,
        "frequency_label": Indicator.Frequency(row.frequency).label,
        "applicable": row.applicable,
        "assumed": row.assumed,
        "constrained": row.is_constrained,
        "leaf": row.is_leaf,
        "lead": row.lead.code if row.lead else None,
        "lead_label": row.lead.name if row.lead else None,
        "assist": [department.code for department in row.assist],
    }


def value_of(standards: Mapping[str, Yardstick], kind: str) -> str | None:
    """Return the value of a standard in force, in whatever unit it has."""
    standard = standards.get(kind)
    return None if standard is None else plain(standard.value)


def shape_frontier(standard: Yardstick | None) -> dict[str, Any] | None:
    """Return the frontier in force."""
    if standard is None:
        return None
    return {
        "value": plain(standard.value),
        "unit": standard.unit,
        "place": standard.place,
        "source": standard.source,
        "comparable": standard.is_comparable,
        "note": standard.note,
    }


def shape_statutory(standard: Yardstick | None) -> dict[str, Any] | None:
    """Return the statutory limit in force."""
    if standard is None:
        return None
    return {
        "value": plain(standard.value),
        "unit": standard.unit,
        "source": standard.source,
        "comparable": standard.is_comparable,
        "lapsed": standard.has_lapsed,
        "note": standard.note,
    }


def shape_score(row: ScoreRow) -> dict[str, Any]:
    """Return one first-level row of the scores."""
    return {
        "code": row.code,
        "name": row.name,
        "dimension": row.dimension,
        "lead": row.lead.code if row.lead else None,
        "weight": plain(row.weight),
        "applicable": row.applicable,
        "constrained": row.is_constrained,
        "score": fixed(row.score),
        "coverage": fixed(row.coverage),
        "sufficient": row.sufficient,
        "score_text": row.score_text,
        "light": row.light,
        "light_label": LIGHT_WORDS[row.light],
        "gap_text": row.gap_text,
        "change": fixed(row.change),
        "rank": row.rank,
        "rank_change": row.rank_change,
    }


def shape_scores(sheet: ScoreSheet) -> dict[str, Any]:
    """Return the composite with its causes and the first-level rows."""
    total = sheet.total
    return {
        "on": sheet.on,
        "cut_off": sheet.cut_off,
        "compared_with": sheet.compared_with,
        "set": sheet.indicator_set.year if sheet.indicator_set else None,
        "total": fixed(total.score),
        "coverage": fixed(total.coverage),
        "scored_leaves": total.scored_leaves,
        "applicable_leaves": total.applicable_leaves,
        "sufficient": total.sufficient,
        "score_text": total.score_text,
        "light": total.light,
        "light_label": LIGHT_WORDS[total.light],
        "change": fixed(total.change),
        "causes": [
            {"code": cause.code, "name": cause.name, "effect": fixed(cause.effect), "why": list(cause.why)}
            for cause in sheet.causes
        ],
        "rows": [shape_score(row) for row in sheet.first_level()],
    }
