"""Every transition table of the project, found by looking into each app's ``workflow`` module."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from core.workflow import Workflow


def workflows() -> Iterator[tuple[str, Workflow]]:
    """Yield ``("<app>.<TABLE>", workflow)`` for each table, apps in the order of the settings."""
    for config in apps.get_app_configs():
        if config.name == "core" or find_spec(f"{config.name}.workflow") is None:
            continue
        for name, value in vars(import_module(f"{config.name}.workflow")).items():
            if isinstance(value, Workflow):
                yield f"{config.label}.{name}", value
