"""Reminders: one digest a person and week of what is due or late, then to manager and to HR.

A repeating job asks for the digests; each is a row of the outbox, so that one a week is one
whatever is killed. What it says is looked up when it is sent: who has completed meanwhile, or is
paused, is not written to.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.models import Membership, Organisation, Person, Unit, holds, may_enter
from innocap_lms.requirements.days import today
from innocap_lms.requirements.models import (
    STILL_KNOWN,
    NumberedPerson,
    NumberedPlace,
    NumberedRequirement,
    Standing,
)
from innocap_lms.requirements.office_hours import next_open
from innocap_lms.requirements.office_mail import where

DIGEST_JOB: Final = "standing.digest"
CALLS: Final = ("due_soon", "overdue", "renewal_open", "expired")  # what a person is reminded of
LATE: Final = ("overdue", "expired")
AFTER: Final = {"manager": timedelta(days=14), "hr": timedelta(days=28)}  # days late, by the ladder
SOON: Final = timedelta(days=30)
AT_A_TIME: Final = 200


class LateOne(NamedTuple):
    """Somebody who is late, for manager or HR. No name where protected."""

    name: str
    requirement_id: str
    deadline: date


class Overseer(NamedTuple):
    """A role by which somebody is told of others: those of the unit of that path and below it, all
    of the organisation without one."""

    role: str
    organisation_id: str
    organisation: str
    path: str | None


def is_due(state: str, deadline: date | None, day: date) -> bool:
    """Whether somebody is reminded of a standing: whoever has begun is, as the last day nears."""
    near = deadline is not None and deadline <= day + SOON
    return state in CALLS or (state == "in_progress" and near)


def ask_for_digests() -> int:
    """Ask for this week's digests, for whoever has something to read; returns how many were asked
    for now or before. A repeating job."""
    day = today()
    wanted = {reader.person_id: reader for reader in (*_overseers(day), *_people(day))}
    for some in _chunks(wanted.values()):
        with writing():
            for reader in some:
                _ask(reader)
    return len(wanted)


def _ask(reader: "_Reader") -> None:
    place = where(reader.timezone, reader.country)
    zone = ZoneInfo(place["zone"])
    at = next_open(clock.utcnow(), zone, reader.country)
    week = _week(at, zone)  # in which it is read, not asked for
    message = {"person_id": reader.person_id, "message_id": new_id(), "week": week, **place}
    enqueue(DIGEST_JOB, f"digest:{reader.person_id}:{week}", message, run_at=at)


def is_of_another_week(payload: Mapping[str, Any]) -> bool:
    """Whether a digest comes so late that the next week's says what it would."""
    if "week" not in payload:
        return False
    zone = ZoneInfo(payload["zone"])
    at = next_open(clock.utcnow(), zone, payload["country"])
    return _week(at, zone) != str(payload["week"])


def _week(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%G-%V}"


class _Reader(NamedTuple):
    """Somebody to write to, and where they are."""

    person_id: str
    timezone: str | None
    country: str


def _people(day: date) -> list[_Reader]:
    """Whoever is to be told of their own."""
    due = or_(
        Standing.state.in_(CALLS),
        and_(Standing.state == "in_progress", Standing.deadline <= day + SOON),
    )
    rows = db.session.execute(
        select(Person.id, Person.timezone, Organisation.country)
        .join(NumberedPerson, NumberedPerson.id == Person.id)
        .join(Standing, Standing.person == NumberedPerson.number)
        .join(NumberedPlace, NumberedPlace.number == Standing.place)
        .join(Organisation, Organisation.id == NumberedPlace.organisation_id)
        .where(*_current(day), due, may_enter(Person, clock.utcnow()))
        .distinct()
        .order_by(Person.id)
    )
    return [_Reader(*row) for row in rows]


def _overseers(day: date) -> list[_Reader]:
    """Managers and HR under whom somebody has been late for long enough."""
    query = _overseeing().add_columns(Person.id, Person.timezone, Organisation.country)
    rows = db.session.execute(
        query.join(Person, Person.id == Membership.person_id)
        .where(may_enter(Person, clock.utcnow()))
        .order_by(Membership.id)
    ).all()
    return [_Reader(*row[4:]) for row in rows if is_anybody_late(Overseer(*row[:4]), day)]


def overseeing(person_id: str) -> list[Overseer]:
    """The roles by which somebody is told of others."""
    held = _overseeing().where(Membership.person_id == person_id).order_by(Membership.id)
    return [Overseer(*row) for row in db.session.execute(held)]


def _overseeing() -> Select[*tuple[Any, ...]]:
    return (
        select(Membership.role, Membership.organisation_id, Organisation.name, Unit.path)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Membership.role.in_(tuple(AFTER)), holds(Membership, clock.utcnow()))
    )


def is_anybody_late(overseer: Overseer, day: date) -> bool:
    """Whether there is somebody of whom the holder of a role is told."""
    found = select(Standing.person).where(*_late_under([overseer], day)).limit(1)
    return db.session.scalar(found) is not None


def number_late(overseers: Iterable[Overseer], day: date) -> int:
    """How many standings the holder of these roles is told of. One statement."""
    found = select(func.count()).select_from(Standing)
    return db.session.scalar(found.where(*_late_under(overseers, day))) or 0


def late_under(overseers: Iterable[Overseer], day: date, at_most: int) -> list[LateOne]:
    """Who is late, for so long that the holder of these roles is told, longest first."""
    rows = db.session.execute(
        select(Person.name, Person.protected, NumberedRequirement.id, Standing.deadline)
        .select_from(Standing)
        .join(NumberedPerson, NumberedPerson.number == Standing.person)
        .join(Person, Person.id == NumberedPerson.id)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .where(*_late_under(overseers, day))
        .order_by(Standing.deadline, Person.protected, Person.name, Person.id, Standing.requirement)
        .limit(at_most)
    )
    return [LateOne("" if row[1] else row[0], row[2], row[3]) for row in rows]


def _late_under(overseers: Iterable[Overseer], day: date) -> list[ColumnElement[bool]]:
    """The conditions on standings of whom the holder of any of these roles is told."""
    told = [
        and_(
            Standing.valid_from <= day - AFTER[each.role],  # also of who came after the due day
            Standing.place.in_(_below(each.organisation_id, each.path)),
        )
        for each in overseers
    ]
    return [*_current(day), Standing.state.in_(LATE), or_(false(), *told)]


def _below(organisation_id: str, path: str | None) -> Select[int]:
    """The places in the unit of that path and below it; all of the organisation's without one."""
    places = select(NumberedPlace.number).where(NumberedPlace.organisation_id == organisation_id)
    if path is None:
        return places
    below = select(Unit.id).where(Unit.path.startswith(path, autoescape=True))
    return places.where(NumberedPlace.id.in_(below))


def _current(day: date) -> list[ColumnElement[bool]]:
    return [
        STILL_KNOWN,
        Standing.valid_from <= day,
        Standing.valid_until > day,
    ]


def _chunks(wanted: Iterable[_Reader]) -> Iterator[list[_Reader]]:
    rest = iter(wanted)
    while some := list(islice(rest, AT_A_TIME)):
        yield some
