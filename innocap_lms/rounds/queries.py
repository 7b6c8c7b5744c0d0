"""Reads of rounds: what is coming, one round, and what somebody's own place in it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from innocap_lms.extensions import db, fetch
from innocap_lms.people.models import Organisation, Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import today
from innocap_lms.rounds.models import (
    Round,
    RoundEnrolment,
    RoundOrganisation,
    RoundSession,
    RoundWaiting,
)
from innocap_lms.rounds.rights import arranged_by, seen_by
from innocap_lms.rounds.states import OPEN, SEATED, STATES

PAGE = 200  # rounds in a list: more than a municipality has in a year


@dataclass(frozen=True)
class SessionView:
    """A time at which a round meets."""

    id: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    day: date
    mode: str
    place: str
    link: str

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


@dataclass(frozen=True)
class RoundView:
    """A round. `leader` has no name where protected; `state` is that of whoever asked, "" where
    they were never in it."""

    id: str
    course_id: str
    track: str
    organiser_id: str
    organiser: str
    leader_id: str
    leader: str
    language: str
    first_day: date
    last_day: date
    enrol_by: date
    seats: int
    note: str
    revision: int
    cancelled_at: datetime | None
    cancelled_because: str | None
    taken: int
    state: str = ""
    sessions: tuple[SessionView, ...] = ()

    @property
    def free(self) -> int:
        return max(self.seats - self.taken, 0)

    def is_open(self, day: date) -> bool:
        """Whether one can enrol on that day."""
        return self.cancelled_at is None and day <= self.enrol_by


def _in_state(states: Sequence[str]) -> ColumnElement[bool]:
    """In one of these states. An IN would be written out anew each time it is asked."""
    return or_(*(RoundEnrolment.state == state for state in states))


_leader = aliased(Person)
_taken = (
    select(func.count())
    .where(RoundEnrolment.round_id == Round.id, _in_state(SEATED))
    .correlate(Round)
    .scalar_subquery()
)


def _rounds(person_id: Any) -> Select[Any]:
    """Rounds in the columns of RoundView, with the state of that person."""
    mine = and_(RoundEnrolment.round_id == Round.id, RoundEnrolment.person_id == person_id)
    return (
        select(
            Round.id,
            Round.course_id,
            Round.track,
            Round.organiser_id,
            Organisation.name,
            Round.leader_id,
            case((_leader.protected, ""), else_=_leader.name),
            Round.language,
            Round.first_day,
            Round.last_day,
            Round.enrol_by,
            Round.seats,
            Round.note,
            Round.revision,
            Round.cancelled_at,
            Round.cancelled_because,
            _taken,
            func.coalesce(RoundEnrolment.state, ""),
        )
        .join(Organisation, Organisation.id == Round.organiser_id)
        .join(_leader, _leader.id == Round.leader_id)
        .outerjoin(RoundEnrolment, mine)
        .order_by(Round.first_day, Round.id)
        .limit(PAGE)
    )


_OWN_COMING = (
    _rounds(bindparam("person"))
    .where(  # built once: every page of one's own asks it
        _in_state(OPEN),
        Round.last_day >= bindparam("day"),
    )
    .limit(None)
)  # nobody is in many, and SQLite would lay out a table to sort a page of them


def _read(query: Select[Any]) -> list[RoundView]:
    return [RoundView(*row) for row in db.session.execute(query)]


def with_sessions(rounds: Iterable[RoundView]) -> list[RoundView]:
    """The same rounds with the times at which they meet. One statement."""
    found, sessions = list(rounds), dict[str, list[SessionView]]()
    for row in db.session.execute(
        select(
            RoundSession.round_id,
            RoundSession.id,
            RoundSession.starts_at,
            RoundSession.ends_at,
            RoundSession.zone,
            RoundSession.day,
            RoundSession.mode,
            RoundSession.place,
            RoundSession.link,
        )
        .where(RoundSession.round_id.in_([one.id for one in found]))
        .order_by(RoundSession.starts_at, RoundSession.id)
    ):
        sessions.setdefault(row.round_id, []).append(SessionView(*row[1:]))
    return [replace(one, sessions=tuple(sessions.get(one.id, ()))) for one in found]


def find(viewer: Viewer, round_id: str) -> RoundView | None:
    """A round that the viewer may see, with its sessions; else None. Two statements."""
    found = _read(_rounds(viewer.id).where(Round.id == round_id, seen_by(viewer)))
    return with_sessions(found)[0] if found else None


def as_written_to(round_id: str, person_id: str) -> RoundView | None:
    """A round as a mail to one of its people tells of it."""
    found = _read(_rounds(person_id).where(Round.id == round_id))
    return with_sessions(found)[0] if found else None


def coming(viewer: Viewer, course_id: str = "") -> list[RoundView]:
    """The rounds that are open to an organisation of the viewer's, or that they are in, and that
    are not over, the nearest first; of one course or of all. One statement."""
    query = _rounds(viewer.id).where(
        Round.last_day >= today(),
        Round.cancelled_at.is_(None),
        _open_to(viewer) | RoundEnrolment.state.in_(OPEN),
    )
    return _read(query.where(Round.course_id == course_id) if course_id else query)


def own_coming(person_id: str) -> list[RoundView]:
    """The rounds that somebody is in, or is asked to take part in, and that are not over."""
    return [RoundView(*row) for row in fetch(_OWN_COMING, {"person": person_id, "day": today()})]


def earlier(viewer: Viewer) -> list[RoundView]:
    """The rounds that are over or cancelled, the last first: those that the viewer was in, and of
    who follows up others those that were open to the organisation."""
    over = (Round.last_day < today()) | Round.cancelled_at.is_not(None)
    theirs: ColumnElement[bool] = RoundEnrolment.state.is_not(None)
    if viewer.has("hr", "manager"):
        theirs = theirs | _open_to(viewer)
    query = _rounds(viewer.id).where(over, theirs)
    return _read(query.order_by(None).order_by(Round.last_day.desc(), Round.id))


def _open_to(viewer: Viewer) -> ColumnElement[bool]:
    own = sorted({role.organisation_id for role in viewer.roles if role.organisation_id})
    open_to = select(RoundOrganisation.round_id).where(RoundOrganisation.organisation_id.in_(own))
    return Round.id.in_(open_to)


def own_rounds(person_id: str) -> list[RoundView]:
    """The rounds that a person has a seat in, or had when it was cancelled, with their sessions:
    for the calendar."""
    seat = RoundEnrolment.state.in_(SEATED)
    called_off = and_(RoundEnrolment.state == "cancelled", Round.cancelled_at.is_not(None))
    over = and_(RoundEnrolment.state.in_(("completed", "failed")), Round.last_day >= today())
    return with_sessions(_read(_rounds(person_id).where(seat | called_off | over)))


def arranged(viewer: Viewer) -> list[RoundView]:
    """The rounds that the viewer arranges, those that go on first by day. One statement."""
    over = case((Round.last_day < today(), 1), (Round.cancelled_at.is_not(None), 1), else_=0)
    query = _rounds(viewer.id).where(arranged_by(viewer)).order_by(None)
    return _read(query.order_by(over, Round.first_day, Round.id))


def counts(round_id: str) -> dict[str, int]:
    """How many people are in each state, and "waiting"; states without anybody are 0."""
    rows = db.session.execute(
        select(RoundEnrolment.state, func.count())
        .where(RoundEnrolment.round_id == round_id)
        .group_by(RoundEnrolment.state)
    )
    found = dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}
    waiting = select(func.count()).where(RoundWaiting.round_id == round_id)
    return found | {"waiting": db.session.scalar(waiting) or 0}


def organisations_of(round_id: str) -> dict[str, str]:
    """The organisations whose members may enrol, names by id."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .join(RoundOrganisation, RoundOrganisation.organisation_id == Organisation.id)
        .where(RoundOrganisation.round_id == round_id)
        .order_by(Organisation.name)
    )
    return {row[0]: row[1] for row in rows}
