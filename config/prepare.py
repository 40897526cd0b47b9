"""``python -m config.prepare``: make a data folder ready to serve, in one process so that it is quick.

Migrations, the work calendar, the departments, the catalogue of indicators and, where ``DEMO`` is
on, demo accounts and reports. Every step may run again at any time: it adds what is missing only.
"""

import os
import socket
import sys

import django
from django.conf import settings
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def refuse_taken_port(host: str, port: int) -> None:
    """Exit with a sentence when something else listens on ``host:port`` already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"{host}:{port} cannot be used ({error.strerror}). Choose another port: PORT=8001 bin/run")


def prepare() -> None:
    """Bring database and basic data up to date with the code."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("remember_key")
    call_command("load_calendar")
    call_command("load_departments")
    call_command("load_catalogue")
    if settings.DEMO:
        call_command("load_demo")
        call_command("load_demo_complaints")
        call_command("load_demo_issues")
        call_command("load_demo_complaint_orders")
        call_command("load_demo_bulletins")


if __name__ == "__main__":
    if "PORT" in os.environ:
        refuse_taken_port(os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"]))
    prepare()
