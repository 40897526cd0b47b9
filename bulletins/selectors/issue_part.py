"""Issues of the period as at the cut-off: what came and went, what stands open, the rates (domain §7, §8)."""

from django.urls import reverse

from bulletins.selectors.parts import EVERY_DEPARTMENT, Asked, Part
from core.selectors.calendar import work_calendar
from supervision.models import Issue
from supervision.selectors.figures import IssueFigures, OpenIssue, issue_figures
from supervision.selectors.statistics import figures_of, rates_of


def issue_part(asked: Asked) -> Part:
    """Return the counts, the three rates as ``issues/statistics/`` gives them, and the annex of open issues."""
    part = Part()
    figures = issue_figures(asked.window, calendar=work_calendar())
    _bind_counts(part, figures, asked)
    page = f"{reverse('supervision:statistics')}?{asked.query}"
    for key, figure in figures_of(rates_of(EVERY_DEPARTMENT, asked.window)).items():
        group = f"issues.rate.{key}"
        part.bind(f"{group}.n", figure["numerator"], label=f"{figure['label']}（分子）", url=page, group=group)
        part.bind(f"{group}.d", figure["denominator"], label=f"{figure['label']}（分母）", url=page, group=group)
        text = figure["text"] if figure["value"] is None else f"{figure['text']}%"
        part.bind(group, figure["value"], label=figure["label"], url=page, group=group, text=text)
    part.tables["open_issues"] = [_annex_row(one) for one in figures.open_issues]
    return part


def _bind_counts(part: Part, figures: IssueFigures, asked: Asked) -> None:
    ledger = reverse("supervision:issues")
    for name, value, label, query in (
        ("open", len(figures.open_issues), "未销号问题", ""),
        ("registered", figures.registered, "本期新增问题", f"?found__gte={asked.start:%Y-%m-%d}"),
        ("cleared", figures.cleared, "本期销号问题", "?status=cleared"),
        ("overdue", len(figures.overdue_issues), "超期问题", "?overdue=true"),
        ("sustained", figures.sustained, "长期坚持问题", "?status=sustained"),
        ("relapsed", figures.relapsed, "反弹问题", ""),
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
