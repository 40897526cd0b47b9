"""Styles and scripts keep to what offices' browsers know (Chromium 86), and to one place for design values."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
STYLES = sorted((STATIC / "app").glob("*.css"))
SCRIPTS = sorted((STATIC / "app").glob("*.js"))
#: Not there at the browser floor (ui.md §3), with what would make a false alarm excluded.
TOO_NEW = (
    r":has\(",
    r":is\(",
    r":where\(",
    r"@container",
    r"@layer",
    r"color-mix\(",
    r"oklch\(",
    r"\bsubgrid\b",
    r"(?<![-\w])inset\s*:",
    r"aspect-ratio\s*:",
    r"\d(dvh|svh|lvh)\b",
    r"padding-inline\s*:",
    r"accent-color\s*:",
)


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_use_nothing_newer_than_the_browser_floor(style):
    text = without_comments(style.read_text())
    assert [pattern for pattern in TOO_NEW if re.search(pattern, text)] == []


@pytest.mark.parametrize("style", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_stand_in_tokens_only(style):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", without_comments(style.read_text())) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stay_within_the_content_security_policy(script):
    text = script.read_text()
    assert not re.search(r"\beval\(|new Function|\.innerHTML\s*=|document\.write|https?://", text)


def test_vendored_files_name_no_source_maps_and_carry_their_licences():
    vendor = STATIC / "vendor"
    for path in [*vendor.glob("*.js"), *vendor.glob("*.css")]:
        assert "sourceMappingURL" not in path.read_text(), path.name
    listed = (vendor / "README.md").read_text()
    for package in ("bootstrap", "htmx", "echarts", "bootstrap-icons"):
        assert (vendor / f"LICENSE-{package}.txt").exists()
        assert package in listed


def test_every_icon_of_the_list_is_in_the_sprite():
    names = (STATIC / "vendor/icons.txt").read_text().split()
    assert re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/icons.svg").read_text()) == names
