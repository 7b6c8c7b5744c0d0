"""An adopted course goes back to its plugin: told before, refused where work would go, undone."""

import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.authoring import services
from innocap_lms.authoring.queries import authored, ever_authored, repository
from innocap_lms.catalogue.queries import offering
from innocap_lms.catalogue.services import Published
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.studio import publishing
from tests.catalogue.conftest import Desk
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, relay
from tests.studio.test_writing import LESSON, keep, save, text_of
from tests.studio.test_written_courses import desk
from tests.studio.test_written_courses import trainer as adopter

__all__ = ["adopter", "desk"]
Browser = Callable[[str], FlaskClient]
PAGE = f"{COURSE}/publish?source=plugin"
OWN = "\nOur own end.\n"


@pytest.fixture
def trainer(app: Flask, adopter: FlaskClient) -> FlaskClient:
    """A trainer who has adopted the course, written an end of their own and published it."""
    keep(adopter, text_of(adopter) + OWN)
    save(app, adopter, "An end of our own")
    give(adopter, f"{COURSE}/publish")
    return adopter


def give(browser: FlaskClient, page: str = PAGE, **fields: str) -> TestResponse:
    """Send the form of the page as it stands."""
    shown = browser.get(page).text
    marks = dict(re.findall(r'name="(fingerprint|serving|source)" value="(\w*)"', shown))
    return browser.post(f"{COURSE}/publish", data={**marks, **fields}, follow_redirects=True)


def number(app: Flask) -> int:
    with app.app_context():
        found = offering("first-steps")
        assert found is not None
        return found.edition.number


def is_here(app: Flask) -> bool:
    with app.app_context():
        return authored("first-steps") is not None


def notes(app: Flask) -> list[str]:
    """The notes of the course's versions, newest first."""
    with app.app_context():
        course = ever_authored("first-steps")
        assert course is not None
        return [each.note for each in repository().versions(course.folder)]


