"""The calls into plugins that are under way: how many may be, and which does not come back."""

import os
import threading
import time
from collections.abc import Callable
from weakref import WeakSet

from innocap_lms.plugin_host.bulkhead import Bulkhead, Call

STUCK_SECONDS = 10.0
LOOK_SECONDS = 1.0


class Watchdog:
    """Tells of each call that has not come back after ten seconds, once.

    Python cannot stop a thread, so `stuck` can only see to it that no more of them get caught, and
    that the process is replaced.
    """

    def __init__(self, stuck: Callable[[Call], None]) -> None:
        self._stuck = stuck
        self._under_way: set[Call] = set()
        self._bulkheads: dict[tuple[str, str], Bulkhead] = {}
        self._told: set[Call] = set()
        self._process = -1
        self._starting = threading.Lock()

    def begin(self, plugin: str, what: str) -> Call | None:
        """Note that a call begins; None where it may not, since others wait there already.

        The first one in a process, after any fork, starts looking.
        """
        if self._process != os.getpid():
            self._start()
        call = Call(plugin, what)
        if not self._bulkhead(call).enter(call):
            return None
        self._under_way.add(call)
        return call

    def end(self, call: Call) -> None:
        """Note that it has come back."""
        self._under_way.discard(call)
        self._bulkhead(call).leave(call)

    def _bulkhead(self, call: Call) -> Bulkhead:
        where = call.plugin, call.what
        return self._bulkheads.get(where) or self._bulkheads.setdefault(where, Bulkhead())

    def pause(self, call: Call) -> None:
        """Note that a call waits for another plugin's: its own clock stands still."""
        self._under_way.discard(call)

    def go_on(self, call: Call, seconds: float) -> None:
        """Note that a call that was paused goes on, and has waited so long."""
        call.began += seconds
        self._under_way.add(call)

    def look(self) -> None:
        """Tell of what is late and was not told of yet."""
        latest = time.perf_counter() - STUCK_SECONDS
        late = {call for call in tuple(self._under_way) if call.began < latest}
        for call in late - self._told:
            self._stuck(call)
        self._told = late

    def _start(self) -> None:
        with self._starting:
            if self._process == os.getpid():
                return
            # Calls before the fork are another process's.
            self._under_way, self._bulkheads, self._told = set(), {}, set()
            self._process = os.getpid()
        _looker.begin(self)


class _Looker:
    """The one thread of a process that looks at the calls of all its apps."""

    def __init__(self) -> None:
        self._watchdogs: WeakSet[Watchdog] = WeakSet()
        self._process = -1
        self._lock = threading.Lock()

    def begin(self, watchdog: Watchdog) -> None:
        with self._lock:
            self._watchdogs.add(watchdog)
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._look, name="innocap-watchdog", daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                watchdogs = list(self._watchdogs)
            for watchdog in watchdogs:
                watchdog.look()
            del watchdogs  # an app that nobody holds is not to be held here


_looker = _Looker()
# A child has no thread of its parent's, and perhaps a lock that it held.
os.register_at_fork(after_in_child=_looker.__init__)  # type: ignore[misc]
