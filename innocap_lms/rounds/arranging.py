"""What somebody who arranges a round does: set it up, change it, cancel it.

Each function is called inside a write transaction.
"""

from datetime import UTC
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.rounds import mail
from innocap_lms.rounds.enrolments import Hand, Place, change, lock, place_of, places, taken
from innocap_lms.rounds.models import (
    Round,
    RoundAttendance,
    RoundEnrolment,
    RoundOrganisation,
    RoundSession,
    RoundWaiting,
)
from innocap_lms.rounds.plans import Meeting, Plan
from innocap_lms.rounds.services import fill_seats, leave_line
from innocap_lms.rounds.states import OPEN
from innocap_lms.rounds.trail import note_round


class Subject(NamedTuple):
    """What a round is of, and which organisation arranges it."""

    course_id: str
    track: str
    organiser_id: str


def set_up(subject: Subject, plan: Plan, actor_id: str, round_id: str = "") -> str:
    """A new round; returns its id. Setting up the one with that id twice is once. Raises
    InvalidInputError for a last day that is over."""
    if plan.last_day < today():
        raise InvalidInputError({"last_day": _("This day is over.")})
    name = round_id or new_id()
    made = insert_once(
        Round,
        ("id",),
        id=name,
        **subject._asdict(),
        **_values_of(plan),
        revision=1,
        created_at=clock.utcnow(),
        created_by=actor_id,
    )
    if not made:
        return name
    held = lock(name)
    _open_to(held, plan)
    _meet(held, plan)
    note_round("set", held, actor_id, **_said(held, plan))
    return held.id


def change_round(round_id: str, plan: Plan, actor_id: str) -> bool:
    """Let a round be as planned; True where its days, hours or places are others, which its people
    are told by mail. Raises InvalidInputError."""
    held = lock(round_id)
    if held.cancelled_at is not None:
        raise InvalidInputError({"": _("This round is cancelled.")})
    if (full := taken(held)) > plan.seats:
        words = _("%(count)s seats are taken already.", count=full)
        raise InvalidInputError({"seats": words})
    days = (held.first_day, held.last_day)
    for name, value in _values_of(plan).items():
        setattr(held, name, value)
    _open_to(held, plan)
    moved = _meet(held, plan) or days != (plan.first_day, plan.last_day)
    if moved:
        held.revision += 1
    db.session.flush()
    note_round("changed", held, actor_id, **_said(held, plan))
    if moved:
        for place in _people(held):
            mail.tell(held, place, "changed", str(held.revision))
    fill_seats(held)
    return moved


def cancel_round(round_id: str, because: str, actor_id: str) -> int:
    """Cancel a round and tell its people; returns how many. Doing so twice is once."""
    held = lock(round_id)
    if held.cancelled_at is not None:
        return 0
    if len(because) > 1000:
        words = _("Use at most %(count)s characters.", count=1000)
        raise InvalidInputError({"because": words})
    held.cancelled_at, held.cancelled_because = clock.utcnow(), because.strip()
    held.revision += 1
    db.session.flush()
    note_round("called_off", held, actor_id, because=held.cancelled_because)
    people, hand = _people(held), Hand(actor_id, "organiser")
    for place in people:
        leave_line(held, place.person_id, hand)
        mail.tell(held, place, "cancelled", "")
    for row in _open_enrolments(held):
        change(held, row, "cancelled", hand)
    return len(people)


def _people(held: Round) -> list[Place]:
    """Who is in a round, asked to be, or waits for it."""
    found = {row.person_id: place_of(row) for row in _open_enrolments(held)}
    waiting = select(RoundWaiting.person_id).where(RoundWaiting.round_id == held.id)
    for place in places(db.session.scalars(waiting), held):
        found.setdefault(place.person_id, place)
    return list(found.values())


def _open_enrolments(held: Round) -> list[RoundEnrolment]:
    return list(
        db.session.scalars(
            select(RoundEnrolment).where(
                RoundEnrolment.round_id == held.id, RoundEnrolment.state.in_(OPEN)
            )
        )
    )


def _values_of(plan: Plan) -> dict[str, Any]:
    names = ("leader_id", "language", "first_day", "last_day", "enrol_by", "seats", "note")
    return {name: getattr(plan, name) for name in names}


def _open_to(held: Round, plan: Plan) -> None:
    """Who is in the round already stays, also of an organisation that it is no longer open to."""
    db.session.execute(delete(RoundOrganisation).where(RoundOrganisation.round_id == held.id))
    rows = [{"round_id": held.id, "organisation_id": one} for one in sorted(plan.organisations)]
    db.session.execute(insert(RoundOrganisation), rows)


def _meet(held: Round, plan: Plan) -> bool:
    """Bring the sessions into line with the plan; whether any is another. Raises InvalidInputError
    where hours are confirmed in one that would be another."""
    there = {
        row.id: row
        for row in db.session.scalars(select(RoundSession).where(RoundSession.round_id == held.id))
    }
    kept = {one.id: one for one in plan.meetings if one.id in there}
    moved = {key for key, one in kept.items() if _values(one, plan.zone) != _as_is(there[key])}
    gone = there.keys() - kept.keys()
    _keep_confirmed(gone | {key for key in moved if _other_time(there[key], kept[key])})
    db.session.execute(delete(RoundSession).where(RoundSession.id.in_(sorted(gone))))
    for key in moved:
        for name, value in _values(kept[key], plan.zone).items():
            setattr(there[key], name, value)
    new = [one for one in plan.meetings if one.id not in there]
    for one in new:
        db.session.add(RoundSession(id=new_id(), round_id=held.id, **_values(one, plan.zone)))
    return bool(gone or moved or new)


def _keep_confirmed(session_ids: set[str]) -> None:
    confirmed = select(RoundAttendance.session_id).where(
        RoundAttendance.session_id.in_(sorted(session_ids))
    )
    if db.session.scalar(confirmed.limit(1)) is not None:
        words = _("Hours are confirmed for a session that you would move or take away.")
        raise InvalidInputError({"": words})


def _other_time(row: RoundSession, one: Meeting) -> bool:
    return (row.starts_at, row.ends_at) != (one.starts_at, one.ends_at)


def _values(one: Meeting, zone: str) -> dict[str, Any]:
    return {
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "zone": zone,
        "day": one.starts_at.astimezone(site_zone()).date(),
        "mode": one.mode,
        "place": one.place,
        "link": one.link,
    }


def _as_is(row: RoundSession) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "zone", "day", "mode", "place", "link")
    return {name: getattr(row, name) for name in names}


def _said(held: Round, plan: Plan) -> dict[str, Any]:
    return {
        "revision": held.revision,
        "leader": plan.leader_id,
        "first_day": plan.first_day.isoformat(),
        "last_day": plan.last_day.isoformat(),
        "enrol_by": plan.enrol_by.isoformat(),
        "seats": plan.seats,
        "organisations": sorted(plan.organisations),
        "sessions": [
            [one.starts_at.astimezone(UTC).isoformat(), one.ends_at.astimezone(UTC).isoformat()]
            for one in plan.meetings
        ],
    }
