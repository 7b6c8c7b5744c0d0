"""What a member does in a round, and what others do for one: enrol, answer, leave, ask, require.

Each function is called inside a write transaction and first takes the row of the round, so that of
two who want the last seat one comes after the other.
"""

from typing import cast

from flask_babel import gettext as _
from sqlalchemy import delete, select

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.learning.renewing import is_noted_for_now
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.requirements.days import today
from innocap_lms.rounds import mail
from innocap_lms.rounds.enrolments import (
    SITE,
    Asking,
    Hand,
    Place,
    change,
    enrolment_of,
    has_completed,
    lock,
    move,
    place_of,
    places,
    taken,
)
from innocap_lms.rounds.models import Round, RoundEnrolment, RoundWaiting
from innocap_lms.rounds.states import AGAIN, OPEN, REQUIRED, SEATED, State, may_follow
from innocap_lms.rounds.trail import note_person


def enrol(round_id: str, person_id: str) -> bool:
    """Take a seat, of one's own wish or as answer to who asked; True where there was one. In a full
    round one waits: the next free seat goes to who has waited longest. Doing so twice is once.

    Raises InvalidInputError, and LookupError where the person belongs to no organisation of it.
    """
    held = lock(round_id)
    place = next(iter(places([person_id], held)), None)
    if place is None:
        raise LookupError(f"round {round_id} is not open to {person_id}")
    found = enrolment_of(held, person_id)
    if found is not None and found.state in SEATED:
        return True
    _refuse_late(held)
    if found is not None and not may_follow(cast("State", found.state), "enrolled"):
        raise InvalidInputError({"": _("You have taken part in this round already.")})
    if has_completed(person_id, held.course_id):
        raise InvalidInputError({"": _("You have completed it already.")})
    hand = Hand(person_id, "self")
    if taken(held) < held.seats:
        _take_seat(held, place, found, hand)
        return True
    if insert_once(
        RoundWaiting,
        ("round_id", "person_id"),
        round_id=round_id,
        person_id=person_id,
        since=clock.utcnow(),
    ):
        note_person("waiting", held, person_id, place.organisation_id, person_id, by="self")
    return False


def withdraw(round_id: str, person_id: str) -> None:
    """Give up a seat, the place in the waiting list, or say no to who asked. Raises
    InvalidInputError where taking part is required."""
    held = lock(round_id)
    found = enrolment_of(held, person_id)
    if found is not None and found.state in SEATED and found.ground in REQUIRED:
        words = _("Your employer requires this round of you. Talk to HR if you cannot take part.")
        raise InvalidInputError({"": words})
    leave_line(held, person_id, Hand(person_id, "self"))
    if found is not None and found.state in OPEN:
        change(held, found, "withdrawn", Hand(person_id, "self"))
        fill_seats(held)


def ask(round_id: str, place: Place, asking: Asking, hand: Hand) -> str:
    """Ask somebody to take part, or, on a ground of REQUIRED, enrol them; returns "" or, in words,
    why not."""
    held = lock(round_id)
    found = enrolment_of(held, place.person_id)
    if found is not None and found.state not in AGAIN:
        return _("is in this round, or has been asked, already")
    person_id, course_id = place.person_id, held.course_id
    if has_completed(person_id, course_id) or is_noted_for_now(person_id, course_id):
        return _("has completed it already")
    if asking.ground in REQUIRED:
        if taken(held) >= held.seats:
            return _("no seat is free")
        _take_seat(held, place, found, hand, asking, told="required")
        return ""
    event = move(held, place, found, "invited", hand, asking)
    mail.tell(held, place, "invited", event)
    return ""


def check_asking(held: Round, asking: Asking) -> None:
    """Raises InvalidInputError for what cannot be asked in this round."""
    _refuse_late(held)
    errors = {}
    if asking.ground not in REQUIRED:
        if asking.answer_by is None:
            errors["answer_by"] = _("Say by when you need an answer.")
        elif not today() <= asking.answer_by <= held.enrol_by:
            errors["answer_by"] = _("Choose a day from today until enrolment closes.")
    if asking.ground == "law" and not asking.provision.strip():
        errors["provision"] = _("Cite the provision of the law.")
    if len(asking.provision) > 300:
        errors["provision"] = _("Use at most %(count)s characters.", count=300)
    if errors:
        raise InvalidInputError(errors)


def release(enrolment_id: str, hand: Hand) -> None:
    """End somebody's place in a round for them. Ending what has ended changes nothing."""
    row = db.session.get_one(RoundEnrolment, enrolment_id)
    held = lock(row.round_id)
    found = db.session.get_one(RoundEnrolment, enrolment_id, populate_existing=True)
    if found.state not in OPEN:
        return
    leave_line(held, found.person_id, hand)
    event = change(held, found, "cancelled", hand)
    mail.tell(held, place_of(found), "released", event)
    fill_seats(held)


def fill_seats(held: Round) -> None:
    """Give free seats to those who wait, the longest first, until the round begins."""
    if held.cancelled_at is not None or today() > held.first_day:
        return
    free = held.seats - taken(held)
    while free > 0 and (person_id := _first_in_line(held)) is not None:
        leave_line(held, person_id)
        found = enrolment_of(held, person_id)
        place = next(iter(places([person_id], held)), None)
        if place is None or has_completed(person_id, held.course_id):
            continue  # has left, or has no need of it any more
        _take_seat(held, place, found, SITE, told="seat")
        free -= 1


def leave_line(held: Round, person_id: str, hand: Hand | None = None) -> None:
    """Take somebody out of the waiting list; with a `hand` that is told in its own right."""
    gone = db.session.execute(
        delete(RoundWaiting)
        .where(RoundWaiting.round_id == held.id, RoundWaiting.person_id == person_id)
        .returning(RoundWaiting.person_id)
    ).first()
    place = next(iter(places([person_id], held)), None)
    if gone is not None and hand is not None and place is not None:
        organisation = place.organisation_id
        note_person("waiting_ended", held, person_id, organisation, hand.actor_id, by=hand.by)


def _refuse_late(held: Round) -> None:
    if held.cancelled_at is not None:
        raise InvalidInputError({"": _("This round is cancelled.")})
    if today() > held.enrol_by:
        raise InvalidInputError({"": _("Enrolment in this round has closed.")})


def _first_in_line(held: Round) -> str | None:
    return db.session.scalar(
        select(RoundWaiting.person_id)
        .where(RoundWaiting.round_id == held.id)
        .order_by(RoundWaiting.since, RoundWaiting.person_id)
        .limit(1)
    )


def _take_seat(
    held: Round,
    place: Place,
    found: RoundEnrolment | None,
    hand: Hand,
    asking: Asking | None = None,
    told: str = "",
) -> None:
    """Enrol; who was asked keeps the ground on which they were."""
    if found is not None and found.state == "invited" and asking is None:
        event = change(held, found, "enrolled", hand)
    else:
        event = move(held, place, found, "enrolled", hand, asking or Asking("own"))
    leave_line(held, place.person_id)
    if told:
        mail.tell(held, place, told, event)
