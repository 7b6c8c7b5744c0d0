"""Reads of inquiries: a learner's own, and those of the tracks that a trainer keeps."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from innocap_lms.extensions import db
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer, track_scope

PAGE = 50
_who, _answerer = aliased(Person), aliased(Person)


class InquiryView(NamedTuple):
    """An inquiry. `name` is that of who asked, empty where the person is protected; `by` that of
    who answered."""

    id: str
    about: str
    person_id: str
    enrolment_id: str
    course_id: str
    quiz_id: str
    edition_id: str
    attempt_id: str | None
    question_id: str | None
    file: str
    line: int
    language: str
    text: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    name: str
    by: str

    @property
    def granted(self) -> bool:
        """Whether the attempt that was asked for has been given."""
        return self.about == "attempt" and self.answer == ""


_COLUMNS = (
    Inquiry.id,
    Inquiry.about,
    Inquiry.person_id,
    Inquiry.enrolment_id,
    Inquiry.course_id,
    Inquiry.quiz_id,
    Inquiry.edition_id,
    Inquiry.attempt_id,
    Inquiry.question_id,
    Inquiry.file,
    Inquiry.line,
    Inquiry.language,
    Inquiry.text,
    Inquiry.asked_at,
    Inquiry.answer,
    Inquiry.answered_at,
)


def _inquiries(*conditions: Any) -> Any:
    return (
        select(*_COLUMNS, _who.name, _who.protected, _answerer.name.label("by"))
        .join(_who, _who.id == Inquiry.person_id)
        .outerjoin(_answerer, _answerer.id == Inquiry.answered_by)
        .where(*conditions)
    )


def _view(row: Any) -> InquiryView:
    fields = {name: getattr(row, name) for name in InquiryView._fields}
    named = {"name": "" if row.protected else row.name, "by": row.by or ""}
    return InquiryView(**fields | named)


def own_inquiries(person_id: str) -> list[InquiryView]:
    """What somebody has asked, the newest first; at most the last fifty."""
    query = _inquiries(Inquiry.person_id == person_id)
    rows = db.session.execute(query.order_by(Inquiry.asked_at.desc(), Inquiry.id).limit(PAGE))
    return [_view(row) for row in rows]


def own_about(
    person_id: str, course_id: str, quiz_id: str, question_id: str | None
) -> list[InquiryView]:
    """What somebody has asked about a question, or, without one, for more attempts at a quiz."""
    query = _inquiries(
        Inquiry.person_id == person_id,
        Inquiry.course_id == course_id,
        Inquiry.quiz_id == quiz_id,
        Inquiry.question_id.is_(None)
        if question_id is None
        else Inquiry.question_id == question_id,
    )
    rows = db.session.execute(query.order_by(Inquiry.asked_at.desc(), Inquiry.id).limit(PAGE))
    return [_view(row) for row in rows]


def inquiries(
    viewer: Viewer, *, answered: bool = False, after: str = ""
) -> tuple[list[InquiryView], bool]:
    """A page of the inquiries of the viewer's tracks, and whether more follow.

    Open ones, the oldest first; or answered ones, the newest answer first. `after` is the id of
    the last one of the page before; one that is none of these leads to the first page.
    """
    column = Inquiry.answered_at if answered else Inquiry.asked_at
    query = _inquiries(
        track_scope(viewer, Inquiry.track),
        Inquiry.answered_at.is_not(None) if answered else Inquiry.answered_at.is_(None),
    )
    at = _moment(viewer, column, after) if after else None
    if at is not None:
        beyond = column < at if answered else column > at
        query = query.where(or_(beyond, and_(column == at, Inquiry.id > after)))
    order = column.desc() if answered else column
    rows = db.session.execute(query.order_by(order, Inquiry.id).limit(PAGE + 1)).all()
    return [_view(row) for row in rows[:PAGE]], len(rows) > PAGE


def _moment(viewer: Viewer, column: Any, inquiry_id: str) -> datetime | None:
    """When the inquiry of that id was asked or answered, if its track is one the viewer keeps."""
    found: datetime | None = db.session.scalar(
        select(column).where(Inquiry.id == inquiry_id, track_scope(viewer, Inquiry.track))
    )
    return found


def inquiry_of(viewer: Viewer, inquiry_id: str) -> InquiryView | None:
    """The inquiry of that id, if it is about a track that the viewer keeps."""
    query = _inquiries(Inquiry.id == inquiry_id, track_scope(viewer, Inquiry.track))
    row = db.session.execute(query).first()
    return None if row is None else _view(row)


def inquiry_for_mail(inquiry_id: str) -> InquiryView | None:
    """The inquiry of that id, for the job that mails its answer."""
    row = db.session.execute(_inquiries(Inquiry.id == inquiry_id)).first()
    return None if row is None else _view(row)


def waiting(viewer: Viewer) -> int:
    """How many inquiries of the viewer's tracks wait for an answer. One statement."""
    query = select(func.count()).where(
        track_scope(viewer, Inquiry.track), Inquiry.answered_at.is_(None)
    )
    return db.session.scalar(query) or 0


def open_reports(course_id: str) -> dict[tuple[str, str], int]:
    """How many open reports of a fault each question of a course has, by quiz and question."""
    rows = db.session.execute(
        select(Inquiry.quiz_id, Inquiry.question_id, func.count())
        .where(
            Inquiry.course_id == course_id,
            Inquiry.about == "fault",
            Inquiry.answered_at.is_(None),
        )
        .group_by(Inquiry.quiz_id, Inquiry.question_id)
    )
    return {(row[0], row[1]): row[2] for row in rows if row[1]}
