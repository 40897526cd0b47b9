"""What every template prints with: icons, state lights, figures, dates, links that keep their filters.

A builtin of every template (settings ``TEMPLATES``). Status becomes a colour here and nowhere else;
shape and word come with it, so that a page still reads without colour (ui.md §2, §6).
"""

import json
from collections.abc import Hashable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import clock, formats, panels
from core.dates import day_name
from core.kept import keep

register = template.Library()

#: The five families of ``.light`` (ui.md §3): everything a state can look like.
GREEN, AMBER, RED, BLUE, GREY = "green", "amber", "red", "blue", "grey"

#: What a state looks like: kind of row -> status code -> colour. The only such table in the project.
STATUS_COLOURS: dict[str, dict[str, str]] = {
    "dailyreport": {
        "draft": GREY,
        "submitted": BLUE,
        "reported": BLUE,
        "returned": RED,
        "accepted": GREEN,
        # derived, never stored (ui.md §7)
        "waiting": GREY,
        "missing": RED,
        "late": AMBER,
    },
    "light": {"ok": GREEN, "near": GREEN, "behind": AMBER, "serious": RED, "no_data": GREY},
    "time": {"normal": GREEN, "nearly_due": AMBER, "today": AMBER, "overdue": RED, "done": GREY},
    "observation": {"pending": BLUE, "accepted": GREEN, "rejected": RED},
    "evidence": {"pending": BLUE, "passed": GREEN, "returned": RED},
    "practicecase": {"draft": GREY, "submitted": BLUE, "published": GREEN, "returned": RED},
    "coordinationitem": {"open": AMBER, "replied": BLUE, "closed": GREEN},
    "dispatchclassproposal": {"open": AMBER, "confirmed": GREEN, "declined": GREY},
    "measure": {"open": BLUE, "done": GREEN, "dropped": GREY},
    "complaint": {
        "received": GREY,
        "refusal_review": AMBER,
        "accepted": GREY,
        "dispatched": GREY,
        "return_review": AMBER,
        "handling": BLUE,
        "sign_off": BLUE,
        "office_review": BLUE,
        "callback": BLUE,
        "closed": GREEN,
        "archived": GREEN,
        "refused": GREY,
        "merged": GREY,
        "transferred": GREY,
    },
    "issue": {
        "draft": GREY,
        "registered": GREY,
        "assigned": GREY,
        "planning": BLUE,
        "rectifying": BLUE,
        "verifying": BLUE,
        "sustained": GREEN,
        "cleared": GREEN,
        "revoked": GREY,
    },
    "issueround": {
        "open": BLUE,
        "cleared": GREEN,
        "sustained": GREEN,
        "relapsed": RED,
        "objected": AMBER,
        "withdrawn": GREY,
    },
    "clearancerequest": {
        "unsigned": BLUE,
        "sent_back": AMBER,
        "standing": BLUE,
        "passed": GREEN,
        "failed": RED,
        "dropped": GREY,
    },
    "lookback": {"": GREY, "held": GREEN, "relapsed": RED, "closed": GREY},
    "supervisionorder": {"awaiting": AMBER, "sign_off": BLUE, "replied": BLUE, "closed": GREEN},
    "inspection": {"planned": GREY, "under_way": BLUE, "closed": GREEN},
    "bulletin": {"draft": GREY, "review": BLUE, "signing": BLUE, "issued": GREEN, "voided": RED},
    "importbatch": {"uploaded": GREY, "previewed": BLUE, "committed": GREEN, "undone": GREY, "failed": RED},
    "job": {"queued": GREY, "running": BLUE, "done": GREEN, "failed": RED},
    "accountrequest": {"pending": BLUE, "approved": GREEN, "rejected": RED, "withdrawn": GREY},
}

#: What the light of an indicator is called, and how its tile is tinted (domain §3).
LIGHT_WORDS = {"ok": "领先", "near": "接近", "behind": "有差距", "serious": "差距大", "no_data": "数据不足"}
TILE_TINTS = {"ok": "top", "near": "near", "behind": "gap", "serious": "far", "no_data": "none"}


# --- Shapes ---------------------------------------------------------------------------------


