"""Looking at the calls into plugins that are under way, from a thread beside them."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

STUCK_SECONDS = 10.0
LOOK_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Call:
    """A call that has begun."""

    plugin: str
    what: str
    began: float = field(default_factory=lambda: time.perf_counter())


class Watchdog:
    """Tells of each call that has not come back after ten seconds, once.

    Python cannot stop a thread, so `stuck` can only see to it that no more of them get caught, and
    that the process is replaced.
    """

    def __init__(self, stuck: Callable[[Call], None]) -> None:
        self._stuck = stuck
        self._under_way: set[Call] = set()
        self._process = -1
        self._starting = threading.Lock()

    def begin(self, plugin: str, what: str) -> Call:
        """Note that a call begins; the first one in a process, after any fork, starts looking."""
        if self._process != os.getpid():
            self._start()
        call = Call(plugin, what)
        self._under_way.add(call)
        return call

    def end(self, call: Call) -> None:
        """Note that it has come back."""
        self._under_way.discard(call)

    def go_on(self, call: Call, seconds: float) -> None:
        """Note that a call that was ended goes on, and has waited so long for another's."""
        call.began += seconds
        self._under_way.add(call)

    def _start(self) -> None:
        with self._starting:
            if self._process == os.getpid():
                return
            self._under_way = set()  # calls before the fork are another process's
            self._process = os.getpid()
            threading.Thread(target=self._look, name="innocap-watchdog", daemon=True).start()

    def _look(self) -> None:
        told: set[Call] = set()
        while True:
            time.sleep(LOOK_SECONDS)
            latest = time.perf_counter() - STUCK_SECONDS
            late = {call for call in tuple(self._under_way) if call.began < latest}
            for call in late - told:
                self._stuck(call)
            told = late
