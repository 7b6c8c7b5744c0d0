"""A round of `first-steps` arranged in North, led by its trainer, open to North and South."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.rounds import arranging, following
from innocap_lms.rounds.arranging import Subject
from innocap_lms.rounds.enrolments import Asking, Hand, Place
from innocap_lms.rounds.models import RoundEnrolment, RoundSession
from innocap_lms.rounds.plans import Meeting, Plan
from innocap_lms.rounds.services import ask
from tests.conftest import House

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday
FIRST, LAST = date(2027, 3, 10), date(2027, 3, 31)

Browser = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]


def at(day: date, hour: int) -> datetime:
    """An hour of a day in Stockholm."""
    return datetime.combine(day, time(hour), STOCKHOLM)


class Rounds:
    """Sets up rounds and reads what became of them."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app, self.house = app, house

    def plan(self, **other: Any) -> Plan:
        """A plan with two sessions, one on site and one online."""
        values: dict[str, Any] = {
            "leader_id": self.house.trainer,
            "language": "en",
            "first_day": FIRST,
            "last_day": LAST,
            "enrol_by": FIRST,
            "seats": 2,
            "note": "Bring a case.",
            "zone": "Europe/Stockholm",
            "organisations": frozenset({self.house.north, self.house.south}),
            "meetings": (
                Meeting("", at(FIRST, 9), at(FIRST, 12), "on_site", "Town hall", ""),
                Meeting("", at(LAST, 13), at(LAST, 15), "online", "", "https://meet.example.org/1"),
            ),
        }
        return Plan(**{**values, **other})

    def add(self, **other: Any) -> str:
        """A round; returns its id."""
        with self.app.app_context(), writing():
            subject = Subject("first-steps", "northern", self.house.north)
            return arranging.set_up(subject, self.plan(**other), self.house.trainer)

    def state(self, round_id: str, person_id: str) -> str:
        """The state of somebody in a round, "" for who was never in it."""
        with self.app.app_context():
            return (
                db.session.scalar(
                    select(RoundEnrolment.state).where(
                        RoundEnrolment.round_id == round_id, RoundEnrolment.person_id == person_id
                    )
                )
                or ""
            )

    def enrolment(self, round_id: str, person_id: str) -> str:
        with self.app.app_context():
            return str(
                db.session.scalar(
                    select(RoundEnrolment.id).where(
                        RoundEnrolment.round_id == round_id, RoundEnrolment.person_id == person_id
                    )
                )
            )

    def sessions(self, round_id: str) -> list[str]:
        """The ids of its sessions, in their order."""
        with self.app.app_context():
            query = select(RoundSession.id).where(RoundSession.round_id == round_id)
            return list(db.session.scalars(query.order_by(RoundSession.starts_at)))

    def follow(self) -> int:
        with self.app.app_context():
            return following.follow()

    def ask(self, round_id: str, person_id: str, asking: Asking, by: Any = "hr") -> str:
        """Ask a member of North, in Home care; why not, or ""."""
        with self.app.app_context(), writing():
            place = Place(person_id, self.house.north, self.house.home)
            return ask(round_id, place, asking, Hand(self.house.hr, by))


@pytest.fixture
def now(house: House) -> Iterator[datetime]:
    """It is a Monday, nine days before the round begins. The house, which other tests live in too,
    is built before."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def rounds(now: datetime, app: Flask, house: House, course: OfferingView) -> Rounds:
    return Rounds(app, house)


class Post:
    """The site's mail: what has been sent since it was last looked at, by address."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.folder = app, settings.data_dir / "mail"

    def work(self, at: datetime | None = None) -> dict[str, EmailMessage]:
        with clock.at(at or clock.utcnow() + timedelta(seconds=1)), self.app.app_context():
            self.app.extensions["innocap_relay"].run_due()
        found = {}
        for file in self.folder.glob("*.eml"):
            message = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            assert message["To"] not in found, "two mails to one person"
            found[str(message["To"]).partition("@")[0]] = message
            file.unlink()
        return found


@pytest.fixture
def post(app: Flask, settings: Settings) -> Post:
    return Post(app, settings)
