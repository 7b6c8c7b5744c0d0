"""`make bench`: measure this app beside the floor, print the table, keep it in docs/benchmarks.md.

Exit status 0: every bar is met; 1: some are missed; 2: the run is void.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import answers, checking, preview, statements
from benchmarks.bars import Figure, plain, table, write_into
from benchmarks.floor import SQLITE_VERSION, seed_floor
from benchmarks.material import LESSONS, lesson_text, questions
from benchmarks.postgres import postgres
from benchmarks.rounds import FLOOR_MOST, FLOOR_PAGES, REPORT, Rounds, take_rounds
from benchmarks.seed import LEARNERS, REAL_COURSE, THEIR_COURSES, Seeded, seed_site
from benchmarks.servers import APP, FLOOR, ROOT, Server
from benchmarks.wire import two_views

PAGE = ROOT / "docs" / "benchmarks.md"
REAL_LESSON = f"/courses/{REAL_COURSE}/coach-role"
FIRST_PAGE = "/login"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks; returns the exit status."""
    options = _options().parse_args(arguments)
    rounds, seconds = (1, 3.0) if options.quick else (options.rounds, options.seconds)
    sizes = (1000,) if options.quick else (1000, 10000)
    _forget_settings()
    with tempfile.TemporaryDirectory(prefix="innocap-bench-") as folder:
        _tell("seeding …")
        seeded = seed_site(Path(folder), sizes=sizes)
        floor_file = _seed_floor(Path(folder))
        with postgres() as (address, database):
            grown = seed_site(Path(folder) / "grown", sizes=(), database=address)
            with (
                Server(FLOOR, "/healthz", {"FLOOR_DATABASE": str(floor_file)}) as floor,
                Server(APP, FIRST_PAGE, seeded.environ) as app,
                Server(APP, FIRST_PAGE, grown.environ) as other,
            ):
                taken = take_rounds(
                    floor, app, seeded, other, grown, database,
                    rounds=rounds, seconds=seconds, tell=_tell,
                )  # fmt: skip
                wire = _wire(app, seeded)
        figures = [*_loaded(taken), *_listed(taken), *_cold(seeded, rounds), *wire]
        figures += _statements(seeded)
        if not options.quick:
            figures += answers.measure(Path(folder) / "answers", _tell)
            figures += checking.measure(Path(folder) / "checking", _tell)
            figures += preview.measure(Path(folder) / "preview", _tell)
    return _report(taken, figures, options, rounds, seconds)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, no 10,000 people")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measured window")
    parser.add_argument("--rough", action="store_true", help="write the table even of a void run")
    return parser


def _forget_settings() -> None:
    """Drop the caller's INNOCAP_ settings: the site that is measured is a default one."""
    for name in [name for name in os.environ if name.startswith("INNOCAP_")]:
        del os.environ[name]


def _tell(line: str) -> None:
    print(line, flush=True)


def _seed_floor(folder: Path) -> Path:
    file = folder / "floor.db"
    html = "".join(f"<p>{line}</p>\n" for line in lesson_text(1, "en").splitlines() if line)
    seed_floor(file, users=LEARNERS, pages=FLOOR_PAGES, html=html, questions=questions())
    return file


def _loaded(taken: Rounds) -> list[Figure]:
    """Shares of the floor's capacity, waiting, requests, memory."""
    figures = []
    for name, floor in (
        ("lesson", "floor_lesson"),
        ("attempt", "floor_attempt"),
        ("saving", "floor_attempt"),
        ("saving_postgres", "floor_attempt"),
        ("home", "floor_lesson"),
    ):
        own, least = taken.cpu_ms(name), taken.cpu_ms(floor)
        figures.append(Figure(name, least / own, f"{own:.2f} ms CPU, floor {least:.2f}"))
    compressed = f"{taken.cpu_ms('compressed'):.2f} ms CPU when compressed, as for a browser"
    figures[0] = replace(figures[0], note=f"{figures[0].note}; {compressed}")
    requests = taken.median("attempt", lambda window: window.requests_per_flow)
    figures.insert(1, Figure("lesson_p99", taken.median("lesson", lambda window: window.p99_ms)))
    figures.insert(3, Figure("attempt_requests", round(requests)))
    figures += [
        Figure(name, taken.median(name, lambda window: window.p99_ms))
        for name in ("save_p99", "save_p99_postgres")
    ]
    loaded = taken.windows["lesson"] + taken.windows["attempt"]
    figures.append(Figure("memory", max(window.pss_mb for window in loaded)))
    return [*figures, Figure("memory_tree", max(window.tree_mb for window in loaded))]


def _listed(taken: Rounds) -> list[Figure]:
    figures = [
        Figure(name, statistics.median(seconds) * 1000) for name, seconds in taken.seconds.items()
    ]
    if "hr_csv_10000" in taken.seconds:
        figures.append(Figure("hr_memory", max(taken.growth)))
    return figures


def _cold(seeded: Seeded, rounds: int) -> list[Figure]:
    starts = []
    for _time in range(rounds):
        with Server(APP, FIRST_PAGE, seeded.environ) as server:
            starts.append(server.cold)
    return [Figure("cold", statistics.median(starts), "innocap-lms run, two processes")]


def _wire(app: Server, seeded: Seeded) -> list[Figure]:
    try:
        first, second = two_views(app.base, REAL_LESSON, seeded.learners[0])
    except LookupError as error:
        _tell(f"not measured over the wire: {error}")
        return []
    return [
        Figure("first_requests", first.requests),
        Figure("first_kb", first.kilobytes),
        Figure("second_requests", second.requests),
        Figure("second_kb", second.kilobytes),
    ]


def _statements(seeded: Seeded) -> list[Figure]:
    app = seeded.app()
    first, then = seeded.learners[-2:]
    lesson = f"/courses/{THEIR_COURSES[-1]}/{LESSONS[-1]}"  # beyond what the load has opened
    quiz = f"/courses/{THEIR_COURSES[0]}/final"
    hr = next(iter(seeded.hr.values()))
    return [
        Figure("sql_lesson", statements.of_page(app, lesson, first, then)),
        Figure("sql_submit", statements.of_submit(app, quiz, first, then)),
        Figure("sql_save", statements.of_save(app, quiz, first, then)),
        Figure("sql_home", statements.of_page(app, "/me", first, then)),
        Figure("sql_hr", statements.of_page(app, REPORT, hr, hr)),
    ]


def _report(
    taken: Rounds, figures: list[Figure], options: argparse.Namespace, rounds: int, seconds: float
) -> int:
    void = taken.why_void()
    text = "\n\n".join((_facts(rounds, seconds), _floor(taken), _void(void), table(figures)))
    _tell(f"\n{text}\n")
    if not options.quick and (options.rough or not void):
        write_into(PAGE, text)
    if void:
        return 2
    return 1 if any(figure.verdict == "missed" for figure in figures) else 0


def _facts(rounds: int, seconds: float) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy", "gunicorn"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, {versions}, "
        f"SQLite {SQLITE_VERSION}; median of {rounds} rounds of {seconds:g} s."
    )


def _floor(taken: Rounds) -> str:
    said = ", ".join(
        f"{name.removeprefix('floor_')} {plain(taken.cpu_ms(name))} ms CPU (at most {plain(most)})"
        for name, most in FLOOR_MOST.items()
    )
    return f"Floor: {said}."


def _void(reasons: list[str]) -> str:
    if not reasons:
        return "The run is valid: the floor reached its own bars and other programs kept still."
    return f"**The run is void**, its figures are rough: {'; '.join(reasons)}."


if __name__ == "__main__":
    sys.exit(main())
