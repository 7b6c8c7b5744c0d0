"""Calls into plugins: measured, counted, and kept from breaking anything else.

Python cannot stop a thread: a call runs in the calling thread, and being slow counts like failing.
"""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

log = logging.getLogger(__name__)

SLOW_SECONDS = 2.0
STRIKES = 5
WINDOW_SECONDS = 3600.0  # older strikes are forgiven

Result = TypeVar("Result")


class PluginFailed(RuntimeError):
    """A call into a plugin gave nothing that can be used. It has been logged and counted."""


class Watch:
    """Watches over the calls into one app's plugins.

    `strict` raises what a plugin raises; else it becomes PluginFailed. `may_call` raises when no
    plugin may be called now. `exempt` plugins (the core's own) are never put in quarantine.
    """

    def __init__(
        self, *, strict: bool, may_call: Callable[[], None], exempt: frozenset[str] = frozenset()
    ) -> None:
        self.strict, self.may_call, self.exempt = strict, may_call, exempt
        self.quarantined: dict[str, str] = {}
        self._strikes: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=STRIKES))
        self._lock = Lock()

    def run(self, plugin: str, what: str, call: Callable[[], Result]) -> Result:
        """The result of `call`. Raises PluginFailed; in strict mode what the plugin raised."""
        if plugin in self.quarantined:
            raise PluginFailed(f"plugin {plugin} is quarantined: {self.quarantined[plugin]}")
        self.may_call()
        started = time.perf_counter()
        try:
            result = call()
        except (Exception, SystemExit) as error:
            if self.strict:
                error.add_note(f"raised by plugin {plugin} in {what}")
                raise
            log.exception("plugin %s failed in %s", plugin, what)
            self._strike(plugin, f"{what} raised {error!r}")
            raise PluginFailed(f"plugin {plugin} failed in {what}: {error!r}") from error
        seconds = time.perf_counter() - started
        if seconds > SLOW_SECONDS:
            log.warning("plugin %s took %.1f s in %s", plugin, seconds, what)
            self._strike(plugin, f"{what} took {seconds:.1f} s")
        return result

    def _strike(self, plugin: str, reason: str) -> None:
        """Count a fault; the last one within the window puts the plugin in quarantine at once."""
        if plugin in self.exempt:
            return
        with self._lock:
            strikes, now = self._strikes[plugin], time.monotonic()
            strikes.append(now)
            if len(strikes) == STRIKES and now - strikes[0] <= WINDOW_SECONDS:
                if plugin not in self.quarantined:
                    log.error("plugin %s is quarantined: %s", plugin, reason)
                self.quarantined.setdefault(plugin, f"{STRIKES} faults, the last: {reason}")

    def over(
        self, plugin: str, what: str, function: Callable[..., Any], accept: Callable[[Any], Any]
    ) -> Callable[..., Any]:
        """`function`, watched each time it is called; `accept` checks what it gives."""
        return lambda *arguments: self.run(plugin, what, lambda: accept(function(*arguments)))
