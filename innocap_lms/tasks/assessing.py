"""What happens to a case that is handed in: seats are drawn, scores given, a decision falls.

Each function is called inside a write transaction and first takes the row of the case, so that two
assessors, or two who hand over, come one after the other.
"""

from typing import Any

from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Task
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.activities import pass_activity
from innocap_lms.learning.models import Enrolment
from innocap_lms.ledger.services import record
from innocap_lms.people.queries import viewer_of
from innocap_lms.tasks import rules
from innocap_lms.tasks.models import LAST_SEAT, Assessment, Submission, SubmissionFile
from innocap_lms.tasks.pool import draw
from innocap_lms.tasks.trail import named

DRAWN_JOB = "task.drawn_mail"
DECIDED_JOB = "task.decided_mail"


class SeatLost(LookupError):
    """Whoever acts has no seat at the case, or no longer."""


class NobodyElse(LookupError):
    """Nobody is left who could be drawn in an assessor's place."""


class TooLate(ValueError):
    """The scores are fixed: the others have given theirs too, or the case is decided."""


def fill_seats(case: Submission, task: Task) -> bool:
    """Draw assessors for the seats that are free; False where the pool has too few."""
    seats = _seats(case)
    for seat in _wanted(task, seats):
        if seat in seats:
            continue
        assessor = draw(case)
        if assessor is None:
            return False
        new = new_id()
        insert_once(
            Assessment,
            ("submission_id", "assessor_id"),
            id=new,
            submission_id=case.id,
            assessor_id=assessor,
            seat=seat,
            drawn_at=clock.utcnow(),
            remark="",
        )
        payload = {"assessment_id": new, "message_id": new_id()}
        enqueue(DRAWN_JOB, f"task.drawn:{new}", payload)
    return True


def draw_again(submission_id: str) -> bool:
    """Try anew to fill the seats of a case; False where the pool still has too few."""
    case = _taken(submission_id)
    if case is None or case.state != "handed_in":
        return True
    return fill_seats(case, _task_of(case)[1])


def score(
    assessor_id: str, submission_id: str, scores: dict[str, str], remark: str
) -> Submission | None:
    """Give or change the scores of a seat; returns the case once that decides it.

    Raises SeatLost and TooLate.
    """
    case = _taken(submission_id)
    seats = _seats(case) if case else {}
    mine = next((seat for seat in seats.values() if seat.assessor_id == assessor_id), None)
    if case is None or mine is None:
        raise SeatLost(submission_id)
    found, task = _task_of(case)
    if case.state != "handed_in" or (mine.scored_at and LAST_SEAT in _wanted(task, seats)):
        raise TooLate(submission_id)
    mine.scores, mine.remark, mine.scored_at = scores, remark, clock.utcnow()
    db.session.flush()
    return case if _settle(case, found, task, seats, assessor_id) else None


def hand_over(assessment_id: str, actor_id: str | None, *, to_somebody: bool = False) -> bool:
    """Release an assessor who has not scored yet, and draw another if there is one; False if that
    cannot be done, or was done before. Raises SeatLost where there is no such seat.

    Whoever was released is never drawn again: with `to_somebody`, raises NobodyElse where a seat
    would stay free, and the caller lets the transaction end with it.
    """
    seat = db.session.get(Assessment, assessment_id)
    case = _taken(seat.submission_id) if seat else None
    if case is None:
        raise SeatLost(assessment_id)
    found, task = _task_of(case)
    if not _release(case, found, assessment_id, actor_id):
        return False
    if not fill_seats(case, task) and to_somebody:
        raise NobodyElse(assessment_id)
    return True


def _release(
    case: Submission, found: EditionView, assessment_id: str, actor_id: str | None
) -> bool:
    """Take a seat from an assessor who has not scored; False where that cannot be."""
    if case.state != "handed_in":
        return False
    released = db.session.execute(
        update(Assessment)
        .where(
            Assessment.id == assessment_id,
            Assessment.released_at.is_(None),
            Assessment.scored_at.is_(None),
        )
        .values(released_at=clock.utcnow())
        .returning(Assessment.assessor_id)
    ).scalar()
    if released is None:
        return False
    _note("task.handed_over", case, found, actor_id, released=released)
    return True


