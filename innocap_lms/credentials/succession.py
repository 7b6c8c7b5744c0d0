"""Which of one person's certificates takes the place of which: each has one successor."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select, update

from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db

Certificates = Sequence[Row[*tuple[Any, ...]]]  # of one completion: the first, then corrections


def arrange(person_id: str, course_id: str) -> None:
    """Let the certificates of each completion take the place of those of the completion before it,
    by the days that are known now. What was revoked takes the place of no other completion's, and
    none takes its.

    In a write transaction that holds the person.
    """
    all_of_them = _by_completion(person_id, course_id)
    places: dict[str, str | None] = {own[0].id: None for own in all_of_them}
    before = None
    for own in _in_order(all_of_them):
        places[own[0].id], before = before, own[-1].id
    moved = [own[0].id for own in all_of_them if own[0].supersedes != places[own[0].id]]
    _put(dict.fromkeys(moved))  # of each there is one successor, on the way too
    _put({name: places[name] for name in moved if places[name]})


def last_before(person_id: str, course_id: str, moment: datetime) -> str | None:
    """The person's newest certificate of the last completion of the course up to that moment."""
    found = _in_order(_by_completion(person_id, course_id))
    return next((own[-1].id for own in reversed(found) if own[-1].completed_at <= moment), None)


def _by_completion(person_id: str, course_id: str) -> list[Certificates]:
    rows = db.session.execute(
        select(
            Certificate.id,
            Certificate.completion_id,
            Certificate.supersedes,
            Certificate.completed_at,
            Certificate.issued_at,
            Revocation.revoked_at,
        )
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .where(Certificate.person_id == person_id, Certificate.course_id == course_id)
        .order_by(Certificate.completion_id, Certificate.number)
    )
    return [list(own) for _completion, own in groupby(rows, attrgetter("completion_id"))]


def _in_order(several: Sequence[Certificates]) -> list[Certificates]:
    """Those of the completions that count, the earliest first: a day may have been corrected, so
    the newest certificate of each has it."""
    counting = [own for own in several if not any(each.revoked_at for each in own)]
    return sorted(counting, key=lambda own: (own[-1].completed_at, own[0].issued_at, own[0].id))


def _put(places: dict[str, str | None]) -> None:
    for name, place in places.items():
        db.session.execute(
            update(Certificate).where(Certificate.id == name).values(supersedes=place)
        )
