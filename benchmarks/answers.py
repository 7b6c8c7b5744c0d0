"""Item analysis over a million answers, on SQLite and on PostgreSQL, each in a site of its own.

`python -m benchmarks.answers` measures this part alone.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from benchmarks.bars import Figure, table
from benchmarks.material import COURSES, SENTENCES, turned, write_plugin
from benchmarks.postgres import postgres
from innocap_lms import clock
from innocap_lms.analysis.items import item_analysis
from innocap_lms.app import create_app
from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import EditionView, offering, quiz_keys
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.learning.responses import item_of
from innocap_lms.migrations import steps
from innocap_lms.people.models import Person

COURSE = COURSES[0]
QUESTIONS, ATTEMPTS = 200, 5000
OPTIONS = ("first", "second", "third", "fourth")  # the first is right
TIMES = 5
COLUMNS = ("attempt_id", "position", "item", "chosen", "share", "rest", "seconds")
COUNT = text("SELECT count(*) FROM response WHERE item >= 0")
Row = tuple[Any, ...]


def measure(folder: Path, tell: Callable[[str], None]) -> list[Figure]:
    """A figure for each database that can run here."""
    write_plugin(folder / "plugins")
    for language in ("sv", "en"):
        quiz = folder / "plugins" / "bench" / "courses" / COURSE / f"final.quiz.{language}.md"
        quiz.write_text(quiz_text(language), encoding="utf-8")
    tell(f"item analysis: {QUESTIONS * ATTEMPTS:,} answers …")
    figures = [_measured("items_sqlite", _site(folder, "sqlite", ""))]
    with postgres() as (database, _process):
        figures.append(_measured("items_postgres", _site(folder, "pg", database)))
    return figures


def quiz_text(language: str) -> str:
    """A graded quiz of QUESTIONS questions with four options each."""
    parts = ["---\nid: final\ntitle: Final quiz\nuse: graded\npass: 80 %\n---\n"]
    for place in range(1, QUESTIONS + 1):
        parts.append(f"## Case {place} ({language})? {{#case-{place} outcome=first-outcome}}\n")
        for option, words in turned(list(zip(OPTIONS, SENTENCES, strict=False)), place):
            mark = "x" if option == OPTIONS[0] else " "
            parts.append(f"- [{mark}] {words} {{#{option}}}")
        parts.append("")
    return "\n".join(parts)


def _site(folder: Path, name: str, url: str) -> Flask:
    settings = Settings(
        data_dir=folder / name,
        database_url=url,
        secret_key=new_id() * 2,
        relay=False,
        plugin_dirs=(folder / "plugins",),
    )
    settings.data_dir.mkdir(parents=True)
    return create_app(settings)


def _measured(key: str, app: Flask) -> Figure:
    """The median time of the whole analysis, the first one included."""
    with app.app_context():
        steps.upgrade()
        host = app.extensions["innocap_host"]
        published = list(publish_sources(host, folder_of(app), only=[COURSE]))
        if any(report.problems or report.refused for report in published):
            raise RuntimeError(f"the course to measure cannot be published: {published}")
        _fill()
    with _closed(app):
        times = [_once(app) for _time in range(TIMES)]
        counted = statistics.median(_count(app) for _time in range(TIMES))
    median = statistics.median(times)
    note = f"first {times[0]:.2f} s; {median / counted:.1f} times what counting the rows takes"
    return Figure(key, median, note)


def folder_of(app: Flask) -> Path:
    """Where the site keeps the files of courses."""
    place: Path = app.extensions["innocap_settings"].data_dir / "files"
    return place


@contextmanager
def _closed(app: Flask) -> Iterator[None]:
    """Leave no connection behind: a server that is stopped waits for none."""
    try:
        yield
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _once(app: Flask) -> float:
    with app.app_context():
        edition = _edition()
        kinds = app.extensions["innocap_host"].kinds
        began = time.perf_counter()
        (quiz,) = item_analysis(edition, kinds)
        seconds = time.perf_counter() - began
    answers = sum(item.figures.count for item in quiz.items)
    if answers != QUESTIONS * ATTEMPTS:
        raise RuntimeError(f"{answers} answers were analysed")
    return seconds


def _count(app: Flask) -> float:
    with app.app_context():
        began = time.perf_counter()
        db.session.execute(COUNT).scalar_one()
        return time.perf_counter() - began


def _edition() -> EditionView:
    found = offering(COURSE)
    if found is None:
        raise RuntimeError(f"{COURSE} is not in service")
    return found.edition


def _fill() -> None:
    """Attempts of as many people, half of them in each language, and their answers."""
    edition = _edition()
    attempts = [new_id() for _one in range(ATTEMPTS)]
    with writing():
        _write_attempts(edition, attempts)
    with writing():
        _write_responses(_responses(_items(edition), attempts))
    if db.engine.dialect.name == "postgresql":  # what its own housekeeping would have done
        engine = db.engine.execution_options(
            isolation_level="AUTOCOMMIT", postgresql_readonly=False
        )
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE response"))


def _write_attempts(edition: EditionView, attempts: list[str]) -> None:
    now = clock.utcnow() - timedelta(days=1)
    people = [
        {
            "id": new_id(),
            "name": f"Person {n}",
            "email": f"person{n}@example.org",
            "language": "sv",
            "created_at": now,
        }
        for n in range(len(attempts))
    ]
    named = {"edition_id": edition.id, "fingerprint": edition.course.fingerprint, "language": "sv"}
    enrolments = [
        {
            **named,
            "id": new_id(),
            "person_id": person["id"],
            "course_id": COURSE,
            "organisation_id": None,
            "unit_id": None,
            "enrolled_at": now,
        }
        for person in people
    ]
    rows = [
        {
            **named,
            "id": attempt,
            "enrolment_id": enrolment["id"],
            "quiz_id": "final",
            "number": 1,
            "asked": [],
            "started_at": now,
            "submitted_at": now,
        }
        for attempt, enrolment in zip(attempts, enrolments, strict=True)
    ]
    for model, values in ((Person, people), (Enrolment, enrolments), (Attempt, rows)):
        db.session.execute(insert(model), values)


def _items(edition: EditionView) -> list[list[int]]:
    """The items of each question, in Swedish and in English."""
    (quiz,) = edition.course.quizzes
    keys = quiz_keys(edition.id, quiz.id)
    return [
        [item_of(edition, quiz, question, language, keys[question.id]) for language in ("sv", "en")]
        for question in quiz.questions
    ]


def _responses(items: list[list[int]], attempts: list[str]) -> Iterator[Row]:
    """Rows of a class whose members differ, so that there is something to find. Asks the database
    nothing: it is busy taking them."""
    chance = random.Random(2026)
    spelled = [json.dumps([option]) for option in OPTIONS]
    for number, attempt in enumerate(attempts):
        ability = chance.uniform(0.4, 0.95)
        marks = [1.0 if chance.random() < ability else 0.0 for _item in items]
        earned = sum(marks)
        for position, (item, mark) in enumerate(zip(items, marks, strict=True)):
            chosen = spelled[0] if mark else spelled[chance.randint(1, 3)]
            rest = (earned - mark) / (len(marks) - 1)
            seconds = min(600, round(chance.lognormvariate(3.4, 0.7)))
            yield attempt, position, item[number % 2], chosen, mark, rest, seconds


def _write_responses(rows: Iterator[Row]) -> None:
    """In bulk, as each database does it quickest."""
    connection: Any = db.session.connection().connection
    names = ", ".join(COLUMNS)
    if db.engine.dialect.name == "postgresql":
        with connection.cursor().copy(f"COPY response ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(COLUMNS))
    connection.cursor().executemany(
        f"INSERT INTO response ({names}) VALUES ({places})",
        rows,
    )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="innocap-bench-") as folder:
        figures = measure(Path(folder), lambda line: print(line, flush=True))
    print(table(figures))
    return int(any(figure.verdict == "missed" for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
