"""Runtime settings: defaults, what an office may type, and what is refused (domain, first lines)."""

from datetime import time
from decimal import Decimal

import pytest

from core.exceptions import InvalidInput
from core.models import AuditEvent, Setting
from core.settings_registry import (
    SETTINGS,
    change_setting,
    clock_time,
    decimal_number,
    setting,
    settings_in_force,
    whole_number,
    yes_or_no,
)
from tests.core.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=SETTINGS)
def test_default_reads_back_as_itself(spec, sysadmin):
    """What a form shows of a default and sends back unchanged must mean the same value."""
    assert setting(spec.name) == spec.default
    change_setting(spec.name, str(spec.default), actor=sysadmin, now=NOON)
    assert setting(spec.name) == spec.default
    assert type(setting(spec.name)) is type(spec.default)
    assert spec.label


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("daily.cut_off", "18:00", time(18, 0)),
        ("daily.cut_off", time(18, 0), time(18, 0)),
        ("daily.reopened_workdays", "3", 3),
        ("daily.reopened_workdays", 0, 0),
        ("score.sufficient_coverage", "0.6", Decimal("0.6")),
        ("light.ok", 96, Decimal(96)),
        ("daily.evidence_required", "否", False),
        ("daily.evidence_required", "on", True),
        ("site.filing_number", "豫ICP备00000000号", "豫ICP备00000000号"),
    ],
)
def test_changed_setting_is_read_as_its_kind(name, typed, value, sysadmin):
    change_setting(name, typed, actor=sysadmin, now=NOON)
    assert setting(name) == value
    assert settings_in_force(name, "light.near") == {name: value, "light.near": Decimal(85)}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("daily.cut_off", "25:00"),
        ("daily.cut_off", "下班"),
        ("daily.reopened_workdays", "-1"),
        ("daily.reopened_workdays", "1.5"),
        ("daily.reopened_workdays", ""),
        ("light.ok", "九十"),
        ("daily.evidence_required", "也许"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(name, typed, sysadmin):
    with pytest.raises(InvalidInput, match="填写有误") as refused:
        change_setting(name, typed, actor=sysadmin, now=NOON)
    assert refused.value.errors[0]["field"] == name
    assert not Setting.objects.exists()
    assert setting(name) == SETTINGS[name].default


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-Infinity"])
def test_a_number_must_be_one(typed, sysadmin):
    with pytest.raises(InvalidInput):
        change_setting("light.ok", typed, actor=sysadmin, now=NOON)


def test_change_is_audited_with_before_and_after(sysadmin):
    change_setting("daily.cut_off", "18:00", actor=sysadmin, now=NOON)
    change_setting("daily.cut_off", "18:30", actor=sysadmin, now=NOON)
    events = AuditEvent.objects.filter(action="core.setting.change").order_by("id")
    assert [(event.before, event.after) for event in events] == [
        ({"value": "17:30:00"}, {"value": "18:00:00"}),
        ({"value": "18:00:00"}, {"value": "18:30:00"}),
    ]
    assert Setting.objects.count() == 1


def test_unknown_name_is_a_bug(sysadmin):
    for call in (lambda: setting("x.y"), lambda: change_setting("x.y", 1, actor=sysadmin, now=NOON)):
        with pytest.raises(KeyError):
            call()


def test_several_settings_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert settings_in_force("light.ok", "light.near", "light.behind") == {
            "light.ok": Decimal(95),
            "light.near": Decimal(85),
            "light.behind": Decimal(70),
        }


@pytest.mark.parametrize(
    ("parse", "wrong"),
    [(whole_number, "x"), (clock_time, "7"), (yes_or_no, "2"), (decimal_number, "1,5"), (decimal_number, None)],
)
def test_parsers_raise_value_error(parse, wrong):
    with pytest.raises(ValueError):  # noqa: PT011 the message is for no one; change_setting writes the sentence
        parse(wrong)
