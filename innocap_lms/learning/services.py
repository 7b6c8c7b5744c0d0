"""What a learner does: enrol, open and read lessons, complete a course; attempts.py has quizzes,
renewing.py what is taken again.

Each function is called inside a write transaction. What must happen once has a unique constraint.
"""

from typing import Any

from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Course, Lesson
from innocap_lms.extensions import db, insert_once, note_once
from innocap_lms.ids import new_id
from innocap_lms.learning.completing import complete_if_due, complete_programmes, named
from innocap_lms.learning.in_force import in_force
from innocap_lms.learning.models import Enrolment, LessonProgress
from innocap_lms.ledger.services import record
from innocap_lms.people.viewer import Viewer

ENROLMENT_AND_LESSON = ("enrolment_id", "lesson_id")


class NotYetError(ValueError):
    """A course that asks for others first, and `missing` are the ids of those."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def missing_before(person_id: str, course: Course) -> tuple[str, ...]:
    """What should be completed before this course or programme and does not count today, by id."""
    if not course.prerequisites:
        return ()
    done = {each.course_id for each in in_force(person_id, course.prerequisites)}
    return tuple(name for name in course.prerequisites if name not in done)


def _refuse_too_early(person_id: str, course: Course) -> None:
    """Raise NotYetError; never for who is, or was, enrolled already."""
    missing = missing_before(person_id, course) if course.enforce == "block" else ()
    if not missing:
        return
    theirs = (Enrolment.person_id == person_id, Enrolment.course_id == course.id)
    if db.session.scalar(select(Enrolment.id).where(*theirs).limit(1)) is None:
        raise NotYetError(missing)


def enrol(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Enrol in a course or programme, in that edition; returns the enrolment's id. Doing so twice
    is once. A programme whose courses are completed already is completed at once.

    Raises NotYetError where it lets nobody in who has not completed others first.
    """
    _refuse_too_early(viewer.id, edition.course)
    return let_in(viewer, edition, language)


def let_in(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Enrol somebody whatever should come first: to renew, or in a preview."""
    home = viewer.home()
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Enrolment,
        ("person_id", "course_id"),
        id=new,
        person_id=viewer.id,
        kind=edition.kind,
        course_id=edition.course.id,
        edition_id=edition.id,
        fingerprint=edition.course.fingerprint,
        language=language,
        organisation_id=home.organisation_id if home else None,
        unit_id=home.unit_id if home else None,
        enrolled_at=now,
    )
    if not made:
        return db.session.execute(
            select(Enrolment.id).where(
                Enrolment.person_id == viewer.id,
                Enrolment.course_id == edition.course.id,
                Enrolment.renewed_at.is_(None),
            )
        ).scalar_one()
    record(
        "enrolled",
        person_id=viewer.id,
        actor_id=viewer.id,
        organisation_id=home.organisation_id if home else None,
        happened_at=now,
        content={"enrolment": new, **named(edition, language)},
    )
    if edition.kind == "programme":
        complete_programmes(viewer.id)
    return new


def open_lesson(enrolment_id: str, lesson: Lesson, language: str) -> None:
    """Note that a lesson was opened; the first time counts. Needs no transaction."""
    note_once(
        LessonProgress,
        ENROLMENT_AND_LESSON,
        **_opened(enrolment_id, lesson, language),
        read_at=None,
    )


def read_lesson(viewer: Viewer, enrolment_id: str, lesson: Lesson, language: str) -> bool:
    """Note that the learner has read a lesson; True when that completes the course."""
    now = clock.utcnow()
    opened = _opened(enrolment_id, lesson, language)
    if not insert_once(LessonProgress, ENROLMENT_AND_LESSON, **opened, read_at=now):
        db.session.execute(
            update(LessonProgress)
            .where(
                LessonProgress.enrolment_id == enrolment_id,
                LessonProgress.lesson_id == lesson.id,
                LessonProgress.read_at.is_(None),
            )
            .values(read_at=now, fingerprint=opened["fingerprint"], language=language)
        )
    return complete_if_due(viewer, enrolment_id, language)


def _opened(enrolment_id: str, lesson: Lesson, language: str) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment_id,
        "lesson_id": lesson.id,
        "fingerprint": lesson.texts[language].fingerprint,
        "language": language,
        "opened_at": clock.utcnow(),
    }
