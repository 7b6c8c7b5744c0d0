"""SQLite's write-ahead log is copied beside whoever writes, and does not grow for ever."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, insert
from sqlalchemy.exc import OperationalError

from innocap_lms.engines import sqlite_module
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.people.models import Organisation
from innocap_lms.turns import Turns
from innocap_lms.write_ahead import PAGES, WRITES, WriteAheadLog

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


def test_the_long_part_of_copying_is_in_nobodys_turn(tmp_path: Path):
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

    log = WriteAheadLog(engine, turns)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("CREATE TABLE paper (text)")
        for _write in range(WRITES):
            log.look_after()
        assert said == [("NOOP)", False)], "a short log is left as it is"
        driver.execute("INSERT INTO paper VALUES (?)", ("x" * PAGE * PAGES,))
        driver.commit()
    said.clear()
    for _write in range(WRITES):
        log.look_after()
    assert said == [("NOOP)", False), ("PASSIVE)", False), ("PASSIVE)", True)]
    with engine.connect() as connection:
        _busy, written, copied = connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").one()
    assert written == copied > PAGES
    engine.dispose()


@pytest.mark.sqlite
def test_while_two_go_on_writing_the_log_begins_anew(app: Flask):
    def write() -> None:
        with app.app_context():
            for _time in range(100):
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
    assert log.stat().st_size < 4 * PAGES * PAGE, "of forty megabytes and more"


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
