"""The text of a case is saved as it is written, by a page that runs a script."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import House
from tests.tasks.conftest import TASK, WEAK, Browser, Pool, cases, hand_in, owner, send

DRAFT = f"{TASK}/draft"


def save(browser: FlaskClient, text: str, revision: int) -> TestResponse:
    """What the script of a page sends."""
    return browser.post(DRAFT, data={"owner": owner(browser), "text": text, "revision": revision})


def test_each_saving_names_the_revision_that_the_next_one_sends(
    app: Flask, coach: FlaskClient
) -> None:
    for revision, text in enumerate(["We met", "We met nine shop\r\nowners"]):
        answer = save(coach, text, revision)
        assert answer.json == {"revision": revision + 1}
    (case,) = cases(app)
    assert (case.text, case.state) == ("We met nine shop\nowners", "draft")
    assert "shop\nowners</textarea>" in coach.get(TASK).text


def test_what_another_window_saved_is_not_written_over(app: Flask, coach: FlaskClient) -> None:
    save(coach, "from one", 0)
    assert save(coach, "from the other", 0).status_code == 409
    assert save(coach, "forged", -1).status_code == 409
    assert [case.text for case in cases(app)] == ["from one"]


def test_a_case_that_was_handed_in_and_a_text_too_long_stay_as_they_are(
    app: Flask, coach: FlaskClient
) -> None:
    send(coach, text="short")
    assert save(coach, "x" * 50_001, 1).status_code == 413
    hand_in(coach)
    before = cases(app)[0].text
    assert save(coach, "afterwards", 2).status_code == 410
    assert cases(app)[0].text == before


def test_a_window_with_the_returned_case_does_not_write_over_the_copy(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    save(coach, "first words", 0)
    save(coach, "handed in", 1)
    hand_in(coach, text="handed in")
    for seat in (1, 2):
        pool.score(cases(app)[0].id, seat, WEAK)
    for revision in (1, 2):
        assert save(coach, "from an old window", revision).status_code == 409
    assert [(case.state, case.text) for case in cases(app)] == [
        ("returned", "handed in"),
        ("draft", "handed in"),
    ]


def test_a_request_without_the_text_empties_nothing(app: Flask, coach: FlaskClient) -> None:
    save(coach, "my words", 0)
    form = {"owner": owner(coach), "revision": "1", "do": "save"}
    for address in (TASK, DRAFT):
        assert coach.post(address, data=form).status_code == 400
    assert [case.text for case in cases(app)] == ["my words"]


def test_a_page_of_one_person_saves_nothing_for_whoever_has_signed_in_since(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    page, colleague = owner(coach), browser_of(house.colleague)
    colleague.post("/courses/real-work/start")
    assert save(colleague, "theirs", 0).status_code == 200
    for whose in ({"owner": page}, {"owner": ""}, {}):
        form = {"text": "the first one's", "revision": 1, "do": "hand_in", **whose}
        for address in (TASK, DRAFT):
            assert colleague.post(address, data=form).status_code == 404
    assert [(case.text, case.state) for case in cases(app)] == [("theirs", "draft")]


def test_nobody_else_can_save_there(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    save(coach, "mine", 0)
    form = {"owner": owner(coach), "text": "not mine", "revision": 1}
    assert browser_of(house.colleague).post(DRAFT, data=form).status_code == 404
    stranger = app.test_client().post(DRAFT, data=form)
    assert stranger.status_code in (302, 303, 401)
    assert [case.text for case in cases(app)] == ["mine"]
