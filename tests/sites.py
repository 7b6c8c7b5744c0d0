"""Sites that tests are lent, each as if it were new.

To make a site takes as long as a test does. One is made for all tests of a process that want the
same settings; before the next test gets it, whatever a test has changed in it is as it was.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from flask import Flask
from jinja2 import Environment

from innocap_lms.config import Settings
from innocap_lms.turns import Turns
from innocap_lms.write_ahead import WriteAheadLog

AT_MOST = 4  # that are kept
CONTAINERS = (dict, list, set, deque)
# The file of the turns stays open, and is that of the database.
STAY = (Settings, Turns, WriteAheadLog)


class Sites:
    """The sites of a process, by their settings."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Settings, tuple[Flask, Image]] = OrderedDict()

    @contextmanager
    def lent(self, settings: Settings, make: Callable[[], Flask]) -> Iterator[Flask]:
        """A site by these settings, made by `make` where none is kept."""
        if settings not in self._kept:
            app = make()
            self._kept[settings] = app, Image(app)
        app, image = self._kept.pop(settings)
        yield app
        if image.is_whole():
            image.restore()
            self._kept[settings] = app, image
            if len(self._kept) > AT_MOST:
                self._kept.popitem(last=False)


class Image:
    """What a site and whatever of ours belongs to it held at a moment.

    What is not ours, such as templates that have been loaded, is left as it is.
    """

    def __init__(self, app: Flask) -> None:
        self._app, self._rules = app, _rules(app)
        self._held: dict[int, tuple[Any, Any]] = {}
        self._events: dict[Event, bool] = {}
        self._look(vars(app))

    def is_whole(self) -> bool:
        """Whether everything can be restored: an address that was added cannot be taken away."""
        return _rules(self._app) == self._rules

    def restore(self) -> None:
        """Let everything hold what it held."""
        for now, then in self._held.values():
            if list(now) != list(then):
                now.clear()
            if now != then:
                (now.extend if isinstance(now, list | deque) else now.update)(then)
        for event, was_set in self._events.items():
            (event.set if was_set else event.clear)()

    def _look(self, found: Any) -> None:
        if isinstance(found, CONTAINERS):
            if id(found) not in self._held:
                self._held[id(found)] = found, found.copy()
                for each in found.values() if isinstance(found, dict) else found:
                    self._look(each)
        elif isinstance(found, tuple):
            for each in found:
                self._look(each)
        elif isinstance(found, Event):
            self._events[found] = found.is_set()
        elif _is_ours(found):
            self._look(vars(found))


def _is_ours(found: object) -> bool:
    ours = type(found).__module__.startswith("innocap_lms.") or isinstance(found, Environment)
    return ours and hasattr(found, "__dict__") and not isinstance(found, STAY)


def _rules(app: Flask) -> int:
    return sum(1 for _rule in app.url_map.iter_rules())


SITES = Sites()
