"""The table: what each workload must reach, what was measured, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MARKERS = "<!-- figures -->", "<!-- end of figures -->"
FOLLOWED = "<!-- follow-up -->", "<!-- end of follow-up -->"


@dataclass(frozen=True)
class Measure:
    """One figure to reach. A share of the floor is better when higher, all else when lower."""

    name: str
    bar: float
    aim: float
    unit: str
    higher: bool = False

    def verdict(self, measured: float) -> str:
        """aim, bar or missed."""
        for word, limit in (("aim", self.aim), ("bar", self.bar)):
            if (measured >= limit) if self.higher else (measured <= limit):
                return word
        return "missed"


def _share(name: str) -> Measure:
    return Measure(name, 0.25, 0.5, "of the floor", higher=True)


def _saving(database: str) -> Measure:
    name = f"full attempt, each of ten answers saved as it is given, {database}"
    return Measure(name, 0.12, 0.2, "of the floor's ten-question capacity", higher=True)


def _waiting(database: str) -> Measure:
    return Measure(f"saving an answer, p99 at 32 learners, {database}", 100, 50, "ms")


MEASURES = {
    "lesson": _share("lesson page, distinct learners and pages, progress recorded"),
    "lesson_p99": Measure("lesson page, p99 at 8 connections", 60, 40, "ms"),
    "attempt": _share("ten-question attempt, start to grade"),
    "attempt_requests": Measure("ten-question attempt, requests", 5, 5, ""),
    "saving": _saving("SQLite"),
    "saving_postgres": _saving("PostgreSQL"),
    "save_p99": _waiting("SQLite"),
    "save_p99_postgres": _waiting("PostgreSQL"),
    "home": _share("home of a learner with 10 courses"),
    "hr_page_1000": Measure("HR list, first page of 100, 1,000 people x 20", 80, 40, "ms"),
    "hr_csv_1000": Measure("HR list, whole CSV, 1,000 x 20", 90, 60, "ms"),
    "hr_page_10000": Measure("HR list, first page of 100, 10,000 people x 20", 100, 60, "ms"),
    "hr_csv_10000": Measure("HR list, whole CSV, 10,000 x 20", 900, 600, "ms"),
    "hr_memory": Measure("HR list, memory above rest while 10,000 x 20 streams", 16, 8, "MB"),
    "items_sqlite": Measure("item analysis of 1,000,000 answers, SQLite", 4, 2, "s"),
    "items_postgres": Measure("item analysis of 1,000,000 answers, PostgreSQL", 2, 1, "s"),
    "check_cold": Measure("course check, 1,000 lessons of 800 words, cold", 10, 6, "s"),
    "check_same": Measure("the same, nothing changed, start included", 0.6, 0.4, "s"),
    "preview": Measure("course preview, from a save to the page in the browser", 300, 150, "ms"),
    "cold": Measure("process start to first page", 1.2, 0.8, "s"),
    "first_requests": Measure("first lesson view, empty cache, requests", 8, 4, ""),
    "first_kb": Measure("first lesson view, over the wire", 60, 30, "KB"),
    "second_requests": Measure("second lesson view, requests", 2, 1, ""),
    "second_kb": Measure("second lesson view, over the wire", 12, 8, "KB"),
    "memory": Measure("memory of 2 worker processes under load (PSS)", 180, 120, "MB"),
    "memory_tree": Measure("the same with gunicorn's own process (PSS)", 180, 120, "MB"),
    "sql_lesson": Measure("SQL statements: lesson, first view", 6, 5, ""),
    "sql_submit": Measure("SQL statements: submit", 12, 11, ""),
    "sql_save": Measure("SQL statements: save an answer", 4, 3, ""),
    "sql_home": Measure("SQL statements: home", 8, 7, ""),
    "sql_hr": Measure("SQL statements: HR list", 5, 4, ""),
}


_FOLLOW_UP = (
    ("dashboard", "dashboard, p95", 300, 150, "ms"),
    ("matrix", "matrix page and requirements, p95", 300, 150, "ms"),
    ("filter", "any filter of the matrix, p95", 500, 250, "ms"),
    ("as_of", "a day 200 days ago, as known today, p95", 600, 300, "ms"),
    ("as_shown", "the same day as shown then, p95", 600, 300, "ms"),
    ("growth", "a page's time compared with 1,000 people, median of five", 1.5, 1.2, "times"),
    ("wide_first", "matrix as CSV, first byte", 1, 0.5, "s"),
    ("wide", "matrix as CSV, whole (a tenth of the aim's 40 s and 20 s)", 4, 2, "s"),
    ("wide_memory", "matrix as CSV, peak of the whole process", 200, 150, "MiB"),
    ("changed", "one requirement of everybody changed, all followed", 120, 60, "s"),
    ("lock", "the same, longest write transaction", 50, 25, "ms"),
    ("beside", "lesson page, p99 meanwhile compared with idle", 2, 1.5, "times"),
)
for _database, _name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
    for _key, _what, _bar, _aim, _unit in _FOLLOW_UP:
        MEASURES[f"{_key}_{_database}"] = Measure(f"{_what}, {_name}", _bar, _aim, _unit)
    MEASURES[f"long_{_database}"] = Measure(
        f"long form as CSV, {_name}", 150_000, 200_000, "lines/s", higher=True
    )


@dataclass(frozen=True)
class Figure:
    """A measured value of `MEASURES[key]`, with a note on how it came about."""

    key: str
    value: float
    note: str = ""

    @property
    def verdict(self) -> str:
        return MEASURES[self.key].verdict(self.value)


def plain(value: float) -> str:
    """A number as short as it can be said: 0.42, 12.3, 640, 8."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| workload | bar | aim | measured | verdict |", "|---|---|---|---|---|"]
    for figure in figures:
        measure = MEASURES[figure.key]
        said = f"{plain(figure.value)} {measure.unit}".strip()
        note = f" ({figure.note})" if figure.note else ""
        limits = f"{plain(measure.bar)} | {plain(measure.aim)}"
        rows.append(f"| {measure.name} | {limits} | {said}{note} | {figure.verdict} |")
    return "\n".join(rows)


def write_into(page: Path, text: str, markers: tuple[str, str] = MARKERS) -> None:
    """Put `text` between the markers of a page. Raises ValueError when they are not there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(markers[0])
    _old, end, after = rest.partition(markers[1])
    if not begin or not end:
        raise ValueError(f"{page.name} lacks {markers[0]} … {markers[1]}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
