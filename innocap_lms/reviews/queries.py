"""Reads of reviews: by whoever has the link, and at the trainer's desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.content.model import Course
from innocap_lms.content.snapshot import from_snapshot
from innocap_lms.extensions import db
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer, track_scope
from innocap_lms.reviews.models import Review, ReviewComment


@dataclass(frozen=True)
class ReviewLine:
    """A review as lists show it; `open_comments` wait for the trainer."""

    id: str
    course_id: str
    note: str
    asked_by: str
    asked_at: datetime
    open_until: datetime
    comments: int
    open_comments: int

    @property
    def is_open(self) -> bool:
        return self.open_until > clock.utcnow()


@dataclass(frozen=True)
class ReviewView:
    """A draft that is or was open to review."""

    id: str
    track: str
    note: str
    asked_at: datetime
    open_until: datetime
    course: Course

    @property
    def is_open(self) -> bool:
        return self.open_until > clock.utcnow()


@dataclass(frozen=True)
class CommentView:
    """What was said of a piece."""

    id: str
    part: str
    language: str
    piece: int
    quote: str
    name: str
    text: str
    said_at: datetime
    settled_at: datetime | None


_review = select(
    Review.id, Review.track, Review.note, Review.asked_at, Review.open_until, Review.content
)
_comments = select(
    ReviewComment.id,
    ReviewComment.part,
    ReviewComment.language,
    ReviewComment.piece,
    ReviewComment.quote,
    ReviewComment.name,
    ReviewComment.text,
    ReviewComment.said_at,
    ReviewComment.settled_at,
).order_by(ReviewComment.said_at, ReviewComment.id)


def open_review(review_id: str) -> ReviewView | None:
    """The review of that link, while it is open: whoever has the link may read it."""
    return _view(_review.where(Review.id == review_id, Review.open_until > clock.utcnow()))


def own_review(viewer: Viewer, review_id: str) -> ReviewView | None:
    """A review, open or not, of a course whose track the viewer keeps."""
    mine = track_scope(viewer, Review.track)
    return _view(_review.where(Review.id == review_id, mine))


def _view(query: Any) -> ReviewView | None:
    row = db.session.execute(query).first()
    if row is None:
        return None
    return ReviewView(
        row.id, row.track, row.note, row.asked_at, row.open_until, from_snapshot(row.content)
    )


def reviews_of(viewer: Viewer, course_id: str) -> list[ReviewLine]:
    """The reviews of a course whose track the viewer keeps, the newest first."""
    waiting = func.count(ReviewComment.id).filter(ReviewComment.settled_at.is_(None))
    rows = db.session.execute(
        select(
            Review.id,
            Review.course_id,
            Review.note,
            Person.name,
            Review.asked_at,
            Review.open_until,
            func.count(ReviewComment.id),
            waiting,
        )
        .join(Person, Person.id == Review.asked_by)
        .outerjoin(ReviewComment, ReviewComment.review_id == Review.id)
        .where(Review.course_id == course_id, track_scope(viewer, Review.track))
        .group_by(Review.id, Person.name)
        .order_by(Review.asked_at.desc(), Review.id)
    )
    return [ReviewLine(*row) for row in rows]


def comments_on(review_id: str, part: str, language: str) -> Mapping[int, list[CommentView]]:
    """What was said of a part in a language, by piece, first to last."""
    rows = db.session.execute(
        _comments.where(
            ReviewComment.review_id == review_id,
            ReviewComment.part == part,
            ReviewComment.language == language,
        )
    )
    found: dict[int, list[CommentView]] = {}
    for row in rows:
        comment = CommentView(*row)
        found.setdefault(comment.piece, []).append(comment)
    return found


def comments_of(review_id: str) -> list[CommentView]:
    """Everything that was said, first to last."""
    rows = db.session.execute(_comments.where(ReviewComment.review_id == review_id))
    return [CommentView(*row) for row in rows]
