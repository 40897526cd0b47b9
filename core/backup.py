"""One archive of database and files, checked to the byte, and back again.

The archive (.tar.gz) holds ``manifest.json``, the database (a copy of the SQLite file, or what
``pg_dump`` writes) and ``files/``. The key of the encrypted fields is not in it, only its
fingerprint: whoever steals a backup must not be able to read the identities in it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess  # nosec B404 - runs PostgreSQL's own programs
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from core.services.field_key import key_fingerprint

MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files"


class BackupError(Exception):
    """A backup could not be made or is not sound; the Chinese sentence says why."""


def write_backup(archive: Path, *, now: datetime) -> int:
    """Write database and files to ``archive`` (mode 600, never over an existing file); return how many files.

    The database comes first: files are only ever added, so every file it names is there when they follow.
    Raises BackupError when the target exists or the database cannot be copied.
    """
    if archive.exists():
        raise BackupError(f"{archive} 已存在，不会覆盖")
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / DATABASE
        _copy_database(database)
        members = {DATABASE: database} | {f"{FILES}/{name}": path for name, path in _stored_files()}
        manifest = {
            "made_at": now.isoformat(),
            "database": connection.vendor,
            "field_key": key_fingerprint(),
            "sha256": {name: _sha256(path) for name, path in members.items()},
        }
        listing = Path(scratch) / MANIFEST
        listing.write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        unfinished = archive.with_name(archive.name + ".part")
        try:
            unfinished.touch(mode=0o600)
            with tarfile.open(unfinished, "w:gz") as tar:
                tar.add(listing, MANIFEST)
                for name, path in members.items():
                    tar.add(path, name)
            unfinished.rename(archive)
        finally:
            unfinished.unlink(missing_ok=True)
    return len(members) - 1


def restore_backup(archive: Path) -> dict:
    """Replace database and files by those of ``archive``; return its manifest.

    Everything is unpacked and its checksum compared before anything is touched. Web, worker and beat
    must not run meanwhile. Raises BackupError when the archive is damaged or of another database.
    """
    settings.MEDIA_ROOT.parent.mkdir(parents=True, exist_ok=True)
    # Beside the files, so that putting them in place is a rename, not a copy.
    with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT.parent, prefix="restore-") as scratch:
        unpacked = Path(scratch)
        manifest = _unpack(archive, unpacked)
        if manifest["database"] != connection.vendor:
            raise BackupError(f"备份来自 {manifest['database']}，当前数据库是 {connection.vendor}")
        _load_database(unpacked / DATABASE)
        if settings.MEDIA_ROOT.exists():
            settings.MEDIA_ROOT.rename(unpacked / "replaced")
        (unpacked / FILES).mkdir(exist_ok=True)
        (unpacked / FILES).rename(settings.MEDIA_ROOT)
    return manifest


def copy_key(target: Path) -> None:
    """Copy the key of the encrypted fields to ``target`` (mode 600, never over an existing file)."""
    if target.exists():
        raise BackupError(f"{target} 已存在，不会覆盖")
    target.touch(mode=0o600)
    target.write_text(settings.FIELD_KEY + "\n")


def _stored_files() -> Iterator[tuple[str, Path]]:
    for path in sorted(settings.MEDIA_ROOT.rglob("*")):
        if path.is_file():
            yield path.relative_to(settings.MEDIA_ROOT).as_posix(), path


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(archive: Path, target: Path) -> dict:
    """Unpack exactly what the manifest lists, and compare every checksum."""
    try:
        with tarfile.open(archive) as tar:
            manifest = json.load(tar.extractfile(MANIFEST) or _missing(MANIFEST))
            for name, expected in manifest["sha256"].items():
                path = (target / name).resolve()
                if not path.is_relative_to(target.resolve()):
                    raise BackupError(f"备份中的文件名不可信：{name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as stream:
                    shutil.copyfileobj(tar.extractfile(name) or _missing(name), stream)
                path.chmod(0o600)
                if _sha256(path) != expected:
                    raise BackupError(f"备份已损坏：{name} 与校验值不符")
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError) as error:
        raise BackupError(f"{archive} 不是完整的备份（{error}）") from error
    return manifest


def _missing(name: str):
    raise BackupError(f"备份中缺少 {name}")


def _copy_database(target: Path) -> None:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _load_database(source: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
    else:
        connection.close()
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _postgresql("pg_restore", *options, str(source), database_option="--dbname")


def _postgresql(program: str, *options: str, database_option: str = "") -> None:
    """Run one of PostgreSQL's own programs on our database; the password goes by environment, not by argument."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, database = arguments[1:]
    command = [program, *options, *where, *([database_option] if database_option else []), database]
    try:
        subprocess.run(  # nosec B603 - a fixed program, arguments from our own settings, no shell
            command, env=os.environ | (environment or {}), check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise BackupError(f"没有找到 {program}，请安装 PostgreSQL 客户端程序") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{program} 失败：{error.stderr.strip()}") from error
