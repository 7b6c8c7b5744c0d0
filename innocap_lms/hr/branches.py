"""The units that lie below one, in the tree as it was on a day.

Units are moved, and a report of a past day has to say what it said then. Today's tree is the table
`unit`; that of any other day is what the ledger says of the units.
"""

from datetime import date

from sqlalchemy import Select, select

from innocap_lms.extensions import db
from innocap_lms.people.models import Unit
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.ledger import about_organisation
from innocap_lms.requirements.organisation import NOW, Organisation


def units_below(unit_id: str, day: date, known: int | None) -> list[str]:
    """A unit and all below it on a day, by what was known at a place of the ledger; None: now.

    They are asked for first: as a part of a condition on standings they lead the database to go
    through all of those for each person. Two statements, three for a day that is over. A unit of
    which the ledger does not tell lies where it lies today.
    """
    unit = db.session.execute(
        select(Unit.path, Unit.organisation_id).where(Unit.id == unit_id)
    ).one_or_none()
    if unit is None:
        return []
    if is_now(day, known):
        return list(db.session.scalars(select(Unit.id).where(Unit.path.startswith(unit.path))))
    tree, place = tree_of(unit.organisation_id), NOW if known is None else known
    table = Unit.__table__.c
    units = select(table.id, table.path).where(table.organisation_id == unit.organisation_id)
    return sorted(
        row.id
        for row in db.session.execute(units)
        if f"/{unit_id}/" in (tree.path(row.id, day, place) or row.path)
    )


def within(unit_id: str, last_day: date | None) -> Select[str] | list[str]:
    """The same for a report of the days up to the last, None: up to now. Without a statement of
    its own where that is not over."""
    if last_day is not None and not is_now(last_day, None):
        return units_below(unit_id, last_day, None)
    root = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return select(Unit.id).where(Unit.path.startswith(root))


def is_now(day: date, known: int | None) -> bool:
    """Whether today's tree is the one that is asked for."""
    return known is None and day >= today()


def tree_of(organisation_id: str) -> Organisation:
    """What the ledger says of the units of an organisation. One statement."""
    return Organisation(about_organisation(organisation_id), site_zone())
