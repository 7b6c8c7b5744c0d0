"""Programmes at the trainer's desk: what their files still need, and to whom that is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from tests.conftest import House
from tests.programmes import WAY, add_course, add_programme, publish, walk

Browser = Callable[[str], FlaskClient]
PAGE = "/studio/programmes/walker"


def test_a_trainer_reads_each_problem_with_its_line_and_what_to_write(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    add_course(app, tmp_path, "hill-steps")
    add_programme(app, tmp_path, way="steps: [first-steps, hil-steps]")
    publish(app)
    trainer = browser_of(house.trainer)
    assert f'href="{PAGE}"' in trainer.get("/studio").text
    page = trainer.get(PAGE).text
    assert "“hil-steps” is no course here" in page
    assert "did you mean “hill-steps”?" in page
    assert "walker.programme.md" in page
    assert "Not published" in page


def test_a_sound_programme_says_so_and_how_many_have_joined(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    browser_of(house.coach).post("/programmes/walker/start")
    page = browser_of(house.trainer).get(PAGE).text
    assert "The files are in order" in page
    assert "1 learner" in page
    (tmp_path / "walker.programme.md").write_text(
        (tmp_path / "walker.programme.md").read_text("utf-8").replace(WAY, "steps: [first-steps]"),
        encoding="utf-8",
    )
    assert "The files have changed since the edition" in browser_of(house.trainer).get(PAGE).text


@pytest.mark.parametrize("who", ["coach", "hr", "stranger"])
def test_nobody_else_finds_the_page(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path, who: str
) -> None:
    walk(app, tmp_path)
    assert browser_of(getattr(house, who)).get(PAGE).status_code == 404


def test_a_trainer_of_another_track_does_not_find_it(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    with app.app_context(), writing():
        other = people.invite_person(
            name="Other Trainer",
            email="other-trainer@example.org",
            role="trainer",
            language="en",
            track="service-design",
            organisation_id=house.north,
            send_mail=False,
        )
    assert browser_of(other).get(PAGE).status_code == 404
    assert browser_of(other).get("/studio/programmes/nothing").status_code == 404
