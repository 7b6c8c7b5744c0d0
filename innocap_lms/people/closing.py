"""Writes: the end of a unit, which its history outlives."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select

from innocap_lms.extensions import db
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.memberships import add_membership, end_membership
from innocap_lms.people.models import Membership, Unit
from innocap_lms.people.organisations import hold_tree
from innocap_lms.people.trail import note


def close_unit(
    unit_id: str, at: datetime | None, moves_to: str | None = None, *, actor_id: str | None = None
) -> int:
    """Close a unit from a moment on, or let it stay open (None); returns how many roles moved.

    Who has a role in it then goes on in the unit `moves_to`, in the same role. Its history stays:
    past days show it as it was. Raises InvalidInputError where a unit below it stays open, or where
    people have nowhere to go.
    """
    unit = db.session.get_one(Unit, unit_id)
    hold_tree(unit.organisation_id)
    unit.closed_at = at
    db.session.flush()
    moved = 0
    if at is not None:
        _check_nothing_stays_open(unit, at)
        moved = _move_roles(unit, at, moves_to, actor_id)
    note(
        "unit.closed",
        actor_id,
        organisation_id=unit.organisation_id,
        unit=unit.id,
        name=unit.name,
        path=unit.path,
        at=at.isoformat() if at else None,
    )
    return moved


def _check_nothing_stays_open(unit: Unit, at: datetime) -> None:
    below = select(Unit.name).where(
        Unit.parent_id == unit.id, or_(Unit.closed_at.is_(None), Unit.closed_at > at)
    )
    names = list(db.session.scalars(below.order_by(Unit.name)))
    if names:
        words = _("Close or move the units below it first: %(names)s.", names=", ".join(names))
        raise InvalidInputError({"last": words})


def _move_roles(unit: Unit, at: datetime, moves_to: str | None, actor_id: str | None) -> int:
    """Let the roles that hold in a unit after a moment go on in another one."""
    after = or_(Membership.valid_until.is_(None), Membership.valid_until > at)
    held = db.session.scalars(select(Membership).where(Membership.unit_id == unit.id, after)).all()
    if held and not moves_to:
        words = _("People belong here after that day. Choose the unit in which they go on.")
        raise InvalidInputError({"moves_to": words})
    for each in held:
        begins, until = max(at, each.valid_from), each.valid_until
        end_membership(each.id, at, actor_id=actor_id)
        add_membership(
            each.person_id,
            each.role,
            each.organisation_id,
            moves_to,
            track=each.track,
            valid_from=begins,
            valid_until=until,
            actor_id=actor_id,
        )
    return len(held)
