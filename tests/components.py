"""Components a test may need: Chromium, LibreOffice, PostgreSQL, Redis. A pytest plugin, loaded by tests/conftest.py.

A test marked ``browser``, ``office``, ``postgres`` or ``redis`` is skipped, visibly, where its component is not
there, and fails instead with ``REQUIRE_BROWSER=1`` and so on, which is how CI runs.
"""

import os
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.db import connection, connections
from playwright.sync_api import sync_playwright

from core.documents.fonts import FontMissing, find_fonts

POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")
CHROMIUM = os.environ.get("CHROMIUM", "") or shutil.which("chromium") or shutil.which("chromium-browser")
OFFICE = shutil.which("soffice")
#: As root, without a screen, and without asking the network for anything of its own.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def missing(component: str) -> str:
    """Return why ``component`` cannot be used, or an empty text."""
    try:
        if component == "postgres":
            psycopg2.connect(POSTGRES_URL, connect_timeout=3).close()
        elif component == "redis":
            with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3) as client:
                client.ping()
        elif component == "office":
            return office_missing()
        elif not CHROMIUM:
            return "no Chromium on the PATH"
    except (psycopg2.OperationalError, redis.RedisError) as error:
        return str(error).strip()
    return ""


def office_missing() -> str:
    """Return which of LibreOffice, poppler and a Chinese font is not there, or an empty text."""
    if absent := [command for command in ("soffice", "pdftoppm", "pdftotext") if not shutil.which(command)]:
        return f"no {', '.join(absent)} on the PATH"
    try:
        find_fonts()
    except FontMissing:
        return "no Chinese font"
    return ""


def to_pdf(documents: dict[str, bytes], directory: Path) -> dict[str, Path]:
    """Return the PDF of each ``.docx``, by name; LibreOffice is started once for all, with a profile of its own."""
    for name, data in documents.items():
        (directory / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={(directory / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(directory),
            *(str(directory / f"{name}.docx") for name in documents),
        ],
        check=True,
        capture_output=True,
        timeout=150,
    )
    return {name: directory / f"{name}.pdf" for name in documents}


def pytest_runtest_setup(item):
    for component in ("browser", "office", "postgres", "redis"):
        if item.get_closest_marker(component) and (reason := missing(component)):
            if os.environ.get(f"REQUIRE_{component.upper()}") == "1":
                pytest.fail(f"{component} is required: {reason}", pytrace=False)
            pytest.skip(f"{component} is not there: {reason}")


@contextmanager
def fresh_database(template: str = "template1"):
    """Yield the address of a fresh PostgreSQL database, a copy of ``template``; it is dropped afterwards."""
    name = f"platform_{uuid.uuid4().hex[:12]}"
    server = psycopg2.connect(POSTGRES_URL)
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            yield urlsplit(POSTGRES_URL)._replace(path=f"/{name}").geturl()
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        server.close()


@pytest.fixture
def postgres_url():
    """The address of a fresh, empty PostgreSQL database; it is dropped afterwards."""
    with fresh_database() as url:
        yield url


@pytest.fixture
def redis_url(worker_id):
    """The address of an empty Redis database of this test process; it is emptied afterwards."""
    address = f"{REDIS_URL}/{8 + int(worker_id.removeprefix('gw') or 0) if worker_id != 'master' else 8}"
    with redis.Redis.from_url(address) as client:
        client.flushdb()
        yield address
        client.flushdb()


@pytest.fixture
def on_postgresql(db):
    """For tests of what only PostgreSQL does (row locks, real concurrency): skipped on the SQLite run."""
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: run with DATABASE_URL=postgres://…")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run."""
    # Playwright's event loop stays in this process until the end of the run; to Django every test that
    # follows would look as if it were called from asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()
        # Beside the loop Django has kept connections of its own, which nobody reaches when the loop has ended.
        connections.close_all()
