"""The engines of the database: one pool for each way of using it, and what each may do."""

import errno
import sqlite3
from collections.abc import Mapping
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError

try:  # The wheel carries a SQLite that is mended; Python's own may be years old.
    import pysqlite3 as sqlite_module
except ImportError:  # no wheel for this platform
    sqlite_module = sqlite3

READING = None
WRITING = "writing"
SAVING = "saving"
NOTING = "noting"
DERIVING = "deriving"

# Earlier ones can harm a database in WAL mode when two connections write or checkpoint at the same
# moment: https://sqlite.org/wal.html, "The WAL-Reset Bug".
SQLITE_MENDED = (3, 51, 3)
# What every SQLite connection is told; a cache of an eighth of a MiB each, since each thread has
# several and the system keeps the pages of the file anyway.
EVERYWHERE = ("foreign_keys=ON", "busy_timeout=5000", "cache_size=-128")
# What those that write are told: `write_ahead` copies the log, or else SQLite when it is very long.
WRITERS = ("journal_mode=WAL", "wal_autocheckpoint=10000")
DISK_FULL = "53100"  # PostgreSQL, appendix A
# A large transaction keeps what it changes until it commits, and writes it once; there is one such
# connection a process, and the room is taken only when it is needed.
ROOM = "cache_size=-4096"
PAUSE = 5.0  # seconds after which a connection to a server is tried before it is used


def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite in use, such as (3, 53, 4)."""
    return tuple(int(part) for part in sqlite_module.sqlite_version.split("."))


def is_full(error: BaseException | None) -> bool:
    """Whether something failed because a disk is full: the site's, or the database server's."""
    if isinstance(error, DBAPIError):
        code, state = (getattr(error.orig, name, None) for name in ("sqlite_errorcode", "sqlstate"))
        return code == sqlite3.SQLITE_FULL or state == DISK_FULL
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def engine_options(url: str, pool_size: int) -> dict[str | None, dict[str, Any]]:
    """SQLALCHEMY_BINDS for `url`: pools to read, to write, to save at once, to note page views, and
    to write what can be made anew."""
    # An error is logged without the values of its statement: they may be a person's.
    options: dict[str, Any] = {
        "hide_parameters": True,
        "url": url,
        "pool_size": pool_size,
        "max_overflow": pool_size,
    }
    if url.startswith("sqlite"):
        options["module"] = sqlite_module
        one = {**options, "pool_size": 1}  # its users take turns, see `_turn`
        modes = (WRITING, SAVING, NOTING, DERIVING)
        return {READING: options} | {mode: dict(one) for mode in modes}
    # Each statement that reads or saves is a transaction of its own: BEGIN and ROLLBACK would be
    # two more trips to the server.
    at_once = {**options, "isolation_level": "AUTOCOMMIT"}
    return {
        READING: {**at_once, **_told("default_transaction_read_only=on")},
        WRITING: options,
        SAVING: at_once,
        NOTING: {**at_once, **_told("synchronous_commit=off")},
        DERIVING: {**options, "pool_size": 1, **_told("synchronous_commit=off")},
    }


def _told(setting: str) -> dict[str, Any]:
    return {"connect_args": {"options": f"-c {setting}"}}


def prepare(engines: Mapping[str | None, Engine]) -> None:
    """Teach each pool what its connections may do, and when one is tried before it is used."""
    if engines[READING].dialect.name != "sqlite":
        for engine in engines.values():
            _look_after_a_pause(engine)
        return
    for mode, begin, pragmas in (
        (READING, "", ("query_only=ON",)),
        (WRITING, "BEGIN IMMEDIATE", (*WRITERS, "synchronous=FULL", ROOM)),
        (SAVING, "", (*WRITERS, "synchronous=FULL")),
        (NOTING, "", (*WRITERS, "synchronous=NORMAL")),
        (DERIVING, "BEGIN IMMEDIATE", (*WRITERS, "synchronous=NORMAL", ROOM)),
    ):
        _prepare(engines[mode], begin, (*EVERYWHERE, *pragmas))


def _look_after_a_pause(engine: Engine) -> None:
    """Try a connection that was not used for a while before it is used: the server may have gone
    and come back. Trying every time would be one more trip for each page."""

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("used", monotonic()) < PAUSE:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:  # whatever the driver says, a new connection is made
            raise DisconnectionError("the connection is gone") from error


def _prepare(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    if begin:

        @event.listens_for(engine, "begin")
        def on_begin(connection: Any) -> None:
            connection.exec_driver_sql(begin)
