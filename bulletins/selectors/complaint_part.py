"""Complaints of the period: the rates of the statistics page, what came, and the annex by unit (domain §6, §8)."""

from typing import Any

from django.db.models import Count
from django.urls import reverse

from bulletins.selectors.parts import EVERY_DEPARTMENT, Asked, Part
from complaints.models import Complaint
from complaints.selectors.figures import figures_of
from complaints.selectors.statistics import carry_over_total, rates_by_department, received, within
from core.models import DeadlineRule

#: The rates that section 四 prints, in its order.
PRINTED = ("on_time_sign", "close", "on_time_close", "satisfaction", "solved")
MOST_NAMED = 3


def complaint_part(asked: Asked) -> Part:
    """Return received, carried over, and every rate as pairs of counts; equal to ``complaints/statistics/``."""
    part, window = Part(), asked.window
    found = rates_by_department(EVERY_DEPARTMENT, window)
    page, rounds = reverse("complaints:statistics"), reverse("complaints:statistics_rounds")
    for key, figure in figures_of(found.total).items():
        link = f"{rounds}?{asked.query}&figure={key}&part="
        group = f"complaints.{key}"
        part.bind(
            f"{group}.n", figure["numerator"], label=f"{figure['label']}（分子）", url=f"{link}numerator", group=group
        )
        if figure["denominator"] is None:
            continue
        part.bind(
            f"{group}.d",
            figure["denominator"],
            label=f"{figure['label']}（分母）",
            url=f"{link}denominator",
            group=group,
        )
        text = figure["text"] if figure["value"] is None else f"{figure['text']}%"
        part.bind(group, figure["value"], label=figure["label"], url=f"{page}?{asked.query}", group=group, text=text)
    came, carry = received(EVERY_DEPARTMENT, window), carry_over_total(EVERY_DEPARTMENT, window)
    listed = f"{reverse('complaints:list')}?from={asked.start:%Y-%m-%d}&to={asked.end:%Y-%m-%d}"
    part.bind("complaints.received", came.received - came.irrelevant, label="受理投诉", url=listed, group="received")
    part.bind("complaints.irrelevant", came.irrelevant, label="不涉营商", url=listed, group="received")
    part.bind("complaints.opening", carry.opening, label="上期结转", url=f"{page}?{asked.query}", group="carry")
    part.bind("complaints.closing", carry.closing, label="结转下期", url=f"{page}?{asked.query}", group="carry")
    part.tables["complaint_departments"] = [_unit(row, figures_of(tally)) for row, tally in found.rows]
    part.tables["complaint_types"] = _types(part, asked, listed)
    part.tables["complaint_topics"] = _topics(part, asked, listed)
    return part


def _unit(row: dict[str, Any], figures: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a unit's line of the annex; counts only, the sheet computes its rates from them."""
    return {
        "code": row["code"],
        "name": row["label"],
        **{
            key: {name: figures[key][name] for name in ("numerator", "denominator", "text")}
            for key in (*PRINTED, "overdue_open")
        },
    }


def _received(asked: Asked):
    rows = Complaint.objects.unscoped("counts by type and topic, no content")
    return rows.filter(within("received_at", asked.window)).exclude(relevance=Complaint.Relevance.NO).order_by()


def _types(part: Part, asked: Asked, listed: str) -> list[dict[str, Any]]:
    """Bind how many of each type came, most first."""
    labels = dict(DeadlineRule.ComplaintType.choices)
    rows = _received(asked).values("type").annotate(count=Count("pk"))
    found = sorted(
        ({"code": row["type"], "name": labels[row["type"]], "count": row["count"]} for row in rows),
        key=lambda one: (-one["count"], list(labels).index(one["code"])),
    )
    for one in found:
        part.bind(
            f"complaints.type.{one['code']}",
            one["count"],
            label=f"{one['name']}类",
            url=f"{listed}&type={one['code']}",
            group="received",
        )
    return found


def _topics(part: Part, asked: Asked, listed: str) -> list[dict[str, Any]]:
    """Bind the first-level indicators most complained about, at most three."""
    rows = (
        _received(asked)
        .filter(indicator__isnull=False)
        .values("indicator__code", "indicator__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "indicator__code")
    )
    found = [
        {"code": row["indicator__code"], "name": row["indicator__name"], "count": row["count"]}
        for row in rows[:MOST_NAMED]
    ]
    for one in found:
        part.bind(
            f"complaints.topic.{one['code']}",
            one["count"],
            label=f"{one['name']}诉求",
            url=f"{listed}&indicator={one['code']}",
            group="received",
        )
    return found
