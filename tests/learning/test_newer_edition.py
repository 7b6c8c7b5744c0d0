"""A newer edition of a programme: who is in an older one stays, or goes on by their own wish."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from tests.conftest import House
from tests.learning.test_programmes import JOIN, Browser, completed, page
from tests.programmes import publish, take

MOVE = "/programmes/walker/edition"


def publish_anew(app: Flask, place: Path, steps: str, hours: str = "3") -> str:
    """Another edition of the programme; its id."""
    shared = place / "walker.programme.md"
    text = re.sub("steps: .*", steps, shared.read_text(encoding="utf-8"))
    shared.write_text(re.sub("hours: .*", f"hours: {hours}", text), encoding="utf-8")
    published = publish(app)["walker"].published
    assert published is not None
    return published.edition_id


def test_who_is_in_a_programme_keeps_the_steps_they_began_with(
    coach: FlaskClient, app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    publish_anew(app, tmp_path, "steps: [first-steps, hill-steps, shore-steps]")
    take(coach, "first-steps")
    take(coach, "hill-steps")
    assert "walker" in completed(app)
    assert "shore-steps" in page(browser_of(house.colleague))


def test_who_is_in_a_programme_may_go_on_in_its_newer_edition_and_reads_what_changes(
    coach: FlaskClient, app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    take(coach, "first-steps")
    take(coach, "hill-steps")
    assert "walker" in completed(app)
    colleague = browser_of(house.colleague)
    colleague.post(JOIN)
    take(colleague, "first-steps")
    assert "newer edition" not in page(colleague)
    newer = publish_anew(app, tmp_path, "steps: [first-steps, shore-steps, hill-steps]", "4.5")
    said = page(colleague)
    assert "You are in edition 1. Edition 2" in said
    assert "It asks for 3 courses instead of 2." in said
    assert "It takes 4.5 hours instead of 3." in said
    assert "In it you have 1 of 3 courses." in said
    assert "newer edition" not in page(coach), "who has completed it stays there"
    for other in (coach, browser_of(house.other_coach)):
        other.post(MOVE, data={"edition": newer})
        assert "Edition 2" in page(colleague)
    colleague.post(MOVE, data={"edition": newer})
    colleague.post(MOVE, data={"edition": newer})
    assert "1 of 3 courses completed" in page(colleague)
    assert "newer edition" not in page(colleague)
    with app.app_context():
        moved = select(LedgerContent.person_id, LedgerContent.actor_id).join(
            LedgerEvent, LedgerEvent.id == LedgerContent.event_id
        )
        rows = db.session.execute(moved.where(LedgerEvent.kind == "moved")).all()
    assert [tuple(row) for row in rows] == [(house.colleague, house.colleague)], "once"


def test_going_on_in_an_edition_that_asks_for_less_completes_the_programme(
    coach: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    take(coach, "first-steps")
    newer = publish_anew(app, tmp_path, "steps: [first-steps]")
    said = page(coach)
    assert "No longer part of it: hill-steps First steps, shore-steps First steps." in said
    assert "going on in it completes the programme" in said
    stale = coach.post(MOVE, data={"edition": "another"}, follow_redirects=True)
    assert "look at what it changes first" in stale.text
    assert "walker" not in completed(app)
    coach.post(MOVE, data={"edition": newer})
    assert "walker" in completed(app)
    assert "You completed this programme" in page(coach)
