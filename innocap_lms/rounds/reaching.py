"""The people of a round whom a viewer follows up, and those whom they may ask to take part."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import Membership, Organisation, Person, Unit, holds
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.rounds.enrolments import Place
from innocap_lms.rounds.models import (
    Round,
    RoundAttendance,
    RoundEnrolment,
    RoundOrganisation,
    RoundWaiting,
)
from innocap_lms.rounds.rights import reached
from innocap_lms.rounds.states import AGAIN

AT_A_TIME = 50  # people to choose among; more are found by name
MOST = 1000  # people of one organisation in one round

_shown = case((Person.protected, ""), else_=Person.name)
_minutes = (
    select(func.coalesce(func.sum(RoundAttendance.minutes), 0))
    .where(RoundAttendance.enrolment_id == RoundEnrolment.id)
    .correlate(RoundEnrolment)
    .scalar_subquery()
)


class Followed(NamedTuple):
    """Somebody in a round, as HR and managers see it. No name where protected."""

    enrolment_id: str
    name: str
    organisation: str
    unit: str
    state: str
    ground: str
    answer_by: date | None
    waits: bool
    minutes: int


class Part(NamedTuple):
    """That somebody is, or was, in a round: of what, when, how far, and the minutes confirmed."""

    round_id: str
    course_id: str
    first_day: date
    last_day: date
    state: str
    minutes: int


class Candidate(NamedTuple):
    """Somebody who may be asked. No name where protected."""

    person_id: str
    name: str
    unit: str


def followed(viewer: Viewer, round_id: str) -> list[Followed]:
    """The viewer's own people in a round, with their confirmed minutes. One statement."""
    rows = db.session.execute(
        select(
            RoundEnrolment.id,
            _shown,
            Organisation.name,
            func.coalesce(Unit.name, ""),
            RoundEnrolment.state,
            RoundEnrolment.ground,
            RoundEnrolment.answer_by,
            RoundWaiting.person_id.is_not(None),
            _minutes,
        )
        .join(Person, Person.id == RoundEnrolment.person_id)
        .join(Organisation, Organisation.id == RoundEnrolment.organisation_id)
        .outerjoin(Unit, Unit.id == RoundEnrolment.unit_id)
        .outerjoin(
            RoundWaiting,
            (RoundWaiting.round_id == RoundEnrolment.round_id)
            & (RoundWaiting.person_id == RoundEnrolment.person_id),
        )
        .where(RoundEnrolment.round_id == round_id, reached(viewer))
        .order_by(Person.protected, Person.name, RoundEnrolment.id)
        .limit(MOST)
    )
    return [Followed(*row) for row in rows]


def rounds_of(viewer: Viewer, person_id: str) -> list[Part]:
    """The rounds in which the viewer follows a person up, the newest first. One statement."""
    rows = db.session.execute(
        select(
            Round.id,
            Round.course_id,
            Round.first_day,
            Round.last_day,
            RoundEnrolment.state,
            _minutes,
        )
        .join(RoundEnrolment, RoundEnrolment.round_id == Round.id)
        .where(RoundEnrolment.person_id == person_id, reached(viewer))
        .order_by(Round.first_day.desc(), Round.id)
        .limit(MOST)
    )
    return [Part(*row) for row in rows]


def reached_one(viewer: Viewer, round_id: str, enrolment_id: str) -> Followed | None:
    """One of them, by the enrolment."""
    found = followed(viewer, round_id)
    return next((one for one in found if one.enrolment_id == enrolment_id), None)


def candidates(viewer: Viewer, round_id: str, name: str = "") -> list[Candidate]:
    """Up to fifty people of the viewer's scope who may be asked, those whose name holds `name`: not
    in the round, nor asked already. One statement."""
    rows = db.session.execute(
        select(Person.id, _shown, func.coalesce(func.min(Unit.name), ""))
        .select_from(_members(round_id))
        .where(*_reached(viewer), ~_inside(round_id), *names_like(name))
        .group_by(Person.id, Person.name, Person.protected)
        .order_by(Person.protected, Person.name, Person.id)
        .limit(AT_A_TIME)
    )
    return [Candidate(*row) for row in rows]


def to_ask(viewer: Viewer, round_id: str, person_ids: list[str]) -> dict[str, tuple[Place, str]]:
    """From where these people would take part, and their names, as far as the viewer reaches them,
    also who is in the round already: a learner's role before others. One statement."""
    rows = db.session.execute(
        select(Person.id, Membership.organisation_id, Membership.unit_id, _shown)
        .select_from(_members(round_id))
        .where(*_reached(viewer), Person.id.in_(sorted(person_ids)))
        .order_by(Membership.role != "learner", Membership.valid_from, Membership.id)
    )
    found: dict[str, tuple[Place, str]] = {}
    for row in rows:
        found.setdefault(row.id, (Place(*row[:3]), row[3]))
    return found


def _members(round_id: str) -> Any:
    """People with each role that they hold in an organisation of the round."""
    here = (RoundOrganisation.organisation_id == Membership.organisation_id) & (
        RoundOrganisation.round_id == round_id
    )
    return (
        Person.__table__.join(Membership.__table__, Membership.person_id == Person.id)
        .join(RoundOrganisation.__table__, here)
        .outerjoin(Unit.__table__, Unit.id == Membership.unit_id)
    )


def _reached(viewer: Viewer) -> list[Any]:
    return [
        holds(Membership, clock.utcnow()),
        Person.suspended_at.is_(None),
        hr_scope(viewer, Membership.organisation_id, Unit.path),
    ]


def _inside(round_id: str) -> Any:
    """That somebody is in the round, or has been asked."""
    inside = select(RoundEnrolment.id).where(
        RoundEnrolment.round_id == round_id,
        RoundEnrolment.person_id == Person.id,
        RoundEnrolment.state.not_in(AGAIN),
    )
    return inside.correlate(Person).exists()
