"""What templates print with: figures, dates, lights, links, fields, the frame's components."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import SafeString

from core import clock, formats
from core.kept import one_request
from core.templatetags import ui
from overview.navigation import ITEMS

D = Decimal


def rendered(source, request=None, **context):
    return Template(source).render(Context({"request": request or RequestFactory().get("/"), **context}))


# --- Figures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, decimals, text",
    [
        (None, 2, "—"),
        (D(0), 2, "0"),
        (D("6.00"), 2, "6"),
        (D("6.50"), 2, "6.5"),
        (D("6.005"), 2, "6.01"),
        (D("-0.04"), 2, "−0.04"),
        (D("-0.001"), 2, "0"),
        (D(1234), 0, "1234"),
        (D("12345.60"), 2, "12,345.6"),
        (100, 0, "100"),
    ],
)
def test_figure_keeps_own_decimals_without_trailing_zeros(value, decimals, text):
    assert formats.figure(value, decimals) == text


@pytest.mark.parametrize(
    "value, text", [(D("0.31"), "+0.31"), (D("-0.04"), "−0.04"), (D("0.001"), "0.00"), (D(0), "0.00"), (None, "—")]
)
def test_signed_says_the_direction(value, text):
    assert formats.signed(value) == text


@pytest.mark.parametrize(
    "numerator, denominator, text",
    [(26, 27, "96.30%"), (0, 0, "—"), (0, 5, "0.00%"), (5, 5, "100.00%"), (99_999_999, 100_000_000, "99.99%")],
)
def test_rate_prints_two_decimals_and_never_rounds_up_to_all(numerator, denominator, text):
    assert formats.rate(numerator, denominator) == text


@pytest.mark.parametrize(
    "value, unit, decimals, text",
    [
        (D("6.5"), "天", 2, "6.5 天"),
        (D("96.3"), "%", 2, "96.3%"),
        (D(12000), "元", 2, "12,000.00 元"),
        (D(1), "是/否", 0, "是"),
        (D(0), "是/否", 0, "否"),
        (None, "天", 2, "—"),
    ],
)
def test_measure_carries_the_unit(value, unit, decimals, text):
    assert formats.measure(value, unit, decimals) == text


@pytest.mark.parametrize(
    "gap, unit, text",
    [
        (D(2), "天", "还差 2 天"),
        (D(1), "个环节", "还差 1 个环节"),
        (D("2.1"), "%", "还差 2.1 个百分点"),
        (D(0), "天", "已达前沿"),
        (None, "天", "—"),
        (D(1), "是/否", "尚未做到"),
    ],
)
def test_gap_is_said_in_natural_units(gap, unit, text):
    assert formats.gap_text(gap, unit) == text


def test_gap_filter_shortens_for_tables():
    assert rendered("{{ gap|short_gap:'天' }} {{ gap|gap:'天' }}", gap=D(2)) == "差 2 天 还差 2 天"


def test_figures_in_templates():
    source = "{{ v|figure:1 }} {% figure v 2 '天' %} {{ s|score }} {{ s|score:1 }} {{ c|as_percent }} {{ n|missing }}"
    assert rendered(source, v=D("6.50"), s=D("85.784"), c=D("0.8214"), n=None) == "6.5 6.5 天 85.78 85.8 82.14% —"


# --- Dates ----------------------------------------------------------------------------------


@pytest.fixture
def monday_in_october(monkeypatch):
    """The sample day of the mock-ups: the year in force decides whether dates print theirs."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 10, 12))


@pytest.mark.parametrize(
    "source, text",
    [
        ("{{ d|day }}", "10月12日 周一"),
        ("{{ old|day }}", "2021年9月16日 周四"),
        ("{{ d|short_day }}", "10月12日"),
        ("{{ at|moment }}", "10月12日 10:40"),
        ("{{ at|time_of_day }}", "10:40"),
        ("{{ at|day }}", "10月12日 周一"),
        ("{{ d|long_day }}", "2026年10月12日"),
        ("{{ none|day }}{{ none|moment }}", "——"),
    ],
)
def test_dates_are_local_and_name_the_year_only_when_it_is_another(monday_in_october, source, text):
    at = datetime(2026, 10, 12, 2, 40, tzinfo=UTC)
    assert rendered(source, d=date(2026, 10, 12), old=date(2021, 9, 16), at=at, none=None) == text


# --- Shapes ---------------------------------------------------------------------------------


def test_light_is_shape_and_word():
    assert rendered("{% light 'red' '已超期' %}") == '<span class="light light--red ">已超期</span>'


def test_every_status_has_one_of_the_five_families():
    families = {"green", "amber", "red", "blue", "grey"}
    assert {colour for codes in ui.STATUS_COLOURS.values() for colour in codes.values()} <= families


def test_unknown_status_is_grey():
    assert ui.status_colour("dailyreport", "made_up") == "grey"


