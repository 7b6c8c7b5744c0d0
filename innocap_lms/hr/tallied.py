"""Counts of standings as sums over tallies: few rows, however many people there are.

Tallies are of a requirement in all places, or of a place by all requirements: as is known now, and
as was shown on each day. Whatever else is asked for is counted of the rows, in `standings` and
`forecast`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from innocap_lms.extensions import db
from innocap_lms.hr.scope import (
    UNIT_ID,
    Lens,
    in_places,
    is_whole,
    required_in_whole,
    states_of,
    with_group,
)
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import (
    ALL,
    GROUP_BITS,
    PEOPLE,
    STATE_NUMBERS,
    STATES,
    Foreseen,
    NumberedPlace,
    NumberedRequirement,
    Tally,
)
from innocap_lms.requirements.tallies import MONTH, foreseen_by, up_to


def are_by_requirement(viewer: Viewer, lens: Lens) -> bool:
    """Whether tallies of requirements hold all that is looked at, and nothing else."""
    return is_whole(viewer, lens)


def are_by_place(lens: Lens) -> bool:
    """The same of places."""
    return not lens.requirement


def by_requirement(viewer: Viewer, lens: Lens) -> Iterator[tuple[str, str, int]]:
    """Requirement, state and number of standings on the day. One statement."""
    found = up_to(lens.day, Tally.shown == lens.shown, *_of_requirements(viewer, lens))
    yield from _numbers(
        select(NumberedRequirement.id, found.c.state, found.c.number).join(
            NumberedRequirement, NumberedRequirement.number == found.c.requirement
        )
    )


def by_unit(viewer: Viewer, lens: Lens) -> Iterator[tuple[str, str, int]]:
    """Unit, state and number of standings on the day; "" for whole organisations. One
    statement."""
    found = up_to(lens.day, Tally.shown == lens.shown, *_of_places(viewer, lens))
    yield from _numbers(
        select(UNIT_ID, found.c.state, found.c.number).join(
            NumberedPlace, NumberedPlace.number == found.c.place
        )
    )


def _of_requirements(
    viewer: Viewer, lens: Lens, kept: type[Tally | Foreseen] = Tally
) -> list[ColumnElement[bool]]:
    in_scope = kept.requirement.in_(required_in_whole(viewer, lens))
    return [in_scope, kept.place == ALL, _in_state(lens, kept)]


def _of_places(
    viewer: Viewer, lens: Lens, kept: type[Tally | Foreseen] = Tally
) -> list[ColumnElement[bool]]:
    where = in_places(viewer, lens, kept.place)
    return [kept.requirement == ALL, *where, _in_state(lens, kept)]


def _in_state(lens: Lens, kept: type[Tally | Foreseen]) -> ColumnElement[bool]:
    return kept.state.in_([STATE_NUMBERS[state] for state in states_of(lens.state)])


def _numbers(query: Any) -> Iterator[tuple[str, str, int]]:
    for its_id, state, number in db.session.execute(query):
        if number:
            yield its_id, STATES[state], number


def people(viewer: Viewer, lens: Lens) -> tuple[int, int]:
    """How many people have a standing of the group that is looked at, and how many a late one of
    it; within one organisation, where nobody is in two places. One statement."""
    found = up_to(
        lens.day,
        Tally.shown == lens.shown,
        Tally.requirement == PEOPLE,
        *in_places(viewer, lens, Tally.place),
        Tally.state.in_(with_group(lens.state)),
    )
    is_late = lens.state in ("", "late")
    late = case((found.c.state.bitwise_and(GROUP_BITS["late"]) != 0, found.c.number), else_=0)
    row = db.session.execute(select(func.sum(found.c.number), func.sum(late))).one()
    asked, behind = (int(number or 0) for number in row)  # PostgreSQL's sums of sums are decimals
    return asked, behind if is_late else 0


def late_by_month(viewer: Viewer, lens: Lens) -> list[tuple[date, str, int, int]]:
    """By the first day of each month and each state that is late, how many standings begin in the
    month, and how many are over. One statement."""
    lens, kept = replace(lens, state="late"), Foreseen if lens.shown else Tally
    of_requirements = are_by_requirement(viewer, lens)
    wanted = (_of_requirements if of_requirements else _of_places)(viewer, lens, kept)
    found: Any
    if lens.shown:
        found = foreseen_by(lens.day, *wanted).c
    else:
        columns = (Tally.day.label("month"), Tally.state, Tally.begun, Tally.over)
        monthly = (Tally.shown.is_(False), Tally.step == MONTH)
        found = select(*columns).where(*wanted, *monthly).subquery().c
    rows = db.session.execute(
        select(found.month, found.state, func.sum(found.begun), func.sum(found.over)).group_by(
            found.month, found.state
        )
    )
    return [(row[0], STATES[row[1]], int(row[2]), int(row[3])) for row in rows]
