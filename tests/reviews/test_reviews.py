"""A draft that others read by a link: who reads it, what they may say, what the trainer sees."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people import services as people
from innocap_lms.reviews import services
from innocap_lms.reviews.models import Review, ReviewComment
from tests.catalogue.conftest import Desk, desk_of
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
REVIEWS = "/studio/courses/first-steps/reviews"
GOOD = {"piece": "2", "name": "Siv Lind", "text": "I do not understand this."}


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    """The trainer's files; nothing of them is published."""
    return desk_of(app, tmp_path)


@pytest.fixture
def trainer(desk: Desk, house: House, browser_of: Browser) -> FlaskClient:
    del desk
    return browser_of(house.trainer)


def link_of(trainer: FlaskClient, note: str = "") -> str:
    """The address of a new review, as the trainer sends it."""
    made = trainer.post(REVIEWS, data={"note": note})
    assert made.status_code == 303
    page = trainer.get(made.headers["Location"]).text
    found = re.search(r"<code>http://[^/]+(/review/[a-z0-9]{26})</code>", page)
    assert found, page
    return found[1]


def test_whoever_has_the_link_reads_the_draft_in_each_language_without_signing_in(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    link = link_of(trainer, "Is it too long?")
    front = client.get(link, headers={"Accept-Language": "en"})
    assert front.status_code == 200
    assert "Is it too long?" in front.text
    assert f'href="{link}/walk-on?language=en"' in front.text
    assert "This is how you start" in client.get(f"{link}/walk-on?language=en").text
    assert "Så här börjar du." in client.get(f"{link}/walk-on?language=sv").text
    assert 'content="noindex"' in front.text
    assert front.headers["Cache-Control"] == "private, no-store"


def test_the_questions_of_a_quiz_are_read_without_any_key(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    page = client.get(f"{link_of(trainer)}/final?language=sv").text
    assert "Right one" in page
    assert "FEEDBACK" not in page
    assert "correct" not in page


def test_a_draft_stays_as_it_was_when_the_link_was_made(
    trainer: FlaskClient, client: FlaskClient, desk: Desk
) -> None:
    link = link_of(trainer)
    desk.write("02-walk-on.sv.md", "Så här börjar du.", "Helt andra ord.")
    assert "Så här börjar du." in client.get(f"{link}/walk-on?language=sv").text
    assert "Helt andra ord." in client.get(f"{link_of(trainer)}/walk-on?language=sv").text


def test_a_picture_of_a_draft_that_was_never_published_is_there(
    trainer: FlaskClient, client: FlaskClient, desk: Desk
) -> None:
    picture = next((desk.folder / "images").iterdir()).name
    desk.write("02-walk-on.sv.md", "Så här", f"![Karta](images/{picture})\n\nSå här")
    link = link_of(trainer)
    page = client.get(f"{link}/walk-on?language=sv").text
    found = re.search(rf'src="({link}/files/[0-9a-f]{{64}}/{re.escape(picture)})"', page)
    assert found, page
    with client.get(found[1]) as answer:
        assert answer.status_code == 200
    assert client.get(found[1].replace("/files/", "/files/0")).status_code == 404


def test_a_comment_stands_at_its_piece_and_on_the_trainers_desk(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    link = link_of(trainer)
    sent = client.post(f"{link}/walk-on?language=sv", data=GOOD)
    assert sent.headers["Location"] == f"{link}/walk-on?language=sv#piece-2"
    page = client.get(f"{link}/walk-on?language=sv").text
    assert "I do not understand this." in page.split('id="piece-2"')[1]
    assert "I do not understand" not in client.get(f"{link}/walk-on?language=en").text
    desk = trainer.get(link.replace("/review/", "/studio/reviews/")).text
    for words in ("Siv Lind", "I do not understand this.", "Så här börjar du.", "1 comment"):
        assert words in desk
    assert "1 to settle" in trainer.get(REVIEWS).text


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"name": " "}, 422, "Write who you are"),
        ({"name": "x" * 81}, 422, "Write who you are"),
        ({"text": ""}, 422, "Write what you want to say"),
        ({"text": "x" * (services.LONGEST + 1)}, 422, "too long"),
        ({"name": "\u200b"}, 422, "Write who you are"),
        ({"text": "\u202e\u200b"}, 422, "Write what you want to say"),
        ({"piece": "0"}, 404, ""),
        ({"piece": "99"}, 404, ""),
        ({"piece": "-1"}, 404, ""),
        ({"piece": "²"}, 404, ""),
        ({"piece": "9" * 500}, 404, ""),
    ],
)
def test_a_comment_that_cannot_be_kept_is_explained_and_its_words_stay(
    trainer: FlaskClient, client: FlaskClient, changed: dict[str, str], status: int, said: str
) -> None:
    link = link_of(trainer)
    client.get("/language/en")
    answer = client.post(f"{link}/walk-on", data=GOOD | changed)
    assert answer.status_code == status
    assert said in answer.text
    if status == 422 and "text" not in changed:
        assert GOOD["text"] in answer.text
    assert "0 comments" in trainer.get(REVIEWS).text


