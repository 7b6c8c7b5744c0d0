"""The learner's form: nothing that was typed is lost, and nothing is handed in by accident."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.tasks.services import MAX_TEXT
from tests.conftest import House
from tests.tasks.conftest import (
    SMALL,
    TASK,
    WORDS,
    Browser,
    cases,
    hand_in,
    owner,
    post,
    revision,
    send,
)


def test_a_blank_line_at_the_start_stays(app: Flask, coach: FlaskClient) -> None:
    send(coach, text="\n\nAfter two.")
    # A browser leaves out one that follows the tag.
    assert ">\n\n\nAfter two.</textarea>" in coach.get(TASK).text
    assert cases(app)[0].text == "\n\nAfter two."


def test_a_draft_keeps_its_words_and_marks_the_part_as_begun(
    app: Flask, coach: FlaskClient
) -> None:
    assert "Started" not in coach.get("/courses/real-work").text
    send(coach, text="First line\r\nsecond <b>line</b>")
    page = coach.get(TASK).text
    assert "First line\nsecond &lt;b&gt;line&lt;/b&gt;</textarea>" in page
    assert "Started" in coach.get("/courses/real-work").text
    assert cases(app)[0].language == "en"


def test_handing_in_needs_words_and_the_promise_that_no_resident_is_named(
    app: Flask, coach: FlaskClient
) -> None:
    unconfirmed = send(coach, do="hand_in")
    assert unconfirmed.status_code == 422
    assert "Confirm that the case names no resident." in unconfirmed.text
    assert WORDS in unconfirmed.text
    empty = hand_in(coach, text=" \n ")
    assert empty.status_code == 422
    assert "Write about your case" in empty.text
    assert re.search(r'name="confirmed"[^>]* checked', empty.text)
    assert cases(app) == []


def test_a_text_that_is_too_long_comes_back_whole_with_its_length(
    app: Flask, coach: FlaskClient
) -> None:
    long = "å" * MAX_TEXT + "END"
    answer = send(coach, text=long)
    assert answer.status_code == 422
    assert f"{MAX_TEXT + 3} characters" in answer.text
    assert long in answer.text
    assert cases(app) == []
    assert send(coach, text=long[:MAX_TEXT]).status_code == 303


def test_a_text_far_too_long_comes_back_too(app: Flask, coach: FlaskClient) -> None:
    answer = send(coach, text="x" * 2_000_000 + "END")
    assert answer.status_code == 422
    assert "2000003 characters" in answer.text
    assert "xEND</textarea>" in answer.text


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483647", "-1"])
def test_a_revision_that_no_page_sent_is_another_window(
    app: Flask, coach: FlaskClient, number: str
) -> None:
    for saved in (False, True):
        data = {"owner": owner(coach), "text": "TYPED WORDS", "revision": number}
        answer = post(coach, TASK, data, (("a.txt", b"a"),))
        assert answer.status_code == 422
        assert "changed in another window" in answer.text
        assert "TYPED WORDS" in answer.text
        assert [case.text for case in cases(app)] == [WORDS] * saved
        folder = app.extensions["innocap_settings"].data_dir / "submissions"
        assert list(folder.glob("*")) == []
        send(coach)


def test_who_belongs_to_no_organisation_is_told_before_handing_in(
    app: Flask, house: House, real_work: OfferingView, browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    admin.post("/courses/real-work/start")
    refused = hand_in(admin, text="TYPED WORDS")
    assert refused.status_code == 422
    assert "You belong to no organisation" in refused.text
    assert "TYPED WORDS" in refused.text
    assert "promised" not in refused.text
    assert cases(app) == []
    assert send(admin).status_code == 303
    assert [case.state for case in cases(app)] == ["draft"]


def test_two_windows_never_undo_each_other(app: Flask, coach: FlaskClient) -> None:
    send(coach, text="Both began with this.")
    old = revision(coach)
    send(coach, text="THE OTHER WINDOW")
    form = {"owner": owner(coach), "do": "save"}
    refused = coach.post(TASK, data={**form, "text": "THIS WINDOW", "revision": old})
    assert refused.status_code == 422
    assert "THIS WINDOW" in refused.text
    assert "THE OTHER WINDOW" in refused.text
    assert cases(app)[0].text == "THE OTHER WINDOW"
    found = re.search(r'name="revision" value="(\d+)"', refused.text)
    assert found is not None
    coach.post(TASK, data={**form, "text": "TOGETHER", "revision": found[1]})
    assert cases(app)[0].text == "TOGETHER"


def test_a_form_that_lacks_something_does_not_pass_for_a_look_at_the_other_window(
    app: Flask, coach: FlaskClient
) -> None:
    send(coach, text="Both began with this.")
    form = {"owner": owner(coach), "revision": revision(coach), "text": "THIS WINDOW"}
    send(coach, text="THE OTHER WINDOW")
    unconfirmed = coach.post(TASK, data={**form, "do": "hand_in"})
    assert "THE OTHER WINDOW" not in unconfirmed.text
    assert f'name="revision" value="{form["revision"]}"' in unconfirmed.text
    assert "THE OTHER WINDOW" in coach.post(TASK, data=form).text
    assert cases(app)[0].text == "THE OTHER WINDOW"


def test_what_is_no_task_or_no_number_is_refused_plainly(
    app: Flask, coach: FlaskClient, house: House, browser_of: Browser
) -> None:
    for address in ("/courses/real-work/read-first", "/courses/real-work/none", "/courses/none/x"):
        assert coach.post(address, data={"text": "x"}).status_code == 404
    form = {"owner": owner(coach), "text": "x", "revision": "none"}
    assert coach.post(TASK, data=form).status_code == 303
    assert coach.get(f"{TASK}/work/none").status_code == 404
    assert (
        "Start the course first"
        in browser_of(house.colleague).get(TASK, follow_redirects=True).text
    )


def test_a_task_in_the_course_is_named_as_one_and_leads_on(coach: FlaskClient) -> None:
    page = coach.get("/courses/real-work").text
    assert page.count("Practical task") == 2
    assert "90 minutes" in page
    assert f'href="{SMALL}"' in page


def test_a_form_that_comes_twice_is_answered_twice_and_done_once(
    app: Flask, coach: FlaskClient
) -> None:
    form = {"owner": owner(coach), "text": WORDS, "revision": "0", "do": "save"}
    for _time in range(2):
        assert post(coach, TASK, form, (("a.txt", b"one"),)).status_code == 303
    form |= {"revision": "1", "do": "hand_in", "confirmed": "yes"}
    for _time in range(2):
        assert post(coach, TASK, form, (("b.txt", b"two"),)).status_code == 303
    (case,) = cases(app)
    assert (case.state, case.text) == ("handed_in", WORDS)
    other = post(coach, TASK, {**form, "text": "Something else"})
    assert "has been handed in, so it was not changed" in other.text
    more = post(coach, TASK, form, (("c.txt", b"three"),))
    assert "has been handed in, so it was not changed" in more.text


def test_files_that_came_with_a_refused_form_are_named(app: Flask, coach: FlaskClient) -> None:
    refused = send(coach, do="hand_in", files=(("proof.txt", b"hello"),))
    assert refused.status_code == 422
    assert "Not added, since nothing was saved: proof.txt" in refused.text
    stale = send(coach, revision="99", files=(("proof.txt", b"hello"),))
    assert "Not added, since nothing was saved: proof.txt" in stale.text
