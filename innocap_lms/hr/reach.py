"""Whose follow-up somebody may open, in which organisations, and in what part of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, case, or_, select, true

from innocap_lms.extensions import db
from innocap_lms.hr import queries, standings
from innocap_lms.hr.scope import Lens
from innocap_lms.people.models import Membership, Organisation, Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import NumberedPerson, NumberedPlace, Standing


@dataclass(frozen=True)
class Reach:
    """A person as reached by a viewer. `decided` are the organisations whose HR the viewer is, or
    of which an administrator; `led` those in which the viewer, not HR there, leads a unit that the
    person is in. Both are names by id, in the order of names. No name where protected."""

    name: str
    decided: dict[str, str]
    led: dict[str, str]


def reach(viewer: Viewer, person_id: str, day: date) -> Reach | None:
    """How a viewer reaches a person on a day; None where not at all.

    HR goes on seeing whoever was theirs, since what was noted has to be answered for. A manager
    does not: who has moved to another unit is followed up there.
    """
    table = Person.__table__.c
    shown = case((table.protected, ""), else_=table.name)
    name: str | None = db.session.scalar(select(shown).where(table.id == person_id))
    if name is None:
        return None
    on_day = standings.organisations_of(viewer, person_id, Lens(day))
    decided, led = dict[str, str](), dict[str, str]()
    for where, organisation in _belonging(person_id).items():
        if decides_in(viewer, where):
            decided[where] = organisation
        elif where in on_day:
            led[where] = organisation
    return Reach(name, decided, led) if decided or led else None


def _belonging(person_id: str) -> dict[str, str]:
    """The organisations a person is or was of, whether or not anything was ever required there:
    what is required may depend on what is noted first."""
    members = select(Membership.organisation_id).where(Membership.person_id == person_id)
    asked = (
        select(NumberedPlace.organisation_id)
        .join(Standing, Standing.place == NumberedPlace.number)
        .join(NumberedPerson, NumberedPerson.number == Standing.person)
        .where(NumberedPerson.id == person_id)
    )
    table: Any = Organisation.__table__.c
    theirs = or_(table.id.in_(members), table.id.in_(asked))
    rows = db.session.execute(select(table.id, table.name).where(theirs).order_by(table.name))
    return {row.id: row.name for row in rows}


def decides_in(viewer: Viewer, organisation_id: str) -> bool:
    """Whether the viewer says what an organisation requires, and of whom not: its HR, and
    administrators."""
    return any(
        role.name == "admin"
        or (role.name == "hr" and role.unit_id is None and role.organisation_id == organisation_id)
        for role in viewer.roles
    )


def decided_by(viewer: Viewer, organisation_id: Any) -> ColumnElement[bool]:
    """The same as a condition on a column that names an organisation."""
    if viewer.has("admin"):
        return true()
    own = (r.organisation_id for r in viewer.roles if r.name == "hr" and r.unit_id is None)
    return cast("ColumnElement[bool]", organisation_id.in_(sorted(filter(None, own))))


def sees_unit(viewer: Viewer, organisation_id: str) -> Callable[[str | None], bool]:
    """Tells of a unit whether the viewer may see what was while people belonged to it. One
    statement."""
    if decides_in(viewer, organisation_id):
        return lambda _unit_id: True
    own = {place.unit_id for place in queries.places(viewer)} - {""}
    return lambda unit_id: unit_id in own
