"""Completing courses and programmes, once each, whoever it was that did the last thing.

Each function is called inside a write transaction.
"""

from typing import Any

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.catalogue.queries import edition as edition_of
from innocap_lms.content.programme import Programme
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.learning.queries import progress_of
from innocap_lms.learning.way import Way, way_through
from innocap_lms.ledger.services import record
from innocap_lms.people.once import hold
from innocap_lms.people.viewer import Viewer

CERTIFICATE_JOB = "certificate.issue"
CHANGED_JOB = "completion.changed"


def complete_if_due(viewer: Viewer, enrolment_id: str, language: str, actor_id: str = "") -> bool:
    """Complete the learner's course once its rule is met; True when this call was the one that did.

    The rule is that of the edition the learner is in now, whichever an attempt was begun in.
    `actor_id` names who acted, where it was not the learner. Programmes that wait for nothing else
    are completed with it.
    """
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    edition = edition_of(enrolment.edition_id)
    rule = edition.course.completion
    progress = progress_of(enrolment_id)
    passed = progress.passed.issuperset((*rule.quizzes, *rule.tasks))
    if not (passed and progress.read.issuperset(rule.lessons)):
        return False
    because = {"lessons_read": list(rule.lessons), "quizzes_passed": list(rule.quizzes)}
    if rule.tasks:
        because["tasks_passed"] = list(rule.tasks)
    made = _complete(enrolment, edition, because, language, actor_id or viewer.id)
    if made:
        complete_programmes(viewer.id, actor_id)
    return made


def complete_programmes(person_id: str, actor_id: str = "") -> list[str]:
    """Complete each programme that the person is in and whose rule is met; returns their ids.

    To be called whenever something has been done that may count: a course, a practical task, an
    enrolment in the programme itself. The person's row is held, so that of two things done at the
    same moment the later sees the earlier.
    """
    hold(person_id)
    completed = select(Completion.enrolment_id).where(
        Completion.person_id == person_id, Completion.enrolment_id.is_not(None)
    )
    waiting = db.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.kind == "programme",
            Enrolment.renewed_at.is_(None),
            Enrolment.id.not_in(completed),
        )
        .order_by(Enrolment.id)
    ).all()
    return [each.course_id for each in waiting if _complete_programme(each, actor_id or person_id)]


def tell_of_change(
    person_id: str, course_id: str, completion_id: str, reason: str, actor_id: str
) -> None:
    """Have looked at anew what rests on a completion of a course or programme: it was on another
    day than was said, or counts no longer."""
    payload = {
        "person_id": person_id,
        "course_id": course_id,
        "completion_id": completion_id,
        "reason": reason,
        "actor_id": actor_id,
    }
    enqueue(CHANGED_JOB, f"changed:{new_id()}", payload)


def _complete_programme(enrolment: Enrolment, actor_id: str) -> bool:
    edition = edition_of(enrolment.edition_id)
    programme = edition.course
    if not isinstance(programme, Programme):
        raise TypeError(f"the edition {edition.id} is none of a programme")
    way = way_through(programme, enrolment.person_id, enrolment.organisation_id, enrolment.id)
    if not way.is_done:
        return False
    return _complete(enrolment, edition, _because(way), enrolment.language, actor_id)


def _because(way: Way) -> dict[str, Any]:
    completed = {name: done.completion_id for name, done in way.completed.items()}
    return {"courses_completed": completed, "tasks_approved": way.tasks}


def _complete(
    enrolment: Enrolment,
    edition: EditionView,
    because: dict[str, Any],
    language: str,
    actor_id: str,
) -> bool:
    course, now, new = edition.course, clock.utcnow(), new_id()
    made = insert_once(
        Completion,
        ("enrolment_id",),
        id=new,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        kind=edition.kind,
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
        person_id=enrolment.person_id,
        actor_id=actor_id,
        organisation_id=enrolment.organisation_id,
        happened_at=now,
        content={"completion": new, "because": because, **named(edition, language)},
    )
    enqueue(CERTIFICATE_JOB, f"certificate:{new}", {"completion_id": new})
    return True


def named(edition: EditionView, language: str) -> dict[str, Any]:
    """What every record of the ledger names: course or programme, edition, fingerprint and
    language."""
    return {
        edition.kind: edition.course.id,
        "edition": edition.id,
        "fingerprint": edition.course.fingerprint,
        "language": language,
    }
