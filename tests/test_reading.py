"""Reads without a session: one connection for each that asks, given back whatever happens."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from innocap_lms.config import Settings
from innocap_lms.engines import READING
from innocap_lms.extensions import db, fetch, writing
from innocap_lms.people.sign_in import open_session
from tests.conftest import ON_POSTGRES, House

ONE = text("SELECT 1")


@pytest.mark.parametrize(("size", "threads"), [(1, 4), (2, 8)])
def test_more_threads_than_connections_wait_for_each_other_and_nobody_for_ever(
    make_app: Callable[..., Flask], settings: Settings, house: House, size: int, threads: int
) -> None:
    site = make_app(using=replace(settings, pool_size=size))
    with site.app_context():
        for engine in db.engines.values():
            engine.pool._timeout = 5  # type: ignore[attr-defined]
        with writing():
            token = open_session(house.hr, 12)
    came: Counter[object] = Counter()
    start = threading.Barrier(threads)

    def look() -> None:
        browser = site.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
        start.wait()
        for _time in range(5):
            try:
                came[browser.get("/hr").status_code] += 1
            except Exception as error:
                came[repr(error)] += 1

    running = [threading.Thread(target=look) for _each in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert came == {200: 5 * threads}


def test_a_read_and_a_session_take_one_connection_and_give_it_back(in_app: Flask) -> None:
    pool = db.engines[READING].pool
    fetch(ONE, {})
    db.session.execute(ONE)
    fetch(ONE, {})
    assert pool.checkedout() == 1  # type: ignore[attr-defined]
    with writing():
        assert pool.checkedout() == 0  # type: ignore[attr-defined]
        assert fetch(ONE, {})[0][0] == 1
    assert db.session.execute(ONE).scalar() == 1


def test_what_has_just_been_written_is_read(house: House, in_app: Flask) -> None:
    names = text("SELECT name FROM person WHERE id = :id")
    assert fetch(names, {"id": house.coach})[0].name == "Coach"
    with writing():
        db.session.execute(text("UPDATE person SET name = 'Kim'"))
        assert fetch(names, {"id": house.coach})[0].name == "Kim"
    assert fetch(names, {"id": house.coach})[0].name == "Kim"


def test_after_a_read_that_failed_the_next_one_works(in_app: Flask) -> None:
    with pytest.raises(DBAPIError):
        fetch(text("SELECT nothing FROM nowhere"), {})
    assert fetch(ONE, {})[0][0] == 1
    if ON_POSTGRES:
        backend = fetch(text("SELECT pg_backend_pid()"), {})[0][0]
        with db.engines[READING].connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
        with pytest.raises(DBAPIError):
            fetch(ONE, {})
        assert fetch(ONE, {})[0][0] == 1
        assert db.session.execute(ONE).scalar() == 1
