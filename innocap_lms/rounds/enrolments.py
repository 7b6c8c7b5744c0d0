"""The rows of enrolments: whose they are, who has a seat, and how one comes into another state.

Each function that writes is called inside a write transaction, with the round locked.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.learning.queries import my_course, my_programme
from innocap_lms.learning.renewing import can_be_taken_again
from innocap_lms.people.models import Membership, Person, holds
from innocap_lms.rounds.models import Round, RoundEnrolment, RoundOrganisation
from innocap_lms.rounds.states import SEATED, By, Ground, State, may_follow
from innocap_lms.rounds.trail import note_person


class Place(NamedTuple):
    """From where somebody takes part."""

    person_id: str
    organisation_id: str
    unit_id: str | None


class Hand(NamedTuple):
    """Who acts, and as what."""

    actor_id: str | None
    by: By


class Asking(NamedTuple):
    """On which ground somebody is asked, or required, to take part. A law is cited in
    `provision`; who is asked answers by the last day `answer_by`."""

    ground: Ground
    answer_by: date | None = None
    provision: str = ""


SITE = Hand(None, "site")


def lock(round_id: str) -> Round:
    """The row of a round, which nobody else changes until the end of the transaction."""
    return db.session.scalars(select(Round).where(Round.id == round_id).with_for_update()).one()


def enrolment_of(held: Round, person_id: str) -> RoundEnrolment | None:
    return db.session.scalar(
        select(RoundEnrolment).where(
            RoundEnrolment.round_id == held.id, RoundEnrolment.person_id == person_id
        )
    )


def taken(held: Round) -> int:
    """How many seats are taken."""
    query = select(func.count()).where(
        RoundEnrolment.round_id == held.id, RoundEnrolment.state.in_(SEATED)
    )
    return db.session.scalar(query) or 0


def places(person_ids: Iterable[str], held: Round) -> list[Place]:
    """From where people may take part in a round: one each, a learner's role before others. Nobody
    who is suspended, or belongs to no organisation of the round now."""
    rows = db.session.execute(
        select(Membership.person_id, Membership.organisation_id, Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .join(
            RoundOrganisation,
            (RoundOrganisation.organisation_id == Membership.organisation_id)
            & (RoundOrganisation.round_id == held.id),
        )
        .where(
            Membership.person_id.in_(sorted(person_ids)),
            holds(Membership, clock.utcnow()),
            Person.suspended_at.is_(None),
        )
        .order_by(Membership.role != "learner", Membership.valid_from, Membership.id)
    )
    found: dict[str, Place] = {}
    for row in rows:
        found.setdefault(row.person_id, Place(row[0], str(row[1]), row[2]))
    return list(found.values())


def place_of(found: RoundEnrolment) -> Place:
    return Place(found.person_id, found.organisation_id, found.unit_id)


def has_completed(person_id: str, course_id: str) -> bool:
    """Whether somebody has completed a course or programme, and may not take it again: that counts
    no longer, or is to be renewed. One statement where they have not."""
    completed = (
        select(Completion.id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.course_id == course_id,
            Enrolment.renewed_at.is_(None),
        )
    )
    if db.session.scalar(completed) is None:
        return False
    mine = my_course(person_id, course_id) or my_programme(person_id, course_id)
    return mine is not None and not can_be_taken_again(person_id, mine)


def change(held: Round, found: RoundEnrolment, state: State, hand: Hand, **said: Any) -> str:
    """Let an enrolment have another state; returns the id of the event. Raises ValueError where
    that state cannot follow."""
    if not may_follow(cast("State", found.state), state):
        raise ValueError(f"{state} does not follow {found.state}")
    found.state, found.changed_at = state, clock.utcnow()
    if state == "enrolled":
        found.joined_at = found.changed_at
    db.session.flush()
    said = {"by": hand.by, "ground": found.ground, **said}
    return note_person(state, held, found.person_id, found.organisation_id, hand.actor_id, **said)


def move(
    held: Round,
    place: Place,
    found: RoundEnrolment | None,
    state: State,
    hand: Hand,
    asking: Asking,
) -> str:
    """Begin somebody's place in a round, or begin it anew from where they are now."""
    if found is None:
        found = RoundEnrolment(id=new_id(), round_id=held.id, person_id=place.person_id)
        found.state = "withdrawn"  # for a moment: so that one way leads into every state
        db.session.add(found)
    found.organisation_id, found.unit_id = place.organisation_id, place.unit_id
    found.ground, found.provision = asking.ground, asking.provision.strip()
    found.answer_by = asking.answer_by
    said: dict[str, Any] = {"provision": found.provision} if found.provision else {}
    if asking.answer_by:
        said["answer_by"] = asking.answer_by.isoformat()
    return change(held, found, state, hand, **said)
