"""How many threads may be in one function of a plugin, so that it never holds up a whole process.

After the bulkheads of a ship: M. Nygard, Release It! (2018), chapter 5.
"""

import time
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 1.0


@dataclass(eq=False, slots=True)
class Call:
    """A call that is under way."""

    plugin: str
    what: str
    began: float = field(default_factory=lambda: time.perf_counter())


class Bulkhead:
    """Lets two calls in. A third waits for its turn, but only while those inside may still be
    quick: once both have been there for a second, it is turned away at once."""

    def __init__(self) -> None:
        self._inside: list[Call] = []
        self._one_left = Condition()

    def enter(self, call: Call) -> bool:
        """Whether the call may begin; it does so now."""
        with self._one_left:
            while len(self._inside) >= AT_ONCE:
                latest = max(other.began for other in self._inside)
                patience = latest + PATIENCE_SECONDS - time.perf_counter()
                if patience <= 0:
                    return False
                self._one_left.wait(patience)
            call.began = time.perf_counter()
            self._inside.append(call)
            return True

    def leave(self, call: Call) -> None:
        """The call has come back."""
        with self._one_left:
            was_full = len(self._inside) == AT_ONCE
            self._inside.remove(call)
            if was_full:
                self._one_left.notify()
