"""The cells of the ledger, drawn here: a page has five hundred, and a template asks each what it is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.ui import missing, moment, short_day, state_light
from supervision.selectors.ledger_columns import LedgerColumn

register = template.Library()

Row = Mapping[str, Any]
NONE = SafeString('<span class="t-muted">—</span>')
PRESUMED = SafeString('<span class="tag tag--amber" title="日历未公布，暂按周一至周五推算">推算</span>')
CAME_BACK = SafeString(' <span class="tag tag--amber">回潮</span>')
SEVERITY_TAGS = {"severe": "tag tag--red", "major": "tag tag--amber"}


@register.simple_tag
def ledger_cells(columns: Iterable[LedgerColumn], row: Row) -> SafeString:
    """Return the cells of a row of ``LedgerReader``, the number as its head."""
    return format_html_join("", "{}", ((_cell(column, row),) for column in columns))


def _cell(column: LedgerColumn, row: Row) -> SafeString:
    if column.code == "number":
        address = reverse("supervision:issue", args=[row["number"]])
        return format_html('<th scope="row" class="nowrap"><a href="{}">{}</a></th>', address, row["number"])
    css = f"{column.cell_css} is-lead" if column.code == "description" else column.cell_css
    if draw := DRAWN.get(column.code):
        content = draw(row)
    else:
        content = missing(row[column.code])
        content = format_html('<div class="tbl__clip2">{}</div>', content) if column.is_long else content
    return format_html('<td class="{}" data-label="{}">{}</td>', css, column.head, content)


def _description(row: Row) -> SafeString:
    later = row["round_no"] and row["round_no"] > 1
    return format_html(
        '<div class="tbl__clip2">{}</div>{}{}',
        row["description"],
        format_html('<span class="tag">第 {} 轮</span>', row["round_no"]) if later else "",
        CAME_BACK if row["relapsed"] else "",
    )


def _time(row: Row) -> str:
    light = row["time"]
    return state_light("time", light.code, light.word) if light else NONE


def _severity(row: Row) -> SafeString:
    css = SEVERITY_TAGS.get(row["severity_code"], "tag")
    return format_html('<span class="{}">{}</span>', css, row["severity"])


def _due_on(row: Row) -> SafeString:
    return format_html("{}{}", short_day(row["due_on"]), PRESUMED if row["provisional"] else "")


def _name(code: str) -> Callable[[Row], str]:
    """Return what draws a name typed in one line: a longer one is clipped, and told whole by its title."""

    def draw(row: Row) -> str:
        return format_html('<div class="tbl__clip" title="{0}">{0}</div>', row[code]) if row[code] else missing("")

    return draw


#: Columns that are more than their text -> what is drawn of a row.
DRAWN: dict[str, Callable[[Row], str]] = {
    "description": _description,
    "status": lambda row: state_light("issue", row["status_code"], row["status"]),
    "time": _time,
    "severity": _severity,
    "due_on": _due_on,
    "responsible_leader": _name("responsible_leader"),
    "responsible_person": _name("responsible_person"),
    "found_on": lambda row: short_day(row["found_on"]),
    "cleared_at": lambda row: moment(row["cleared_at"]),
    "evidence": lambda row: f"{row['evidence']} 份",
}
