"""Jobs that repeat: one runner over all processes, once per interval."""

import threading
from datetime import UTC, datetime, timedelta

from flask import Flask

from innocap_lms import clock
from innocap_lms.jobs.schedule import LEASE, Repeating, beat, last_seen, run_repeating

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_job_runs_once_per_interval(in_app: Flask):
    runs: list[datetime] = []
    job = Repeating("sweep", HOUR, lambda: runs.append(clock.utcnow()))
    for minutes in range(0, 121, 20):
        with clock.at(NOON + timedelta(minutes=minutes)):
            run_repeating((job,))
    assert runs == [NOON, NOON + HOUR, NOON + 2 * HOUR]


def test_of_many_runners_at_once_one_runs_it(in_app: Flask):
    runs: list[int] = []
    job, ready = Repeating("sweep", HOUR, lambda: runs.append(1)), threading.Barrier(6)

    def work() -> None:
        with in_app.app_context():
            ready.wait(30)
            run_repeating((job,))

    threads = [threading.Thread(target=work) for _worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert runs == [1]


def test_a_job_that_fails_frees_its_lease_and_has_its_next_turn(in_app: Flask):
    runs: list[datetime] = []

    def fail() -> None:
        runs.append(clock.utcnow())
        raise OSError("not today")

    job = Repeating("sweep", timedelta(minutes=1), fail)
    others: list[int] = []
    other = Repeating("mend", timedelta(minutes=1), lambda: others.append(1))
    for minutes in range(3):
        with clock.at(NOON + timedelta(minutes=minutes)):
            run_repeating((job, other))
    assert len(runs) == 3
    assert len(others) == 3, "a job that fails stops no other"


def test_a_runner_that_vanished_is_followed_when_its_lease_ends(in_app: Flask):

    def work() -> None:
        with in_app.app_context(), clock.at(NOON):
            long = Repeating("sweep", timedelta(seconds=1), inside)
            run_repeating((long,))

    seen: list[int] = []
    follower = Repeating("sweep", timedelta(seconds=1), lambda: seen.append(1))

    def inside() -> None:  # while it runs, nobody else does, until its lease has ended
        with in_app.app_context():
            with clock.at(NOON + LEASE - timedelta(seconds=1)):
                run_repeating((follower,))
                assert not seen
            with clock.at(NOON + LEASE + timedelta(seconds=1)):
                run_repeating((follower,))

    work()
    assert seen == [1]


def test_a_pulse_is_shown_at_most_every_twenty_seconds(in_app: Flask):
    with clock.at(NOON):
        beat("relay")
    with clock.at(NOON + timedelta(seconds=19)):
        beat("relay")
    assert last_seen("relay") == NOON
    with clock.at(NOON + timedelta(seconds=20)):
        beat("relay")
    assert last_seen("relay") == NOON + timedelta(seconds=20)