@cache
def _sprite() -> str:
    """Return the address of the icon sprite; asked once, it does not change while the process lives."""
    return static("vendor/icons.svg")


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """Return an icon of the sprite, hidden from screen readers; ``size="l"`` gives 20 px."""
    modifier = f" icon--{size}" if size else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>', modifier, _sprite(), name
    )


@register.simple_tag
@lru_cache(maxsize=2_048, typed=True)  # by type too: a text that is safe prints otherwise than an equal one that is not
def light(colour: str, word: str, extra: str = "") -> SafeString:
    """Return a state as shape and word; ``colour`` is one of green, amber, red, blue, grey."""
    return format_html('<span class="light light--{} {}">{}</span>', colour, extra, word)


def status_colour(kind: str, status: str) -> str:
    """Return the colour of ``status`` of a kind of row (a model's lower-case name); unknown ones are grey."""
    return STATUS_COLOURS.get(kind, {}).get(str(status), GREY)


@register.simple_tag
def status_light(row, extra: str = "") -> SafeString:
    """Return the state of a model instance, colour by its model and status, word by its choices."""
    return light(status_colour(row._meta.model_name, row.status), row.get_status_display(), extra)


@register.simple_tag
def state_light(kind: str, status: str, word: str, extra: str = "") -> SafeString:
    """Return the state of a row that is no instance (``.values()``): its kind, code and Chinese word."""
    return light(status_colour(kind, status), word, extra)


@register.simple_tag
def indicator_light(code: str, word: str = "", extra: str = "") -> SafeString:
    """Return an indicator's light by code (ok, near, behind, serious, no_data); ``word`` may replace its name."""
    return light(status_colour("light", code), word or LIGHT_WORDS[code], extra)


@register.filter
def tile_tint(code: str) -> str:
    """Return the modifier of ``.tile--…`` for an indicator's light."""
    return TILE_TINTS[code]


@register.simple_tag
def spark(points: Iterable[Decimal | None]) -> SafeString:
    """Return a sparkline of scores, oldest first, evenly spaced; gaps are skipped, under two points nothing."""
    known = [(index, float(point)) for index, point in enumerate(points) if point is not None]
    if len(known) < 2:
        return SafeString("")
    last = known[-1][0] or 1
    low, high = min(value for _, value in known), max(value for _, value in known)
    span = (high - low) or 1
    flat = high == low
    line = " ".join(
        f"{index * 100 / last:.1f},{10 if flat else 19 - (value - low) * 18 / span:.1f}" for index, value in known
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}"></polyline></svg>',
        line,
    )


@register.simple_tag
def meter(label: str, total: int, *parts) -> SafeString:
    """Return a bar: ``{% meter "已报 22，退回 1" 28 "green" 22 "red" 1 %}``; parts are colour, amount pairs.

    ``label`` is the sentence read aloud. Widths are SVG attributes because inline styles are forbidden.
    """
    bars, start = [], 0.0
    for colour, amount in zip(parts[::2], parts[1::2], strict=True):
        width = min(float(amount) * 100 / float(total), 100 - start) if total else 0.0
        bars.append((colour, f"{start:.2f}", f"{width:.2f}"))
        start += width
    rects = format_html_join("", '<rect class="is-{}" x="{}" width="{}" height="6"></rect>', bars)
    return format_html(
        '<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        rects,
    )


# --- Figures --------------------------------------------------------------------------------


@register.filter(name="figure")
def figure_filter(value, decimals: int = 4) -> str:
    """Return a number with at most ``decimals`` places and no trailing zeros: ``{{ row.value|figure:row.decimals }}``."""
    return formats.figure(value, decimals)


@register.simple_tag
def figure(value, decimals: int = 4, unit: str = "", is_yes_no: bool = False) -> str:
    """Return a number with its unit: ``{% figure row.value row.decimals row.unit %}`` -> 6.5 天."""
    return formats.measure(value, unit, decimals, is_yes_no=is_yes_no)


@register.filter
def score(value, decimals: int = 2) -> str:
    """Return a score with fixed places: two in text and tables, one on tiles (``|score:1``)."""
    return formats.figure(value, decimals, fixed=True)


@register.filter
def signed(value, decimals: int = 2) -> str:
    """Return a change with its sign, + or U+2212."""
    return formats.signed(value, decimals)


