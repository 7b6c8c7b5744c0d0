"""What a learner does: enrol, open and read lessons, complete a course; attempts.py has quizzes.

Each function is called inside a write transaction. What must happen once has a unique constraint.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.catalogue.queries import edition as edition_of
from innocap_lms.config import Settings
from innocap_lms.content.model import Lesson
from innocap_lms.content.validity import renewal_opens
from innocap_lms.extensions import db, insert_once, note_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.models import Completion, Enrolment, LessonProgress, RenewalCall
from innocap_lms.learning.queries import called_at, has_begun_anew, progress_of
from innocap_lms.ledger.services import record
from innocap_lms.people.viewer import Viewer

ENROLMENT_AND_LESSON = ("enrolment_id", "lesson_id")
CERTIFICATE_JOB = "certificate.issue"


class NotOpenError(ValueError):
    """There is nothing to renew in this course, or not yet."""


def enrol(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Enrol in a course, in that edition; returns the enrolment's id. Doing so twice is once."""
    home = viewer.home()
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Enrolment,
        ("person_id", "course_id"),
        id=new,
        person_id=viewer.id,
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
    return new


def renew(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Take a course again, in that edition, once renewal has opened; returns the new enrolment.

    What was done before stays with the enrolment before. Doing so twice is once. Raises
    NotOpenError where the course is not completed, or there is nothing to renew yet.
    """
    found = db.session.execute(
        select(Enrolment.id, Completion.completed_at, Completion.edition_id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(
            Enrolment.person_id == viewer.id,
            Enrolment.course_id == edition.course.id,
            Enrolment.renewed_at.is_(None),
        )
    ).first()
    if found is None:
        raise NotOpenError(edition.course.id)
    if found.completed_at is None and has_begun_anew(viewer.id, edition.course.id):
        return str(found.id)
    if found.completed_at is None or not renewal_is_open(
        found.completed_at, edition_of(found.edition_id), called_at(edition.course.id)
    ):
        raise NotOpenError(edition.course.id)
    db.session.execute(
        update(Enrolment).where(Enrolment.id == found.id).values(renewed_at=clock.utcnow())
    )
    return enrol(viewer, edition, language)


def renewal_is_open(completed_at: datetime, edition: EditionView, called: datetime | None) -> bool:
    """Whether what was completed then, in that edition, can be renewed today: near the end of its
    validity, or since the course has `called` for it."""
    if called is not None and called > completed_at:
        return True
    settings: Settings = current_app.extensions["innocap_settings"]
    zone, validity = ZoneInfo(settings.timezone), edition.course.validity
    if validity is None:
        return False
    today = clock.utcnow().astimezone(zone).date()
    return today >= renewal_opens(completed_at.astimezone(zone).date(), validity)


def call_for_renewal(edition: EditionView, actor_id: str) -> None:
    """Ask those who have completed the course so far to take it again. Their completions and
    certificates stay as they are. In a write transaction."""
    now = clock.utcnow()
    course_id = edition.course.id
    db.session.add(
        RenewalCall(course_id=course_id, edition_id=edition.id, called_at=now, called_by=actor_id)
    )
    record(
        "renewal.called",
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=now,
        content={"course": course_id, "edition": edition.id},
    )


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


def complete_if_due(viewer: Viewer, enrolment_id: str, language: str, actor_id: str = "") -> bool:
    """Complete the learner's course once its rule is met; True when this call was the one that did.

    The rule is that of the edition the learner is in now, whichever an attempt was begun in.
    `actor_id` names who acted, where it was not the learner.
    """
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    edition = edition_of(enrolment.edition_id)
    course, rule = edition.course, edition.course.completion
    progress = progress_of(enrolment_id)
    passed = progress.passed.issuperset((*rule.quizzes, *rule.tasks))
    if not (passed and progress.read.issuperset(rule.lessons)):
        return False
    because = {"lessons_read": list(rule.lessons), "quizzes_passed": list(rule.quizzes)}
    if rule.tasks:
        because["tasks_passed"] = list(rule.tasks)
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Completion,
        ("enrolment_id",),
        id=new,
        enrolment_id=enrolment_id,
        person_id=viewer.id,
        course_id=course.id,
        track=edition.track,
        edition_id=edition.id,
        fingerprint=course.fingerprint,
        language=language,
        organisation_id=enrolment.organisation_id,
        unit_id=enrolment.unit_id,
        completed_at=now,
        hours=course.hours,
        because=because,
    )
    if not made:
        return False
    record(
        "completed",
        person_id=viewer.id,
        actor_id=actor_id or viewer.id,
        organisation_id=enrolment.organisation_id,
        happened_at=now,
        content={"completion": new, "because": because, **named(edition, language)},
    )
    enqueue(CERTIFICATE_JOB, f"certificate:{new}", {"completion_id": new})
    return True


def named(edition: EditionView, language: str) -> dict[str, Any]:
    """What every record of the ledger names: course, edition, fingerprint and language."""
    return {
        "course": edition.course.id,
        "edition": edition.id,
        "fingerprint": edition.course.fingerprint,
        "language": language,
    }
