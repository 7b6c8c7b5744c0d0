"""Follow the ledger as a worker does, in a process that does nothing else: for how long, and how
long each of its write transactions keeps others waiting.

Called by `follow_up`; data folder, database and secret key come on standard input.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import event

from innocap_lms.app import create_app
from innocap_lms.cli.site import settle
from innocap_lms.config import Settings
from innocap_lms.engines import DERIVING
from innocap_lms.extensions import db
from innocap_lms.requirements import following


class Held(NamedTuple):
    """Milliseconds of a write transaction: from its beginning to the end of its commit; of these
    the commit, which waits for the disk; and how long this process computed."""

    whole: float
    commit: float
    own: float


def main() -> None:
    """Print seconds, the CPU of them, and the longest and median of each part of a transaction."""
    data_dir, database, secret = json.load(sys.stdin)
    app = create_app(
        Settings(data_dir=Path(data_dir), database_url=database, secret_key=secret, relay=False)
    )
    settle()
    with app.app_context(), _locks() as held:
        began, computed = time.perf_counter(), time.process_time()
        following.follow()
        seconds, computed = time.perf_counter() - began, time.process_time() - computed
    parts = {
        name: (max(times), statistics.median(times))
        for name, times in zip(Held._fields, zip(*held, strict=True), strict=True)
    }
    print(json.dumps({"seconds": seconds, "computed": computed, **parts}))


@contextmanager
def _locks() -> Iterator[list[Held]]:
    held: list[Held] = []
    moments: list[tuple[float, float]] = []  # of the beginning and of the commit
    engine = db.engines[DERIVING]

    def moment(_connection: Any) -> None:
        moments.append((time.perf_counter(), time.thread_time()))

    def checkin(_connection: Any, _record: Any) -> None:
        if len(moments) == 2:
            (began, own), (commit, _own) = moments
            ended, computed = time.perf_counter(), time.thread_time()
            held.append(
                Held(1000 * (ended - began), 1000 * (ended - commit), 1000 * (computed - own))
            )
        moments.clear()

    for name in ("begin", "commit"):
        event.listen(engine, name, moment)
    event.listen(engine, "checkin", checkin)
    yield held


if __name__ == "__main__":
    main()
