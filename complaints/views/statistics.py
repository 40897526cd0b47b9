"""``/complaints/statistics/``: the rates with their counts, by unit, type, indicator or period, and as a workbook."""

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.generic import View

from complaints.forms.statistics import DrillDownForm, StatisticsForm
from complaints.models import HandlingRound
from complaints.rules.rates import FIGURES
from complaints.selectors import statistics
from complaints.selectors.drill_down import Question, counted_rounds_behind, rows_behind
from complaints.selectors.figures import figures_of, formula_of
from core import clock
from core.access import Permission
from core.dates import earlier_periods
from core.exceptions import InvalidInput
from core.forms.periods import words_for
from core.paging import CappedPaginator
from core.spreadsheets.writing import ExportColumn, export_response
from core.views.base import PageView, PermissionDeclared

PERIODS_COMPARED = 6
ROUNDS_ON_A_PAGE = 50
#: At most four lines can be told apart in one chart.
DRAWN = ("on_time_sign", "on_time_close", "satisfaction", "solved")
GROUPINGS = {
    "department": statistics.rates_by_department,
    "type": statistics.rates_by_type,
    "indicator": statistics.rates_by_indicator,
}


def bound_form(request, now) -> StatisticsForm:
    """Return the question in the address, judged."""
    form = StatisticsForm(request.GET, user=request.user, now=now)
    form.is_valid()
    return form


def broken_down(form: StatisticsForm, user) -> statistics.Statistics:
    """Return the figures by what was asked for; by period: those before it of its kind, and the total of it alone."""
    definition, period = form.chosen_definition, form.asked
    if form.grouping != "period":
        return GROUPINGS[form.grouping](user, form.window(period), definition)
    rows = trend(form, user).rows
    return statistics.Statistics(rows, rows[-1][1])


def trend(form: StatisticsForm, user) -> statistics.Statistics:
    """Return the figures of the period asked for and of those before it."""
    periods = earlier_periods(form.asked, PERIODS_COMPARED)
    windows = [(words_for(period), form.window(period)) for period in periods]
    return statistics.rates_by_period(user, windows, form.chosen_definition)


class ComplaintStatistics(PageView):
    """The statistics of a period as at now; departments see their own."""

    permission = Permission.READ_COMPLAINTS
    template_name = "complaints/statistics.html"

    def get(self, request, *args, **kwargs):
        context = self.get_context_data(**kwargs)
        return self.render_to_response(context, status=422 if context["form"].errors else 200)

    def page_context(self, now):
        user = self.request.user
        form = bound_form(self.request, now)
        period, definition = form.asked, form.chosen_definition
        window = form.window(period)
        found = broken_down(form, user)
        return {
            "form": form,
            "period": period,
            "period_words": words_for(period),
            "figures": [(figure, formula_of(figure, definition)) for figure in FIGURES],
            "rows": [self.shown(row, tally, form) for row, tally in found.rows],
            "total": figures_of(found.total, definition),
            "total_wanted": form.grouping != "period",
            "grouping": dict(form.fields["by"].choices)[form.grouping].removeprefix("按"),
            "carry": statistics.carry_over_total(user, window),
            "received": statistics.received(user, window),
            "total_query": self.drill_down_query(form, None),
            "chart": trend_chart(trend(form, user)),
            "list_url": reverse("complaints:list"),
            "received_query": urlencode({"from": period.start, "to": period.end}),
        }

    def shown(self, row, tally, form):
        """Return a row of the table with the way to the complaints behind it."""
        link = {form.grouping: row["code"]} if form.grouping in GROUPINGS and row["code"] else None
        return {
            "label": row["label"],
            "figures": figures_of(tally, form.chosen_definition),
            "query": urlencode(link) if link else "",
            "drill_down": self.drill_down_query(form, row["code"]) if form.grouping in GROUPINGS else None,
        }

    def drill_down_query(self, form, code: str | None) -> str:
        """Return what the address of the rounds behind a number begins with; ``code`` None is the total."""
        asked = {name: value for name, value in self.request.GET.items() if value and name in form.fields}
        return urlencode(asked | ({} if code is None else {"code": code}))


