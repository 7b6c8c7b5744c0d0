"""Reading and writing the rows of a plugin's own tables, by statements made here alone.

A plugin gives names and values. Names are looked up among its own tables as they stand in the
database, values are bound: it can reach no other table, and on both databases it means the same.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError

from innocap_lms.columns import UtcDateTime
from innocap_lms.extensions import reader, upsert, writing_beside
from innocap_lms.migrations.plugin_tables import prefix, reflected, revision_of
from innocap_lms.plugin_host.rows import AddRow, Change, ChangeRows, TablesNotReady, Wanted

Statement = tuple[str, Any]  # the table that it is of, and the statement


class PluginRows:
    """The rows of the plugins of one app. In an app context."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str | None, MetaData]] = {}  # tables, and at which step

    def rows(self, plugin: str, wanted: Wanted) -> list[dict[str, Any]]:
        """Rows, each a dict by column. Raises LookupError and ValueError as `Tables` says."""
        its = _table(self._tables(plugin), plugin, wanted.table)
        order = [_ordered(its, name) for name in wanted.order_by]
        statement = select(its).where(*_conditions(its, wanted.where))
        found = statement.order_by(*order, *its.primary_key).limit(wanted.most)
        with _at_hand(plugin), reader() as connection:
            return [dict(row) for row in connection.execute(found).mappings()]

    def write(self, plugin: str, changes: Sequence[Change]) -> list[int]:
        """Make the changes in one transaction, all or none; how many rows each has touched.

        Raises LookupError and ValueError as `Tables` says; RuntimeError in a write transaction.
        """
        tables = self._tables(plugin)
        statements = [
            _statement(_table(tables, plugin, change.table), change) for change in changes
        ]
        with _at_hand(plugin), writing_beside() as connection:
            return [_touched(connection, statement) for statement in statements]

    def _tables(self, plugin: str) -> MetaData:
        """As they stand; looked at anew when a command has taken a step."""
        with _at_hand(plugin), reader() as connection:
            step = revision_of(connection, plugin)
            known = self._known.get(plugin)
            if known is None or known[0] != step:
                known = self._known[plugin] = step, reflected(connection, plugin)
        return known[1]


@contextmanager
def _at_hand(plugin: str) -> Iterator[None]:
    """What the database cannot do now is no fault of the plugin."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise TablesNotReady(
            f"the tables of {plugin} cannot be read or written now: {type(error.orig).__name__}: "
            f"{error.orig}"
        ) from None


def _table(tables: MetaData, plugin: str, name: str) -> Table:
    found = tables.tables.get(f"{prefix(plugin)}{name}")
    if found is None:
        raise TablesNotReady(
            f"{prefix(plugin)}{name} is no table of the plugin, or not there yet: "
            f"`innocap-lms plugin upgrade {plugin}`"
        )
    return found


def _statement(its: Table, change: Change) -> Statement:
    if isinstance(change, AddRow):
        insert = upsert(its).values(_values(its, change.values))
        # Counted by what comes back: PostgreSQL's driver gives no count here.
        return its.name, insert.on_conflict_do_nothing().returning(literal(1))
    matching = _conditions(its, change.where)
    if isinstance(change, ChangeRows):
        return its.name, update(its).where(*matching).values(_values(its, change.values))
    return its.name, delete(its).where(*matching)


def _touched(connection: Connection, statement: Statement) -> int:
    table, its = statement
    try:
        done = connection.execute(its)
    except (IntegrityError, DataError) as error:  # whose words may hold somebody's values
        kind = type(error).__name__
        raise ValueError(
            f"{table} does not take it ({kind}): a column that needs a value, a number that is too "
            "large, a key or a condition of the table"
        ) from None
    return len(done.all()) if done.returns_rows else done.rowcount


def _column(table: Table, name: str) -> Column[Any]:
    if name not in table.columns:
        raise LookupError(f"{table.name} has no column {name}")
    return table.columns[name]


def _ordered(table: Table, name: str) -> Any:
    turned = name.startswith("-")
    column = _column(table, name.removeprefix("-"))
    return (column.desc() if turned else column.asc()).nulls_last()


def _conditions(table: Table, where: Mapping[str, object]) -> Iterator[Any]:
    for name, value in where.items():
        column = _column(table, name)
        if isinstance(column.type, JSON):
            raise ValueError(f"{table.name}.{name} holds JSON, which cannot be compared")
        yield column.is_(None) if value is None else column == _fit(column, value)


def _values(table: Table, values: Mapping[str, object]) -> dict[str, Any]:
    found = {name: _fit(_column(table, name), value) for name, value in values.items()}
    if not found:
        raise ValueError(f"no values for {table.name}")
    return found


def _fit(column: Column[Any], value: object) -> Any:
    """The value as it is bound, of the very type: nothing of a plugin's runs when it is. Raises
    ValueError where the column is not for such."""
    if value is None:
        return null()  # in a column of JSON, too
    take, words = next(
        (take, words) for kind, take, words in _TAKES if isinstance(column.type, kind)
    )
    try:
        return take(value)
    except (TypeError, ValueError, OverflowError):
        said = f"holds {words}, not this {type(value).__name__}"
        raise ValueError(f"{column.table.name}.{column.name} {said}") from None


def _moment(value: Any) -> Any:
    return _if(type(value) is datetime and value.utcoffset() is not None, value).astimezone(UTC)


def _day(value: Any) -> Any:
    return _if(type(value) is date, value)


def _json(value: Any) -> Any:
    return json.loads(json.dumps(value, allow_nan=False))


def _truth(value: Any) -> Any:
    return _if(type(value) is bool, value)


def _whole(value: Any) -> Any:
    return _if(type(value) is int and -(2**63) <= value < 2**63, value)


def _number(value: Any) -> Any:
    return float(_if(type(value) in (int, float) and isfinite(value), value))


def _text(value: Any) -> Any:
    # No database keeps half a character, and PostgreSQL no character zero.
    return _if(type(value) is str and "\0" not in value, value).encode().decode()


def _if(fits: bool, value: Any) -> Any:
    if not fits:
        raise ValueError
    return value


# What columns take: SQLite would take anything anywhere.
_TAKES: Final[tuple[tuple[type[Any], Callable[[Any], Any], str], ...]] = (
    (UtcDateTime, _moment, "moments with a zone"),
    (Date, _day, "days"),
    (JSON, _json, "what JSON can say"),
    (Boolean, _truth, "True or False"),
    (Integer, _whole, "whole numbers of 64 bits"),
    (Float, _number, "numbers"),
    (String, _text, "text"),
)
