"""Certificates of one person for one course, one after the other: which of them counts."""

import json
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.credentials.models import Certificate
from innocap_lms.credentials.services import issue_certificate
from innocap_lms.credentials.signing import status_list
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.recognition.corrections import correct_day, withdraw
from innocap_lms.recognition.queries import entries
from innocap_lms.requirements.services import About
from innocap_lms.vc.status import entries_of, is_set
from tests.conftest import House
from tests.credentials.conftest import Again

BrowserOf = Callable[[str], FlaskClient]


NOW = datetime(2028, 9, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=90)


def status(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/verify/{number}", headers={"Accept": "application/json"})
    return str(answer.json["status"])


def test_a_renewal_leaves_the_name_on_the_one_before(
    app: Flask, client: FlaskClient, renewed: list[str]
) -> None:
    first, _second = issue_all(app, renewed)
    assert "Coach" in client.get(f"/verify/{first}").text


@pytest.fixture
def renewed(house: House, complete: Callable[..., str], again: Again) -> list[str]:
    """Two completions of one course by one person, of which nothing is issued yet."""
    return [complete(house.coach), again(NOW)]


def issue_all(app: Flask, completions: Iterable[str]) -> list[str]:
    numbers = []
    with app.app_context():
        for completion in completions:
            with writing():
                numbers.append(issue_certificate(completion, app.extensions["innocap_settings"]))
    return numbers


def test_a_job_that_comes_late_does_not_take_the_place_of_what_came_after(
    app: Flask, client: FlaskClient, renewed: list[str]
) -> None:
    numbers = issue_all(app, reversed(renewed))
    assert [status(client, number) for number in numbers] == ["valid", "superseded"]


@pytest.mark.parametrize("corrected", [False, True])
def test_when_a_renewal_is_revoked_the_one_before_counts_again(
    app: Flask,
    client: FlaskClient,
    house: House,
    renewed: list[str],
    browser_of: BrowserOf,
    corrected: bool,
) -> None:
    first, second = issue_all(app, renewed)
    hr = browser_of(house.hr)
    last = second
    if corrected:
        answer = hr.post(f"/certificates/{second}/correction", data={"reason": "name"})
        last = answer.headers["Location"].split("/")[2]
    assert status(client, first) == "superseded"
    hr.post(f"/certificates/{last}/revocation", data={"why": "cheating"})
    assert (status(client, first), status(client, last)) == ("valid", "revoked")
    assert last not in client.get(f"/verify/{first}").text
    if corrected:
        assert status(client, second) == "revoked", "it is of the same completion"
    assert first in browser_of(house.coach).get("/me", follow_redirects=True).text


def test_what_comes_after_a_revoked_renewal_takes_the_place_of_the_one_that_counts(
    app: Flask,
    client: FlaskClient,
    house: House,
    renewed: list[str],
    again: Again,
    browser_of: BrowserOf,
) -> None:
    first, second = issue_all(app, renewed)
    browser_of(house.hr).post(f"/certificates/{second}/revocation", data={"why": "cheating"})
    (third,) = issue_all(app, [again(NOW + timedelta(days=30))])
    found = [status(client, number) for number in (first, second, third)]
    assert found == ["superseded", "revoked", "valid"]


def of_it(app: Flask, house: House, first: str, what: str, **form: str) -> None:
    """What HR does to an earlier completion that was renewed since."""
    with clock.at(LATER), app.app_context():
        name = db.session.scalar(select(Certificate.completion_id).where(Certificate.id == first))
        found = next(each for each in entries(house.coach) if each.id == name)
        about = About(house.coach, house.north, house.hr)
        with writing():
            settings = app.extensions["innocap_settings"]
            if what == "withdraw":
                withdraw(about, found, form["why"], settings)
            else:
                correct_day(about, found, date.fromisoformat(form["day"]), form["why"], settings)


@pytest.fixture
def thrice(app: Flask, house: House, renewed: list[str], again: Again) -> list[str]:
    """The certificates of three completions, each of which renews the one before."""
    completions = [*renewed, again(NOW + timedelta(days=30))]
    about = About(house.coach, house.north, house.coach)
    with app.app_context(), writing():
        for name in completions:
            at = db.session.get_one(Completion, name).completed_at
            about.say("completed", at, {"completion": name, "course": "first-steps"})
    return issue_all(app, completions)


def test_what_is_withdrawn_is_revoked_also_where_it_was_renewed_since(
    app: Flask, client: FlaskClient, house: House, thrice: list[str]
) -> None:
    first, second, third = thrice
    of_it(app, house, second, "withdraw", why="Somebody else sat there")
    assert [status(client, each) for each in thrice] == ["superseded", "revoked", "valid"]
    assert third in client.get(f"/verify/{first}").text, "the newest has taken its place"
    assert is_ended(app, second), "also for who has a copy and asks the status list"
    assert not is_ended(app, first)
    of_it(app, house, first, "withdraw", why="Nor there")
    assert [status(client, each) for each in thrice] == ["revoked", "revoked", "valid"]


def test_a_corrected_day_gives_a_corrected_certificate_also_where_it_was_renewed_since(
    app: Flask, client: FlaskClient, house: House, thrice: list[str]
) -> None:
    _first, second, third = thrice
    of_it(app, house, second, "correct", day="2028-08-30", why="A wrong day")
    with app.app_context():
        new = db.session.scalars(select(Certificate).where(Certificate.number == 2)).one()
        assert new.supersedes == second
        assert new.completed_at.date() == date(2028, 8, 30)
        assert db.session.get_one(Certificate, third).supersedes == new.id
    assert [status(client, each) for each in (*thrice, new.id)] == [
        *("superseded", "superseded", "valid"),
        "superseded",
    ]
    assert is_ended(app, second)
    assert not is_ended(app, new.id)


def is_ended(app: Flask, number: str) -> bool:
    """What the status list says of a certificate."""
    with app.app_context():
        row = db.session.get_one(Certificate, number)
        found = status_list(row.status_list or "")
        assert found is not None
        own, _all_known = entries_of(json.loads(row.credential or ""))
        return any(is_set(entry, found) for entry in own)


def newest(app: Flask, house: House) -> str:
    """The certificate that was issued last: ids are random, and tests stand at one moment."""
    with app.app_context():
        corrected = select(Certificate.id).order_by(Certificate.number.desc()).limit(1)
        return str(db.session.scalar(corrected.where(Certificate.person_id == house.coach)))


@pytest.mark.parametrize(
    ("which", "day", "order"),
    [(1, "2028-10-20", "021"), (2, "2028-08-20", "021"), (0, "2028-10-20", "120")],
)
def test_of_completions_whose_order_is_corrected_the_later_one_counts(
    app: Flask,
    client: FlaskClient,
    house: House,
    thrice: list[str],
    again: Again,
    which: int,
    day: str,
    order: str,
) -> None:
    of_it(app, house, thrice[which], "correct", day=day, why="It was another day")
    new = newest(app, house)
    chain = [new if int(each) == which else thrice[int(each)] for each in order]
    assert [status(client, each) for each in chain] == ["superseded", "superseded", "valid"]
    for earlier, later in pairwise(chain):
        assert f"/verify/{later}" in client.get(f"/verify/{earlier}").text
    assert f"/verify/{new}" in client.get(f"/verify/{thrice[which]}").text
    (last,) = issue_all(app, [again(NOW + timedelta(days=60))])
    assert [status(client, each) for each in (*chain, last)] == [*["superseded"] * 3, "valid"]


def test_what_was_revoked_has_no_place_among_those_whose_order_is_corrected(
    app: Flask, client: FlaskClient, house: House, thrice: list[str]
) -> None:
    first, second, third = thrice
    of_it(app, house, second, "withdraw", why="Somebody else sat there")
    of_it(app, house, third, "correct", day="2026-10-01", why="It was another day")
    new = newest(app, house)
    assert [status(client, each) for each in (new, first)] == ["superseded", "valid"]
    of_it(app, house, first, "withdraw", why="Nor there")
    found = [status(client, each) for each in (first, second, new)]
    assert found == ["revoked", "revoked", "valid"]


def test_a_day_corrected_beside_a_revocation_leaves_the_chain_whole(
    app: Flask, client: FlaskClient, house: House, thrice: list[str], browser_of: BrowserOf
) -> None:
    first, second, third = thrice
    with app.app_context():
        of_first = db.session.get_one(Certificate, first).completion_id
    line, answers = threading.Barrier(2), []

    def ask(browser: FlaskClient, address: str, form: dict[str, str]) -> None:
        with clock.at(LATER):
            line.wait()
            answers.append(browser.post(address, data=form).status_code)

    day = f"/hr/people/{house.coach}/completions/{of_first}/correction"
    with clock.at(LATER):
        asked = [
            (browser_of(house.hr), day, {"day": "2028-09-15", "reason": "It was another day"}),
            (browser_of(house.hr), f"/certificates/{third}/revocation", {"why": "Cheated"}),
        ]
    threads = [threading.Thread(target=ask, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302, 302]
    found = [status(client, each) for each in (second, newest(app, house), third)]
    assert found == ["superseded", "valid", "revoked"]
