"""The unit of work: who may write, when, and what holds on each database."""

import threading

import pytest
from flask import Flask
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from innocap_lms import clock
from innocap_lms.engines import (
    DERIVING,
    NOTING,
    READING,
    SAVING,
    SQLITE_MENDED,
    WRITING,
    sqlite_version,
)
from innocap_lms.extensions import (
    after_commit,
    db,
    insert_once,
    is_writing,
    let_reads_go,
    note_once,
    one_moment,
    save_at_once,
    writing,
)
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import Heartbeat
from innocap_lms.people.models import Organisation, Person, SignIn
from tests import reuse
from tests.conftest import ON_POSTGRES


def add(name: str) -> None:
    db.session.add(Organisation(id=new_id(), name=name))


def names() -> list[str]:
    return list(db.session.scalars(select(Organisation.name).order_by(Organisation.name)))


def test_a_write_outside_a_unit_of_work_raises(in_app: Flask):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(insert(Organisation).values(id="x", name="x", closed_catalogue=False))
    db.session.rollback()
    add("by the session")
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.commit()
    db.session.rollback()
    assert names() == []


def test_a_unit_of_work_inside_another_raises_and_the_outer_goes_on(in_app: Flask):
    with writing():
        add("outer")
        with pytest.raises(RuntimeError, match="already open"), writing():
            pass
    assert names() == ["outer"]


def test_any_error_rolls_everything_back(in_app: Flask):
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), writing():  # noqa: PT012 - the error is in the unit
            add("half")
            db.session.flush()
            raise error
        assert not is_writing()
    assert names() == []
    with writing():
        add("the next one works")
    assert len(names()) == 1


def test_what_was_written_is_read_and_what_was_read_before_is_let_go(in_app: Flask):
    assert names() == []  # opens a reading transaction
    with writing():
        add("new")
    assert names() == ["new"]


def test_reading_then_writing_is_never_locked(in_app: Flask):
    for number in range(20):
        assert len(names()) == number

        def other(number: int = number) -> None:
            with in_app.app_context(), writing():
                insert_once(SignIn, ("token_hash",), **sign_in_row(str(number)))

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(30)
        with writing():
            add(f"{number:02}")


def sign_in_row(token: str) -> dict[str, object]:
    now = clock.utcnow()
    return {"token_hash": token, "person_id": _somebody(), "created_at": now, "expires_at": now}


def _somebody() -> str:
    found = db.session.scalar(select(Person.id))
    if found is None:
        found = "somebody"
        db.session.add(Person(id=found, name="S", login="s", created_at=clock.utcnow()))
        db.session.flush()
    return str(found)


def test_many_writers_at_once_all_succeed(in_app: Flask):
    ready, errors = threading.Barrier(8), []

    def work(worker: int) -> None:
        with in_app.app_context():
            ready.wait(30)
            try:
                for number in range(10):
                    with writing():
                        add(f"{worker}-{number}")
            except Exception as error:  # reported by the test
                errors.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert len(names()) == 80


def test_of_two_inserts_of_what_is_once_one_counts(in_app: Flask):
    with writing():
        row = sign_in_row("token")
        assert insert_once(SignIn, ("token_hash",), **row)
        assert not insert_once(SignIn, ("token_hash",), **row)


def test_a_reference_to_nothing_is_refused(in_app: Flask):
    now = clock.utcnow()
    with pytest.raises(IntegrityError), writing():
        db.session.add(SignIn(token_hash="x", person_id="nobody", created_at=now, expires_at=now))


def test_what_is_asked_for_after_commit_happens_once_and_only_then(in_app: Flask):
    calls: list[bool] = []

    def call() -> None:
        calls.append(is_writing())

    with writing():
        after_commit(call)
        after_commit(call)
        assert calls == []
    assert calls == [False]
    with pytest.raises(ValueError), writing():  # noqa: PT012 - the error is in the unit
        after_commit(call)
        raise ValueError
    with writing():
        add("another")
    assert calls == [False]


def pragma(mode: str | None, name: str) -> object:
    with db.engines[mode].connect() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar()