def _taken(submission_id: str) -> Submission | None:
    """The case as it is now, kept from others until the transaction ends."""
    statement = select(Submission).where(Submission.id == submission_id).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def _seats(case: Submission) -> dict[int, Assessment]:
    """Who sits on a case now, by seat."""
    statement = select(Assessment).where(
        Assessment.submission_id == case.id, Assessment.released_at.is_(None)
    )
    rows = db.session.scalars(statement.execution_options(populate_existing=True))
    return {row.seat: row for row in rows}


def _task_of(case: Submission) -> tuple[EditionView, Task]:
    found = edition(case.edition_id)
    task = found.course.activity(case.task_id)
    assert isinstance(task, Task)
    return found, task


def _wanted(task: Task, seats: dict[int, Assessment]) -> tuple[int, ...]:
    """The seats that a case needs: those of the task, and the last where the first two disagree."""
    first = tuple(range(1, task.assessors + 1))
    given = [seats[seat].scores for seat in first if seat in seats and seats[seat].scored_at]
    if len(given) == 2 and rules.disagree(task, given[0] or {}, given[1] or {}):
        return (*first, LAST_SEAT)
    return first


def _settle(
    case: Submission, found: EditionView, task: Task, seats: dict[int, Assessment], actor_id: str
) -> bool:
    """Decide the case if all who must have scored; True when it is decided now."""
    wanted = _wanted(task, seats)
    fill_seats(case, task)
    if not all(seat in seats and seats[seat].scored_at for seat in wanted):
        return False
    deciding = (LAST_SEAT,) if LAST_SEAT in wanted else wanted
    scores = {seat: seats[seat].scores or {} for seat in wanted}
    share = rules.agreement(task, scores[1], scores[2]) if task.assessors > 1 else None
    passed = all(rules.passes(task, scores[seat]) for seat in deciding)
    case.state = "passed" if passed else "returned"
    case.decided_at = clock.utcnow()
    case.because = {"agreement": share, "seats": list(deciding)}
    db.session.flush()
    _note(f"task.{case.state}", case, found, actor_id)
    if passed:
        learner = viewer_of(_learner(case))
        pass_activity(learner, case.enrolment_id, task.id, case.language, actor_id)
    else:
        _begin_revision(case)
    payload = {"submission_id": case.id, "message_id": new_id()}
    enqueue(DECIDED_JOB, f"task.decided:{case.id}", payload)
    return True


def _begin_revision(case: Submission) -> None:
    """The next try starts as a copy of the one that was returned; its files are the same bytes.
    Its revisions go on: a window that still shows the try before knows none of them."""
    now, new = clock.utcnow(), new_id()
    insert_once(
        Submission,
        ("enrolment_id", "task_id", "number"),
        id=new,
        enrolment_id=case.enrolment_id,
        task_id=case.task_id,
        number=case.number + 1,
        track=case.track,
        edition_id=case.edition_id,
        fingerprint=case.fingerprint,
        language=case.language,
        organisation_id=None,
        text=case.text,
        revision=case.revision + 1,
        state="draft",
        started_at=now,
        saved_at=now,
    )
    files = db.session.scalars(
        select(SubmissionFile).where(SubmissionFile.submission_id == case.id)
    ).all()
    for file in files:
        insert_once(
            SubmissionFile,
            ("submission_id", "sha256"),
            id=new_id(),
            submission_id=new,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            stored=file.stored,
            added_at=file.added_at,
        )


def _learner(case: Submission) -> str:
    return db.session.execute(
        select(Enrolment.person_id).where(Enrolment.id == case.enrolment_id)
    ).scalar_one()


def _note(
    kind: str, case: Submission, found: EditionView, actor_id: str | None, **more: Any
) -> None:
    record(
        kind,
        person_id=_learner(case),
        actor_id=actor_id,
        organisation_id=case.organisation_id,
        happened_at=clock.utcnow(),
        content={**named(case, found), **more},
    )
