"""The project's own files, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "departments", "accounts", "indicators", "supervision", "complaints", "bulletins", "overview")
PACKAGES = ("config", *APPS)


def modules(*packages: str, migrations: bool = False) -> Iterator[Path]:
    """Yield the Python files below ``packages`` as paths relative to the checkout."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield path.relative_to(ROOT)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse((ROOT / path).read_text(), filename=str(path))


def templates() -> Iterator[Path]:
    """Yield every template as a path relative to the checkout."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path.relative_to(ROOT)


def project_models() -> list[type]:
    """Return every model of the project's apps."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def part_of(path: Path) -> str:
    """Return which of the twelve files of an app a module belongs to: ``indicators/views/board.py`` -> views."""
    return path.parts[1].removesuffix(".py") if len(path.parts) > 1 else path.stem
