"""The certificate of a programme: one for each completion, in its own words and design."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.credentials.designs import look
from innocap_lms.credentials.models import Certificate
from innocap_lms.credentials.record import learning_record
from innocap_lms.extensions import db, writing
from innocap_lms.learning.activities import pass_activity
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.queries import viewer_of
from innocap_lms.plugin_host.contract import CertificateDesign
from tests.conftest import House
from tests.credentials.test_pdf import TRACK
from tests.programmes import WAY, add_course, add_programme, add_task, publish, take, walk

Browser = Callable[[str], FlaskClient]


def earn(app: Flask, browser: FlaskClient, place: Path) -> dict[str, object]:
    """Complete the programme and let its certificate be issued; its columns."""
    walk(app, place)
    browser.post("/programmes/walker/start")
    take(browser, "first-steps")
    take(browser, "hill-steps")
    with app.app_context():
        app.extensions["innocap_relay"].run_due()
        row = db.session.execute(
            select(Certificate.__table__).where(Certificate.course_id == "walker")
        ).one()
        return dict(row._mapping)


def test_it_says_what_was_completed_and_that_it_is_a_programme(
    app: Flask, house: House, browser_of: Browser, client: FlaskClient, tmp_path: Path
) -> None:
    found = earn(app, browser_of(house.coach), tmp_path)
    details = found["details"]
    assert isinstance(details, dict)
    assert details["because"] == "Completion rule met: 2 courses completed."
    assert details["outcomes"] == ["Walk all the way"]
    signed = json.loads(str(found["credential"]))["credentialSubject"]["achievement"]
    assert signed["achievementType"] == "LearningProgram"
    assert signed["id"].endswith("/programmes/walker")
    page = client.get(f"/verify/{found['id']}").text
    assert "has completed the programme" in page
    assert "What the programme teaches" in page
    assert "It has not changed since." in page
    asked = {"Accept": "application/json"}
    assert client.get(f"/verify/{found['id']}", headers=asked).get_json()["programme"] == "walker"
    assert client.get(f"/certificates/{found['id']}.pdf").status_code == 200


def test_the_learning_record_tells_a_programme_from_a_course(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    coach = browser_of(house.coach)
    earn(app, coach, tmp_path)
    with app.app_context(), writing():
        settings = app.extensions["innocap_settings"]
        said = learning_record(house.coach, "Coach", "en", settings)
    taken = said["credentialSubject"]["courseTaken"]
    assert sorted(each["type"] for each in taken) == [
        "CourseTaken",
        "CourseTaken",
        "ProgrammeTaken",
    ]


def test_a_design_with_a_name_is_for_the_programme_that_names_it() -> None:
    plain = CertificateDesign(track="north", organisation="North", hue="#111111")
    named = CertificateDesign(hue="#222222", name="lantern")
    designs = [plain, named]
    assert look(TRACK, "north", "North", designs, "en").hue == "#111111"
    assert look(TRACK, "north", "North", designs, "en", "lantern").hue == "#222222"


def test_a_programme_cannot_name_a_design_that_nobody_registers(app: Flask, tmp_path: Path) -> None:
    add_course(app, tmp_path, "hill-steps")
    add_programme(app, tmp_path, way="steps: [first-steps, hill-steps]\ncertificate: lantren")
    app.extensions["innocap_host"].designs.append(CertificateDesign(name="lantern"))
    report = publish(app)["walker"]
    (found,) = report.problems
    assert (found.code, found.line, found.column) == ("C137", 8, 14)
    assert found.advice == "did you mean “lantern”?"
    assert report.published is None


def test_practical_tasks_are_counted_whichever_course_they_are_of_and_whenever_they_pass(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    for name in ("hill-steps", "shore-steps"):
        add_course(app, tmp_path, name)
        add_task(tmp_path, name)
    add_programme(app, tmp_path, way=f"{WAY}\ntasks: 2")
    assert publish(app)["walker"].published
    coach = browser_of(house.coach)
    coach.post("/programmes/walker/start")
    for name in ("first-steps", "hill-steps"):
        take(coach, name)
    coach.post("/courses/shore-steps/start")
    page = coach.get("/programmes/walker").text
    assert "Approved: 0 of 2." in page
    assert "What is left is practical work" in page
    for count, name in enumerate(("hill-steps", "shore-steps"), start=1):
        with app.app_context(), writing():
            enrolment = db.session.scalars(
                select(Enrolment.id).where(
                    Enrolment.course_id == name, Enrolment.person_id == house.coach
                )
            ).one()
            pass_activity(viewer_of(house.coach), enrolment, "own-case", "en", house.trainer)
        assert (walked(app) == 1) is (count == 2)


def walked(app: Flask) -> int:
    """How often the programme has been completed."""
    with app.app_context():
        asked = select(func.count()).where(Completion.course_id == "walker")
        return db.session.scalar(asked.select_from(Completion)) or 0


def test_the_last_two_courses_handed_in_at_the_same_moment_complete_it_once(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    browser_of(house.coach).post("/programmes/walker/start")
    browsers = [browser_of(house.coach) for _ in range(2)]
    addresses = []
    for browser, name in zip(browsers, ("first-steps", "hill-steps"), strict=True):
        browser.post(f"/courses/{name}/start")
        for lesson in ("start-walking", "walk-on"):
            browser.post(f"/courses/{name}/{lesson}/read")
        addresses.append(browser.post(f"/courses/{name}/final/attempts").headers["Location"])
    line = threading.Barrier(2)

    def hand_in(browser: FlaskClient, address: str) -> None:
        line.wait()
        browser.post(address, data={"q-one": ["right"], "q-two": ["first", "second"]})

    threads = [
        threading.Thread(target=hand_in, args=pair)
        for pair in zip(browsers, addresses, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert walked(app) == 1


def test_a_revoked_one_can_be_earned_again_by_taking_its_courses_again(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    coach = browser_of(house.coach)
    number = earn(app, coach, tmp_path)["id"]
    assert "Take it again" not in coach.get("/programmes/walker").text
    form = {"why": "Issued to the wrong person"}
    browser_of(house.hr).post(f"/certificates/{number}/revocation", data=form)
    assert "Take it again" in coach.get("/programmes/walker").text
    coach.post("/programmes/walker/renew")
    assert "0 of 2 courses completed" in coach.get("/programmes/walker").text
    for course in ("first-steps", "hill-steps"):
        take(coach, course, begin="renew")
    with app.app_context():
        app.extensions["innocap_relay"].run_due()
        earned = db.session.scalars(
            select(Certificate.id).where(
                Certificate.course_id == "walker", Certificate.id != number
            )
        ).one()
    assert "still valid" in coach.get(f"/verify/{earned}").text
    assert "It no longer counts" in coach.get(f"/verify/{number}").text
