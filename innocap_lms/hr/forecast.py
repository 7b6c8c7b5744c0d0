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
    """The months around the lens's day. One statement, two where the standings are counted."""
    firsts = list(_firsts(lens.day))
    is_tallied = tallied.are_by_requirement(viewer, lens) or tallied.are_by_place(lens)
    turns = (tallied.late_by_month if is_tallied else _counted)(viewer, lens)
    late = dict.fromkeys(firsts, 0)
    lapsing = dict(late)
    for turn, state, begun, over in turns:
        for first, after in pairwise(firsts):
            late[first] += (begun - over) * (turn < after)
        if state == "expired" and turn in lapsing and turn >= firsts[BACK]:
            lapsing[turn] += begun
    return [Month(first, late[first], lapsing[first]) for first in firsts[:-1]]


def _counted(viewer: Viewer, lens: Lens) -> list[tuple[date, str, int, int]]:
    """What `tallied.late_by_month` gives, of the standings themselves."""
    found: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for edge, column in enumerate((Standing.valid_from, Standing.valid_until)):
        rows = db.session.execute(
            select(column, Standing.state, func.count())
            .where(*seen(viewer, lens), Standing.state.in_(states_of("late")))
            .group_by(column, Standing.state)
        )
        for day, state, number in rows:
            found[day.replace(day=1), state][edge] += number
    return [(first, state, begun, over) for (first, state), (begun, over) in found.items()]


def _firsts(day: date) -> Iterator[date]:
    """The first days of the months around a day, and the one after them all."""
    number = day.year * 12 + day.month - 1
    for each in range(number - BACK, number + AHEAD + 2):
        year, month = divmod(each, 12)
        yield date(year, month + 1, 1)
