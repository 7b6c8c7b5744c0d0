"""A database of a PostgreSQL server that is made to try things, and gone with them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from innocap_lms.ids import new_id

SERVERS = ("postgres", "postgresql", "postgresql+psycopg")


class NoScratchError(Exception):
    """No database can be made there; the message says why, without the address: it may hold a
    password."""


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """The address of a new, empty database beside the one that `server` leads to, which is left
    alone. Raises NoScratchError."""
    try:
        url = make_url(server)
    except ArgumentError:
        raise NoScratchError("write postgresql://user:password@host/name") from None
    if url.drivername not in SERVERS:
        raise NoScratchError("write postgresql://user:password@host/name")
    name = f"innocap_scratch_{new_id()}"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", pool_size=1
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except DBAPIError as error:
        engine.dispose()
        raise NoScratchError(str(error.orig).strip().partition("\n")[0]) from None
    try:
        yield url.set(drivername="postgresql", database=name).render_as_string(False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
