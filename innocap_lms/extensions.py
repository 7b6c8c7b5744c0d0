"""The database and the other Flask extensions, not yet bound to an app.

A door (view, command, job) opens `reading()` or `writing()`; what it calls uses `db.session` and
never commits. On SQLite a write transaction takes its lock in its first statement, and a write
outside `writing()` is an error on every database.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, cast

from flask import Flask, current_app, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from flask_wtf import CSRFProtect
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Row,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

from innocap_lms.turns import Turns

try:  # The wheel carries a SQLite that is mended; Python's own may be years old.
    import pysqlite3 as sqlite_module
except ImportError:  # no wheel for this platform
    sqlite_module = sqlite3

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table of the core."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own form


class UnitOfWork(FlaskSession):
    """The session of an app context. `mode` names the engine its door opened."""

    mode: str | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        return _reader() if self.mode is READING else db.engines[self.mode]


READING = None
WRITING = "writing"
SAVING = "saving"
NOTING = "noting"

# Earlier ones can harm a database in WAL mode when two connections write or checkpoint at the same
# moment: https://sqlite.org/wal.html, "The WAL-Reset Bug".
SQLITE_MENDED = (3, 51, 3)
# What every SQLite connection is told; a cache of an eighth of a MiB each, since each thread has
# several and the system keeps the pages of the file anyway.
EVERYWHERE = ("foreign_keys=ON", "busy_timeout=5000", "cache_size=-128")
PAUSE = 5.0  # seconds after which a connection to a server is tried before it is used
_AFTERWARDS = "after commit"
_READER = "reader"  # where an app context keeps the connection of `fetch`

db = SQLAlchemy(
    session_options={"class_": UnitOfWork, "expire_on_commit": False, "autoflush": False},
)
login_manager = LoginManager()
babel = Babel()
csrf = CSRFProtect()


def upsert(table: Any) -> Any:
    """An INSERT of the database in use, with its `on_conflict_do_nothing` and `…_do_update`."""
    return {"sqlite": sqlite, "postgresql": postgresql}[db.engine.dialect.name].insert(table)


def note_once(model: type[Base], unique: tuple[str, ...], **values: Any) -> None:
    """Insert one row, unless it is there, in a transaction of its own that may be lost in a power
    cut: for page views, nothing else.

    It is one statement without BEGIN and COMMIT around it, so that no Python runs, and no thread
    waits its turn, while the database is locked.
    """
    if is_writing():
        raise RuntimeError("a write transaction is already open")  # and this would wait for it
    statement = _insert_once(model, unique, db.engine.dialect.name)
    with _turn(), db.engines[NOTING].connect() as connection:
        connection.execute(statement, values)


@contextmanager
def one_moment() -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile, and from
    which rows can be streamed. Other reads see what has been committed by then, each anew."""
    with db.engines[READING].connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
            yield connection
        else:
            yield connection.execution_options(isolation_level="REPEATABLE READ")


