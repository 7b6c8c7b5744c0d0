"""A coach's way through a programme, and what completes it once, whatever comes when."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from innocap_lms import clock
from innocap_lms.catalogue.cards import track_cards
from innocap_lms.catalogue.queries import editions_of, offering
from innocap_lms.catalogue.services import put_back
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.learning.calls import call_for_renewal, take_back
from innocap_lms.learning.completing import complete_programmes
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.requirements import noting
from innocap_lms.requirements.noting import revoke
from innocap_lms.requirements.services import About
from tests.conftest import House
from tests.programmes import WAY, add_course, add_programme, publish, take, walk

Browser = Callable[[str], FlaskClient]
JOIN = "/programmes/walker/start"


def completed(app: Flask) -> list[str]:
    """What has been completed, in order."""
    with app.app_context():
        rows = select(Completion.course_id).order_by(Completion.completed_at, Completion.kind)
        return list(db.session.scalars(rows))


def page(browser: FlaskClient) -> str:
    response = browser.get("/programmes/walker")
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_enough_of_each_step_completes_the_programme_once_with_its_own_certificate(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    coach = browser_of(house.coach)
    assert coach.post(JOIN).headers["Location"] == "/programmes/walker"
    take(coach, "first-steps")
    assert "1 of 2 courses completed" in page(coach)
    take(coach, "shore-steps")
    assert completed(app) == ["first-steps", "shore-steps", "walker"]
    take(coach, "hill-steps")
    with app.app_context(), writing():
        assert complete_programmes(house.coach) == []
    assert completed(app).count("walker") == 1
    with app.app_context():
        jobs = db.session.scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(OutboxMessage.kind == "certificate.issue")
        )
        assert jobs == 4
    assert "You completed this programme" in page(coach)
    assert "2 courses are completed" in page(coach)


def test_what_was_completed_before_joining_counts_at_once(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    coach = browser_of(house.coach)
    take(coach, "first-steps")
    take(coach, "hill-steps")
    assert "walker" not in completed(app)
    assert "2 of 2 courses completed" in page(coach), "also before one joins"
    coach.post(JOIN)
    assert "walker" in completed(app)


def test_a_choice_is_not_met_by_more_of_another_step(coach: FlaskClient, app: Flask) -> None:
    take(coach, "hill-steps")
    take(coach, "shore-steps")
    assert "walker" not in completed(app)
    assert "1 of 2 courses completed" in page(coach)


def test_what_was_done_in_another_organisation_does_not_count_here(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    stranger = browser_of(house.stranger)
    take(stranger, "first-steps")
    take(stranger, "hill-steps")
    with app.app_context(), writing():
        for row in db.session.scalars(select(Completion)).all():
            row.organisation_id = house.north
    assert "0 of 2 courses completed" in page(stranger)
    stranger.post(JOIN)
    assert "walker" not in completed(app)


@pytest.mark.parametrize("kind", ["completion.revoked", "certificate.revoked"])
def test_a_course_that_was_revoked_does_not_count(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path, kind: str
) -> None:
    walk(app, tmp_path)
    coach = browser_of(house.coach)
    take(coach, "first-steps")
    with app.app_context(), writing():
        name = db.session.scalars(select(Completion.id)).one()
        about = About(house.coach, house.north, house.hr)
        if kind == "completion.revoked":
            revoke(about, name, {"course": "first-steps"}, "It was somebody else.")
        else:
            about.say(kind, clock.utcnow(), {"completion": name, "course": "first-steps"})
    assert "0 of 2 courses completed" in page(coach)
    coach.post(JOIN)
    take(coach, "hill-steps")
    assert "walker" not in completed(app)


def test_a_course_that_has_lapsed_does_not_count_until_it_is_renewed(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    with clock.at(clock.utcnow() - timedelta(days=800)):  # they are valid for 24 months
        take(browser_of(house.coach), "first-steps")
    coach = browser_of(house.coach)
    coach.post(JOIN)
    take(coach, "hill-steps")
    assert "walker" not in completed(app)
    take(coach, "first-steps", begin="renew")
    assert "walker" in completed(app)


def test_what_hr_notes_as_completed_counts_until_it_lapses_or_is_withdrawn(
    coach: FlaskClient, app: Flask, house: House
) -> None:
    about, today = About(house.coach, house.north, house.hr), clock.utcnow()
    with app.app_context():
        first, hill = (offering(name) for name in ("first-steps", "hill-steps"))
        assert first is not None
        assert hill is not None
        with writing():
            long_ago = noting.Done(today - timedelta(days=800), "Seen the paper.")
            noting.complete(about, first, long_ago)
            withdrawn = noting.complete(about, hill, noting.Done(today, "Seen it."))
            noting.revoke(about, withdrawn, {"course": "hill-steps"}, "It was another course.")
    assert "0 of 2 courses completed" in page(coach)
    take(coach, "hill-steps")
    assert "walker" not in completed(app)
    with app.app_context(), writing():
        noting.complete(about, first, noting.Done(today, "Seen the new paper."))
    assert "walker" in completed(app), "and it was HR who did the last thing"


def test_two_courses_completed_in_transactions_that_do_not_see_each_other_complete_it_once(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    browser_of(house.coach).post(JOIN)
    about = About(house.coach, house.north, house.hr)
    begun, done = threading.Event(), threading.Event()

    def the_other_waits() -> bool:
        """On SQLite it cannot even begin; on PostgreSQL it comes to a row that is locked."""
        if db.engine.dialect.name == "sqlite":
            return True
        with db.engine.connect() as beside:
            held_up = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(beside.scalar(held_up))

    def note(course_id: str, *, first: bool) -> None:
        if not first:
            assert begun.wait(30)
        with app.app_context():
            course = offering(course_id)
            assert course is not None
            with writing():
                noting.complete(about, course, noting.Done(clock.utcnow(), "Seen it."))
                if first:
                    begun.set()
                    end = time.monotonic() + 30
                    while not (done.is_set() or the_other_waits()):  # nothing is to be seen yet
                        assert time.monotonic() < end, "the other neither waits nor ends"
                        time.sleep(0.01)
        if not first:
            done.set()

    threads = [
        threading.Thread(target=note, args=("first-steps",), kwargs={"first": True}),
        threading.Thread(target=note, args=("hill-steps",), kwargs={"first": False}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert completed(app).count("walker") == 1


def test_the_ledger_names_the_programme_its_edition_and_what_completed_it(
    coach: FlaskClient, app: Flask
) -> None:
    take(coach, "first-steps")
    take(coach, "hill-steps")
    with app.app_context():
        rows = db.session.execute(
            select(LedgerEvent.kind, LedgerContent.content)
            .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
            .where(LedgerEvent.kind.in_(("enrolled", "completed")))
        ).all()
    of_it = {row.kind: row.content for row in rows if "programme" in row.content}
    assert of_it.keys() == {"enrolled", "completed"}
    assert all(each["programme"] == "walker" and each["edition"] for each in of_it.values())
    assert set(of_it["completed"]["because"]["courses_completed"]) == {"first-steps", "hill-steps"}
    assert all("course" not in each for each in of_it.values())


def test_a_programme_is_open_to_look_at_and_its_way_is_ones_own(
    coach: FlaskClient, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    take(coach, "first-steps")
    stranger = page(client)
    assert "Sign in to join" in stranger
    assert "courses completed" not in stranger
    assert client.post(JOIN).status_code in (302, 303)
    assert "0 of 2 courses completed" in page(browser_of(house.colleague))
    for address in ("/programmes/first-steps", "/programmes/nothing", "/courses/walker"):
        assert coach.get(address).status_code == 404
    assert coach.post("/programmes/first-steps/start").status_code == 404


def test_a_programme_that_lapses_is_taken_again_by_taking_its_courses_again(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path, f"{WAY}\nvalidity: {{months: 12, renewal_opens_days: 30}}")
    then = clock.utcnow() - timedelta(days=350)
    with clock.at(then):
        coach = browser_of(house.coach)
        coach.post(JOIN)
        take(coach, "first-steps")
        take(coach, "hill-steps")
    coach = browser_of(house.coach)
    assert "Take it again to renew" in page(coach)
    assert coach.post("/programmes/walker/renew").status_code == 303
    assert "0 of 2 courses completed" in page(coach)
    assert "What you earned stays until then" in page(coach)
    assert completed(app).count("walker") == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 4
    for course in ("first-steps", "hill-steps"):
        assert "Take it again" in coach.get(f"/courses/{course}").text, "it counts, but not anew"
        take(coach, course, begin="renew")
    assert completed(app).count("walker") == 2
    assert "What you earned stays until then" not in page(coach)
    assert "Take it again" not in coach.get("/courses/first-steps").text
    assert "Take it again" not in page(coach)


def test_whoever_completed_a_programme_that_asks_to_be_taken_again_reads_so_and_when_no_longer(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    with clock.at(clock.utcnow() - timedelta(days=30)):
        for browser in (browser_of(house.coach), browser_of(house.stranger)):
            browser.post(JOIN)
            for course in ("first-steps", "hill-steps"):
                take(browser, course)
    coach, colleague = browser_of(house.coach), browser_of(house.colleague)
    colleague.post(JOIN)
    assert due(coach) == ""
    shared = tmp_path / "walker.programme.md"
    shared.write_text(shared.read_text(encoding="utf-8").replace("hours: 3", "hours: 4"))
    assert publish(app)["walker"].published
    with app.app_context():
        first, second = editions_of("walker")[::-1]
        with writing():
            call_for_renewal(second, None)
    for asked in (coach, browser_of(house.stranger)):
        assert "The walker" in due(asked)
        assert "Renewal open" in due(asked)
        for said in (due(asked), page(asked)):
            assert "To be taken again since" in said
    for said in (due(colleague), page(colleague)):
        assert "To be taken again" not in said, "they have not completed it yet"
    with app.app_context(), writing():
        put_back("walker", first.number)
        take_back(first, None)
    assert due(coach) == ""
    for said in (coach.get("/me").text, page(coach)):
        assert "that was taken back on" in said


def test_a_programme_that_has_lapsed_is_due_on_ones_own_page(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path, f"{WAY}\nvalidity: {{months: 12, renewal_opens_days: 30}}")
    with clock.at(clock.utcnow() - timedelta(days=400)):
        coach = browser_of(house.coach)
        coach.post(JOIN)
        take(coach, "first-steps")
        take(coach, "hill-steps")
    found = due(browser_of(house.coach))
    assert "The walker" in found
    assert "Expired" in found


def due(browser: FlaskClient) -> str:
    """What is due on one's own page."""
    return browser.get("/me").text.partition('<h2 id="due">')[2].partition("</section>")[0]


