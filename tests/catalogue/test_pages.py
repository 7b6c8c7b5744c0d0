"""What a reader meets: the nearest language, links that lead somewhere, editions read once."""

import shutil
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue import queries
from innocap_lms.catalogue.cards import in_words, track_cards
from innocap_lms.catalogue.comparison import pieces
from innocap_lms.catalogue.pages import course_page, lesson_page
from innocap_lms.catalogue.parts import parts_of, title_of
from innocap_lms.catalogue.queries import OfferingView, edition, editions, offering, offerings
from tests.catalogue.conftest import Desk
from tests.content.companion_cases import with_companions
from tests.content.courses import read


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("start-walking", "/courses/first-steps/start-walking"),
        ("01-start-walking", "/courses/first-steps/start-walking"),
        ("start-walking#begin", "/courses/first-steps/start-walking#begin"),
        ("final", "/courses/first-steps/final"),
    ],
)
def test_a_link_to_a_lesson_works_by_its_id_and_by_the_name_of_its_file(
    desk: Desk, link: str, leads_to: str
) -> None:
    desk.write("02-walk-on.en.md", "This is how you start.", f"See [the other]({link}).")
    published = desk.publish().published
    assert published is not None
    with desk.app.test_request_context():
        page = lesson_page(edition(published.edition_id), "walk-on", "en")
    assert f'href="{leads_to}"' in page.html


def test_a_lesson_that_is_not_there_is_a_key_error(app: Flask, course: OfferingView) -> None:
    with app.test_request_context(), pytest.raises(KeyError):
        lesson_page(course.edition, "nothing", "en")


@pytest.mark.parametrize(
    ("asked", "title"),
    [("sv", "De första stegen"), ("en", "First steps"), ("fi", "First steps"), ("", "First steps")],
)
def test_the_front_page_comes_in_the_readers_language_else_in_english(
    client: FlaskClient, course: OfferingView, asked: str, title: str
) -> None:
    page = client.get("/courses/first-steps", headers={"Accept-Language": asked or "*"}).text
    assert f"<h1>{title}</h1>" in page


def test_a_course_without_english_comes_in_its_lead_language_and_says_so(
    desk: Desk, client: FlaskClient
) -> None:
    for file in desk.folder.glob("*.en.md"):
        file.unlink()
    desk.write("course.md", "languages: [sv, en]", "languages: [sv]")
    assert desk.publish().problems == ()
    page = client.get("/courses/first-steps", headers={"Accept-Language": "en"}).text
    assert "De första stegen" in page
    assert '<div lang="sv">' in page


def test_a_track_says_its_name_in_the_readers_language_else_in_english_else_in_any() -> None:
    assert in_words({"sv": "Norr", "en": "North"}, "sv") == "Norr"
    assert in_words({"sv": "Norr", "en": "North"}, "fi") == "North"
    assert in_words({"sv": "Norr"}, "fi") == "Norr"


def test_a_track_shows_its_courses_and_one_without_any_is_shown_empty(
    app: Flask, course: OfferingView
) -> None:
    with app.test_request_context():
        cards = {card.slug: card for card in track_cards("en")}
        assert [item.title for item in cards["northern"].courses] == ["First steps"]
        others = [card for card in cards.values() if card.slug != "northern"]
        assert all(card.courses == () for card in others)


def test_a_course_stands_after_the_one_that_is_to_come_first(desk: Desk) -> None:
    for name, before in (("a-later", "[b-first]"), ("b-first", "[]"), ("c-last", "[a-later]")):
        folder = desk.folder.with_name(name)
        shutil.copytree(desk.folder, folder)
        file = folder / "course.md"
        text = file.read_text(encoding="utf-8").replace("id: first-steps", f"id: {name}")
        if before != "[]":
            text = text.replace("hours:", f"prerequisites: {before}\nhours:")
        file.write_text(text, encoding="utf-8")
    folders = [desk.folder.with_name(name) for name in ("a-later", "b-first", "c-last")]
    desk.supply(*(("northern_track", folder) for folder in folders))
    desk.publish()
    with desk.app.app_context():
        found = [item.course_id for item in offerings() if item.course_id != "first-steps"]
    assert found == ["b-first", "a-later", "c-last"]


