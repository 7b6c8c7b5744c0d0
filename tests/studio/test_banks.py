"""Banks of a course that is written in the browser: files of the course like any other."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.authoring import rights, services
from innocap_lms.authoring.queries import repository
from innocap_lms.catalogue.queries import offering
from innocap_lms.catalogue.services import hand_over
from innocap_lms.catalogue.sources import bytes_of, plugins_own
from innocap_lms.extensions import writing
from innocap_lms.studio.bench import held
from tests.archived import files_of, packed
from tests.catalogue.conftest import Desk, desk_of
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, Browser, adopt, relay
from tests.studio.test_questions import send
from tests.studio.test_writing import keep, save, text_of
from tests.studio.test_written_courses import RELEASE, sent

BANK = """---
id: walks
title: {title}
use: graded
# Kept by those who walk.
---
## Where do you walk? {{#where tags=place}}

- [x] On the path {{#path}}
  > FEEDBACK-PATH
- [ ] Beside it {{#beside}}

## When do you rest? {{#when tags=time}}

- [x] In time {{#in-time}}
- [ ] Too late {{#late}}
"""
SV, EN = "_banks/walks.bank.sv.md", "_banks/walks.bank.en.md"


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    """Two courses of a plugin, first-steps and hills, that draw from a bank beside them."""
    made = desk_of(app, tmp_path)
    for language, title, ends in (("sv", "Frågor", "\r\n"), ("en", "Questions", "\n")):
        file = tmp_path / "_banks" / f"walks.bank.{language}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(BANK.format(title=title).replace("\n", ends).encode())
    (tmp_path / "_banks" / "secret.bank.sv.md").write_text("KEPT FOR ANOTHER COURSE")
    made.write("final.quiz.sv.md", "attempts: 3", "attempts: 3\ndraw: {from: walks, count: 1}")
    hills = tmp_path / "hills"
    hills.mkdir()
    for path, data in bytes_of(made.host.courses[0][1]).items():
        (hills / path).parent.mkdir(exist_ok=True)
        (hills / path).write_bytes(data.replace(b"id: first-steps", b"id: hills"))
    made.supply(("northern_track", made.folder), ("northern_track", hills))
    made.publish()
    return made


@pytest.fixture
def trainer(app: Flask, desk: Desk, house: House, browser_of: Browser) -> FlaskClient:
    """A trainer who has adopted first-steps."""
    del desk
    return adopt(app, browser_of(house.trainer))


def archive(browser: FlaskClient) -> dict[str, bytes]:
    with browser.get(f"{COURSE}/archive.zip") as answer:
        return files_of(answer.get_data())


def problems(browser: FlaskClient, path: str, text: str) -> Mapping[str, str]:
    """Keep a text and give what is wrong with the file, by its words."""
    answer = keep(browser, text, f"{FILES}/{path}")
    assert answer.json is not None, answer.text
    return {each["message"]: each["line"] for each in answer.json["problems"]}


def test_an_adopted_course_has_the_banks_it_draws_from_byte_for_byte_and_no_other(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    with app.app_context():
        kept = repository().files(repository().head(), "northern/first-steps")
        for path in (SV, EN):
            (data,) = repository().read([kept[path]])
            assert data == (desk.folder.parent / path).read_bytes()
    assert {path for path in kept if path.startswith("_banks/")} == {SV, EN}
    page = trainer.get(FILES).text
    assert "Frågor" in page
    assert "Nothing differs from edition 1" in trainer.get(f"{COURSE}/publish").text


def test_a_course_is_adopted_also_where_its_plugin_lacks_the_bank_it_draws_from(
    app: Flask, desk: Desk, house: House, browser_of: Browser
) -> None:
    for path in (SV, EN):
        (desk.folder.parent / path).unlink()
    browser = adopt(app, browser_of(house.trainer))
    assert "there is no bank “walks”" in browser.get(f"{FILES}/final.quiz.sv.md").text
    assert "Question banks" not in browser.get(FILES).text


def test_a_bank_that_is_too_large_to_be_written_here_is_named_and_nothing_is_adopted(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    (desk.folder.parent / SV).write_bytes(b"x" * 200_001)
    browser = browser_of(house.trainer)
    answer = browser.post(f"{COURSE}/adopt", follow_redirects=True)
    assert f"The file {SV} is too large to be written here." in answer.text
    assert browser.get(FILES).status_code == 404


def test_a_bank_is_written_checked_shown_and_published_and_no_other_course_changes(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    text = text_of(trainer, f"{FILES}/{SV}")
    assert "Kept by those who walk." in text
    broken = text.replace("- [x] In time", "- [ ] In time")
    assert list(problems(trainer, SV, broken).values()) == [13]
    answer = keep(trainer, text.replace("On the path", "On the **ridge**"), f"{FILES}/{SV}")
    assert answer.json is not None
    assert answer.json["problems"] == []
    assert "On the <strong>ridge</strong>" in answer.json["shown"]
    assert "FEEDBACK" not in answer.json["shown"]
    save(app, trainer, "On the ridge")
    assert archive(trainer)[SV] == (
        (desk.folder.parent / SV).read_bytes().replace(b"On the path", b"On the **ridge**")
    )
    page = trainer.get(f"{COURSE}/publish").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', page))
    assert trainer.post(f"{COURSE}/publish", data=marks).status_code == 303
    desk.publish()
    with app.app_context():
        for course, number, said in (("first-steps", 2, True), ("hills", 1, False)):
            found = offering(course)
            assert found is not None
            asked = found.edition.course.quiz("final").question("where").views["sv"]
            assert (found.edition.number, "ridge" in str(asked)) == (number, said)


def test_questions_of_a_bank_are_written_as_forms(trainer: FlaskClient) -> None:
    assert "Question by question" in trainer.get(f"{FILES}/{SV}").text
    form = f"{COURSE}/questions/{SV}"
    options = {"text-in-time": "I tid", "ticked-in-time": "yes", "text-late": "För sent"}
    words = {"do": "question", "question": "when", "words": "När vilar du?", "marks": "yes"}
    assert "Kept as your draft" in send(trainer, form, **words, **options)
    text = text_of(trainer, f"{FILES}/{SV}")
    assert "## När vilar du? {#when tags=time}" in text
    assert "# Kept by those who walk." in text
    assert 'name="tags" value="time"' in trainer.get(form).text
    send(trainer, form, **words, **options, tags='rest, ti{me "}')
    new = {"do": "add", "words": "Varför?", "kind": "several", "tags": "place"}
    assert "Kept as your draft" in send(trainer, form, **new)
    text = text_of(trainer, f"{FILES}/{SV}")
    assert '## När vilar du? {#when tags="rest ti me"}' in text
    assert "## Varför? {#varfor .multiple tags=place}" in text
    for elsewhere in (f"{COURSE}/questions/{EN}", f"{COURSE}/questions/final.quiz.sv.md"):
        assert 'name="tags"' not in trainer.get(elsewhere).text


def test_two_trainers_who_write_in_one_bank_both_find_their_words(
    app: Flask, trainer: FlaskClient, other: FlaskClient
) -> None:
    text = text_of(trainer, f"{FILES}/{SV}")
    keep(trainer, text.replace("On the path", "On the ridge"), f"{FILES}/{SV}")
    assert "has this file open" in other.get(f"{FILES}/{SV}").text
    keep(other, text.replace("Too late", "Never"), f"{FILES}/{SV}")
    save(app, trainer, "One")
    save(app, other, "Another")
    both = text_of(trainer, f"{FILES}/{SV}")
    assert "On the ridge" in both
    assert "Never" in both


def test_a_bank_is_translated_beside_its_lead_language(app: Flask, trainer: FlaskClient) -> None:
    english = f"{FILES}/{EN}"
    assert f"The text to be translated: {SV}" in trainer.get(english).text
    keep(trainer, text_of(trainer, english), english, do="compared")
    keep(trainer, text_of(trainer, f"{FILES}/{SV}") + "\nVila.\n", f"{FILES}/{SV}")
    page = trainer.get(english).text
    assert "<ins>Vila.</ins>" in page
    assert "C013" in page
    save(app, trainer, "Rest")
    trainer.post(f"{COURSE}/drafts", data={"path": EN, "do": "remove"})
    save(app, trainer, "Without English")
    assert f"write {EN}" in trainer.get(FILES).text
    version = re.findall(r"versions/(\w{40})", trainer.get(f"{COURSE}/versions").text)[1]
    trainer.post(f"{COURSE}/versions/{version}/put-back", data={"path": EN})
    assert "id: walks" in text_of(trainer, english)


def test_a_bank_that_is_taken_away_while_a_quiz_draws_from_it_is_told_at_that_line(
    app: Flask, trainer: FlaskClient
) -> None:
    for path in (SV, EN):
        trainer.post(f"{COURSE}/drafts", data={"path": path, "do": "remove"})
    page = trainer.get(f"{FILES}/final.quiz.sv.md").text
    assert "there is no bank “walks”" in page
    assert f"write {SV} in the course" in page
    save(app, trainer, "Without the bank")
    assert "cannot be published as they are" in trainer.get(f"{COURSE}/publish").text
    assert "there is no bank “walks”" in trainer.get(COURSE).text


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        ("{from: walks, count: 3}", "the bank has 2 questions, 3 are asked for"),
        ("{from: walks, tags: {place: 2}}", "the bank has 1 question tagged place, 2 are"),
        ("{from: walk, count: 1}", "there is no bank “walk”"),
    ],
)
def test_a_rule_that_the_bank_cannot_serve_is_told(
    trainer: FlaskClient, draw: str, said: str
) -> None:
    text = text_of(trainer, f"{FILES}/final.quiz.sv.md")
    text = text.replace("{from: walks, count: 1}", draw)
    found = problems(trainer, "final.quiz.sv.md", text)
    assert any(said in each for each in found), found
    assert set(found.values()) == {7}


def test_two_banks_of_one_id_are_not_possible(trainer: FlaskClient) -> None:
    for name in (SV, "walks.bank.sv.md", "_banks/WALKS.bank.sv.md", "_banks/a/walks.bank.sv.md"):
        assert trainer.post(FILES, data={"do": "text", "path": name}).status_code == 422, name
    text = text_of(trainer, f"{FILES}/{SV}").replace("id: walks", "id: others")
    assert "the bank calls itself “others”, its file is named “walks”" in problems(
        trainer, SV, text
    )


# ------------------------------------------------------------------ a later release


def test_a_later_release_of_a_bank_is_offered_and_put_together_with_own_words(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    assert "Nothing new" in trainer.get(RELEASE).text
    keep(trainer, text_of(trainer, f"{FILES}/{SV}") + "\nOur end.\n", f"{FILES}/{SV}")
    save(app, trainer)
    for path in (SV, EN):
        file = desk.folder.parent / path
        file.write_bytes(file.read_bytes().replace(b"do you walk?", b"do you go?"))
    page = trainer.get(RELEASE).text
    assert SV in page
    assert EN in page
    assert "You have changed other places of this file. They stay." in page
    assert "secret" not in page
    trainer.post(RELEASE, data={"path": SV, "do": "take"})
    trainer.post(RELEASE, data={"path": EN, "do": "leave"})
    text = text_of(trainer, f"{FILES}/{SV}")
    assert "Where do you go?" in text
    assert text.rstrip().endswith("Our end.")
    save(app, trainer, "Taken over")
    assert "Nothing new" in trainer.get(RELEASE).text


def test_a_bank_that_the_plugins_quiz_draws_from_anew_is_offered(
    desk: Desk, trainer: FlaskClient
) -> None:
    other = BANK.format(title="More").replace("walks", "rests")
    (desk.folder.parent / "_banks" / "rests.bank.sv.md").write_text(other, encoding="utf-8")
    assert "Nothing new" in trainer.get(RELEASE).text
    desk.write("final.quiz.sv.md", "{from: walks", "{from: rests")
    page = trainer.get(RELEASE).text
    assert "_banks/rests.bank.sv.md" in page
    assert page.count("The plugin has this file no longer.") == 2


def test_a_course_that_was_adopted_without_its_banks_is_offered_them(
    app: Flask, desk: Desk, house: House, browser_of: Browser
) -> None:
    with app.app_context():
        source = plugins_own(desk.host, "northern_track", "first-steps")
        assert source is not None
        with app.test_request_context(), writing():
            files = {path: held(path, data) for path, data in bytes_of(source).items()}
            services.begin(
                "first-steps", "northern", "northern_track", files, "Adopted", house.trainer
            )
    relay(app)
    browser = browser_of(house.trainer)
    assert "2 changes of the plugin" in browser.get(FILES).text
    assert "there is no bank “walks”" in browser.get(f"{FILES}/final.quiz.sv.md").text
    for path in (SV, EN):
        browser.post(RELEASE, data={"path": path, "do": "take"})
    save(app, browser, "With its banks")
    assert "Nothing differs from edition 1" in browser.get(f"{COURSE}/publish").text


def test_a_course_that_was_handed_over_compares_its_banks_with_those_of_the_other_plugin(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    with app.app_context(), writing():
        hand_over("first-steps", "shore")
    desk.supply(("shore", desk.folder))
    assert "Nothing new" in trainer.get(RELEASE).text
    file = desk.folder.parent / SV
    file.write_bytes(file.read_bytes().replace(b"do you walk?", b"do you go?"))
    assert "1 change of the plugin" in trainer.get(FILES).text
    trainer.post(RELEASE, data={"path": SV, "do": "take"})
    assert "do you go?" in text_of(trainer, f"{FILES}/{SV}")


# ------------------------------------------------------------------ archives


def test_a_zip_has_the_banks_and_brings_them_back_byte_for_byte(
    app: Flask, desk: Desk, trainer: FlaskClient
) -> None:
    files = archive(trainer)
    for path in (SV, EN):
        assert files[path] == (desk.folder.parent / path).read_bytes()
        trainer.post(f"{COURSE}/drafts", data={"path": path, "do": "remove"})
    save(app, trainer, "Without the bank")
    assert SV not in archive(trainer)
    assert "2 files are your drafts now" in sent(trainer, packed(files, "x")).text
    save(app, trainer, "With it again")
    assert archive(trainer) == files


@pytest.mark.parametrize("path", ["_banks/run.py", "_banks/map.png", "_banks/a/b.bank.sv.md"])
def test_an_archive_with_anything_but_banks_among_them_is_refused(
    trainer: FlaskClient, path: str
) -> None:
    page = sent(trainer, packed({**archive(trainer), path: b"x"}, "x")).text
    assert f"no course may have {path}" in page
    assert "Save as a version" not in page


# ------------------------------------------------------------------ a bank of one's own


def test_a_new_course_gets_a_bank_of_its_own(app: Flask, trainer: FlaskClient) -> None:
    form = {"title": "Along the shore", "track": "northern", "id": "shore", "languages": "sv, en"}
    trainer.post("/studio/new-course", data=form)
    relay(app)
    files = FILES.replace("first-steps", "shore")
    assert "Questions about interviews" in trainer.get(files).text, "the example has one"
    added = trainer.post(files, data={"do": "text", "path": "shells.bank.sv.md"})
    assert added.headers["Location"] == f"{files}/_banks/shells.bank.sv.md"
    new = f"{files}/_banks/shells.bank.sv.md"
    assert text_of(trainer, new).startswith("---\nid: shells\n")
    keep(trainer, BANK.format(title="Skal").replace("walks", "shells"), new)
    page = trainer.get(new).text
    assert "no quiz draws from this bank" in page
    translation = trainer.post(files, data={"do": "text", "path": "shells.bank.en.md"})
    assert "Where do you walk?" in text_of(trainer, translation.headers["Location"])
    for language in ("sv", "en"):
        quiz = f"{files}/final.quiz.{language}.md"
        draw = "draw: {from: shells, count: 1}"
        keep(trainer, re.sub("draw: .*", draw, text_of(trainer, quiz)), quiz)
    assert "no quiz draws from this bank" not in trainer.get(new).text
    trainer.post(f"{files.removesuffix('/files')}/save", data={"note": "A bank"})
    relay(app)
    page = trainer.get(f"{files.removesuffix('/files')}/publish").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', page))
    answer = trainer.post(f"{files.removesuffix('/files')}/publish", data=marks)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        found = offering("shore")
        assert found is not None
        assert found.edition.course.quiz("final").question("where").bank == "shells"


# ------------------------------------------------------------------ whose it is


def test_a_right_to_the_course_reaches_its_own_banks_and_no_other_of_the_track(
    app: Flask, desk: Desk, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        rights.give(house.colleague, "northern", "first-steps", ["author"], house.trainer)
    browser = browser_of(house.colleague)
    text = text_of(browser, f"{FILES}/{SV}")
    assert keep(browser, text + "\nMore.\n", f"{FILES}/{SV}").status_code == 200
    secret = BANK.format(title="Kept").replace("walks", "secret")
    (desk.folder.parent / "_banks" / "secret.bank.sv.md").write_text(secret, encoding="utf-8")
    quiz = text_of(browser, f"{FILES}/final.quiz.sv.md")
    found = problems(browser, "final.quiz.sv.md", quiz.replace("from: walks", "from: secret"))
    assert "there is no bank “secret”" in found
    save(app, browser)
    assert "_banks/secret.bank.sv.md" not in archive(browser)
    assert browser.get(f"{FILES}/_banks/secret.bank.sv.md").status_code == 404


@pytest.mark.parametrize("who", ["coach", "hr", "manager", "stranger", "colleague"])
def test_for_others_there_are_no_banks(
    house: House, trainer: FlaskClient, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    for address in (f"{FILES}/{SV}", f"{COURSE}/questions/{SV}", f"{COURSE}/raw/{SV}"):
        assert browser.get(address).status_code in (403, 404), address
        assert browser.post(address, data={"text": "x"}).status_code in (403, 404, 405), address
