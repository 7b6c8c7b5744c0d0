"""HR and managers: whom they see in a round, ask and require it of; and whom they never reach."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.people.memberships import add_membership
from innocap_lms.people.models import Person
from innocap_lms.requirements.noting import Done, complete
from innocap_lms.requirements.services import About
from innocap_lms.rounds.enrolments import Asking
from tests.conftest import House, take_first_steps
from tests.rounds.conftest import FIRST, NOW, Post, Rounds

Browser = Callable[[str], FlaskClient]
ASKED = {"ground": "manager", "answer_by": "2027-03-05"}


def test_a_manager_asks_a_member_of_the_unit_who_is_told_and_answers(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    manager = browser_of(house.manager)
    sent = manager.post(f"/rounds/{round_id}/people", data={**ASKED, "people": [house.coach]})
    assert sent.status_code == 303
    assert rounds.state(round_id, house.coach) == "invited"
    mail = post.work()["coach"]
    assert mail["Subject"] == "Will you take part? First steps"
    assert "Your manager asks you" in mail.get_content()
    assert "Answer by Friday, March 5, 2027" in mail.get_content()
    page = browser_of(house.coach).get(f"/rounds/{round_id}").text
    assert "Yes, I take part" in page
    assert "Your manager asked for it." in page
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    assert rounds.state(round_id, house.coach) == "enrolled"
    assert "Manager asked" in manager.get(f"/rounds/{round_id}/people").text


def test_who_is_asked_may_say_no(rounds: Rounds, house: House, browser_of: Browser) -> None:
    round_id = rounds.add()
    rounds.ask(round_id, house.coach, Asking("hr", FIRST))
    browser_of(house.coach).post(f"/rounds/{round_id}/withdraw")
    assert rounds.state(round_id, house.coach) == "withdrawn"


def test_an_invitation_that_nobody_answers_expires_and_takes_no_seat(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(seats=1)
    rounds.ask(round_id, house.coach, Asking("hr", NOW.date() + timedelta(days=2)))
    browser_of(house.colleague).post(f"/rounds/{round_id}/enrol")
    assert rounds.state(round_id, house.colleague) == "enrolled"
    assert rounds.follow() == 0
    with clock.at(NOW + timedelta(days=3)):
        assert rounds.follow() == 1
    assert rounds.state(round_id, house.coach) == "expired"


def test_a_manager_reaches_the_own_unit_and_below_alone(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    for person in (house.coach, house.other_coach, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    manager = browser_of(house.manager)
    page = manager.get(f"/rounds/{round_id}/people").text
    assert ">Coach<" in page
    assert "Colleague" in page, "may be asked"
    assert "Other Coach" not in page
    assert "Stranger" not in page
    for person in (house.other_coach, house.stranger, "0" * 26):
        data = {**ASKED, "people": [person]}
        assert manager.post(f"/rounds/{round_id}/people", data=data).status_code == 404


def test_hr_reads_and_reaches_its_own_people_alone(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    for person in (house.coach, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    ours, theirs = browser_of(house.hr), browser_of(house.stranger_hr)
    assert "Stranger" not in ours.get(f"/rounds/{round_id}/people").text
    assert "Coach" not in theirs.get(f"/rounds/{round_id}/people").text
    assert "Stranger" in theirs.get(f"/rounds/{round_id}/people").text
    mine = rounds.enrolment(round_id, house.coach)
    assert theirs.post(f"/rounds/{round_id}/people/{mine}/release").status_code == 404
    asked = {"ground": "hr", "answer_by": "2027-03-05", "people": [house.colleague]}
    assert theirs.post(f"/rounds/{round_id}/people", data=asked).status_code == 404
    assert rounds.state(round_id, house.colleague) == ""


def test_the_card_of_a_person_has_their_rounds_for_who_follows_them_up(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    for person in (house.coach, house.stranger):
        take_up = browser_of(person)
        take_up.post(f"/rounds/{round_id}/enrol")
        take_first_steps(take_up)
    with clock.at(NOW + timedelta(minutes=5)):
        rounds.follow()
        card = browser_of(house.hr).get(f"/hr/people/{house.coach}").text
        assert f"/rounds/{round_id}/people" in card
        assert browser_of(house.hr).get(f"/hr/people/{house.stranger}").status_code == 404
        manager = browser_of(house.manager)
        assert f"/rounds/{round_id}/people" in manager.get(f"/hr/people/{house.coach}").text


def test_a_coach_asks_nobody(rounds: Rounds, house: House, browser_of: Browser) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    assert coach.get(f"/rounds/{round_id}/people").status_code == 404
    data = {**ASKED, "people": [house.colleague]}
    assert coach.post(f"/rounds/{round_id}/people", data=data).status_code == 404


def test_a_round_is_told_in_the_words_of_its_readers_organisation(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    words = {"subject-en": "{course} at {organisation}", "opening-en": "Dear {name},"}
    address = f"/hr/notices/{house.north}/round"
    assert browser_of(house.hr).post(address, data={"do": "save", **words}).status_code == 302
    asked = {**ASKED, "people": [house.coach]}
    browser_of(house.manager).post(f"/rounds/{round_id}/people", data=asked)
    mail = post.work()["coach"]
    assert mail["Subject"] == "First steps at North"
    lines = mail.get_content().splitlines()
    assert lines[0] == "Dear Coach,"
    assert lines[2].startswith("Your manager asks you")
    assert any(f"/rounds/{round_id}" in line for line in lines)


def test_a_manager_cannot_require(rounds: Rounds, house: House, browser_of: Browser) -> None:
    round_id = rounds.add()
    data = {"ground": "employer", "people": [house.coach]}
    refused = browser_of(house.manager).post(f"/rounds/{round_id}/people", data=data)
    assert refused.status_code == 422
    assert rounds.state(round_id, house.coach) == ""


def test_what_hr_requires_by_law_cites_it_and_leaves_no_choice(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    hr, data = browser_of(house.hr), {"ground": "law", "people": [house.coach]}
    refused = hr.post(f"/rounds/{round_id}/people", data=data)
    assert refused.status_code == 422
    assert "Cite the provision of the law." in refused.text
    hr.post(f"/rounds/{round_id}/people", data={**data, "provision": "2025:1506, 3 kap."})
    assert rounds.state(round_id, house.coach) == "enrolled"
    assert "North requires it by law: 2025:1506, 3 kap." in post.work()["coach"].get_content()
    coach = browser_of(house.coach)
    assert "2025:1506" in coach.get(f"/rounds/{round_id}").text
    left = coach.post(f"/rounds/{round_id}/withdraw")
    assert left.status_code == 422
    assert "Talk to HR" in left.text
    assert rounds.state(round_id, house.coach) == "enrolled"


def test_requiring_a_seat_that_is_not_there_says_so(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(seats=1)
    both = {"ground": "employer", "people": [house.coach, house.colleague]}
    page = browser_of(house.hr).post(f"/rounds/{round_id}/people", data=both, follow_redirects=True)
    assert "One person is enrolled." in page.text
    assert "no seat is free" in page.text


def test_whose_completion_hr_has_noted_is_named_and_left_alone_until_it_is_to_be_renewed(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    """The course counts for 24 months; near their end it can be renewed."""
    round_id = rounds.add()
    days = {house.coach: NOW - timedelta(30), house.colleague: NOW - timedelta(2 * 365 - 30)}
    with app.app_context(), writing():
        course = offering("first-steps")
        assert course is not None
        for person_id, day in days.items():
            done = Done(day, "Took it in the hall", "List 7")
            complete(About(person_id, house.north, house.hr), course, done)
    page = browser_of(house.hr).post(
        f"/rounds/{round_id}/people",
        data={"ground": "hr", "answer_by": "2027-03-05", "people": list(days)},
        follow_redirects=True,
    )
    assert "Not done: Coach has completed it already." in page.text
    assert rounds.state(round_id, house.coach) == ""
    assert rounds.state(round_id, house.colleague) == "invited"
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    assert rounds.state(round_id, house.coach) == "enrolled", "of their own wish they may"


def test_who_has_completed_or_is_in_it_is_named_and_left_alone(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    take_first_steps(browser_of(house.coach))
    page = browser_of(house.hr).post(
        f"/rounds/{round_id}/people",
        data={"ground": "hr", "answer_by": "2027-03-05", "people": [house.coach]},
        follow_redirects=True,
    )
    assert "Not done: Coach has completed it already." in page.text
    asked = {"ground": "hr", "answer_by": "2027-03-05", "people": [house.colleague]}
    for words in (
        "One person is asked.",
        "Not done: Colleague is in this round, or has been asked",
    ):
        page = browser_of(house.hr).post(
            f"/rounds/{round_id}/people", data=asked, follow_redirects=True
        )
        assert words in page.text


def test_hr_of_one_organisation_who_leads_a_unit_of_another_asks_there_as_its_manager(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    with app.app_context(), writing():
        add_membership(house.stranger_hr, "manager", house.north, house.care)
    both = browser_of(house.stranger_hr)
    page = both.get(f"/rounds/{round_id}/people").text
    assert "Ask as their manager: they answer themselves" in page
    as_hr = {"ground": "hr", "answer_by": "2027-03-05", "people": [house.coach]}
    assert both.post(f"/rounds/{round_id}/people", data=as_hr).status_code == 404
    as_manager = {**as_hr, "ground": "manager"}
    assert both.post(f"/rounds/{round_id}/people", data=as_manager).status_code == 303
    assert rounds.state(round_id, house.coach) == "invited"
    assert "Your manager asked for it." in browser_of(house.coach).get(f"/rounds/{round_id}").text


def test_what_is_wrong_with_an_invitation_is_said_all_at_once(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    hr = browser_of(house.hr)
    page = hr.post(f"/rounds/{round_id}/people", data={"ground": "x", "answer_by": "soon"})
    assert page.status_code == 422
    for words in ("Choose one of these", "soon is not a date", "Choose somebody"):
        assert words in page.text
    late = {"ground": "hr", "answer_by": "2027-03-11", "people": [house.coach]}
    assert "until enrolment closes" in hr.post(f"/rounds/{round_id}/people", data=late).text


def test_hr_ends_a_place_and_a_manager_takes_back_what_a_manager_asked(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    rounds.ask(round_id, house.coach, Asking("manager", FIRST), "manager")
    browser_of(house.colleague).post(f"/rounds/{round_id}/enrol")
    manager = browser_of(house.manager)
    asked, enrolled = (
        f"/rounds/{round_id}/people/{rounds.enrolment(round_id, one)}/release"
        for one in (house.coach, house.colleague)
    )
    assert manager.post(enrolled).status_code == 404
    assert manager.post(asked).status_code == 303
    assert browser_of(house.hr).post(enrolled).status_code == 303
    assert rounds.state(round_id, house.coach) == "cancelled"
    assert rounds.state(round_id, house.colleague) == "cancelled"
    assert set(post.work()) == {"coach", "colleague"}, "and no invitation that holds no more"


def test_a_protected_identity_is_named_to_nobody_and_not_found_by_its_name(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(protected=True))
        db.session.execute(
            update(Person).where(Person.id == house.coach).values(name="Hidden Name")
        )
    hr = browser_of(house.hr)
    assert house.coach in hr.get(f"/rounds/{round_id}/people").text
    assert house.coach not in hr.get(f"/rounds/{round_id}/people?name=Hidden").text
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    page = hr.get(f"/rounds/{round_id}/people").text
    assert "Protected identity" in page
    assert "Hidden Name" not in page


def test_mail_goes_on_a_working_day_in_the_persons_language(
    app: Flask, rounds: Rounds, house: House, post: Post
) -> None:
    round_id = rounds.add()
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(language="sv"))
    friday_evening = NOW + timedelta(days=4, hours=10)
    with clock.at(friday_evening):
        rounds.ask(round_id, house.coach, Asking("hr", FIRST))
        assert post.work() == {}
    assert post.work(friday_evening + timedelta(days=1)) == {}
    monday = friday_evening + timedelta(days=3)
    assert "Hej Coach" in post.work(monday)["coach"].get_content()
