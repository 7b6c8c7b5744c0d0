"""`make scale`: follow-up with 20,000 people, 50 requirements, 1,000,000 events, on both databases.

`python -m benchmarks.follow_up 2000 --database sqlite` measures a smaller town. With `--write` the
figures are kept in docs/benchmarks.md. Exit status 1 means that a bar is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from benchmarks.bars import FOLLOWED, Figure, table, write_into
from benchmarks.beside import lessons
from benchmarks.postgres import postgres
from benchmarks.servers import ROOT
from benchmarks.town import Town, seal
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.verification import verify
from innocap_lms.requirements import following, services
from innocap_lms.requirements.models import Standing

PAGE = ROOT / "docs" / "benchmarks.md"
PEOPLE, SMALL = 20_000, 1_000
TIMES, MEDIANS = 20, 5
DATABASES = ("sqlite", "postgres")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.follow_up", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=PEOPLE)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--write", action="store_true", help="keep the figures in the docs")
    options = parser.parse_args(arguments)
    figures, said = list[Figure](), list[str]()
    for database in options.database or DATABASES:
        with _address(database) as address, tempfile.TemporaryDirectory() as folder:
            small = _pages(_followed(Path(folder) / "small", min(SMALL, options.people), address))
        with _address(database) as address, tempfile.TemporaryDirectory() as folder:
            town, facts = _told(Path(folder) / "town", options.people, address)
            said.append(f"{database}: {facts}")
            _tell(said[-1])
            for figure in _measured(town, small):
                figures.append(Figure(f"{figure.key}_{database}", figure.value, figure.note))
                _tell(f"  {figure.key}: {figure.value:.2f} {figure.note}")
    said += [_quiet(), table(figures)]
    _tell("\n\n" + said[-1])
    if options.write:
        write_into(PAGE, "\n\n".join(said), FOLLOWED)
    return 1 if any(figure.verdict == "missed" for figure in figures) else 0


def _quiet() -> str:
    """Whether the figures of time can be relied on."""
    load, cores = os.getloadavg()[2], os.cpu_count() or 1
    if load <= cores:
        return "The machine was quiet."
    return (
        f"**The machine was busy** (load {load:.1f} on {cores} cores): figures of time hold the "
        "wait for the processor and are rough; the CPU in brackets is not."
    )


def _tell(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _address(database: str) -> Iterator[str]:
    with postgres() if database == "postgres" else nullcontext(("", 0)) as (address, _process):
        yield address


def _followed(folder: Path, people: int, address: str) -> Town:
    folder.mkdir(parents=True)
    town = Town(folder, people, address)
    with town.app.app_context():
        following.follow()
    return town


def _told(folder: Path, people: int, address: str) -> tuple[Town, str]:
    """A town whose standings have followed its ledger, and its size in words."""
    folder.mkdir(parents=True)
    began = time.perf_counter()
    town = Town(folder, people, address)
    seeded = time.perf_counter() - began
    with town.app.app_context():
        ledger = verify()
        assert ledger.changed is None
        assert not ledger.unsealed
        before, began = _size(), time.perf_counter()
        following.follow()
        followed = time.perf_counter() - began
        if address:
            with writing():
                db.session.execute(text("ANALYZE"))
        rows = db.session.scalar(select(func.count()).select_from(Standing)) or 0
        each = (_size() - before) / rows
    return town, (
        f"{people:,} people, {ledger.sealed:,} events, seeded in {seeded:.0f} s, verified; "
        f"followed in {followed:.0f} s to {rows:,} rows of {each:.0f} bytes, indexes and tallies "
        "with them."
    )


def _size() -> int:
    """Bytes of the whole database."""
    if db.engine.dialect.name == "sqlite":
        pages, each = (db.session.scalar(text(f"PRAGMA page_{name}")) for name in ("count", "size"))
        return int(pages or 0) * int(each or 0)
    return int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _paths(town: Town) -> dict[str, dict[str, str]]:
    """Addresses by the bar that they are held to."""
    day = (datetime.now(UTC).date() - timedelta(days=200)).isoformat()
    required = town.requirements[1]
    return {
        "dashboard": {"now": "/hr"},
        "matrix": {"first page": "/hr/matrix", "requirements": "/hr/requirements"},
        "filter": {
            "expired": "/hr/matrix?state=expired",
            "paused, nobody": "/hr/matrix?state=paused",
            "late": "/hr/matrix?state=late",
            "one requirement": f"/hr/matrix?requirement={required}",
            "one late with it": f"/hr/matrix?requirement={required}&state=late",
            "a unit": f"/hr/matrix?unit={town.units[9]}",
            "the largest unit": f"/hr/matrix?unit={town.units[0]}&requirement={required}",
            "a name": "/hr/matrix?name=1999",
        },
        "as_of": {"dashboard": f"/hr?on={day}", "matrix": f"/hr/matrix?on={day}"},
        "as_shown": {
            "dashboard": f"/hr?on={day}&known=shown",
            "matrix": f"/hr/matrix?on={day}&known=shown",
        },
    }


def _client(town: Town) -> FlaskClient:
    client = town.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = town.token
    return client


class _Page(NamedTuple):
    """The median milliseconds of a page, of five: waited, and computed by the app itself."""

    waited: float
    own: float


def _pages(town: Town) -> dict[str, _Page]:
    client = _client(town)
    return {
        path: _Page(
            *(
                statistics.median(_times(client, path, MEDIANS, clock))
                for clock in (time.perf_counter, time.thread_time)
            )
        )
        for path in ("/hr", "/hr/matrix", "/hr/matrix?state=late")
    }


def _times(
    client: FlaskClient, path: str, times: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    client.get(path)  # warm
    found = []
    for _time in range(times):
        began = clock()
        assert client.get(path).status_code == 200, path
        found.append(1000 * (clock() - began))
    return found


def _measured(town: Town, small: dict[str, _Page]) -> Iterator[Figure]:
    client = _client(town)
    for key, paths in _paths(town).items():
        slowest = {
            name: statistics.quantiles(_times(client, path, TIMES), n=20)[-1]
            for name, path in paths.items()
        }
        name = max(slowest, key=lambda name: slowest[name])
        own = statistics.median(_times(client, paths[name], MEDIANS, time.thread_time))
        which = f"slowest of {len(slowest)}: {name}; " if len(slowest) > 1 else ""
        yield Figure(key, slowest[name], f"{which}{own:.0f} ms of it the app's own CPU")
    growth = {
        path: _Page(page.waited / small[path].waited, page.own / small[path].own)
        for path, page in _pages(town).items()
    }
    path, most = max(growth.items(), key=lambda page: page[1].waited)
    note = f"{path}; {max(page.own for page in growth.values()):.2f} times the app's own CPU"
    yield Figure("growth", most.waited, note)
    yield from _exported(town)
    yield from _changed(town)


def _exported(town: Town) -> Iterator[Figure]:
    """Files are taken by a process of their own, whose memory is theirs."""
    for form, path in (("wide", "/hr/matrix.csv"), ("long", "/hr/matrix.csv?form=long")):
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.exporting", path],
            input=json.dumps([str(town.settings.data_dir), town.settings.database_url, town.token]),
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(said.stdout)
        if form == "long":
            own = found["lines"] / found["computed"]
            note = f"{found['lines']:,} lines; {own:,.0f} by its own CPU alone"
            yield Figure("long", found["lines"] / found["seconds"], note)
            continue
        yield Figure("wide_first", found["first"])
        note = f"{found['lines']:,} lines; {found['computed']:.1f} s of it its own CPU"
        yield Figure("wide", found["seconds"], note)
        yield Figure("wide_memory", found["peak"])


def _changed(town: Town) -> Iterator[Figure]:
    """One requirement that asks everybody is changed, and a worker's standings follow, while
    learners open lessons."""
    with town.app.app_context():
        with writing():
            services.set_requirement(
                town.organisation, town.rule(1, due_days=200), town.hr, town.requirements[1]
            )
        seal()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.followed"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as worker:  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        settings, stdin = town.settings, worker.stdin
        asked = json.dumps([str(settings.data_dir), settings.database_url, settings.secret_key])

        def begin() -> None:
            stdin.write(asked)
            stdin.close()

        idle, busy = lessons(town, worker, begin)
        said: dict[str, Any] = json.load(worker.stdout)
    yield Figure("changed", said["seconds"], f"{said['computed']:.0f} s of it its own CPU")
    (whole, median), (commit, _usual), (own, _typical) = (
        said[name] for name in ("whole", "commit", "own")
    )
    yield Figure(
        "lock",
        whole,
        f"median {median:.0f} ms; longest wait for the disk {commit:.0f} ms, longest own CPU "
        f"{own:.0f} ms",
    )
    yield Figure("beside", busy / idle, f"{idle:.0f} ms idle, {busy:.0f} ms meanwhile")


if __name__ == "__main__":
    sys.exit(main())
