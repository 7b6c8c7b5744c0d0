"""Who is written to, when, and what a digest says; and who is left in peace."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import writing
from innocap_lms.hr import digest_mail
from innocap_lms.people import services as people
from innocap_lms.requirements import reminding, services
from innocap_lms.requirements.office_hours import next_open
from innocap_lms.requirements.rules import Rule
from innocap_lms.requirements.services import About
from tests.conftest import House, take_first_steps
from tests.programmes import walk
from tests.requirements.test_following import follow, require

Browser = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEDNESDAY = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


class Post:
    """The site's mail: what has been sent since it was last looked at, by address."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.folder = app, settings.data_dir / "mail"

    def work(self, at: datetime) -> dict[str, EmailMessage]:
        with clock.at(at), self.app.app_context():
            reminding.ask_for_digests()
            self.app.extensions["innocap_relay"].run_due()
        found = {}
        for file in self.folder.glob("*.eml"):
            message = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            assert message["To"] not in found, "two digests to one person"
            found[str(message["To"])] = message
            file.unlink()
        return found


@pytest.fixture
def post(app: Flask, settings: Settings) -> Post:
    return Post(app, settings)


@pytest.fixture
def required(app: Flask, house: House, course: object) -> str:
    """The course, due on Monday 1 March 2027, of all learners of North."""
    with app.app_context():
        today = clock.utcnow().date()
        rule = Rule("course", "first-steps", "employer", today, due=date(2027, 3, 1))
        found = require(house, rule)
        follow()
        return found


def test_a_digest_names_what_is_late_and_where_to_read_why_once_a_week(
    post: Post, house: House, required: str
) -> None:
    sent = post.work(WEDNESDAY)
    assert set(sent) == {f"{who}@example.org" for who in ("coach", "colleague", "other_coach")}
    text = sent["coach@example.org"].get_content()
    assert "First steps: was due on March 1, 2027 (North)" in text
    assert "/me/requirements" in text
    assert post.work(WEDNESDAY + timedelta(days=1)) == {}
    assert set(post.work(WEDNESDAY + timedelta(days=7))) >= set(sent)


def test_who_has_completed_or_is_paused_or_has_left_is_not_written_to(
    app: Flask, post: Post, house: House, required: str, browser_of: Browser
) -> None:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        with writing():
            services.pause(
                About(house.colleague, house.north, house.hr), clock.utcnow(), None, "Leave"
            )
            people.suspend_person(house.other_coach, actor_id=house.admin)
        follow()
    assert post.work(WEDNESDAY) == {}


def test_what_is_done_between_asking_and_sending_is_not_told(
    app: Flask, post: Post, house: House, required: str, browser_of: Browser
) -> None:
    with app.app_context(), clock.at(WEDNESDAY):
        assert reminding.ask_for_digests() == 3
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        follow()
    assert "coach@example.org" not in post.work(WEDNESDAY)


def test_manager_and_hr_are_told_after_two_and_four_weeks_of_their_own_people_alone(
    post: Post, house: House, required: str
) -> None:
    assert "manager@example.org" not in post.work(WEDNESDAY)
    third = post.work(WEDNESDAY + timedelta(weeks=1))
    text = third["manager@example.org"].get_content()
    assert "Coach, First steps: since March 1, 2027" in text
    assert "Other Coach" not in text
    assert "hr@example.org" not in third
    fifth = post.work(WEDNESDAY + timedelta(weeks=3))
    assert "Other Coach" in fifth["hr@example.org"].get_content()
    assert not {"stranger_hr@example.org", "stranger_manager@example.org"} & set(fifth)


def test_a_protected_identity_is_not_named_to_others(
    app: Flask, post: Post, house: House, required: str
) -> None:
    with app.app_context(), writing():
        people.set_protected(house.coach, protected=True)
    post.work(WEDNESDAY)
    text = post.work(WEDNESDAY + timedelta(weeks=1))["manager@example.org"].get_content()
    assert "Protected identity, First steps" in text
    assert "Coach, First" not in text


def test_outside_office_hours_it_waits_for_the_next_working_day(
    post: Post, house: House, required: str
) -> None:
    saturday = datetime(2027, 3, 6, 9, 0, tzinfo=UTC)
    assert post.work(saturday) == {}
    assert len(post.work(datetime(2027, 3, 8, 7, 5, tzinfo=UTC))) == 3, "a new week, at 8:05"


@pytest.mark.parametrize(
    ("moment", "country", "opens"),
    [
        ("2026-11-24 10:00", "SE", "2026-11-24 10:00"),
        ("2026-11-24 06:30", "SE", "2026-11-24 08:00"),
        ("2026-11-24 17:00", "SE", "2026-11-25 08:00"),
        ("2026-11-27 18:00", "SE", "2026-11-30 08:00"),
        ("2026-12-25 10:00", "IS", "2026-12-28 08:00"),  # Christmas, then a weekend
        ("2027-06-25 10:00", "FI", "2027-06-28 08:00"),  # Midsummer Eve
        ("2027-06-25 10:00", "XX", "2027-06-25 10:00"),
        ("2027-03-28 01:30", "SE", "2027-03-30 08:00"),  # Easter, in the night of summer time
    ],
)
def test_people_are_written_to_on_working_days_from_eight_to_five(
    moment: str, country: str, opens: str
) -> None:
    def there(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)

    assert next_open(there(moment), STOCKHOLM, country) == there(opens)


