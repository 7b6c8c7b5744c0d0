"""The text of a case is saved as it is written, by a page that runs a script."""

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import House
from tests.tasks.conftest import TASK, Browser, cases, hand_in, send

DRAFT = f"{TASK}/draft"


def test_each_saving_names_the_revision_that_the_next_one_sends(
    app: Flask, coach: FlaskClient
) -> None:
    for revision, text in enumerate(["We met", "We met nine shop\r\nowners"]):
        answer = coach.post(DRAFT, data={"text": text, "revision": revision})
        assert answer.json == {"revision": revision + 1}
    (case,) = cases(app)
    assert (case.text, case.state) == ("We met nine shop\nowners", "draft")
    assert "shop\nowners</textarea>" in coach.get(TASK).text


def test_what_another_window_saved_is_not_written_over(app: Flask, coach: FlaskClient) -> None:
    coach.post(DRAFT, data={"text": "from one", "revision": 0})
    assert coach.post(DRAFT, data={"text": "from the other", "revision": 0}).status_code == 409
    assert coach.post(DRAFT, data={"text": "forged", "revision": -1}).status_code == 409
    assert [case.text for case in cases(app)] == ["from one"]


def test_a_case_that_was_handed_in_and_a_text_too_long_stay_as_they_are(
    app: Flask, coach: FlaskClient
) -> None:
    send(coach, text="short")
    assert coach.post(DRAFT, data={"text": "x" * 50_001, "revision": 1}).status_code == 413
    hand_in(coach)
    before = cases(app)[0].text
    assert coach.post(DRAFT, data={"text": "afterwards", "revision": 2}).status_code == 410
    assert cases(app)[0].text == before


def test_nobody_else_can_save_there(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    coach.post(DRAFT, data={"text": "mine", "revision": 0})
    assert (
        browser_of(house.colleague)
        .post(DRAFT, data={"text": "not mine", "revision": 1})
        .status_code
        == 404
    )
    stranger = app.test_client().post(DRAFT, data={"text": "not mine", "revision": 1})
    assert stranger.status_code in (302, 303, 401)
    assert [case.text for case in cases(app)] == ["mine"]