def test_before_it_is_given_back_the_page_says_what_happens(
    app: Flask, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    browser_of(house.coach).post("/courses/first-steps/start")
    assert "Give it back to the plugin" in trainer.get(FILES).text
    page = trainer.get(PAGE).text
    assert "Edition 2 is in service. This is what changes." in page
    assert "Edition 1, " in page
    assert "is in service then, as the plugin has it." in page
    assert "1 learner is in the middle of the course." in page
    assert "1 file differs from the plugin’s" in page
    assert "<ins>Our own end.</ins>" in page
    with app.app_context():
        last = repository().head()
    assert f"The last is “An end of our own” ({last[:10]})" in page
    assert is_here(app)
    assert number(app) == 2
    see = re.search(r'href="([^"]*/publish/walk-on\?[^"]*)"', page)
    assert see
    assert trainer.get(see[1].replace("&amp;", "&")).status_code == 200


def test_what_differs_is_seen_in_each_language_beside_what_the_plugin_has(
    app: Flask, trainer: FlaskClient
) -> None:
    swedish = LESSON.replace(".en.", ".sv.")
    keep(trainer, text_of(trainer, swedish) + "\nVårt eget slut.\n", swedish)
    save(app, trainer)
    give(trainer, f"{COURSE}/publish")
    see = re.search(r'href="([^"]*/publish/walk-on\?[^"]*)"', trainer.get(PAGE).text)
    assert see
    page = trainer.get(html.unescape(see[1])).text
    assert "Supplied by the plugin northern_track" in page
    languages = re.findall(r'href="(\?[^"]*language=\w+[^"]*)"', page)
    assert len(languages) == 2
    said = [
        trainer.get(see[1].partition("?")[0] + html.unescape(query)).text for query in languages
    ]
    assert ["Our own end." in page for page in said] == [
        "Vårt eget slut." not in page for page in said
    ]
    assert {"Our own end." in page for page in said} == {True, False}


def test_given_back_the_plugins_edition_is_in_service_and_nothing_is_lost(
    app: Flask, trainer: FlaskClient
) -> None:
    page = give(trainer).text
    assert "Edition 1 is in service." in page
    assert "The course is the plugin’s again." in page
    assert "Write here from now on" in page
    assert number(app) == 1
    assert not is_here(app)
    assert trainer.get(FILES).status_code == 404
    relay(app)
    assert notes(app)[:2] == [
        "Given back to the plugin northern_track",
        "An end of our own",
    ]
    with app.app_context():
        course = ever_authored("first-steps")
        assert course is not None
        assert repository().files(repository().head(), course.folder) == {}
        told = db.session.scalars(
            select(LedgerContent.content)
            .join(LedgerEvent)
            .where(LedgerEvent.kind == "course.given_back")
        ).one()
        assert (told or {})["course"] == "first-steps"


def test_those_in_the_middle_go_on_in_the_plugins_edition_where_that_is_chosen(
    trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    coach.post("/courses/first-steps/walk-on/read")
    assert "1 learner goes on in it." in give(trainer, middle="reread").text
    assert "Our own end." not in coach.get("/courses/first-steps/walk-on").text


def test_adopted_again_it_begins_with_the_plugins_files_and_the_own_text_can_be_had_back(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    give(trainer)
    desk.write("02-walk-on.en.md", "title: Walk on", "title: March")
    trainer.post(f"{COURSE}/adopt")
    relay(app)
    assert "title: March" in text_of(trainer)
    assert OWN.strip() not in text_of(trainer)
    assert "Nothing new" in trainer.get(f"{COURSE}/release").text
    assert notes(app)[:3] == [
        "Adopted from the plugin northern_track",
        "Given back to the plugin northern_track",
        "An end of our own",
    ]
    with app.app_context():
        course = authored("first-steps")
        assert course is not None
        own = repository().versions(course.folder)[2].id
    trainer.post(f"{COURSE}/versions/{own}/put-back", data={"path": "02-walk-on.en.md"})
    assert OWN.strip() in text_of(trainer)


def test_adopted_again_before_the_job_has_run_it_is_as_it_would_be_after(
    app: Flask, trainer: FlaskClient
) -> None:
    give(trainer)
    trainer.post(f"{COURSE}/adopt")
    assert trainer.get(FILES).status_code == 200
    assert trainer.get(LESSON).status_code == 404, "what lies there yet is from before"
    assert "its first files are still on their way" in trainer.get(f"{COURSE}/publish").text
    relay(app)
    assert OWN.strip() not in text_of(trainer)
    assert "Nothing new" in trainer.get(f"{COURSE}/release").text


def test_what_somebody_is_writing_is_not_taken_from_under_their_hands(
    app: Flask, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    keep(trainer, text_of(trainer) + "More.\n")
    page = trainer.get(PAGE).text
    assert "You have drafts of 02-walk-on.en.md." in page
    assert "Give it back</button>" not in page
    admin = browser_of(house.admin)
    page = admin.get(PAGE).text
    assert "has a draft of 02-walk-on.en.md since" in page
    for browser in (trainer, admin):
        answer = give(browser)
        assert answer.status_code == 409
        assert "Nothing was published: somebody has a draft of it" in answer.text
    trainer.post(f"{COURSE}/save", data={"note": "More"})
    assert "The version “More” is being made" in trainer.get(PAGE).text
    assert give(trainer).status_code == 409
    assert is_here(app)
    assert number(app) == 2
    relay(app)
    assert give(trainer).status_code == 200
    assert not is_here(app)


def test_what_lay_about_for_weeks_holds_nothing_up_and_is_there_when_it_is_adopted_again(
    app: Flask, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    keep(browser_of(house.admin), text_of(trainer) + "Of long ago.\n")
    with clock.at(clock.utcnow() + timedelta(days=15)):
        trainer, admin = browser_of(house.trainer), browser_of(house.admin)
        assert "The course is the plugin’s again." in give(trainer).text
        relay(app)  # the clock stands still here: two saves at once would have no order
        trainer.post(f"{COURSE}/adopt")
        relay(app)
        assert "Of long ago." in text_of(admin)
        assert "Of long ago." not in text_of(trainer)


def test_of_two_who_give_it_back_the_second_hears_that_it_is_done(
    app: Flask, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    shown = admin.get(PAGE).text
    marks = dict(re.findall(r'name="(fingerprint|serving|source)" value="(\w*)"', shown))
    give(trainer)
    answer = admin.post(f"{COURSE}/publish", data=marks, follow_redirects=True)
    assert "The course is the plugin’s already." in answer.text
    assert "The course is the plugin’s already." in admin.get(PAGE, follow_redirects=True).text


def test_of_two_at_the_same_moment_one_gives_it_back(
    app: Flask, trainer: FlaskClient, house: House
) -> None:
    barrier, told = threading.Barrier(3), list[str]()

    def work() -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                with writing():
                    services.give_back("first-steps", "Given back", house.trainer)
                told.append("done")
            except services.NotHereError:
                told.append("done already")

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "done already", "done already"]
    relay(app)
    assert notes(app)[0] == "Given back"


def test_a_text_is_not_published_that_somebody_gives_back_at_that_moment(
    app: Flask,
    adopter: FlaskClient,
    house: House,
    browser_of: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(adopter, text_of(adopter) + OWN)
    save(app, adopter)
    admin, put = browser_of(house.admin), publishing.put_into_service

    def just_before(*given: Any) -> Published:
        monkeypatch.setattr(publishing, "put_into_service", put)
        assert "The course is the plugin’s again." in give(admin).text
        return put(*given)

    monkeypatch.setattr(publishing, "put_into_service", just_before)
    answer = give(adopter, f"{COURSE}/publish")
    assert answer.status_code == 409
    assert "it was given back already" in answer.text
    assert number(app) == 1


def test_what_the_site_itself_notes_is_read_in_ones_own_language(
    app: Flask, trainer: FlaskClient
) -> None:
    trainer.get("/language/sv")
    page = trainer.get(f"{COURSE}/versions").text
    assert "Övertagen från tillägget northern_track" in page
    assert "An end of our own" in page, "what people wrote stays as they wrote it"


def test_where_the_plugin_has_no_sound_files_any_more_the_course_stays_here(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write("course.md", "hours: 1.5", "hours: many")
    said = trainer.get(PAGE, follow_redirects=True).text
    assert "cannot be given back: the files of the plugin northern_track hold errors." in said
    app.extensions["innocap_host"].courses.clear()
    said = trainer.get(PAGE, follow_redirects=True).text
    assert "cannot be given back: the plugin northern_track does not supply it any more." in said
    assert "Give it back to the plugin" not in said
    assert is_here(app)


def test_only_who_keeps_the_track_gives_it_back(
    app: Flask, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    form = {"account": "colleague@example.org", "right": ["author", "reviewer", "publisher"]}
    trainer.post(f"{COURSE}/people", data=form)
    colleague = browser_of(house.colleague)
    assert colleague.get(f"{COURSE}/publish").status_code == 200
    assert "Give it back to the plugin" not in colleague.get(FILES).text
    for person in (house.colleague, house.coach, house.hr, house.stranger):
        browser = browser_of(person)
        assert browser.get(PAGE).status_code == 404
        answer = browser.post(f"{COURSE}/publish", data={"source": "plugin"})
        assert answer.status_code == 404
    assert is_here(app)
    give(trainer)
    assert colleague.get("/studio").status_code == 404, "there is nothing to take part in any more"
    for page in (f"{COURSE}/publish", f"{COURSE}/publish?edition=2"):
        assert colleague.get(page).status_code == 404
    relay(app)
    trainer.post(f"{COURSE}/adopt")
    assert colleague.get(f"{COURSE}/publish").status_code == 200, "it holds again"


def test_while_the_repository_is_damaged_nothing_is_given_back(
    app: Flask, trainer: FlaskClient
) -> None:
    for file in (app.extensions["innocap_settings"].content / "objects").rglob("*"):
        if file.is_file():
            file.write_bytes(b"garbage")
    assert trainer.get(PAGE).status_code == 503
    assert trainer.post(f"{COURSE}/publish", data={"source": "plugin"}).status_code == 503
    assert is_here(app)


def test_a_course_that_was_begun_here_belongs_to_no_plugin(
    app: Flask, trainer: FlaskClient
) -> None:
    trainer.post(
        "/studio/new-course",
        data={"title": "Own", "id": "own", "track": "northern", "languages": "en"},
    )
    relay(app)
    assert trainer.get("/studio/courses/own/files").status_code == 200
    assert trainer.get("/studio/courses/own/publish?source=plugin").status_code == 404
