"""Calls into plugins: measured, counted, and kept from breaking anything else.

Python cannot stop a thread: a call runs in the calling thread, and being slow counts like failing.
One that does not come back at all is told of by the watchdog.
"""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TypeVar

from innocap_lms.content.kinds import KindFailed
from innocap_lms.plugin_host.bulkhead import AT_ONCE, Call
from innocap_lms.plugin_host.errors import in_one_line, is_the_operators, with_its_frames
from innocap_lms.plugin_host.quarantine import Quarantine
from innocap_lms.plugin_host.rows import TablesNotReady
from innocap_lms.plugin_host.watchdog import Watchdog

log = logging.getLogger(__name__)

SLOW_SECONDS = 2.0
STRIKES = 5
WINDOW_SECONDS = 3600.0  # older strikes are forgiven

Result = TypeVar("Result")

_UNDER_WAY: ContextVar[Call | None] = ContextVar(
    "call into a plugin that is under way", default=None
)


class PluginFailed(KindFailed):
    """A call into a plugin gave nothing that can be used. It has been logged and counted."""


class Watch:
    """Watches over the calls into one app's plugins.

    `strict` raises what a plugin raises; else it becomes PluginFailed. `may_call` raises when no
    plugin may be called now. `called_as` is open around each call, with the name of the plugin.
    `exempt` plugins (the core's own) are neither measured nor put in quarantine. `on_stuck` is
    called, in a thread beside, when a call does not come back.
    """

    def __init__(
        self,
        *,
        strict: bool,
        may_call: Callable[[], None],
        quarantine: Quarantine,
        called_as: Callable[[str], AbstractContextManager[None]],
        exempt: frozenset[str] = frozenset(),
    ) -> None:
        self.strict, self.may_call, self.exempt = strict, may_call, exempt
        self.quarantine, self.called_as = quarantine, called_as
        self.on_stuck: Callable[[], object] = lambda: None
        self._watchdog = Watchdog(self._tell_of)
        self._strikes: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=STRIKES))
        self._lock = Lock()

    def run(self, plugin: str, what: str, call: Callable[[], Result]) -> Result:
        """The result of `call`. Raises PluginFailed; in strict mode what the plugin raised."""
        if plugin in self.exempt:  # measuring it would cost as much as the call
            self.may_call()
            return self._guarded(plugin, what, call)
        self._refuse_quarantined(plugin)
        self.may_call()
        with self._timed(plugin, what) as under_way, self.called_as(plugin):
            result = self._guarded(plugin, what, call)
        seconds = time.perf_counter() - under_way.began
        if seconds > SLOW_SECONDS:
            log.warning("plugin %s took %.1f s in %s", plugin, seconds, what)
            self._strike(plugin, f"{what} took {seconds:.1f} s")
        return result

    def _guarded(self, plugin: str, what: str, call: Callable[[], Result]) -> Result:
        try:
            return call()
        except BaseException as error:
            if is_the_operators(error):
                raise
            if self.strict:
                error.add_note(f"raised by plugin {plugin} in {what}")
                raise
            raise self._failed(plugin, what, error) from None  # its words are bounded, and logged

    @contextmanager
    def _timed(self, plugin: str, what: str) -> Iterator[Call]:
        """A call under way. The clock of a plugin that has called this one's hook stands still
        meanwhile: who is slow, or does not come back, is told by name and nobody else."""
        waiting, began = _UNDER_WAY.get(), time.perf_counter()
        if waiting is not None:
            self._watchdog.pause(waiting)
        try:
            call = self._watchdog.begin(plugin, what)
            if call is None:
                log.warning("plugin %s is left out of %s: %d calls wait", plugin, what, AT_ONCE)
                raise PluginFailed(f"plugin {plugin} is left out: {AT_ONCE} calls wait in {what}")
            token = _UNDER_WAY.set(call)
            try:
                yield call
            finally:
                _UNDER_WAY.reset(token)
                self._watchdog.end(call)
        finally:
            if waiting is not None:
                self._watchdog.go_on(waiting, time.perf_counter() - began)

    def _refuse_quarantined(self, plugin: str) -> None:
        reason = self.quarantine.reasons().get(plugin)
        if reason is not None:
            self._strikes.pop(plugin, None)  # once it is let out again, it begins anew
            raise PluginFailed(f"plugin {plugin} is quarantined: {reason}")

    def _failed(self, plugin: str, what: str, error: BaseException) -> PluginFailed:
        said = in_one_line(error)
        log.error("plugin %s failed in %s: %s\n%s", plugin, what, said, with_its_frames(error))
        if not isinstance(error, TablesNotReady):
            self._strike(plugin, f"{what} raised {said}")
        return PluginFailed(f"plugin {plugin} failed in {what}: {said}")

    def _strike(self, plugin: str, reason: str) -> None:
        """Count a fault; the last one within the window puts the plugin in quarantine at once."""
        if self.strict or plugin in self.exempt:
            return
        with self._lock:
            strikes, now = self._strikes[plugin], time.monotonic()
            strikes.append(now)
            if len(strikes) == STRIKES and now - strikes[0] <= WINDOW_SECONDS:
                strikes.clear()
                self._shut_out(plugin, f"{STRIKES} faults, the last: {reason}")

    def _tell_of(self, call: Call) -> None:
        """A call did not come back: its thread is lost, and nobody else is to follow it."""
        log.error("plugin %s does not come back from %s", call.plugin, call.what)
        if self.strict:
            return  # whoever is writing it may have stopped it at a line
        if call.plugin not in self.exempt:
            self._shut_out(call.plugin, f"{call.what} did not come back")
        self.on_stuck()

    def _shut_out(self, plugin: str, reason: str) -> None:
        if self.quarantine.add(plugin, reason):
            log.error("plugin %s is quarantined: %s", plugin, reason)
