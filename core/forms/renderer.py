"""Draws form controls with Django's own templates, but lists of choices without a template for each choice."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class FormRenderer(DjangoTemplates):
    """Joins the choices of a ``<select>`` here: three templates a choice cost a list's filters more than its rows."""

    def render(self, template_name, context, request=None):
        """Return what the template of that name would."""
        if template_name == "django/forms/widgets/select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """Return the ``<select>`` of a widget's context, as ``select.html`` prints it."""
    groups = format_html_join("\n", "{}", ((_group(name, choices),) for name, choices, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>\n{}\n</select>', widget["name"], flatatt(widget["attrs"]), groups)


def _group(name: str | None, choices: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return choices, under the heading ``name`` where there is one."""
    options = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((str(one["value"]), flatatt(one["attrs"]) if one["attrs"] else "", one["label"]) for one in choices),
    )
    return options if not name else format_html('<optgroup label="{}">\n{}\n</optgroup>', name, options)
