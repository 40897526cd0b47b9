"""Issues of the period as at the cut-off: what came and went, what stands open, the rates (domain §7, §8)."""

from django.urls import reverse

from bulletins.selectors.parts import EVERY_DEPARTMENT, Asked, Part
from supervision.models import Issue
from supervision.selectors.figures import IssueFigures, OpenIssue
from supervision.selectors.statistics import figures_of, rates_of


def issue_part(asked: Asked) -> Part:
    """Return the counts, the three rates as ``issues/statistics/`` gives them, and the annex of open issues."""
    part = Part()
    _bind_counts(part, asked.issues, asked)
    page, rounds = reverse("supervision:statistics"), reverse("supervision:statistics_rounds")
    for key, figure in figures_of(rates_of(EVERY_DEPARTMENT, asked.window)).items():
        group = f"issues.rate.{key}"
        link = f"{rounds}?{asked.query}&figure={key}&part="
        for end, side, word in (("n", "numerator", "分子"), ("d", "denominator", "分母")):
            label = f"{figure['label']}（{word}）"
            part.bind(f"{group}.{end}", figure[side], label=label, url=f"{link}{side}", group=group)
        text = figure["text"] if figure["value"] is None else f"{figure['text']}%"
        part.bind(group, figure["value"], label=figure["label"], url=f"{page}?{asked.query}", group=group, text=text)
    part.tables["open_issues"] = [_annex_row(one) for one in asked.issues.open_issues]
    return part


def _bind_counts(part: Part, figures: IssueFigures, asked: Asked) -> None:
    ledger = reverse("supervision:issues")
    first, last = f"{asked.start:%Y-%m-%d}", f"{asked.end:%Y-%m-%d}"
    for name, value, label, query in (
        ("open", len(figures.open_issues), "未销号问题", "?view=uncleared"),
        ("registered", figures.registered, "本期新增问题", f"?registered_from={first}&registered_to={last}"),
        ("cleared", figures.cleared, "本期销号问题", f"?cleared_from={first}&cleared_to={last}"),
        ("overdue", len(figures.overdue_issues), "超期问题", "?overdue=true"),
        ("sustained", figures.sustained, "长期坚持问题", "?status=sustained"),
        ("relapsed", figures.relapsed, "反弹问题", "?view=relapsed"),
    ):
        part.bind(f"issues.{name}", value, label=label, url=f"{ledger}{query}", group="issues")


def _annex_row(one: OpenIssue) -> dict:
    """Return a line of the annex of open issues."""
    return {
        "number": one.number,
        "title": one.title,
        "source": Issue.Source(one.source).label,
        "severity": Issue.Severity(one.severity).label,
        "department": one.department_label or "待交办",
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "state": "待验收" if one.is_verifying else "已超期" if one.is_overdue else "整改中",
    }
