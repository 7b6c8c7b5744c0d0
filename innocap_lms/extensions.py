"""The database and the other Flask extensions, not yet bound to an app.

A door (view, command, job) opens `writing()` where it writes; what it calls uses `db.session` and
never commits. On SQLite a write transaction takes its lock in its first statement, and a write
outside `writing()` is an error on every database.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    MetaData,
    Row,
    Table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from innocap_lms.columns import UtcDateTime
from innocap_lms.engines import DERIVING, NOTING, READING, SAVING, WRITING, prepare
from innocap_lms.statements import rows
from innocap_lms.turns import Turns
from innocap_lms.write_ahead import WriteAheadLog

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table of the core."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own form


class UnitOfWork(FlaskSession):
    """The session of an app context. `mode` names the engine its door opened."""

    mode: str | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        return _reader() if self.mode is READING else db.engines[self.mode]


_AFTERWARDS = "after commit"
_WRITING: ContextVar[bool] = ContextVar("a write transaction is open", default=False)
_READER = "reader"  # where an app context keeps the connection of `fetch`

db = SQLAlchemy(
    session_options={"class_": UnitOfWork, "expire_on_commit": False, "autoflush": False},
)
login_manager = LoginManager()
babel = Babel()


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
    _after_turn()


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


def fetch(statement: Executable, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a SELECT of plain columns, by name; in the write transaction where one is open.

    For what every page asks, by statements that are made once: see `statements.rows`.
    """
    if is_writing():
        return db.session.connection().execute(statement, values).all()
    with reader() as connection:
        return rows(connection, statement, values)


@contextmanager
def reader() -> Iterator[Connection]:
    """The one connection by which an app context reads, to ask it something directly."""
    try:
        yield _reader()
    except BaseException:
        let_reads_go()  # the server may have gone: the next read begins anew
        raise


def _reader() -> Connection:
    """The same, whoever asks: two of them from one pool would let threads wait for each other."""
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
        found = connection.execute(statement, values).first()
    _after_turn()
    return found


def execute(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """Run a statement of tables, not classes, in the open write transaction. The session itself
    would look through it for objects first."""
    if not is_writing():
        raise RuntimeError("no write transaction is open")
    return db.session.connection().execute(statement, values)


def insert_once(model: type[Base], unique: tuple[str, ...], **values: Any) -> bool:
    """Insert a row unless one has the same `unique` columns; True when this call inserted it.

    What must happen once is held by the constraint, or by a unique index of some rows only,
    whatever races. (A row count would not say: PostgreSQL's driver reports none here.)
    """
    statement = _insert_once(model, unique, db.engine.dialect.name)
    return execute(statement, values).first() is not None


def insert_at_once(model: type[Base], unique: tuple[str, ...], **values: Any) -> bool:
    """The same as a transaction of its own, as `save_at_once` has it."""
    return save_at_once(_insert_once(model, unique, db.engine.dialect.name), values) is not None


@lru_cache(maxsize=200)
def _insert_once(model: type[Base], unique: tuple[str, ...], dialect: str) -> Any:
    """The statement, built once: building costs more than running it."""
    table: Any = model.__table__
    insert = {"sqlite": sqlite, "postgresql": postgresql}[dialect].insert(table)
    return insert.on_conflict_do_nothing(
        index_elements=unique, index_where=_condition(table, unique, dialect)
    ).returning(table.c[unique[0]])


def _condition(table: Table, unique: tuple[str, ...], dialect: str) -> Any:
    """Of which rows the unique index on these columns is; None where it is of all."""
    for index in table.indexes:
        if index.unique and tuple(index.columns.keys()) == unique:
            return index.dialect_options[dialect]["where"]
    return None


@contextmanager
def writing_beside() -> Iterator[Connection]:
    """A transaction of its own, beside a session that goes on reading: for statements that concern
    nothing it holds. Committed at the end, rolled back on any error.

    Raises RuntimeError while a write transaction is open.
    """
    if is_writing():
        raise RuntimeError("a write transaction is already open")
    with _turn(), db.engines[WRITING].begin() as connection:
        yield connection
    _after_turn()


def writing() -> AbstractContextManager[None]:
    """The one transaction of a unit of work: committed at the end, rolled back on any error.

    What was read before it is let go, so that nothing stale is written back. Raises RuntimeError
    when nested.
    """
    return _unit_of_work(WRITING)


def deriving() -> AbstractContextManager[None]:
    """The same for what follows from rows that are on the disk, and can be made anew of them: its
    commit does not wait for the disk, so that others wait for it the shorter.

    A power cut may take the last of these transactions, each as a whole and no earlier one without
    the later ones; whatever `writing()` commits after one is on the disk with it. So the place up
    to which something has been derived is written in the same transaction, and nothing that leaves
    the building is. Sources: https://sqlite.org/pragma.html#pragma_synchronous; PostgreSQL,
    "Asynchronous Commit".
    """
    return _unit_of_work(DERIVING)


@contextmanager
def _unit_of_work(mode: str) -> Iterator[None]:
    if is_writing():
        raise RuntimeError("a write transaction is already open: services never open one")
    let_reads_go()
    session = cast("UnitOfWork", db.session())
    session.mode, opened = mode, _WRITING.set(True)
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
        _WRITING.reset(opened)
    _after_turn(much=mode is DERIVING)
    for call in session.info.pop(_AFTERWARDS, ()):
        call()


def _turn() -> AbstractContextManager[None]:
    turns: Turns | None = current_app.extensions["innocap_turns"]
    return nullcontext() if turns is None else turns.turn()


def _after_turn(*, much: bool = False) -> None:
    log: WriteAheadLog | None = current_app.extensions["innocap_write_ahead"]
    if log is not None:
        log.look_after(much=much)


def after_commit(call: Callable[[], object]) -> None:
    """Call it, once, when the open transaction has been committed; never if it is rolled back."""
    calls = db.session().info.setdefault(_AFTERWARDS, [])
    if call not in calls:
        calls.append(call)


def is_writing() -> bool:
    """Whether this unit of work holds a write transaction (no plugin is called then)."""
    return _WRITING.get()


def init_database(app: Flask) -> None:
    """Bind the database; on SQLite the processes of a site take turns in writing."""
    db.init_app(app)
    app.teardown_appcontext(let_reads_go)
    app.extensions["innocap_turns"] = app.extensions["innocap_write_ahead"] = None
    with app.app_context():
        prepare(db.engines)
        if db.engine.dialect.name == "sqlite":
            turns = Turns(Path(f"{db.engine.url.database}-turn"))
            app.extensions["innocap_turns"] = turns
            app.extensions["innocap_write_ahead"] = WriteAheadLog(db.engines[READING], turns)
