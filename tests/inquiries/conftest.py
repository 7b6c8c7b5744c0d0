"""A coach with an attempt, trainers of this track and of another, and the post they send."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services
from tests.conftest import House
from tests.learning.conftest import ruled  # noqa: F401 - a fixture
from tests.learning.test_a_course import WRONG, begin, start

Browser = Callable[[str], FlaskClient]


@dataclass(frozen=True)
class Site:
    """A site where the coach has begun an attempt, at `attempt`; browsers by who holds them."""

    app: Flask
    house: House
    coach: FlaskClient
    attempt: str
    trainer: FlaskClient
    own_trainer: FlaskClient
    other_trainer: FlaskClient
    browser_of: Browser

    def question(self, number: int = 1) -> str:
        return f"{self.attempt}/questions/{number}/ask"

    def ask(self, number: int = 1, about: str = "fault", text: str = "ÄR DETTA RÄTT?") -> str:
        """The coach asks; the newest inquiry's id."""
        sent = self.coach.post(self.question(number), data={"about": about, "text": text})
        assert sent.status_code == 303
        return self.inquiries()[-1].id

    def fail(self) -> None:
        """Hand in what is begun, and every attempt that is left, with wrong answers."""
        self.coach.post(self.attempt, data=WRONG)
        for _ in range(2):
            self.coach.post(begin(self.coach), data=WRONG)

    def inquiries(self) -> list[Inquiry]:
        with self.app.app_context():
            return list(db.session.scalars(select(Inquiry).order_by(Inquiry.asked_at)))

    def relay(self) -> None:
        assert self.app.extensions["innocap_relay"].run_due() >= 0

    def post(self) -> list[EmailMessage]:
        """What the outbox has sent."""
        self.relay()
        folder = self.app.extensions["innocap_settings"].data_dir / "mail"
        files = sorted(folder.glob("*.eml")) if folder.is_dir() else []
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def noted(self, kind: str) -> list[tuple[str | None, str | None, dict[str, object]]]:
        """(person, actor, content) of the ledger's events of a kind."""
        with self.app.app_context():
            rows = db.session.execute(
                select(LedgerContent.person_id, LedgerContent.actor_id, LedgerContent.content)
                .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
                .where(LedgerEvent.kind == kind)
                .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
            )
            return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
def site(app: Flask, house: House, course: OfferingView, browser_of: Browser) -> Site:
    with app.app_context(), writing():
        own, other = (
            services.invite_person(
                name=f"Trainer {track}",
                email=f"trainer.{track}@example.org",
                role="trainer",
                track=track,
                organisation_id=house.north,
                language="en",
                send_mail=False,
            )
            for track in ("northern", "another")
        )
    coach = browser_of(house.coach)
    start(coach)
    return Site(
        app,
        house,
        coach,
        begin(coach),
        browser_of(house.trainer),
        browser_of(own),
        browser_of(other),
        browser_of,
    )
