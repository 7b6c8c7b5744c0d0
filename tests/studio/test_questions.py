"""The questions of a quiz as forms: what they write is the Markdown a trainer would write."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.authoring.models import Draft
from innocap_lms.extensions import db
from tests.archived import files_of, packed
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, Browser
from tests.studio.test_writing import save, text_of
from tests.studio.test_written_courses import sent

FORM = f"{COURSE}/questions/final.quiz.en.md"
LEAD = f"{COURSE}/questions/final.quiz.sv.md"


def send(browser: FlaskClient, address: str = LEAD, **fields: Any) -> str:
    page = browser.get(address).text
    state = dict(re.findall(r'name="(revision|base)" value="(\w*)"', page))
    answer = browser.post(address, data={**state, **fields}, follow_redirects=True)
    return answer.text


def lead(browser: FlaskClient) -> str:
    return text_of(browser, f"{FILES}/final.quiz.sv.md")


def test_the_form_of_a_question_changes_its_lines_and_no_other(
    trainer: FlaskClient,
) -> None:
    before = lead(trainer)
    page = trainer.get(LEAD).text
    assert 'name="text-right"' in page
    sent = {"do": "question", "question": "one", "words": "Vad först?", "marks": "yes"}
    options = {"text-right": "Det rätta", "ticked-right": "yes", "text-wrong": "Fel {x}"}
    assert "Kept as your draft" in send(trainer, **sent, **options, **{"feedback-right": "Bra."})
    after = lead(trainer)
    assert "## Vad först? {#one" in after
    assert re.search(r"- \[x\] Det rätta \{#right\}\n  > Bra\.", after)
    kept = [line for line in before.splitlines() if line in after.splitlines()]
    assert len(kept) >= len(before.splitlines()) - 6


def test_questions_are_added_moved_written_and_taken_away(
    trainer: FlaskClient,
) -> None:
    for kind in ("one", "several", "truth", "number", "words", "gaps", "order", "match", "thought"):
        page = send(trainer, do="add", kind=kind, words=f"Ny {kind}?")
        assert f"Ny {kind}?" in page
    text = lead(trainer)
    assert "## Ny gaps? {#ny-gaps}" in text
    source = "## Ny gaps? {#ny-gaps}\n\nEn [[lucka]] till.\n"
    send(trainer, do="source", question="ny-gaps", source=source)
    assert "En [[lucka]] till." in lead(trainer)
    send(trainer, do="up", question="two")
    assert lead(trainer).index("{#two") < lead(trainer).index("{#one")
    send(trainer, do="remove", question="ny-thought")
    assert "ny-thought" not in lead(trainer)


def test_a_quiz_that_is_no_utf_8_loses_no_letter_to_a_form(
    app: Flask,
    trainer: FlaskClient,
) -> None:
    with trainer.get(f"{COURSE}/archive.zip") as answer:
        files = files_of(answer.get_data())
    files["final.quiz.sv.md"] += "\nPå Öland.\n".encode("latin-1")
    sent(trainer, packed(files, "first-steps"))
    editor = f"{FILES}/final.quiz.sv.md"
    assert trainer.get(LEAD).headers["Location"] == editor
    page = trainer.get(editor).text
    assert "This file is not UTF-8" in page
    assert LEAD not in page
    with app.app_context():
        stamp, base = db.session.execute(select(Draft.stamp, Draft.base)).one()
    late = {"do": "up", "question": "two", "revision": stamp, "base": base}
    assert trainer.post(LEAD, data=late).status_code == 409
    assert "This file is not UTF-8" in trainer.get(editor).text


def test_a_translation_keeps_the_marks_of_the_lead_language(
    trainer: FlaskClient,
) -> None:
    before = text_of(trainer, f"{FILES}/final.quiz.en.md")
    page = trainer.get(FORM).text
    assert 'name="ticked-' not in page
    send(trainer, FORM, do="question", question="one", words="What first?")
    after = text_of(trainer, f"{FILES}/final.quiz.en.md")
    assert after.count("[x]") == before.count("[x]")
    assert "## What first? {#one" in after


def test_a_form_that_was_made_before_a_colleague_saved_does_not_undo_it(
    app: Flask,
    trainer: FlaskClient,
    other: FlaskClient,
) -> None:
    state = dict(re.findall(r'name="(revision|base)" value="(\w*)"', trainer.get(LEAD).text))
    send(other, do="question", question="one", words="Kollegans ord?")
    save(app, other)
    late = {"do": "question", "question": "one", "words": "Mina ord?", **state}
    answer = trainer.post(LEAD, data=late, follow_redirects=True)
    assert "The file was changed meanwhile" in answer.text
    assert "Kollegans ord?" in lead(trainer)


def test_a_form_that_is_behind_changes_nothing(trainer: FlaskClient) -> None:
    send(trainer, do="up", question="two")
    now = lead(trainer)
    late = {"do": "remove", "question": "one", "revision": "0"}
    answer = trainer.post(LEAD, data=late, follow_redirects=True)
    assert "The file was changed meanwhile" in answer.text
    assert lead(trainer) == now
    gone = send(trainer, do="remove", question="none")
    assert "The file was changed meanwhile" in gone
    assert trainer.post(LEAD, data={"do": "strange"}).status_code == 400


@pytest.mark.parametrize("who", ["coach", "hr", "stranger"])
def test_for_others_there_are_no_forms(
    app: Flask,
    house: House,
    trainer: FlaskClient,
    browser_of: Browser,
    who: str,
) -> None:
    browser = browser_of(getattr(house, who))
    assert browser.get(LEAD).status_code == 404
    assert browser.post(LEAD, data={"do": "up", "question": "one"}).status_code == 404
    assert trainer.get(f"{COURSE}/questions/02-walk-on.en.md").status_code == 404
