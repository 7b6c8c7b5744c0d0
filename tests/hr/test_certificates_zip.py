"""All certificates of a list in one file: what HR may see, and no more."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials import pdf
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.credentials.services import issue, share
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Person
from tests.conftest import House, take_first_steps

ADDRESS = "/hr/reports/certificates.zip"
BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def completed(
    app: Flask, house: House, course: OfferingView, browser_of: BrowserOf
) -> dict[str, str]:
    """Coach and colleague of home care and another coach complete the course: {person: id}."""
    people = (house.coach, house.colleague, house.other_coach)
    for person in people:
        take_first_steps(browser_of(person))
    with app.app_context():
        rows = db.session.execute(
            select(Completion.id, Completion.person_id, Completion.certificate_id)
        ).all()
        for row in rows:
            issue({"completion_id": row.id})
    return {row.person_id: row.certificate_id for row in rows}


def inside(client: FlaskClient, query: str = "") -> set[str]:
    answer = client.get(ADDRESS + query)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert archive.read(name).startswith(b"%PDF")
        return {
            name.removeprefix("first-steps/").removesuffix(".pdf") for name in archive.namelist()
        }


def test_hr_takes_those_of_its_organisation_and_a_manager_those_of_the_unit(
    house: House, completed: dict[str, str], browser_of: BrowserOf
) -> None:
    assert inside(browser_of(house.hr)) == set(completed.values())
    assert inside(browser_of(house.manager)) == {
        completed[house.coach],
        completed[house.colleague],
    }
    assert inside(browser_of(house.stranger_hr)) == set()
    assert inside(browser_of(house.hr), "?name=colleague") == {completed[house.colleague]}
    assert browser_of(house.coach).get(ADDRESS).status_code == 404


def test_who_is_not_named_and_what_is_withdrawn_is_left_out(
    app: Flask, house: House, completed: dict[str, str], browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        share(completed[house.coach], house.coach, "withdrawn")
        db.session.execute(
            update(Person).where(Person.id == house.colleague).values(protected=True)
        )
    assert inside(browser_of(house.hr)) == {completed[house.other_coach]}


def test_the_ledger_remembers_who_took_them(
    app: Flask, house: House, completed: dict[str, str], browser_of: BrowserOf
) -> None:
    inside(browser_of(house.hr))
    with app.app_context():
        noted = db.session.execute(
            select(LedgerContent.actor_id, LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "hr.exported")
        ).one()
    assert noted.actor_id == house.hr
    assert (noted.content["report"], noted.content["rows"]) == ("certificates", 3)


def test_one_that_cannot_be_made_keeps_hr_from_no_other(
    house: House,
    completed: dict[str, str],
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = pdf.certificate_pdf

    def broken(certificate: CertificateView, *rest: Any) -> bytes:
        if certificate.person_id == house.colleague:
            raise RuntimeError("no page")
        return made(certificate, *rest)

    monkeypatch.setattr(pdf, "certificate_pdf", broken)
    answer = browser_of(house.hr).get(ADDRESS)
    missing = f"first-steps/{completed[house.colleague]}.pdf"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert missing in archive.read("missing.txt").decode()
        assert len(archive.namelist()) == 3
        assert missing not in archive.namelist()
