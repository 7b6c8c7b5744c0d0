"""Mail about cases, and the page on which organisations agree to assess for each other."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people import services as people
from innocap_lms.people.queries import account_of
from innocap_lms.tasks import assessing
from innocap_lms.tasks.mail import look_after
from innocap_lms.tasks.models import Submission
from innocap_lms.tasks.queries import seat_at
from tests.conftest import House
from tests.tasks.conftest import ENOUGH, WEAK, Browser, Pool, cases, hand_in, ledger, send

At = Callable[..., Any]


def mails(app: Flask) -> list[tuple[str, str, str]]:
    """(to, subject, text) of every mail that was sent since the last look."""
    with app.app_context():
        app.extensions["innocap_relay"].run_due()
    found = []
    folder = app.extensions["innocap_settings"].data_dir / "mail"
    for path in sorted(folder.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=default)
        body = message.get_body()
        assert body is not None
        found.append((str(message["To"]), str(message["Subject"]), str(body.get_content())))
        path.unlink()
    return sorted(found)


@pytest.fixture
def case(app: Flask, coach: FlaskClient, pool: Pool) -> str:
    pool.add(2)
    send(coach)
    hand_in(coach)
    return cases(app)[0].id


def test_assessors_are_told_when_they_are_drawn_without_a_word_of_the_case(
    app: Flask, case: str
) -> None:
    sent = mails(app)
    assert [subject for _to, subject, _text in sent] == ["A case to assess"] * 2
    for _to, _subject, text in sent:
        assert f"/assess/{case}" in text
        assert "A case of your own" in text
        assert "SECRET" not in text
        assert "Coach" not in text


def test_the_learner_is_told_once_when_the_case_is_decided(
    app: Flask, case: str, pool: Pool
) -> None:
    mails(app)
    pool.score(case, 1, WEAK)
    assert mails(app) == []
    pool.score(case, 2, WEAK)
    ((to, subject, text),) = mails(app)
    assert (to, subject) == ("coach@example.org", "Your practical task has been assessed")
    assert "/courses/real-work/own-case" in text
    assert "Show it." not in text


def test_who_has_not_scored_is_reminded_three_days_before_and_on_the_day_once_each(
    app: Flask, case: str, pool: Pool, clock_at: At
) -> None:
    promised = cases(app)[0].promised_at
    assert promised is not None
    mails(app)
    pool.score(case, 1, ENOUGH)
    counts = []
    for moment in (
        promised - timedelta(days=3, hours=1),
        promised - timedelta(days=2, hours=23),
        promised - timedelta(days=2),
        promised - timedelta(hours=20),
        promised + timedelta(days=2),
        promised + timedelta(days=8),
    ):
        with clock_at(moment), app.app_context():
            look_after()
            counts.append([subject for _to, subject, _text in mails(app)])
    reminder = ["A case waits for your assessment"]
    assert counts == [[], reminder, [], reminder, [], []]


def test_nobody_is_reminded_of_a_case_that_was_handed_over_or_has_just_been_drawn(
    app: Flask, case: str, pool: Pool, clock_at: At
) -> None:
    promised = cases(app)[0].promised_at
    assert promised is not None
    gone = pool.seats(case)[1]
    pool.add(1)
    with clock_at(promised - timedelta(days=2)), app.app_context():
        seat = seat_at(gone, case)
        assert seat is not None
        with writing():
            assessing.hand_over(seat.assessment_id, gone)
        mails(app)
        look_after()
        sent = mails(app)
    assert [subject for _to, subject, _text in sent] == ["A case waits for your assessment"]
    with app.app_context():
        assert clock.utcnow() < promised


def test_a_third_who_is_drawn_on_the_last_day_is_reminded_too_once(
    app: Flask, case: str, pool: Pool, clock_at: At
) -> None:
    promised = cases(app)[0].promised_at
    assert promised is not None
    pool.add(1)
    with clock_at(promised - timedelta(hours=12)):
        pool.score(case, 1, ENOUGH)
        pool.score(case, 2, WEAK)
        mails(app)
    third, counts = pool.seats(case)[3], []
    for hours in (0, 36, 84, 90, 24 * 9):
        with clock_at(promised - timedelta(hours=12) + timedelta(hours=hours)), app.app_context():
            look_after()
            counts.append([to for to, _subject, _text in mails(app)])
    with app.app_context():
        account = account_of(third)
        assert account is not None
    assert counts == [[], [], [account.email], [], []]


def test_a_case_with_which_something_is_wrong_keeps_no_other_waiting(
    app: Flask, coach: FlaskClient, house: House, pool: Pool, browser_of: Browser
) -> None:
    colleague = browser_of(house.colleague)
    for browser in (coach, colleague):
        browser.post("/courses/real-work/start")
        browser.post("/courses/real-work/read-first/read")
        send(browser)
        hand_in(browser)
    broken, other = sorted(case.id for case in cases(app))
    pool.add(2)
    with app.app_context():
        with writing():
            task = update(Submission).where(Submission.id == broken).values(task_id="none-such")
            db.session.execute(task)
        look_after()
    assert sorted(pool.seats(other)) == [1, 2]
    assert pool.seats(broken) == {}


def test_somebody_without_mail_or_with_a_closed_account_stops_nothing(
    app: Flask, house: House, case: str, pool: Pool
) -> None:
    with app.app_context(), writing():
        people.suspend_person(pool.seats(case)[1], actor_id=house.admin)
    assert len(mails(app)) == 1


def test_an_administrator_lets_two_organisations_assess_for_each_other_and_ends_it(
    app: Flask, house: House, browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    assert "No agreements yet" in admin.get("/admin/agreements").text
    both = {"one": house.north, "other": house.south}
    assert admin.post("/admin/agreements", data=both).status_code == 303
    assert admin.post("/admin/agreements", data={"one": house.south, "other": house.north})
    page = admin.get("/admin/agreements").text
    assert page.count('action="/admin/agreements/end"') == 1
    assert ledger(app, "assessors.%") == ["assessors.agreed"]
    assert admin.post("/admin/agreements/end", data=both).status_code == 303
    assert "No agreements yet" in admin.get("/admin/agreements").text
    assert ledger(app, "assessors.%") == ["assessors.agreed", "assessors.agreement_ended"]


def test_an_agreement_needs_two_organisations(house: House, browser_of: Browser) -> None:
    admin = browser_of(house.admin)
    for one, other, words in (
        (house.north, house.north, "Choose two different organisations."),
        (house.north, "none", "Choose an organisation."),
        ("", house.north, "Choose an organisation."),
    ):
        answer = admin.post("/admin/agreements", data={"one": one, "other": other})
        assert answer.status_code == 422
        assert words in answer.text


@pytest.mark.parametrize("who", ["coach", "trainer", "manager", "hr", "stranger_hr"])
def test_nobody_else_agrees_for_organisations(who: str, house: House, browser_of: Browser) -> None:
    browser, both = browser_of(getattr(house, who)), {"one": house.north, "other": house.south}
    assert browser.get("/admin/agreements").status_code == 404
    assert browser.post("/admin/agreements", data=both).status_code == 404
    assert browser.post("/admin/agreements/end", data=both).status_code == 404
