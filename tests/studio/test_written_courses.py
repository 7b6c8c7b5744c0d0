"""Courses written in the browser: a plugin's later release, archives, rights, translations."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.authoring.models import Draft
from innocap_lms.extensions import db
from tests.archived import files_of, packed
from tests.catalogue.conftest import Desk, desk_of
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, adopt, relay
from tests.studio.test_writing import LESSON, keep, save, text_of

Browser = Callable[[str], FlaskClient]
RELEASE = f"{COURSE}/release"
PEOPLE = f"{COURSE}/people"


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    made = desk_of(app, tmp_path)
    made.publish()
    return made


@pytest.fixture
def trainer(app: Flask, desk: Desk, house: House, browser_of: Browser) -> FlaskClient:
    """A trainer who has adopted the course of the desk."""
    del desk
    return adopt(app, browser_of(house.trainer))


# ------------------------------------------------------------------ a later release


def test_a_later_release_is_offered_file_by_file_and_own_words_stay(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    assert "Nothing new" in trainer.get(RELEASE).text
    keep(trainer, text_of(trainer) + "\nOur own end.\n")
    save(app, trainer)
    desk.write("02-walk-on.en.md", "title: Walk on", "title: Walk on and on")
    desk.write("01-start-walking.sv.md", "title: ", "title: Nu ")
    page = trainer.get(RELEASE).text
    assert "02-walk-on.en.md" in page
    assert "01-start-walking.sv.md" in page
    assert "You have changed other places of this file. They stay." in page
    assert "2 changes of the plugin" in trainer.get(FILES).text
    trainer.post(RELEASE, data={"path": "02-walk-on.en.md", "do": "take"})
    text = text_of(trainer)
    assert "title: Walk on and on" in text
    assert text.endswith("\nOur own end.\n")
    trainer.post(RELEASE, data={"path": "01-start-walking.sv.md", "do": "leave"})
    assert "Nothing new" in trainer.get(RELEASE).text
    save(app, trainer, "Taken over")
    assert "Nothing new" in trainer.get(RELEASE).text
    assert "title: Nu" not in text_of(trainer, f"{FILES}/01-start-walking.sv.md")


def test_where_both_changed_the_same_place_the_trainer_decides(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    keep(trainer, text_of(trainer).replace("title: Walk on", "title: Stroll"))
    save(app, trainer)
    desk.write("02-walk-on.en.md", "title: Walk on", "title: March")
    assert "You have changed the same place" in trainer.get(RELEASE).text
    trainer.post(RELEASE, data={"path": "02-walk-on.en.md", "do": "take"})
    assert "title: March" in text_of(trainer)
    assert "Nothing new" in trainer.get(RELEASE).text
    assert trainer.post(RELEASE, data={"path": "none.md", "do": "take"}).status_code == 404


def test_what_was_taken_and_then_written_on_is_not_offered_again(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", "title: Walk on", "title: March")
    desk.folder.joinpath("03-rest.en.md").write_text("---\ntitle: Rest\n---\n\nSit.\n")
    for path in ("02-walk-on.en.md", "03-rest.en.md"):
        trainer.post(RELEASE, data={"path": path, "do": "take"})
    save(app, trainer, "Taken over")
    keep(trainer, text_of(trainer).replace("title: March", "title: March, slowly"))
    rest = f"{FILES}/03-rest.en.md"
    keep(trainer, text_of(trainer, rest).replace("Sit.", "Lie down."), rest)
    save(app, trainer)
    assert "Nothing new" in trainer.get(RELEASE).text
    desk.write("03-rest.en.md", "Sit.", "Stand.")
    assert "You have changed the same place" in trainer.get(RELEASE).text


def test_what_was_taken_and_written_on_before_it_was_saved_is_not_offered_again(
    app: Flask, desk: Desk, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    desk.write("02-walk-on.en.md", "title: Walk on", "title: March")
    trainer.post(RELEASE, data={"path": "02-walk-on.en.md", "do": "take"})
    keep(trainer, text_of(trainer).replace("title: March", "title: March, slowly"))
    assert "Nothing new" in trainer.get(RELEASE).text, "not to who has it in the draft"
    assert "02-walk-on.en.md" in admin.get(RELEASE).text, "but to others, until it is a version"
    save(app, trainer)
    for browser in (trainer, admin):
        assert "Nothing new" in browser.get(RELEASE).text
    desk.write("02-walk-on.en.md", "title: March", "title: Run")
    assert "You have changed the same place" in trainer.get(RELEASE).text


def test_what_was_taken_into_a_draft_that_is_discarded_is_offered_again(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    desk.write("02-walk-on.en.md", "title: Walk on", "title: March")
    trainer.post(RELEASE, data={"path": "02-walk-on.en.md", "do": "take"})
    keep(trainer, text_of(trainer).replace("title: March", "title: March, slowly"))
    trainer.post(f"{COURSE}/drafts", data={"path": "02-walk-on.en.md", "do": "discard"})
    assert "02-walk-on.en.md" in trainer.get(RELEASE).text
    keep(trainer, text_of(trainer) + "\nOur own end.\n")
    save(app, trainer)
    assert "You have changed other places of this file." in trainer.get(RELEASE).text


def test_a_file_that_the_plugin_has_no_longer_is_taken_away_and_not_offered_again(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    rest = f"{FILES}/03-rest.en.md"
    desk.folder.joinpath("03-rest.en.md").write_text("---\ntitle: Rest\n---\n\nSit.\n")
    trainer.post(RELEASE, data={"path": "03-rest.en.md", "do": "take"})
    keep(trainer, text_of(trainer, rest).replace("Sit.", "Lie down."), rest)
    save(app, trainer)
    desk.folder.joinpath("03-rest.en.md").unlink()
    trainer.post(RELEASE, data={"path": "03-rest.en.md", "do": "take"})
    save(app, trainer, "Taken away")
    assert trainer.get(rest).status_code == 404
    assert "Nothing new" in trainer.get(RELEASE).text


# ------------------------------------------------------------------ archives


def sent(browser: FlaskClient, archive: bytes) -> TestResponse:
    data = {"archive": (io.BytesIO(archive), "course.zip")}
    return browser.post(
        f"{COURSE}/archive",
        data=data,
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def test_a_course_leaves_as_a_zip_and_comes_back_as_drafts(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    with trainer.get(f"{COURSE}/archive.zip") as answer:
        files = files_of(answer.get_data())
    assert files["02-walk-on.en.md"] == (desk.folder / "02-walk-on.en.md").read_bytes()
    files["02-walk-on.en.md"] += b"\nFrom outside.\n"
    files["images/new.png"] = b"\x89PNG\r\n\x1a\n"
    page = sent(trainer, packed(files, "anything")).text
    assert "2 files are your drafts now" in page
    assert text_of(trainer).endswith("\nFrom outside.\n")
    save(app, trainer)
    assert "what is here already" in sent(trainer, packed(files, "x")).text
    keep(trainer, text_of(trainer) + "\nMine.\n")
    files["02-walk-on.en.md"] += b"\nAnd more.\n"
    assert "You have a draft of 02-walk-on.en.md" in sent(trainer, packed(files, "x")).text
    assert text_of(trainer).endswith("\nMine.\n")


def test_a_binary_file_under_the_name_of_a_text_comes_in_and_is_to_be_replaced(
    app: Flask, trainer: FlaskClient
) -> None:
    with trainer.get(f"{COURSE}/archive.zip") as answer:
        files = files_of(answer.get_data())
    files["02-walk-on.en.md"] = "---\ntitle: Walk\n".encode("utf-16-le")
    assert "1 file is your draft now" in sent(trainer, packed(files, "x")).text
    assert "cannot be shown here" in trainer.get(LESSON).text
    with app.app_context():
        draft = db.session.scalars(select(Draft)).one()
        assert (draft.text, bool(draft.sha256)) == (None, True), "no text column takes it"
    save(app, trainer)
    with trainer.get(f"{COURSE}/archive.zip") as answer:
        assert files_of(answer.get_data()) == files


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (b"", "no ZIP archive"),
        (b"PK\x03\x04", "no ZIP archive"),
        (
            packed({"course.md": b"", "plugin.py": b"import os"}, "x"),
            "no course may have plugin.py",
        ),
        (packed({"a.md": b""}, "x"), "one course.md"),
        (
            packed({"course.md": b"", "images/a.png": b"", "images/a.png/b.png": b""}, "x"),
            "images/a.png/b.png cannot lie beside",
        ),
        (packed({"course.md": b"", "COURSE.en.md": b""}, "x"), "cannot lie beside"),
        (packed({"course.md": b"x" * 300_000}, "x"), "course.md is too large"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_taken(
    trainer: FlaskClient, archive: bytes, reason: str
) -> None:
    page = sent(trainer, archive).text
    assert reason in page
    assert "Save as a version" not in page


# ------------------------------------------------------------------ rights


def test_a_trainer_lets_others_write_sign_off_and_publish_and_ends_it(
    house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    form: dict[str, Any] = {"account": "Colleague@example.org", "right": ["author", "publisher"]}
    assert trainer.post(PEOPLE, data=form).status_code == 303
    assert trainer.post(PEOPLE, data=form).status_code == 303
    page = trainer.get(PEOPLE).text
    assert page.count("this course") == 2
    colleague = browser_of(house.colleague)
    assert colleague.get(FILES).status_code == 200
    assert colleague.get(f"{COURSE}/publish").status_code == 200
    assert colleague.get(PEOPLE).status_code == 404
    for right in re.findall(rf"{PEOPLE}/(\w+)/end", page):
        assert trainer.post(f"{PEOPLE}/{right}/end").status_code == 303
        assert trainer.post(f"{PEOPLE}/{right}/end").status_code == 404
    assert colleague.get(FILES).status_code == 404
    assert colleague.get(f"{COURSE}/publish").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"account": "nobody@example.org", "right": ["author"]}, "Nobody has an account"),
        ({"account": "colleague@example.org", "right": ["owner"]}, "Choose at least one"),
    ],
)
def test_a_right_that_cannot_be_given_is_told(
    trainer: FlaskClient, form: dict[str, Any], said: str
) -> None:
    answer = trainer.post(PEOPLE, data=form)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("who", ["coach", "hr", "manager", "stranger"])
def test_others_can_neither_take_part_nor_publish(
    house: House, trainer: FlaskClient, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    for method, address in (
        ("get", RELEASE),
        ("post", RELEASE),
        ("get", f"{COURSE}/archive.zip"),
        ("post", f"{COURSE}/archive"),
        ("get", PEOPLE),
        ("post", PEOPLE),
        ("get", f"{COURSE}/publish"),
        ("post", f"{COURSE}/publish"),
    ):
        assert getattr(browser, method)(address).status_code in (403, 404), address


def test_whoever_publishes_sees_what_version_it_is_and_who_signed_it_off(
    app: Flask, trainer: FlaskClient
) -> None:
    keep(trainer, text_of(trainer) + "\nNew.\n")
    save(app, trainer, "A new end")
    page = trainer.get(f"{COURSE}/publish").text
    assert "The newest version: “A new end”." in page
    assert "Nobody has signed it off" in page
    version = re.search(r"versions/(\w{40})", trainer.get(f"{COURSE}/versions").text)
    assert version
    trainer.post(f"{COURSE}/versions/{version[1]}/sign-off")
    assert "Signed off by Trainer" in trainer.get(f"{COURSE}/publish").text


def test_a_version_that_cannot_be_made_is_told_and_made_later(
    app: Flask, trainer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> str:
        raise OSError(28, "No space left on device")

    keep(trainer, text_of(trainer) + "\nNew.\n")
    with monkeypatch.context() as patched:
        patched.setattr("innocap_lms.authoring.repository.Repository.commit", full)
        save(app, trainer, "Full disk")
    assert "“Full disk” is being made" in trainer.get(FILES).text
    assert text_of(trainer).endswith("\nNew.\n")
    with clock.at(clock.utcnow() + timedelta(minutes=6)):
        assert "could not be made yet" in trainer.get(FILES).text
        relay(app)
        assert "could not be made yet" not in trainer.get(FILES).text
    assert "Full disk" in trainer.get(f"{COURSE}/versions").text


# ------------------------------------------------------------------ translations


def test_a_translation_stands_beside_what_has_changed_since(
    app: Flask, trainer: FlaskClient
) -> None:
    lead = f"{FILES}/02-walk-on.sv.md"
    page = trainer.get(LESSON).text
    assert "The text to be translated: 02-walk-on.sv.md" in page
    assert "what has changed since" not in page
    keep(trainer, text_of(trainer), do="compared")
    save(app, trainer, "Compared")
    keep(trainer, text_of(trainer, lead) + "\nEn ny mening.\n", lead)
    page = trainer.get(LESSON).text
    assert "what has changed since" in page
    assert "<ins>En ny mening.</ins>" in page
    assert "C013" in page
    keep(trainer, text_of(trainer), do="compared")
    page = trainer.get(LESSON).text
    assert "what has changed since" not in page
    assert "C013" not in page
    assert "The text to be translated" not in trainer.get(lead).text
