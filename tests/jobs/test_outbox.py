"""Asking for something to happen after commit, and carrying it out at least once."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.jobs import relay as relays
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.jobs.outbox import enqueue, purge, try_again
from innocap_lms.jobs.relay import LEASE, MAX_ATTEMPTS, RETRY_AFTER, Relay

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ask(key: str = "one", kind: str = "note", **payload: Any) -> None:
    with writing():
        enqueue(kind, key, payload)


def message(key: str = "one") -> OutboxMessage:
    db.session.close()
    return db.session.execute(select(OutboxMessage).filter_by(key=key)).scalar_one()


def test_what_is_asked_for_happens_once(in_app: Flask):
    seen: list[Any] = []
    relay = Relay(in_app, {"note": seen.append})
    ask(text="hello")
    assert relay.run_due() == 1
    assert relay.run_due() == 0
    assert seen == [{"text": "hello"}]
    assert message().done_at is not None


def test_the_same_key_asked_for_twice_is_once_also_after_it_is_done(in_app: Flask):
    seen: list[Any] = []
    relay = Relay(in_app, {"note": seen.append})
    ask(number=1)
    ask(number=2)
    relay.run_due()
    ask(number=3)
    relay.run_due()
    assert seen == [{"number": 1}]


def test_what_is_rolled_back_was_never_asked_for(in_app: Flask):
    with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012 - the error is in the unit
        enqueue("note", "one", {})
        raise ZeroDivisionError
    assert not in_app.extensions["innocap_relay"]._wake.is_set()
    assert Relay(in_app, {"note": print}).run_due() == 0


def test_what_is_asked_for_later_happens_later(in_app: Flask):
    seen: list[Any] = []
    relay = Relay(in_app, {"note": seen.append})
    with clock.at(NOON):
        with writing():
            enqueue("note", "one", {}, run_at=NOON + timedelta(hours=1))
        assert relay.run_due() == 0
    with clock.at(NOON + timedelta(hours=1)):
        assert relay.run_due() == 1


def test_a_job_that_fails_is_tried_again_ever_later_and_is_dead_in_the_end(in_app: Flask):
    tried: list[datetime] = []

    def fail(payload: dict[str, Any]) -> None:
        tried.append(clock.utcnow())
        raise OSError("the printer is on fire")

    relay, now = Relay(in_app, {"note": fail}), NOON
    with clock.at(now):
        ask()
    for _turn in range(400):
        with clock.at(now):
            relay.run_due()
        now += timedelta(minutes=5)
    assert len(tried) == MAX_ATTEMPTS == relay.failed
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits == sorted(waits)
    assert all(wait >= least for wait, least in zip(waits, RETRY_AFTER, strict=True))
    assert message().dead_at == tried[-1]
    assert message().last_error == "OSError: the printer is on fire"


def test_a_job_that_recovers_keeps_no_error(in_app: Flask):
    troubles = [OSError("not yet")]

    def recover(payload: dict[str, Any]) -> None:
        if troubles:
            raise troubles.pop()

    relay = Relay(in_app, {"note": recover})
    with clock.at(NOON):
        ask()
        relay.run_due()
        assert message().last_error == "OSError: not yet"
    with clock.at(NOON + RETRY_AFTER[0]):
        assert relay.run_due() == 1
    assert message().last_error is None


def test_a_dead_message_can_be_tried_again_and_then_has_all_its_attempts(in_app: Flask):
    relay = Relay(in_app, {})
    ask()
    relay.run_due()
    with writing():
        assert try_again(message().id)
    assert Relay(in_app, {"note": lambda payload: None}).run_due() == 1
    with writing():
        assert not try_again(message().id), "it is not dead any more"


def test_a_kind_that_nobody_knows_is_dead_with_a_clear_error_and_the_rest_goes_on(in_app: Flask):
    seen: list[Any] = []
    ask("first", kind="of.a.plugin.that.is.gone")
    ask("second")
    assert Relay(in_app, {"note": seen.append}).run_due() == 1
    assert message("first").dead_at is not None
    assert "'of.a.plugin.that.is.gone'" in (message("first").last_error or "")


def test_work_that_a_dead_worker_left_is_taken_over_when_its_lease_ends(in_app: Flask):
    seen: list[Any] = []

    def vanish(payload: dict[str, Any]) -> None:
        raise SystemExit  # what ends a worker in the middle: nothing is written back

    with clock.at(NOON):
        ask()
        with pytest.raises(SystemExit):
            Relay(in_app, {"note": vanish}).run_due()
    next_worker = Relay(in_app, {"note": seen.append})
    with clock.at(NOON + LEASE - timedelta(seconds=1)):
        assert next_worker.run_due() == 0
    with clock.at(NOON + LEASE + timedelta(seconds=1)):
        assert next_worker.run_due() == 1
    assert len(seen) == 1


def test_a_worker_that_was_taken_over_no_longer_writes_what_became_of_it(in_app: Flask):
    with clock.at(NOON):
        ask()
        slow = relays._claim()
    with clock.at(NOON + 2 * LEASE):
        quick = relays._claim()
        assert slow is not None
        assert quick is not None
        assert slow.id == quick.id
        relays._put_back(slow, "too late")
        assert message().lease == quick.lease
        assert message().last_error is None


def test_a_message_that_ends_its_worker_each_time_is_given_up(in_app: Flask):
    now = NOON
    with clock.at(now):
        ask()
    for _worker in range(MAX_ATTEMPTS):
        with clock.at(now):
            assert relays._claim() is not None
        now += LEASE + timedelta(seconds=1)
    with clock.at(now):
        assert relays._claim() is None
    assert message().dead_at == now
    assert "its worker ended" in (message().last_error or "")


def test_many_relays_at_once_carry_out_each_message_once(in_app: Flask):
    count, seen, together = 40, Counter[int](), threading.Lock()

    def note(payload: dict[str, Any]) -> None:
        with together:
            seen[payload["number"]] += 1

    with writing():
        for number in range(count):
            enqueue("note", str(number), {"number": number})
    done: list[int] = []

    def work() -> None:
        relay = Relay(in_app, {"note": note})
        while sum(done) < count:
            done.append(relay.run_due())

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == Counter(range(count))
    assert sum(done) == count


def test_what_was_done_a_month_ago_is_forgotten_and_what_is_dead_or_waits_is_not(in_app: Flask):
    with clock.at(NOON - timedelta(days=31)):
        ask("old")
        ask("dead", kind="unknown")
        Relay(in_app, {"note": lambda payload: None}).run_due()
        ask("waiting")
    with clock.at(NOON - timedelta(days=29)):
        ask("young")
        relay = Relay(in_app, {"note": lambda payload: None})
        relay.run_due()
    with clock.at(NOON):
        assert purge() == 1
        keys = db.session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.key)).all()
    assert keys == ["dead", "waiting", "young"]


def test_the_site_itself_forgets_old_messages(in_app: Flask):
    with clock.at(NOON - timedelta(days=31)):
        ask("old", kind="unknown")
        ask("done", kind="people.reset_mail", person_id=None)
        in_app.extensions["innocap_relay"].run_due()
    with clock.at(NOON):
        in_app.extensions["innocap_relay"].run_due()
        assert db.session.scalars(select(OutboxMessage.key)).all() == ["old"]


def test_a_failure_is_logged_with_its_kind(in_app: Flask, caplog: pytest.LogCaptureFixture):
    ask(kind="certificate.issue", completion_id="nobody knows it")
    with caplog.at_level(logging.ERROR):
        in_app.extensions["innocap_relay"].run_due()
    assert "certificate.issue" in caplog.text


def test_two_sites_in_one_process_wake_only_their_own_relay(make_app: Callable[..., Flask]):
    one, other = make_app(), make_app()
    with one.app_context():
        ask()
    assert one.extensions["innocap_relay"]._wake.is_set()
    assert not other.extensions["innocap_relay"]._wake.is_set()
