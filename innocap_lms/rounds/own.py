"""Reads of one person's place in a round: how far, since when and by whom, hours, and help."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Organisation, Person
from innocap_lms.rounds.models import RoundAttendance, RoundEnrolment, RoundHelp, RoundWaiting

PAGE = 200


class Mine(NamedTuple):
    """Somebody's own enrolment in a round: how far, on which ground, and from where."""

    enrolment_id: str
    state: str
    ground: str
    provision: str
    answer_by: date | None
    organisation: str
    organisation_id: str


class Change(NamedTuple):
    """A change of somebody's place in a round: what, when, by whom. No name where protected."""

    kind: str
    at: datetime
    by: str
    actor: str
    said: dict[str, Any]


class Help(NamedTuple):
    """What a member asked for. No name where protected."""

    id: str
    name: str
    text: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


def mine(round_id: str, person_id: str) -> tuple[Mine | None, int]:
    """Somebody's own place in a round, and where in the waiting list they stand, 0 for nowhere.
    Two statements."""
    place = _place_in_line(round_id, person_id)
    row = db.session.execute(
        select(
            RoundEnrolment.id,
            RoundEnrolment.state,
            RoundEnrolment.ground,
            RoundEnrolment.provision,
            RoundEnrolment.answer_by,
            Organisation.name,
            RoundEnrolment.organisation_id,
        )
        .join(Organisation, Organisation.id == RoundEnrolment.organisation_id)
        .where(RoundEnrolment.round_id == round_id, RoundEnrolment.person_id == person_id)
    ).first()
    return (Mine(*row) if row else None), place


def _place_in_line(round_id: str, person_id: str) -> int:
    own = aliased(RoundWaiting)
    before = select(func.count()).where(
        RoundWaiting.round_id == round_id,
        (RoundWaiting.since < own.since)
        | ((RoundWaiting.since == own.since) & (RoundWaiting.person_id <= own.person_id)),
    )
    found: int | None = db.session.scalar(
        select(before.correlate(own).scalar_subquery()).where(
            own.round_id == round_id, own.person_id == person_id
        )
    )
    return found or 0


def history(round_id: str, person_id: str) -> list[Change]:
    """Every change of somebody's place in a round, the first first, as the ledger has them."""
    actor = aliased(Person)
    rows = db.session.execute(
        select(
            LedgerEvent.kind,
            LedgerEvent.happened_at,
            case((actor.protected, ""), else_=actor.name),
            LedgerContent.content,
        )
        .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
        .outerjoin(actor, actor.id == LedgerContent.actor_id)
        .where(LedgerContent.person_id == person_id, LedgerEvent.kind.like("round.%"))
        .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
    )
    return [
        Change(kind.removeprefix("round."), at, said.get("by", "site"), name or "", said)
        for kind, at, name, said in rows
        if said.get("round") == round_id
    ]


def confirmed_hours(enrolment_id: str) -> dict[str, int]:
    """The confirmed minutes of somebody in a round, by session."""
    rows = db.session.execute(
        select(RoundAttendance.session_id, RoundAttendance.minutes).where(
            RoundAttendance.enrolment_id == enrolment_id
        )
    )
    return {row[0]: row[1] for row in rows}


def helped(enrolment_id: str) -> list[Help]:
    """What a member has asked the leader for, the newest first."""
    return _help(RoundHelp.enrolment_id == enrolment_id)


def help_asked(round_id: str) -> list[Help]:
    """What members of a round have asked for: what waits first. For its leader alone."""
    return _help(RoundEnrolment.round_id == round_id)


def _help(condition: ColumnElement[bool]) -> list[Help]:
    rows = db.session.execute(
        select(
            RoundHelp.id,
            case((Person.protected, ""), else_=Person.name),
            RoundHelp.text,
            RoundHelp.asked_at,
            RoundHelp.answer,
            RoundHelp.answered_at,
        )
        .join(RoundEnrolment, RoundEnrolment.id == RoundHelp.enrolment_id)
        .join(Person, Person.id == RoundEnrolment.person_id)
        .where(condition)
        .order_by(RoundHelp.answered_at.is_not(None), RoundHelp.asked_at.desc(), RoundHelp.id)
        .limit(PAGE)
    )
    return [Help(*row) for row in rows]
