"""backup and restore: database and files go round, damage is refused, the key stays apart."""

import subprocess
import tarfile

import pytest

from tests.config.processes import environment, manage

CREATE = """
from accounts.models import User
User.objects.create(username="keeper", name="保管员")
"""
COUNT = """
from accounts.models import User
print(User.objects.filter(username="keeper").count())
"""


def people(env) -> str:
    return manage("shell", "--no-imports", "--command", COUNT, env=env).stdout.strip()


def must(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(request, migrated_folder):
    """A small installation on its own database: one account, one stored file."""
    data, variables = migrated_folder, {}
    if request.param == "postgres":
        (data / "db.sqlite3").unlink()
        variables["DATABASE_URL"] = request.getfixturevalue("migrated_postgres_url")
    env = environment(data, **variables)
    must(manage("shell", "--no-imports", "--command", CREATE, env=env))
    stored = data / "files" / "2026" / "evidence.pdf"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"%PDF-1.7 evidence")
    return env, data, stored


def test_backup_restore_brings_back_rows_and_files(installation, tmp_path):
    env, data, stored = installation
    archive = tmp_path / "backup.tar.gz"
    must(manage("backup", str(archive), env=env))
    assert archive.stat().st_mode & 0o777 == 0o600

    must(manage("shell", "--no-imports", "--command", CREATE.replace("keeper", "later"), env=env))
    must(
        manage("shell", "--no-imports", "--command", COUNT.replace("print(", "(").replace(".count", ".delete"), env=env)
    )
    stored.unlink()
    (data / "files" / "later.pdf").write_bytes(b"later")
    assert people(env) == "0"

    assert "--yes" in manage("restore", str(archive), env=env).stderr
    must(manage("restore", str(archive), "--yes", env=env))
    assert people(env) == "1"
    assert stored.read_bytes() == b"%PDF-1.7 evidence"
    assert not (data / "files" / "later.pdf").exists()
    assert [path.name for path in data.iterdir() if path.name.startswith("restore-")] == []


def test_backup_holds_no_key_and_never_overwrites(migrated_folder, tmp_path):
    env = environment(migrated_folder)
    archive, key = tmp_path / "backup.tar.gz", tmp_path / "field.key"
    must(manage("backup", str(archive), "--key", str(key), env=env))
    with tarfile.open(archive) as tar:
        assert set(tar.getnames()) == {"manifest.json", "database"}
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text() == (migrated_folder / "field.key").read_text() + "\n"
    assert "已存在" in manage("backup", str(archive), env=env).stderr
    assert "已存在" in manage("backup", "--key", str(key), env=env).stderr


def test_restore_damaged_archive_touches_nothing(installation, tmp_path):
    env, _data, stored = installation
    archive = tmp_path / "backup.tar.gz"
    must(manage("backup", str(archive), env=env))
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    (tmp_path / "unpacked" / "files" / "2026" / "evidence.pdf").write_bytes(b"something else")
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("manifest.json", "database", "files"):
            tar.add(tmp_path / "unpacked" / name, name)
    result = manage("restore", str(archive), "--yes", env=env)
    assert result.returncode == 1
    assert "备份已损坏" in result.stderr
    assert people(env) == "1"
    assert stored.read_bytes() == b"%PDF-1.7 evidence"


def test_restore_with_another_key_warns(installation, tmp_path):
    env, data, _stored = installation
    archive = tmp_path / "backup.tar.gz"
    must(manage("backup", str(archive), env=env))
    (data / "field.key").unlink()
    result = manage("restore", str(archive), "--yes", env=env)
    assert result.returncode == 0
    assert "密钥" in result.stderr
