"""The import ladder holds, migrations are complete, generated documents are up to date."""

import hashlib
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.meta.sources import APPS, ROOT


def test_import_ladder_holds():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.django_db
def test_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_numbered_without_gaps(app):
    numbers = sorted(int(path.name[:4]) for path in (ROOT / app / "migrations").glob("0*.py"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_migrations_that_databases_have_run_stay_as_they_are():
    """A line of ``landed_migrations.sha256`` is never changed: what a database has run is corrected by a later one."""
    lines = (ROOT / "tests" / "meta" / "landed_migrations.sha256").read_text().splitlines()
    landed = dict(reversed(line.split()) for line in lines)
    assert landed
    assert {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in landed} == landed


@pytest.mark.parametrize(
    ("command", "document"), [("workflow_diagrams", "workflows.md"), ("permission_table", "permissions.md")]
)
def test_generated_document_is_up_to_date(tmp_path, command, document):
    call_command(command, output=tmp_path / document)
    assert (tmp_path / document).read_text() == (ROOT / "docs" / document).read_text(), "run bin/check fix"


def test_every_door_is_private_to_its_app():
    """The contracts name every module of views, forms, api, tasks and workflow that exists."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    for app in set(APPS) - {"core"}:
        exist = {
            f"{app}.{door}"
            for door in ("views", "forms", "api", "tasks", "workflow")
            if (ROOT / app / f"{door}.py").exists() or (ROOT / app / door / "__init__.py").exists()
        }
        section = f"importlinter:contract:private_{app}"
        assert exist == set(contracts.get(section, "protected_modules", fallback="").split()), app
