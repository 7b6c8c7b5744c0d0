"""Who is drawn: by track and organisation, never somebody too near, the least burdened first."""

import re

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from innocap_lms.tasks import agreements
from innocap_lms.tasks.mail import look_after
from innocap_lms.tasks.pool import draw
from tests.conftest import House
from tests.tasks.conftest import ENOUGH, SMALL, TASK, Browser, Pool, cases, hand_in, send


def drawn(app: Flask, pool: Pool, address: str = TASK) -> set[str]:
    """Who sits on the newest case of a task."""
    task = address.rpartition("/")[2]
    newest = [case for case in cases(app) if case.task_id == task][-1]
    return set(pool.seats(newest.id).values())


def test_assessors_come_from_the_track_and_the_learners_organisation(
    app: Flask, house: House, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3, track="somewhere-else")
    pool.add(3, house.south)
    own = {*pool.add(1), *pool.add(1, track="northern")}
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == own


def test_organisations_that_agreed_assess_for_each_other_until_they_end_it(
    app: Flask, house: House, coach: FlaskClient, pool: Pool
) -> None:
    near, far = pool.add(1), pool.add(1, house.south)
    with app.app_context(), writing():
        agreements.agree(house.south, house.north, actor_id=house.admin)
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == {*near, *far}
    with app.app_context(), writing():
        agreements.end_agreement(house.north, house.south, actor_id=house.admin)
    send(coach, SMALL)
    hand_in(coach, SMALL)
    assert drawn(app, pool, SMALL) == set(near)


def test_neither_the_learner_nor_whoever_leads_the_learner_is_drawn(
    app: Flask, house: House, coach: FlaskClient, pool: Pool
) -> None:
    with app.app_context(), writing():
        for person in (house.coach, house.manager):  # the manager leads the unit above the coach's
            people.add_membership(person, "assessor", house.north)
    (other,) = pool.add(1)
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == {other}


def test_a_manager_who_learns_is_assessed_neither_by_a_peer_nor_by_whoever_leads_above(
    app: Flask, house: House, real_work: OfferingView, pool: Pool, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        learner, peer = (
            people.invite_person(
                name=name,
                email=f"{name}@example.org",
                role="manager",
                language="en",
                organisation_id=house.north,
                unit_id=house.home,
                send_mail=False,
            )
            for name in ("learner", "peer")
        )
        for person in (peer, house.manager):  # the manager leads the unit above
            people.add_membership(person, "assessor", house.north)
    (other,) = pool.add(1)
    browser = browser_of(learner)
    browser.post("/courses/real-work/start")
    send(browser)
    hand_in(browser)
    assert drawn(app, pool) == {other}


def test_a_closed_account_and_a_role_that_ended_are_not_drawn(
    app: Flask, house: House, coach: FlaskClient, pool: Pool
) -> None:
    closed, open_ = pool.add(2)
    with app.app_context(), writing():
        people.suspend_person(closed, actor_id=house.admin)
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == {open_}


def test_who_has_fewer_open_cases_is_drawn_first(
    app: Flask, house: House, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    busy = set(pool.add(2))
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == busy
    idle = set(pool.add(2))
    colleague = browser_of(house.colleague)
    colleague.post("/courses/real-work/start")
    send(colleague)
    hand_in(colleague)
    others = {case.id: set(pool.seats(case.id).values()) for case in cases(app)}
    assert idle in others.values()


def test_among_equals_chance_decides(
    app: Flask, coach: FlaskClient, pool: Pool, real_work: OfferingView
) -> None:
    pool.add(8)
    send(coach)
    with app.app_context():
        case = cases(app)[0]
        case.organisation_id = pool.house.north
        with writing():
            seen = {draw(case) for _ in range(60)}
    assert len(seen) > 3


def test_a_case_waits_where_the_pool_has_too_few_and_all_say_so(
    app: Flask, house: House, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    (only,) = pool.add(1)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    assert drawn(app, pool) == {only}
    assert "A seat is still free" in pool.browser_of(only).get(f"/assess/{case}").text
    admin = browser_of(house.admin)
    assert "Too few assessors" in admin.get("/assess/cases").text
    admin.post(f"/assess/cases/{case}/draw")
    assert "still has too few" in admin.get("/assess/cases").text
    (late,) = pool.add(1)
    admin.post(f"/assess/cases/{case}/draw")
    assert drawn(app, pool) == {only, late}
    assert "Too few assessors" not in admin.get("/assess/cases").text


def test_free_seats_are_filled_within_the_hour_also_that_of_the_third(
    app: Flask, house: House, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    send(coach)
    hand_in(coach)
    assert drawn(app, pool) == set()
    pool.add(2)
    with app.app_context():
        look_after()
    case = cases(app)[0].id
    assert sorted(pool.seats(case)) == [1, 2]
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, {**ENOUGH, "criterion-question": "no-question", "remark": "No."})
    assert sorted(pool.seats(case)) == [1, 2]
    assert "Too few assessors" in browser_of(house.admin).get("/assess/cases").text
    assert (
        "A seat is still free" in pool.browser_of(pool.seats(case)[1]).get(f"/assess/{case}").text
    )
    pool.add(1)
    with app.app_context():
        look_after()
    assert sorted(pool.seats(case)) == [1, 2, 3]


def test_nobody_is_replaced_while_no_other_can_be_drawn(
    app: Flask, house: House, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    before = pool.seats(case)
    admin = browser_of(house.admin)
    seats = re.findall(rf"/assess/cases/{case}/seats/\w+", admin.get("/assess/cases").text)
    assert len(seats) == 2
    for seat in seats:
        answer = admin.post(seat, follow_redirects=True)
        assert "Nobody else can be drawn, so the assessor stays." in answer.text
    assert pool.seats(case) == before
    (late,) = pool.add(1)
    assert "Another assessor is drawn." in admin.post(seats[0], follow_redirects=True).text
    assert late in pool.seats(case).values()
    assert len(pool.seats(case)) == 2
