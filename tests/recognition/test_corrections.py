"""A completion's day is corrected, or it is withdrawn: by HR of its organisation, with a reason."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db, writing
from innocap_lms.learning.in_force import all_done
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.verification import verify
from innocap_lms.recognition import queries
from innocap_lms.requirements.noting import Done, complete, moment_of, revoke
from innocap_lms.requirements.services import About
from innocap_lms.vc.verifying import verdict_on
from tests.conftest import House, take_first_steps
from tests.recognition.conftest import Stands

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def earned(app: Flask, house: House, course: OfferingView, browser_of: Browser) -> str:
    """The coach has completed first-steps and has a certificate; the completion's id."""
    take_first_steps(browser_of(house.coach))
    app.extensions["innocap_relay"].run_due()
    with app.app_context():
        found = db.session.scalars(select(Completion.id)).one()
        assert db.session.scalars(select(Certificate.completion_id)).one() == found
    return found


@pytest.fixture
def noted(app: Flask, house: House, course: OfferingView) -> str:
    """HR has noted that the coach completed first-steps in March; the completion's id."""
    with app.app_context(), writing():
        about = About(house.coach, house.north, house.hr)
        done = Done(moment_of(date(2026, 3, 2)), "Gick kursen i sal", "Närvarolista 7")
        return complete(about, course, done)


def address(house: House, completion: str, what: str = "") -> str:
    return f"/hr/people/{house.coach}/completions/{completion}{what}"


def test_a_corrected_day_moves_the_standing_and_gives_a_corrected_certificate(
    app: Flask, house: House, earned: str, browser_of: Browser, stands: Stands
) -> None:
    hr = browser_of(house.hr)
    answer = hr.post(
        address(house, earned, "/correction"),
        data={"day": "2026-02-03", "reason": "The course was in February"},
    )
    assert answer.status_code == 302
    assert stands(house.coach, house.north) == "valid"
    why = browser_of(house.coach).get("/me/requirements").text
    assert "Completed on 3 February 2026" in why
    with app.app_context():
        old, new = db.session.scalars(select(Certificate).order_by(Certificate.number))
        assert new.supersedes == old.id
        assert new.completed_at == datetime(2026, 2, 3, 11, tzinfo=UTC)
        assert db.session.get_one(Completion, earned).completed_at == new.completed_at
        assert verify().ok
    own = browser_of(house.coach).get("/me/training").text
    assert "The course was in February" in own
    assert "by Hr" in own
    assert new.id in browser_of(house.coach).get("/me").text


def test_of_corrections_at_one_moment_every_reader_takes_the_last(
    app: Flask, house: House, noted: str, browser_of: Browser, stands: Stands
) -> None:
    hr, days = browser_of(house.hr), [f"2026-02-{day:02}" for day in (3, 4, 5, 6, 9, 2)]
    with clock.at(clock.utcnow()):
        for day in days:
            sent = {"day": day, "reason": f"The list says {day}"}
            assert hr.post(address(house, noted, "/correction"), data=sent).status_code == 302
        with app.app_context():
            last = moment_of(date(2026, 2, 2))
            assert db.session.get_one(Completion, noted).completed_at == last
            [done] = all_done(house.coach, ["first-steps"])
            assert done.completed_at == last
            entry = queries.entry(house.coach, noted)
            assert entry is not None
            assert entry.day == last
            assert [change.reason[-10:] for change in entry.changes] == days
        assert stands(house.coach, house.north) == "valid"
        why = browser_of(house.coach).get("/me/requirements").text
        assert "Completed on 2 February 2026" in why
        with app.app_context(), writing():
            about = About(house.coach, house.north, house.hr)
            revoke(about, noted, {"course": "first-steps"}, "It was another")
        with app.app_context():
            entry = queries.entry(house.coach, noted)
            assert entry is not None
            assert entry.withdrawn is not None
            assert len(entry.changes) == len(days) + 1


def test_a_correction_that_is_sent_twice_is_one(
    app: Flask, house: House, earned: str, browser_of: Browser
) -> None:
    hr, sent = browser_of(house.hr), {"day": "2026-02-03", "reason": "It was in February"}
    assert hr.post(address(house, earned, "/correction"), data=sent).status_code == 302
    again = hr.post(address(house, earned, "/correction"), data=sent)
    assert again.status_code == 422
    assert "That is the day it has already." in again.text
    with app.app_context():
        assert len(db.session.scalars(select(Certificate.id)).all()) == 2
    assert browser_of(house.coach).get("/me/training").text.count("It was in February") == 1


def test_what_is_withdrawn_counts_no_longer_and_its_certificate_is_revoked(
    app: Flask, house: House, earned: str, browser_of: Browser, stands: Stands
) -> None:
    assert stands(house.coach, house.north) == "valid"
    hr = browser_of(house.hr)
    answer = hr.post(address(house, earned, "/withdrawal"), data={"why": "Somebody else sat there"})
    assert answer.status_code == 302
    assert stands(house.coach, house.north) == "in_progress"
    with app.app_context():
        assert db.session.scalars(select(Revocation.reason)).one() == "Somebody else sat there"
    assert "Somebody else sat there" in browser_of(house.coach).get("/me/training").text
    page = hr.get(address(house, earned)).text
    assert "It counts no longer" in page
    again = hr.post(
        address(house, earned, "/withdrawal"), data={"why": "again"}, follow_redirects=True
    )
    assert "nothing was changed" in again.text


