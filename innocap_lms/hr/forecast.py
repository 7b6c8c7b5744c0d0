"""Standings over time: how many are late at the end of each month, and what lapses when.

Periods reach into the future, so a forecast is a look-up: what will be if nothing more happens.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import func, select

from innocap_lms.extensions import db
from innocap_lms.hr import tallied
from innocap_lms.hr.scope import Lens, seen, states_of
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import Standing

BACK, AHEAD = 6, 12  # months shown before and after the day


class Month(NamedTuple):
    """The first day of a month; how many standings are late as it ends, how many lapse in it."""

    first: date
    late: int
    lapsing: int


def months(viewer: Viewer, lens: Lens) -> list[Month]:
    """The months around the lens's day. Two statements."""
    firsts = list(_firsts(lens.day))
    is_tallied = tallied.are_by_requirement(viewer, lens) or tallied.are_by_place(lens)
    turns = tallied.by_month if is_tallied else _counted
    late, expired = turns(viewer, lens, "late"), turns(viewer, lens, "expired")
    return [
        Month(
            first,
            sum(begun - over for turn, begun, over in late if turn < after),
            sum(begun for turn, begun, _over in expired if first <= turn < after)
            if first >= firsts[BACK]
            else 0,
        )
        for first, after in pairwise(firsts)
    ]


Turns = list[tuple[date, int, int]]
"""Within which month, by its first day, how many standings begin and how many are over."""


def _counted(viewer: Viewer, lens: Lens, state: str) -> Turns:
    found: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for edge, column in enumerate((Standing.valid_from, Standing.valid_until)):
        rows = db.session.execute(
            select(column, func.count())
            .where(*seen(viewer, lens), Standing.state.in_(states_of(state)))
            .group_by(column)
        )
        for day, number in rows:
            found[day.replace(day=1)][edge] += number
    return [(first, begun, over) for first, (begun, over) in found.items()]


def _firsts(day: date) -> Iterator[date]:
    """The first days of the months around a day, and the one after them all."""
    number = day.year * 12 + day.month - 1
    for each in range(number - BACK, number + AHEAD + 2):
        year, month = divmod(each, 12)
        yield date(year, month + 1, 1)
