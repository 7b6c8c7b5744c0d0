"""Who moves, leaves or gets a number, at the desk of people; and units that are closed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services
from innocap_lms.people.models import Membership, Person, Unit, holds
from innocap_lms.people.queries import account_of
from innocap_lms.people.staff import numbers_of
from innocap_lms.requirements.days import start_of, today
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]


def roles(person: str, at: datetime | None = None) -> set[tuple[str, str | None]]:
    """The roles of somebody at a moment, with their units."""
    query = select(Membership.role, Membership.unit_id).where(
        Membership.person_id == person, holds(Membership, at or clock.utcnow())
    )
    return {(row.role, row.unit_id) for row in db.session.execute(query)}


def test_hr_moves_somebody_from_a_day_and_the_days_before_stay(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context():
        first = today() + timedelta(days=3)
        form = {"organisation": house.north, "unit": house.office, "first": first.isoformat()}
        answer = browser_of(house.hr).post(f"/admin/people/{house.coach}/move", data=form)
        assert answer.status_code == 303
        before = start_of(first) - timedelta(seconds=1)
        assert roles(house.coach, before) == {("learner", house.home)}
        assert roles(house.coach, start_of(first)) == {("learner", house.office)}
        answer = browser_of(house.hr).post(f"/admin/people/{house.coach}/move", data=form)
        assert answer.status_code == 303, "twice is as once"
        assert roles(house.coach, start_of(first)) == {("learner", house.office)}


@pytest.mark.parametrize("what", ["move", "leave", "number"])
def test_what_is_done_to_a_person_is_for_their_hr_and_administrators(
    house: House, browser_of: BrowserOf, what: str
) -> None:
    form = {"organisation": house.north, "unit": house.office, "number": "17"}
    path = f"/admin/people/{house.coach}/{what}"
    for other in (house.stranger_hr, house.manager, house.trainer, house.coach):
        assert browser_of(other).post(path, data=form).status_code == 404
    for organisation in (house.south, "", "none"):
        wrong = {**form, "organisation": organisation}
        assert browser_of(house.hr).post(path, data=wrong).status_code == 404
    assert browser_of(house.hr).post(path, data=form).status_code == 303


def test_a_unit_of_another_organisation_is_refused(house: House, browser_of: BrowserOf) -> None:
    form = {"organisation": house.north, "unit": house.far}
    answer = browser_of(house.admin).post(f"/admin/people/{house.coach}/move", data=form)
    assert answer.status_code == 422
    assert "Choose a unit of this organisation" in answer.text


@pytest.mark.parametrize("day", ["soon", "0001-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_named(house: House, browser_of: BrowserOf, day: str) -> None:
    for what, field in (("move", "first"), ("leave", "last")):
        form = {"organisation": house.north, "unit": house.office, field: day}
        answer = browser_of(house.hr).post(f"/admin/people/{house.coach}/{what}", data=form)
        assert answer.status_code == 422
        assert f"{day} is not a date" in answer.text


def test_whoever_leaves_is_signed_out_as_the_last_day_ends(
    app: Flask, house: House, browser_of: BrowserOf, clock_at: At
) -> None:
    with app.app_context():
        last = today()
        ends = start_of(last + timedelta(days=1))
    form = {"organisation": house.north, "last": last.isoformat()}
    answer = browser_of(house.hr).post(f"/admin/people/{house.coach}/leave", data=form)
    assert answer.status_code == 303
    with clock_at(ends - timedelta(minutes=2)):
        coach = browser_of(house.coach)
        assert coach.get("/me").status_code == 200
    with clock_at(ends):
        assert coach.get("/me").status_code == 302
        with app.app_context():
            account = account_of(house.coach)
            assert account is not None
            assert not account.is_open
            assert roles(house.coach) == set()


def test_without_a_day_it_is_over_now_and_the_record_stays(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    coach, hr = browser_of(house.coach), browser_of(house.hr)
    assert coach.get("/me").status_code == 200
    hr.post(f"/admin/people/{house.coach}/leave", data={"organisation": house.north})
    assert coach.get("/me").status_code == 302
    page = hr.get(f"/admin/people/{house.coach}").text
    assert "Has left" in page
    assert "Home care" in page, "the history of roles"
    with app.app_context():
        kinds = select(LedgerEvent.kind).join(LedgerContent).where(
            LedgerContent.person_id == house.coach, LedgerContent.actor_id == house.hr
        )  # fmt: skip
        assert set(db.session.scalars(kinds)) == {"role.ended", "person.left"}


def test_whoever_goes_on_elsewhere_can_still_sign_in(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.add_membership(house.coach, "learner", house.south, house.far)
    browser_of(house.hr).post(
        f"/admin/people/{house.coach}/leave", data={"organisation": house.north}
    )
    assert browser_of(house.coach).get("/me").status_code == 200
    with app.app_context():
        assert roles(house.coach) == {("learner", house.far)}


def test_whoever_comes_back_signs_in_again(app: Flask, house: House, browser_of: BrowserOf) -> None:
    browser_of(house.hr).post(
        f"/admin/people/{house.coach}/leave", data={"organisation": house.north}
    )
    form = {"role": "learner", "place": f"{house.north}/{house.office}"}
    assert browser_of(house.hr).post(
        f"/admin/people/{house.coach}/roles", data=form
    ).status_code == 303  # fmt: skip
    assert browser_of(house.coach).get("/me").status_code == 200


def test_hr_ends_nobody_whose_role_is_not_theirs_to_end(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.add_membership(house.coach, "trainer", house.north)
    form = {"organisation": house.north}
    path = f"/admin/people/{house.coach}/leave"
    answer = browser_of(house.hr).post(path, data=form)
    assert answer.status_code == 422
    assert "only an administrator can end" in answer.text
    with app.app_context():
        assert len(roles(house.coach)) == 2, "nobody is left half gone"
    assert browser_of(house.admin).post(path, data=form).status_code == 303


def test_somebody_is_called_by_another_name_and_the_ledger_does_not_say_which(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr, page = browser_of(house.hr), f"/admin/people/{house.coach}"
    assert hr.post(f"{page}/name", data={"name": " "}).status_code == 422
    assert hr.post(f"{page}/name", data={"name": "Coach  Nygift"}).status_code == 303
    assert "Coach Nygift" in hr.get(page).text
    assert browser_of(house.stranger_hr).post(f"{page}/name", data={"name": "x"}).status_code == 404
    with app.app_context():
        query = select(LedgerContent.person_id, LedgerContent.actor_id, LedgerContent.content)
        query = query.join(LedgerEvent).where(LedgerEvent.kind == "person.renamed")
        assert db.session.execute(query).all() == [(house.coach, house.hr, {})]


def test_a_protected_identity_is_not_renamed_by_whoever_does_not_know_the_name(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_protected(house.coach, protected=True)
    hr, page = browser_of(house.hr), f"/admin/people/{house.coach}"
    assert "/name" not in hr.get(page).text
    assert hr.post(f"{page}/name", data={"name": "x"}).status_code == 404


def test_an_employee_number_is_one_persons_within_an_organisation(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)

    def note(person: str, number: str) -> tuple[int, str]:
        form = {"organisation": house.north, "number": number}
        answer = hr.post(f"/admin/people/{person}/number", data=form)
        return answer.status_code, answer.text

    assert note(house.coach, " A  17 ")[0] == 303
    status, text = note(house.colleague, "A 17")
    assert status == 422
    assert "Another person has this employee number" in text
    assert note(house.coach, "A 18")[0] == 303
    assert note(house.colleague, "A 17")[0] == 303, "it is free again"
    with app.app_context():
        assert numbers_of(house.coach) == {house.north: "A 18"}


@pytest.mark.parametrize("number", ["19811218-9876", "811218-9876", "131052-308T", "010190-1234"])
def test_a_personal_identity_number_is_no_employee_number(
    house: House, browser_of: BrowserOf, number: str
) -> None:
    form = {"organisation": house.north, "number": number}
    answer = browser_of(house.hr).post(f"/admin/people/{house.coach}/number", data=form)
    assert answer.status_code == 422
    assert "looks like a personal identity number" in answer.text


def close(browser: FlaskClient, house: House, unit: str, **form: str) -> tuple[int, str]:
    path = f"/admin/organisations/{house.north}/units/{unit}/close"
    answer = browser.post(path, data=form)
    return answer.status_code, answer.text


def test_a_unit_is_closed_with_a_day_and_its_people_go_on_in_another(
    app: Flask, house: House, browser_of: BrowserOf, clock_at: At
) -> None:
    hr = browser_of(house.hr)
    with app.app_context():
        last = today() + timedelta(days=10)
        status, text = close(hr, house, house.home, last=last.isoformat())
        assert status == 422
        assert "Choose the unit in which they go on" in text
        form = {"last": last.isoformat(), "moves_to": house.office}
        assert close(hr, house, house.home, **form)[0] == 303
        after = start_of(last + timedelta(days=1))
        assert roles(house.coach, after - timedelta(seconds=1)) == {("learner", house.home)}
        assert roles(house.coach, after) == {("learner", house.office)}
        with clock_at(after + timedelta(hours=1)):
            page = browser_of(house.hr).get("/admin/people/new").text
            assert "Home care" not in page, "nobody can be put there"
            assert ">Closed<" in browser_of(house.hr).get(
                f"/admin/organisations/{house.north}"
            ).text  # fmt: skip


def test_nobody_is_put_into_a_unit_beyond_its_last_day(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    form = {"last": "2036-01-01", "moves_to": house.office}
    assert close(hr, house, house.home, **form)[0] == 303
    answer = hr.post(
        f"/admin/people/{house.other_coach}/move",
        data={"organisation": house.north, "unit": house.home},
    )
    assert answer.status_code == 422
    assert "This unit is closed" in answer.text
    assert close(hr, house, house.home)[0] == 303, "it stays open after all"
    with app.app_context():
        assert db.session.scalar(select(Unit.closed_at).where(Unit.id == house.home)) is None


def test_a_unit_with_open_ones_below_it_stays_open(
    in_app: Flask, house: House, browser_of: BrowserOf
) -> None:
    form = {"last": today().isoformat(), "moves_to": house.office}
    status, text = close(browser_of(house.hr), house, house.care, **form)
    assert status == 422
    assert "Home care" in text


def test_another_organisations_unit_is_closed_by_nobody_here(
    house: House, browser_of: BrowserOf
) -> None:
    form = {"last": "2036-01-01"}
    assert close(browser_of(house.stranger_hr), house, house.home, **form)[0] == 404
    assert close(browser_of(house.hr), house, house.far, **form)[0] == 404


def test_the_country_of_an_organisation_is_an_administrators_choice(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    path, form = f"/admin/organisations/{house.north}", {"name": "North", "country": "FI"}
    browser_of(house.hr).post(path, data=form)
    assert 'value="SE" selected' in browser_of(house.admin).get(path).text
    browser_of(house.admin).post(path, data=form)
    assert 'value="FI" selected' in browser_of(house.admin).get(path).text
    browser_of(house.admin).post(path, data={"name": "North", "country": "none"})
    assert 'value="FI" selected' in browser_of(house.admin).get(path).text


def test_a_protected_person_is_moved_and_ended_without_being_named(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_protected(house.coach, protected=True)
    hr, path = browser_of(house.hr), f"/admin/people/{house.coach}"
    form = {"organisation": house.north, "unit": house.far}
    assert ">Coach<" not in hr.post(f"{path}/move", data=form).text
    assert hr.post(f"{path}/leave", data={"organisation": house.north}).status_code == 303
    with app.app_context():
        left = db.session.scalar(select(Person.left_at).where(Person.id == house.coach))
        assert left is not None
        assert left <= datetime.now(UTC)


def test_a_role_is_given_for_some_days(app: Flask, house: House, browser_of: BrowserOf) -> None:
    hr, path = browser_of(house.hr), f"/admin/people/{house.coach}/roles"
    form = {"role": "manager", "place": f"{house.north}/{house.care}", "from": "2036-02-01"}
    assert hr.post(path, data={**form, "until": "2036-02-29"}).status_code == 303
    with app.app_context():
        first, after = (start_of(date(2036, month, 1)) for month in (2, 3))
        moments = (first - timedelta(seconds=1), first, after - timedelta(seconds=1), after)
        leads = [("manager", house.care) in roles(house.coach, at) for at in moments]
        assert leads == [False, True, True, False]
    answer = hr.post(path, data={**form, "until": "2036-01-01"})
    assert answer.status_code == 422
    assert "The end must come after the start" in answer.text
    assert "soon is not a date" in hr.post(path, data={**form, "from": "soon"}).text
