"""How many standings begin and are over on which day: kept with the rows, summed by who asks.

A day is counted three times: in its own row, in that of its month and in that of its year. So the
number of standings on a day is a sum over the years before its year, the months of the year before
its month, and the days of the month up to it: some forty rows, however long the history.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, func, select, union_all

from innocap_lms.extensions import db, upsert
from innocap_lms.requirements.models import ALL, PEOPLE, Tally
from innocap_lms.requirements.overall import Spell

DAY, MONTH, YEAR = 0, 1, 2
_END: Final = date.max.toordinal()  # an end that never comes is not counted
_COLUMNS: Final = ("requirement", "place", "step", "day", "state")
_table: Any = Tally.__table__.c


class Tallies:
    """What is to be added to the table."""

    def __init__(self) -> None:
        self._found: defaultdict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0])

    def standing(
        self, requirement: int, place: int, state: int, days: tuple[int, int], number: int
    ) -> None:
        """So many standings more, or fewer, from the one day up to, not including, the other."""
        self._add(requirement, ALL, state, days, number)
        self._add(ALL, place, state, days, number)

    def spell(self, spell: Spell, number: int) -> None:
        """So many people more, or fewer, who have something in these groups."""
        self._add(PEOPLE, spell.place, spell.groups, (spell.since, spell.until), number)

    def _add(
        self, requirement: int, place: int, state: int, days: tuple[int, int], number: int
    ) -> None:
        for edge, day in enumerate(days):
            if day < _END:
                for step, first in enumerate(_firsts(day)):
                    self._found[requirement, place, step, first, state][edge] += number

    def write(self) -> None:
        """Add them. In a write transaction."""
        rows = [
            {
                **dict(zip(_COLUMNS, key, strict=True)),
                "day": date.fromordinal(key[3]),
                "begun": begun,
                "over": over,
            }
            for key, (begun, over) in sorted(self._found.items())
            if begun or over
        ]
        if rows:
            statement = upsert(Tally.__table__)
            statement = statement.on_conflict_do_update(
                index_elements=_COLUMNS,
                set_={
                    "begun": _table.begun + statement.excluded.begun,
                    "over": _table.over + statement.excluded.over,
                },
            )
            db.session.connection().execute(statement, rows)


@cache
def _firsts(day: int) -> tuple[int, int, int]:
    """The day, the first of its month, the first of its year: as numbers."""
    its = date.fromordinal(day)
    return day, its.replace(day=1).toordinal(), its.replace(month=1, day=1).toordinal()


def up_to(day: date, *wanted: ColumnElement[bool]) -> Subquery:
    """Requirement, place, state and number of standings on a day, of the tallies that are wanted.
    What is over on the day is not there any more."""
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    parts = [
        _changes(wanted, *part)
        for part in (
            (_table.step == YEAR, _table.day < year),
            (_table.step == MONTH, _table.day >= year, _table.day < month),
            (_table.step == DAY, _table.day >= month, _table.day <= day),
        )
    ]
    found = union_all(*parts).subquery()
    what = (found.c.requirement, found.c.place, found.c.state)
    return select(*what, func.sum(found.c.change).label("number")).group_by(*what).subquery()


def _changes(wanted: Iterable[ColumnElement[bool]], *days: ColumnElement[bool]) -> Select[Any]:
    change = (_table.begun - _table.over).label("change")
    what = (_table.requirement, _table.place, _table.state)
    return select(*what, change).where(*wanted, *days)
