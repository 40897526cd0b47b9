"""``/issues/statistics/``: the rates with their counts, by unit, indicator, source, category or period."""

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import Permission
from core.dates import earlier_periods
from core.exceptions import InvalidInput
from core.forms.periods import words_for
from core.paging import CappedPaginator
from core.spreadsheets.writing import ExportColumn, export_response
from core.views.base import PageView, PermissionDeclared
from supervision.forms.statistics import DrillDownForm, StatisticsForm
from supervision.models import Issue, IssueRound
from supervision.rules.rates import FIGURES, Tally
from supervision.selectors import statistics
from supervision.selectors.statistics import SUSTAINED, Question, figures_of

PERIODS_COMPARED = 6
SUSTAINED_FORMULA = "期内开始、截至时刻正在长期坚持的轮次，另列，不计入整改率"
GROUPINGS = {
    "department": statistics.rates_by_department,
    "indicator": statistics.rates_by_indicator,
    "source": statistics.rates_by_source,
    "category": statistics.rates_by_category,
}


def bound_form(request, now) -> StatisticsForm:
    """Return the question in the address, judged."""
    form = StatisticsForm(request.GET, user=request.user, now=now)
    form.is_valid()
    return form


def broken_down(form: StatisticsForm, user) -> statistics.Statistics:
    """Return the rates by what was asked for; by period: those before it of its kind, and the total of it alone."""
    if form.grouping != "period":
        return GROUPINGS[form.grouping](user, form.window(form.asked))
    rows = trend(form, user).rows
    return statistics.Statistics(rows, rows[-1][1])


def trend(form: StatisticsForm, user) -> statistics.Statistics:
    """Return the rates of the period asked for and of those before it."""
    periods = earlier_periods(form.asked, PERIODS_COMPARED)
    return statistics.rates_by_period(user, [(words_for(period), form.window(period)) for period in periods])


class IssueStatistics(PageView):
    """The statistics of a period as at now, or at the cut-off of the address; departments see their own."""

    permission = Permission.READ_ISSUES
    template_name = "supervision/statistics.html"

    def get(self, request, *args, **kwargs):
        context = self.get_context_data(**kwargs)
        return self.render_to_response(context, status=422 if context["form"].errors else 200)

    def page_context(self, now):
        user = self.request.user
        form = bound_form(self.request, now)
        period = form.asked
        found = broken_down(form, user)
        return {
            "form": form,
            "period": period,
            "cut_off": form.as_at,
            "figures": FIGURES,
            "sustained_formula": SUSTAINED_FORMULA,
            "rows": [self.shown(row, tally, form) for row, tally in found.rows],
            "total": figures_of(found.total),
            "total_sustained": found.total.sustained,
            "total_wanted": form.grouping != "period",
            "grouping": dict(form.fields["by"].choices)[form.grouping].removeprefix("按"),
            "total_query": self.drill_down_query(form, None),
            "chart": trend_chart(trend(form, user)),
            "list_url": reverse("supervision:issues"),
        }

    def shown(self, row, tally: Tally, form: StatisticsForm):
        """Return a row of the table with the ways to its issues and to the rounds behind its numbers."""
        is_group = form.grouping in GROUPINGS
        return {
            "label": row["label"],
            "figures": figures_of(tally),
            "sustained": tally.sustained,
            "query": urlencode({form.grouping: row["code"]}) if is_group and row["code"] else "",
            "drill_down": self.drill_down_query(form, row["code"]) if is_group else None,
        }

    def drill_down_query(self, form: StatisticsForm, code: str | None) -> str:
        """Return what the address of the rounds behind a number begins with; ``code`` None is the total."""
        asked = {name: value for name, value in self.request.GET.items() if value and name in form.fields}
        return urlencode(asked | ({} if code is None else {"code": code}))


class IssueRoundsBehind(PageView):
    """``/issues/statistics/rounds/``: the rounds one number counts; what one may not open is only counted."""

    permission = Permission.READ_ISSUES
    template_name = "supervision/statistics_rounds.html"

    def page_context(self, now):
        user = self.request.user
        form = DrillDownForm(self.request.GET, user=user, now=now)
        if not form.is_valid():
            raise InvalidInput("没有这个数。请从整改统计页点开要看的分子或分母")
        asked = form.cleaned_data
        code = asked["code"] if "code" in self.request.GET else None
        question = Question(asked["figure"], asked["part"], form.grouping, code)
        counted = statistics.rounds_behind(user, form.window(form.asked), question)
        rows = statistics.rows_behind(user, counted)
        page = CappedPaginator(rows).get_page(self.request.GET.get("page"))
        formulas = {figure.key: figure.formula for figure in FIGURES} | {SUSTAINED: SUSTAINED_FORMULA}
        return {
            "figure": dict(form.fields["figure"].choices)[question.figure],
            "part": "" if question.figure == SUSTAINED else dict(form.fields["part"].choices)[question.part],
            "formula": formulas[question.figure],
            "period_words": words_for(form.asked),
            "cut_off": form.as_at,
            "page": page,
            "rows": [with_words(row) for row in page.object_list],
            "hidden": counted.count() - rows.count(),
        }


def with_words(row: dict) -> dict:
    """Return a row with its codes in Chinese."""
    return row | {
        "ending_word": IssueRound.Ending(row["ending"]).label,
        "limit_word": Issue.LimitKind(row["limit_kind"]).label,
    }


def trend_chart(found: statistics.Statistics) -> dict:
    """Return what ``_components/chart.html`` draws: the rates over the periods, with the table under it."""
    words = [row["label"] for row, _ in found.rows]
    series = [
        {
            "name": figure.label,
            "points": [
                [word, float(value)]
                for word, (_, tally) in zip(words, found.rows, strict=True)
                if (value := tally.counts[figure.key].value) is not None
            ],
        }
        for figure in FIGURES
    ]
    return {
        "data": {"unit": "%", "direction": "", "series": series, "lines": [], "categories": words},
        "head": ["期间", *(f"{figure.label}（%）" for figure in FIGURES)],
        "rows": [[row["label"], *(tally.counts[figure.key].text for figure in FIGURES)] for row, tally in found.rows],
    }


class IssueStatisticsExport(PermissionDeclared, View):
    """The table of the page as a workbook, counts as numbers beside each rate."""

    permission = Permission.READ_ISSUES

    def get(self, request, *args, **kwargs) -> HttpResponseBase:
        form = bound_form(request, clock.now())
        found = broken_down(form, request.user)
        columns = [ExportColumn("分组", 24)]
        for figure in FIGURES:
            columns += [ExportColumn(f"{figure.label}（%）"), ExportColumn(f"{figure.label}分子")]
            columns.append(ExportColumn(f"{figure.label}分母"))
        columns.append(ExportColumn("长期坚持"))
        lines = [[row["label"], *cells_of(tally)] for row, tally in found.rows]
        if form.grouping != "period":
            lines.append(["合计", *cells_of(found.total)])
        return export_response(f"问题整改统计_{form.asked.text}.xlsx", columns, lines)


def cells_of(tally: Tally) -> list:
    """Return the cells of one row: each rate as printed with its counts, and what stands sustained."""
    counts = [tally.counts[figure.key] for figure in FIGURES]
    return [cell for count in counts for cell in (count.text, count.numerator, count.denominator)] + [tally.sustained]
