"""Whose follow-up is open to whom: managers on the day, HR of each organisation by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.hr import noting_views
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.people.models import Membership
from innocap_lms.requirements import services
from innocap_lms.requirements.ledger import about_people
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.queries import rule_on
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About
from tests.conftest import House
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
MATRIX = "/hr/matrix"


def today() -> date:
    """The day it is at the site, which late in the evening is one ahead of UTC's."""
    return clock.utcnow().astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
def required(app: Flask, house: House, course: object) -> str:
    """The course, required of North for 20 days: its id."""
    with app.app_context():
        start = clock.utcnow() - timedelta(days=20)
        with clock.at(start):
            found = require(house, Rule("course", "first-steps", "own", start.date(), due_days=60))
        follow()
        return found


def move_coach_to_the_office(house: House) -> None:
    """Now; until now Coach was in Home care."""
    with writing():
        held = select(Membership.id).where(Membership.person_id == house.coach)
        people.end_membership(db.session.scalars(held).one())
        people.add_membership(house.coach, "learner", house.north, house.office)
    follow()


def pause(person: str, organisation: str, actor: str) -> None:
    with writing():
        services.pause(About(person, organisation, actor), clock.utcnow(), None, "Parental leave")
    follow()


def test_a_former_manager_reads_nothing_of_who_has_moved_on(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    card, why = f"/hr/people/{house.coach}", f"{MATRIX}/{house.coach}/{required}"
    assert browser_of(house.manager).get(card).status_code == 200
    with clock_at(clock.utcnow() + timedelta(days=5)):
        with app.app_context():
            move_coach_to_the_office(house)
        for address in (card, why):
            assert browser_of(house.manager).get(address).status_code == 404
            assert browser_of(house.hr).get(address).status_code == 200


def test_a_manager_reads_the_days_in_the_own_unit_alone(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    why = f"{MATRIX}/{house.coach}/{required}"
    then = f"{why}?on={today()}"
    with clock_at(clock.utcnow() + timedelta(days=5)):
        with app.app_context():
            move_coach_to_the_office(house)
            with writing():
                people.add_membership(house.colleague, "manager", house.north, house.office)
            pause(house.coach, house.north, house.hr)
        assert "Paused" in browser_of(house.hr).get(then).text
        page = browser_of(house.manager).get(then).text
        assert page.count("<tr><td>") == 1, "the days in Home care"
        assert "Paused" not in page
        assert "Paused" in browser_of(house.colleague).get(why).text
        assert browser_of(house.colleague).get(then).status_code == 404


def test_hr_in_one_organisation_who_leads_a_unit_of_another_reads_that_units_notes_alone(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    with app.app_context():
        with writing():
            people.add_membership(house.stranger_hr, "manager", house.north, house.care)
            people.add_membership(house.other_coach, "learner", house.south, house.far)
        with writing():
            services.set_requirement(
                house.south, Rule("course", "first-steps", "own", today()), house.stranger_hr
            )
        pause(house.other_coach, house.north, house.hr)
        pause(house.coach, house.north, house.hr)
    both = browser_of(house.stranger_hr)
    other = both.get(f"/hr/people/{house.other_coach}").text
    assert "First steps" in other
    assert "Pause" not in other
    own = both.get(f"/hr/people/{house.coach}").text
    assert "Pause" in own
    assert "Parental leave" not in own


def test_hr_tags_and_notes_somebody_of_whom_nothing_is_required_yet(
    app: Flask, house: House, course: object, browser_of: BrowserOf
) -> None:
    card = f"/hr/people/{house.coach}"
    hr = browser_of(house.hr)
    assert f'href="{card}"' in hr.get(f"/admin/people/{house.coach}").text
    assert hr.post(f"{card}/tags", data={"tags": "coach"}).status_code == 302
    form = {"kind": "pause", "reason": "Parental leave"}
    assert hr.post(f"{card}/note", data=form).status_code == 302
    page = browser_of(house.admin).get(card).text
    assert 'value="coach"' in page
    assert "Parental leave" in page
    for stranger in (house.stranger_hr, house.manager):
        assert browser_of(stranger).get(card).status_code == 404


def test_hr_goes_on_reading_the_card_of_somebody_who_has_left(
    app: Flask, house: House, course: object, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        held = select(Membership.id).where(Membership.person_id == house.coach)
        people.end_membership(db.session.scalars(held).one())
    assert browser_of(house.hr).get(f"/hr/people/{house.coach}").status_code == 200


@pytest.fixture
def of_both(app: Flask, house: House) -> tuple[str, str]:
    """Coach, as a member of North and South, and South's HR, as HR of both."""
    with app.app_context(), writing():
        people.add_membership(house.coach, "learner", house.south, house.far)
        people.add_membership(house.stranger_hr, "hr", house.north)
    return house.coach, house.stranger_hr


def test_tags_and_notes_are_those_of_one_organisation_each(
    house: House, course: object, of_both: tuple[str, str], browser_of: BrowserOf
) -> None:
    coach, of_two = of_both
    card, both = f"/hr/people/{coach}", browser_of(of_two)
    for where, tag in ((house.north, "northern"), (house.south, "southern")):
        form = {"tags": tag, "organisation": where}
        assert both.post(f"{card}/tags", data=form).status_code == 302
    page = both.get(card).text
    for where, tag in ((house.north, "northern"), (house.south, "southern")):
        form = page.split('name="organisation" value="')
        (own,) = [part for part in form if part.startswith(where)]
        assert f'value="{tag}"' in own
        assert f"{card}/note?organisation={where}" in own
    assert page.count('id="field-tags-1"') == page.count('id="field-tags-2"') == 1
    assert "southern" not in browser_of(house.hr).get(card).text


def test_a_note_of_the_second_organisation_is_made_and_ended_there(
    house: House, course: object, of_both: tuple[str, str], browser_of: BrowserOf
) -> None:
    coach, of_two = of_both
    card, both = f"/hr/people/{coach}", browser_of(of_two)
    address = f"{card}/note?organisation={house.south}"
    assert f'value="{house.south}"' in both.get(address).text
    form = {"kind": "pause", "reason": "Parental leave", "organisation": house.south}
    assert both.post(f"{card}/note", data=form).status_code == 302
    assert "Parental leave" not in browser_of(house.hr).get(card).text
    (end,) = [
        part.split('"')[0] for part in both.get(card).text.split('action="') if "/end" in part
    ]
    assert both.post(end).status_code == 302
    assert "/end" not in both.get(card).text


def test_who_decides_in_several_organisations_chooses_which_requires_it(
    house: House, course: object, of_both: tuple[str, str], browser_of: BrowserOf
) -> None:
    new = "/hr/requirements/new"
    for person in (house.admin, of_both[1]):
        choice = browser_of(person).get(new).text
        assert f'<option value="{house.south}"' in choice
        assert 'name="target"' not in choice
        form = browser_of(person).get(f"{new}?organisation={house.south}").text
        assert "Far away" in form
        assert "Home care" not in form
    assert 'name="target"' in browser_of(house.hr).get(new).text
    assert browser_of(house.hr).get(f"{new}?organisation={house.south}").status_code == 404


def test_two_who_give_a_tag_at_once_give_it_once(
    app: Flask, house: House, course: object, browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The second has read the page, and begun to answer, before the first has written."""
    address, form = f"/hr/people/{house.coach}/tags", {"tags": "coach"}
    hr, admin = browser_of(house.hr), browser_of(house.admin)
    go_on = noting_views.let_reads_go

    def after_the_other() -> None:
        monkeypatch.setattr(noting_views, "let_reads_go", go_on)
        go_on()
        assert admin.post(address, data=form).status_code == 302

    monkeypatch.setattr(noting_views, "let_reads_go", after_the_other)
    assert hr.post(address, data=form).status_code == 302
    with app.app_context():
        given = select(LedgerEvent.id).where(LedgerEvent.kind == "tag.given")
        assert len(db.session.scalars(given).all()) == 1


def test_a_tag_that_was_given_twice_ends_as_a_whole(
    app: Flask, house: House, course: object, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        for _time in range(2):
            services.set_tags(About(house.coach, house.north, house.hr), {}, ["coach"])
    hr, card = browser_of(house.hr), f"/hr/people/{house.coach}"
    assert 'value="coach"' in hr.get(card).text
    assert hr.post(f"{card}/tags", data={"tags": ""}).status_code == 302
    with app.app_context():
        facts = about_people([house.coach], unsealed=True)[house.coach, house.north]
    kinds = [fact.kind for fact in facts]
    assert kinds.count("tag.given") == kinds.count("tag.ended") == 2
    assert 'value="coach"' not in hr.get(card).text


def test_a_version_that_begins_later_says_nothing_before(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    later = today() + timedelta(days=30)
    with app.app_context():
        require(house, Rule("course", "next-steps", "own", later, due_days=60), required)
        follow()
    hr, why = browser_of(house.hr), f"{MATRIX}/{house.coach}/{required}"
    for page in (MATRIX, "/hr", f"/hr/people/{house.coach}", why, "/hr/requirements"):
        text = hr.get(page).text
        assert "First steps" in text, page
        assert "next-steps" not in text, page
    assert "Another version from" in hr.get("/hr/requirements").text
    own = browser_of(house.coach).get("/me/requirements").text
    assert "First steps" in own
    assert "next-steps" not in own
    assert "next-steps" in hr.get(f"{MATRIX}?on={later}").text
    assert f'value="{later}"' in hr.get(f"/hr/requirements/{required}").text


def test_a_version_from_an_earlier_day_takes_the_place_of_those_after_it(
    app: Flask, house: House, required: str
) -> None:
    days = [today() + timedelta(days=number) for number in (30, 10)]
    with app.app_context():
        for day in days:
            require(house, Rule("course", "first-steps", "own", day), required)
        rules = db.session.scalars(select(RequirementRow.rules)).one()
    assert [each["starts"] for each in rules[1:]] == [days[1].isoformat()]
    assert rule_on(rules, today()).due_days == 60
    assert rule_on(rules, days[0]).starts == days[1]
    assert rule_on(rules, date(2000, 1, 1)).due_days == 60


def test_a_manager_reads_the_names_of_units_that_others_lead(
    app: Flask, house: House, course: object, browser_of: BrowserOf
) -> None:
    with app.app_context():
        for_whom = Audience(units=(house.care, house.office))
        found = require(house, Rule("course", "first-steps", "own", today(), for_whom))
        follow()
    for page in ("/hr/requirements", f"{MATRIX}/{house.coach}/{found}"):
        text = browser_of(house.manager).get(page).text
        assert "Learners in Care, Office and below" in text, page
        assert house.office not in text, page


def test_swedish_says_of_standings_what_the_pages_say(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    hr.post("/language/sv")
    page = hr.get(f"{MATRIX}/{house.coach}/{required}").text
    assert 'lang="sv"' in page
    assert '<th scope="col">Läge</th>' in page
    assert "Ställning" not in page


@pytest.mark.parametrize("path", ["/hr", MATRIX])
@pytest.mark.parametrize("day", ["9999-06-01", "9999-12-31", "2200-01-01", "1989-12-31"])
def test_a_day_out_of_all_bounds_is_refused_in_words(
    house: House, required: str, browser_of: BrowserOf, path: str, day: str
) -> None:
    answer = browser_of(house.hr).get(f"{path}?on={day}")
    assert answer.status_code == 400
    assert "Choose a day from 1990-01-01 to 2199-12-31." in answer.text


@pytest.mark.parametrize("day", ["1990-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_shown(
    house: House, required: str, browser_of: BrowserOf, day: str
) -> None:
    for path in ("/hr", MATRIX, f"{MATRIX}.csv"):
        assert browser_of(house.hr).get(f"{path}?on={day}").status_code == 200


def test_a_wide_list_of_some_holds_all_their_cells_as_the_page_does(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    with app.app_context():
        done = require(house, Rule("course", "first-steps", "own", today()))
        with writing():
            about = About(house.coach, house.north, house.hr)
            services.exempt(about, done, clock.utcnow(), None, "Knows it")
        follow()
    hr = browser_of(house.hr)
    query = "state=exempt"
    _head, coach = hr.get(f"{MATRIX}.csv?{query}").text.split("\r\n", 1)
    assert "Not due yet" in coach
    assert "Exempt" in coach
    assert coach.count("\r\n") == 1, "nobody else"
    long = hr.get(f"{MATRIX}.csv?{query}&form=long").text
    assert "Not due yet" not in long
