"""From one edition of a course or programme to another, for those who are in the middle of it.

Each function is called inside a write transaction.
"""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, not_, select, tuple_, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, editions, with_keys
from innocap_lms.content.changes import changes_between
from innocap_lms.content.model import Course, Lesson
from innocap_lms.extensions import db
from innocap_lms.learning.completing import complete_if_due, complete_programmes
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress
from innocap_lms.ledger.services import record
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.viewer import Viewer

SUBSTANCE = "substance"


def grave_lessons(
    before: EditionView, now: Course, said: Mapping[str, str], compared: str
) -> frozenset[str]:
    """The lessons that say something else in `now` for who is in edition `before`.

    What is `said` of changes, "wording" or "substance" by the id of the part, holds for those in
    the edition `compared`, which whoever said it saw beside; for others only what can be told.
    """
    spoken = said if before.id == compared else {}
    changes = changes_between(with_keys(before), now)
    return frozenset(
        each.id
        for each in changes
        if each.state == "changed"
        and each.kind == "lesson"
        and spoken.get(each.id, each.weight) == SUBSTANCE
    )


def move_readers(
    edition: EditionView, said: Mapping[str, str], compared: str, actor_id: str | None
) -> int:
    """Let everybody in the middle of a course go on in this edition; returns how many moved.

    A lesson they have read is to be read again where it says something else, see `grave_lessons`.
    One whose text is an earlier one again counts as read then. Passes stay, and so do attempts
    under way: those are of their edition. Who has completed stays there.
    """
    course = edition.course
    completed = select(Completion.enrolment_id).where(Completion.course_id == course.id)
    people = db.session.scalars(
        select(Enrolment).where(
            Enrolment.course_id == course.id,
            Enrolment.edition_id != edition.id,
            Enrolment.id.not_in(completed),
        )
    ).all()
    grave = {
        before.id: grave_lessons(before, with_keys(edition), said, compared)
        for before in editions({each.edition_id for each in people}).values()
    }
    for enrolment in people:
        again = _settle(enrolment.id, course.lessons, grave[enrolment.edition_id])
        _move(enrolment, edition, actor_id, read_again=again)
    db.session.flush()
    for enrolment in people:  # what was missing may be a part that is gone
        viewer = viewer_of(enrolment.person_id)
        complete_if_due(viewer, enrolment.id, enrolment.language, actor_id or "")
    return len(people)


def move_on(viewer: Viewer, edition: EditionView) -> bool:
    """Let somebody go on with a programme in this edition, by their own wish; False where they are
    in it already, or not in the middle of the programme. What they have done counts in it, too, and
    may complete it."""
    completed = select(Completion.enrolment_id).where(
        Completion.person_id == viewer.id, Completion.enrolment_id.is_not(None)
    )
    enrolment = db.session.scalar(
        select(Enrolment)
        .where(
            Enrolment.person_id == viewer.id,
            Enrolment.course_id == edition.course.id,
            Enrolment.edition_id != edition.id,
            Enrolment.renewed_at.is_(None),
            Enrolment.id.not_in(completed),
        )
        .with_for_update()
    )
    if enrolment is None:
        return False
    _move(enrolment, edition, viewer.id)
    db.session.flush()
    complete_programmes(viewer.id)
    return True


def _move(
    enrolment: Enrolment, edition: EditionView, actor_id: str | None, **more: list[str]
) -> None:
    before = enrolment.edition_id
    enrolment.edition_id, enrolment.fingerprint = edition.id, edition.course.fingerprint
    record(
        "moved",
        person_id=enrolment.person_id,
        actor_id=actor_id,
        organisation_id=enrolment.organisation_id,
        happened_at=clock.utcnow(),
        content={"enrolment": enrolment.id, "from_edition": before, "edition": edition.id, **more},
    )


def _settle(enrolment_id: str, lessons: tuple[Lesson, ...], grave: Container[str]) -> list[str]:
    """Let each reading count, or not, for the lessons as they are now; the ids of those to read
    again."""
    now, again = {lesson.id: lesson for lesson in lessons}, []
    rows = db.session.scalars(
        select(LessonProgress).where(LessonProgress.enrolment_id == enrolment_id)
    )
    for row in rows:
        if row.lesson_id not in now:
            continue
        texts = now[row.lesson_id].texts
        fingerprints = {text.fingerprint for text in texts.values()}
        if row.read_at is not None and row.fingerprint not in fingerprints:
            row.earlier = {**(row.earlier or {}), row.fingerprint: row.read_at.isoformat()}
            if row.lesson_id in grave:
                row.read_at = None
            else:  # it is read as it is now, too
                text = texts.get(row.language) or next(iter(texts.values()))
                row.fingerprint = text.fingerprint
        known: dict[str, Any] = dict(row.earlier or {})
        if row.read_at is None and (found := sorted(fingerprints & known.keys())):
            row.fingerprint = min(found, key=known.__getitem__)
            row.read_at = datetime.fromisoformat(known[row.fingerprint])
        if row.read_at is None and row.earlier:
            again.append(row.lesson_id)
    return again


def move_all(edition: EditionView) -> None:
    """Let everybody who is in the course go on in this edition, whatever they have read."""
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.course_id == edition.course.id, Enrolment.edition_id != edition.id)
        .values(edition_id=edition.id, fingerprint=edition.course.fingerprint)
        .execution_options(synchronize_session=False)
    )


def drop_unsent(edition: EditionView) -> None:
    """Forget attempts under way at quizzes of the course that are no longer those of the edition.
    For a course that nobody takes in earnest."""
    same = [(quiz.id, quiz.fingerprint) for quiz in edition.course.quizzes]
    enrolled = select(Enrolment.id).where(Enrolment.course_id == edition.course.id)
    db.session.execute(
        delete(Attempt)
        .where(
            Attempt.submitted_at.is_(None),
            Attempt.enrolment_id.in_(enrolled),
            not_(tuple_(Attempt.quiz_id, Attempt.fingerprint).in_(same)),
        )
        .execution_options(synchronize_session=False)
    )
