"""An organisation's own words around the digest: who writes them, what they may hold, who reads."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.people import services as people
from innocap_lms.people.models import NoticeText
from innocap_lms.people.notices import filled
from innocap_lms.requirements import services
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.requirements.test_following import follow, require
from tests.requirements.test_reminding import WEDNESDAY, Post

BrowserOf = Callable[[str], FlaskClient]
OWN = {
    "subject-en": "{number} to do in {organisation}",
    "opening-en": "Dear {name},\r\nplease look at this:",
    "closing-en": "Warmly, HR",
}


@pytest.fixture
def post(app: Flask, settings: Settings) -> Post:
    return Post(app, settings)


@pytest.fixture
def required(app: Flask, house: House, course: object) -> None:
    """The course, of all learners of North, due on Monday 1 March 2027."""
    with app.app_context():
        today = clock.utcnow().date()
        require(house, Rule("course", "first-steps", "employer", today, due=date(2027, 3, 1)))
        follow()


def save(browser: FlaskClient, organisation: str, **words: str) -> None:
    form = {"do": "save", **{name.replace("_", "-"): text for name, text in words.items()}}
    assert browser.post(f"/hr/notices/{organisation}", data=form).status_code == 302


@pytest.mark.usefixtures("required")
def test_a_digest_has_the_words_of_its_organisation_around_the_list(
    post: Post, house: House, browser_of: BrowserOf
) -> None:
    save(browser_of(house.hr), house.north, **OWN)
    mail = post.work(WEDNESDAY)["coach@example.org"]
    assert mail["Subject"] == "1 to do in North"
    lines = mail.get_content().splitlines()
    assert lines[:2] == ["Dear Coach,", "please look at this:"]
    assert "- First steps: was due on March 1, 2027 (North)" in lines
    assert any("/me/requirements" in line for line in lines)
    assert lines[-1] == "Warmly, HR"


@pytest.mark.usefixtures("required")
def test_where_nothing_is_written_in_the_readers_language_the_site_speaks(
    post: Post, house: House, browser_of: BrowserOf
) -> None:
    save(browser_of(house.hr), house.north, subject_sv="{number} att göra")
    mail = post.work(WEDNESDAY)["coach@example.org"]
    assert mail["Subject"] == "One course is waiting for you"
    assert mail.get_content().startswith("Hello Coach,")


def test_a_digest_of_two_organisations_has_the_words_of_neither(
    app: Flask, post: Post, house: House, required: None, browser_of: BrowserOf
) -> None:
    save(browser_of(house.hr), house.north, **OWN)
    with app.app_context():
        with writing():
            people.add_membership(house.coach, "learner", house.south, house.far)
            day = clock.utcnow().date()
            rule = Rule("course", "first-steps", "employer", day, due=date(2027, 3, 1))
            services.set_requirement(house.south, rule, house.stranger_hr)
        follow()
    sent = post.work(WEDNESDAY)
    assert sent["coach@example.org"]["Subject"] == "2 courses are waiting for you"
    assert sent["colleague@example.org"]["Subject"] == "1 to do in North"


@pytest.mark.usefixtures("required")
def test_a_place_that_is_wrong_in_the_table_breaks_no_mail(
    app: Flask, post: Post, house: House
) -> None:
    with app.app_context(), writing():
        db.session.execute(
            insert(NoticeText).values(
                organisation_id=house.north,
                reader="learner",
                language="en",
                subject="{nobody} {0} {name.__class__}",
                opening="{ {name} }",
                closing="{number",
                set_at=clock.utcnow(),
            )
        )
    mail = post.work(WEDNESDAY)["coach@example.org"]
    assert mail["Subject"] == "{nobody} {0} {name.__class__}"
    assert mail.get_content().startswith("{ Coach }")


def test_a_name_that_looks_like_a_place_stays_a_name() -> None:
    facts = {"name": "{number}", "number": 3, "organisation": "{name}"}
    assert filled("{name} of {organisation}: {number}", facts) == "{number} of {name}: 3"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("subject-en", "Dear {who}", "There is no place {who}"),
        ("opening-sv", "{name.__class__}", "There is no place {name.__class__}"),
        ("closing-en", "{name", "stands alone"),
        ("closing-en", "name}", "stands alone"),
        ("subject-en", "One\r\nBcc: everybody@example.org", "A subject is one line."),
        ("subject-sv", "x" * 151, "At most 150 characters."),
        ("opening-en", "x" * 2001, "At most 2000 characters."),
        ("opening-en", "Hello\x07", "invisible character after “Hello”"),
    ],
)
def test_a_bad_place_is_told_at_its_field_and_the_preview_still_comes(
    house: House, browser_of: BrowserOf, field: str, text: str, said: str
) -> None:
    for do in ("try", "save"):
        answer = browser_of(house.hr).post(
            f"/hr/notices/{house.north}", data={field: text, "do": do}
        )
        assert answer.status_code == 422
        error = answer.text.partition(f'id="field-{field}-error"')[2].partition("</p>")[0]
        assert said in error
        assert answer.text.count("/me/requirements") == 2, "one preview in each language"


def test_a_preview_shows_made_up_people_in_each_language_and_saves_nothing(
    house: House, browser_of: BrowserOf
) -> None:
    hr, address = browser_of(house.hr), f"/hr/notices/{house.north}"
    page = hr.post(address, data={**OWN, "do": "try"}).text
    assert "2 to do in North" in page
    assert "Dear Maja Example," in page
    assert "2 kurser väntar på dig" in page
    assert 'value="{number}' not in hr.get(address).text


@pytest.mark.parametrize(
    ("reader", "link"), [("invitation", "/invitations/…"), ("round", "/rounds/…")]
)
def test_invitations_and_rounds_have_a_preview_and_places_of_their_own(
    house: House, browser_of: BrowserOf, reader: str, link: str
) -> None:
    hr, address = browser_of(house.hr), f"/hr/notices/{house.north}/{reader}"
    page = hr.post(address, data={"subject-en": "{name} in {organisation}", "do": "try"}).text
    assert "Maja Example in North" in page
    assert page.count(link) == 2, "one preview in each language"
    refused = hr.post(address, data={"subject-en": "{number}", "do": "save"})
    assert refused.status_code == 422
    assert "There is no place {number}" in refused.text
    assert browser_of(house.stranger_hr).get(address).status_code == 404


def test_words_are_the_business_of_that_organisations_hr(
    house: House, browser_of: BrowserOf
) -> None:
    address = f"/hr/notices/{house.north}"
    for who in (house.manager, house.stranger_hr, house.coach):
        browser = browser_of(who)
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={**OWN, "do": "save"}).status_code == 404
    assert browser_of(house.hr).get("/hr/notices").headers["Location"] == address
    assert "South" in browser_of(house.admin).get("/hr/notices").text
    assert browser_of(house.admin).get(address).status_code == 200


@pytest.mark.usefixtures("required")
def test_managers_and_hr_read_words_of_their_own_around_those_who_are_late(
    post: Post, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    save(hr, f"{house.north}/manager", subject_en="{number} of your unit")
    save(hr, f"{house.north}/hr", opening_en="{name}, of all {organisation}:")
    sent = post.work(WEDNESDAY + timedelta(weeks=3))
    assert sent["manager@example.org"]["Subject"] == "2 of your unit"
    assert sent["manager@example.org"].get_content().startswith("Hello Manager,")
    assert sent["hr@example.org"].get_content().startswith("Hr, of all North:")
    assert sent["hr@example.org"]["Subject"] == "3 standings have been late for a long time"
    assert sent["coach@example.org"]["Subject"] == "One course is waiting for you"


def test_each_kind_of_reader_has_a_preview_of_what_it_gets(
    house: House, browser_of: BrowserOf
) -> None:
    hr, address = browser_of(house.hr), f"/hr/notices/{house.north}"
    for reader in ("manager", "hr"):
        page = hr.post(f"{address}/{reader}", data={**OWN, "do": "try"}).text
        assert page.count("/hr/matrix?state=late") == 2, "one preview in each language"
        assert "Kim Example, An example course: since" in page
        assert "2 to do in North" in page
    assert hr.get(f"{address}/nobody").status_code == 404


def test_an_invitation_has_the_words_of_the_organisation_it_brings_somebody_to(
    app: Flask, post: Post, house: House, browser_of: BrowserOf
) -> None:
    own = {"subject_en": "Welcome to {organisation}", "opening_en": "Dear {name},\nwe are glad."}
    save(browser_of(house.hr), f"{house.north}/invitation", **own, closing_en="Warmly, HR")
    with app.app_context(), writing():
        for person, organisation in (("Nina Ny", house.north), ("Sven Syd", house.south)):
            people.invite_person(
                name=person,
                email=f"{person.split()[0].lower()}@example.org",
                role="learner",
                language="en",
                organisation_id=organisation,
            )
    sent = post.work(WEDNESDAY)
    nina = sent["nina@example.org"]
    assert nina["Subject"] == "Welcome to North"
    text = nina.get_content()
    assert text.splitlines()[:2] == ["Dear Nina Ny,", "we are glad."]
    assert "/invite/" in text
    assert text.splitlines()[-2:] == ["", "Warmly, HR"]
    assert sent["sven@example.org"].get_content().startswith("Hello Sven Syd,")
    assert "North" not in sent["sven@example.org"]["Subject"]


def test_emptied_words_are_those_of_the_site_again(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    save(hr, house.north, **OWN)
    assert "Warmly, HR" in hr.get(f"/hr/notices/{house.north}").text
    save(hr, house.north)
    with app.app_context():
        assert db.session.query(NoticeText).count() == 0