def test_who_has_begun_is_reminded_too_as_the_last_day_nears(
    post: Post, house: House, required: str, browser_of: Browser, app: Flask
) -> None:
    browser_of(house.coach).post("/courses/first-steps/start")
    with app.app_context():
        follow()
    assert "coach@example.org" not in post.work(datetime(2027, 1, 13, 9, 0, tzinfo=UTC))
    text = post.work(datetime(2027, 2, 10, 9, 0, tzinfo=UTC))["coach@example.org"].get_content()
    assert "First steps: due on March 1, 2027" in text


def test_one_who_learns_and_leads_two_units_gets_one_mail(
    app: Flask, post: Post, house: House, required: str
) -> None:
    with app.app_context():
        with writing():
            for unit in (house.office, house.home):
                people.add_membership(house.manager, "manager", house.north, unit)
            people.add_membership(house.manager, "learner", house.north, house.care)
        follow()
    post.work(WEDNESDAY)
    text = post.work(WEDNESDAY + timedelta(weeks=1))["manager@example.org"].get_content()
    assert "First steps: was due on March 1, 2027" in text
    assert text.count("Colleague, First steps") == 1
    assert "Other Coach, First steps" in text


def test_two_who_are_late_alike_are_two_also_where_neither_is_named(
    app: Flask, post: Post, house: House, required: str
) -> None:
    with app.app_context(), writing():
        for who in (house.coach, house.colleague):
            people.set_protected(who, protected=True)
    mail = post.work(WEDNESDAY + timedelta(weeks=1))["manager@example.org"]
    assert mail["Subject"] == "2 standings have been late for a long time"
    assert mail.get_content().count("Protected identity, First steps") == 2


def test_a_long_list_names_some_and_counts_all(
    monkeypatch: pytest.MonkeyPatch, post: Post, house: House, required: str
) -> None:
    monkeypatch.setattr(digest_mail, "MOST_NAMED", 1)
    mail = post.work(WEDNESDAY + timedelta(weeks=3))["hr@example.org"]
    assert mail["Subject"] == "3 standings have been late for a long time"
    lines = [line for line in mail.get_content().splitlines() if line.startswith("- ")]
    assert lines == ["- Coach, First steps: since March 1, 2027", "- and 2 more"]


@pytest.mark.parametrize(
    ("later", "sent"),
    [
        (timedelta(hours=7, minutes=30), False),  # 17.30 where they are
        (timedelta(hours=23, minutes=30), True),  # the next morning
        (timedelta(days=1, hours=14), False),  # 23.00
        (timedelta(days=3), False),  # Saturday: the next week's digest is the next
    ],
)
def test_what_a_dead_mail_server_has_kept_back_goes_in_office_hours_of_its_week_alone(
    app: Flask, post: Post, house: House, required: str, later: timedelta, sent: bool
) -> None:
    with app.app_context(), clock.at(WEDNESDAY):
        reminding.ask_for_digests()
    with app.app_context(), clock.at(WEDNESDAY + later):
        app.extensions["innocap_relay"].run_due()
    assert bool(list(post.folder.glob("*.eml"))) == sent


def test_what_was_kept_back_over_night_goes_once_in_the_morning(
    app: Flask, post: Post, house: House, required: str
) -> None:
    with app.app_context(), clock.at(WEDNESDAY):
        reminding.ask_for_digests()
    for hours in (8, 10, 14):
        with app.app_context(), clock.at(WEDNESDAY + timedelta(hours=hours)):
            app.extensions["innocap_relay"].run_due()
    assert len(post.work(WEDNESDAY + timedelta(days=1))) == 3


def test_one_digest_comes_after_a_week_without_a_mail_server(
    app: Flask, post: Post, house: House, required: str
) -> None:
    for day in (0, 5):
        with app.app_context(), clock.at(WEDNESDAY + timedelta(days=day)):
            reminding.ask_for_digests()
    assert len(post.work(WEDNESDAY + timedelta(days=5))) == 3


def test_a_programme_is_not_called_a_course(
    app: Flask, post: Post, house: House, tmp_path: Path
) -> None:
    subjects = []
    for target in (("programme", "walker"), ("course", "first-steps")):
        with app.app_context():
            walk(app, tmp_path / target[0])
            day = clock.utcnow().date()
            require(house, Rule(*target, "employer", day, due=date(2027, 3, 1)))
            follow()
        week = timedelta(weeks=len(subjects))
        subjects.append(post.work(WEDNESDAY + week)["coach@example.org"]["Subject"])
    assert subjects == [
        "One programme is waiting for you",
        "2 courses and programmes are waiting for you",
    ]


def test_nobody_is_told_of_a_newcomer_who_could_not_be_in_time(
    app: Flask, post: Post, house: House, required: str
) -> None:
    later = WEDNESDAY + timedelta(weeks=8)
    with app.app_context(), clock.at(later):
        with writing():
            people.add_membership(house.hr, "learner", house.north, house.office)
        follow()
    sent = post.work(later)
    assert "Hr, First steps" not in sent["hr@example.org"].get_content()
    assert "Other Coach, First steps" in sent["hr@example.org"].get_content()
