"""Asking for a review, saying something, settling it.

Each function is called inside a write transaction.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from innocap_lms import clock
from innocap_lms.content.model import Course
from innocap_lms.content.snapshot import to_snapshot
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.reviews.models import Review, ReviewComment
from innocap_lms.reviews.queries import ReviewView

OPEN: Final = timedelta(days=30)
KEPT: Final = timedelta(days=365)  # after its end, with what was said
LONGEST: Final = 2000  # characters of a comment
LONGEST_NAME: Final = 80
MOST_COMMENTS: Final = 500  # of one review


class ReviewFullError(ValueError):
    """MOST_COMMENTS have been made."""


def ask_for_review(course: Course, track: str, note: str, actor_id: str) -> str:
    """Keep the draft as it is now and open it to whoever has the link; returns its id."""
    now, review_id = clock.utcnow(), new_id()
    db.session.add(
        Review(
            id=review_id,
            course_id=course.id,
            track=track,
            content=to_snapshot(course),
            note=note,
            asked_by=actor_id,
            asked_at=now,
            open_until=now + OPEN,
        )
    )
    db.session.flush()
    return review_id


def say(
    review: ReviewView,
    *,
    part: str,
    language: str,
    piece: int,
    quote: str,
    name: str,
    text: str,
) -> None:
    """Comment on a piece; the same words twice are said once. Raises ReviewFullError."""
    mine = ReviewComment.review_id == review.id
    same = select(ReviewComment.id).where(
        mine,
        ReviewComment.part == part,
        ReviewComment.language == language,
        ReviewComment.piece == piece,
        ReviewComment.name == name,
        ReviewComment.text == text,
    )
    if db.session.scalar(same.limit(1)) is not None:
        return
    if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST_COMMENTS:
        raise ReviewFullError(review.id)
    db.session.add(
        ReviewComment(
            review_id=review.id,
            part=part,
            language=language,
            piece=piece,
            quote=quote,
            name=name,
            text=text,
            said_at=clock.utcnow(),
            settled_at=None,
        )
    )
    db.session.flush()


def settle(review: ReviewView, comment_id: str, actor_id: str) -> None:
    """Note that a comment has been dealt with; the first time counts."""
    db.session.execute(
        update(ReviewComment)
        .where(
            ReviewComment.id == comment_id,
            ReviewComment.review_id == review.id,
            ReviewComment.settled_at.is_(None),
        )
        .values(settled_at=clock.utcnow(), settled_by=actor_id)
        .execution_options(synchronize_session=False)
    )


def close(review: ReviewView) -> None:
    """Let the link lead nowhere from now on; what was said stays."""
    now = clock.utcnow()
    db.session.execute(
        update(Review)
        .where(Review.id == review.id, Review.open_until > now)
        .values(open_until=now)
        .execution_options(synchronize_session=False)
    )


def forget_old() -> None:
    """Delete reviews that ended a year ago, with their comments. A repeating job: opens its own
    transaction."""
    with writing():
        old = select(Review.id).where(Review.open_until < clock.utcnow() - KEPT)
        for rows in (
            delete(ReviewComment).where(ReviewComment.review_id.in_(old)),
            delete(Review).where(Review.id.in_(old)),
        ):
            db.session.execute(rows.execution_options(synchronize_session=False))
