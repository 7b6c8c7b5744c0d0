"""Tables of plugins: their names, whose they are, what their columns may hold. Without Alembic.

A table of the plugin `coast` is called plugin_coast_…; plugin_coast_version says at which step its
tables are, and is kept when the plugin goes.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    column,
    event,
    func,
    inspect,
    select,
    table,
)
from sqlalchemy.engine import Inspector

from innocap_lms.columns import UtcDateTime

Kind = Literal["moment", "day", "json", "plain"]

VERSION_TABLE: Final = re.compile(r"plugin_([a-z0-9_]+)_version\Z")
# What columns may hold, and how a backup writes it: moments and days as ISO 8601, the rest as JSON
# has it.
_KINDS: Final[tuple[tuple[Any, Kind], ...]] = (
    ((DateTime, UtcDateTime), "moment"),
    (Date, "day"),
    (JSON, "json"),
    ((Integer, String, Boolean, Float), "plain"),
)


class UnusableColumn(ValueError):
    """A column is of a type that a backup cannot carry to another database."""


def kind_of(type_: Any) -> Kind:
    """What a column of this type holds. Raises UnusableColumn."""
    if not isinstance(type_, Enum):  # PostgreSQL makes a type of its own of each
        for types, kind in _KINDS:
            if isinstance(written_as(type_), types):
                return kind
    raise UnusableColumn(
        f"{type_!r} is none of text, whole number, float, yes or no, moment, day, JSON"
    )


def written_as(type_: Any) -> Any:
    """The type as which a backup writes a column: what is stored as a number, such as a day or a
    state of standings, stays that number."""
    own = isinstance(type_, TypeDecorator) and not isinstance(type_, UtcDateTime)
    return type_.impl_instance if own else type_


def prefix(plugin: str) -> str:
    """How the names of a plugin's tables begin."""
    return f"plugin_{plugin}_"


def version_table(plugin: str) -> str:
    """The table that says at which step a plugin's tables are."""
    return f"{prefix(plugin)}version"


def plugins_in(connection: Connection) -> list[str]:
    """The plugins that have, or had, tables in this database, by name."""
    names = sorted(inspect(connection).get_table_names())
    return [match[1] for name in names if (match := VERSION_TABLE.match(name))]


def revision_of(connection: Connection, plugin: str) -> str | None:
    """The step at which a plugin's tables are; None before the first."""
    name = version_table(plugin)
    if not inspect(connection).has_table(name):
        return None
    number: str | None = connection.scalar(select(column("version_num")).select_from(table(name)))
    return number


def names_of(connection: Connection, plugin: str) -> list[str]:
    """The tables of a plugin, by name, but for the one that holds its version."""
    plugins = {*plugins_in(connection), plugin}
    return [
        name
        for name in sorted(inspect(connection).get_table_names())
        if _owner(name, plugins) == plugin and not VERSION_TABLE.match(name)
    ]


def _owner(name: str, plugins: Iterable[str]) -> str | None:
    """Which of these plugins a table belongs to: the one that the longest part of its name says.

    (plugin_coast_walk_stop belongs to coast_walk where there is such a plugin, else to coast.)
    """
    owners = (plugin for plugin in plugins if name.startswith(prefix(plugin)))
    return max(owners, key=len, default=None)


def reflected(connection: Connection, plugin: str) -> MetaData:
    """The tables of a plugin as they stand in the database. Raises UnusableColumn."""
    tables = MetaData()

    @event.listens_for(tables, "column_reflect")
    def on_column(_inspector: Any, found: Any, said: Any) -> None:
        try:
            kind = kind_of(said["type"])
        except UnusableColumn as unusable:
            raise UnusableColumn(f"{found.name}.{said['name']}: {unusable}") from None
        if kind == "moment":  # SQLite does not know that it is in UTC
            said["type"] = UtcDateTime()

    if names := names_of(connection, plugin):  # an empty list would mean every table
        tables.reflect(connection, only=names, resolve_fks=False)
    return tables


def shape_of(inspector: Inspector, name: str) -> tuple[str, ...]:
    """Columns and indexes of a table in words, to compare."""
    columns = (
        f"{each['name']} {each['type']!r} {each['nullable']}"
        for each in inspector.get_columns(name)
    )
    indexes = sorted(str(each["name"]) for each in inspector.get_indexes(name))
    return (*columns, *indexes)


def rows_in(connection: Connection, plugin: str) -> int:
    """How many rows the tables of a plugin hold."""
    counts = (
        connection.scalar(select(func.count()).select_from(table(name)))
        for name in names_of(connection, plugin)
    )
    return sum(count or 0 for count in counts)
