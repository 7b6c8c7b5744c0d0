"""Writing a course in the browser: drafts of one's own, versions with a note, nothing ever lost."""

import errno
import html
import io
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.authoring import rights
from innocap_lms.authoring.models import Draft, SavedFile
from innocap_lms.authoring.queries import repository
from innocap_lms.authoring.saving import forget_saves
from innocap_lms.catalogue.queries import OfferingView, offering
from innocap_lms.extensions import db, writing
from tests.catalogue.conftest import desk_of
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, Browser, adopt, relay

NEW = "/studio/new-course"
LESSON = f"{FILES}/02-walk-on.en.md"
JSON = {"Accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def text_of(browser: FlaskClient, address: str = LESSON) -> str:
    page = browser.get(address).text
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def keep(browser: FlaskClient, text: str, address: str = LESSON, **fields: Any) -> TestResponse:
    page = browser.get(address).text
    sent = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', page))
    data = {**sent, "text": text, **fields}
    return browser.post(address, data=data, headers=JSON)


def save(app: Flask, browser: FlaskClient, note: str = "Said it better") -> None:
    assert browser.post(f"{COURSE}/save", data={"note": note}).status_code == 303
    relay(app)


def drafts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def test_an_adopted_course_begins_with_the_files_of_its_plugin_byte_for_byte(
    app: Flask, trainer: FlaskClient, course: OfferingView
) -> None:
    page = trainer.get(FILES).text
    assert "02-walk-on.en.md" in page
    assert "Adopted from the plugin northern_track" in page
    host = app.extensions["innocap_host"]
    (folder,) = [s.folder for _p, s in host.courses if s.folder.name == "first-steps"]
    with app.app_context():
        kept = repository().files(repository().head(), "northern/first-steps")
        for path, name in kept.items():
            assert repository().read([name]) == [folder.joinpath(path).read_bytes()]
    assert {path.name for path in folder.iterdir() if path.name.endswith(".md")} <= set(kept)
    assert "Nothing differs from edition 1" in trainer.get(f"{COURSE}/publish").text
    assert drafts(app) == 0
    assert trainer.post(f"{COURSE}/adopt").status_code == 303  # once more is once
    relay(app)
    assert trainer.get(f"{COURSE}/versions").text.count("Adopted from") == 1


def test_what_is_written_is_kept_shown_and_checked_at_once(
    app: Flask, trainer: FlaskClient
) -> None:
    text = text_of(trainer)
    answer = keep(trainer, text + "\nA sentence that is **new**.\n\n![](images/none.png)\n")
    assert answer.json is not None
    assert answer.json["revision"]
    assert "A sentence that is <strong>new</strong>." in answer.json["shown"]
    assert any(each["severity"] == "error" for each in answer.json["problems"])
    assert "none.png" in answer.json["notes"]
    assert "A sentence that is **new**." in text_of(trainer)
    assert "A sentence that is" not in trainer.get("/courses/first-steps/walk-on").text
    assert "Your draft" in trainer.get(FILES).text


def test_a_draft_is_its_authors_alone_until_it_is_saved_with_a_note(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    keep(trainer, text_of(trainer) + "\nOurs now.\n")
    assert "Ours now." not in other.get(LESSON).text
    assert "Trainer has it open since" in other.get(FILES).text
    refused = trainer.post(f"{COURSE}/save", data={"note": " "})
    assert refused.status_code == 422
    assert "Write in a few words" in refused.text
    save(app, trainer, "Added a sentence")
    assert drafts(app) == 0
    assert "Ours now." in text_of(other)
    listed = other.get(f"{COURSE}/versions").text
    assert "Added a sentence" in listed
    assert "Trainer" in listed
    version = re.search(r"versions/(\w{40})", listed)
    assert version
    shown = other.get(f"{COURSE}/versions/{version[1]}").text
    assert "<ins>Ours now.</ins>" in shown
    with app.app_context():
        (newest, *_rest) = repository().versions("northern/first-steps")
    assert "Trainer" not in newest.author  # a pseudonym


def test_a_version_can_be_published_and_the_plugins_files_no_longer_are(
    app: Flask, trainer: FlaskClient
) -> None:
    keep(trainer, text_of(trainer).replace("This is how", "That is how"))
    assert "Nothing differs" in trainer.get(f"{COURSE}/publish").text  # drafts are not published
    save(app, trainer)
    page = trainer.get(f"{COURSE}/publish").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', page))
    assert trainer.post(f"{COURSE}/publish", data=marks).status_code == 303
    with app.app_context():
        found = offering("first-steps")
        assert found is not None
        assert (found.edition.number, found.plugin) == (2, "northern_track")
        (lesson,) = [each for each in found.edition.course.lessons if each.id == "walk-on"]
        assert "That is how" in lesson.texts["en"].body
    assert "Changed since the edition" not in trainer.get("/studio").text


def test_two_trainers_who_change_other_places_both_find_their_words(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text.replace("title: ", "title: Really ", 1))
    keep(other, text + "\nAt the end.\n")
    save(app, trainer)
    save(app, other)
    both = text_of(trainer)
    assert "title: Really " in both
    assert both.endswith("\nAt the end.\n")


def test_two_trainers_who_change_the_same_place_lose_nothing(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text + "\nFrom one.\n")
    keep(other, text + "\nFrom the other.\n")
    save(app, trainer)
    save(app, other, "Mine")
    page = other.get(FILES).text
    assert "“Mine” was not saved" in page
    assert "From the other." in text_of(other)
    assert "From one." in text_of(trainer)
    shown = other.get(LESSON).text
    assert "From one." in shown  # beside the own text, to be put together
    keep(other, text + "\nFrom one.\nFrom the other.\n", settled="yes")
    save(app, other, "Both")
    assert text_of(trainer).endswith("\nFrom one.\nFrom the other.\n")
    assert "was not saved" not in other.get(FILES).text


def test_who_began_to_write_before_another_saved_does_not_undo_it(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer)
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    keep(other, text.replace("title: ", "title: Really ", 1))
    save(app, other)
    trainer.post(LESSON, data={**page, "text": text + "\nAnd more.\n"}, headers=JSON)
    save(app, trainer)
    assert "title: Really" in text_of(other)
    assert "And more." in text_of(other)


def test_what_is_written_while_a_version_is_made_stays_a_draft(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text + "\nFirst.\n")
    keep(other, text.replace("title: ", "title: Really ", 1))
    save(app, other)
    trainer.post(f"{COURSE}/save", data={"note": "The first"})
    assert "is being made" in trainer.get(FILES).text
    keep(trainer, text + "\nFirst, and on.\n")
    relay(app)
    assert drafts(app) == 1
    mine = text_of(trainer)
    assert mine.endswith("\nFirst, and on.\n")
    assert "title: Really" in mine
    save(app, trainer, "The second")
    assert text_of(other) == mine


def test_a_save_that_is_carried_out_twice_is_one_version(app: Flask, trainer: FlaskClient) -> None:
    keep(trainer, text_of(trainer) + "\nOnce.\n")
    trainer.post(f"{COURSE}/save", data={"note": "Once"})
    with app.app_context():
        save_id = db.session.scalar(select(SavedFile.save_id).where(SavedFile.stamp != ""))
        handler = app.extensions["innocap_relay"].handlers["authoring.save"]
        handler({"save": save_id})
        handler({"save": save_id})
    relay(app)
    assert trainer.get(f"{COURSE}/versions").text.count(">Once<") == 1
    with app.app_context():
        assert forget_saves() > 0
        assert db.session.scalar(select(func.count()).select_from(SavedFile)) == 0


def test_what_was_written_from_a_version_that_is_gone_holds_up_nobody(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    keep(trainer, "Of a lost version.\n", base="0" * 40)
    trainer.post(f"{COURSE}/save", data={"note": "Lost"})
    keep(other, text_of(other) + "\nGoes on.\n")
    save(app, other, "Later")
    assert text_of(other).endswith("\nGoes on.\n")
    assert ">Later<" in trainer.get(f"{COURSE}/versions").text
    page = trainer.get(FILES).text
    assert "02-walk-on.en.md" in page
    assert "being made" not in page
    assert text_of(trainer) == "Of a lost version.\n"


def test_another_id_for_the_course_is_told_where_it_is_written(trainer: FlaskClient) -> None:
    rules = f"{FILES}/course.md"
    text = text_of(trainer, rules).replace("id: first-steps", "id: last-steps")
    told = keep(trainer, text, rules).get_json()
    assert [(each["line"], each["column"]) for each in told["problems"]] == [(2, 5)]
    assert "C012" in told["notes"]
    assert "write id: first-steps" in told["notes"]


def test_a_course_that_is_to_come_first_and_is_not_there_is_told_where_it_is_written(
    trainer: FlaskClient,
) -> None:
    rules = text_of(trainer, f"{FILES}/course.md")
    changed = rules.replace("reviewed:", "prerequisites: [nowhere]\nreviewed:")
    kept = keep(trainer, changed, f"{FILES}/course.md").get_json()
    assert [each["message"] for each in kept["problems"]] == [
        "“nowhere” is no course and no programme here"
    ]


def test_a_page_of_one_author_keeps_nothing_as_the_draft_of_another(
    trainer: FlaskClient, other: FlaskClient, client: FlaskClient
) -> None:
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    form = {**page, "text": text_of(trainer) + "the first one's"}
    for whose in (form, {**form, "owner": ""}):
        assert other.post(LESSON, data=whose, headers=JSON).status_code == 404
        assert other.post(LESSON, data=whose).status_code == 404
    assert client.post(LESSON, data=form, headers=JSON).status_code in (302, 303, 401)
    assert "the first one's" not in text_of(other)
    assert trainer.post(LESSON, data=form, headers=JSON).status_code == 200


def test_a_request_without_the_text_empties_nothing(trainer: FlaskClient) -> None:
    text = text_of(trainer)
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    assert trainer.post(LESSON, data=page).status_code == 400
    assert text_of(trainer) == text


def test_an_older_window_of_ones_own_does_not_write_over_a_newer(trainer: FlaskClient) -> None:
    text = text_of(trainer)
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    first = {**page, "text": text + "one"}
    assert trainer.post(LESSON, data=first, headers=JSON).status_code == 200
    late = {**page, "text": text + "two"}
    assert trainer.post(LESSON, data=late, headers=JSON).status_code == 409
    plain = trainer.post(LESSON, data=late)
    assert plain.status_code == 409
    assert "changed in another window of yours" in plain.text
    assert text + "two" in plain.text.replace("&#39;", "'")
    assert text_of(trainer).endswith("one")


def test_a_draft_that_is_begun_while_an_older_one_is_saved_is_kept(
    app: Flask, trainer: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text + "\nFirst.\n")
    for _click in range(2):
        trainer.post(f"{COURSE}/save", data={"note": "Twice"})
    trainer.post(f"{COURSE}/drafts", data={"do": "discard", "path": "02-walk-on.en.md"})
    keep(trainer, text + "\nAnew.\n")
    relay(app)
    assert text_of(trainer).endswith("\nAnew.\n")


def test_a_window_from_before_a_version_does_not_write_over_a_later_draft(
    app: Flask, trainer: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text + "\nFirst.\n")
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    save(app, trainer)
    keep(trainer, text_of(trainer) + "\nSecond.\n")
    late = {**page, "text": text + "\nFrom the old window.\n"}
    assert trainer.post(LESSON, data=late, headers=JSON).status_code == 409
    refused = trainer.post(LESSON, data=late).text
    assert "From the old window." in refused
    assert "<ins>Second.</ins>" in refused  # beside what is kept


def test_a_draft_into_which_others_words_came_is_another_for_the_window_that_lacks_them(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer)
    keep(trainer, text + "\nFirst.\n")
    keep(other, text.replace("title: ", "title: Really ", 1))
    save(app, other)
    trainer.post(f"{COURSE}/save", data={"note": "The first"})
    keep(trainer, text + "\nFirst, and on.\n")
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    relay(app)
    late = {**page, "text": text + "\nFirst, and on and on.\n"}
    assert trainer.post(LESSON, data=late, headers=JSON).status_code == 409
    assert "title: Really" in text_of(trainer)


def test_saves_become_versions_in_their_order_and_do_not_clash_with_oneself(
    app: Flask, trainer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> str:
        raise OSError(28, "No space left on device")

    text = text_of(trainer)
    keep(trainer, text + "\nA first word.\n")
    with monkeypatch.context() as patched:
        patched.setattr("innocap_lms.authoring.repository.Repository.commit", full)
        save(app, trainer, "The first")
    keep(trainer, text + "\nA second word.\n")
    save(app, trainer, "The second")
    assert text_of(trainer).endswith("\nA second word.\n")
    listed = trainer.get(f"{COURSE}/versions").text
    assert listed.index("The second") < listed.index("The first")
    assert "was not saved" not in trainer.get(FILES).text
    assert drafts(app) == 0


def test_a_version_that_was_made_and_not_written_down_is_not_made_again(
    app: Flask, trainer: FlaskClient, other: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(trainer, text_of(trainer) + "\nOnce.\n")
    with monkeypatch.context() as patched:
        patched.setattr("innocap_lms.authoring.saving._saved", _crash)
        save(app, trainer, "Once")
    keep(other, text_of(other).replace("\nOnce.\n", ""))
    with clock.at(clock.utcnow() + timedelta(minutes=1)):
        save(app, other, "Without")
        relay(app)
    assert "Once." not in text_of(other)
    assert trainer.get(f"{COURSE}/versions").text.count(">Once<") == 1


def _crash(*_words: object) -> None:
    raise RuntimeError("the process ends here")


def test_nothing_takes_the_place_of_a_draft_unasked(app: Flask, trainer: FlaskClient) -> None:
    version = re.search(r"versions/(\w{40})", trainer.get(f"{COURSE}/versions").text)
    assert version
    keep(trainer, text_of(trainer) + "\nUnsaved.\n")
    put = f"{COURSE}/versions/{version[1]}/put-back"
    page = trainer.post(put, data={"path": "02-walk-on.en.md"}, follow_redirects=True).text
    assert "You have a draft of 02-walk-on.en.md" in page
    assert text_of(trainer).endswith("\nUnsaved.\n")


def test_a_file_that_a_colleague_took_away_can_be_written_again(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    page = dict(re.findall(r'name="(owner|revision|base)" value="(\w*)"', trainer.get(LESSON).text))
    text = text_of(trainer)
    other.post(f"{COURSE}/drafts", data={"do": "remove", "path": "02-walk-on.en.md"})
    save(app, other, "Without it")
    mine = {**page, "text": text + "\nMine.\n"}
    assert trainer.post(LESSON, data=mine, headers=JSON).status_code == 200
    save(app, trainer, "Clashes")
    assert "“Clashes” was not saved" in trainer.get(FILES).text
    keep(trainer, text + "\nMine.\n", settled="yes")
    save(app, trainer, "It is back")
    assert text_of(other).endswith("\nMine.\n")


def test_a_course_keeps_its_rules_and_its_id(app: Flask, trainer: FlaskClient) -> None:
    away = trainer.post(f"{COURSE}/drafts", data={"do": "remove", "path": "course.md"})
    assert away.status_code == 400
    rules = f"{FILES}/course.md"
    keep(trainer, text_of(trainer, rules).replace("id: first-steps", "id: second"), rules)
    save(app, trainer, "Another id")
    assert "the id of a course never changes" in trainer.get(COURSE).text
    assert "cannot be published as they are" in trainer.get(f"{COURSE}/publish").text


def test_a_damaged_repository_costs_its_course_and_no_other(
    app: Flask, trainer: FlaskClient
) -> None:
    objects = app.extensions["innocap_settings"].content / "objects"
    for file in objects.rglob("*"):
        if file.is_file():
            file.write_bytes(b"garbage")
    page = trainer.get("/studio")
    assert page.status_code == 200
    assert "is damaged" in trainer.get(COURSE).text
    assert trainer.get(FILES).status_code == 503


def test_a_draft_can_be_let_go_and_a_file_taken_away_and_put_back(
    app: Flask, trainer: FlaskClient
) -> None:
    text, path = text_of(trainer), "02-walk-on.en.md"
    keep(trainer, "nothing")
    trainer.post(f"{COURSE}/drafts", data={"do": "discard", "path": path})
    assert text_of(trainer) == text
    before = re.search(r"versions/(\w{40})", trainer.get(f"{COURSE}/versions").text)
    assert before
    trainer.post(f"{COURSE}/drafts", data={"do": "remove", "path": path})
    assert trainer.get(LESSON).status_code == 404
    save(app, trainer, "Without it")
    assert f">{path}<" not in trainer.get(FILES).text
    back = trainer.post(f"{COURSE}/versions/{before[1]}/put-back", data={"path": path})
    assert back.headers["Location"] == LESSON
    assert text_of(trainer) == text


def test_texts_and_pictures_are_added(app: Flask, trainer: FlaskClient) -> None:
    new = trainer.post(FILES, data={"do": "text", "path": "03-rest.en.md"})
    assert new.headers["Location"] == f"{FILES}/03-rest.en.md"
    for path in (
        "../x.md",
        "a/b.md",
        "x.txt",
        "",
        "__x.en.md",
        "02-walk-on.en.md",
        "a\\b.md",
        "02-Walk-On.en.md",
    ):
        assert trainer.post(FILES, data={"do": "text", "path": path}).status_code == 422, path
    decomposed = trainer.post(FILES, data={"do": "text", "path": "04-a\u030a.en.md"})
    assert decomposed.headers["Location"] == f"{FILES}/04-%C3%A5.en.md"
    sent = {"do": "upload", "files": [(io.BytesIO(PNG), "me/a map.png")]}
    assert trainer.post(FILES, data=sent, content_type="multipart/form-data").status_code == 303
    assert "images/a map.png" in trainer.get(FILES).text
    assert bytes_of(trainer, "images/a map.png") == (PNG, "image/png")
    save(app, trainer, "A picture")
    assert bytes_of(trainer, "images/a map.png") == (PNG, "image/png")
    program = {"do": "upload", "files": [(io.BytesIO(b"MZ"), "a.exe")]}
    large = b"x" * 12_000_001
    refused = trainer.post(FILES, data=large, content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 413
    assert "Here, 12 MB can be sent at once" in refused.text
    assert trainer.post(FILES, data=program, content_type="multipart/form-data").status_code == 422


def test_a_picture_for_which_the_disk_has_no_room_leaves_nothing_behind(
    app: Flask, trainer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    folder = app.extensions["innocap_settings"].data_dir / "files"
    before = {each.name for each in folder.iterdir()}

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        sent = {"do": "upload", "files": [(io.BytesIO(PNG), "map.png")]}
        answer = trainer.post(FILES, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 507
    assert {each.name for each in folder.iterdir()} == before
    assert "images/map.png" not in trainer.get(FILES).text


def bytes_of(browser: FlaskClient, path: str) -> tuple[bytes, str]:
    with browser.get(f"{COURSE}/raw/{path}") as shown:
        return shown.get_data(), shown.mimetype


def test_a_new_course_begins_sound_and_appears_in_the_studio(
    app: Flask, trainer: FlaskClient
) -> None:
    assert re.search(r'value="northern"[^>]*>The northern track<', trainer.get(NEW).text)
    form = {"title": "First talks", "track": "northern", "languages": "en, sv", "id": ""}
    assert trainer.post(NEW, data=form).status_code == 303
    page = "/studio/courses/first-talks/files"
    assert "there is no course.md" not in trainer.get(page).text, "it is being made"
    relay(app)
    assert "error" not in trainer.get(page).text.lower().replace("error-summary", "")
    assert "First talks" in trainer.get("/studio").text
    about = trainer.get("/studio/courses/first-talks").text
    assert "Written here" in about
    assert "Supplied by the plugin" not in about
    again = trainer.post(NEW, data=form)
    assert "There is a course of this id already" in again.text
    for wrong in ({"title": ""}, {"track": "none"}, {"id": "Ö"}, {"languages": "svenska!"}):
        assert trainer.post(NEW, data={**form, "id": "x", **wrong}).status_code == 422


ADDRESSES = (
    ("get", FILES),
    ("get", LESSON),
    ("get", f"{COURSE}/raw/images/x.png"),
    ("get", f"{COURSE}/versions"),
    ("post", FILES),
    ("post", LESSON),
    ("post", f"{COURSE}/save"),
    ("post", f"{COURSE}/drafts"),
    ("post", f"{COURSE}/adopt"),
)


@pytest.mark.parametrize("who", ["coach", "hr", "manager", "stranger"])
def test_for_others_there_are_no_files(
    house: House, trainer: FlaskClient, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    for method, address in ADDRESSES:
        assert getattr(browser, method)(address).status_code in (403, 404), address


@pytest.mark.parametrize(
    ("right", "may_write", "may_sign"), [("author", True, False), ("reviewer", False, True)]
)
def test_somebody_with_a_right_to_one_course_may_do_that_and_nothing_else(
    app: Flask,
    house: House,
    trainer: FlaskClient,
    browser_of: Browser,
    right: Any,
    *,
    may_write: bool,
    may_sign: bool,
) -> None:
    with app.app_context(), writing():
        rights.give(house.colleague, "northern", "first-steps", [right], house.trainer)
    browser = browser_of(house.colleague)
    text = text_of(browser)
    assert keep(browser, text + "\nMore.\n").status_code == (200 if may_write else 403)
    version = re.search(r"versions/(\w{40})", browser.get(f"{COURSE}/versions").text)
    assert version
    signed = browser.post(f"{COURSE}/versions/{version[1]}/sign-off")
    assert signed.status_code == (303 if may_sign else 403)
    page = trainer.get(f"{COURSE}/versions/{version[1]}").text
    assert ("Signed off by Colleague" in page) == may_sign
    assert browser.get("/studio/courses/second/files").status_code == 404


def test_of_two_who_add_files_that_differ_in_case_alone_the_second_is_told(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    for browser, name in ((trainer, "map.png"), (other, "Map.png")):
        sent = {"do": "upload", "files": [(io.BytesIO(PNG), name)]}
        answer = browser.post(FILES, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 303, "neither sees the draft of the other"
    save(app, trainer)
    save(app, other)
    page = other.get(FILES).text
    assert "was not saved" in page
    assert "differs in case alone: discard yours" in page
    assert "images/Map.png" not in trainer.get(FILES).text
    other.post(f"{COURSE}/drafts", data={"path": "images/Map.png", "do": "discard"})
    keep(other, text_of(other) + "\nMore.\n")
    save(app, other)
    assert "More." in text_of(trainer), "and nothing else is held up"


def test_a_file_is_given_another_case_by_taking_it_away_and_adding_it(
    app: Flask, trainer: FlaskClient
) -> None:
    def add(name: str) -> int:
        sent = {"do": "upload", "files": [(io.BytesIO(PNG), name)]}
        return trainer.post(FILES, data=sent, content_type="multipart/form-data").status_code

    assert add("map.png") == 303
    save(app, trainer)
    trainer.post(f"{COURSE}/drafts", data={"path": "images/map.png", "do": "remove"})
    assert add("Map.png") == 303
    save(app, trainer)
    page = trainer.get(FILES).text
    assert "images/Map.png" in page
    assert "images/map.png" not in page


def test_where_a_plugins_files_differ_in_case_alone_others_are_added_all_the_same(
    app: Flask, tmp_path: Path, house: House, browser_of: Browser
) -> None:
    desk = desk_of(app, tmp_path)
    shutil.copy(desk.folder / "images" / "path.svg", desk.folder / "images" / "Path.svg")
    desk.publish()
    browser = adopt(app, browser_of(house.trainer))
    added = {"do": "text", "path": "03-rest.sv.md"}
    assert browser.post(FILES, data=added).status_code == 303
    for name, status in (("map.png", 303), ("PATH.svg", 422)):
        sent = {"do": "upload", "files": [(io.BytesIO(PNG), name)]}
        answer = browser.post(FILES, data=sent, content_type="multipart/form-data")
        assert answer.status_code == status, name
