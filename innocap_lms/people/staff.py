"""Writes: who joins a unit, moves to another, leaves. What was held before stays in the history."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from innocap_lms.extensions import db, insert_once
from innocap_lms.people.identity import InvalidInputError, personal_number_problem
from innocap_lms.people.memberships import add_membership, end_membership
from innocap_lms.people.models import EmployeeNumber, Membership, Person
from innocap_lms.people.trail import note

LONGEST_NUMBER = 40  # characters

MayGive = Callable[[str, str | None], bool]


def move_person(
    person_id: str,
    organisation_id: str,
    unit_id: str | None,
    since: datetime,
    *,
    actor_id: str | None = None,
) -> bool:
    """Let somebody learn in another unit of an organisation from a moment on, or in the whole of
    it (None); False where they did already. Raises InvalidInputError.

    What they lead, teach or assess is left alone, and the day on which they are to leave.
    """
    held_then = _held_after(person_id, organisation_id, since)
    there = [held for held in held_then if held.role == "learner"]
    if len(there) == 1 and there[0].unit_id == unit_id and there[0].valid_from <= since:
        return False
    ends = [held.valid_until for held in there]
    until = max(filter(None, ends), default=None) if all(ends) else None
    for held in there:
        end_membership(held.id, since, actor_id=actor_id)
    add_membership(
        person_id,
        "learner",
        organisation_id,
        unit_id,
        valid_from=since,
        valid_until=until,
        actor_id=actor_id,
    )
    return True


def end_person(
    person_id: str,
    organisation_id: str,
    until: datetime,
    may_end: MayGive,
    *,
    actor_id: str | None = None,
) -> int:
    """End every role that somebody has in an organisation, at a moment; returns how many. Whoever
    has none elsewhere that goes on cannot sign in after the last of them.

    `may_end` says of a role whether whoever asks may end it. Raises InvalidInputError where one of
    them is not theirs to end: nobody is left half gone.
    """
    held = _held_after(person_id, organisation_id, until)
    if not all(may_end(each.role, each.organisation_id) for each in held):
        words = _("This person has a role that only an administrator can end.")
        raise InvalidInputError({"": words})
    for each in held:
        end_membership(each.id, until, actor_id=actor_id)
    _leave(person_id, actor_id)
    return len(held)


def _leave(person_id: str, actor_id: str | None) -> None:
    """Close the account from the end of the last role on, where each of them has one: whoever looks
    after that moment finds it closed, without anybody doing anything then."""
    theirs = Membership.person_id == person_id
    goes_on = select(Membership.id).where(theirs, Membership.valid_until.is_(None)).limit(1)
    if db.session.scalar(goes_on) is not None:
        return
    last = db.session.scalar(select(func.max(Membership.valid_until)).where(theirs))
    person = db.session.get_one(Person, person_id)
    if last is not None and person.left_at != last:
        person.left_at = last
        db.session.flush()
        note("person.left", actor_id, person_id=person_id, at=last.isoformat())


def _held_after(person_id: str, organisation_id: str, at: datetime) -> list[Membership]:
    """The roles in an organisation that hold at a moment, or later."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(
                Membership.person_id == person_id,
                Membership.organisation_id == organisation_id,
                or_(Membership.valid_until.is_(None), Membership.valid_until > at),
            )
            .order_by(Membership.valid_from, Membership.id)
        )
    )


def numbers_of(person_id: str) -> dict[str, str]:
    """What organisations' own systems call somebody, by organisation."""
    table = EmployeeNumber.__table__.c
    found = select(table.organisation_id, table.number).where(table.person_id == person_id)
    return {row.organisation_id: row.number for row in db.session.execute(found)}


def set_number(
    person_id: str, organisation_id: str, number: str, *, actor_id: str | None = None
) -> None:
    """Note what the organisation's own systems call somebody; "" for nothing. Raises
    InvalidInputError, also where it is another person's."""
    number = " ".join(number.split())
    if problem := number_problem(number):
        raise InvalidInputError({"number": problem})
    if number == numbers_of(person_id).get(organisation_id, ""):
        return
    db.session.execute(
        EmployeeNumber.__table__.delete().where(  # type: ignore[attr-defined]
            EmployeeNumber.person_id == person_id,
            EmployeeNumber.organisation_id == organisation_id,
        )
    )
    key = {"organisation_id": organisation_id, "number": number}
    if number and not insert_once(EmployeeNumber, tuple(key), person_id=person_id, **key):
        raise InvalidInputError({"number": _("Another person has this employee number.")})
    note("person.numbered", actor_id, person_id=person_id, organisation_id=organisation_id)


def number_problem(number: str) -> str | None:
    """What is wrong with an employee number, or None."""
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        return _("Use at most %(count)s characters.", count=LONGEST_NUMBER)
    return personal_number_problem(number)
