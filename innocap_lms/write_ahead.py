"""The write-ahead log of a SQLite database, copied into the database beside whoever writes.

SQLite itself copies it at the end of the commit that has made it long, while everybody waits for
the turn of that commit; and for such a copy the disk may take a tenth of a second.
Source: https://sqlite.org/wal.html, "Checkpointing".
"""

import logging
from itertools import count
from threading import Lock
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from innocap_lms.turns import Turns

log = logging.getLogger(__name__)

PAGES: Final = 1000  # that are not copied yet, from which on they are: 4 MiB
WRITES: Final = 8  # of this process, after which it looks again
# Whoever writes much looks each time, and copies before the page that somebody waits for has to.
OF_MUCH: Final = PAGES // 2
LONG: Final = 4 * PAGES  # from which on it is to begin anew: below what SQLite would copy itself
_COPY: Final = "PRAGMA wal_checkpoint({})"


class WriteAheadLog:
    """The log of one site. `engine` reads: to copy is no write, and nobody waits for it."""

    def __init__(self, engine: Engine, turns: Turns) -> None:
        self._engine, self._turns = engine, turns
        self._writes, self._copying = count(1), Lock()

    def look_after(self, *, much: bool = False) -> None:
        """Copy the log where it has become long. Call it after a write, when its turn is over;
        `much` says that one follows the other, and that nobody waits for whoever writes."""
        looks = much or not next(self._writes) % WRITES
        if not looks or not self._copying.acquire(blocking=False):
            return
        try:
            with self._engine.connect() as connection:
                self._copy(connection, OF_MUCH if much else PAGES)
        except DBAPIError:  # what was written is on the disk, in the log
            log.warning("the write-ahead log was not copied", exc_info=True)
        finally:
            self._copying.release()

    def _copy(self, connection: Connection, pages: int) -> None:
        # An older SQLite does not know NOOP and copies: what it says is true all the same.
        _busy, written, copied = connection.exec_driver_sql(_COPY.format("NOOP")).one()
        if written - copied < pages:
            return
        connection.exec_driver_sql(_COPY.format("PASSIVE"))
        if written < LONG:
            return
        # The log begins anew only once all of it is copied, and others have written meanwhile.
        with self._turns.turn():
            connection.exec_driver_sql(_COPY.format("PASSIVE"))
