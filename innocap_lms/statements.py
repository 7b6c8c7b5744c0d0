"""Reads that every page asks: compiled once by SQLAlchemy, then run by the driver itself.

What SQLAlchemy does around a statement (its context, events, cursor and result) costs several times
what a read of a few rows by their key does, and pages are made of such reads: the home page takes a
tenth less without it. Compiling, types and pools stay SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, SelectBase

Convert = Callable[[Any], Any]


class Read:
    """A SELECT in the words of one database, with the way in of its values and out of its rows."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text: str = compiled.string
        # An IN of a list is written out each time, and a text has columns that it does not name.
        self.is_fixed = isinstance(statement, SelectBase) and not compiled.post_compile_params
        self._order: Sequence[str] | None = compiled.positiontup  # None: the driver takes names
        self._fixed: dict[str, Any] = {}
        self._asked: list[tuple[str, str, Convert]] = []
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
            if bind.required:
                self._asked.append((name, bind.key, convert))
            else:
                self._fixed[name] = convert(bind.effective_value)
        self._columns = list(statement.selected_columns) if self.is_fixed else []
        names = [column.key for column in self._columns]
        self._row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        self._dialect = dialect
        self._converts: list[tuple[int, Convert]] | None = None

    def values(self, given: Mapping[str, Any]) -> Any:
        """What the driver is given. Each value is converted once, wherever it stands."""
        found = {name: convert(given[key]) for name, key, convert in self._asked} | self._fixed
        return found if self._order is None else [found[name] for name in self._order]

    def rows(self, cursor: Any) -> list[Any]:
        """What the driver has found: named tuples of what the types of the columns say."""
        if self._converts is None:
            self._converts = self._converts_of(cursor.description)
        found = [list(row) for row in cursor.fetchall()]
        for place, convert in self._converts:
            for row in found:
                row[place] = convert(row[place])
        return [self._row._make(row) for row in found]

    def _converts_of(self, description: Sequence[Sequence[Any]]) -> list[tuple[int, Convert]]:
        """The columns that are not read as the driver gives them, which depends on what it says."""
        found = []
        for place, (column, said) in enumerate(zip(self._columns, description, strict=True)):
            its = column.type.dialect_impl(self._dialect)
            if (convert := its.result_processor(self._dialect, said[1])) is not None:
                found.append((place, convert))
        return found


def _as_it_is(value: Any) -> Any:
    return value


_read = lru_cache(maxsize=200)(Read)  # by the statement itself: they are made once


def rows(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a SELECT of plain columns, as named tuples. Raises what `connection` does."""
    asked = _read(statement, connection.dialect)
    if not asked.is_fixed or connection.engine.dispatch.before_cursor_execute:  # which counts them
        return list(connection.execute(statement, values).all())
    try:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(asked.text, asked.values(values))
            return asked.rows(cursor)
        finally:
            cursor.close()
    except connection.dialect.loaded_dbapi.Error:
        # Whatever it was, it happens again, and SQLAlchemy knows what it means for the pool.
        return list(connection.execute(statement, values).all())
