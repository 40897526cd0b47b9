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


@contextmanager
def served_site(folder: Path, *, prepare: tuple[str, ...] = PREPARE, application: str = "config.wsgi") -> Iterator[str]:
    """Prepare ``folder`` with demo data, serve it and yield its address; afterwards stop serving.

    Args:
        folder: the data folder.
        prepare: arguments of the Python process that prepares it.
        application: the module gunicorn serves.
    """
    port = str(free_port())
    env = environment(folder, DEMO="1", PORT=port, HOST="127.0.0.1")
    prepared = folder / "prepare.log"
    with running([sys.executable, *prepare], env=env, log=prepared) as process:
        wait_for(lambda: process.poll() is not None, seconds=170)
    assert process.returncode == 0, prepared.read_text()
    url, log = f"http://127.0.0.1:{port}", folder / "web.log"
    with running([sys.executable, *WEB, application], env=env, log=log) as process:
        wait_for(lambda: status_of(f"{url}/healthz") == 200, process=process, log=log)
        yield url
