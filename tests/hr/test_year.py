"""A year in two municipalities, told day by day, and the matrix that HR sees of twelve of its days.

`year/story.py` says what happens, `year/known.txt`, `year/shown.txt` and `year/why.txt` what has to
come of it: all three were written by hand.
"""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.requirements import following
from tests.hr.year.story import NORTHBY, SOUTHBY, TODAY, YEAR
from tests.hr.year.town import STOCKHOLM, Town, publish_courses
from tests.requirements.test_following import follow, rows

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
Line = dict[str, str]  # the unit, and the standing towards each requirement that asks for anything
Matrix = dict[tuple[str, str, str], Line]  # by day, organisation and name

HERE = Path(__file__).parent / "year"
GAP = re.compile(r" {2,}")
TITLES = {"The walker": "walker"}


@pytest.fixture
def year(app: Flask, browser_of: BrowserOf, clock_at: At, tmp_path: Path) -> Town:
    """The site after the year, with standings that followed it step by step."""
    publish_courses(app, tmp_path)
    town, relay = Town(app, browser_of), app.extensions["innocap_relay"]
    relay.repeating = ()  # standings follow below, and nobody's profile is disposed of
    for when, what, *said in YEAR:
        terms: dict[str, Any] = said.pop() if said and isinstance(said[-1], dict) else {}
        with clock_at(moment(when)):
            with app.app_context():
                what(town, *said, **terms)
            relay.run_due()
            with app.app_context():
                follow()
    return town


def moment(when: str) -> datetime:
    """Of a day, and noon, or a day and an hour, in Stockholm."""
    found = datetime.fromisoformat(when)
    if len(when) == len("2025-01-31"):
        found = datetime.combine(found.date(), time(12))
    return found.replace(tzinfo=STOCKHOLM).astimezone(UTC)


def lines_of(name: str) -> list[list[str]]:
    """The lines of a file, each as its parts."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [GAP.split(line) for line in lines if line and not line.startswith("#")]


def written(name: str) -> Matrix:
    """The matrix that a file holds."""
    found: Matrix = {}
    day, head = "", [""]
    for parts in lines_of(name):
        if len(parts) == 1:
            day = parts[0]
        elif parts[0] in (NORTHBY, SOUTHBY):
            head = parts
        else:
            cells = dict(zip(head[1:], parts[1:], strict=True))
            line_of = {what: cell for what, cell in cells.items() if cell != "-"}
            found[day, head[0], parts[0]] = line_of
    return found


def seen(town: Town, days: list[str], known: str = "") -> Matrix:
    """The matrix of those days as the HR of each organisation takes it home, as CSV."""
    found: Matrix = {}
    for organisation in (NORTHBY, SOUTHBY):
        hr = town.browser(f"HR of {organisation}")
        for day in days:
            answer = hr.get(f"/hr/matrix.csv?on={day}&known={known}")
            assert answer.status_code == 200
            table = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
            titles = next(table)[3::2]
            for name, _id, unit, *cells in table:
                line = {"unit": unit}
                for title, state, last in zip(titles, cells[::2], cells[1::2], strict=True):
                    if state:
                        what = TITLES.get(title, title.split()[0])
                        line[what] = f"{state.lower().removesuffix(' yet')} {last}".strip()
                found[day, organisation, name] = line
    return found


def why_page(town: Town, day: str, known: str, who: str, what: str) -> str:
    """The page of a cell."""
    address = f"/hr/matrix/{town.ids[who]}/{town.ids[f'{NORTHBY} {what}']}"
    answer = town.browser(f"HR of {NORTHBY}").get(f"{address}?on={day}&known={known}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_matrix_of_a_year_is_what_the_rules_say_as_known_today_and_as_shown_that_day(
    year: Town, clock_at: At
) -> None:
    """And it is the same when all of it is thrown away and computed anew."""
    known, differing = written("known.txt"), written("shown.txt")
    days = sorted({day for day, _organisation, _name in known})
    assert len(days) == 12
    with clock_at(moment(TODAY)):
        assert seen(year, days) == known
        shown = seen(year, days, "shown")
        assert shown.keys() == known.keys()
        assert {at: line for at, line in shown.items() if line != known[at]} == differing
        for *cell, why in lines_of("why.txt"):
            assert f"Why?</strong> {why}</p>" in why_page(year, *cell), cell
    with year.app.app_context():
        step_by_step = rows()
        following.rebuild()
        assert rows() == step_by_step
