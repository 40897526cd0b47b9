"""The registries by which upper apps show themselves on lower pages."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core import panels
from core.panels import ToDo

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
ME = SimpleNamespace(pk=1)


@pytest.fixture(autouse=True)
def _empty_registries(monkeypatch):
    monkeypatch.setattr(panels, "_panels", panels.defaultdict(list))
    monkeypatch.setattr(panels, "_counts", {})
    monkeypatch.setattr(panels, "_to_dos", [])


def test_panels_of_leaves_out_those_with_nothing_to_show():
    panels.register_panel(str, lambda user, row: {"rows": [user, row]}, "one.html")
    panels.register_panel(str, lambda user, row: {}, "empty.html")
    assert panels.panels_of(ME, "row") == [("one.html", {"rows": [ME, "row"]})]
    assert panels.panels_of(ME, 7) == []


def test_counts_for_asks_only_for_the_keys_on_the_page():
    panels.register_count("dispatch", lambda user, now: 5)
    panels.register_count("issues", lambda user, now: pytest.fail("not on this person's page"))
    assert panels.counts_for(ME, NOW, ["dispatch", "unknown"]) == {"dispatch": 5}


def test_to_dos_for_sorts_by_due_time_and_puts_undated_last():
    undated = ToDo("核对", "undated", "/", "核对")
    later = ToDo("填报", "later", "/", "填报", NOW + timedelta(days=1))
    sooner = ToDo("填报", "sooner", "/", "填报", NOW)
    panels.register_to_dos(lambda user, now: [undated, later])
    panels.register_to_dos(lambda user, now: [sooner])
    assert panels.to_dos_for(ME, NOW) == [sooner, later, undated]
