"""Several threads that do the same at the same moment, each on a connection of its own (PostgreSQL only)."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(act: Callable[[], Any], *, times: int = 4) -> list[Any]:
    """Return what ``act`` gave to each of ``times`` threads that began together; an exception is its own answer."""
    start, given = threading.Barrier(times), []

    def run() -> None:
        try:
            start.wait(timeout=10)
            given.append(act())
        except Exception as error:  # noqa: BLE001 the test compares what each came to
            given.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return given
