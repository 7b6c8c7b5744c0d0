"""Standings whose commits do not wait for the disk: a worker that is killed, and a machine whose
power goes, lose none that the ledger does not give back."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.engines import DERIVING
from innocap_lms.extensions import db, writing
from innocap_lms.ledger import services as ledger
from innocap_lms.requirements import following
from innocap_lms.requirements.models import (
    Followed,
    Foreseen,
    KnownDay,
    Overall,
    Standing,
    Tally,
)
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.jobs.conftest import environ as environ
from tests.requirements.test_following import follow, require
from tests.requirements.test_rebuilding import stored

# Follows one person at a time, and stops for ever when it has written somebody's standings: before
# their commit, or after it.
WORKER = """
import sys, threading
from innocap_lms.cli.site import opened
from innocap_lms.requirements import following

carry_out, write, wrote = following.carry_out, following._write, []

def halt(moment):
    if wrote and moment == sys.argv[1]:
        print("written", flush=True)
        threading.Event().wait()

def carrying_out(ready):
    carry_out(ready)
    wrote.extend(each for each in ready if each.rows)
    halt("before the commit")

def writing(*given):
    moved = write(*given)
    halt("after it")
    return moved

following.carry_out, following._write, following.PEOPLE = carrying_out, writing, 1
with opened():
    following.follow()
"""
DERIVED = (Followed, Foreseen, KnownDay, Overall, Standing, Tally)


@pytest.fixture
def before(in_app: Flask, house: House) -> list[object]:
    """What was stored until a requirement of everybody was changed, which nobody has followed."""
    requirement = require(house)
    follow()
    rule = Rule("course", "first-steps", "own", clock.utcnow().date(), due_days=10)
    require(house, rule, requirement)
    with writing():
        ledger.seal()
    return stored()


def is_whole() -> bool:
    """Whether what is stored, once it has been followed to the end, is what the ledger says."""
    following.follow()
    found = stored()
    following.rebuild()
    return found == stored()


@pytest.mark.parametrize("moment", ["before the commit", "after it"])
def test_what_a_killed_worker_has_not_followed_is_followed_by_the_next(
    before: list[object], environ: dict[str, str], moment: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, moment], env=environ, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written\n"
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(30) == -signal.SIGKILL
    assert (stored() == before) is (moment == "before the commit")
    assert is_whole()
    assert stored() != before


@pytest.mark.sqlite
def test_a_power_cut_loses_no_standing_whatever_part_of_the_log_it_takes(
    before: list[object],
    settings: Settings,
    make_app: Callable[..., Flask],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing waits for the disk from the sealing on, so the log may end anywhere after that."""
    monkeypatch.setattr(following, "PEOPLE", 1)
    database = settings.data_dir / "innocap.db"
    log = database.with_name("innocap.db-wal")
    first = log.stat().st_size
    following.follow()
    followed, last = stored(), log.stat().st_size
    assert last > first, "what is written stands in the log, and not yet in the database"
    left = []
    for cut in range(first, last, (last - first) // 10):
        there = tmp_path / f"cut-{cut}"
        there.mkdir()
        shutil.copy(database, there)
        (there / log.name).write_bytes(log.read_bytes()[:cut])
        with make_app(using=replace(settings, data_dir=there)).app_context():
            left.append(stored())
            assert is_whole(), f"cut after {cut} of {last} bytes"
            assert stored() == followed
    assert left[0] == before
    assert any(each not in (before, followed) for each in left), "cut in the middle"


@pytest.mark.usefixtures("before")
def test_only_what_follows_from_the_ledger_is_written_without_waiting_for_the_disk() -> None:
    """So no mail, no event and no job is told of that a power cut may take."""
    written: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        verb, *words = statement.split()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            written.add(words[0] if verb == "UPDATE" else words[1])

    event.listen(db.engines[DERIVING], "before_cursor_execute", note)
    following.follow()
    following.rebuild()
    event.remove(db.engines[DERIVING], "before_cursor_execute", note)
    assert written
    assert written <= {model.__tablename__ for model in DERIVED}
