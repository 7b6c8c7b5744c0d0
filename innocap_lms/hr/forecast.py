"""Standings over time: how many are late at the end of each month, and what lapses when.

Periods reach into the future, so a forecast is a look-up: what will be if nothing more happens.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import func, select

from innocap_lms.extensions import db
from innocap_lms.hr import standings
from innocap_lms.hr.standings import Lens
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import Standing
from innocap_lms.requirements.periods import GROUPS

BACK, AHEAD = 6, 12  # months shown before and after the day


class Month(NamedTuple):
    """The first day of a month; how many standings are late as it ends, how many lapse in it."""

    first: date
    late: int
    lapsing: int


def months(viewer: Viewer, lens: Lens) -> list[Month]:
    """The months around the lens's day. Three statements."""
    firsts = list(_firsts(lens.day))
    begins, ends = _turns(viewer, lens, "valid_from"), _turns(viewer, lens, "valid_until")
    lapses = _lapses(viewer, lens, firsts[BACK], firsts[-1])
    return [
        Month(
            first,
            _before(begins, after) - _before(ends, after),
            _before(lapses, after) - _before(lapses, first),
        )
        for first, after in pairwise(firsts)
    ]


def _before(turns: Iterable[tuple[date, int]], day: date) -> int:
    return sum(number for turn, number in turns if turn < day)


def _turns(viewer: Viewer, lens: Lens, edge: str) -> list[tuple[date, int]]:
    """On which days how many late standings begin, or are over."""
    column = getattr(Standing, edge)
    rows = db.session.execute(
        select(column, func.count())
        .where(*standings.seen(viewer, lens), Standing.state.in_(_late()))
        .group_by(column)
    )
    return [(row[0], row[1]) for row in rows]


def _lapses(viewer: Viewer, lens: Lens, first: date, before: date) -> list[tuple[date, int]]:
    rows = db.session.execute(
        select(Standing.valid_from, func.count())
        .where(
            *standings.seen(viewer, lens),
            Standing.state == "expired",
            Standing.valid_from >= first,
            Standing.valid_from < before,
        )
        .group_by(Standing.valid_from)
    )
    return [(row[0], row[1]) for row in rows]


def _late() -> list[str]:
    return [state for state, group in GROUPS.items() if group == "late"]


def _firsts(day: date) -> Iterator[date]:
    """The first days of the months around a day, and the one after them all."""
    number = day.year * 12 + day.month - 1
    for each in range(number - BACK, number + AHEAD + 2):
        year, month = divmod(each, 12)
        yield date(year, month + 1, 1)