def fetch(statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement of plain columns; in the write transaction where one is open.

    For what every page asks: a session would cost more than the statement.
    """
    if is_writing():
        return db.session.execute(statement, values).all()
    try:
        return _reader().execute(statement, values).all()
    except BaseException:
        let_reads_go()  # the server may have gone: the next read begins anew
        raise


def _reader() -> Connection:
    """The one connection by which an app context reads, whoever asks: two of them from one pool
    would let threads wait for each other."""
    found: Connection | None = g.get(_READER)
    if found is None:
        found = db.engines[READING].connect()
        setattr(g, _READER, found)
    return found


def let_reads_go(_error: BaseException | None = None) -> None:
    """Give back the connection by which this app context has read."""
    if db.session.registry.has() and not is_writing():
        db.session.close()
    if (reader := g.pop(_READER, None)) is not None:
        reader.close()


def save_at_once(statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
    """Run one statement that writes, as a transaction of its own that is on the disk when this
    returns; gives the first row of its RETURNING, None where it changed nothing.

    For a write so frequent and small that `writing()`, with a session, BEGIN and COMMIT, would cost
    more than the write. What was read before it is let go, as there.
    """
    if is_writing():
        raise RuntimeError("a write transaction is already open")
    let_reads_go()
    with _turn(), db.engines[SAVING].connect() as connection:
        return connection.execute(statement, values).first()


def insert_once(model: type[Base], unique: tuple[str, ...], **values: Any) -> bool:
    """Insert a row unless one has the same `unique` columns; True when this call inserted it.

    What must happen once is held by the constraint, whatever races. (A row count would not say:
    PostgreSQL's driver reports none here.)
    """
    statement = _insert_once(model, unique, db.engine.dialect.name)
    return db.session.execute(statement, values).first() is not None


@lru_cache(maxsize=200)
def _insert_once(model: type[Base], unique: tuple[str, ...], dialect: str) -> Any:
    """The statement, built once: building costs more than running it."""
    table: Any = model.__table__
    insert = {"sqlite": sqlite, "postgresql": postgresql}[dialect].insert(table)
    return insert.on_conflict_do_nothing(index_elements=unique).returning(table.c[unique[0]])


@contextmanager
def writing() -> Iterator[None]:
    """The one transaction of a unit of work: committed at the end, rolled back on any error.

    What was read before it is let go, so that nothing stale is written back. Raises RuntimeError
    when nested.
    """
    session = cast("UnitOfWork", db.session())
    if session.mode is not READING:
        raise RuntimeError("a write transaction is already open: services never open one")
    let_reads_go()
    session.mode = WRITING
    try:
        with _turn():
            yield
            session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(_AFTERWARDS, None)
        raise
    finally:
        session.close()
        session.mode = READING
    for call in session.info.pop(_AFTERWARDS, ()):
        call()


def _turn() -> AbstractContextManager[None]:
    turns: Turns | None = current_app.extensions["innocap_turns"]
    return nullcontext() if turns is None else turns.turn()


def after_commit(call: Callable[[], object]) -> None:
    """Call it, once, when the open transaction has been committed; never if it is rolled back."""
    calls = db.session().info.setdefault(_AFTERWARDS, [])
    if call not in calls:
        calls.append(call)


def is_writing() -> bool:
    """Whether this unit of work holds a write transaction (no plugin is called then)."""
    if not db.session.registry.has():
        return False  # and asking makes no session
    return cast("UnitOfWork", db.session()).mode is not READING


def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite in use, such as (3, 53, 4)."""
    return tuple(int(part) for part in sqlite_module.sqlite_version.split("."))


def engine_options(url: str, pool_size: int) -> dict[str | None, dict[str, Any]]:
    """SQLALCHEMY_BINDS for `url`: pools to read, to write, to save at once, to note page views."""
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
        return {READING: options, WRITING: one, SAVING: dict(one), NOTING: dict(one)}
    # Each statement that reads or saves is a transaction of its own: BEGIN and ROLLBACK would be
    # two more trips to the server.
    at_once = {**options, "isolation_level": "AUTOCOMMIT"}
    return {
        READING: {**at_once, **_told("default_transaction_read_only=on")},
        WRITING: options,
        SAVING: at_once,
        NOTING: {**at_once, **_told("synchronous_commit=off")},
    }


def _told(setting: str) -> dict[str, Any]:
    return {"connect_args": {"options": f"-c {setting}"}}


def init_database(app: Flask) -> None:
    """Bind the database and teach each SQLite pool what its connections may do."""
    db.init_app(app)
    app.teardown_appcontext(let_reads_go)
    app.extensions["innocap_turns"] = None
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            for engine in db.engines.values():
                _look_after_a_pause(engine)
            return
        app.extensions["innocap_turns"] = Turns(Path(f"{db.engine.url.database}-turn"))
        for mode, begin, pragmas in (
            (READING, "", ("query_only=ON",)),
            (WRITING, "BEGIN IMMEDIATE", ("journal_mode=WAL", "synchronous=FULL")),
            (SAVING, "", ("journal_mode=WAL", "synchronous=FULL")),
            (NOTING, "", ("journal_mode=WAL", "synchronous=NORMAL")),
        ):
            _prepare(db.engines[mode], begin, (*EVERYWHERE, *pragmas))


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
