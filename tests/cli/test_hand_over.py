"""innocap-lms course hand-over: a course moves to another plugin, and nothing of it is lost."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from innocap_lms.authoring.queries import authored
from innocap_lms.authoring.services import begin
from innocap_lms.catalogue.queries import OfferingView, offering, owners
from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from tests.cli.test_course_export import supply
from tests.conftest import PLUGINS, House

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own


@pytest.fixture
def site(
    app: Flask,
    course: OfferingView,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """The course is in service from northern_track, and shore supplies it, too."""
    del course
    supply(tmp_path / "plugins", "shore", "first-steps", "a bank")
    monkeypatch.setenv("INNOCAP_DATA_DIR", str(settings.data_dir))
    dirs = f"{PLUGINS}{os.pathsep}{tmp_path / 'plugins'}"
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", dirs)
    return app


def hand_over(*words: str) -> Result:
    return CliRunner().invoke(cli, ["course", "hand-over", *words])


def test_a_course_moves_with_its_editions_and_the_ledger_says_so(site: Flask, house: House) -> None:
    with site.app_context():
        before = offering("first-steps")
        with writing():
            begin("first-steps", "northern", "northern_track", {}, "Adopted", house.trainer)
    done = hand_over("first-steps", "--to", "shore")
    assert (done.exit_code, done.output) == (
        0,
        "first-steps: shore supplies it in the place of northern_track\n",
    )
    with site.app_context():
        now, written = offering("first-steps"), authored("first-steps")
        assert before is not None
        assert now is not None
        assert written is not None
        assert (now.plugin, written.plugin) == ("shore", "shore")
        assert now.edition.id == before.edition.id
        told = db.session.scalar(
            select(LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "course.handed_over")
        )
        assert told == {"course": "first-steps", "before": "northern_track", "plugin": "shore"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("first-steps", "--to", "nobody"), "nobody is not loaded"),
        (("first-steps", "none", "--to", "shore"), "shore does not supply none"),
    ],
)
def test_what_cannot_be_handed_over_is_named_and_stays(
    site: Flask, words: tuple[str, ...], said: str
) -> None:
    done = hand_over(*words)
    assert done.exit_code == 1
    assert said in done.output
    with site.app_context():
        assert owners()["first-steps"] == "northern_track"
