"""Serving the product as ``bin/run`` does, with demo data in a folder of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.config.processes import environment, free_port, running, status_of, wait_for

#: Published in README; every demo account has it.
DEMO_PASSWORD = "Xiping@2026demo"
PREPARE = ("-m", "config.prepare")
WEB = ("-m", "gunicorn", "--config", "config/gunicorn.py")


def prepare_site(folder: Path, prepare: tuple[str, ...] = PREPARE) -> None:
    """Fill the data folder ``folder`` with demo data; ``prepare`` are the arguments of the Python process that does."""
    folder.mkdir(exist_ok=True)
    log = folder / "prepare.log"
    with running([sys.executable, *prepare], env=environment(folder, DEMO="1"), log=log) as process:
        wait_for(lambda: process.poll() is not None, seconds=170)
    assert process.returncode == 0, log.read_text()


@contextmanager
def served_site(folder: Path, *, application: str = "config.wsgi") -> Iterator[str]:
    """Serve the prepared ``folder`` and yield its address; afterwards stop serving.

    Args:
        folder: the data folder.
        application: the module gunicorn serves.
    """
    port = str(free_port())
    env = environment(folder, DEMO="1", PORT=port, HOST="127.0.0.1")
    url, log = f"http://127.0.0.1:{port}", folder / "web.log"
    with running([sys.executable, *WEB, application], env=env, log=log) as process:
        wait_for(lambda: status_of(f"{url}/healthz") == 200, process=process, log=log)
        yield url
