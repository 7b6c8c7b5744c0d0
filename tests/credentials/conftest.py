"""A course completed, so that there is something to certify."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, update

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials import limits
from innocap_lms.credentials.services import issue_certificate
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion, Enrolment
from tests.conftest import House

COMPLETED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
Again = Callable[[datetime], str]


@pytest.fixture(autouse=True)
def asked_for_the_first_time() -> Iterator[None]:
    """All tests ask from one address, and what one has asked is not counted to the next."""
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def complete(app: Flask, house: House, course: OfferingView) -> Callable[..., str]:
    """Completes the course for a person; returns the completion's id."""

    def of(person_id: str, language: str = "sv") -> str:
        enrolment, completion = new_id(), new_id()
        shared = {
            "person_id": person_id,
            "course_id": course.course_id,
            "edition_id": course.edition.id,
            "fingerprint": course.edition.course.fingerprint,
            "language": language,
            "organisation_id": house.north,
            "unit_id": house.home,
        }
        with app.app_context(), writing():
            db.session.execute(
                insert(Enrolment).values(id=enrolment, enrolled_at=COMPLETED, **shared)
            )
            db.session.execute(
                insert(Completion).values(
                    id=completion,
                    enrolment_id=enrolment,
                    track=course.track,
                    completed_at=COMPLETED,
                    hours=course.edition.course.hours,
                    because={},
                    **shared,
                )
            )
        return completion

    return of


@pytest.fixture
def issued(app: Flask, complete: Callable[..., str]) -> Callable[..., str]:
    """Completes the course and issues the certificate; returns the certificate's id."""

    def of(person_id: str, language: str = "sv") -> str:
        completion = complete(person_id, language)
        with app.app_context(), writing():
            return issue_certificate(completion, app.extensions["innocap_settings"])

    return of


@pytest.fixture
def again(app: Flask, house: House, complete: Callable[..., str]) -> Again:
    """Lets the coach begin the course anew and complete it at a moment; the completion's id."""

    def completed(moment: datetime) -> str:
        with app.app_context(), writing():
            db.session.execute(
                update(Enrolment)
                .where(Enrolment.person_id == house.coach)
                .values(renewed_at=moment)
            )
        completion = complete(house.coach)
        with app.app_context(), writing():
            db.session.get_one(Completion, completion).completed_at = moment
        return completion

    return completed
