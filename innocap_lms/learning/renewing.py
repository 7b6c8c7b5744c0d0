"""Taking a course or programme again: when that is open, and what it begins.

What was done before stays with the enrolment before.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, exists, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, offering
from innocap_lms.catalogue.queries import edition as edition_of
from innocap_lms.config import Settings
from innocap_lms.content.model import Validity
from innocap_lms.content.programme import Programme
from innocap_lms.content.validity import renewal_opens
from innocap_lms.extensions import db, fetch
from innocap_lms.learning.calls import last_calls
from innocap_lms.learning.in_force import all_done, in_force
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.learning.queries import MyCourse, has_begun_anew, my_course, my_programme
from innocap_lms.learning.services import let_in
from innocap_lms.learning.way import counted_since
from innocap_lms.people.viewer import Viewer

RequiredAgain = Callable[[str, str], bool]

_enrolment = Enrolment.__table__.c
_before = Enrolment.__table__.alias("before").c
_completion = Completion.__table__.c
# Programmes that a person is in and has not completed, having been in them before.
_begun_anew = select(_enrolment.id, _enrolment.edition_id).where(
    _enrolment.person_id == bindparam("person_id"),
    _enrolment.kind == "programme",
    _enrolment.renewed_at.is_(None),
    ~exists().where(_completion.enrolment_id == _enrolment.id),
    exists().where(
        _before.person_id == _enrolment.person_id,
        _before.course_id == _enrolment.course_id,
        _before.renewed_at.is_not(None),
    ),
)


class NotOpenError(ValueError):
    """There is nothing to renew in this course, or not yet."""


def renew(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Take a course or programme again, in that edition, where that is open; returns the new
    enrolment. Doing so twice is once. In a write transaction.

    Raises NotOpenError where it is not completed, or there is nothing to renew yet.
    """
    my_place = my_programme if edition.kind == "programme" else my_course
    mine = my_place(viewer.id, edition.course.id)
    if mine is None:
        raise NotOpenError(edition.course.id)
    if mine.completion_id is None and has_begun_anew(viewer.id, mine.course_id):
        return mine.enrolment_id
    if not can_be_taken_again(viewer.id, mine):
        raise NotOpenError(mine.course_id)
    db.session.execute(
        update(Enrolment).where(Enrolment.id == mine.enrolment_id).values(renewed_at=clock.utcnow())
    )
    return let_in(viewer, edition, language)


def can_be_taken_again(person_id: str, mine: MyCourse) -> bool:
    """Whether the person may take again what they have completed: since renewal has opened or the
    course has called for it, since a programme that they take again asks for it, since it counts no
    longer, or since it is required of them again. Three statements, and a few more where a
    programme or a requirement asks again."""
    if mine.completed_at is None:
        return False
    return (
        _renewal_is_open(mine, mine.completed_at)
        or _is_asked_again(person_id, mine)
        or _counts_no_longer(person_id, mine)
        or _is_required_again(person_id, mine.course_id)
    )


def _renewal_is_open(mine: MyCourse, completed_at: datetime) -> bool:
    """Whether it is near the end of its validity, or was called for since."""
    if mine.call is not None and mine.call.holds(completed_at):
        return True
    validity = edition_of(mine.edition_id).course.validity
    return validity is not None and _is_open(completed_at, validity, validity.months)


def earned_before(person_id: str, mine: MyCourse) -> datetime | None:
    """When somebody who takes a course or programme again completed it before; None where that
    counts no longer, or they do not take it again. At most two statements."""
    if mine.completion_id is not None or mine.earned_at is None:
        return None
    return mine.earned_at if in_force(person_id, [mine.course_id]) else None


def is_noted_for_now(person_id: str, course_id: str) -> bool:
    """Whether HR has noted that somebody completed a course or programme, and that counts until a
    renewal of it opens, is called for, or is required. Two statements, one where nothing is noted,
    and a few more where something is."""
    noted = [done for done in in_force(person_id, [course_id]) if done.edition_id is None]
    if not noted or _is_required_again(person_id, course_id):
        return False
    called = last_calls([course_id]).get(course_id)
    offered = offering(course_id) or offering(course_id, "programme")
    validity = offered.edition.course.validity if offered else None
    return any(
        not (called and called.holds(done.completed_at))
        and not (validity and done.months and _is_open(done.completed_at, validity, done.months))
        for done in noted
    )


def _is_open(completed_at: datetime, validity: Validity, months: int) -> bool:
    """Whether the renewal of what counts for so many months is open today."""
    settings: Settings = current_app.extensions["innocap_settings"]
    zone = ZoneInfo(settings.timezone)
    opens = renewal_opens(completed_at.astimezone(zone).date(), replace(validity, months=months))
    return clock.utcnow().astimezone(zone).date() >= opens


def _is_asked_again(person_id: str, mine: MyCourse) -> bool:
    """Whether a programme that the person takes again has this course, and counts only what was
    done since they completed the programme: see `learning.way`."""
    for row in fetch(_begun_anew, {"person_id": person_id}):
        programme = edition_of(row.edition_id).course
        if not isinstance(programme, Programme) or mine.course_id not in programme.course_ids:
            continue
        since = counted_since(all_done(person_id, [programme.id]), programme.id, row.id)
        if mine.completed_at is not None and mine.completed_at <= since:
            return True
    return False


def _counts_no_longer(person_id: str, mine: MyCourse) -> bool:
    """Whether it was revoked, or has lapsed: nobody is to stand there for good."""
    counting = in_force(person_id, [mine.course_id])
    return all(each.completion_id != mine.completion_id for each in counting)


def _is_required_again(person_id: str, course_id: str) -> bool:
    """Whether an employer asks for it anew: the room of requirements lies above, the app has told
    how to ask it."""
    required: RequiredAgain = current_app.extensions["innocap_required_again"]
    return required(person_id, course_id)
