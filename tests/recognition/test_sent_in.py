"""The list of training that people sent in: sorted, page by page, and of one's own people alone."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people.models import Person
from innocap_lms.people.queries import viewer_of
from innocap_lms.recognition import external, sent_in
from innocap_lms.recognition.external import Told
from innocap_lms.recognition.models import ExternalTraining
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
LIST = "/hr/training"
COLUMNS = [f"{end}{column}" for column in sent_in.COLUMNS for end in ("", "-")]


@pytest.fixture
def sent(app: Flask, house: House, course: object) -> dict[str, str]:
    """Trainings by their titles, in the order in which they were sent in: a day apart."""
    said = (
        (house.other_coach, "Budget", date(2026, 3, 1)),
        (house.coach, "Access", date(2026, 2, 1)),
        (house.colleague, "Design", date(2026, 3, 1)),
        (house.coach, "Care", date(2026, 1, 1)),
        (house.stranger, "Elsewhere", date(2026, 3, 1)),
    )
    with app.app_context():
        for days, (who, title, day) in enumerate(said):
            with clock.at(clock.utcnow() + timedelta(days=days)), writing():
                external.send(viewer_of(who), Told(title, "School", day, None), None, None)
        rows = db.session.execute(select(ExternalTraining.title, ExternalTraining.id))
        return {row.title: row.id for row in rows}


@pytest.fixture
def answer(app: Flask, house: House, sent: dict[str, str]) -> Callable[[str], None]:
    def refused(title: str) -> None:
        with app.app_context(), writing():
            training = db.session.get_one(ExternalTraining, sent[title])
            external.refuse(viewer_of(house.hr), training, "No certificate")

    return refused


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def head(page: str, text: str) -> tuple[str, str]:
    """Where the head of a column leads, and its aria-sort."""
    found = re.search(rf'<th scope="col"([^>]*)><a href="([^"]*)">{text}</a>', page)
    assert found, text
    order = re.search(r'aria-sort="([a-z]+)"', found[1])
    return unescape(found[2]), order[1] if order else ""


@pytest.mark.usefixtures("sent")
def test_who_has_waited_longest_comes_first_and_the_head_says_so(
    house: House, browser_of: Browser
) -> None:
    page = browser_of(house.hr).get(LIST).text
    assert titles(page) == ["Budget", "Access", "Design", "Care"]
    assert head(page, "Sent in")[1] == "ascending"
    assert page.count("aria-sort") == 1
    assert "4 wait for an answer, 0 are answered." in page


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("Training", ["Access", "Budget", "Care", "Design"]),
        ("Name", ["Access", "Care", "Design", "Budget"]),
        ("Last day", ["Design", "Budget", "Access", "Care"]),
        ("Sent in", ["Care", "Design", "Access", "Budget"]),
    ],
)
def test_the_head_of_a_column_sorts_by_it_and_then_the_other_way_round(
    house: House, browser_of: Browser, column: str, first: list[str]
) -> None:
    hr = browser_of(house.hr)
    page = hr.get(head(hr.get(LIST).text, column)[0]).text
    assert titles(page) == first
    link, order = head(page, column)
    turned = hr.get(link).text
    assert titles(turned) == first[::-1]
    assert {order, head(turned, column)[1]} == {"ascending", "descending"}


def test_what_is_answered_stands_apart_the_newest_first_and_keeps_its_order(
    house: House, browser_of: Browser, answer: Callable[[str], None]
) -> None:
    for title in ("Access", "Care"):
        answer(title)
    hr = browser_of(house.hr)
    assert titles(hr.get(LIST).text) == ["Budget", "Design"]
    answered = hr.get(f"{LIST}?state=answered").text
    assert titles(answered) == ["Care", "Access"]
    assert "No certificate" in answered
    assert "2 wait for an answer, 2 are answered." in answered
    link, _order = head(answered, "Training")
    assert titles(hr.get(link).text) == ["Access", "Care"]
    assert '<input type="hidden" name="sort" value="title">' in hr.get(link).text


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("sort", ["nothing", "name", "'; DROP", "-", "x" * 300])
def test_what_is_no_column_leaves_the_order_of_arrival(
    house: House, browser_of: Browser, sort: str
) -> None:
    answer = browser_of(house.hr).get(LIST, query_string={"sort": sort})
    assert titles(answer.text) == ["Budget", "Access", "Design", "Care"]


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("sort", COLUMNS)
def test_pages_meet_on_the_way_there_and_back(
    house: House, browser_of: Browser, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hr = browser_of(house.hr)
    whole = titles(hr.get(f"{LIST}?sort={sort}").text)
    monkeypatch.setattr(sent_in, "PAGE", 1)
    there, link = list[str](), f"{LIST}?sort={sort}"
    while link:
        page = hr.get(link).text
        there += titles(page)
        back, link = link, beside(page, "below")
    assert there == whole
    found = list[str]()
    while back:
        page = hr.get(back).text
        found += titles(page)
        back = beside(page, "above")
    assert found == whole[::-1]


def beside(page: str, way: str) -> str:
    """Where the page before or after this one is, "" where there is none."""
    found = re.search(rf'href="([^"]*[?&;]{way}=[^"]*)"', page)
    return unescape(found[1]) if found else ""


def test_a_training_of_others_is_no_place_in_the_list(
    app: Flask, house: House, sent: dict[str, str], browser_of: Browser
) -> None:
    hr = browser_of(house.hr)
    with app.app_context(), writing():
        external.withdraw(viewer_of(house.coach), sent["Access"])
    for way in ("above", "below"):
        for place in (sent["Elsewhere"], "0" * 26):
            assert hr.get(f"{LIST}?{way}={place}").status_code == 404
    page = hr.get(f"{LIST}?below={sent['Access']}").text
    assert titles(page) == ["Design", "Care"], "also after one that is taken back meanwhile"


@pytest.mark.usefixtures("sent")
def test_whoever_is_not_their_hr_reads_no_list(house: House, browser_of: Browser) -> None:
    for who in (house.coach, house.colleague, house.manager, house.stranger, house.trainer):
        assert browser_of(who).get(LIST).status_code == 404
    assert titles(browser_of(house.stranger_hr).get(LIST).text) == ["Elsewhere"]


@pytest.mark.usefixtures("sent")
def test_protected_identities_stand_together_beyond_the_last_name(
    app: Flask, house: House, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        db.session.get_one(Person, house.coach).protected = True
    page = browser_of(house.hr).get(f"{LIST}?sort=person").text
    assert titles(page) == ["Design", "Budget", "Access", "Care"]
    assert page.count("Protected identity") == 2


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("sort", ["sent", "person"])
def test_the_list_takes_four_statements_however_it_is_sorted(
    house: House, browser_of: Browser, statements: list[str], sort: str
) -> None:
    hr = browser_of(house.hr)
    hr.get(LIST)
    statements.clear()
    hr.get(f"{LIST}?sort={sort}")
    assert len(statements) <= 4, "\n".join(statements)
