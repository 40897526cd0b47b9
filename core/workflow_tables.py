"""Every transition table of the project, found by looking into each app's ``workflow`` module."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from core.workflow import Workflow

#: In the kernel ``workflow`` is the interpreter; its own tables stand beside it.
TABLE_MODULES = {"core": "core.workflows"}


def workflows() -> Iterator[tuple[str, Workflow]]:
    """Yield ``("<app>.<TABLE>", workflow)`` for each table, apps in the order of the settings."""
    for config in apps.get_app_configs():
        module = TABLE_MODULES.get(config.name, f"{config.name}.workflow")
        if find_spec(module) is None:
            continue
        for name, value in vars(import_module(module)).items():
            if isinstance(value, Workflow):
                yield f"{config.label}.{name}", value
