"""The job by which places in rounds follow the days, and what people do in the course itself."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.in_force import Done, all_done
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.models import Person
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.rounds.enrolments import SITE, change, enrolment_of, lock
from innocap_lms.rounds.models import Round, RoundAttendance, RoundEnrolment, RoundWaiting
from innocap_lms.rounds.services import fill_seats, leave_line
from innocap_lms.rounds.states import HAD_SEAT, OPEN, SEATED, State, by_now, judged_anew

JUDGE_JOB: Final = "rounds.judge"


def follow() -> int:
    """Bring every place into line with today; returns how many changed. A repeating job."""
    changed = 0
    for round_id in _unsettled():
        with writing():
            held = lock(round_id)
            if held.cancelled_at is None:
                changed += _end_waiting(held) + _expire_unanswered(held) + _move_on(held)
                changed += _let_leavers_go(held)
    return changed


def _unsettled() -> list[str]:
    """Rounds in which something changes now; where nothing does, nothing is locked."""
    day = today()
    moves_on = and_(
        RoundEnrolment.state.in_(SEATED),
        or_(
            Round.last_day < day,
            _completed_since().exists(),
            and_(RoundEnrolment.state == "enrolled", Round.first_day <= day, _has_begun()),
        ),
    )
    unanswered = and_(
        RoundEnrolment.state == "invited",
        func.coalesce(RoundEnrolment.answer_by, Round.enrol_by) < day,
        ~_waits().exists(),
    )
    enrolments = (
        select(Round.id)
        .join(RoundEnrolment, RoundEnrolment.round_id == Round.id)
        .where(Round.cancelled_at.is_(None), or_(moves_on, unanswered, _is_of_a_leaver()))
    )
    waiting = (
        select(Round.id)
        .join(RoundWaiting, RoundWaiting.round_id == Round.id)
        .where(Round.cancelled_at.is_(None), Round.first_day < day)
    )
    return sorted({*db.session.scalars(enrolments), *db.session.scalars(waiting)})


def _is_of_a_leaver() -> ColumnElement[bool]:
    """Whether somebody is in, or asked, who has left every organisation."""
    left = select(Person.id).where(
        Person.id == RoundEnrolment.person_id, Person.left_at <= clock.utcnow()
    )
    return RoundEnrolment.state.in_(OPEN) & left.exists()


def _waits() -> Any:
    """The place in the waiting list of whoever an enrolment is of."""
    return select(RoundWaiting.since).where(
        RoundWaiting.round_id == RoundEnrolment.round_id,
        RoundWaiting.person_id == RoundEnrolment.person_id,
    )


def _has_begun() -> ColumnElement[bool]:
    """Whether the person of an enrolment has begun the course, or been at a session. What they had
    completed before they have yet to begin anew."""
    before = select(Completion.id).where(
        Completion.enrolment_id == Enrolment.id,
        Completion.completed_at < RoundEnrolment.joined_at,
    )
    begun = select(Enrolment.id).where(
        Enrolment.person_id == RoundEnrolment.person_id,
        Enrolment.course_id == Round.course_id,
        Enrolment.renewed_at.is_(None),
        ~before.exists(),
    )
    there = select(RoundAttendance.session_id).where(
        RoundAttendance.enrolment_id == RoundEnrolment.id, RoundAttendance.minutes > 0
    )
    return or_(begun.exists(), there.exists())


def _completed_since() -> Any:
    """The completions of the course by whoever has a seat, since they have it."""
    return select(Completion.completed_at).where(
        Completion.person_id == RoundEnrolment.person_id,
        Completion.course_id == Round.course_id,
        Completion.completed_at >= RoundEnrolment.joined_at,
    )


def _end_waiting(held: Round) -> int:
    """Once the round has begun nobody waits for a seat any more."""
    if today() <= held.first_day:
        return 0
    waiting = select(RoundWaiting.person_id).where(RoundWaiting.round_id == held.id)
    people = db.session.scalars(waiting).all()
    for person_id in people:
        leave_line(held, person_id, SITE)
    return len(people)


def _expire_unanswered(held: Round) -> int:
    """Let invitations expire whose last day has passed; who waits for a seat has answered."""
    rows = db.session.scalars(
        select(RoundEnrolment).where(
            RoundEnrolment.round_id == held.id,
            RoundEnrolment.state == "invited",
            func.coalesce(RoundEnrolment.answer_by, held.enrol_by) < today(),
            ~_waits().exists(),
        )
    ).all()
    for row in rows:
        change(held, row, "expired", SITE)
    return len(rows)


def _let_leavers_go(held: Round) -> int:
    """End the places of who has left, so that others have their seats."""
    rows = db.session.scalars(
        select(RoundEnrolment).where(RoundEnrolment.round_id == held.id, _is_of_a_leaver())
    ).all()
    for row in rows:
        change(held, row, "cancelled", SITE)
    if rows:
        fill_seats(held)
    return len(rows)


class _Come(NamedTuple):
    """An enrolment, whether its person has begun the course or been there, and whether they have
    completed the course since, withdrawn or not."""

    row: RoundEnrolment
    begun: bool
    completed: bool


def _move_on(held: Round) -> int:
    changed = 0
    for one in _seated(held):
        completed = one.completed and _has_completed(held, one.row)
        state = cast("State", one.row.state)
        now = by_now(state, one.begun, completed, held.first_day, held.last_day, today())
        if now != state:
            change(held, one.row, now, SITE)
            changed += 1
    return changed


def _seated(held: Round) -> list[_Come]:
    rows = db.session.execute(
        select(RoundEnrolment, _has_begun(), _completed_since().exists())
        .join(Round, Round.id == RoundEnrolment.round_id)
        .where(RoundEnrolment.round_id == held.id, RoundEnrolment.state.in_(SEATED))
    )
    return [_Come(*row) for row in rows]


def _has_completed(held: Round, row: RoundEnrolment) -> bool:
    """Whether a completion of the course lies within the round, by what is known now."""
    if row.joined_at is None:
        return False
    return any(
        not done.ended and _lies_within(done, row.joined_at, held.last_day)
        for done in all_done(row.person_id, [held.course_id])
    )


def _lies_within(done: Done, joined_at: datetime, last_day: date) -> bool:
    """Whether somebody completed the course once they had a seat, and by the last day. Of what HR
    has noted only the day is known."""
    zone = site_zone()
    day = done.completed_at.astimezone(zone).date()
    is_noted = done.edition_id is None
    since = joined_at.astimezone(zone).date() <= day if is_noted else joined_at <= done.completed_at
    return since and day <= last_day


def tell_of_noted(person_id: str, course_id: str, completion_id: str) -> None:
    """Have somebody's rounds of a course or programme judged anew, where there are any, after a
    completion of it was noted. In a write transaction."""
    if db.session.scalar(_had_a_seat(person_id, course_id).limit(1)) is not None:
        payload = {"person_id": person_id, "course_id": course_id}
        enqueue(JUDGE_JOB, f"rounds.judge:{completion_id}", payload)


def judge(payload: dict[str, Any]) -> None:
    """The job of `tell_of_noted`; running twice is once."""
    judge_places(payload["person_id"], payload["course_id"], "noted")


def judge_places(person_id: str, course_id: str, because: str = "corrected") -> int:
    """Judge anew what somebody's rounds of a course or programme came to, `because` a completion of
    it was noted, corrected or withdrawn; returns how many changed. Not within a transaction."""
    rounds = db.session.scalars(_had_a_seat(person_id, course_id).order_by(Round.id)).all()
    return sum(_judge(round_id, person_id, because) for round_id in rounds)


def _had_a_seat(person_id: str, course_id: str) -> Select[Any]:
    """The rounds of a course or programme in which somebody has a seat, or had until the end."""
    return (
        select(Round.id)
        .join(RoundEnrolment, RoundEnrolment.round_id == Round.id)
        .where(
            RoundEnrolment.person_id == person_id,
            RoundEnrolment.state.in_(HAD_SEAT),
            RoundEnrolment.joined_at.is_not(None),
            Round.course_id == course_id,
            Round.cancelled_at.is_(None),
        )
    )


def _judge(round_id: str, person_id: str, because: str) -> bool:
    with writing():
        held = lock(round_id)
        row = enrolment_of(held, person_id)
        if row is None:
            return False
        state = cast("State", row.state)
        now = judged_anew(state, _has_completed(held, row), held.last_day, today())
        if now != state:
            change(held, row, now, SITE, because=because)
        return now != state
