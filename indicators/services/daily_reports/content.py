"""What stands on a report: values and evidence as given, read back as entries that can be judged."""

from collections.abc import Sequence
from datetime import date

from core.exceptions import InvalidInput, field_error
from core.settings_registry import settings_in_force
from indicators.models import Coordination, DailyReport, Evidence, Indicator, ReportValue
from indicators.rules.daily_reports import has_text
from indicators.rules.report_values import (
    Demands,
    Entry,
    number_or_none,
    statutory_warnings,
    submission_problems,
)
from indicators.selectors.report_leaves import ReportLeaf, report_leaves

VALUE_FIELDS = ("text", "as_of", "reason", "evidence_later")


def leaves_by_code(indicator: Indicator, day: date, report_id: int | None = None) -> dict[str, ReportLeaf]:
    """Return the leaves on which a report on ``indicator`` for ``day`` may carry values, by code."""
    leaves = report_leaves([indicator.pk], on=day, except_report_id=report_id)
    return {leaf.code: leaf for leaf in leaves[indicator.pk]}


def read_values(values: Sequence[dict], *, indicator: Indicator, day: date) -> list[ReportValue]:
    """Return unsaved rows for ``values``, each ``{indicator, value, as_of?, reason?, evidence_later?}``.

    The number itself may be wrong, a draft keeps what was typed; the leaf must be one beneath ``indicator``,
    named once. Raises InvalidInput at ``values[n].indicator``.
    """
    leaves = leaves_by_code(indicator, day) if values else {}
    rows, errors, seen = [], [], set()
    for position, given in enumerate(values):
        leaf = leaves.get(given["indicator"])
        if leaf is None or leaf.code in seen:
            detail = _misplaced(given["indicator"], indicator, is_twice=leaf is not None)
            errors.append(field_error(f"values[{position}].indicator", "wrong_indicator", detail))
            continue
        seen.add(leaf.code)
        as_of = given.get("as_of") or day
        entry = Entry(leaf.facts, given.get("value", ""), as_of)
        rows.append(
            ReportValue(
                indicator_id=leaf.id,
                text=entry.text,
                value=number_or_none(entry),
                as_of=as_of,
                reason=given.get("reason", "").strip(),
                evidence_later=given.get("evidence_later", False),
            )
        )
    if errors:
        raise InvalidInput(errors[0]["detail"], errors=errors)
    return rows


def _misplaced(code: str, indicator: Indicator, *, is_twice: bool) -> str:
    if is_twice:
        return f"指标 {code} 填了两次"
    return f"{code} 不是 {indicator.code} {indicator.name} 下可填数值的末级指标"


def read_evidence(ids: Sequence[int], *, actor) -> list[int]:
    """Return the ids of evidence that ``actor`` may see; InvalidInput at ``evidence[n]`` for any other."""
    visible = set(Evidence.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    errors = [
        field_error(f"evidence[{position}]", "not_found", f"没有找到编号为 {pk} 的佐证材料")
        for position, pk in enumerate(ids)
        if pk not in visible
    ]
    if errors:
        raise InvalidInput(errors[0]["detail"], errors=errors)
    return list(dict.fromkeys(ids))


def entries_of(report: DailyReport) -> list[Entry]:
    """Return the values of a stored report as entries, in the order in which they were given."""
    leaves = {leaf.id: leaf for leaf in leaves_by_code(report.indicator, report.date, report.pk).values()}
    rows = report.values.values("indicator_id", *VALUE_FIELDS)
    return [Entry(leaves[row.pop("indicator_id")].facts, **row) for row in rows if row["indicator_id"] in leaves]


def problems_of(report: DailyReport) -> list[dict]:
    """Return everything that keeps ``report`` from being submitted, each at its field; empty when it may go."""
    settings = settings_in_force("daily.jump_factor", "daily.evidence_required")
    return submission_problems(
        entries_of(report),
        report_date=report.date,
        no_change=report.no_change,
        has_text=has_text(report),
        lacks_difficulty=report.coordination != Coordination.SELF and not report.difficulty.strip(),
        has_evidence=report.evidence.exists(),
        demands=Demands(settings["daily.jump_factor"], settings["daily.evidence_required"]),
    )


def check_submission(report: DailyReport) -> None:
    """Raise InvalidInput naming everything that keeps ``report`` from being submitted (400)."""
    if problems := problems_of(report):
        detail = problems[0]["detail"] if len(problems) == 1 else f"还有 {len(problems)} 处需要修改，提交后才能报出"
        raise InvalidInput(detail, errors=problems)


def warnings_of(report: DailyReport) -> list[dict]:
    """Return what a reviewer should look at: values worse than their statutory limit. Never stops anybody."""
    return statutory_warnings(entries_of(report))


def is_empty(report: DailyReport) -> bool:
    """Return whether a draft holds nothing that 今日无变化 for all could overwrite: no value, text or evidence."""
    return not (has_text(report) or report.values.exists() or report.evidence.exists())
