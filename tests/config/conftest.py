"""Installations to begin with: migrating takes the longest, so it is done once and copied."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.components import fresh_database
from tests.config.processes import environment, made_once, manage


def migrate(data: Path, **variables: str) -> None:
    """Migrate the database of an installation in ``data``."""
    result = manage("migrate", "--no-input", env=environment(data, **variables))
    assert result.returncode == 0, result.stderr


@pytest.fixture
def migrated_folder(tmp_path, run_folder):
    """A data folder with keys and a migrated SQLite database, the test's own."""
    return shutil.copytree(made_once(run_folder, "migrated", migrate), tmp_path / "data with space")


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory):
    """The name of a migrated PostgreSQL database that others are copies of."""
    with fresh_database() as url:
        migrate(tmp_path_factory.mktemp("template"), DATABASE_URL=url)
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def migrated_postgres_url(migrated_template):
    """The address of a migrated PostgreSQL database, the test's own."""
    with fresh_database(migrated_template) as url:
        yield url