@register.filter
def percent(value) -> str:
    """Return a rate given in per cent: 96.30%, ``—`` when there is none."""
    return formats.percent(value)


@register.filter
def as_percent(fraction) -> str:
    """Return a fraction (coverage 0.8214) as 82.14%."""
    return formats.percent(None if fraction is None else Decimal(fraction) * 100)


@register.simple_tag
def rate(numerator: int, denominator: int) -> str:
    """Return numerator / denominator as 96.30%, ``—`` for a denominator of 0."""
    return formats.rate(numerator, denominator)


@register.filter
def gap(value, unit: str = "") -> str:
    """Return a gap in words: ``{{ row.gap|gap:row.unit }}`` -> 还差 2 天."""
    return formats.gap_text(value, unit)


@register.filter
def short_gap(value, unit: str = "") -> str:
    """Return a gap as tables and tiles shorten it: 差 2 天."""
    return formats.gap_text(value, unit, short=True)


@register.filter
def missing(value) -> str:
    """Return ``value``, or ``—`` where there is none; a zero stays a zero."""
    return formats.MISSING if value in (None, "") else value


# --- Dates ----------------------------------------------------------------------------------


@register.filter
def day(value: date | datetime | None) -> str:
    """Return ``10月12日 周一``, with the year when it is not this one."""
    if value is None:
        return formats.MISSING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return day_name(value, clock.today())


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Return ``10月12日`` without the weekday, with the year when it is not this one."""
    return day(value).partition(" ")[0]


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Return ``10:40`` of an aware moment."""
    return formats.MISSING if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return ``10月12日 10:40`` of an aware moment, with the year when it is not this one."""
    return formats.MISSING if value is None else f"{short_day(value)} {time_of_day(value)}"


@register.filter
def long_day(value: date | None) -> str:
    """Return ``2026年10月12日`` as documents write it."""
    return formats.MISSING if value is None else f"{value.year}年{value.month}月{value.day}日"


# --- Links, forms ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """Return the page's query string with ``changes``: filters stay, ``None`` drops one, a new filter drops the page."""
    parameters = context["request"].GET.copy()
    if "page" not in changes:
        parameters.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"


@register.inclusion_tag("_components/field.html")
def field(bound, optional: bool = False, unit: str = "") -> dict:
    """Return a form field with its label, help and errors, tied together for screen readers."""
    described = []
    if bound.help_text:
        described.append(f"{bound.id_for_label}_help")
    if bound.errors:
        described.append(f"{bound.id_for_label}_error")
    kind = getattr(bound.field.widget, "input_type", bound.field.widget.__class__.__name__.lower())
    attributes = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    css = {"checkbox": "form-check-input", "select": "form-select", "hidden": ""}.get(kind, "form-control")
    is_group = kind == "radio" or (kind == "checkbox" and hasattr(bound.field, "choices"))
    if not is_group:
        invalid = " is-invalid" if bound.errors else ""
        attributes["class"] = f"{bound.field.widget.attrs.get('class', '')} {css}{invalid}".strip()
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attributes),
        "kind": "group" if is_group else kind,
        "optional": optional,
        "unit": unit,
    }


@register.simple_tag(takes_context=True, name="panels")
def panels_tag(context, row) -> SafeString:
    """Return what upper apps registered to show about ``row`` (``core.panels``)."""
    request = context["request"]
    return mark_safe(  # nosec B308 B703 - each part was rendered, and so escaped, by its own template
        "".join(
            render_to_string(name, {**values, "row": row}, request=request)
            for name, values in panels.panels_of(request.user, row)
        )
    )


@register.simple_tag
def kept_part(template_name: str, key: Hashable, *, lasting: bool = False, **values) -> SafeString:
    """Return a part that is the same for everybody, printed once while nothing is written (``core.kept``).

    It is given ``values`` and nothing else of the page, so that nothing of one person can stand in it. ``key`` is
    what the values depend on besides the data; ``lasting`` that no draft has a part in them.
    """
    return keep(
        (kept_part, template_name, key),
        lambda: render_to_string(template_name, values),
        lasting=lasting,
    )


@register.simple_tag
def htmx_headers(token: str) -> str:
    """Return what ``hx-headers`` of the body holds, so that parts sent by htmx carry the CSRF token."""
    return json.dumps({"X-CSRFToken": str(token)})
