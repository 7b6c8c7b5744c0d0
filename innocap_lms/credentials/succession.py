"""Which of one person's certificates takes the place of which: each has one successor."""

from typing import Any

from sqlalchemy import Row, Select, select

from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db


def last_before(completion: Row[*tuple[Any, ...]]) -> Select[Certificate]:
    """The person's certificate of the last completion of the course before this one."""
    return (
        _others(completion)
        .where(Certificate.completed_at <= completion.completed_at)
        .order_by(Certificate.completed_at.desc(), Certificate.number.desc())
    )


def not_superseded(completion: Row[*tuple[Any, ...]]) -> Select[Certificate]:
    """The end of the person's chain: not always the last by day, since days are corrected."""
    superseded = select(Certificate.supersedes).where(Certificate.supersedes.is_not(None))
    return (
        _others(completion)
        .where(Certificate.id.not_in(superseded))
        .order_by(Certificate.completed_at.desc(), Certificate.number.desc())
    )


def first_after(completion: Row[*tuple[Any, ...]]) -> Select[Certificate]:
    """The person's certificate of the next completion of the course after this one."""
    return (
        _others(completion)
        .where(Certificate.completed_at > completion.completed_at)
        .order_by(Certificate.completed_at, Certificate.number)
    )


_REVOKED = select(Certificate.completion_id).join(
    Revocation, Revocation.certificate_id == Certificate.id
)


def _others(completion: Row[*tuple[Any, ...]]) -> Select[Certificate]:
    return (
        select(Certificate)
        .where(
            Certificate.person_id == completion.person_id,
            Certificate.course_id == completion.course_id,
            Certificate.completion_id != completion.id,
            Certificate.completion_id.not_in(_REVOKED),
        )
        .limit(1)
    )


def put_before(after: Certificate, certificate_id: str) -> None:
    """Let a certificate be superseded by a later one, and itself supersede what that one did."""
    before, after.supersedes = after.supersedes, certificate_id
    db.session.flush()
    db.session.get_one(Certificate, certificate_id).supersedes = before
