"""Which standings are looked at: in the viewer's scope, through a lens. Conditions, no reads of
people; every page, file and count of follow-up goes through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from innocap_lms.hr.branches import units_below
from innocap_lms.people.models import Person, Unit
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.requirements.models import (
    GROUP_BITS,
    STILL_KNOWN,
    NumberedPerson,
    NumberedPlace,
    NumberedRequirement,
    Overall,
    Standing,
)
from innocap_lms.requirements.periods import GROUPS, State

UNIT_ID = case(  # of a place: "" for the whole organisation
    (NumberedPlace.id == NumberedPlace.organisation_id, ""), else_=NumberedPlace.id
)


@dataclass(frozen=True)
class Lens:
    """What is looked at. `known` is the last place in the ledger that was known by the end of the
    day, see `known_days.place_on`, for a day as it was shown then; None: all that is known now.
    Empty means everything in the viewer's scope."""

    day: date
    known: int | None = None
    organisation: str = ""
    unit: str = ""
    requirement: str = ""
    state: str = ""  # one of the ten, or one of the four groups
    name: str = ""

    @property
    def shown(self) -> bool:
        """Whether the day is looked at as it was shown then."""
        return self.known is not None


def holding(viewer: Viewer, lens: Lens, *, of_each: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on standings: in scope, on the day, as known; `of_each` where they are asked
    for person by person."""
    found = [
        *seen(viewer, lens, of_each=of_each),
        Standing.valid_from <= lens.day,
        Standing.valid_until > lens.day,
    ]
    if lens.state:
        found.append(Standing.state.in_(states_of(lens.state)))
    if lens.shown and not of_each:
        # No index is of what is no longer known: by its people it is found without going through
        # all that ever was.
        everything = replace(lens, state="", requirement="")
        found.append(
            Standing.person.in_(select(Overall.person).where(*holding_any(viewer, everything)))
        )
    return found


def seen(viewer: Viewer, lens: Lens, *, of_each: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on standings of whatever day and state: in scope, as known."""
    found = in_places(viewer, lens, Standing.place, of_each=of_each)
    if lens.known is None:
        found.append(STILL_KNOWN)
    else:
        found += [Standing.known_from <= lens.known, Standing.known_until > lens.known]
    if lens.requirement:
        found.append(Standing.requirement == _number(lens.requirement))
    return found


def holding_any(viewer: Viewer, lens: Lens, *, of_each: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on Overall: people with a standing of a group, or any. For a lens on no
    requirement and not on one of the ten states, see `is_overall`."""
    return [
        Overall.shown == lens.shown,
        *in_places(viewer, lens, Overall.place, of_each=of_each),
        Overall.groups.in_(with_group(lens.state)),
        Overall.valid_from <= lens.day,
        Overall.valid_until > lens.day,
    ]


def is_overall(lens: Lens) -> bool:
    """Whether the rows of Overall say who is looked at."""
    return not lens.requirement and lens.state in ("", *GROUP_BITS)


def in_places(
    viewer: Viewer, lens: Lens, place: Any, *, of_each: bool = False
) -> list[ColumnElement[bool]]:
    """The condition on a place: none where all of the site is in scope.

    Person by person the key of people is to be used: the function around the place keeps SQLite
    from going through all that is in a place for each of them.
    """
    where = _places(viewer, lens)
    if where is None:
        return []
    return [(func.coalesce(place, 0) if of_each else place).in_(where)]


def _places(viewer: Viewer, lens: Lens) -> Select[int] | None:
    """The numbers of the places in scope; None where that is all of the site."""
    if not lens.organisation and not lens.unit and viewer.has("admin"):
        return None
    path = select(Unit.path).where(Unit.id == NumberedPlace.id).scalar_subquery()
    found = [hr_scope(viewer, NumberedPlace.organisation_id, path)]
    if lens.organisation:
        found.append(NumberedPlace.organisation_id == lens.organisation)
    if lens.unit:
        found.append(NumberedPlace.id.in_(units_below(lens.unit, lens.day, lens.known)))
    return select(NumberedPlace.number).where(*found)


def is_whole(viewer: Viewer, lens: Lens) -> bool:
    """Whether organisations are looked at as a whole, and not some of their units."""
    return not lens.unit and (viewer.has("admin") or not viewer.has("manager"))


def required_in_whole(viewer: Viewer, lens: Lens) -> Select[int]:
    """The numbers of what is required in the organisations that are seen as a whole."""
    found = [hr_scope(viewer, NumberedRequirement.organisation_id, literal(""))]
    if lens.organisation:
        found.append(NumberedRequirement.organisation_id == lens.organisation)
    if lens.requirement:
        found.append(NumberedRequirement.id == lens.requirement)
    return select(NumberedRequirement.number).where(*found)


def of_person(viewer: Viewer, person_id: str, lens: Lens) -> list[ColumnElement[bool]]:
    """The conditions on the standings of one person."""
    number = select(NumberedPerson.number).where(NumberedPerson.id == person_id)
    its = number.scalar_subquery()
    return [Standing.person == its, *holding(viewer, lens, of_each=True)]


def theirs(viewer: Viewer, lens: Lens) -> ColumnElement[bool]:
    """The standings of the Person that a statement around it names."""
    return and_(Standing.person == _its_number(), *holding(viewer, lens, of_each=True))


def is_asked(viewer: Viewer, lens: Lens) -> ColumnElement[bool]:
    """That the Person whom a statement names is looked at: a look-up for each of them."""
    if is_overall(lens):
        rows = select(literal(1)).where(
            Overall.person == _its_number(), *holding_any(viewer, lens, of_each=True)
        )
    else:
        rows = select(literal(1)).where(theirs(viewer, lens))
    return rows.correlate(Person.__table__).exists()


def is_among_asked(viewer: Viewer, lens: Lens) -> ColumnElement[bool]:
    """The same, for where few are: they are all looked up first."""
    if is_overall(lens):
        people = select(Overall.person).where(*holding_any(viewer, lens))
    else:
        people = select(Standing.person).where(*holding(viewer, lens))
    return Person.id.in_(select(NumberedPerson.id).where(NumberedPerson.number.in_(people)))


def _its_number() -> Any:
    number = select(NumberedPerson.number).where(NumberedPerson.id == Person.id)
    return number.correlate(Person.__table__).scalar_subquery()


def _number(requirement_id: str) -> Any:
    its = NumberedRequirement.id == requirement_id
    return select(NumberedRequirement.number).where(its).scalar_subquery()


def states_of(wanted: str) -> list[State]:
    """The states of a group, or the one; all for ""."""
    return [state for state, group in GROUPS.items() if wanted in ("", state, group)]


def with_group(group: str) -> Sequence[int]:
    """The sums of bits that hold a group's; all for ""."""
    bits = GROUP_BITS.get(group, 15)
    return [groups for groups in range(1, 16) if groups & bits]
