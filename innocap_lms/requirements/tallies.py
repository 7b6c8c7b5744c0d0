"""How many standings begin and are over on which day: kept with the rows, summed by who asks.

A day is counted three times: in its own row, in that of its month and in that of its year. So the
number of standings on a day is a sum over the years before its year, the months of the year before
its month, and the days of the month up to it: some forty rows, however long the history.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, func, select, union_all

from innocap_lms.extensions import Base, db, upsert
from innocap_lms.requirements.models import (
    ALL,
    PEOPLE,
    STATE_NUMBERS,
    Foreseen,
    Tally,
    in_numbers,
)
from innocap_lms.requirements.overall import Held, Spell
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.writes import Write

DAY, MONTH, YEAR = 0, 1, 2
_LATE: Final = {number for state, number in STATE_NUMBERS.items() if GROUPS[state] == "late"}
_END: Final = date.max.toordinal()  # an end that never comes is not counted
_tally: Any = Tally.__table__.c
_foreseen: Any = Foreseen.__table__.c

Edges = defaultdict[tuple[int, ...], list[int]]
"""How many begin and are over, by the columns of a table's key."""


def _edges() -> Edges:
    return defaultdict(lambda: [0, 0])


class Tallies:
    """What is to be added to the tables, by day."""

    def __init__(self) -> None:
        self._held, self._foreseen = _edges(), _edges()

    def standing(self, shown: bool, requirement: int, held: Held, number: int) -> None:
        """So many standings more, or fewer, on these days."""
        if held.since < held.until:
            for whose in ((requirement, ALL), (ALL, held.place)):
                for edge, day in enumerate((held.since, held.until)):
                    if day < _END:
                        self._held[shown, *whose, DAY, day, held.state][edge] += number

    def spell(self, shown: bool, spell: Spell, number: int) -> None:
        """So many people more, or fewer, who have something in these groups."""
        for edge, day in enumerate((spell.since, spell.until)):
            if day < _END:
                self._held[shown, PEOPLE, spell.place, DAY, day, spell.groups][edge] += number

    def foresee(self, requirement: int, held: Held, known: int, number: int) -> None:
        """So many late standings more, or fewer, as became known on a day."""
        if held.state in _LATE:
            for whose in ((requirement, ALL), (ALL, held.place)):
                for edge, day in enumerate((held.since, held.until)):
                    if day < _END:
                        month = _firsts(day)[MONTH]
                        self._foreseen[*whose, DAY, known, month, held.state][edge] += number

    def writes(self) -> list[Write]:
        """Statements that add it."""
        dialect = db.engine.dialect.name
        return [
            Write(_adding(Tally, dialect), _in_steps(self._held, 3)),
            Write(_adding(Foreseen, dialect), _in_steps(self._foreseen, 2)),
        ]


def _in_steps(found: Edges, at: int) -> list[tuple[int, ...]]:
    """The rows of days, months and years, in their order, the step standing at a place of the key;
    what comes to nothing is left out."""
    steps = _edges()
    for key, (begun, over) in found.items():
        if begun or over:
            before, after = key[:at], key[at + 2 :]
            for step, first in enumerate(_firsts(key[at + 1])):
                edges = steps[*before, step, first, *after]
                edges[0] += begun
                edges[1] += over
    return [(*key, *edges) for key, edges in sorted(steps.items())]


@cache
def _adding(model: type[Base], _dialect: str) -> Any:
    table = in_numbers(model)
    statement = upsert(table)
    *key, begun, over = table.c
    return statement.on_conflict_do_update(
        index_elements=[each.name for each in key],
        set_={each.name: each + statement.excluded[each.name] for each in (begun, over)},
    )


@cache
def _firsts(day: int) -> tuple[int, int, int]:
    """The day, the first of its month, the first of its year: as numbers."""
    its = date.fromordinal(day)
    return day, its.replace(day=1).toordinal(), its.replace(month=1, day=1).toordinal()


def _up_to(table: Any, day: date) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """The years before the day's, the months of its year before its month, the days of that up to
    it: conditions on rows."""
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    yield table.step == YEAR, table.day < year
    yield table.step == MONTH, table.day >= year, table.day < month
    yield table.step == DAY, table.day >= month, table.day <= day


def up_to(day: date, *wanted: ColumnElement[bool]) -> Subquery:
    """Requirement, place, state and number of standings on a day, of the tallies that are wanted.
    What is over on the day is not there any more."""
    what = (_tally.requirement, _tally.place, _tally.state)
    change = (_tally.begun - _tally.over).label("change")
    found = _all(select(*what, change).where(*wanted, *days) for days in _up_to(_tally, day))
    by = (found.c.requirement, found.c.place, found.c.state)
    return select(*by, func.sum(found.c.change).label("number")).group_by(*by).subquery()


def foreseen_by(day: date, *wanted: ColumnElement[bool]) -> Subquery:
    """Month, state, begun and over of what was known by the end of a day."""
    what = (_foreseen.month, _foreseen.state, _foreseen.begun, _foreseen.over)
    return _all(select(*what).where(*wanted, *days) for days in _up_to(_foreseen, day))


def _all(parts: Iterable[Select[Any]]) -> Subquery:
    return union_all(*parts).subquery()
