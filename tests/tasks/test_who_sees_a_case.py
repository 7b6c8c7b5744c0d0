"""Every door to a case, as its learner, its assessors, colleagues, trainers, HR and strangers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent
from innocap_lms.people import services as people
from innocap_lms.people.directory import person_card
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.scope import admin_scope
from innocap_lms.tasks.mail import look_after
from tests.conftest import House, SignInAs
from tests.tasks.conftest import (
    ENOUGH,
    TASK,
    WORDS,
    Browser,
    Pool,
    cases,
    fetch,
    hand_in,
    ledger,
    send,
)

At = Callable[..., Any]
EVERYBODY_ELSE = (
    "colleague", "other_coach", "manager", "hr", "trainer", "admin", "stranger", "stranger_hr",
)  # fmt: skip


@pytest.fixture
def case(app: Flask, coach: FlaskClient, pool: Pool) -> str:
    """A case that is handed in with a file, two of four assessors drawn."""
    pool.add(4)
    send(coach, files=(("notes.txt", b"SECRET notes"),))
    hand_in(coach)
    return cases(app)[0].id


def file_of(browser: FlaskClient, page: str) -> str:
    links = [part.split('"')[0] for part in browser.get(page).text.split('href="')]
    return next(link for link in links if "/files/" in link or "/work/" in link)


def test_the_learner_and_the_drawn_read_the_case_and_its_file(
    case: str, coach: FlaskClient, pool: Pool
) -> None:
    assert WORDS in coach.get(TASK).text
    assert fetch(coach, file_of(coach, TASK)).data == b"SECRET notes"
    for person in pool.seats(case).values():
        browser = pool.browser_of(person)
        assert WORDS in browser.get(f"/assess/{case}").text
        assert fetch(browser, file_of(browser, f"/assess/{case}")).data == b"SECRET notes"
        assert case in browser.get("/assess").text


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_nobody_else_reads_scores_or_hands_over(
    who: str, house: House, case: str, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    browser = browser_of(getattr(house, who))
    drawn = pool.browser_of(pool.seats(case)[1])
    for address in (f"/assess/{case}", file_of(drawn, f"/assess/{case}"), file_of(coach, TASK)):
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"/assess/{case}", data=ENOUGH).status_code == 404
    assert browser.post(f"/assess/{case}/hand-over").status_code == 404
    assert browser.get("/assess").status_code == 404
    assert browser.post(TASK, data={"text": "Mine."}).status_code == 404
    assert "SECRET" not in browser.get(TASK).text


def test_who_learns_in_the_course_too_sees_only_a_case_of_their_own(
    app: Flask, house: House, case: str, coach: FlaskClient, browser_of: Browser
) -> None:
    colleague = browser_of(house.colleague)
    colleague.post("/courses/real-work/start")
    assert "SECRET" not in colleague.get(TASK).text
    assert colleague.get(file_of(coach, TASK)).status_code == 404
    send(colleague, text="My own.")
    assert sorted(each.text for each in cases(app)) == sorted((WORDS, "My own."))


def test_without_a_sign_in_every_door_leads_to_the_sign_in(case: str, client: FlaskClient) -> None:
    for address in ("/assess", f"/assess/{case}", "/assess/cases", TASK):
        assert "/login" in client.get(address).headers["Location"]
    for address in (f"/assess/{case}", TASK, f"/assess/cases/{case}/draw"):
        assert "/login" in client.post(address).headers["Location"]


def test_an_assessor_who_was_not_drawn_gets_404(app: Flask, case: str, pool: Pool) -> None:
    (other,) = pool.add(1)
    browser = pool.browser_of(other)
    assert browser.get(f"/assess/{case}").status_code == 404
    assert browser.post(f"/assess/{case}", data=ENOUGH).status_code == 404
    assert "No case waits for you" in browser.get("/assess").text


def test_an_assessor_who_handed_over_gets_404_from_then_on_and_another_has_the_seat(
    case: str, pool: Pool, app: Flask
) -> None:
    before = pool.seats(case)
    browser = pool.browser_of(before[1])
    file = file_of(browser, f"/assess/{case}")
    assert browser.post(f"/assess/{case}/hand-over").status_code == 303
    for address in (f"/assess/{case}", file):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/assess/{case}", data=ENOUGH).status_code == 404
    assert browser.post(f"/assess/{case}/hand-over").status_code == 404
    after = pool.seats(case)
    assert sorted(after) == [1, 2]
    assert after[1] not in before.values()
    assert "task.handed_over" in ledger(app)


def test_who_has_scored_cannot_hand_over(case: str, pool: Pool) -> None:
    before = pool.seats(case)
    pool.score(case, 1, ENOUGH)
    pool.browser_of(before[1]).post(f"/assess/{case}/hand-over")
    assert pool.seats(case) == before


def test_trainers_and_administrators_see_age_and_seats_and_no_word_of_the_case(
    house: House, case: str, pool: Pool, browser_of: Browser, app: Flask
) -> None:
    for who in (house.trainer, house.admin):
        browser = browser_of(who)
        page = browser.get("/assess/cases").text
        assert "A case of your own" in page
        assert page.count("Assessor ") >= 2
        for hidden in ("SECRET", "notes.txt", "Coach"):
            assert hidden not in page
        seat = page.split(f"/assess/cases/{case}/seats/")[1].split('"')[0]
        before = pool.seats(case)
        assert browser.post(f"/assess/cases/{case}/seats/{seat}").status_code == 303
        assert len(set(before.values()) & set(pool.seats(case).values())) == 1


@pytest.mark.parametrize("who", ["coach", "colleague", "manager", "hr", "stranger_hr"])
def test_nobody_else_sees_who_sits_or_replaces_anybody(
    who: str, house: House, case: str, pool: Pool, browser_of: Browser
) -> None:
    browser = browser_of(getattr(house, who))
    page = browser_of(house.admin).get("/assess/cases").text
    seat = page.split(f"/assess/cases/{case}/seats/")[1].split('"')[0]
    assert browser.get("/assess/cases").status_code == 404
    assert browser.post(f"/assess/cases/{case}/seats/{seat}").status_code == 404
    assert browser.post(f"/assess/cases/{case}/draw").status_code == 404


def test_nobody_sees_or_changes_who_sits_on_a_case_of_their_own(
    app: Flask, house: House, real_work: OfferingView, pool: Pool, browser_of: Browser
) -> None:
    drawn = set(pool.add(4))
    trainer, admin = browser_of(house.trainer), browser_of(house.admin)
    trainer.post("/courses/real-work/start")
    send(trainer)
    hand_in(trainer)
    case = cases(app)[0].id
    before = pool.seats(case)
    assert set(before.values()) <= drawn
    page = admin.get("/assess/cases").text
    seat = f"/assess/cases/{case}/seats/"
    seat += page.split(seat)[1].split('"')[0]
    page = trainer.get("/assess/cases").text
    assert "No case waits" in page
    assert "Assessor " not in page
    assert trainer.post(seat).status_code == 404
    assert trainer.post(f"/assess/cases/{case}/draw").status_code == 404
    assert pool.seats(case) == before
    assert admin.post(seat).status_code == 303
    assert pool.seats(case) != before


def test_a_trainer_of_another_track_sees_none_of_its_cases(
    app: Flask, house: House, case: str, pool: Pool, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        other = people.invite_person(
            name="Another trainer",
            email="another@example.org",
            role="trainer",
            language="en",
            track="somewhere-else",
            organisation_id=house.north,
            send_mail=False,
        )
    page = browser_of(house.admin).get("/assess/cases").text
    seat = page.split(f"/assess/cases/{case}/seats/")[1].split('"')[0]
    browser = browser_of(other)
    assert "No case waits" in browser.get("/assess/cases").text
    assert browser.post(f"/assess/cases/{case}/seats/{seat}").status_code == 404
    assert browser.post(f"/assess/cases/{case}/draw").status_code == 404


def test_follow_up_says_nothing_of_a_case(house: House, case: str, browser_of: Browser) -> None:
    hr = browser_of(house.hr)
    for address in ("/hr", "/hr/reports/completions", f"/hr/people/{house.coach}"):
        page = hr.get(address).text
        assert "SECRET" not in page
        assert "A case of your own" not in page


def test_the_ledger_names_a_case_and_holds_no_word_of_it(app: Flask, case: str, pool: Pool) -> None:
    for seat in (1, 2):
        pool.score(case, seat, {**ENOUGH, "remark": "SECRET remark"})
    with app.app_context():
        held = [str(content) for content in db.session.scalars(select(LedgerContent.content))]
    assert any(case in content for content in held)
    assert not any("SECRET" in content or "notes" in content for content in held)


def end_role(app: Flask, house: House, person: str) -> None:
    with app.app_context():
        card = person_card(admin_scope(viewer_of(house.admin)), person)
        assert card is not None
        with writing():
            people.end_membership(card.roles[0].id, actor_id=house.admin)


def doors(browser: FlaskClient, case: str, file: str) -> set[int]:
    """What the doors of an assessor to a case answer."""
    return {
        fetch(browser, f"/assess/{case}").status_code,
        fetch(browser, file).status_code,
        browser.post(f"/assess/{case}", data=ENOUGH).status_code,
        browser.post(f"/assess/{case}/hand-over").status_code,
    }


def test_an_assessor_whose_role_ended_gets_404_and_another_the_seat(
    app: Flask, house: House, case: str, pool: Pool
) -> None:
    before = pool.seats(case)
    browser = pool.browser_of(before[1])
    file = file_of(browser, f"/assess/{case}")
    end_role(app, house, before[1])
    assert browser.get("/assess").status_code == 404
    assert doors(browser, case, file) == {404}
    with app.app_context():
        look_after()
    after = pool.seats(case)
    assert after[2] == before[2]
    assert after[1] not in before.values()
    assert "task.handed_over" in ledger(app)


def test_the_seat_of_a_suspended_assessor_goes_to_another(
    app: Flask, house: House, case: str, pool: Pool
) -> None:
    before = pool.seats(case)
    with app.app_context():
        with writing():
            people.suspend_person(before[1], actor_id=house.admin)
        look_after()
    after = pool.seats(case)
    assert after[2] == before[2]
    assert after[1] not in before.values()


def test_what_was_scored_before_the_role_ended_counts_and_is_closed_to_whoever_scored(
    app: Flask, house: House, case: str, pool: Pool
) -> None:
    before = pool.seats(case)
    browser = pool.browser_of(before[1])
    file = file_of(browser, f"/assess/{case}")
    pool.score(case, 1, ENOUGH)
    end_role(app, house, before[1])
    with app.app_context():
        look_after()
    assert pool.seats(case) == before
    pool.score(case, 2, ENOUGH)
    assert cases(app)[0].state == "passed"
    assert doors(browser, case, file) == {404}


def test_a_role_elsewhere_or_for_another_track_opens_no_case_drawn_in_the_one_that_ended(
    app: Flask, house: House, case: str, pool: Pool
) -> None:
    drawn = pool.seats(case)[1]
    browser = pool.browser_of(drawn)
    file = file_of(browser, f"/assess/{case}")
    end_role(app, house, drawn)
    with app.app_context(), writing():
        people.add_membership(drawn, "assessor", house.south)
        people.add_membership(drawn, "assessor", house.north, track="somewhere-else")
    assert case not in browser.get("/assess").text
    assert doors(browser, case, file) == {404}
    with app.app_context(), writing():
        people.add_membership(drawn, "assessor", house.north, track="northern")
    assert case in browser.get("/assess").text
    assert WORDS in browser.get(f"/assess/{case}").text


def test_ninety_days_after_the_decision_a_case_is_the_learners_alone(
    app: Flask, case: str, coach: FlaskClient, pool: Pool, clock_at: At, sign_in: SignInAs
) -> None:
    drawn = pool.seats(case)[1]
    browser = pool.browser_of(drawn)
    file = file_of(browser, f"/assess/{case}")
    for seat in (1, 2):
        pool.score(case, seat, ENOUGH)
    decided = cases(app)[0].decided_at
    assert decided is not None
    with clock_at(decided + timedelta(days=89)):
        sign_in(browser, drawn)
        assert case in browser.get("/assess").text
        assert WORDS in browser.get(f"/assess/{case}").text
    with clock_at(decided + timedelta(days=91)):
        sign_in(browser, drawn)
        assert case not in browser.get("/assess").text
        assert doors(browser, case, file) == {404}
