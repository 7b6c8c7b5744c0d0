"""Training from elsewhere: sent in by its learner, approved or refused by their HR."""

import io
import os
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.recognition import evidence, sent_in
from innocap_lms.recognition.models import ExternalTraining
from tests.conftest import House
from tests.recognition.conftest import Stands

Browser = Callable[[str], FlaskClient]
PDF = b"%PDF-1.7\nevidence"


def form(**changed: object) -> dict[str, object]:
    return {
        "title": "Dataskydd för chefer",
        "provider": "Högskolan i Norr",
        "day": "2026-03-04",
        "hours": "7,5",
        "file": (io.BytesIO(PDF), "intyg.pdf"),
        **changed,
    }


@pytest.fixture
def sent(app: Flask, house: House, course: object, browser_of: Browser) -> str:
    """The coach has sent a training in; its id."""
    assert browser_of(house.coach).post("/me/training", data=form()).status_code == 302
    with app.app_context():
        return db.session.scalars(select(ExternalTraining.id)).one()


def test_what_is_approved_counts_towards_a_requirement_and_is_no_participation(
    app: Flask, house: House, required: str, sent: str, browser_of: Browser, stands: Stands
) -> None:
    hr = browser_of(house.hr)
    assert "Dataskydd för chefer" in hr.get("/hr/training").text
    with hr.get(f"/hr/training/{sent}/file") as file:
        assert file.data == PDF
    answer = hr.post(
        f"/hr/training/{sent}/approval",
        data={"reason": "Samma innehåll som vår", "requirement": [required]},
    )
    assert answer.status_code == 302
    assert stands(house.coach, house.north) == "credited"
    own = browser_of(house.coach).get("/me/training").text
    assert "Approved" in own
    assert "Samma innehåll som vår" in own
    assert "Counts towards: First steps" in own
    with app.app_context():
        assert db.session.scalars(select(Completion)).all() == []


def test_what_others_wait_for_does_not_hide_ones_own(
    app: Flask,
    house: House,
    sent: str,
    browser_of: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser_of(house.stranger).post("/me/training", data=form(title="Another organisation's"))
    monkeypatch.setattr(sent_in, "PAGE", 1)
    page = browser_of(house.stranger_hr).get("/hr/training").text
    assert "Another organisation&#39;s" in page
    assert "Dataskydd" not in page


def test_what_is_not_approved_says_why_and_can_be_sent_again(
    house: House, required: str, sent: str, browser_of: Browser, stands: Stands
) -> None:
    hr, coach = browser_of(house.hr), browser_of(house.coach)
    assert hr.post(f"/hr/training/{sent}/refusal", data={"why": " "}).status_code == 422
    assert (
        hr.post(f"/hr/training/{sent}/refusal", data={"why": "Intyget saknas"}).status_code == 302
    )
    assert "Intyget saknas" in coach.get("/me/training").text
    assert stands(house.coach, house.north) == "not_due"
    assert coach.post("/me/training", data=form()).status_code == 302


def test_a_form_that_is_sent_twice_is_taken_once_and_leaves_no_file(
    app: Flask, house: House, sent: str, browser_of: Browser
) -> None:
    again = browser_of(house.coach).post("/me/training", data=form())
    assert again.status_code == 422
    assert "already" in again.text
    with app.app_context():
        assert len(list(evidence.place_of("").iterdir())) == 1


def test_an_answer_is_given_once_whoever_gives_another(
    house: House, required: str, sent: str, browser_of: Browser, stands: Stands
) -> None:
    hr = browser_of(house.hr)
    hr.post(f"/hr/training/{sent}/refusal", data={"why": "Intyget saknas"})
    late = hr.post(
        f"/hr/training/{sent}/approval",
        data={"reason": "x", "requirement": [required]},
        follow_redirects=True,
    )
    assert "nothing was changed" in late.text
    assert stands(house.coach, house.north) == "not_due"


def test_what_waits_is_taken_back_with_its_file(
    app: Flask, house: House, sent: str, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    assert coach.post(f"/me/training/{sent}/withdrawal").status_code == 302
    with app.app_context():
        assert list(evidence.place_of("").iterdir()) == []
    assert browser_of(house.hr).get(f"/hr/training/{sent}").status_code == 404
    assert coach.get(f"/me/training/{sent}/file").status_code == 404


def test_evidence_that_nothing_names_is_swept_and_what_is_named_stays(
    app: Flask, sent: str
) -> None:
    with app.app_context():
        left = evidence.keep(b"left by a process that was ended")
        for file in evidence.place_of("").iterdir():
            os.utime(file, (0, 0))
        evidence.sweep()
        kept = [file.name for file in evidence.place_of("").iterdir()]
        assert left not in kept
        assert kept == [db.session.get_one(ExternalTraining, sent).stored]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": " "}, "Write something"),
        ({"provider": "x" * 201}, "at most 200"),
        ({"day": "2999-01-01"}, "not come yet"),
        ({"day": "i mars"}, "not a day"),
        ({"hours": "en dag"}, "not a number of hours"),
        ({"file": (io.BytesIO(b"MZ"), "intyg.exe")}, "cannot be added"),
        ({"file": (io.BytesIO(b"no pdf"), "intyg.pdf")}, "not what its name says"),
    ],
)
def test_what_cannot_be_sent_in_is_said_at_its_field(
    app: Flask, house: House, browser_of: Browser, changed: dict[str, object], words: str
) -> None:
    answer = browser_of(house.coach).post("/me/training", data=form(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert not list(evidence.place_of("").glob("*"))


@pytest.mark.parametrize("who", ["colleague", "manager", "stranger", "stranger_hr", "trainer"])
def test_nobody_else_reads_or_answers_it(
    house: House, sent: str, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    for address in (
        f"/hr/training/{sent}",
        f"/hr/training/{sent}/file",
        f"/me/training/{sent}/file",
    ):
        assert browser.get(address).status_code == 404
    for address in (
        f"/hr/training/{sent}/approval",
        f"/hr/training/{sent}/refusal",
        f"/me/training/{sent}/withdrawal",
    ):
        assert browser.post(address, data={"reason": "x", "why": "x"}).status_code == 404


def test_nobody_approves_their_own(
    app: Flask, house: House, course: object, browser_of: Browser
) -> None:
    hr = browser_of(house.hr)
    assert hr.post("/me/training", data=form()).status_code == 302
    with app.app_context():
        mine = db.session.scalars(select(ExternalTraining.id)).one()
    assert hr.post(f"/hr/training/{mine}/approval", data={"reason": "x"}).status_code == 404


def test_a_requirement_of_another_organisation_is_not_counted_towards(
    app: Flask, house: House, required: str, sent: str, browser_of: Browser
) -> None:
    browser_of(house.hr).post(
        f"/hr/training/{sent}/approval", data={"reason": "x", "requirement": ["0" * 26]}
    )
    with app.app_context():
        assert db.session.get_one(ExternalTraining, sent).credits == []
