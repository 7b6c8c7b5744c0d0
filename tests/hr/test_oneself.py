"""Nobody in HR decides about themselves: another officer does, or an administrator."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.requirements.rules import Audience, Rule
from tests.conftest import House
from tests.hr.conftest import Complete
from tests.hr.test_team_and_register import today
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def officers(app: Flask, house: House, course: object, complete: Complete) -> str:
    """The course is required of HR itself; its officer has completed it. The requirement's id."""
    complete(house.hr, None)
    with app.app_context():
        rule = Rule("course", "first-steps", "own", today(), Audience((), ("hr",)), due=today())
        found = require(house, rule)
        follow()
    return found


def said(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LedgerEvent)) or 0


def wishes(app: Flask, house: House, requirement: str) -> list[tuple[str, dict[str, str]]]:
    """What HR can do about its officer: address and form."""
    with app.app_context():
        done = db.session.scalars(select(Completion.id)).one()
    card, reason = f"/hr/people/{house.hr}", {"reason": "Long known", "why": "Long known"}
    return [
        (f"{card}/note", {"kind": "pause", **reason}),
        (f"{card}/note", {"kind": "exempt", "requirement": requirement, **reason}),
        (f"{card}/note", {"kind": "credit", "requirement": requirement, **reason}),
        (f"{card}/tags", {"tags": "excused"}),
        (f"{card}/note/{requirement}/end", {}),
        (f"{card}/completions/{done}/correction", {"day": "2026-01-02", **reason}),
        (f"{card}/completions/{done}/withdrawal", reason),
    ]


def test_an_officer_changes_nothing_about_themselves_and_is_told_who_does(
    app: Flask, house: House, browser_of: BrowserOf, officers: str
) -> None:
    hr, before = browser_of(house.hr), said(app)
    for address, form in wishes(app, house, officers):
        answer = hr.post(address, data=form, follow_redirects=True)
        assert "nobody notes or corrects anything about themselves" in answer.text, address
        assert said(app) == before, address
    card = hr.get(f"/hr/people/{house.hr}").text
    assert "This is you" in card
    assert "Note a " not in card
    assert "Correct or withdraw" not in card
    assert "Save the tags" not in card


def test_an_administrator_does_it_and_a_strangers_hr_finds_nothing(
    app: Flask, house: House, browser_of: BrowserOf, officers: str
) -> None:
    admin, stranger = browser_of(house.admin), browser_of(house.stranger_hr)
    for number, (address, form) in enumerate(wishes(app, house, officers)):
        assert stranger.post(address, data=form).status_code == 404
        before = said(app)
        if "/end" not in address:
            admin.post(address, data=form)
            assert said(app) > before, (number, address)


def test_a_list_is_not_about_who_sends_it_in_or_confirms_it(
    app: Flask, house: House, browser_of: BrowserOf, officers: str
) -> None:
    form = {
        "what": "completion",
        "course": "first-steps",
        "day": "2026-02-03",
        "reason": "In the hall",
        "who": "hr@example.org\ncoach@example.org",
        "organisation": house.north,
    }
    relay = app.extensions["innocap_relay"]
    hr, admin = browser_of(house.hr), browser_of(house.admin)
    own = hr.post("/hr/lists/new", data=form).headers["Location"]
    relay.run_due()
    assert "It is about whoever sent in" in hr.get(own).text
    of_another = admin.post("/hr/lists/new", data=form).headers["Location"]
    relay.run_due()
    assert "It is about whoever sent in" not in admin.get(of_another).text
    hr.post(f"{of_another}/confirm")
    relay.run_due()
    with app.app_context():
        noted = select(Completion.person_id).where(Completion.noted_by.is_not(None))
        assert db.session.scalars(noted).all() == [house.coach]
