"""An edition asked people to take the course again, and is undone: whoever has not, need not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions_of, offering
from innocap_lms.extensions import db, writing
from innocap_lms.learning.calls import take_back
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from tests.catalogue.conftest import Desk
from tests.conftest import House, take_first_steps
from tests.studio.test_publishing import COURSE, PAGE, SUBSTANCE, desk, publish

__all__ = ["desk"]
Browser = Callable[[str], FlaskClient]
BACK = f"{PAGE}?edition=1"
AGAIN = "Take it again"


@pytest.fixture
def a_month_on(desk: Desk, house: House, browser_of: Browser) -> Iterator[None]:
    """The coach has completed the course a month ago."""
    del desk
    take_first_steps(browser_of(house.coach))
    with clock.at(clock.utcnow() + timedelta(days=30)):
        yield


@pytest.fixture
def coach(a_month_on: None, house: House, browser_of: Browser) -> FlaskClient:
    return browser_of(house.coach)


@pytest.fixture
def trainer(a_month_on: None, house: House, browser_of: Browser) -> FlaskClient:
    return browser_of(house.trainer)


@pytest.fixture
def asked(desk: Desk, coach: FlaskClient, trainer: FlaskClient) -> FlaskClient:
    """The same coach, whom the second edition asks to take the course again."""
    desk.write(*SUBSTANCE)
    publish(trainer, renew="yes")
    assert AGAIN in coach.get(COURSE).text
    return coach


def an_hour_later(hours: int = 1) -> AbstractContextManager[None]:
    return clock.at(clock.utcnow() + timedelta(hours=hours))


def taken_back(app: Flask) -> list[dict[str, str]]:
    with app.app_context():
        said = select(LedgerContent.content).join(LedgerEvent)
        found = db.session.scalars(said.where(LedgerEvent.kind == "renewal.taken_back"))
        return [dict(each or {}) for each in found]


def test_a_call_on_a_later_day_than_the_completion_is_read_on_ones_own_page(
    asked: FlaskClient,
) -> None:
    assert "Renewal open" in asked.get("/me").text
    for page in ("/me", COURSE):
        assert "To be taken again since" in asked.get(page).text


def test_the_publisher_hears_how_many_are_asked_and_is_proposed_to_take_it_back(
    asked: FlaskClient, trainer: FlaskClient
) -> None:
    page = trainer.get(BACK).text
    assert (
        "1 learner who has completed it is asked to take it again by what this puts aside" in page
    )
    assert 'value="end" checked' in page
    assert "Ask those who have completed it" not in page, "one does not ask and take back at once"


def test_whoever_has_not_taken_it_again_reads_that_they_need_not(
    app: Flask, house: House, asked: FlaskClient, trainer: FlaskClient, browser_of: Browser
) -> None:
    hr = browser_of(house.hr)
    assert "To be taken again since" in hr.get(f"/hr/people/{house.coach}").text
    said = publish(trainer, edition="1", asked="end")
    assert "1 learner is no longer asked to take it again." in said
    assert AGAIN not in asked.get(COURSE).text
    assert "that was taken back on" in asked.get(COURSE).text
    for page in (asked.get("/me").text, hr.get(f"/hr/people/{house.coach}").text):
        assert "Renewal open" not in page
        assert "that was taken back on" in page
    [event] = taken_back(app)
    with app.app_context():
        second = next(each for each in editions_of("first-steps") if each.number == 2)
    assert event == {"course": "first-steps", "edition": second.id}


def test_what_was_taken_again_already_stays_and_is_not_counted(
    app: Flask, asked: FlaskClient, trainer: FlaskClient
) -> None:
    take_first_steps(asked, "renew")
    assert "is asked to take it again by" not in trainer.get(BACK).text
    publish(trainer, edition="1", asked="end")
    mine = asked.get("/me").text
    assert "Valid" in mine
    assert "taken back" not in mine, "it is no concern of theirs any more"
    with app.app_context():
        assert len(db.session.scalars(select(Completion)).all()) == 2


def test_who_has_begun_anew_may_go_on_and_what_they_had_counts(
    asked: FlaskClient, trainer: FlaskClient
) -> None:
    asked.post(f"{COURSE}/renew")
    publish(trainer, edition="1", asked="end")
    assert "that was taken back on" in asked.get("/me").text
    assert "What you earned stays until then" in asked.get(COURSE).text


def test_people_stay_asked_where_the_publisher_says_so(
    app: Flask, asked: FlaskClient, trainer: FlaskClient
) -> None:
    publish(trainer, edition="1", asked="keep")
    assert AGAIN in asked.get(COURSE).text
    assert taken_back(app) == []


def test_what_an_edition_before_asked_for_stays_when_only_the_last_is_undone(
    app: Flask, desk: Desk, asked: FlaskClient, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", "3 steps.", "4 steps.")
    with an_hour_later():
        publish(trainer, renew="yes")
    assert "is asked to take it again by" not in trainer.get(f"{PAGE}?edition=2").text
    publish(trainer, edition="2", asked="end")
    assert len(taken_back(app)) == 1
    assert AGAIN in asked.get(COURSE).text, "the second edition had asked, and is in service"
    publish(trainer, edition="1", asked="end")
    assert AGAIN not in asked.get(COURSE).text


def test_going_back_to_an_edition_leaves_what_was_asked_for_before_it(
    app: Flask, desk: Desk, asked: FlaskClient, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", "3 steps.", "4 steps.")
    with an_hour_later():
        publish(trainer)
    desk.write("02-walk-on.en.md", "4 steps.", "5 steps.")
    with an_hour_later(2):
        publish(trainer, renew="yes")
    assert "is asked to take it again by" not in trainer.get(f"{PAGE}?edition=3").text
    publish(trainer, edition="3", asked="end")
    assert len(taken_back(app)) == 1, "that of the fourth"
    assert AGAIN in asked.get(COURSE).text, "the second had asked, and the third is later"


def test_files_that_are_an_older_edition_again_undo_as_well(
    desk: Desk, asked: FlaskClient, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", *reversed(SUBSTANCE[1:]))
    assert "1 learner who has completed it is asked to take it again by" in trainer.get(PAGE).text
    publish(trainer, asked="end")
    assert AGAIN not in asked.get(COURSE).text


def test_of_two_who_take_it_back_at_once_one_does(
    app: Flask, asked: FlaskClient, trainer: FlaskClient
) -> None:
    publish(trainer, edition="1", asked="keep")
    barrier, spared, errors = threading.Barrier(3), list[int](), list[Exception]()

    def work() -> None:
        try:
            with app.app_context():
                found = offering("first-steps")
                assert found is not None
                barrier.wait(10)
                with writing():
                    spared.append(take_back(found.edition, None))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, sorted(spared)) == ([], [0, 0, 1])
    assert len(taken_back(app)) == 1
