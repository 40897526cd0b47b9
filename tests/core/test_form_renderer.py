"""Lists of choices look as Django's own templates draw them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.test import SimpleTestCase

from core.forms.renderer import FormRenderer

GROUPED = [("", "全部"), ("县直", [("a", "住建局"), ("b", "<b>&")]), ("乡镇", [(3, '柏城"街道')])]
WIDGETS = [
    (forms.Select(choices=GROUPED, attrs={"class": "form-select", "required": True, "hidden": False}), "b"),
    (forms.Select(choices=[("1", "一"), ("2", "二")]), None),
    (forms.Select(choices=[]), "x"),
    (forms.SelectMultiple(choices=GROUPED), ["a", 3]),
    (forms.NullBooleanSelect(), True),
    (forms.TextInput(attrs={"placeholder": '"编号"'}), "<YS>"),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_controls_look_as_django_draws_them(widget, value):
    ours = widget.render("unit", value, {"id": "id_unit"}, renderer=FormRenderer())
    djangos = widget.render("unit", value, {"id": "id_unit"}, renderer=DjangoTemplates())
    SimpleTestCase().assertHTMLEqual(ours, djangos)


def test_every_form_is_drawn_so():
    assert isinstance(get_default_renderer(), FormRenderer)
