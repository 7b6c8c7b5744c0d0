"""The relay in the web process, and its health."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.jobs import relay as relays
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.jobs.relay import Relay
from innocap_lms.jobs.schedule import last_seen
from tests.conftest import Until


def threads_of_relays() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "innocap-relay"]


def test_the_thread_starts_with_the_first_request_and_not_before(relaying: Flask, until: Until):
    assert not threads_of_relays()
    client = relaying.test_client()
    client.get("/healthz")
    client.get("/healthz")
    until(threads_of_relays)
    assert len(threads_of_relays()) == 1
    relaying.extensions["innocap_relay"].stop()
    assert not threads_of_relays()


def test_with_the_relay_off_no_thread_starts(app: Flask):
    app.test_client().get("/healthz")
    assert not threads_of_relays()


def test_a_commit_wakes_the_relay(relaying: Flask, until: Until, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(relays, "IDLE_SECONDS", 3600.0)  # only a commit can wake it
    relay: Relay = relaying.extensions["innocap_relay"]
    happened = threading.Event()
    relay.handlers = {"note": lambda payload: happened.set()}
    relaying.test_client().get("/healthz")
    with relaying.app_context():
        until(lambda: _seen(relaying))
        with writing():
            enqueue("note", "one", {})
    assert happened.wait(30)


def _seen(app: Flask) -> Any:
    db.session.close()
    return last_seen("relay")


def test_the_relay_survives_what_it_stumbles_over(
    relaying: Flask, until: Until, monkeypatch: pytest.MonkeyPatch
):
    relay: Relay = relaying.extensions["innocap_relay"]
    happened = threading.Event()
    relay.handlers = {"note": lambda payload: happened.set()}
    claim, troubles = relays._claim, [RuntimeError("the database is away")]

    def stumbling() -> Any:
        if troubles:
            raise troubles.pop()
        return claim()

    monkeypatch.setattr(relays, "_claim", stumbling)
    monkeypatch.setattr(relays, "IDLE_SECONDS", 0.01)
    relaying.test_client().get("/healthz")
    until(lambda: not troubles)
    with relaying.app_context(), writing():
        enqueue("note", "one", {})
    assert happened.wait(30)


def test_ready_says_when_nobody_has_relayed_for_a_minute(app: Flask):
    client, relay = app.test_client(), app.extensions["innocap_relay"]
    answer = client.get("/readyz")
    assert (answer.status_code, "relayed" in answer.text) == (503, True)
    relay.run_due()
    assert client.get("/readyz").status_code == 200
    with clock.at(clock.utcnow() + timedelta(seconds=61)):
        assert client.get("/readyz").status_code == 503
        relay.run_due()
        assert client.get("/readyz").status_code == 200


def test_stopping_waits_for_the_job_in_hand(relaying: Flask):
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(payload: dict[str, Any]) -> None:
        begun.set()
        assert may_end.wait(30)
        ended.set()

    relay: Relay = relaying.extensions["innocap_relay"]
    relay.handlers = {"note": slow}
    with relaying.app_context(), writing():
        enqueue("note", "one", {})
        enqueue("note", "two", {})
    relaying.test_client().get("/healthz")
    assert begun.wait(30)
    threading.Timer(0.1, may_end.set).start()
    relay.stop()
    assert ended.is_set()
    with relaying.app_context():
        assert Relay(relaying, {"note": lambda payload: None}).run_due() == 1, "the other one waits"


def test_stopping_before_it_ever_ran_is_nothing(make_app: Callable[..., Flask]):
    make_app().extensions["innocap_relay"].stop()
