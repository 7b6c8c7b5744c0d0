"""innocap-lms course publish: dry run, those in the middle, and back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import edition, offering
from innocap_lms.extensions import writing
from innocap_lms.learning import services
from innocap_lms.learning.queries import my_course
from innocap_lms.people.queries import viewer_of
from tests.cli.conftest import Command
from tests.conftest import PLUGINS, House, take_first_steps

COURSE = "first-steps"
Publish = Callable[..., str]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The files of a course that a plugin supplies."""
    shutil.copytree(PLUGINS / "northern_track", tmp_path / "plugins" / "northern_track")
    return tmp_path / "plugins" / "northern_track" / "courses" / COURSE


@pytest.fixture
def publish(innocap: Command, files: Path, tmp_path: Path) -> Publish:
    """Runs the command on that course; what it says."""
    del files

    def run(*words: object, status: int = 0) -> str:
        done = innocap(
            "course", "publish", COURSE, *words, INNOCAP_PLUGIN_DIRS=str(tmp_path / "plugins")
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def reader(app: Flask, house: House, publish: Publish) -> str:
    """Somebody in the middle of the first edition, who has read its second lesson."""
    publish()
    with app.app_context():
        found = offering(COURSE)
        assert found is not None
        viewer = viewer_of(house.coach)
        with writing():
            enrolment = services.enrol(viewer, found.edition, "en")
            lesson = found.edition.course.lessons[1]
            services.read_lesson(viewer, enrolment, lesson, "en")
    return house.coach


def change(files: Path) -> None:
    file = files / "02-walk-on.en.md"
    file.write_text(file.read_text().replace("This is how you start.", "Take 3 steps."))


def place(app: Flask, person: str) -> tuple[int, bool]:
    """The number of a person's edition, and whether the lesson counts as read."""
    with app.app_context():
        mine = my_course(person, COURSE)
        assert mine is not None
        return edition(mine.edition_id).number, "walk-on" in mine.progress.read


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    app: Flask, publish: Publish, files: Path, reader: str
) -> None:
    change(files)
    said = publish("--dry-run")
    assert "differs from edition 1, which is in service" in said
    assert "lesson  walk-on" in said
    assert "substance" in said
    assert "in the middle: 1 (1 in edition 1)" in said
    assert "have read a lesson that changed in substance: 1" in said
    said = publish("--dry-run", "--weigh", "walk-on=wording")
    assert "have read a lesson that changed in substance: 0" in said
    with app.app_context():
        found = offering(COURSE)
    assert found is not None
    assert found.edition.number == 1
    assert place(app, reader) == (1, True)


def test_those_in_the_middle_keep_their_edition_unless_told_otherwise(
    app: Flask, publish: Publish, files: Path, reader: str
) -> None:
    change(files)
    assert "published edition 2" in publish()
    assert place(app, reader) == (1, True)
    assert "1 in the middle goes on in it" in publish("--in-the-middle", "reread")
    assert place(app, reader) == (2, False)
    assert "edition 1 is in service again" in publish("--edition", 1, "--in-the-middle", "reread")
    assert place(app, reader) == (1, True)


def test_a_change_of_wording_is_not_read_again(
    app: Flask, publish: Publish, files: Path, reader: str
) -> None:
    change(files)
    publish("--in-the-middle", "reread", "--weigh", "walk-on=wording")
    assert place(app, reader) == (2, True)


def test_those_who_have_completed_are_asked_to_take_it_again_where_that_is_chosen(
    publish: Publish, files: Path, house: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    publish()
    coach = browser_of(house.coach)
    take_first_steps(coach)
    assert "asked to take it again" not in publish("--renew")
    change(files)
    assert "are asked to take it again" in publish("--renew", "--dry-run")
    assert "Take it again" not in coach.get(f"/courses/{COURSE}").text
    assert "who has completed it is asked to take it again" in publish("--renew")
    assert "Take it again" in coach.get(f"/courses/{COURSE}").text


def test_undoing_an_edition_asks_no_longer_where_that_is_chosen(
    publish: Publish, files: Path, house: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    publish()
    coach = browser_of(house.coach)
    take_first_steps(coach)
    change(files)
    publish("--renew")
    dry = publish("--edition", 1, "--dry-run")
    assert "asked to take it again by what is undone: 1; they stay asked: see --ask" in dry
    publish("--edition", 1)
    assert "Take it again" in coach.get(f"/courses/{COURSE}").text
    dry = publish("--edition", 1, "--dry-run", "--ask-no-longer")
    assert "undone: 1; they need not any more" in dry, "also after it was undone"
    assert "1 need not take it again any more" in publish("--edition", 1, "--ask-no-longer")
    assert "Take it again" not in coach.get(f"/courses/{COURSE}").text
    assert "need not" not in publish("--edition", 1, "--ask-no-longer"), "it was done"


def test_a_dry_run_of_an_older_edition_and_of_nothing(
    publish: Publish, files: Path, reader: str
) -> None:
    assert "nothing differs from edition 1" in publish("--dry-run")
    change(files)
    publish()
    assert "differs from edition 2" in publish("--edition", 1, "--dry-run")
    assert "nothing differs from edition 2" in publish("--edition", 2, "--dry-run")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--edition", "7"], "has no edition 7"),
        (["--edition", "0"], "--edition"),
        (["--weigh", "walk-on"], "write walk-on=wording or =substance"),
        (["--weigh", "walk-on=much"], "write walk-on=wording or =substance"),
        (["--renew", "--ask-no-longer"], "choose one"),
        (["another", "--edition", "1"], "name the one course"),
        (["--in-the-middle", "renew"], "--in-the-middle"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_published(
    publish: Publish, words: list[str], said: str
) -> None:
    assert said in publish(*words, status=2)


def test_before_it_is_published_a_dry_run_says_that_it_is_the_first_time(
    publish: Publish,
) -> None:
    assert "would be published for the first time" in publish("--dry-run")
