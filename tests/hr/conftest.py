"""Completions in both organisations, at known moments."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, update

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials import services as credentials
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.models import Person
from tests.conftest import House

Complete = Callable[..., str]


@pytest.fixture
def complete(app: Flask, house: House, course: OfferingView) -> Complete:
    """Completes a course for a person in a unit; returns the completion's id.

    `course_id` other than first-steps stands for a course that is no longer in service.
    """
    organisations = {house.far: house.south}

    def of(
        person_id: str,
        unit_id: str | None,
        at: datetime | None = None,
        *,
        course_id: str = "first-steps",
        track: str = "northern",
        organisation_id: str = "",
    ) -> str:
        at = at or datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        enrolment, completion = new_id(), new_id()
        shared = {
            "person_id": person_id,
            "course_id": course_id,
            "edition_id": course.edition.id,
            "fingerprint": "f",
            "language": "en",
            "unit_id": unit_id,
            "organisation_id": organisation_id or organisations.get(unit_id or "", house.north),
        }
        with app.app_context(), writing():
            db.session.execute(insert(Enrolment).values(id=enrolment, enrolled_at=at, **shared))
            db.session.execute(
                insert(Completion).values(
                    id=completion,
                    enrolment_id=enrolment,
                    track=track,
                    completed_at=at,
                    hours=1.5,
                    because={"secret-quiz": 7},
                    **shared,
                )
            )
        return completion

    return of


@pytest.fixture
def revoke(app: Flask, house: House) -> Callable[[str], None]:
    """Issues the certificate of a completion, and revokes it."""

    def of(completion_id: str) -> None:
        with app.app_context():
            credentials.issue({"completion_id": completion_id})
            with writing():
                issued = db.session.get_one(Completion, completion_id).certificate_id or ""
                credentials.revoke(issued, "Taken by another.", house.hr)

    return of


@pytest.fixture
def history(house: House, complete: Complete) -> None:
    """Coach twice and colleague once in Home care, other coach in Office, stranger in South."""
    complete(house.coach, house.home, datetime(2026, 3, 1, 9, tzinfo=UTC))
    complete(
        house.coach,
        house.home,
        datetime(2026, 6, 30, 22, 30, tzinfo=UTC),  # 1 July in Stockholm
        course_id="older-course",
        track="other",
    )
    complete(house.colleague, house.home, datetime(2026, 5, 1, 9, tzinfo=UTC))
    complete(house.other_coach, house.office, datetime(2026, 9, 1, 9, tzinfo=UTC))
    complete(house.stranger, house.far, datetime(2026, 9, 1, 9, tzinfo=UTC))


@pytest.fixture
def change_person(app: Flask) -> Callable[..., None]:
    """Writes columns of a person."""

    def of(person_id: str, **values: object) -> None:
        with app.app_context(), writing():
            db.session.execute(update(Person).where(Person.id == person_id).values(**values))

    return of
