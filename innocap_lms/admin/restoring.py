"""Restoring a backup: whole, into an empty database and data folder of either kind."""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Date, column, insert, inspect, select, table, text

from innocap_lms import __version__
from innocap_lms.admin.backup import (
    ABOUT,
    CHUNK,
    FORMAT,
    KEY,
    About,
    BackupError,
    PluginTables,
    folders_of,
    place_of,
)
from innocap_lms.columns import UtcDateTime
from innocap_lms.config import Settings
from innocap_lms.engines import READING, WRITING
from innocap_lms.extensions import db, writing
from innocap_lms.migrations import VERSION_TABLE, plugin_steps, plugin_tables, steps
from innocap_lms.migrations.plugin_tables import Kind
from innocap_lms.plugin_host.current import plugins

READS: dict[Kind, Callable[[str], date]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
}
PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # of a path in a backup


def restore(file: Path, settings: Settings, without: Sequence[str] = ()) -> int:
    """Fill an empty database and data folder; returns the number of rows. Raises BackupError, and
    PluginStepFailed where the tables of a plugin cannot be made.

    All rows come in one transaction: after an error the database is as empty as before. What
    plugins `without` had in tables of their own stays out.
    """
    with opened(file) as (archive, whole):
        unknown = set(without) - whole.plugins.keys()
        if unknown:
            raise BackupError(f"the backup holds no tables of {', '.join(sorted(unknown))}")
        about = whole.without(without)
        _refuse_missing_plugins(about)
        _refuse_unless_empty()
        steps.upgrade(about.revision)
        for name, each in about.plugins.items():
            plugin_steps.upgrade(name, plugins().migrations[name], each.revision)
        _restore_files(archive, settings)
        rows = 0
        with writing():
            for name, columns in about.tables.items():
                with archive.open(place_of(name)) as lines:
                    rows += _fill(name, columns, lines)
    steps.upgrade()
    return rows


def _refuse_missing_plugins(about: About) -> None:
    """Rows of a plugin come into tables that its own steps make."""
    for name, each in about.plugins.items():
        folder = plugins().migrations.get(name)
        if folder is None or each.revision not in plugin_steps.revisions(name, folder):
            raise BackupError(
                f"the backup holds tables of plugin {name} at step {each.revision}, which this "
                f"site cannot make: install the plugin, or leave them out by --without {name}"
            )


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
        parts = {name: PluginTables(**each) for name, each in said.get("plugins", {}).items()}
        about = About(said["format"], said["version"], said["revision"], said["tables"], parts)
        for name in (KEY, *map(place_of, about.tables)):
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
            is_version = name == VERSION_TABLE or plugin_tables.VERSION_TABLE.match(name)
            if not is_version and connection.execute(one).first():
                raise BackupError(
                    f"the database is not empty (table {name} has rows): restore into a new one"
                )


def _fill(name: str, columns: dict[str, Kind], lines: Iterable[bytes]) -> int:
    types: dict[str, Any] = {
        "moment": UtcDateTime(),
        "day": Date(),
        "json": JSON(none_as_null=True),
        "plain": None,
    }
    place = table(name, *(column(each, types[kind]) for each, kind in columns.items()))
    written = {each: READS[kind] for each, kind in columns.items() if kind in READS}
    rows = 0
    for chunk in _chunks(_rows(lines, written)):
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


def _rows(
    lines: Iterable[bytes], written: Mapping[str, Callable[[str], date]]
) -> Iterator[dict[str, Any]]:
    for line in lines:
        row = json.loads(line)
        for name, read in written.items():
            if row[name] is not None:
                row[name] = read(row[name])
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
    for folder, place in folders_of(settings).items():
        for name in archive.namelist():
            top, *inside = name.split("/")
            # Names of our own are ids, hashes and refs; nothing else ever becomes a path.
            if top == folder and inside and all(map(PART.fullmatch, inside)):
                target = place.joinpath(*inside)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                target.write_bytes(archive.read(name))
