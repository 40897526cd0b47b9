"""Cells of the dispatch board: 28 rows x 14 days are too many for template nodes (quality.md, Speed)."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from indicators.selectors.board import BoardDay, BoardRow, Cell

register = template.Library()


@register.simple_tag
def board_cells(row: BoardRow) -> SafeString:
    """Return the ``<td>`` of each day of ``row``: the character, the full word for readers, a link to the report."""
    address = reverse("indicators:report_detail", args=[0])
    return mark_safe(  # nosec B308 B703 - nobody typed any of it: words, style names, numbers and dates of our own
        "".join(_cell(day, cell, address) for day, cell in row.dated_cells)
    )


def _cell(day: BoardDay, cell: Cell, address: str) -> str:
    column = "is-today" if day.is_report_day else "is-old" if day.is_old else ""
    style = f"cell cell--{cell.style}{' has-corner' if cell.has_corner else ''}"
    title = f'title="{day.date.month}/{day.date.day} {cell.word}"'
    spoken = f"{day.date.month}月{day.date.day}日{cell.word}"
    text = f'<span aria-hidden="true">{cell.character}</span><span class="visually-hidden">{spoken}</span>'
    if cell.report_id is None:
        return f'<td class="{column}"><span class="{style}" {title}>{text}</span></td>'
    link = address.replace("/0/", f"/{cell.report_id}/")
    return f'<td class="{column}"><a class="{style}" href="{link}" {title}>{text}</a></td>'


@register.simple_tag
def board_day(day: BoardDay) -> SafeString:
    """Return the column head of a day: 10/10 六班."""
    column = "is-today" if day.is_report_day else "is-old" if day.is_old else ""
    return format_html(
        '<th scope="col" class="{}">{}/{}<br>{}</th>',
        f"is-adj {column}" if day.is_make_up else column,
        day.date.month,
        day.date.day,
        f"{day.word}班" if day.is_make_up else day.word,
    )
