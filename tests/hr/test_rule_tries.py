"""What a rule would do for many people: worked out by a job, told to whoever asked, for a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.hr import rule_tries
from innocap_lms.hr.models import RuleTry
from innocap_lms.people import services as people
from innocap_lms.people.models import Membership, Person
from innocap_lms.requirements import dry_run
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.test_team_and_register import today
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch, course: object) -> dict[str, str]:
    """A rule that makes everybody late, in a place where three people are many."""
    monkeypatch.setattr(rule_tries, "AT_ONCE", 2)
    return {
        "target": "course:first-steps", "ground": "own", "roles": "learner", "do": "try",
        "starts": today().isoformat(), "due": today().isoformat(), "tags": "",
    }  # fmt: skip


def ask(browser: FlaskClient, form: dict[str, str], address: str = "new") -> str:
    """Where what the rule would do is told."""
    answer = browser.post(f"/hr/requirements/{address}", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def run(app: Flask) -> None:
    app.extensions["innocap_relay"].run_due()


def test_hr_sees_how_far_it_is_and_then_what_the_rule_would_do_and_can_save_it(
    app: Flask, house: House, browser_of: BrowserOf, form: dict[str, str]
) -> None:
    hr = browser_of(house.hr)
    place = ask(hr, {**form, "new": "4" * 26})
    waiting = hr.get(place).text
    assert "data-watch" in waiting
    assert "Nothing has been saved yet" in waiting
    run(app)
    page = hr.get(place).text
    assert "would ask 3 people" in page
    assert "<li>Colleague</li>" in page
    assert f'value="{form["due"]}"' in page, "the form as it was sent"
    assert 'action="/hr/requirements/new"' in page
    for _twice in range(2):
        saved = hr.post("/hr/requirements/new", data={**form, "new": "4" * 26, "do": "save"})
        assert saved.headers["Location"] == "/hr/requirements"
    assert hr.get("/hr/requirements").text.count('<th scope="row">') == 1
    assert hr.get(place).status_code == 200


@pytest.mark.usefixtures("in_app")
def test_it_finds_what_would_have_been_told_at_once(
    app: Flask,
    house: House,
    browser_of: BrowserOf,
    form: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requirement = require(house, Rule("course", "first-steps", "own", today(), due_days=60))
    follow()
    hr = browser_of(house.hr)
    place = ask(hr, form, requirement)
    run(app)
    by_job = hr.get(place).text
    monkeypatch.setattr(rule_tries, "AT_ONCE", 1000)
    at_once = hr.post(f"/hr/requirements/{requirement}", data=form).text
    told = [page.partition('aria-labelledby="tried"')[2] for page in (by_job, at_once)]
    told = [page.partition("</section>")[0] for page in told]
    assert "would have another last day" in told[0]
    assert told[0] == told[1]


def test_nobody_but_whoever_asked_finds_it_and_only_while_they_decide_there(
    app: Flask, house: House, browser_of: BrowserOf, form: dict[str, str]
) -> None:
    hr = browser_of(house.hr)
    place = ask(hr, form)
    run(app)
    with app.app_context(), writing():
        another = people.invite_person(
            name="Second", email="second@example.org", role="hr", organisation_id=house.north,
            send_mail=False,
        )  # fmt: skip
    assert hr.get(place).status_code == 200
    for person in (another, house.stranger_hr, house.admin):
        assert browser_of(person).get(place).status_code == 404, person
    for person in (house.manager, house.coach):
        assert browser_of(person).get(place).status_code in (403, 404), person
    assert app.test_client().get(place).status_code == 302
    assert hr.get("/hr/requirements/tries/nothing").status_code == 404
    with app.app_context(), writing():
        theirs = update(Membership).where(Membership.person_id == house.hr)
        db.session.execute(theirs.values(organisation_id=house.south))
    assert hr.get(place).status_code == 404


def test_whose_identity_is_protected_meanwhile_is_not_named(
    app: Flask, house: House, browser_of: BrowserOf, form: dict[str, str]
) -> None:
    hr = browser_of(house.hr)
    place = ask(hr, form)
    run(app)
    with app.app_context():
        kept = db.session.scalars(select(RuleTry)).one()
        assert "Colleague" not in str(kept.found), "ids stand in the place of names"
        with writing():
            changed = update(Person).where(Person.id == house.colleague)
            db.session.execute(changed.values(protected=True))
    page = hr.get(place).text
    assert "<li>Colleague</li>" not in page
    assert "<li>Protected identity</li>" in page


def test_a_job_that_is_done_again_finds_the_same_and_tells_how_far_it_is(
    app: Flask,
    house: House,
    browser_of: BrowserOf,
    form: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_tries, "STEP_SECONDS", 0)
    monkeypatch.setattr(dry_run, "AT_A_TIME", 1)
    ask(browser_of(house.hr), form)
    with app.app_context():
        name, total = db.session.execute(select(RuleTry.id, RuleTry.total)).one()
        assert total > 3

        def killed(*_given: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(rule_tries, "as_values", killed)
            with pytest.raises(KeyboardInterrupt):
                rule_tries.carry_out({"try": name})
        done, found = db.session.execute(select(RuleTry.done, RuleTry.found)).one()
        assert (done, found) == (total, None)
        rule_tries.carry_out({"try": name})
        found = db.session.scalar(select(RuleTry.found))
        rule_tries.carry_out({"try": name})
        assert found is not None
        assert found["asked"] == 3
        assert db.session.scalar(select(RuleTry.found)) == found


def test_it_is_forgotten_after_a_day(
    app: Flask, house: House, browser_of: BrowserOf, form: dict[str, str]
) -> None:
    hr = browser_of(house.hr)
    place = ask(hr, form)
    with app.app_context():
        rule_tries.forget_old()
    assert hr.get(place).status_code == 200
    with app.app_context(), clock.at(clock.utcnow() + rule_tries.KEPT + timedelta(minutes=1)):
        rule_tries.forget_old()
    run(app)
    assert hr.get(place).status_code == 404