def test_what_somebody_writes_is_text_and_never_html(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    link = link_of(trainer)
    client.post(f"{link}/walk-on", data=GOOD | {"text": "<script>x</script>", "name": "<b>"})
    for page in (
        client.get(f"{link}/walk-on"),
        trainer.get(link.replace("/review", "/studio/reviews")),
    ):
        assert "<script>x" not in page.text
        assert "<b>" not in page.text
        assert "&lt;script&gt;x" in page.text


def test_a_review_bears_only_so_many_comments(
    trainer: FlaskClient, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_COMMENTS", 1)
    link = link_of(trainer)
    assert client.post(f"{link}/walk-on", data=GOOD).status_code == 303
    assert client.post(f"{link}/walk-on", data=GOOD | {"text": "More"}).status_code == 422
    assert "1 comment" in trainer.get(REVIEWS).text


def test_a_settled_comment_says_so_once(trainer: FlaskClient, client: FlaskClient) -> None:
    link = link_of(trainer)
    client.post(f"{link}/walk-on?language=en", data=GOOD)
    at_the_desk = link.replace("/review/", "/studio/reviews/")
    action = re.search(r'action="([^"]+/settle)"', trainer.get(at_the_desk).text)
    assert action
    assert trainer.post(action[1]).status_code == 303
    assert trainer.post(action[1]).status_code == 303
    assert "Settled" in trainer.get(at_the_desk).text
    assert "Settled" in client.get(f"{link}/walk-on?language=en").text


def test_a_link_ends_by_hand_and_after_thirty_days(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    first, second = link_of(trainer), link_of(trainer)
    at_the_desk = first.replace("/review/", "/studio/reviews/")
    assert trainer.post(f"{at_the_desk}/close").status_code == 303
    for path in (first, f"{first}/walk-on"):
        assert client.get(path).status_code == 404
    assert client.post(f"{first}/walk-on", data=GOOD).status_code == 404
    assert client.get(second).status_code == 200
    with clock.at(clock.utcnow() + services.OPEN + timedelta(minutes=1)):
        assert client.get(second).status_code == 404
    assert trainer.get(at_the_desk).status_code == 200


def test_a_year_after_its_end_a_review_is_forgotten_with_all_that_was_said(
    app: Flask, trainer: FlaskClient, client: FlaskClient
) -> None:
    old, new = link_of(trainer), link_of(trainer)
    for link in (old, new):
        client.post(f"{link}/walk-on", data=GOOD)
    trainer.post(old.replace("/review/", "/studio/reviews/") + "/close")
    with app.app_context(), clock.at(clock.utcnow() + services.KEPT + timedelta(days=1)):
        services.forget_old()
        kept = [
            db.session.scalar(select(func.count()).select_from(each))
            for each in (Review, ReviewComment)
        ]
    assert kept == [1, 1]


@pytest.mark.parametrize("path", ["", "/walk-on", "/nothing", "/files/0/x.png"])
def test_a_link_that_nobody_made_leads_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(f"/review/{'0' * 26}{path}").status_code == 404


def test_a_part_that_the_draft_lacks_is_not_there(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    link = link_of(trainer)
    assert client.get(f"{link}/nothing").status_code == 404
    assert client.post(f"{link}/nothing", data=GOOD).status_code == 404
    assert client.get(f"{link}/walk-on?language=xx").status_code == 200


@pytest.mark.parametrize("who", ["coach", "hr", "manager", "stranger"])
def test_for_others_there_are_no_reviews_at_the_desk(
    trainer: FlaskClient, house: House, browser_of: Browser, who: str
) -> None:
    review = link_of(trainer).replace("/review/", "/studio/reviews/")
    other = browser_of(getattr(house, who))
    for path in (REVIEWS, review):
        assert other.get(path).status_code == 404
    for path in (REVIEWS, f"{review}/close", f"{review}/comments/x/settle"):
        assert other.post(path).status_code == 404


def test_a_trainer_of_another_track_sees_and_changes_none(
    app: Flask, trainer: FlaskClient, house: House, browser_of: Browser
) -> None:
    review = link_of(trainer).replace("/review/", "/studio/reviews/")
    with app.app_context(), writing():
        people.add_membership(house.colleague, "trainer", house.north, track="another")
    other = browser_of(house.colleague)
    for path in (REVIEWS, review):
        assert other.get(path).status_code == 404
    for path in (REVIEWS, f"{review}/close"):
        assert other.post(path).status_code == 404
    assert "Open until" in trainer.get(REVIEWS).text


def test_files_with_errors_are_not_sent_to_others(trainer: FlaskClient, desk: Desk) -> None:
    desk.write("02-walk-on.sv.md", "title: ", "titel: ")
    assert "Make a link" not in trainer.get(REVIEWS).text
    assert trainer.post(REVIEWS).headers["Location"] == REVIEWS
    assert "Nobody has been asked yet" in trainer.get(REVIEWS).text


def test_the_same_words_twice_are_one_comment_and_lines_count_once(
    trainer: FlaskClient, client: FlaskClient
) -> None:
    link, lines = link_of(trainer), "\r\n".join("x" * 1000)
    for _time in range(2):
        assert client.post(f"{link}/walk-on", data=GOOD | {"text": lines}).status_code == 303
    assert "1 comment" in trainer.get(REVIEWS).text