def test_practice_is_not_called_a_quiz(desk: Desk) -> None:
    for language in ("sv", "en"):
        final = desk.folder / f"final.quiz.{language}.md"
        text = final.read_text(encoding="utf-8").replace("use: graded", "use: practice")
        text = text.replace("id: final", "id: try-it")
        (desk.folder / f"01-try-it.quiz.{language}.md").write_text(text, encoding="utf-8")
    assert desk.publish().published
    page = desk.app.test_client().get("/courses/first-steps", headers={"Accept-Language": "en"})
    assert [page.text.count(f"<li>{kind}</li>") for kind in ("Practice", "Quiz")] == [1, 1]


def test_a_course_whose_plugin_is_gone_can_still_be_read(
    app: Flask, course: OfferingView, client: FlaskClient
) -> None:
    host = app.extensions["innocap_host"]
    host.tracks.clear()
    host.courses.clear()
    answer = client.get("/courses/first-steps", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "First steps" in answer.text


def test_an_edition_is_read_from_the_database_once(
    app: Flask, course: OfferingView, statements: list[str]
) -> None:
    with app.app_context():
        app.extensions["innocap_editions"].clear()
        for _ in range(3):
            assert offerings()[0].edition.number == 1
    assert sum("FROM edition" in statement for statement in statements) == 1


def test_an_edition_that_is_not_there_is_a_key_error(in_app: Flask) -> None:
    with pytest.raises(KeyError):
        edition("nothing")
    assert offering("nothing") is None


def test_no_more_editions_are_kept_than_there_is_room_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "KEPT", 2)
    ids = []
    for number in range(4):
        desk.write("02-walk-on.en.md", "Walk on", f"Walk on {number}")
        published = desk.publish().published
        assert published is not None
        ids.append(published.edition_id)
    with desk.app.app_context():
        assert editions(ids).keys() == set(ids)
        assert len(desk.app.extensions["innocap_editions"]) == 2
        assert edition(ids[0]).number == 1


def test_threads_that_read_more_editions_than_are_kept_do_not_disturb_each_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "KEPT", 1)
    ids = []
    for number in range(3):
        desk.write("02-walk-on.en.md", "Walk on", f"Walk on {number}")
        published = desk.publish().published
        assert published is not None
        ids.append(published.edition_id)
    faults: list[Exception] = []

    def read() -> None:
        with desk.app.app_context():
            try:
                for _ in range(20):
                    assert editions(ids).keys() == set(ids)
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_the_front_page_is_rendered_once_for_a_fingerprint(
    app: Flask, course: OfferingView
) -> None:
    with app.test_request_context():
        assert course_page(course.edition, "en") is course_page(course.edition, "en")
        assert course_page(course.edition, "en") is not course_page(course.edition, "sv")


def test_texts_beside_the_lessons_are_parts_that_can_be_compared_and_commented_on(
    app: Flask,
) -> None:
    course = read(with_companions()).course
    assert course is not None
    parts = {part.id: part for part in parts_of(course, "en")}
    assert parts["need-card"].title == "Card"
    assert parts["facilitator"].languages == ("sv", "en")
    with app.test_request_context():
        found = [block.html for block in pieces(course, "need-card", "en")]
        leads_on = pieces(course, "pocket-guide", "en")[-1].html
    assert found[1] == '<h2 id="question">Question</h2>\n'
    assert 'href="/courses/needs/sheets/need-card"' in leads_on


def test_a_part_that_is_not_there_has_no_title() -> None:
    course = read(with_companions()).course
    assert course is not None
    with pytest.raises(KeyError):
        title_of(course, "nothing", "en")
