"""The rounds of a run: every workload once a round, floor and app in turn on the same machine."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.floor import floor_cookies
from benchmarks.load import CONNECTIONS, MOST_OTHERS, Load, Window, Workload
from benchmarks.material import LESSONS
from benchmarks.processes import PeakMemory
from benchmarks.seed import BEGUN, LEARNERS, THEIR_COURSES, Seeded
from benchmarks.servers import Server

FLOOR_PAGES = 120
FLOOR_MOST = {"floor_lesson": 0.9, "floor_attempt": 5.0}  # CPU ms; above it the run is void
REPORT = "/hr/reports/completions"
HR_PAGES, HR_FILES = 5, 2  # taken in each round


@dataclass
class Rounds:
    """What each round gave, by workload."""

    windows: dict[str, list[Window]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    growth: list[float] = field(default_factory=list)

    def median(self, workload: str, what: Callable[[Window], float]) -> float:
        """The middle value over the rounds."""
        return statistics.median(what(window) for window in self.windows[workload])

    def cpu_ms(self, workload: str) -> float:
        """Server CPU milliseconds of a flow."""
        return self.median(workload, lambda window: window.cpu_ms)

    def why_void(self) -> list[str]:
        """Why the figures cannot be compared; empty when they can."""
        reasons = [
            f"{name} took {self.cpu_ms(name):.2f} ms CPU, more than {most} ms"
            for name, most in FLOOR_MOST.items()
            if self.cpu_ms(name) > most
        ]
        for name, windows in self.windows.items():
            busy = statistics.median(window.others for window in windows)
            if busy > MOST_OTHERS:
                reasons.append(f"other programs used {busy:.2f} cores during {name}")
        return reasons


def take_rounds(
    floor: Server,
    app: Server,
    seeded: Seeded,
    grown: Server,
    on_postgres: Seeded,
    database: int,
    *,
    rounds: int,
    seconds: float,
    tell: Callable[[str], None],
) -> Rounds:
    """Run every workload `rounds` times, `seconds` each; `grown` is the site on PostgreSQL, whose
    server is the process `database`."""
    loads = _loads(floor, app, seeded, seconds)
    loads |= _saving_loads(app, seeded, seconds, "")
    loads |= _saving_loads(grown, on_postgres, seconds, "_postgres", database)
    for path in (*loads["lesson"].workload.paths, *loads["compressed"].workload.paths):
        for _time in range(CONNECTIONS):  # so that both processes have rendered each text
            app.get(path, seeded.learners[-1])
    taken = Rounds()
    for turn in range(1, rounds + 1):
        for name, load in loads.items():
            window = load.window()
            taken.windows[name].append(window)
            tell(f"round {turn}: {name:<14} {_said(window)}")
        _lists(app, seeded, taken, turn, tell)
    return taken


def _said(window: Window) -> str:
    return (
        f"{window.cpu_ms:6.2f} ms CPU, p99 {window.p99_ms:5.1f} ms, {window.per_second:6.0f}/s, "
        f"driver {window.driver:.2f}, others {window.others:.2f}, "
        f"PSS {window.pss_mb:.0f} of {window.tree_mb:.0f} MB"
    )


def _loads(floor: Server, app: Server, seeded: Seeded, seconds: float) -> dict[str, Load]:
    guests, learners = floor_cookies(LEARNERS), seeded.learners[:-1]
    half = len(THEIR_COURSES) // 2
    lessons = _addresses(THEIR_COURSES[:half], LESSONS)  # nobody has opened any of these
    more_lessons = _addresses(THEIR_COURSES[half:], LESSONS[BEGUN:])  # nor of these
    quizzes = [f"/courses/{course}/final" for course in THEIR_COURSES]
    floor_lessons = [f"/page/{n}" for n in range(1, FLOOR_PAGES + 1)]

    def load(
        server: Server, flow: str, cookies: list[str], paths: list[str], needs: str, **more: str
    ) -> Load:
        distinct = paths not in (["/me"], ["/quiz/1"])
        work = Workload(flow, server.base, cookies, paths, needs, distinct, **more)
        return Load(work, server.pid, seconds=seconds, warm_up=2.0)

    return {
        "floor_lesson": load(floor, "page", guests, floor_lessons, "Section 6"),
        "lesson": load(app, "page", learners, lessons, "section-6"),
        "compressed": load(app, "page", learners, more_lessons, "section-6", encoding="gzip"),
        "floor_attempt": load(floor, "attempt", guests, ["/quiz/1"], "out of"),
        "attempt": load(app, "attempt", learners, quizzes, "</main>"),
        "home": load(app, "page", learners, ["/me"], "</main>"),
    }


def _saving_loads(
    server: Server, seeded: Seeded, seconds: float, where: str, database: int = 0
) -> dict[str, Load]:
    """Attempts whose answers are saved as they are given: at the usual load, and at 32 learners."""
    quizzes = [f"/courses/{course}/final" for course in THEIR_COURSES]
    people = {
        "saving": seeded.learners[: LEARNERS // 2],
        "save_p99": seeded.learners[LEARNERS // 2 : -1],
    }
    found = {}
    for name, connections in (("saving", CONNECTIONS), ("save_p99", 32)):
        work = Workload("saving", server.base, people[name], quizzes, "</main>", database=database)
        found[name + where] = Load(
            work, server.pid, seconds=seconds, warm_up=4.0, connections=connections
        )
    return found


def _addresses(courses: Sequence[str], lessons: Sequence[str]) -> list[str]:
    return [f"/courses/{course}/{lesson}" for course in courses for lesson in lessons]


def _lists(
    app: Server, seeded: Seeded, taken: Rounds, turn: int, tell: Callable[[str], None]
) -> None:
    for size, cookie in seeded.hr.items():
        for name, path, times in (
            (f"hr_page_{size}", REPORT, HR_PAGES),
            (f"hr_csv_{size}", f"{REPORT}.csv", HR_FILES),
        ):
            app.get(path, cookie)  # both processes meet the page before it counts
            with PeakMemory(app.pid) as memory:
                seconds = [app.get(path, cookie)[1] for _time in range(times)]
            taken.seconds[name].extend(seconds)
            if size == max(seeded.hr) and path.endswith(".csv"):
                taken.growth.append(memory.growth)
            tell(f"round {turn}: {name:<14} {statistics.median(seconds) * 1000:6.0f} ms")