def test_each_pool_promises_what_it_should(in_app: Flask):
    if ON_POSTGRES:
        promises = {WRITING: "on", SAVING: "on", NOTING: "off", DERIVING: "off"}
        for mode, promised in promises.items():
            with db.engines[mode].connect() as connection:
                assert connection.execute(text("SHOW synchronous_commit")).scalar() == promised
        with db.engines[READING].connect() as connection:
            assert connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
        return
    full, normal = 2, 1  # https://sqlite.org/pragma.html#pragma_synchronous
    assert pragma(WRITING, "synchronous") == full
    assert pragma(SAVING, "synchronous") == full
    assert pragma(NOTING, "synchronous") == normal
    assert pragma(DERIVING, "synchronous") == normal
    assert pragma(READING, "query_only") == 1
    assert pragma(WRITING, "cache_size") < pragma(READING, "cache_size"), "in KiB, negated: more"
    for mode in (READING, WRITING, SAVING, NOTING, DERIVING):
        assert pragma(mode, "foreign_keys") == 1
        assert pragma(mode, "journal_mode") == "wal"
        assert pragma(mode, "busy_timeout") == 5000


def test_one_moment_sees_nothing_that_is_written_meanwhile(in_app: Flask):
    with writing():
        add("before")
    everybody = select(Organisation.name).order_by(Organisation.name)
    with one_moment() as connection:
        assert connection.scalars(everybody).all() == ["before"]
        with writing():
            add("meanwhile")
        assert connection.scalars(everybody).all() == ["before"]
        assert names() == ["before", "meanwhile"], "other reads see it"
        streamed = connection.execution_options(yield_per=1).execute(everybody)
        assert [row.name for row in streamed] == ["before"]


def test_a_connection_that_the_server_has_closed_is_replaced_after_a_pause(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    """PostgreSQL was restarted while nobody used the site; with SQLite there is no server."""
    with writing():
        add("before")
    assert names() == ["before"]
    let_reads_go()
    if ON_POSTGRES:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        with db.engines[NOTING].connect() as connection:
            connection.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            )
    monkeypatch.setattr("innocap_lms.engines.PAUSE", 0)
    assert names() == ["before"]
    with writing():
        add("later")
    assert names() == ["before", "later"]
    let_reads_go()
    reuse.ENGINES.let_go()  # no other test is to find a connection that is closed


def test_a_unit_of_work_uses_the_pool_it_asked_for(in_app: Flask):
    with writing():
        assert db.session.get_bind() is db.engines[WRITING]
    bind = db.session.get_bind()
    assert isinstance(bind, Connection)
    assert bind.engine is db.engines[READING]


def test_a_note_is_written_at_once_and_once(in_app: Flask):
    note = {"name": "a", "seen_at": clock.utcnow(), "lease": None, "leased_until": None}
    note_once(Heartbeat, ("name",), **note)
    note_once(Heartbeat, ("name",), **{**note, "lease": "b"})
    assert [beat.lease for beat in db.session.scalars(select(Heartbeat))] == [None]


def test_a_save_is_a_transaction_of_its_own_and_says_whether_it_changed_anything(in_app: Flask):
    note_once(Heartbeat, ("name",), name="a", seen_at=clock.utcnow(), lease=None, leased_until=None)
    table = Heartbeat.__table__
    change = update(table).where(table.c.name == bindparam("of")).returning(table.c.name)
    before = db.session.scalars(select(Heartbeat.lease)).all()
    assert before == [None]
    found = save_at_once(change, {"of": "a", "lease": "b"})
    assert found is not None
    assert db.session.scalars(select(Heartbeat.lease)).all() == ["b"], "what was read is let go"
    assert save_at_once(change, {"of": "nobody", "lease": "b"}) is None
    with writing(), pytest.raises(RuntimeError, match="already open"):
        save_at_once(change, {"of": "a", "lease": "c"})


def test_the_sqlite_that_the_lock_brings_is_mended():
    assert sqlite_version() >= SQLITE_MENDED
