"""What the leader of a round sees and does: counts, the help people ask for, who was there."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.hr.hours import attended_hours
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import memberships
from innocap_lms.people.models import Membership, Person
from innocap_lms.people.queries import viewer_of
from tests.conftest import House
from tests.rounds.conftest import FIRST, LAST, Post, Rounds, at
from tests.rounds.test_arranging import form

Browser = Callable[[str], FlaskClient]
SECRET = "I lost my way in lesson two."


def enrolled(rounds: Rounds, house: House, browser_of: Browser) -> str:
    round_id = rounds.add()
    for person in (house.coach, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    return round_id


def minutes(rounds: Rounds, round_id: str, **by_person: int) -> dict[str, str]:
    return {
        f"minutes-{rounds.enrolment(round_id, getattr(rounds.house, who))}": str(number)
        for who, number in by_person.items()
    }


def test_who_arranges_a_round_finds_the_slides_of_its_course(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    page = f"/rounds/{rounds.add()}/desk"
    slides = "/courses/first-steps/facilitator/slides/walk-on"
    assert f'href="{slides}"' in browser_of(house.trainer).get(page).text
    arranging = browser_of(house.hr).get(page)
    assert arranging.status_code == 200
    assert slides not in arranging.text


def test_the_leader_sees_counts_and_no_name_before_a_session(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    page = browser_of(house.trainer).get(f"/rounds/{round_id}/desk").text
    assert "2 of 2 seats taken" in page
    assert ">Coach" not in page
    assert "Stranger" not in page
    first = rounds.sessions(round_id)[0]
    address = f"/rounds/{round_id}/sessions/{first}"
    assert browser_of(house.trainer).get(address).status_code == 404


def test_the_attendance_list_names_members_from_the_day_until_two_weeks_after_the_round(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    address = f"/rounds/{round_id}/sessions/{rounds.sessions(round_id)[0]}"
    with clock.at(at(FIRST, 0)):
        page = browser_of(house.trainer).get(address).text
        assert "Coach" in page
        assert "Stranger" in page
        assert "once the session has begun" in page
    with clock.at(at(LAST + timedelta(days=14), 23)):
        assert browser_of(house.trainer).get(address).status_code == 200
    with clock.at(at(LAST + timedelta(days=15), 1)):
        assert browser_of(house.trainer).get(address).status_code == 404


def test_nobody_but_the_leader_opens_the_list(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    address = f"/rounds/{round_id}/sessions/{rounds.sessions(round_id)[0]}"
    with app.app_context(), writing():  # another trainer of North arranges, and does not lead
        memberships.add_membership(house.colleague, "trainer", house.north)
    with clock.at(at(FIRST, 10)):
        others = (house.colleague, house.hr, house.manager, house.admin, house.coach)
        for person in (*others, house.stranger_hr):
            assert browser_of(person).get(address).status_code == 404
            assert browser_of(person).post(address).status_code == 404
        assert browser_of(house.colleague).get(f"/rounds/{round_id}/desk").status_code == 200


def test_whoever_is_no_trainer_any_more_leads_no_more(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    with app.app_context():
        role = db.session.scalar(select(Membership.id).where(Membership.person_id == house.trainer))
        with writing():
            memberships.end_membership(str(role))
    with clock.at(at(FIRST, 10)):
        address = f"/rounds/{round_id}/sessions/{rounds.sessions(round_id)[0]}"
        assert browser_of(house.trainer).get(address).status_code == 404
        assert browser_of(house.trainer).get(f"/rounds/{round_id}/desk").status_code == 404


def test_hours_are_what_the_leader_confirms_and_each_change_is_kept(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    address = f"/rounds/{round_id}/sessions/{rounds.sessions(round_id)[0]}"
    with clock.at(at(FIRST, 11)):
        trainer = browser_of(house.trainer)
        for sent in ({"coach": 180, "stranger": 0}, {"coach": 90}, {"coach": 90}):
            data = minutes(rounds, round_id, **sent)
            assert trainer.post(address, data=data).status_code == 303
        page = browser_of(house.coach).get(f"/rounds/{round_id}").text
        assert "90 minutes confirmed" in page
        assert "Hours confirmed: 180 minutes" in page
        assert "the leader (Trainer)" in page
        assert "1.5" in browser_of(house.hr).get(f"/rounds/{round_id}/people").text
    with app.app_context():
        kept = db.session.execute(
            select(LedgerContent.content, LedgerContent.actor_id)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "round.attended", LedgerContent.person_id == house.coach)
        ).all()
        assert sorted((row[0]["minutes"], row[1]) for row in kept) == [
            (90, house.trainer),
            (180, house.trainer),
        ]


def test_hours_cannot_be_confirmed_before_beyond_or_for_others(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id, other = enrolled(rounds, house, browser_of), rounds.add()
    browser_of(house.colleague).post(f"/rounds/{other}/enrol")
    first, second = rounds.sessions(round_id)
    with clock.at(at(FIRST, 8)):
        trainer = browser_of(house.trainer)
        data = minutes(rounds, round_id, coach=30)
        early = trainer.post(f"/rounds/{round_id}/sessions/{first}", data=data)
        assert early.status_code == 422
    with clock.at(at(FIRST, 10)):
        address = f"/rounds/{round_id}/sessions/{first}"
        data = minutes(rounds, round_id, coach=181)
        assert trainer.post(address, data=data).status_code == 400
        data = minutes(rounds, other, colleague=30)
        assert trainer.post(address, data=data).status_code == 404
        assert trainer.post(f"/rounds/{round_id}/sessions/{second}").status_code == 404
        assert trainer.post(f"/rounds/{other}/sessions/{first}").status_code == 404


def test_a_session_with_confirmed_hours_is_neither_moved_nor_taken_away(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    first = rounds.sessions(round_id)[0]
    with clock.at(at(FIRST, 11)):
        trainer = browser_of(house.trainer)
        data = minutes(rounds, round_id, coach=60)
        trainer.post(f"/rounds/{round_id}/sessions/{first}", data=data)
        page = trainer.post(f"/rounds/{round_id}/change", data=form(house))
    assert page.status_code == 422
    assert "Hours are confirmed for a session" in page.text


def test_a_protected_identity_stands_on_the_list_by_a_mark_its_owner_knows(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(protected=True))
    mark = rounds.enrolment(round_id, house.coach)[-4:]
    with clock.at(at(FIRST, 10)):
        address = f"/rounds/{round_id}/sessions/{rounds.sessions(round_id)[0]}"
        page = browser_of(house.trainer).get(address).text
        assert f"Protected identity {mark}" in page
        assert "Coach" not in page
        assert mark in browser_of(house.coach).get(f"/rounds/{round_id}").text


def test_help_reaches_the_leader_by_name_and_nobody_else(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    coach = browser_of(house.coach)
    assert coach.post(f"/rounds/{round_id}/help", data={"text": " "}).status_code == 422
    assert coach.post(f"/rounds/{round_id}/help", data={"text": SECRET}).status_code == 303
    mail = post.work()["trainer"]
    assert SECRET not in mail.get_content()
    assert "Coach" not in mail.get_content()
    desk = browser_of(house.trainer).get(f"/rounds/{round_id}/desk").text
    assert SECRET in desk
    assert ">Coach<" in desk
    assert SECRET not in browser_of(house.hr).get(f"/rounds/{round_id}/desk").text
    assert SECRET not in browser_of(house.hr).get(f"/rounds/{round_id}/people").text
    assert SECRET not in browser_of(house.stranger).get(f"/rounds/{round_id}").text
    help_id = desk.partition(f"/rounds/{round_id}/help/")[2].partition('"')[0]
    address = f"/rounds/{round_id}/help/{help_id}"
    assert browser_of(house.hr).post(address, data={"text": "x"}).status_code == 404
    refused = browser_of(house.trainer).post(address, data={"text": "Ask 811218-9876"})
    assert refused.status_code == 422
    assert "personal identity number" in refused.text
    assert "Ask 811218-9876</textarea>" in refused.text, "what was typed stays"
    assert (
        browser_of(house.trainer).post(address, data={"text": "Read it again."}).status_code == 303
    )
    assert browser_of(house.trainer).post(address, data={"text": "Late."}).status_code == 404
    page = coach.get(f"/rounds/{round_id}").text
    assert "Read it again." in page
    assert "Late." not in page


def test_only_members_ask_for_help_and_not_without_end(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    address = f"/rounds/{round_id}/help"
    assert browser_of(house.colleague).post(address, data={"text": SECRET}).status_code == 404
    coach = browser_of(house.coach)
    answers = [coach.post(address, data={"text": f"{SECRET} {number}"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [422]


def test_hours_attended_are_summed_by_month_and_unit_within_the_own_scope(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = enrolled(rounds, house, browser_of)
    first, second = rounds.sessions(round_id)
    with clock.at(at(LAST, 16)):
        trainer = browser_of(house.trainer)
        for session, number in ((first, 180), (second, 50)):
            data = minutes(rounds, round_id, coach=number, stranger=number)
            trainer.post(f"/rounds/{round_id}/sessions/{session}", data=data)
        dashboard = browser_of(house.hr).get("/hr").text
    assert '<svg class="columns attended"' in dashboard
    table = dashboard.partition('id="attended-hours-table-caption"')[2].partition("</table>")[0]
    assert "Home care" in table
    assert '<td class="number">3.8</td>' in table, "230 minutes"
    assert "Far away" not in table
    assert 'class="columns planned"' not in dashboard, "nobody has completed the course"

    def hours(person: str, day: date = date(2027, 12, 31), **where: str) -> dict[str, float]:
        with app.app_context():
            found = attended_hours(viewer_of(person), day, **where)
            assert found.months[-1] == day.replace(day=1)
            return {unit: round(sum(numbers), 2) for unit, numbers in found.units.items()}

    assert hours(house.hr) == hours(house.manager) == {house.home: 3.83}
    assert hours(house.stranger_hr) == {house.far: 3.83}
    assert hours(house.coach) == {}
    assert hours(house.hr, LAST - timedelta(days=1)) == {house.home: 3.0}
    assert hours(house.hr, date(2028, 3, 1)) == {}, "twelve months and no more"
    assert hours(house.admin, organisation=house.south) == {house.far: 3.83}
    assert hours(house.hr, unit=house.care) == {house.home: 3.83}
    assert hours(house.hr, unit=house.office) == {}
