"""Who may write, approve and publish a course: one rule for every page and command.

Whoever keeps the track, by role, may do all three with its courses. Others have what they were
given, for the track or for one course.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import and_, delete, exists, or_, select

from innocap_lms import clock
from innocap_lms.authoring.models import AuthoredCourse, Right
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.ledger.services import record
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer, keeps_track

What = Literal["author", "reviewer", "publisher"]
RIGHTS: Final[tuple[What, ...]] = ("author", "reviewer", "publisher")
RIGHTS_MAIL_JOB: Final = "authoring.rights_mail"


class Given(NamedTuple):
    """A right that somebody was given. No name where the person is protected."""

    id: str
    name: str
    right: str
    whole_track: bool
    given_at: datetime


def rights_in(viewer: Viewer, track: str, course_id: str) -> frozenset[str]:
    """What the viewer may do with a course of a track. A right for that course alone holds while it
    is written here, and again once it is adopted again."""
    if keeps_track(viewer, track):
        return frozenset(RIGHTS)
    here = exists().where(
        AuthoredCourse.course_id == Right.course_id, AuthoredCourse.given_back_at.is_(None)
    )
    return frozenset(
        db.session.scalars(
            select(Right.right).where(
                Right.person_id == viewer.id,
                Right.track == track,
                or_(and_(Right.course_id == course_id, here), Right.course_id == ""),
            )
        )
    )


def shared_courses(viewer: Viewer) -> list[str]:
    """The ids of the courses for which the viewer was given a right."""
    own = (Right.course_id == AuthoredCourse.course_id) | (Right.course_id == "")
    return list(
        db.session.scalars(
            select(AuthoredCourse.course_id)
            .join(Right, (Right.track == AuthoredCourse.track) & own)
            .where(Right.person_id == viewer.id, AuthoredCourse.given_back_at.is_(None))
            .distinct()
            .order_by(AuthoredCourse.course_id)
        )
    )


def takes_part(viewer: Viewer) -> bool:
    """Whether the viewer was given a right for any course that is written here."""
    return bool(shared_courses(viewer))


def given_for(track: str, course_id: str) -> list[Given]:
    """Who was given what for a course, or for all of its track."""
    rows = db.session.execute(
        select(Right, Person.name, Person.protected)
        .join(Person, Person.id == Right.person_id)
        .where(Right.track == track, or_(Right.course_id == course_id, Right.course_id == ""))
        .order_by(Person.protected, Person.name, Right.right)
    )
    return [
        Given(
            row.Right.id,
            "" if row.protected else row.name,
            row.Right.right,
            not row.Right.course_id,
            row.Right.given_at,
        )
        for row in rows
    ]


def give(person_id: str, track: str, course_id: str, rights: Iterable[What], actor_id: str) -> bool:
    """Give somebody rights for a course, "" for every course of the track. In a write transaction;
    what they have already stays. They are told by mail of what is new; False where nothing is."""
    unique, new = ("person_id", "track", "course_id", "right"), []
    for right in rights:
        made = insert_once(
            Right,
            unique,
            id=new_id(),
            person_id=person_id,
            track=track,
            course_id=course_id,
            right=right,
            given_by=actor_id,
            given_at=clock.utcnow(),
        )
        if made:
            new.append(right)
            _trace("right.given", person_id, actor_id, track, course_id, right)
    if new:
        told = {"person": person_id, "track": track, "course": course_id, "rights": new}
        message = f"rights-{new_id()}"
        enqueue(RIGHTS_MAIL_JOB, message, {**told, "message": message})
    return bool(new)


def take_back(right_id: str, track: str, actor_id: str) -> bool:
    """Take a right back; False where there is none of that id in the track."""
    gone = db.session.execute(
        delete(Right)
        .where(Right.id == right_id, Right.track == track)
        .returning(Right.person_id, Right.course_id, Right.right)
    ).first()
    if gone is None:
        return False
    _trace("right.ended", gone.person_id, actor_id, track, gone.course_id, gone.right)
    return True


def _trace(
    kind: str, person_id: str, actor_id: str, track: str, course_id: str, right: str
) -> None:
    record(
        kind,
        person_id=person_id,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=clock.utcnow(),
        content={"track": track, "course": course_id, "right": right},
    )