def test_icons_named_in_templates_and_code_are_in_the_sprite():
    """A missing icon is an empty box nobody notices; the list in static/vendor/icons.txt must name it."""
    known = set((Path(settings.BASE_DIR) / "static/vendor/icons.txt").read_text().split())
    used = {
        name
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for name in re.findall(r'(?:{% icon |icon_name=)"([a-z0-9-]+)"', path.read_text())
    } | {item.icon for item in ITEMS.values()}
    assert used - known == set()


def test_spark_needs_two_points_and_skips_gaps():
    assert ui.spark([D(70)]) == ""
    assert 'points="0.0,19.0 100.0,1.0"' in ui.spark([D(70), None, D(80)])
    assert 'points="0.0,10.0 100.0,10.0"' in ui.spark([D(70), D(70)])


def test_meter_lays_parts_side_by_side_and_reads_as_a_sentence():
    bar = rendered("{% meter '已报 21，退回 7' 28 'green' 21 'red' 7 %}")
    assert 'aria-label="已报 21，退回 7"' in bar
    assert '<rect class="is-green" x="0.00" width="75.00"' in bar
    assert '<rect class="is-red" x="75.00" width="25.00"' in bar
    assert "style=" not in bar


def test_meter_of_nothing_is_empty():
    assert 'width="0.00"' in rendered("{% meter '没有应报' 0 'green' 0 %}")


# --- Links and fields -----------------------------------------------------------------------


def test_query_keeps_filters_and_leaves_the_page_behind():
    request = RequestFactory().get("/", {"status": "open", "page": "3", "light": "behind"})
    assert rendered("{% query light='ok' %}", request) == "?status=open&amp;light=ok"
    assert rendered("{% query page=4 %}", request) == "?status=open&amp;page=4&amp;light=behind"
    assert rendered("{% query light=None %}", request) == "?status=open"


class Sample(forms.Form):
    days = forms.DecimalField(label="报装时间", help_text="从受理到通气", max_value=365)
    level = forms.ChoiceField(label="协调层级", choices=[("self", "自行解决")], widget=forms.RadioSelect)


def test_field_ties_label_help_and_error_together():
    html = rendered("{% field form.days %}", form=Sample({"days": "600"}))
    assert '<label class="form-label" for="id_days">' in html
    assert 'aria-describedby="id_days_help id_days_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_days_error"' in html
    assert 'id="id_days_help"' in html
    assert 'value="600"' in html


def test_radio_field_is_a_fieldset_with_a_legend():
    html = rendered("{% field form.level %}", form=Sample())
    assert "<fieldset" in html
    assert "<legend" in html
    assert "自行解决" in html


def test_a_group_that_was_refused_is_named_by_its_error_and_found_from_the_summary():
    html = rendered("{% include '_components/error_summary.html' %}{% field form.level %}", form=Sample({"level": ""}))
    assert '<a href="#id_level">协调层级：' in html
    assert '<fieldset class="field" id="id_level" tabindex="-1" aria-describedby="id_level_error">' in html
    assert 'id="id_level_error"' in html


def test_error_summary_links_to_each_field():
    html = rendered("{% include '_components/error_summary.html' %}", form=Sample({"days": "600"}))
    assert 'href="#id_days"' in html
    assert 'role="alert"' in html


def test_pagination_counts_exactly_and_keeps_filters():
    page = Paginator(range(34), 12).page(2)
    html = rendered("{% include '_components/pagination.html' %}", RequestFactory().get("/", {"a": "b"}), page=page)
    assert "第 13–24 条，共 34 条" in html
    assert 'href="?a=b&amp;page=3"' in html
    assert 'href="?a=b&amp;page=1"' in html


def test_parts_with_a_form_are_never_included_with_only():
    """``only`` keeps the CSRF token away from the part, and its form is then refused."""
    templates = Path(settings.BASE_DIR) / "templates"
    sources = {str(path.relative_to(templates)): path.read_text() for path in templates.rglob("*.html")}
    with_form = {name for name, source in sources.items() if "csrf_token" in source}
    wrong = [
        (name, part)
        for name, source in sources.items()
        for part in re.findall(r'{% include "([^"]+)"[^%]* only %}', source)
        if part in with_form
    ]
    assert wrong == []


def test_a_kept_part_is_printed_once_and_sees_nothing_of_the_person(keeping, monkeypatch, reporter):
    asked = []

    def printed_by(name, values):
        asked.append((name, values))
        return SafeString("<b>part</b>")

    monkeypatch.setattr(ui, "render_to_string", printed_by)
    source = '{% kept_part "x.html" key rows=rows %}'
    with one_request():
        pages = [rendered(source, key=key, rows=[1], user=reporter) for key in ("a", "a", "b")]
    assert pages == ["<b>part</b>"] * 3
    assert asked == [("x.html", {"rows": [1]})] * 2
