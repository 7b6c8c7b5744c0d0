"""After a revocation nobody reads that it still counts: not HR, not its holder, not in a file."""

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db
from innocap_lms.vc.verifying import verdict_on
from tests.conftest import House, take_first_steps

BrowserOf = Callable[[str], FlaskClient]
NOW = datetime(2028, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(clock_at: Callable[[datetime], AbstractContextManager[None]]) -> Iterator[None]:
    """Days are those of the site: no test runs over its midnight."""
    with clock_at(NOW):
        yield


@pytest.fixture
def number(house: House, issued: Callable[..., str]) -> str:
    return issued(house.coach)


@pytest.fixture
def revoked(house: House, number: str, browser_of: BrowserOf) -> str:
    """The certificate of the coach, revoked by HR."""
    form = {"why": "Issued to the wrong person"}
    browser_of(house.hr).post(f"/certificates/{number}/revocation", data=form)
    return number


def chips(page: str) -> list[str]:
    """The standings on a page, as words."""
    found = re.findall(r'class="chip[^"]*">(.*?)</span>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def test_hr_reads_it_on_the_persons_card(house: House, number: str, browser_of: BrowserOf) -> None:
    hr = browser_of(house.hr)
    assert chips(hr.get(f"/hr/people/{house.coach}").text) == ["Valid"]
    form = {"why": "Issued to the wrong person"}
    hr.post(f"/certificates/{number}/revocation", data=form)
    card = hr.get(f"/hr/people/{house.coach}").text
    assert chips(card) == ["In progress"]
    assert "Withdrawn on" in card


def test_hr_reads_it_in_the_list_of_completions(
    house: House, revoked: str, issued: Callable[..., str], browser_of: BrowserOf
) -> None:
    other = issued(house.colleague)
    page = browser_of(house.hr).get("/hr/reports/completions").text
    assert re.search(rf'/{revoked}">[^<]+</a> <strong>revoked 2028-03-01</strong></li>', page)
    assert re.search(rf'/{other}">[^<]+</a></li>', page)


def test_hr_reads_it_in_the_list_that_is_taken_along(
    house: House, revoked: str, issued: Callable[..., str], browser_of: BrowserOf
) -> None:
    other = issued(house.colleague)
    rows = browser_of(house.hr).get("/hr/reports/completions.csv").text.splitlines()[1:]
    ends = {row.split(";")[-2]: row.split(";")[-1] for row in rows}
    assert ends == {revoked: "2028-03-01", other: ""}


def test_its_holder_reads_it_on_the_own_page(
    house: House, revoked: str, browser_of: BrowserOf
) -> None:
    page = browser_of(house.coach).get("/me", follow_redirects=True).text
    assert set(chips(page)) == {"In progress", "Revoked"}
    assert "Valid until" not in page


def test_its_holder_reads_why_and_whom_to_ask(
    client: FlaskClient, house: House, revoked: str, browser_of: BrowserOf
) -> None:
    mine = browser_of(house.coach).get(f"/certificates/{revoked}").text
    assert "Issued to the wrong person" in mine
    assert "ask North" in mine
    for browser in (client, browser_of(house.colleague)):
        assert "wrong person" not in browser.get(f"/certificates/{revoked}").text


def test_its_page_speaks_of_what_was(
    client: FlaskClient, house: House, revoked: str, browser_of: BrowserOf
) -> None:
    page = client.get(f"/verify/{revoked}").text
    assert "North certified that Coach had completed the course" in page
    assert "certifies" not in page
    assert "Valid until" not in page
    swedish = client.get(f"/verify/{revoked}", headers={"Accept-Language": "sv"}).text
    assert "intygade att Coach hade genomfört kursen" in swedish
    browser_of(house.coach).post(f"/certificates/{revoked}/sharing", data={"how": "unnamed"})
    page = client.get(f"/verify/{revoked}").text
    assert "whose name is not shown here, had completed" in page


@pytest.mark.parametrize("how", ["named", "unnamed", "withdrawn"])
def test_who_has_the_number_from_before_a_correction_reads_it_too_and_no_more_than_its_holder_shows(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf, how: str
) -> None:
    proved, paper = (client.get(f"/certificates/{number}.{kind}").data for kind in ("json", "pdf"))
    hr = browser_of(house.hr)
    answer = hr.post(f"/certificates/{number}/correction", data={"reason": "Misspelt"})
    new = answer.headers["Location"].split("/")[2]
    browser_of(house.coach).post(f"/certificates/{new}/sharing", data={"how": how})
    hr.post(f"/certificates/{new}/revocation", data={"why": "Issued to the wrong person"})

    (address,) = links_of(paper)
    page = client.get(address.partition("8000")[2]).text
    assert "was revoked on" in page
    assert "certifies" not in page
    found = client.get(f"/verify/{number}", headers={"Accept": "application/json"}).json
    assert (found["status"], found["revoked_at"][:10]) == ("revoked", "2028-03-01")
    handed = {"credential": proved.decode()}
    checked = client.post("/verify", data=handed, headers={"Accept": "application/json"}).json
    assert (checked["status"], checked["valid"]) == ("revoked", False)
    status_list = json.loads(proved)["credentialStatus"]["statusListCredential"]
    bits = client.get(status_list.partition("8000")[2]).data
    assert verdict_on(proved, NOW, lists=lambda _address: bits).standing == "revoked"

    assert (new in page) == (new in json.dumps(found)) == (how != "withdrawn")
    for told in (page, json.dumps(found)):
        assert "Coach" not in told
        assert "wrong person" not in told
    assert "wrong person" in browser_of(house.coach).get(f"/certificates/{number}").text


def links_of(paper: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        return {
            str(one.A.URI) for page in pdf.pages for one in page.get("/Annots", []) if "/A" in one
        }


def test_the_learning_record_says_it_instead_of_the_certificate(
    app: Flask, house: House, revoked: str, browser_of: BrowserOf
) -> None:
    record = browser_of(house.coach).post("/certificates/record").data
    (taken,) = json.loads(record)["credentialSubject"]["courseTaken"]
    assert "certificate" not in taken
    assert taken["certificateRevoked"].startswith("2028-03-01")
    assert verdict_on(record, NOW).valid


def test_its_holder_can_earn_it_again_at_once(
    house: House, revoked: str, browser_of: BrowserOf
) -> None:
    coach = browser_of(house.coach)
    assert "Take it again" in coach.get("/courses/first-steps").text
    take_first_steps(coach, "renew")
    page = coach.get("/certificates").text
    assert page.count("Revoked") == 1
    (completion,) = re.findall(r"/certificates/of/(\w+)", coach.get("/courses/first-steps").text)
    found = coach.get(f"/certificates/of/{completion}", follow_redirects=True)
    assert chips(found.text) == ["Valid"]
    assert revoked not in found.request.path


def test_who_takes_it_again_is_not_told_that_the_revoked_one_stays(
    house: House, revoked: str, browser_of: BrowserOf
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/renew")
    assert "What you earned stays" not in coach.get("/courses/first-steps").text


def test_who_has_one_that_counts_does_not_take_it_again_before_it_is_time(
    house: House, number: str, browser_of: BrowserOf
) -> None:
    assert "Take it again" not in browser_of(house.coach).get("/courses/first-steps").text


@pytest.mark.parametrize("asked", [("correction",) * 4, ("correction", "revocation") * 2])
def test_of_corrections_and_revocations_at_once_one_counts_and_nobody_meets_an_error(
    app: Flask, house: House, number: str, browser_of: BrowserOf, asked: tuple[str, ...]
) -> None:
    form = {"reason": "A name", "why": "A name"}
    browsers, line = [browser_of(house.hr) for _each in asked], threading.Barrier(len(asked))
    answers: list[int] = []

    def ask(browser: FlaskClient, what: str) -> None:
        line.wait()
        answers.append(browser.post(f"/certificates/{number}/{what}", data=form).status_code)

    threads = [
        threading.Thread(target=ask, args=each) for each in zip(browsers, asked, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302] * len(asked)
    with app.app_context():
        corrected = db.session.scalars(
            select(Certificate.id).where(Certificate.supersedes == number)
        ).all()
        revoked = db.session.scalars(select(Revocation.certificate_id)).all()
    assert len(corrected) + len(revoked) == 1
