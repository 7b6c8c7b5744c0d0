"""Thousands of rows at once, made ready before a write transaction and carried out in it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite

from innocap_lms.extensions import db


class Write(NamedTuple):
    """A statement of plain columns, with the rows to carry it out for: each row has the values in
    the order in which the statement names them."""

    statement: Any
    rows: Sequence[tuple[Any, ...]]


def carry_out(writes: Iterable[Write]) -> None:
    """Carry out what was made ready before. In a write transaction.

    For thousands of rows: to name each value would cost several times what it takes to write them.
    """
    connection = db.session.connection()
    name = connection.dialect.name
    for statement, rows in writes:
        if rows:
            connection.exec_driver_sql(_in_order(statement, name), list(rows))


@lru_cache(maxsize=50)
def _in_order(statement: Any, dialect: str) -> str:
    its: Any = {"sqlite": sqlite, "postgresql": postgresql}[dialect]
    style = {"sqlite": "qmark", "postgresql": "format"}[dialect]
    return str(statement.compile(dialect=its.dialect(paramstyle=style)))
