"""Who was there, and for how long: confirmed by the leader, never inferred.

Source: hr-and-reporting, section 2, hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import case, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Person
from innocap_lms.rounds.enrolments import lock
from innocap_lms.rounds.models import RoundAttendance, RoundEnrolment, RoundSession
from innocap_lms.rounds.states import SEATED
from innocap_lms.rounds.trail import note_person

LISTED = (*SEATED, "completed", "failed")
REFERENCE = 4  # letters of an enrolment's id, which tell two protected identities apart


@dataclass(frozen=True)
class Listed:
    """A line of an attendance list. No name where protected: `reference` is on its owner's page.
    `minutes` is None where nothing is confirmed yet."""

    enrolment_id: str
    name: str
    minutes: int | None

    @property
    def reference(self) -> str:
        return self.enrolment_id[-REFERENCE:]


def attendance_list(round_id: str, session_id: str) -> list[Listed]:
    """Who has, or had, a seat in the round, with what is confirmed of the session. One
    statement."""
    shown = case((Person.protected, ""), else_=Person.name)
    rows = db.session.execute(
        select(RoundEnrolment.id, shown, RoundAttendance.minutes)
        .join(Person, Person.id == RoundEnrolment.person_id)
        .outerjoin(
            RoundAttendance,
            (RoundAttendance.enrolment_id == RoundEnrolment.id)
            & (RoundAttendance.session_id == session_id),
        )
        .where(
            RoundEnrolment.round_id == round_id,
            RoundEnrolment.state.in_(LISTED) | RoundAttendance.minutes.is_not(None),
        )
        .order_by(Person.protected, Person.name, RoundEnrolment.id)
    )
    return [Listed(*row) for row in rows]


def confirm(round_id: str, session_id: str, minutes: Mapping[str, int], actor_id: str) -> int:
    """Confirm for how many minutes people were at a session, by enrolment; 0 is not there. Returns
    how many are new or other than before; each is an event of the ledger.

    In a write transaction. Raises InvalidInputError before the session has begun, LookupError for
    who is not on the list, ValueError for more minutes than it has.
    """
    held = lock(round_id)
    session = db.session.get_one(RoundSession, session_id)
    if session.starts_at > clock.utcnow():
        words = _("Hours are confirmed once the session has begun.")
        raise InvalidInputError({"": words})
    longest = round((session.ends_at - session.starts_at).total_seconds() / 60)
    known = {one.enrolment_id: one.minutes for one in attendance_list(round_id, session_id)}
    changed = 0
    for enrolment_id, number in minutes.items():
        if enrolment_id not in known:
            raise LookupError(f"{enrolment_id} is not on the list of session {session_id}")
        if not 0 <= number <= longest:
            raise ValueError(f"{number} minutes of a session of {longest}")
        if known[enrolment_id] == number:
            continue
        row = db.session.get_one(RoundEnrolment, enrolment_id)
        _write(row, session, number, actor_id)
        note_person(
            "attended",
            held,
            row.person_id,
            row.organisation_id,
            actor_id,
            by="leader",
            session=session_id,
            minutes=number,
        )
        changed += 1
    return changed


def _write(row: RoundEnrolment, session: RoundSession, minutes: int, actor_id: str) -> None:
    confirmed = {
        "minutes": minutes,
        "confirmed_at": clock.utcnow(),
        "confirmed_by": actor_id,
    }
    made = insert_once(
        RoundAttendance,
        ("session_id", "enrolment_id"),
        session_id=session.id,
        enrolment_id=row.id,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        day=session.day,
        **confirmed,
    )
    if not made:
        db.session.execute(
            update(RoundAttendance)
            .where(
                RoundAttendance.session_id == session.id,
                RoundAttendance.enrolment_id == row.id,
            )
            .values(**confirmed)
        )
