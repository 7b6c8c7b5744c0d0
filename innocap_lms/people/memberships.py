"""Writes: who may do what, and where.

A membership says who held which role when. It is ended, never deleted or overwritten.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import (
    EVERYWHERE,
    OF_A_TRACK,
    ROLES,
    Membership,
    Organisation,
    Person,
    Unit,
    holds,
    may_enter,
)
from innocap_lms.people.once import hold
from innocap_lms.people.organisations import unit_in
from innocap_lms.people.trail import note


def add_membership(
    person_id: str,
    role: str,
    organisation_id: str | None = None,
    unit_id: str | None = None,
    *,
    track: str | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    actor_id: str | None = None,
) -> str:
    """Give a role, from now on or from `valid_from`; returns the membership's id.

    A trainer's or an assessor's may be for the courses of one `track`.

    A role that is held there already, without an end, is not given twice. Raises InvalidInputError.
    """
    _check_place(role, organisation_id, unit_id)
    if unit_id:
        _check_open(unit_id, valid_until)
    if track and role not in OF_A_TRACK:
        words = _("Only a trainer's or an assessor's role is for one track.")
        raise InvalidInputError({"role": words})
    membership = Membership(
        id=new_id(),
        person_id=person_id,
        role=role,
        organisation_id=organisation_id,
        unit_id=unit_id,
        track=track,
        valid_from=valid_from or clock.utcnow(),
        valid_until=valid_until,
    )
    hold(person_id)
    if held := _held_without_end(membership):
        return held
    if valid_until and valid_until <= membership.valid_from:
        raise InvalidInputError({"valid_until": _("The end must come after the start.")})
    db.session.add(membership)
    db.session.flush()
    _note_role("role.given", actor_id, membership)
    _stay(person_id, valid_until)
    return membership.id


def _held_without_end(like: Membership) -> str | None:
    """The id of a membership of that person in that role at that place, if it has no end."""
    return db.session.scalar(
        select(Membership.id).where(
            Membership.person_id == like.person_id,
            Membership.role == like.role,
            Membership.organisation_id.is_not_distinct_from(like.organisation_id),
            Membership.unit_id.is_not_distinct_from(like.unit_id),
            Membership.track.is_not_distinct_from(like.track),
            Membership.valid_until.is_(None),
        )
    )


def _note_role(kind: str, actor_id: str | None, membership: Membership) -> None:
    until = membership.valid_until
    note(
        kind,
        actor_id,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        membership=membership.id,
        role=membership.role,
        unit=membership.unit_id,
        track=membership.track,
        valid_from=membership.valid_from.isoformat(),
        valid_until=until.isoformat() if until else None,
    )


def _check_place(role: str, organisation_id: str | None, unit_id: str | None) -> None:
    if role not in ROLES:
        raise InvalidInputError({"role": _("Choose a role.")})
    if role in EVERYWHERE:
        if organisation_id or unit_id:
            words = _("This role belongs to the whole site: choose that as the place.")
            raise InvalidInputError({"role": words})
        return
    if not organisation_id or db.session.get(Organisation, organisation_id) is None:
        raise InvalidInputError({"organisation_id": _("Choose an organisation.")})
    if role == "hr" and unit_id:
        words = _("HR is for a whole organisation. For a unit, choose unit manager.")
        raise InvalidInputError({"role": words})
    if role == "manager" and not unit_id:
        raise InvalidInputError({"unit_id": _("Choose the unit that this person manages.")})
    if unit_id:
        unit_in(organisation_id, unit_id, "unit_id")


def end_membership(
    membership_id: str, at: datetime | None = None, *, actor_id: str | None = None
) -> None:
    """End a role, now or at `at`; one that had not begun never begins. Raises InvalidInputError."""
    membership = db.session.get_one(Membership, membership_id)
    end = at or clock.utcnow()
    if membership.role == "admin":
        keep_an_admin(besides=membership.person_id)
    if membership.valid_until is None or membership.valid_until > end:
        membership.valid_until = max(end, membership.valid_from)
        _note_role("role.ended", actor_id, membership)
    db.session.flush()


def _stay(person_id: str, until: datetime | None) -> None:
    """Whoever had left, and has a role again, is back, as long as that lasts."""
    person = db.session.get_one(Person, person_id)
    if person.left_at is not None:
        person.left_at = max(person.left_at, until) if until else None
        db.session.flush()


def _check_open(unit_id: str, ends: datetime | None) -> None:
    """Raises InvalidInputError where a unit is closed before the role ends."""
    closed = db.session.get_one(Unit, unit_id).closed_at
    if closed is not None and (ends is None or ends > closed):
        raise InvalidInputError({"unit_id": _("This unit is closed. Choose another one.")})


def keep_an_admin(besides: str) -> None:
    """Raises InvalidInputError when nobody but `besides` could administer the site."""
    now = clock.utcnow()
    admins = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == "admin",
            holds(Membership, now),
            may_enter(Person, now),
        )
        .with_for_update()
    )
    held = set(db.session.scalars(admins))
    if held == {besides}:
        message = _("This is the only administrator. Make somebody else an administrator first.")
        raise InvalidInputError({"": message})
