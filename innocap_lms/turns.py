"""Turns at a SQLite database: it has one writer, and whoever waits is woken when it is free.

SQLite itself looks again after ever longer pauses, up to a tenth of a second, while others slip in
between. Threads of a process queue at a lock, processes at a file beside the database; a process
that dies lets go of both.
"""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

try:
    import fcntl
except ImportError:  # a system without such locks: SQLite's own waiting still holds
    fcntl = None  # type: ignore[assignment]


class Turns:
    """The turns of one site's processes. `place` is a file that all of them may open; it stays
    empty."""

    def __init__(self, place: Path) -> None:
        self._place, self._threads = place, Lock()
        self._opened: tuple[int, int] | None = None  # process, file descriptor

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes within it."""
        with self._threads:
            if fcntl is None:
                yield
                return
            file = self._file()
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def _file(self) -> int:
        """Opened once in each process: after a fork both would hold the parent's lock together."""
        if self._opened is None or self._opened[0] != os.getpid():
            file = os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            weakref.finalize(self, os.close, file)
            self._opened = os.getpid(), file
        return self._opened[1]
