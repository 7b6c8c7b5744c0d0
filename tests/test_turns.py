"""Whoever writes to SQLite waits for a turn, over threads and processes, and is woken in time."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from innocap_lms.turns import Turns

HOLD = """
import sys, time
from pathlib import Path
from innocap_lms.turns import Turns
with Turns(Path(sys.argv[1])).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


def hold(place: Path) -> "subprocess.Popen[bytes]":
    """Another process that has the turn until its input ends, or it is killed."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"mine\n"
    return other


def waits_until(place: Path, free: object) -> None:
    """A turn asked for now does not come before `free()` and comes soon after."""
    came = threading.Event()

    def ask() -> None:
        with Turns(place).turn():
            came.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert not came.wait(0.3)
    free()  # type: ignore[operator]
    assert came.wait(10)
    asking.join()


def test_a_process_waits_for_another_and_is_woken(tmp_path: Path):
    with hold(tmp_path / "turn") as other:
        waits_until(tmp_path / "turn", other.stdin.close)  # type: ignore[union-attr]


def test_a_process_that_is_killed_lets_go(tmp_path: Path):
    with hold(tmp_path / "turn") as other:
        waits_until(tmp_path / "turn", other.kill)


def test_threads_of_a_process_take_turns(tmp_path: Path):
    turns, inside, most = Turns(tmp_path / "turn"), [0], [0]

    def work() -> None:
        for _time in range(50):
            with turns.turn():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (inside, most) == ([0], [1])
