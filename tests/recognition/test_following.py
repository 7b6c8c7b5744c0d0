"""A completed programme follows what is corrected of its courses, and its certificate with it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.verification import verify
from innocap_lms.recognition import following
from innocap_lms.recognition.queries import entries
from innocap_lms.requirements.noting import Done, complete
from innocap_lms.requirements.services import About
from tests.conftest import House
from tests.programmes import WAY, take, walk

Browser = Callable[[str], FlaskClient]
# The house of the tests has stood since today: so this happens later.
FIRST, SECOND, THIRD = (datetime(2050, 11, day, 9, tzinfo=UTC) for day in (2, 9, 16))
TODAY = datetime(2050, 11, 23, 9, tzinfo=UTC)


class Walk:
    """The programme `walker`: first-steps, and one of hill-steps and shore-steps."""

    def __init__(self, app: Flask, house: House, browser_of: Browser) -> None:
        self.app, self.house, self.browser_of = app, house, browser_of
        self.now = TODAY
        app.extensions["innocap_relay"].repeating = ()

    def take(self, person: str, *courses: str, begin: str = "start") -> None:
        for course in courses:
            take(self.browser_of(person), course, begin)
        self.relay()

    def relay(self) -> None:
        self.app.extensions["innocap_relay"].run_due()

    def completions(self, person: str, course: str) -> list[Completion]:
        with self.app.app_context():
            rows = select(Completion).where(
                Completion.person_id == person, Completion.course_id == course
            )
            return list(db.session.scalars(rows.order_by(Completion.completed_at)))

    def change(self, course: str, what: str, **form: str) -> None:
        """HR corrects or withdraws the coach's newest completion of a course or programme."""
        self.change_of(self.completions(self.house.coach, course)[-1].id, what, **form)

    def change_of(self, name: str, what: str, **form: str) -> None:
        """The same of any completion, a minute after the change before."""
        address = f"/hr/people/{self.house.coach}/completions/{name}/{what}"
        self.now += timedelta(minutes=1)
        with clock.at(self.now):
            answer = self.browser_of(self.house.hr).post(address, data=form)
            assert answer.status_code == 302, answer.text
            self.relay()

    def counting(self, person: str) -> list[date]:
        """The days of the person's completions of the programme that were not withdrawn."""
        with self.app.app_context():
            return sorted(
                each.day.date()
                for each in entries(person)
                if each.subject == {"programme": "walker"} and not each.withdrawn
            )

    def revoked(self) -> list[tuple[str, str]]:
        """Of each revoked certificate, what it is for, and why."""
        with self.app.app_context():
            assert verify().ok
            rows = db.session.execute(
                select(Certificate.course_id, Revocation.reason)
                .join(Revocation, Revocation.certificate_id == Certificate.id)
                .order_by(Certificate.course_id)
            )
            return [(row[0], row[1]) for row in rows]

    def offers_again(self, person: str, course: str) -> bool:
        page = self.browser_of(person).get(f"/courses/{course}").text
        return f"/courses/{course}/renew" in page

    def page(self, person: str) -> str:
        return " ".join(self.browser_of(person).get("/programmes/walker").text.split())


@pytest.fixture
def walked(app: Flask, house: House, browser_of: Browser, tmp_path: Path) -> Walk:
    """Coach and colleague have completed the programme: first-steps on the 2nd, hill-steps on the
    9th of November."""
    walk(app, tmp_path)
    found = Walk(app, house, browser_of)
    for person in (house.coach, house.colleague):
        with clock.at(FIRST):
            browser_of(person).post("/programmes/walker/start")
            found.take(person, "first-steps")
        with clock.at(SECOND):
            found.take(person, "hill-steps")
        assert found.counting(person) == [SECOND.date()]
    return found


def test_without_one_of_its_courses_a_programme_is_withdrawn_and_goes_on_with_what_is_left(
    house: House, walked: Walk
) -> None:
    with clock.at(TODAY):
        walked.change("hill-steps", "withdrawal", why="Somebody else sat there")
        assert walked.counting(house.coach) == []
        assert walked.counting(house.colleague) == [SECOND.date()], "nobody else's"
        assert walked.revoked() == [
            ("hill-steps", "Somebody else sat there"),
            ("walker", "Somebody else sat there"),
        ]
        page = walked.page(house.coach)
        assert "1 of 2 courses completed" in page
        assert "You completed this programme" not in page
        assert not walked.offers_again(house.coach, "first-steps"), "it counts"
        walked.take(house.coach, "hill-steps", begin="renew")
        assert walked.counting(house.coach) == [TODAY.date()]
        assert "You completed this programme" in walked.page(house.coach)


def test_a_revoked_certificate_of_a_course_takes_the_programme_with_it(
    house: House, walked: Walk, browser_of: Browser
) -> None:
    with clock.at(TODAY):
        certificate = walked.completions(house.coach, "first-steps")[0].certificate_id
        browser_of(house.hr).post(f"/certificates/{certificate}/revocation", data={"why": "Copied"})
        walked.relay()
        assert walked.counting(house.coach) == []
        assert walked.revoked() == [("first-steps", "Copied"), ("walker", "Copied")]


