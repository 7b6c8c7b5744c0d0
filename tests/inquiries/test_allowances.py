"""What one learner may have beyond a quiz's rule: more attempts, more time."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.learning.allowances import (
    AllowanceView,
    TimedAttempt,
    allowance_of,
    extend_time,
    grant_attempt,
    timed_attempts,
)
from innocap_lms.learning.closing import close_what_is_over
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.people import services as people
from tests.inquiries.conftest import Site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAGE = "/studio/courses/first-steps/attempts"


def attempt(app: Flask) -> Attempt:
    with app.app_context():
        return db.session.scalars(select(Attempt)).one()


@pytest.fixture
def timed(site: Site) -> Attempt:
    """The coach's attempt, which ends 20 minutes after NOW."""
    with site.app.app_context(), writing():
        db.session.execute(update(Attempt).values(due_at=NOW + timedelta(minutes=20)))
    return attempt(site.app)


def in_time(app: Flask) -> TimedAttempt:
    """The attempt against the clock. Outside a write transaction."""
    with app.app_context():
        return timed_attempts("first-steps")[0]


def test_nobody_has_more_than_the_rule_until_it_is_given(site: Site, timed: Attempt) -> None:
    enrolment, found = timed.enrolment_id, in_time(site.app)
    with site.app.app_context():
        assert allowance_of(enrolment, "final") == AllowanceView(0, 0)
        with writing():
            grant_attempt(site.house.trainer, enrolment, "final")
            grant_attempt(site.house.trainer, enrolment, "final")
            extend_time(site.house.trainer, found, 15)
        assert allowance_of(enrolment, "final") == AllowanceView(2, 15)
        assert allowance_of(enrolment, "another") == AllowanceView(0, 0)


def test_more_time_moves_the_end_of_the_attempt_under_way(site: Site, timed: Attempt) -> None:
    found = in_time(site.app)
    with site.app.app_context(), clock.at(NOW), writing():
        end = extend_time(site.house.trainer, found, 15)
    now = attempt(site.app)
    assert now.due_at == end == NOW + timedelta(minutes=35)
    assert now.revision == timed.revision + 1, "whoever was about to hand it in finds it changed"
    ((person, actor, content),) = site.noted("time.extended")
    assert (person, actor, content["minutes"]) == (site.house.coach, site.house.trainer, 15)


def test_time_that_was_over_is_counted_from_now(site: Site, timed: Attempt) -> None:
    late, found = NOW + timedelta(hours=1), in_time(site.app)
    with site.app.app_context(), clock.at(late), writing():
        extend_time(site.house.trainer, found, 15)
    assert attempt(site.app).due_at == late + timedelta(minutes=15)


def test_an_attempt_that_got_more_time_is_not_handed_in_at_its_old_end(
    site: Site, timed: Attempt
) -> None:
    later, found = NOW + timedelta(minutes=25), in_time(site.app)
    with site.app.app_context():
        with clock.at(NOW), writing():
            extend_time(site.house.trainer, found, 15)
        with clock.at(later):
            assert close_what_is_over() == 0
        with clock.at(later + timedelta(minutes=15)):
            assert close_what_is_over() == 1


def test_an_attempt_handed_in_between_gets_no_time_and_neither_do_later_ones(
    site: Site, timed: Attempt
) -> None:
    found = in_time(site.app)
    with site.app.app_context(), writing():
        db.session.execute(update(Attempt).values(submitted_at=NOW))
    with site.app.app_context(), writing():
        assert extend_time(site.house.trainer, found, 15) is None
    assert attempt(site.app).due_at == timed.due_at
    with site.app.app_context():
        assert allowance_of(timed.enrolment_id, "final") == AllowanceView()
    assert site.noted("time.extended") == []


def test_a_second_click_gives_no_second_time(site: Site, timed: Attempt) -> None:
    button = f"{PAGE}/{timed.id}/time"
    seen = {"end": timed.due_at.isoformat()} if timed.due_at else {}
    assert f'value="{seen["end"]}"' in site.trainer.get(PAGE).text
    said = [site.trainer.post(button, data=seen, follow_redirects=True).text for _ in range(2)]
    assert "15 minutes more" in said[0]
    assert "given time meanwhile" in said[1]
    with site.app.app_context():
        assert allowance_of(timed.enrolment_id, "final").minutes == 15
    found = in_time(site.app)
    stale = found._replace(due_at=timed.due_at)
    with site.app.app_context(), writing():
        assert extend_time(site.house.trainer, stale, 15) is None


def test_a_trainer_gives_themselves_no_time(site: Site, timed: Attempt) -> None:
    with site.app.app_context(), writing():
        db.session.execute(update(Enrolment).values(person_id=site.house.trainer))
    button = f"{PAGE}/{timed.id}/time"
    assert f'action="{button}"' not in site.trainer.get(PAGE).text
    seen = {"end": timed.due_at.isoformat()} if timed.due_at else {}
    sent = site.trainer.post(button, data=seen, follow_redirects=True)
    assert "Another trainer decides" in sent.text
    assert attempt(site.app).due_at == timed.due_at
    assert site.own_trainer.post(button, data=seen).status_code == 303
    assert len(site.noted("time.extended")) == 1


def test_the_desk_lists_attempts_against_the_clock_and_gives_time_in_one_click(
    site: Site, timed: Attempt
) -> None:
    page = site.own_trainer.get(PAGE).text
    assert "Coach" in page
    assert "Final quiz" in page
    button = f"{PAGE}/{timed.id}/time"
    assert f'action="{button}"' in page
    seen = {"end": timed.due_at.isoformat()} if timed.due_at else {}
    assert site.own_trainer.post(button, data=seen).status_code == 303
    assert attempt(site.app).due_at >= NOW + timedelta(minutes=35)
    assert len(site.noted("time.extended")) == 1


def test_an_attempt_that_was_handed_in_meanwhile_is_left_alone(site: Site, timed: Attempt) -> None:
    with site.app.app_context(), writing():
        db.session.execute(update(Attempt).values(submitted_at=NOW))
    sent = site.trainer.post(f"{PAGE}/{timed.id}/time", follow_redirects=True)
    assert "handed in or given time meanwhile" in sent.text
    assert site.noted("time.extended") == []


@pytest.mark.parametrize("who", ["coach", "colleague", "hr", "manager", "stranger"])
def test_for_others_the_list_of_attempts_is_not_there(site: Site, timed: Attempt, who: str) -> None:
    for browser in (site.browser_of(getattr(site.house, who)), site.other_trainer):
        assert browser.get(PAGE).status_code == 404
        assert browser.post(f"{PAGE}/{timed.id}/time").status_code == 404
    assert attempt(site.app).due_at == timed.due_at
    assert site.trainer.get(PAGE.replace("first-steps", "nothing")).status_code == 404


def test_a_protected_person_is_not_named_among_attempts(site: Site, timed: Attempt) -> None:
    with site.app.app_context(), writing():
        people.set_protected(site.house.coach, protected=True)
    with site.app.app_context():
        assert [each.name for each in timed_attempts("first-steps")] == [""]
    assert "Protected identity" in site.trainer.get(PAGE).text


def test_nobody_against_the_clock_is_said(site: Site) -> None:
    assert "Nobody is working against the clock" in site.trainer.get(PAGE).text
