"""Backups: one ZIP file with every row, the files of courses and cases, and the secret key.

Rows are written as JSON lines, so that a backup of one database fills the other. Reading happens
in one transaction: the backup is the site at one moment, while the site runs on. The file says
itself which tables and columns it holds, so that a later version can still read it.
"""

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Connection, Table, column, insert, inspect, select, table, text

from innocap_lms import __version__
from innocap_lms.config import Settings, secret_key
from innocap_lms.engines import READING, WRITING
from innocap_lms.extensions import Base, UtcDateTime, db, one_moment, writing
from innocap_lms.migrations import HEAD, VERSION_TABLE, revision_of, steps
from innocap_lms.tasks.storage import FOLDER as CASES

FORMAT = 1
CHUNK = 200  # rows in memory at once; an edition with its texts may take a megabyte
PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # of a path
ABOUT, KEY = "about.json", "secret-key"


class BackupError(ValueError):
    """A backup cannot be made or restored here; the message says why and what to do."""


@dataclass(frozen=True)
class About:
    """What a backup says of itself. `tables`: name to column to kind, referred-to tables first.

    Kinds: "moment" (ISO 8601), "json", "plain".
    """

    format: int
    version: str
    revision: str
    tables: dict[str, dict[str, str]]


# ------------------------------------------------------------------ making one


