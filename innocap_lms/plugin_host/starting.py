"""Running a plugin's code at start, where one that never comes back would keep the site from it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from innocap_lms.plugin_host.errors import in_one_line, is_the_operators
from innocap_lms.plugin_host.loading import PluginRejected

START_SECONDS = 30.0  # for what a plugin does at once: its imports, or all its register_ hooks

Result = TypeVar("Result")


def beside(call: Callable[[], Result]) -> Result:
    """The result of `call`, from a thread that is left to itself when it takes too long.

    The processes that serve are forked later, and threads are not forked with them. Raises
    PluginRejected for that, and for what would end the process; else whatever `call` raises.
    """
    outcome = Future[Result]()

    def run() -> None:
        try:
            outcome.set_result(here(call))
        except BaseException as error:
            outcome.set_exception(error)

    began = time.perf_counter()
    threading.Thread(target=run, name="innocap-plugin-start", daemon=True).start()
    try:
        return outcome.result(START_SECONDS)
    except TimeoutError:
        if outcome.done():
            raise  # the plugin's own
        seconds = time.perf_counter() - began
        raise PluginRejected(f"it has not come back after {seconds:.0f} seconds") from None


def here(call: Callable[[], Result]) -> Result:
    """The same in this thread, however long it takes: its author may have stopped it at a line."""
    try:
        return call()
    except Exception:
        raise
    except BaseException as error:
        if is_the_operators(error):
            raise
        raise PluginRejected(in_one_line(error)) from error
