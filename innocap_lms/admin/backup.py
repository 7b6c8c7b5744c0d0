"""Backups: one ZIP file with every row, the files of courses and the secret key.

Rows are written as JSON lines, so that a backup of one database fills the other. Reading happens
in one transaction: the backup is the site at one moment, while the site runs on.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import flask_migrate
from alembic.migration import MigrationContext
from sqlalchemy import Table, func, insert, select, text

from innocap_lms import __version__
from innocap_lms.config import Settings, load_settings, secret_key
from innocap_lms.extensions import READING, WRITING, Base, UtcDateTime, db, writing

FORMAT = 1
CHUNK = 1000


class BackupError(ValueError):
    """A backup cannot be restored here; the message says why and what to do."""


def backup(file: Path, settings: Settings) -> int:
    """Write a backup and return the number of rows. Raises FileExistsError.

    The file holds password hashes and the secret key: only its owner may read it.
    """
    unfinished = file.with_name(file.name + ".unfinished")
    if file.exists():
        raise FileExistsError(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    rows = 0
    with os.fdopen(handle, "w+b") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with db.engines[READING].connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            about = {
                "format": FORMAT,
                "version": __version__,
                "revision": MigrationContext.configure(connection).get_current_revision(),
            }
            archive.writestr("about.json", json.dumps(about))
            for table in Base.metadata.sorted_tables:
                result = connection.execution_options(yield_per=CHUNK).execute(select(table))
                with archive.open(f"tables/{table.name}.jsonl", "w") as place:
                    for row in result.mappings():
                        place.write(_line(row))
                        rows += 1
        archive.writestr("secret-key", secret_key(settings))
        for path in sorted((settings.data_dir / "files").glob("*")):
            archive.write(path, f"files/{path.name}")
    unfinished.replace(file)
    return rows


def _line(row: Any) -> bytes:
    values = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def restore_key(file: Path) -> None:
    """Put the backup's secret key into an empty data folder, before an app is made of it."""
    settings = load_settings(os.environ)
    place = settings.data_dir / "secret-key"
    if settings.secret_key or place.exists():
        return
    with zipfile.ZipFile(file) as archive:
        key = archive.read("secret-key")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)


def restore(file: Path, settings: Settings) -> int:
    """Fill an empty database and data folder; returns the number of rows. Raises BackupError.

    All rows come in one transaction: after an error the database is as empty as before.
    """
    with zipfile.ZipFile(file) as archive:
        about = json.loads(archive.read("about.json"))
        if about["format"] != FORMAT:
            raise BackupError(f"the backup has format {about['format']}, this version reads {FORMAT}")
        flask_migrate.upgrade(revision=about["revision"])
        _refuse_unless_empty()
        rows = 0
        with writing():
            for table in Base.metadata.sorted_tables:
                name = f"tables/{table.name}.jsonl"
                if name in archive.namelist():
                    rows += _fill(table, archive, name)
        _restore_files(archive, settings)
    flask_migrate.upgrade()
    return rows


def _refuse_unless_empty() -> None:
    for table in Base.metadata.sorted_tables:
        if db.session.scalar(select(func.count()).select_from(table)):
            raise BackupError(
                f"the database is not empty (table {table.name} has rows): restore into a new one"
            )


def _fill(table: Table, archive: zipfile.ZipFile, name: str) -> int:
    moments = [column.name for column in table.columns if isinstance(column.type, UtcDateTime)]
    rows = 0
    with archive.open(name) as lines:
        for chunk in _chunks(_rows(lines, moments)):
            db.session.execute(insert(table), chunk)
            rows += len(chunk)
    if rows and db.engines[WRITING].dialect.name == "postgresql":
        _advance_sequences(table)
    return rows


def _advance_sequences(table: Table) -> None:
    """Let PostgreSQL count on from the highest number that was restored."""
    column = table.autoincrement_column
    if column is not None and column.autoincrement is True:
        db.session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "  # noqa: S608
                f"(SELECT max({column.name}) FROM {table.name}))"
            )
        )


def _rows(lines: Any, moments: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        row = json.loads(line)
        for name in moments:
            if row.get(name) is not None:
                row[name] = datetime.fromisoformat(row[name])
        yield row


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _restore_files(archive: zipfile.ZipFile, settings: Settings) -> None:
    folder = settings.data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    for name in archive.namelist():
        if name.startswith("files/"):
            # The name is a SHA-256; anything else in it never becomes a path.
            (folder / Path(name).name).write_bytes(archive.read(name))