def test_only_the_courses_of_a_programme_that_is_taken_again_can_be(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path, f"{WAY}\nvalidity: {{months: 12, renewal_opens_days: 30}}")
    add_course(app, tmp_path, "other-steps")
    publish(app)
    with clock.at(clock.utcnow() - timedelta(days=350)):
        for who in (house.coach, house.colleague):
            coach = browser_of(who)
            coach.post(JOIN)
            for course in ("first-steps", "hill-steps", "other-steps"):
                take(coach, course)
    coach, colleague = browser_of(house.coach), browser_of(house.colleague)
    coach.post("/programmes/walker/renew")
    refused = (coach, "other-steps"), (colleague, "first-steps")
    for browser, course in refused:
        assert "Take it again" not in browser.get(f"/courses/{course}").text
        answer = browser.post(f"/courses/{course}/renew", follow_redirects=True)
        assert "nothing to renew in this course yet" in answer.text


def test_a_course_that_must_come_after_another_opens_when_that_is_completed(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    add_course(app, tmp_path, "hill-steps", "prerequisites: [first-steps]\nenforce: block")
    publish(app)
    coach = browser_of(house.coach)
    before = coach.get("/courses/hill-steps").text
    assert "You can start once you have completed" in before
    assert "Start the course" not in before
    refused = coach.post("/courses/hill-steps/start", follow_redirects=True).text
    assert "Complete what comes first" in refused
    assert coach.get("/courses/hill-steps/walk-on").status_code == 302
    take(coach, "first-steps")
    assert "Start the course" in coach.get("/courses/hill-steps").text
    take(coach, "hill-steps")
    assert completed(app) == ["first-steps", "hill-steps"]


def test_who_is_in_a_course_already_stays_when_it_begins_to_ask_for_another(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    add_course(app, tmp_path, "hill-steps")
    publish(app)
    coach = browser_of(house.coach)
    coach.post("/courses/hill-steps/start")
    shared = tmp_path / "hill-steps" / "course.md"
    text = shared.read_text(encoding="utf-8")
    more = "prerequisites: [first-steps]\nenforce: block\nreviewed:"
    shared.write_text(text.replace("reviewed:", more), encoding="utf-8")
    assert publish(app)["hill-steps"].published
    assert coach.post("/courses/hill-steps/start").headers["Location"].endswith("/start-walking")
    assert "You can start once" not in coach.get("/courses/hill-steps").text


def test_a_course_that_advises_another_lets_everybody_in_and_says_so(
    app: Flask, house: House, browser_of: Browser, client: FlaskClient, tmp_path: Path
) -> None:
    add_course(app, tmp_path, "hill-steps", "prerequisites: [first-steps]")
    publish(app)
    coach = browser_of(house.coach)
    assert "Not completed" in coach.get("/courses/hill-steps").text
    assert coach.post("/courses/hill-steps/start").headers["Location"].endswith("/start-walking")
    take(coach, "first-steps")
    assert "You have it" in coach.get("/courses/hill-steps").text
    stranger = client.get("/courses/hill-steps").text
    assert "Good to have completed first" in stranger
    assert "Not completed" not in stranger


def test_a_programme_can_wait_for_another(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    add_programme(app, tmp_path, "beginner", "steps: [first-steps]")
    add_programme(
        app, tmp_path, "walker", "steps: [first-steps]\nprerequisites: [beginner]\nenforce: block"
    )
    publish(app)
    coach = browser_of(house.coach)
    assert "You can join once" in page(coach)
    coach.post(JOIN)
    take(coach, "first-steps")
    assert completed(app) == ["first-steps"]
    coach.post("/programmes/beginner/start")
    coach.post(JOIN)
    assert completed(app) == ["first-steps", "beginner", "walker"]


def test_the_lists_show_it_beside_the_courses(
    coach: FlaskClient, house: House, browser_of: Browser
) -> None:
    for address in ("/", "/tracks/northern"):
        assert '<a href="/programmes/walker">The walker</a>' in coach.get(address).text
    assert '<a href="/programmes/walker">The walker</a>' in coach.get("/courses/hill-steps").text
    home = coach.get("/me").text
    assert "My programmes" in home
    assert '<a href="/programmes/walker">The walker</a>' in home
    assert "My programmes" not in browser_of(house.colleague).get("/me").text


def test_a_track_shows_its_courses_in_the_order_of_its_programme(
    app: Flask, tmp_path: Path
) -> None:
    walk(app, tmp_path, "steps: [shore-steps, first-steps, hill-steps]")
    with app.test_request_context():
        (track,) = [card for card in track_cards("en") if card.slug == "northern"]
    assert [card.id for card in track.courses] == ["shore-steps", "first-steps", "hill-steps"]


def test_moving_to_another_organisation_leaves_the_programme_where_it_was_begun(
    coach: FlaskClient, app: Flask, house: House
) -> None:
    take(coach, "first-steps")
    with app.app_context(), writing():
        people.add_membership(house.coach, "learner", house.south, house.far)
    assert "1 of 2 courses completed" in page(coach)