def backup(file: Path, settings: Settings) -> int:
    """Write a backup and return the number of rows. Raises FileExistsError, BackupError, OSError.

    The file holds password hashes and the secret key: only its owner may read it.
    """
    if file.exists():
        raise FileExistsError(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        rows = _write(unfinished, settings)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _write(file: Path, settings: Settings) -> int:
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    rows = 0
    with os.fdopen(handle, "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            with one_moment() as connection:
                archive.writestr(ABOUT, json.dumps(_about(connection), indent=1))
                for each in Base.metadata.sorted_tables:
                    with archive.open(_place(each.name), "w", force_zip64=True) as place:
                        rows += _write_rows(connection, each, place)
            archive.writestr(KEY, secret_key(settings))
            for name, folder in _folders(settings).items():
                _write_files(archive, name, folder)
        out.flush()
        os.fsync(out.fileno())
    return rows


def _folders(settings: Settings) -> dict[str, Path]:
    """What is kept beside the database, by its folder in the backup."""
    data = settings.data_dir
    return {"files": data / "files", CASES: data / CASES, "content": settings.content}


def _write_files(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    """The names of versions come before the versions: one that is made meanwhile is then whole or
    not there at all."""
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    for path in sorted(inside, key=lambda path: (path.parts[0] == "objects", path)):
        # A learner may take a file out of a draft meanwhile.
        with suppress(FileNotFoundError):
            archive.write(folder / path, f"{name}/{path.as_posix()}")


def _about(connection: Connection) -> dict[str, Any]:
    revision = revision_of(connection)
    if revision != HEAD:
        raise BackupError(
            "the tables are not those of this version: back up with the version that made them, "
            "or run `innocap-lms db upgrade` first"
        )
    tables = {
        each.name: {column.name: _kind(column.type) for column in each.columns}
        for each in Base.metadata.sorted_tables
    }
    return {"format": FORMAT, "version": __version__, "revision": revision, "tables": tables}


def _kind(type_: Any) -> str:
    if isinstance(type_, UtcDateTime):
        return "moment"
    return "json" if isinstance(type_, JSON) else "plain"


def _place(name: str) -> str:
    return f"tables/{name}.jsonl"


def _write_rows(connection: Connection, each: Table, place: IO[bytes]) -> int:
    result = connection.execution_options(yield_per=CHUNK).execute(select(each))
    count = 0
    for row in _parents_first(each, result.mappings()):
        values = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        place.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _parents_first(each: Table, rows: Iterable[Any]) -> Iterable[Any]:
    """Where rows refer to others of their table, as units do, those come first."""
    own = [key.parent.name for key in each.foreign_keys if key.column.table is each]
    if not own:
        return rows
    key = next(iter(each.primary_key)).name
    waiting, written, ordered = list(rows), {None}, []
    while waiting:
        ready = [row for row in waiting if all(row[name] in written for name in own)]
        written |= {row[key] for row in ready}
        ordered += ready
        waiting = [row for row in waiting if row[key] not in written]
    return ordered


# ------------------------------------------------------------------ restoring one


def restore(file: Path, settings: Settings) -> int:
    """Fill an empty database and data folder; returns the number of rows. Raises BackupError.

    All rows come in one transaction: after an error the database is as empty as before.
    """
    with opened(file) as (archive, about):
        _refuse_unless_empty()
        steps.upgrade(about.revision)
        _restore_files(archive, settings)
        rows = 0
        with writing():
            for name, columns in about.tables.items():
                with archive.open(_place(name)) as lines:
                    rows += _fill(name, columns, lines)
    steps.upgrade()
    return rows


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, About]]:
    """A backup whose every byte was checked. Raises BackupError when it is none, or damaged, or
    of a later version. Needs an app context."""
    bad = BackupError(f"{file} is no backup, or damaged: take another file")
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise bad from None
    with archive:
        about = _read_about(archive)
        try:
            damaged = archive.testzip()
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise bad from None
        if damaged is not None:
            raise bad
        yield archive, about


def _read_about(archive: zipfile.ZipFile) -> About:
    try:
        said = json.loads(archive.read(ABOUT))
        about = About(said["format"], said["version"], said["revision"], said["tables"])
        for name in (KEY, *map(_place, about.tables)):
            archive.getinfo(name)
    except (KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile, zlib.error):
        raise BackupError("this ZIP file is no backup of innocap-lms, or damaged") from None
    if about.format != FORMAT:
        raise BackupError(
            f"the backup was made by version {about.version}, in a format this one "
            f"({__version__}) does not read: install that version, or a later one"
        )
    if about.revision not in steps.revisions():
        raise BackupError(
            f"the backup was made by version {about.version}, whose tables this one "
            f"({__version__}) does not know: install that version, or a later one"
        )
    return about


def key_of(file: Path) -> str:
    """The secret key in a backup. Raises BackupError."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.read(KEY).decode().strip()
    except (zipfile.BadZipFile, zlib.error, KeyError, UnicodeDecodeError):
        raise BackupError(f"{file} is no backup of innocap-lms, or damaged") from None


def _refuse_unless_empty() -> None:
    with db.engines[READING].connect() as connection:
        for name in inspect(connection).get_table_names():
            one = select(text("1")).select_from(table(name)).limit(1)
            if name != VERSION_TABLE and connection.execute(one).first():
                raise BackupError(
                    f"the database is not empty (table {name} has rows): restore into a new one"
                )


def _fill(name: str, columns: dict[str, str], lines: Iterable[bytes]) -> int:
    types: dict[str, Any] = {
        "moment": UtcDateTime(),
        "json": JSON(none_as_null=True),
        "plain": None,
    }
    place = table(name, *(column(each, types[kind]) for each, kind in columns.items()))
    moments = [each for each, kind in columns.items() if kind == "moment"]
    rows = 0
    for chunk in _chunks(_rows(lines, moments)):
        db.session.execute(insert(place), chunk)
        rows += len(chunk)
    if rows and db.engines[WRITING].dialect.name == "postgresql":
        _advance_sequences(name, columns)
    return rows


def _advance_sequences(name: str, columns: Iterable[str]) -> None:
    """Let PostgreSQL count on from the highest number that was restored."""
    for each in columns:
        owned = select(text("pg_get_serial_sequence(:table, :column)"))
        sequence = db.session.scalar(owned, {"table": f'"{name}"', "column": each})
        if sequence:
            highest = f'SELECT max("{each}") FROM "{name}"'  # noqa: S608 - names of our own tables
            db.session.execute(
                text(f"SELECT setval(:sequence, ({highest}))"), {"sequence": sequence}
            )


def _rows(lines: Iterable[bytes], moments: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        row = json.loads(line)
        for name in moments:
            if row[name] is not None:
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
    for folder, place in _folders(settings).items():
        for name in archive.namelist():
            top, *inside = name.split("/")
            # Names of our own are ids, hashes and refs; nothing else ever becomes a path.
            if top == folder and inside and all(map(PART.fullmatch, inside)):
                target = place.joinpath(*inside)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                target.write_bytes(archive.read(name))
