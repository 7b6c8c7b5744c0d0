"""Somebody who was given a right to a course is told where, and finds the way there again."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.authoring import rights
from innocap_lms.extensions import writing
from innocap_lms.people import services
from tests.conftest import House
from tests.studio.conftest import COURSE, FILES, Browser, relay
from tests.studio.test_writing import keep, save, text_of

WAY = 'href="/studio"'
COLLEAGUE = "colleague@example.org"


def post(app: Flask, to: str = COLLEAGUE) -> list[EmailMessage]:
    """What the outbox has sent somebody."""
    relay(app)
    folder = app.extensions["innocap_settings"].data_dir / "mail"
    files = sorted(folder.glob("*.eml")) if folder.is_dir() else []
    sent = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [mail for mail in sent if mail["To"] == to]


def give(trainer: FlaskClient, **form: Any) -> str:
    sent = {"account": COLLEAGUE, "right": ["author"], **form}
    return trainer.post(f"{COURSE}/people", data=sent, follow_redirects=True).text


def test_the_holder_of_a_right_finds_the_studio_and_nobody_else_is_shown_it(
    house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    give(trainer)
    holder = browser_of(house.colleague)
    assert WAY in holder.get("/account").text
    assert FILES in holder.get("/studio").text
    assert holder.get(FILES).status_code == 200
    for other in (house.coach, house.stranger):
        browser = browser_of(other)
        assert WAY not in browser.get("/account").text
        assert browser.get("/studio").status_code == 404


def test_the_way_is_gone_with_the_right(
    app: Flask, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    give(trainer)
    with app.app_context(), writing():
        (given,) = rights.given_for("northern", "first-steps")
        assert rights.take_back(given.id, "northern", house.trainer)
    assert WAY not in browser_of(house.colleague).get("/account").text
    assert post(app) == [], "what was taken back before the mail is not told"


def test_who_may_only_publish_finds_the_older_editions_although_the_files_are_broken(
    app: Flask, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    keep(trainer, text_of(trainer) + "\nMore.\n")
    save(app, trainer)
    shown = trainer.get(f"{COURSE}/publish").text
    marks = dict(re.findall(r'name="(fingerprint|serving)" value="(\w*)"', shown))
    trainer.post(f"{COURSE}/publish", data=marks)
    keep(trainer, text_of(trainer).replace("title: ", "titel: "))
    save(app, trainer)
    give(trainer, right=["publisher"])
    holder = browser_of(house.colleague)
    assert f'href="{COURSE}/publish"' in holder.get(FILES).text
    page = holder.get(f"{COURSE}/publish").text
    assert "Edition 2 stays in service" in page
    assert f'href="{COURSE}/publish?edition=1"' in page
    page = holder.get(f"{COURSE}/publish?edition=1").text
    for address in re.findall(r'href="(/studio[^"]*)"', page):
        assert holder.get(address).status_code == 200, address
    marks = dict(re.findall(r'name="(fingerprint|serving|edition)" value="(\w*)"', page))
    answer = holder.post(f"{COURSE}/publish", data=marks, follow_redirects=True)
    assert answer.request.path == FILES
    assert "Edition 1 is in service." in answer.text


def test_a_mail_says_which_course_what_may_be_done_and_where(
    app: Flask, trainer: FlaskClient
) -> None:
    assert "A mail tells them where" in give(trainer, right=["author", "publisher"])
    assert "They could do so already" in give(trainer)
    (mail,) = post(app)
    assert mail["Subject"] == "You may work on the course “First steps”"
    text = mail.get_content()
    assert "- write and change its texts" in text
    assert "- publish it" in text
    assert "sign off" not in text
    assert f"http://127.0.0.1:8000{FILES}" in text
    assert post(app, "coach@example.org") == post(app, "stranger@example.org") == []
    # A right that comes later is told alone.
    give(trainer, right=["author", "reviewer"])
    later = [each.get_content() for each in post(app) if each["Message-ID"] != mail["Message-ID"]]
    assert ["sign off" in text and "publish" not in text for text in later] == [True]


def test_a_right_to_a_whole_track_leads_to_all_its_courses_in_the_readers_language(
    app: Flask, house: House, trainer: FlaskClient
) -> None:
    with app.app_context(), writing():
        services.set_preferences(house.colleague, language="sv", timezone=None)
    give(trainer, whole="yes")
    (mail,) = post(app)
    assert mail["Subject"] == "Du får arbeta med kurserna i spåret ”Norra spåret”"
    assert "http://127.0.0.1:8000/studio" in mail.get_content().splitlines()


def test_who_has_no_mail_address_is_to_be_told_by_the_trainer(
    app: Flask, house: House, trainer: FlaskClient
) -> None:
    with app.app_context(), writing():
        services.invite_person(
            name="Kim", email=None, login="kim", role="learner", organisation_id=house.north,
            language="en", send_mail=False,
        )  # fmt: skip
    assert "They have no mail address" in give(trainer, account="kim")
    relay(app)


def test_a_trainer_of_another_track_finds_the_course_in_the_studio(
    app: Flask, house: House, trainer: FlaskClient, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        other = services.invite_person(
            name="Other", email="other@example.org", role="trainer", track="another",
            organisation_id=house.north, language="en", send_mail=False,
        )  # fmt: skip
    assert FILES not in browser_of(other).get("/studio").text
    give(trainer, account="other@example.org")
    assert FILES in browser_of(other).get("/studio").text
    # Of the own track it stands above, whatever else was given.
    assert "They could do so" not in give(trainer, account="trainer@example.org")
    assert "Courses of other tracks" not in trainer.get("/studio").text