class RoundsBehind(PageView):
    """``/complaints/statistics/rounds/``: the rounds one number counts; what one may not open is only counted."""

    permission = Permission.READ_COMPLAINTS
    template_name = "complaints/statistics_rounds.html"

    def page_context(self, now):
        form = DrillDownForm(self.request.GET, user=self.request.user, now=now)
        if not form.is_valid():
            raise InvalidInput("没有这个数。请从办理统计页点开要看的分子或分母")
        asked = form.cleaned_data
        code = asked["code"] if "code" in self.request.GET else None
        question = Question(asked["figure"], asked["part"], form.grouping, code)
        counted = counted_rounds_behind(self.request.user, form.window(form.asked), question, form.chosen_definition)
        rows = rows_behind(self.request.user, counted)
        page = CappedPaginator(rows, ROUNDS_ON_A_PAGE).get_page(self.request.GET.get("page"))
        figure = next(figure for figure in FIGURES if figure.key == question.figure)
        return {
            "figure": figure.label,
            "part": "" if figure.is_count else dict(form.fields["part"].choices)[question.part],
            "formula": formula_of(figure, form.chosen_definition),
            "period_words": words_for(form.asked),
            "page": page,
            "rows": [with_words(row) for row in page.object_list],
            "hidden": counted.count() - rows.count(),
        }


def with_words(row: dict) -> dict:
    """Return a row with its outcome in Chinese."""
    return row | {
        "ending_word": HandlingRound.Ending(row["ending"]).label,
        "satisfaction_word": dict(HandlingRound.Satisfaction.choices).get(row["satisfaction"], ""),
        "solved_word": dict(HandlingRound.Solved.choices).get(row["solved"], ""),
    }


def trend_chart(found: statistics.Statistics) -> dict:
    """Return what ``_components/chart.html`` draws: four rates over the periods, with the table under it."""
    labels = {figure.key: figure.label for figure in FIGURES}
    words = [row["label"] for row, _ in found.rows]
    series = [
        {
            "name": labels[key],
            "points": [
                [word, float(value)]
                for word, (_, tally) in zip(words, found.rows, strict=True)
                if (value := tally.counts[key].value) is not None
            ],
        }
        for key in DRAWN
    ]
    rows = [[row["label"], *(tally.counts[key].text for key in DRAWN)] for row, tally in found.rows]
    return {
        "data": {"unit": "%", "direction": "", "series": series, "lines": [], "categories": words},
        "head": ["期间", *(f"{labels[key]}（%）" for key in DRAWN)],
        "rows": rows,
    }


class StatisticsExport(PermissionDeclared, View):
    """The table of the page as a workbook, counts as numbers beside each rate."""

    permission = Permission.READ_COMPLAINTS

    def get(self, request, *args, **kwargs) -> HttpResponseBase:
        form = bound_form(request, clock.now())
        found = broken_down(form, request.user)
        columns = [ExportColumn("分组", 24)]
        for figure in FIGURES:
            columns += columns_of(figure)
        lines = [[row["label"], *cells_of(tally)] for row, tally in found.rows]
        if form.grouping != "period":
            lines.append(["合计", *cells_of(found.total)])
        return export_response(f"投诉办理统计_{form.asked.text}.xlsx", columns, lines)


def columns_of(figure) -> list[ExportColumn]:
    """Return the columns of one figure."""
    if figure.is_count:
        return [ExportColumn(figure.label)]
    return [
        ExportColumn(f"{figure.label}（%）"),
        ExportColumn(f"{figure.label}分子"),
        ExportColumn(f"{figure.label}分母"),
    ]


def cells_of(tally) -> list:
    """Return the cells of one row: each rate as printed with its counts, a plain count alone."""
    cells: list = []
    for figure in FIGURES:
        count = tally.counts[figure.key]
        cells += [count.numerator] if figure.is_count else [count.text, count.numerator, count.denominator]
    return cells
