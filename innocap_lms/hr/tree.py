"""The tree of units as it was on a day.

Units are moved and named anew, and a report of a past day has to say what it said then. Today's
tree is the table `unit`; that of any other day is what the ledger says of the units.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.hr.queries import Place
from innocap_lms.people.models import Unit
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.ledger import about_organisation
from innocap_lms.requirements.organisation import NOW, Organisation


def units_below(unit_id: str, day: date, known: int | None) -> list[str]:
    """A unit and all below it on a day, by what was known at a place of the ledger; None: now.

    They are asked for first: as a part of a condition on standings they lead the database to go
    through all of those for each person. Two statements, three for a day that is over.
    """
    unit = db.session.execute(
        select(Unit.path, Unit.organisation_id).where(Unit.id == unit_id)
    ).one_or_none()
    if unit is None:
        return []
    if _is_now(day, known):
        return list(db.session.scalars(select(Unit.id).where(Unit.path.startswith(unit.path))))
    tree = _tree(unit.organisation_id)
    place = NOW if known is None else known
    return sorted(each for each in tree.units() if f"/{unit_id}/" in tree.path(each, day, place))


def as_on(places: Sequence[Place], day: date, known: int | None) -> list[Place]:
    """Places with the paths and names that their units had on a day. One statement for each
    organisation, none for today."""
    if _is_now(day, known):
        return list(places)
    tree_of, at = cache(_tree), NOW if known is None else known

    def then(place: Place) -> Place:
        tree = tree_of(place.organisation_id)
        path, name = tree.path(place.unit_id, day, at), tree.name(place.unit_id, day, at)
        return replace(place, path=path or place.path, unit=name or place.unit)

    return [then(place) if place.unit_id else place for place in places]


def _is_now(day: date, known: int | None) -> bool:
    return known is None and day >= today()


def _tree(organisation_id: str) -> Organisation:
    return Organisation(about_organisation(organisation_id), site_zone())
