"""Publishing with its impact told first: what changes, for whom, who goes on where, and back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Enrolment
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.plugin_host.contract import CourseSource
from tests.catalogue.conftest import ORIGINAL, Desk, desk_of
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
PAGE, COURSE = "/studio/courses/first-steps/publish", "/courses/first-steps"
SUBSTANCE = ("02-walk-on.en.md", "This is how you start.", "From now on you start with 3 steps.")
READ, AGAIN = "You have read this lesson", "This lesson has changed since you read it"


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    """The trainer's files, published once."""
    made = desk_of(app, tmp_path)
    made.publish()
    return made


@pytest.fixture
def trainer(desk: Desk, house: House, browser_of: Browser) -> FlaskClient:
    del desk
    return browser_of(house.trainer)


@pytest.fixture
def coach(desk: Desk, house: House, browser_of: Browser) -> FlaskClient:
    """Somebody who has begun, read the second lesson and stopped there."""
    del desk
    browser = browser_of(house.coach)
    browser.post(f"{COURSE}/start")
    browser.get(f"{COURSE}/walk-on")
    browser.post(f"{COURSE}/walk-on/read")
    assert READ in browser.get(f"{COURSE}/walk-on").text
    return browser


def publish(trainer: FlaskClient, status: int = 303, **fields: str) -> str:
    """Send the form of the page as it stands, with changed fields; the page that comes."""
    address = PAGE + (f"?edition={fields['edition']}" if "edition" in fields else "")
    shown = trainer.get(address).text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', shown))
    answer = trainer.post(PAGE, data={**marks, **fields})
    assert answer.status_code == status, answer.text
    return answer.text if status != 303 else trainer.get(answer.headers["Location"]).text


def in_service(app: Flask) -> int:
    with app.app_context():
        found = offering("first-steps")
        assert found is not None
        return found.edition.number