def test_another_course_of_the_choice_that_was_done_in_time_lets_it_stand(
    house: House, walked: Walk
) -> None:
    with clock.at(SECOND):
        walked.take(house.coach, "shore-steps")
    with clock.at(TODAY):
        walked.change("hill-steps", "withdrawal", why="Somebody else sat there")
        assert walked.counting(house.coach) == [SECOND.date()]
        assert walked.revoked() == [("hill-steps", "Somebody else sat there")]


def test_it_is_of_the_day_on_which_its_rule_was_met_by_what_is_known_now(
    house: House, walked: Walk
) -> None:
    """Also where that is another course, done later, or the same on another day."""
    with clock.at(THIRD):
        walked.take(house.coach, "shore-steps")
    with clock.at(TODAY):
        walked.change("hill-steps", "correction", day="2050-11-05", reason="It was a Saturday")
        assert walked.counting(house.coach) == [date(2050, 11, 5)]
        walked.change("first-steps", "correction", day="2050-11-06", reason="And that a Sunday")
        assert walked.counting(house.coach) == [date(2050, 11, 6)]
        walked.change("hill-steps", "withdrawal", why="Somebody else sat there")
        assert walked.counting(house.coach) == [THIRD.date()]
        with walked.app.app_context():
            certificates = db.session.scalars(
                select(Certificate)
                .where(Certificate.person_id == house.coach, Certificate.course_id == "walker")
                .order_by(Certificate.number)
            ).all()
            assert [each.completed_at.date().day for each in certificates] == [9, 5, 6, 16]
            assert [each.supersedes for each in certificates[1:]] == [
                each.id for each in certificates[:-1]
            ]


def test_a_job_that_runs_twice_withdraws_once(
    house: House, walked: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    handlers = walked.app.extensions["innocap_relay"].handlers
    monkeypatch.setitem(handlers, "completion.changed", asked.append)
    with clock.at(TODAY):
        walked.change("hill-steps", "withdrawal", why="Somebody else sat there")
        assert walked.counting(house.coach) == [SECOND.date()], "not in the same transaction"
        for _turn in range(2):
            with walked.app.app_context():
                following.follow(asked[0])
        assert walked.counting(house.coach) == []
        assert walked.revoked()[1] == ("walker", "Somebody else sat there")


def test_a_programme_that_hr_itself_withdrew_is_not_had_back_by_pressing_a_button(
    house: House, walked: Walk, browser_of: Browser
) -> None:
    with clock.at(TODAY):
        walked.change("walker", "withdrawal", why="Not of this programme")
        browser_of(house.coach).post("/programmes/walker/renew")
        assert walked.counting(house.coach) == []
        assert "0 of 2 courses completed" in walked.page(house.coach)


def test_a_right_day_completes_the_programme_that_the_wrong_one_kept_open(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    """The courses count for 24 months."""
    walk(app, tmp_path)
    found = Walk(app, house, browser_of)
    with clock.at(FIRST):
        about, course = About(house.coach, house.north, house.hr), "first-steps"
        with app.app_context(), writing():
            offered = offering(course)
            assert offered is not None
            done = Done(FIRST - timedelta(days=800), "On an old list")
            complete(about, offered, done)
        browser_of(house.coach).post("/programmes/walker/start")
        found.take(house.coach, "hill-steps")
    assert found.counting(house.coach) == []
    found.change(course, "correction", day="2050-10-30", reason="It was this year")
    assert found.counting(house.coach) == [TODAY.date()]


def test_of_a_programme_that_was_taken_again_each_time_stands_on_its_own_courses(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path, f"{WAY}\nvalidity: {{months: 12, renewal_opens_days: 30}}")
    found, coach = Walk(app, house, browser_of), house.coach
    a_year_later = FIRST + timedelta(days=350)
    with clock.at(FIRST):
        browser_of(coach).post("/programmes/walker/start")
        found.take(coach, "first-steps", "hill-steps")
        first = [found.completions(coach, each)[0].id for each in ("first-steps", "hill-steps")]
    with clock.at(a_year_later):
        browser_of(coach).post("/programmes/walker/renew")
        found.take(coach, "first-steps", "hill-steps", begin="renew")
    assert found.counting(coach) == [FIRST.date(), a_year_later.date()]
    found.now = a_year_later + timedelta(days=10)
    found.change_of(first[0], "correction", day="2050-10-31", reason="Two days before")
    assert found.counting(coach) == [FIRST.date(), a_year_later.date()]
    found.change_of(first[1], "withdrawal", why="Somebody else sat there")
    assert found.counting(coach) == [a_year_later.date()]
    assert "You completed this programme" in found.page(coach)
