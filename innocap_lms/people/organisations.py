"""Writes: organisations and their tree of units."""

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError, clean_name, name_problem
from innocap_lms.people.models import Organisation, Unit
from innocap_lms.people.once import flush_once
from innocap_lms.people.trail import note


def create_organisation(
    name: str,
    *,
    country: str = "SE",
    closed_catalogue: bool = False,
    actor_id: str | None = None,
) -> str:
    """A new employer; returns its id. Raises InvalidInputError."""
    organisation = Organisation(
        id=new_id(), name=_checked(name), country=country, closed_catalogue=closed_catalogue
    )
    with flush_once("name", _("There is an organisation with this name already.")):
        db.session.add(organisation)
    note("organisation.added", actor_id, organisation_id=organisation.id, name=organisation.name)
    return organisation.id


def change_organisation(
    organisation_id: str,
    *,
    name: str,
    closed_catalogue: bool,
    country: str | None = None,
    actor_id: str | None = None,
) -> None:
    """Name an organisation anew, open or close its catalogue, note another country (ISO 3166-1
    alpha-2; None: the same). Raises InvalidInputError."""
    organisation = db.session.get_one(Organisation, organisation_id)
    name = _checked(name)
    country = country or organisation.country
    before = organisation.name, organisation.closed_catalogue, organisation.country
    if before == (name, closed_catalogue, country):
        return
    with flush_once("name", _("There is an organisation with this name already.")):
        organisation.name = name
        organisation.closed_catalogue = closed_catalogue
        organisation.country = country
    note(
        "organisation.changed",
        actor_id,
        organisation_id=organisation_id,
        name=name,
        closed_catalogue=closed_catalogue,
        country=country,
    )


def create_unit(
    organisation_id: str, name: str, parent_id: str | None = None, *, actor_id: str | None = None
) -> str:
    """A new part of an organisation, below `parent_id` or at the top; returns its id.

    Raises InvalidInputError.
    """
    name = _checked(name)
    hold_tree(organisation_id)
    above = _path_above(organisation_id, parent_id)
    unit_id = new_id()
    unit = Unit(
        id=unit_id,
        organisation_id=organisation_id,
        parent_id=parent_id,
        name=name,
        path=f"{above}{unit_id}/",
    )
    with flush_once("name", _("There is a unit with this name here already.")):
        db.session.add(unit)
    _note_unit("unit.added", actor_id, unit)
    return unit_id


def rename_unit(unit_id: str, name: str, *, actor_id: str | None = None) -> None:
    """Raises InvalidInputError."""
    name = _checked(name)
    unit = db.session.get_one(Unit, unit_id)
    if unit.name == name:
        return
    with flush_once("name", _("There is a unit with this name here already.")):
        unit.name = name
    _note_unit("unit.renamed", actor_id, unit)


def move_unit(unit_id: str, parent_id: str | None, *, actor_id: str | None = None) -> None:
    """Put a unit, with all below it, under another unit of its organisation or at the top.

    Raises InvalidInputError, also when it would come to lie below itself.
    """
    unit = db.session.get_one(Unit, unit_id)
    hold_tree(unit.organisation_id)
    db.session.refresh(unit)
    above = _path_above(unit.organisation_id, parent_id)
    if above.startswith(unit.path):
        raise InvalidInputError({"parent_id": _("A unit cannot be placed below itself.")})
    before, after = unit.path, f"{above}{unit.id}/"
    with flush_once("parent_id", _("There is a unit with this name here already.")):
        unit.parent_id = parent_id
    db.session.execute(
        update(Unit)
        .where(Unit.path.startswith(before, autoescape=True))
        .values(path=after + func.substr(Unit.path, len(before) + 1))
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(unit)
    if before != after:
        _note_unit("unit.moved", actor_id, unit)


def hold_tree(organisation_id: str) -> None:
    """Let the tree of an organisation change in this transaction alone: two moves at once could tie
    a knot, and a unit that is made below one that moves would lie where that was."""
    held = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(held.with_for_update())


def _note_unit(kind: str, actor_id: str | None, unit: Unit) -> None:
    note(
        kind,
        actor_id,
        organisation_id=unit.organisation_id,
        unit=unit.id,
        name=unit.name,
        path=unit.path,
    )


def _path_above(organisation_id: str, parent_id: str | None) -> str:
    """The path of the unit under which another comes to lie. Raises InvalidInputError."""
    if not parent_id:
        return "/"
    parent = unit_in(organisation_id, parent_id, "parent_id")
    if parent.closed_at is not None:
        raise InvalidInputError({"parent_id": _("This unit is closed. Choose another one.")})
    return parent.path


def unit_in(organisation_id: str | None, unit_id: str, field: str) -> Unit:
    """The unit, if it is this organisation's. Raises InvalidInputError on `field`."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation_id:
        raise InvalidInputError({field: _("Choose a unit of this organisation.")})
    return unit


def _checked(name: str) -> str:
    name = clean_name(name)
    if problem := name_problem(name):
        raise InvalidInputError({"name": problem})
    return name
