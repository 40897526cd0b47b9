"""What a template must not hold: policy, inline styles and scripts, colours of its own (architecture §10)."""

import re

from django.contrib.staticfiles import finders

from tests.meta.sources import ROOT, templates

STATIC = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")

FORBIDDEN = {
    r"\bperms\.": "buttons come from the row's actions, not from permissions",
    r"\b(user|actor|person)\.role\b|has_role": "no question about a person's roles in a template",
    r"<style\b": "styles live in static/app",
    r"\sstyle\s*=": "the content security policy refuses style attributes; use a class",
    r"\son[a-z]+\s*=\s*[\"']": "no inline handlers; static/app holds the scripts",
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")": "no inline scripts",
    r"javascript:": "no script addresses",
    r"https?://(?!www\.w3\.org)": "nothing is fetched from elsewhere",
    r"\bunscoped\b": "no reads in templates",
}


def test_templates_hold_no_policy_and_no_inline_code():
    found = [
        f"{path}: {pattern}: {why}"
        for path in templates()
        for pattern, why in FORBIDDEN.items()
        if re.search(pattern, (ROOT / path).read_text())
    ]
    assert found == []


def test_templates_begin_with_their_context():
    first_lines = {path: (ROOT / path).read_text().lstrip().partition("\n")[0] for path in templates()}
    begins = re.compile(r"\{#\s*context:|\{%\s*extends")
    assert [str(path) for path, line in first_lines.items() if not begins.match(line)] == []


def test_static_files_named_in_templates_exist():
    """In production a name that is not in the manifest is an error 500."""
    named = {name for path in templates() for name in STATIC.findall((ROOT / path).read_text())}
    assert named
    assert {name for name in named if finders.find(name) is None} == set()


def test_colours_are_tokens():
    """Every colour stands once, in tokens.css; everything else names it."""
    own = [path for path in (ROOT / "static" / "app").rglob("*") if path.suffix in {".css", ".js"}]
    own += [ROOT / path for path in templates()]
    found = {
        str(path.relative_to(ROOT)): COLOUR.findall(path.read_text())
        for path in own
        if path.name != "tokens.css" and COLOUR.search(path.read_text())
    }
    assert not found
