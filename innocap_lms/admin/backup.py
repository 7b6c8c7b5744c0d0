"""Backups: one ZIP file with every row, the files of courses and cases, and the secret key.

Rows are written as JSON lines, so that a backup of one database fills the other. Reading happens
in one transaction: the backup is the site at one moment, while the site runs on. The file says
itself which tables and columns it holds, so that a later version can still read it.
"""

import json
import os
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Connection,
    MetaData,
    Table,
    select,
    type_coerce,
)

from innocap_lms import __version__
from innocap_lms.config import Settings, secret_key
from innocap_lms.extensions import Base, one_moment
from innocap_lms.migrations import (
    HEAD,
    plugin_tables,
    revision_of,
)
from innocap_lms.migrations.plugin_tables import (
    Kind,
    UnusableColumn,
    kind_of,
    plugins_in,
    reflected,
    written_as,
)
from innocap_lms.recognition.evidence import FOLDER as EVIDENCE
from innocap_lms.tasks.storage import FOLDER as CASES

FORMAT = 1
CHUNK = 200  # rows in memory at once; an edition with its texts may take a megabyte
ABOUT, KEY = "about.json", "secret-key"


class BackupError(ValueError):
    """A backup cannot be made or restored here; the message says why and what to do."""


@dataclass(frozen=True)
class PluginTables:
    """The tables of a plugin in a backup, and the step they are at."""

    revision: str
    tables: list[str]


@dataclass(frozen=True)
class About:
    """What a backup says of itself. `tables`: name to column to kind, referred-to tables first.
    `plugins`: the step at which the tables of each plugin are, and the names of those tables, which
    stand among the others.

    Kinds: "moment" and "day" (ISO 8601), "json", "plain".
    """

    format: int
    version: str
    revision: str
    tables: dict[str, dict[str, Kind]]
    plugins: dict[str, PluginTables]

    def without(self, plugins: Iterable[str]) -> "About":
        """The same, less the tables of these plugins."""
        kept = {name: each for name, each in self.plugins.items() if name not in set(plugins)}
        gone = {table for name in self.plugins.keys() - kept for table in self.plugins[name].tables}
        tables = {name: columns for name, columns in self.tables.items() if name not in gone}
        return replace(self, tables=tables, plugins=kept)


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
                plugins = _plugins_in(connection)
                tables = [
                    each
                    for metadata in (Base.metadata, *plugins.values())
                    for each in metadata.sorted_tables
                ]
                about = _about(connection, tables, plugins)
                archive.writestr(ABOUT, json.dumps(asdict(about), indent=1))
                for each in tables:
                    with archive.open(place_of(each.name), "w", force_zip64=True) as place:
                        rows += _write_rows(connection, each, place)
            archive.writestr(KEY, secret_key(settings))
            for name, folder in folders_of(settings).items():
                _write_files(archive, name, folder)
        out.flush()
        os.fsync(out.fileno())
    return rows


def folders_of(settings: Settings) -> dict[str, Path]:
    """What is kept beside the database, by its folder in the backup."""
    data = settings.data_dir
    return {
        "files": data / "files",
        CASES: data / CASES,
        EVIDENCE: data / EVIDENCE,
        "content": settings.content,
    }


def _write_files(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    """The names of versions come before the versions: one that is made meanwhile is then whole or
    not there at all."""
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    for path in sorted(inside, key=lambda path: (path.parts[0] == "objects", path)):
        # A learner may take a file out of a draft meanwhile.
        with suppress(FileNotFoundError):
            archive.write(folder / path, f"{name}/{path.as_posix()}")


def _plugins_in(connection: Connection) -> dict[str, MetaData]:
    """The tables of every plugin that has some, whether it is loaded or not."""
    try:
        found = {name: reflected(connection, name) for name in plugins_in(connection)}
    except UnusableColumn as unusable:
        raise BackupError(f"a table of a plugin cannot be backed up: {unusable}") from None
    return {name: metadata for name, metadata in found.items() if metadata.tables}


def _about(connection: Connection, tables: list[Table], plugins: dict[str, MetaData]) -> About:
    revision = revision_of(connection)
    if revision is None or revision != HEAD:
        raise BackupError(
            "the tables are not those of this version: back up with the version that made them, "
            "or run `innocap-lms db upgrade` first"
        )
    return About(
        FORMAT,
        __version__,
        revision,
        {each.name: {one.name: kind_of(one.type) for one in each.columns} for each in tables},
        {
            name: PluginTables(
                str(plugin_tables.revision_of(connection, name)), sorted(metadata.tables)
            )
            for name, metadata in plugins.items()
        },
    )


def place_of(name: str) -> str:
    """Where the rows of a table stand in a backup."""
    return f"tables/{name}.jsonl"


def _write_rows(connection: Connection, each: Table, place: IO[bytes]) -> int:
    stored = [type_coerce(one, written_as(one.type)).label(one.name) for one in each.columns]
    result = connection.execution_options(yield_per=CHUNK).execute(select(*stored))
    count = 0
    for row in _parents_first(each, result.mappings()):
        values = {
            name: value.isoformat() if isinstance(value, date) else value
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
