"""People in the order in which something is to be done about them."""

from typing import Any, Final

from sqlalchemy import Integer, case, func, select, type_coerce

from innocap_lms.hr.paging import Order
from innocap_lms.hr.scope import Lens, theirs
from innocap_lms.hr.sorting import is_from_end
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import STATE_NUMBERS, Standing
from innocap_lms.requirements.periods import GROUPS, Group

OPEN: Final[tuple[Group, ...]] = ("late", "to_do")  # groups in which something is to be done
URGENCY: Final[tuple[Group, ...]] = (*OPEN, "paused", "in_order")
A_GROUP: Final = 10_000_000  # more than any day's number
LAST: Final = len(URGENCY) * A_GROUP  # of whom nothing is asked


def by_requirement(viewer: Viewer, lens: Lens, sort: str) -> Order:
    """By how people stand towards the requirement of the lens, whatever its state: late, to do,
    paused, in order, not asked; in each group the nearest last day first."""
    ranks = {STATE_NUMBERS[state]: URGENCY.index(group) for state, group in GROUPS.items()}
    rank = case(ranks, value=type_coerce(Standing.state, Integer))
    first = func.min(rank * A_GROUP + type_coerce(Standing.deadline, Integer))
    return _by(first, theirs(viewer, lens), sort)


def by_nearest_day(viewer: Viewer, lens: Lens, sort: str) -> Order:
    """By the nearest last day of what is to do or late."""
    states = [state for state, group in GROUPS.items() if group in OPEN]
    first = func.min(type_coerce(Standing.deadline, Integer))
    return _by(first, theirs(viewer, lens) & Standing.state.in_(states), sort)


def _by(first: Any, which: Any, sort: str) -> Order:
    found = select(first).where(which).correlate(Person.__table__).scalar_subquery()
    return Order(func.coalesce(found, LAST), is_from_end(sort))