def test_a_certificate_that_is_still_to_be_issued_is_not_forgotten(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        completion = db.session.scalars(select(Completion.id)).one()
    browser_of(house.hr).post(address(house, completion, "/withdrawal"), data={"why": "wrong"})
    app.extensions["innocap_relay"].run_due()
    with app.app_context():
        certificate = db.session.scalars(select(Certificate.id)).one()
        assert db.session.scalars(select(Revocation.certificate_id)).one() == certificate


def test_a_noted_completion_counts_names_who_noted_it_and_has_no_certificate(
    app: Flask, house: House, noted: str, browser_of: Browser, stands: Stands
) -> None:
    assert stands(house.coach, house.north) == "valid"
    card = browser_of(house.hr).get(f"/hr/people/{house.coach}").text
    assert "Noted by Hr" in card
    assert "/certificates/" not in card
    listed = browser_of(house.hr).get("/hr/reports/completions.csv").text
    assert "2026-03-02" in listed
    own = browser_of(house.coach).get("/me/training").text
    assert "Gick kursen i sal" in own
    assert "Närvarolista 7" in own
    app.extensions["innocap_relay"].run_due()
    with app.app_context():
        assert db.session.scalars(select(Certificate)).all() == []


def test_a_noted_completion_stands_in_the_record_to_take_along_as_noted_and_no_certificate(
    house: House, noted: str, browser_of: Browser
) -> None:
    def subject(person: str) -> dict[str, Any]:
        file = browser_of(person).post("/certificates/record").data
        assert verdict_on(file, clock.utcnow()).valid
        return json.loads(file)["credentialSubject"]

    found = subject(house.coach)
    assert found["courseTaken"] == []
    [said] = found["completionNoted"]
    assert (said["type"], said["notedBy"]) == ("CompletionNoted", "North")
    assert (said["courseId"], said["completed"][:10]) == ("first-steps", "2026-03-02")
    assert "certificate" not in said
    assert "completionNoted" not in subject(house.colleague)
    browser_of(house.hr).post(address(house, noted, "/withdrawal"), data={"why": "wrong"})
    assert "completionNoted" not in subject(house.coach)


def test_a_noted_completion_that_is_withdrawn_leaves_lists_and_stays_in_the_record(
    house: House, noted: str, browser_of: Browser, stands: Stands
) -> None:
    hr = browser_of(house.hr)
    hr.post(address(house, noted, "/withdrawal"), data={"why": "Fel person"})
    assert stands(house.coach, house.north) == "not_due"
    assert "2026-03-02" not in hr.get("/hr/reports/completions.csv").text
    record = hr.get(f"/hr/people/{house.coach}/record").text
    assert "Fel person" in record
    assert "Withdrawn" in record


@pytest.mark.parametrize(
    ("what", "sent", "words"),
    [
        ("/correction", {"day": "2026-02-30", "reason": "x"}, "Write the day as"),
        ("/correction", {"day": "2999-01-01", "reason": "x"}, "has not come yet"),
        ("/correction", {"day": "1066-10-14", "reason": "x"}, "Write a day from"),
        ("/correction", {"day": "2026-02-03", "reason": " "}, "Write the reason"),
        ("/withdrawal", {"why": ""}, "Write the reason"),
        ("/withdrawal", {"why": "x" * 1001}, "at most 1000"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(
    house: House, noted: str, browser_of: Browser, what: str, sent: dict[str, str], words: str
) -> None:
    answer = browser_of(house.hr).post(address(house, noted, what), data=sent)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_same_day_is_not_noted_twice_but_again_after_a_withdrawal(
    app: Flask, house: House, course: OfferingView, noted: str, browser_of: Browser
) -> None:
    about = About(house.coach, house.north, house.hr)
    with app.app_context():
        again = Done(moment_of(date(2026, 3, 2)), "again")
        with pytest.raises(ValueError, match="already"), writing():
            complete(about, course, again)
        browser_of(house.hr).post(address(house, noted, "/withdrawal"), data={"why": "wrong"})
        with pytest.raises(ValueError, match="already"), writing():
            complete(about, course, again._replace(how="import"))
        with writing():
            assert complete(about, course, again)


@pytest.mark.parametrize("who", ["coach", "colleague", "manager", "stranger", "stranger_hr"])
def test_nobody_else_changes_a_completion_or_reads_why(
    house: House, noted: str, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    assert browser.get(address(house, noted)).status_code == 404
    assert browser.get(f"/hr/people/{house.coach}/record").status_code == 404
    sent = {"day": "2026-02-03", "reason": "x", "why": "x"}
    for what in ("/correction", "/withdrawal"):
        assert browser.post(address(house, noted, what), data=sent).status_code == 404
    if who != "coach":
        assert "Gick kursen i sal" not in browser.get("/me/training").text


def test_a_completion_is_not_reached_by_the_address_of_another_person(
    house: House, noted: str, browser_of: Browser
) -> None:
    wrong = f"/hr/people/{house.colleague}/completions/{noted}"
    assert browser_of(house.hr).get(wrong).status_code == 404
