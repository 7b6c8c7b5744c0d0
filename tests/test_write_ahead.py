"""SQLite's write-ahead log is copied beside whoever writes, and does not grow for ever."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.exc import OperationalError

from innocap_lms.engines import sqlite_module
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.people.models import Organisation
from innocap_lms.turns import Turns
from innocap_lms.write_ahead import LONG, OF_MUCH, PAGES, WRITES, WriteAheadLog

PAGE = 4096  # bytes


class Watched(Turns):
    """Knows whether somebody's turn is on."""

    on = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        with super().turn():
            self.on = True
            yield
            self.on = False


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[WriteAheadLog, Connection, list[tuple[str, bool]]]]:
    """A log, a connection that makes it longer, and what the log asks of SQLite, in a turn or
    beside it."""
    turns, said = Watched(tmp_path / "turn"), list[tuple[str, bool]]()
    engine = create_engine(f"sqlite:///{tmp_path / 'site.db'}", module=sqlite_module)

    @event.listens_for(engine, "connect")
    def on_connect(connection, _record):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.set_trace_callback(
            lambda text: (
                said.append((text.partition("(")[2], turns.on)) if "checkpoint" in text else None
            )
        )

    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE paper (text)")
        connection.commit()
        yield WriteAheadLog(engine, turns), connection, said
    engine.dispose()


def write(connection: Connection, pages: int) -> None:
    connection.exec_driver_sql("INSERT INTO paper VALUES (?)", ("x" * PAGE * pages,))
    connection.commit()


LOOKED, BESIDE, IN_TURN = ("NOOP)", False), ("PASSIVE)", False), ("PASSIVE)", True)


def test_the_long_part_of_copying_is_in_nobodys_turn(watched: Any):
    log, connection, said = watched

    def after_a_write_of(pages: int) -> list[tuple[str, bool]]:
        write(connection, pages)
        said.clear()
        for _write in range(WRITES):
            log.look_after()
        return list(said)

    assert after_a_write_of(1) == [LOOKED], "a short log is left as it is"
    assert after_a_write_of(LONG) == [LOOKED, BESIDE, IN_TURN], "a long one is to begin anew"
    _busy, written, copied = connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").one()
    assert written == copied > LONG
    assert after_a_write_of(PAGES) == [LOOKED, BESIDE], "and has: nobody waits for this copy"


def test_whoever_writes_much_copies_before_a_page_has_to(watched: Any):
    log, connection, said = watched
    write(connection, OF_MUCH)
    for _write in range(WRITES):
        log.look_after()
    assert said == [LOOKED], "of a page"
    log.look_after(much=True)
    assert said[1:] == [LOOKED, BESIDE]


@pytest.mark.sqlite
def test_while_two_go_on_writing_the_log_begins_anew(app: Flask):
    def write() -> None:
        with app.app_context():
            for _time in range(200):
                with writing():
                    its_id = new_id()
                    row = {"id": its_id, "name": its_id * 2 * PAGE, "closed_catalogue": False}
                    db.session.execute(insert(Organisation).values(row))

    threads = [threading.Thread(target=write) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with app.app_context():
        log = Path(f"{db.engine.url.database}-wal")
    assert log.stat().st_size < 2 * LONG * PAGE, "of eighty megabytes and more"


@pytest.mark.sqlite
def test_what_was_written_stands_though_the_log_cannot_be_copied(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_arguments: object) -> None:
        raise OperationalError("PRAGMA", None, Exception("disk I/O error"))

    monkeypatch.setattr(WriteAheadLog, "_copy", fail)
    for number in range(WRITES):
        with writing():
            db.session.add(Organisation(id=new_id(), name=f"Town {number}"))
    assert "the write-ahead log was not copied" in caplog.text
    assert db.session.query(Organisation).count() == WRITES
