"""Invitations: looked at, sent a batch a minute, each once, and again for those that expired."""

import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people import inviting, mail, services
from innocap_lms.people.models import Invitation, Person
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
PATH = "/admin/people/invitations"


@pytest.fixture
def town(app: Flask, house: House) -> House:
    """The house, in which all but three of North have passwords."""
    waiting = (house.coach, house.colleague, house.other_coach)
    with app.app_context(), writing():
        for person in db.session.scalars(select(Person)):
            if person.id not in waiting:
                person.password_hash = "x"
    return house


def mails(app: Flask) -> list[str]:
    folder: Path = app.extensions["innocap_settings"].data_dir / "mail"
    return sorted(file.read_text() for file in folder.glob("*.eml")) if folder.is_dir() else []


def run(app: Flask) -> None:
    app.extensions["innocap_relay"].run_due()


def test_what_is_sent_is_looked_at_first(app: Flask, town: House, browser_of: BrowserOf) -> None:
    hr = browser_of(town.hr)
    assert "Never invited: 3" in hr.get(PATH).text
    page = hr.get(f"{PATH}/{town.north}/never").text
    for words in ("3 invitations", "Kim Exempel", "Coach", "Other Coach", "All of them go in one"):
        assert words in page
    assert mails(app) == [], "nothing is sent by looking"


def test_a_batch_a_minute_goes_and_nobody_is_written_to_twice(
    app: Flask, town: House, browser_of: BrowserOf, clock_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "BATCH", 2)
    hr, now = browser_of(town.hr), clock.utcnow()
    for _time in range(2):
        assert hr.post(f"{PATH}/{town.north}/never").status_code == 303
    run(app)
    assert len(mails(app)) == 2
    assert "On its way: 1" in hr.get(PATH).text
    with clock_at(now + timedelta(seconds=70)):
        run(app)
        run(app)
    assert len(mails(app)) == 3
    assert "Invited, has not come yet: 3" in hr.get(PATH).text
    assert hr.get(f"{PATH}/{town.north}/never").text.count("<li>Coach") == 0


def test_an_invitation_that_expired_is_sent_again_when_asked(
    app: Flask, town: House, browser_of: BrowserOf, clock_at: At
) -> None:
    browser_of(town.hr).post(f"{PATH}/{town.north}/never")
    run(app)
    with clock_at(clock.utcnow() + timedelta(days=15)):
        hr = browser_of(town.hr)
        assert "Expired: 3" in hr.get(PATH).text
        hr.post(f"{PATH}/{town.north}/expired")
        run(app)
        assert len(mails(app)) == 6
        assert "Invited, has not come yet: 3" in hr.get(PATH).text


def test_whoever_has_come_or_left_meanwhile_is_not_written_to(
    app: Flask, town: House, browser_of: BrowserOf
) -> None:
    browser_of(town.hr).post(f"{PATH}/{town.north}/never")
    with app.app_context(), writing():
        db.session.get_one(Person, town.coach).password_hash = "x"
        services.end_person(town.colleague, town.north, clock.utcnow(), lambda *_role: True)
    run(app)
    (sent,) = mails(app)
    assert "other_coach@example.org" in sent


def test_a_worker_killed_in_the_middle_of_a_batch_loses_none_and_repeats_one_at_most(
    app: Flask, town: House, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser_of(town.hr).post(f"{PATH}/{town.north}/never")
    real, sent = mail.send_invitation, list[str]()

    def dies(payload: dict[str, str]) -> None:
        sent.append(payload["message_id"])
        if len(sent) == 2:
            raise SystemExit
        real(payload)

    monkeypatch.setattr(mail, "send_invitation", dies)
    with app.app_context():
        batch = db.session.scalar(select(Invitation.batch))
        with pytest.raises(SystemExit):
            inviting.send_batch({"batch": batch})
        inviting.send_batch({"batch": batch})
        inviting.send_batch({"batch": batch})
    assert len(sent) == 4
    assert len(set(sent)) == 3
    assert sent[1] == sent[2], "the one in flight, with the same Message-ID"


def test_an_address_that_is_refused_is_told_and_the_others_are_sent(
    app: Flask, town: House, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    hr = browser_of(town.hr)
    hr.post(f"{PATH}/{town.north}/never")
    real = mail.send

    def refuses(to: str, *rest: str) -> None:
        if to.startswith("coach"):
            raise smtplib.SMTPRecipientsRefused({to: (550, b"no such user")})
        real(to, *rest)

    monkeypatch.setattr(mail, "send", refuses)
    run(app)
    assert len(mails(app)) == 2
    page = hr.get(PATH).text
    assert "550 no such user" in page
    assert "On its way: 0" in page


def test_invitations_are_for_the_hr_of_the_organisation(
    app: Flask, town: House, browser_of: BrowserOf
) -> None:
    path = f"{PATH}/{town.north}/never"
    for other in (town.stranger_hr, town.manager, town.coach, town.trainer):
        assert browser_of(other).get(path).status_code == 404
        assert browser_of(other).post(path).status_code == 404
    assert "North" not in browser_of(town.stranger_hr).get(PATH).text
    assert browser_of(town.hr).get(f"{PATH}/{town.north}/all").status_code == 404
    assert browser_of(town.hr).get(f"{PATH}/none/never").status_code == 404
    assert browser_of(town.admin).get(path).status_code == 200
    run(app)
    assert mails(app) == []


def test_a_protected_identity_is_invited_and_not_named(
    app: Flask, town: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_protected(town.other_coach, protected=True)
    hr = browser_of(town.hr)
    page = hr.get(f"{PATH}/{town.north}/never").text
    assert "Other Coach" not in page
    assert "Protected identity" in page
    hr.post(f"{PATH}/{town.north}/never")
    run(app)
    assert len(mails(app)) == 3
