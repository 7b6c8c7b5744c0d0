"""What a plugin leaves in the database when it goes: kept for its return, or dropped for good."""

from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from innocap_lms.admin import plugin_settings
from innocap_lms.engines import READING
from innocap_lms.extensions import db, writing
from innocap_lms.migrations.plugin_tables import (
    names_of,
    plugins_in,
    reflected,
    revision_of,
    rows_in,
    version_table,
)
from innocap_lms.people.trail import note


@dataclass(frozen=True)
class Remains:
    """Tables and settings of a plugin. `revision` is the step of its tables, None without any."""

    plugin: str
    revision: str | None
    tables: tuple[str, ...]
    rows: int
    settings: int

    def __bool__(self) -> bool:
        return bool(self.revision or self.tables or self.settings)


def plugins_with_remains() -> set[str]:
    """Every plugin that has tables or settings in this database, whether it is there or not."""
    with db.engines[READING].connect() as connection:
        return {*plugins_in(connection), *plugin_settings.kept()}


def remains_of(plugin: str) -> Remains:
    """What there is of a plugin."""
    settings = len(plugin_settings.kept().get(plugin, {}))
    with db.engines[READING].connect() as connection:
        names = tuple(names_of(connection, plugin))
        revision, rows = revision_of(connection, plugin), rows_in(connection, plugin)
    return Remains(plugin, revision, names, rows, settings)


def purge(plugin: str) -> Remains:
    """Drop the tables of a plugin and forget its settings; the ledger keeps that it was done."""
    gone = remains_of(plugin)
    with writing():
        connection = db.session.connection()
        tables = reflected(connection, plugin)
        tables.drop_all(connection)
        Table(version_table(plugin), MetaData()).drop(connection, checkfirst=True)
        plugin_settings.forget(plugin)
        note("plugin.purged", None, plugin=plugin, tables=list(gone.tables), rows=gone.rows)
    return gone