def test_the_page_says_what_changes_and_for_how_many_and_changes_nothing(
    app: Flask, desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    page = trainer.get(PAGE).text
    assert "Edition 1 is in service" in page
    assert "Walk on" in page
    assert '<option value="substance" selected>' in page
    assert "1 learner is in the middle of the course." in page
    assert "1 of them has read a lesson that says something else now." in page
    assert "0 learners have completed it" in page
    assert in_service(app) == 1
    assert READ in coach.get(f"{COURSE}/walk-on").text


def test_where_nothing_differs_there_is_nothing_to_publish(trainer: FlaskClient) -> None:
    page = trainer.get(PAGE).text
    assert "Nothing differs from edition 1" in page
    assert ">Publish</button>" not in page


def test_what_differs_is_seen_beside_what_is_in_service(desk: Desk, trainer: FlaskClient) -> None:
    desk.write(*SUBSTANCE)
    page = trainer.get(f"{PAGE}/walk-on").text
    for words in ("This is how you start.", "From now on you start with 3 steps."):
        assert words in re.sub("</?(ins|del)>", "", page)
    for same in ("first-steps", "final", "nothing"):
        assert trainer.get(f"{PAGE}/{same}").status_code == 404


def test_whoever_is_in_the_middle_keeps_their_edition_unless_it_is_chosen_otherwise(
    app: Flask, desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    assert "Edition 2 is in service." in publish(trainer)
    assert in_service(app) == 2
    page = coach.get(f"{COURSE}/walk-on").text
    assert "This is how you start." in page
    assert READ in page


def test_who_moves_reads_again_what_says_something_else_and_nothing_more(
    app: Flask, desk: Desk, trainer: FlaskClient, coach: FlaskClient, house: House
) -> None:
    coach.post(f"{COURSE}/start-walking/read")
    desk.write(*SUBSTANCE)
    assert "1 learner goes on in it." in publish(trainer, middle="reread")
    page = coach.get(f"{COURSE}/walk-on").text
    assert "3 steps" in page
    assert AGAIN in page
    assert READ not in page
    assert READ in coach.get(f"{COURSE}/start-walking").text
    assert "Changed" in coach.get(COURSE).text
    coach.post(f"{COURSE}/walk-on/read")
    page = coach.get(f"{COURSE}/walk-on").text
    assert READ in page
    assert AGAIN not in page
    with app.app_context():
        (event,) = db.session.scalars(select(LedgerEvent).where(LedgerEvent.kind == "moved")).all()
        content = db.session.get_one(LedgerContent, event.id)
    assert (content.person_id, content.actor_id) == (house.coach, house.trainer)
    assert content.content["read_again"] == ["walk-on"]


def test_what_the_trainer_calls_wording_needs_no_reading_again(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    counted = publish(trainer, 200, how="look", **{"weight-walk-on": "wording"})
    assert "of them has read a lesson" not in counted
    publish(trainer, middle="reread", **{"weight-walk-on": "wording"})
    page = coach.get(f"{COURSE}/walk-on").text
    assert "3 steps" in page
    assert READ in page


def test_putting_an_older_edition_back_undoes_it_with_what_was_read(
    app: Flask, desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer, middle="reread")
    assert AGAIN in coach.get(f"{COURSE}/walk-on").text
    assert "Put edition 1 back" in trainer.get(f"{PAGE}?edition=1").text
    assert "Edition 1 is in service." in publish(trainer, edition="1", middle="reread")
    assert in_service(app) == 1
    page = coach.get(f"{COURSE}/walk-on").text
    assert "This is how you start." in page
    assert READ in page


def test_the_way_back_is_there_whatever_has_become_of_the_files(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer)
    back = f'href="{PAGE}?edition=1"'
    assert back not in trainer.get("/studio/courses/first-steps").text, "it is one page on"
    desk.write("02-walk-on.en.md", "title: ", "titel: ")
    assert back in trainer.get("/studio/courses/first-steps").text
    desk.host.courses[:] = [("northern_track", CourseSource("gone", ORIGINAL))]
    page = trainer.get("/studio/courses/first-steps").text
    assert back in page
    assert f'href="{PAGE}"' not in page, "there is nothing to be published"
    desk.supply()
    assert back in trainer.get("/studio/courses/first-steps").text
    publish(trainer, edition="1")
    assert in_service(app) == 1


def test_who_has_completed_stays_where_they_are(
    app: Flask, desk: Desk, trainer: FlaskClient, coach: FlaskClient, house: House
) -> None:
    coach.post(f"{COURSE}/start-walking/read")
    attempt = coach.post(f"{COURSE}/final/attempts").headers["Location"]
    right = {"q-one": "right", "q-two": ["first", "second"], "incomplete": "yes"}
    coach.post(attempt, data=right)
    desk.write(*SUBSTANCE)
    assert "1 learner has completed it: nothing of theirs changes" in trainer.get(PAGE).text
    publish(trainer, middle="reread")
    with app.app_context():
        mine = db.session.scalar(select(Enrolment).where(Enrolment.person_id == house.coach))
        found = offering("first-steps")
        assert mine is not None and found is not None  # noqa: PT018 - one thought
        assert mine.edition_id != found.edition.id
    assert "This is how you start." in coach.get(f"{COURSE}/walk-on").text


def test_who_moves_and_lacks_nothing_any_more_has_completed(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    """The lesson that was missing is gone, and so is the quiz from the rule."""
    desk.write("course.md", "{lessons: all, pass: [final]}", "{lessons: [walk-on]}")
    publish(trainer, middle="reread")
    assert "completed" in coach.get(COURSE).text.lower()


def test_what_changed_since_the_page_was_opened_is_not_published(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    answer = trainer.post(PAGE, data={"fingerprint": "0" * 64})
    assert answer.status_code == 409
    assert "Something has changed since you looked" in answer.text
    assert in_service(app) == 1


def test_a_course_that_was_never_published_is_published_from_the_page(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    desk_of(app, tmp_path)
    trainer = browser_of(house.trainer)
    assert "has never been published" in trainer.get(PAGE).text
    publish(trainer)
    assert in_service(app) == 1


@pytest.mark.parametrize("edition", ["0", "1", "2", "99999999999", "x", "²"])
def test_an_edition_that_cannot_be_put_back_is_not_there(
    trainer: FlaskClient, edition: str
) -> None:
    assert trainer.get(f"{PAGE}?edition={edition}").status_code == 404
    assert trainer.post(PAGE, data={"edition": edition}).status_code == 404


def test_files_with_errors_cannot_be_published(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", "title: ", "titel: ")
    page = trainer.get(PAGE)
    assert page.status_code == 200
    assert "The files cannot be published as they are. Edition 1 stays in service" in page.text
    assert '<p class="lead">First steps</p>' in page.text, "which course this is about"
    assert "02-walk-on.en.md" in page.text
    assert 'name="fingerprint"' not in page.text
    assert trainer.post(PAGE, data={"fingerprint": "x"}).status_code == 409
    assert in_service(app) == 1


@pytest.mark.parametrize("who", ["coach", "hr", "manager", "stranger"])
def test_others_publish_nothing(
    app: Flask, desk: Desk, house: House, browser_of: Browser, who: str
) -> None:
    desk.write(*SUBSTANCE)
    other = browser_of(getattr(house, who))
    for path in (PAGE, f"{PAGE}/walk-on"):
        assert other.get(path).status_code == 404
    assert other.post(PAGE, data={"middle": "reread"}).status_code == 404
    assert in_service(app) == 1


def test_a_trainer_of_another_track_publishes_nothing(
    app: Flask, desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.write(*SUBSTANCE)
    with app.app_context(), writing():
        people.add_membership(house.colleague, "trainer", house.north, track="another")
    other = browser_of(house.colleague)
    assert other.get(PAGE).status_code == 404
    assert other.get(f"{PAGE}?edition=1").status_code == 404
    assert other.post(PAGE).status_code == 404
    assert in_service(app) == 1


# ------------------------------------------------------------------ histories of more than one move


def test_a_change_of_rules_alone_is_told_and_published(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write("course.md", "months: 24", "months: 12")
    page = trainer.get(PAGE).text
    assert "Rules of the course" in page
    assert "How long a completion counts is another" in page
    publish(trainer)
    assert in_service(app) == 2


def test_wording_that_was_accepted_once_is_not_asked_again(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer, middle="reread", **{"weight-walk-on": "wording"})
    desk.write("01-start-walking.en.md", "title: ", "title: Now ")
    publish(trainer, middle="reread")
    assert READ in coach.get(f"{COURSE}/walk-on").text


def test_who_kept_an_older_edition_is_counted_and_moved_by_that_one(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer)  # they keep the first edition
    desk.write("02-walk-on.en.md", "3 steps.", "3 steps!")
    page = trainer.get(PAGE).text
    assert "1 of them has read a lesson that says something else now." in page
    publish(trainer, middle="reread", **{"weight-walk-on": "wording"})
    assert AGAIN in coach.get(f"{COURSE}/walk-on").text, "they never saw the second edition"


def test_two_changes_and_back_again_bring_back_what_was_read_first(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer, middle="reread")
    coach.post(f"{COURSE}/walk-on/read")
    desk.write("02-walk-on.en.md", "with 3 steps.", "by standing still for 5 minutes, as ever.")
    publish(trainer, middle="reread")
    assert AGAIN in coach.get(f"{COURSE}/walk-on").text
    for number in ("2", "1"):
        publish(trainer, edition=number, middle="reread")
        assert READ in coach.get(f"{COURSE}/walk-on").text, number


def test_a_lesson_that_is_gone_stands_in_nobodys_way(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    for language in ("sv", "en"):
        (desk.folder / f"02-walk-on.{language}.md").unlink()
    publish(trainer, middle="reread")
    assert coach.get(f"{COURSE}/start-walking").status_code == 200
    assert coach.get(f"{COURSE}/walk-on").status_code == 404


def test_what_was_published_meanwhile_is_not_overwritten_unseen(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer)
    shown = trainer.get(f"{PAGE}?edition=1").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', shown))
    desk.write("02-walk-on.en.md", "3 steps.", "4 steps.")
    publish(trainer)
    answer = trainer.post(PAGE, data={**marks, "edition": "1"})
    assert answer.status_code == 409
    assert in_service(app) == 3


def test_an_edition_that_was_put_back_twice_at_once_is_in_service_and_said_to_be(
    app: Flask, desk: Desk, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    desk.write(*SUBSTANCE)
    publish(trainer)
    shown = trainer.get(f"{PAGE}?edition=1").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', shown))
    for browser in (trainer, trainer, browser_of(house.admin)):
        answer = browser.post(PAGE, data={**marks, "edition": "1"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "Edition 1 is in service." in answer.text
    assert in_service(app) == 1


def test_a_page_that_was_opened_before_says_nothing_of_the_text_that_came(
    desk: Desk, trainer: FlaskClient, coach: FlaskClient
) -> None:
    page = coach.get(f"{COURSE}/start-walking").text
    text = re.search(r'name="text" value="([0-9a-f]{64})"', page)
    assert text
    desk.write("01-start-walking.en.md", "title: ", "title: 12 ways of ")
    publish(trainer, middle="reread")
    answer = coach.post(f"{COURSE}/start-walking/read", data={"text": text[1]})
    assert answer.headers["Location"] == f"{COURSE}/start-walking"
    page = coach.get(f"{COURSE}/start-walking").text
    assert "The lesson has changed since you opened it" in page
    assert READ not in page


def test_those_who_have_completed_can_be_asked_to_take_it_again(
    desk: Desk, app: Flask, coach: FlaskClient, trainer: FlaskClient
) -> None:
    coach.post(f"{COURSE}/start-walking/read")
    attempt = coach.post(f"{COURSE}/final/attempts").headers["Location"]
    coach.post(attempt, data={"q-one": ["right"], "q-two": ["first", "second"]})
    assert "Take it again" not in coach.get(COURSE).text
    desk.write(*SUBSTANCE)
    assert "to take it again" in trainer.get(PAGE).text
    publish(trainer, renew="yes")
    assert "Take it again" in coach.get(COURSE).text
    mine = coach.get("/me").text
    assert "Renewal open" in mine
    assert "To be taken again since" in mine
    coach.post(f"{COURSE}/renew")
    assert AGAIN not in coach.get(f"{COURSE}/walk-on").text
    assert READ not in coach.get(f"{COURSE}/walk-on").text
    with app.app_context():
        asked = db.session.scalar(
            select(LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "renewal.called")
        )
        assert asked is not None
        assert asked["course"] == "first-steps"


def test_nobody_is_asked_to_take_it_again_unless_its_trainer_says_so(
    desk: Desk, coach: FlaskClient, trainer: FlaskClient
) -> None:
    coach.post(f"{COURSE}/start-walking/read")
    attempt = coach.post(f"{COURSE}/final/attempts").headers["Location"]
    coach.post(attempt, data={"q-one": ["right"], "q-two": ["first", "second"]})
    desk.write(*SUBSTANCE)
    publish(trainer)
    assert "Take it again" not in coach.get(COURSE).text
