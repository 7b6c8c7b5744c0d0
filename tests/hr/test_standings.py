"""The matrix, why, requirements and what HR notes: each sees their own, and the words are true."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.people.models import Person
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.noting import correct
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About
from tests.conftest import House, take_first_steps
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
MATRIX, REQUIREMENTS = "/hr/matrix", "/hr/requirements"


@pytest.fixture
def required(app: Flask, house: House, course: object) -> str:
    """The course, required of North for 20 days, due today: its id."""
    with app.app_context():
        start = clock.utcnow() - timedelta(days=20)
        with clock.at(start):
            rule = Rule("course", "first-steps", "law", start.date(), provision="2025:1506",
                        due_days=60)  # fmt: skip
            found = require(house, rule)
        follow()
        return found


def today() -> date:
    """The day it is at the site, which late in the evening is one ahead of UTC's."""
    return clock.utcnow().astimezone(ZoneInfo("Europe/Stockholm")).date()


def test_each_sees_the_people_of_their_scope(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    def named(person: str) -> set[str]:
        text = browser_of(person).get(MATRIX).text
        return {name for name in ("Coach", "Colleague", "Other Coach") if f">{name}</a>" in text}

    assert named(house.hr) == {"Coach", "Colleague", "Other Coach"}
    assert named(house.admin) == {"Coach", "Colleague", "Other Coach"}
    assert named(house.manager) == {"Coach", "Colleague"}
    assert named(house.stranger_hr) == named(house.stranger_manager) == set()


@pytest.mark.parametrize("path", [MATRIX, REQUIREMENTS, "/hr/requirements/new"])
def test_for_learners_and_trainers_the_pages_do_not_exist(
    house: House, browser_of: BrowserOf, path: str
) -> None:
    assert browser_of(house.coach).get(path).status_code == 404
    assert browser_of(house.trainer).get(path).status_code == 404


def test_why_is_told_to_those_whose_scope_it_is_in(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    address = f"{MATRIX}/{house.coach}/{required}"
    page = browser_of(house.hr).get(address).text
    assert "Required by law: 2025:1506" in page
    assert "Due 60 days after it begins to ask somebody" in page
    assert "There is no due date" not in page
    assert browser_of(house.manager).get(address).status_code == 200
    other = f"{MATRIX}/{house.other_coach}/{required}"
    assert browser_of(house.manager).get(other).status_code == 404
    assert browser_of(house.stranger_hr).get(address).status_code == 404
    assert browser_of(house.hr).get(f"{MATRIX}/{house.stranger}/{required}").status_code == 404
    assert browser_of(house.hr).get(f"{MATRIX}/{house.coach}/{'0' * 26}").status_code == 404


def test_it_is_narrowed_by_state_unit_name_and_requirement(
    house: House, required: str, browser_of: BrowserOf, app: Flask
) -> None:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        follow()
    hr = browser_of(house.hr)

    def named(query: str) -> set[str]:
        text = hr.get(f"{MATRIX}?{query}").text
        return {name for name in ("Coach", "Colleague", "Other Coach") if f">{name}</a>" in text}

    assert named("state=in_order") == {"Coach"}
    assert named("state=valid") == {"Coach"}
    assert named("state=to_do") == {"Colleague", "Other Coach"}
    assert named(f"unit={house.care}") == {"Coach", "Colleague"}
    assert named("name=other") == {"Other Coach"}
    assert "1 person is asked for something" in hr.get(f"{MATRIX}?name=other").text
    assert hr.get(f"{MATRIX}?requirement=none").status_code == 404
    assert named("state=nonsense") == {"Coach", "Colleague", "Other Coach"}


def test_the_dashboard_is_narrowed_too_and_leads_on_to_the_matrix_of_it(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    page = hr.get(f"/hr?unit={house.care}")
    assert page.status_code == 200
    assert f"{MATRIX}?unit={house.home}" in page.text
    assert f"{MATRIX}?unit={house.care}&amp;requirement={required}" in page.text
    page = hr.get(f"/hr?requirement={required}")
    assert page.status_code == 200
    assert f"{MATRIX}?requirement={required}" in page.text


@pytest.mark.usefixtures("history")
def test_the_tracks_of_a_narrowed_dashboard_are_those_of_that_unit_and_day(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    for query, persons, participations in (
        ("", 3, 4),
        (f"unit={house.office}", 1, 1),
        (f"unit={house.care}&on=2026-04-30", 1, 1),
    ):
        page = hr.get(f"/hr?{query}").text
        table = page.partition('id="numbers"')[2].partition("</table>")[0]
        last = re.findall(r'class="number">(\d+)<', table)[-2:]
        assert last == [str(persons), str(participations)], query
    assert f"unit={house.care}&amp;to=2026-04-30" in page


def test_the_headline_parts_its_sentences(
    app: Flask, house: House, course: object, browser_of: BrowserOf, clock_at: At
) -> None:
    with app.app_context():
        require(
            house, Rule("course", "first-steps", "own", today(), due_days=10, validity_months=2)
        )
        take_first_steps(browser_of(house.coach))
        follow()
    with clock_at(clock.utcnow() + timedelta(days=20)):
        page = " ".join(browser_of(house.hr).get("/hr").text.split())
    assert re.search(r"anything. Most late requirements are in .*\w. One standing lapses", page)


def test_a_day_that_cannot_be_is_named(house: House, required: str, browser_of: BrowserOf) -> None:
    for path in (MATRIX, "/hr"):
        answer = browser_of(house.hr).get(f"{path}?on=soon")
        assert answer.status_code == 400
        assert "soon is not a date" in answer.text


def test_a_past_day_is_shown_as_it_was_and_as_it_was_known(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    """A correction, recorded a week later, changes what was true and not what was shown."""
    day = today()
    with app.app_context(), clock_at(clock.utcnow() - timedelta(days=20)), writing():
        people.add_membership(house.coach, "learner", house.north, house.care)
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        follow()
        with clock_at(clock.utcnow() + timedelta(days=7)):
            completion = db.session.scalars(select(Completion.id)).one()
            about = About(house.coach, house.north, house.hr)
            with writing():
                correct(about, completion, {"course": "first-steps"},
                        clock.utcnow() - timedelta(days=10), "Wrong day")  # fmt: skip
            follow()
        then = (day - timedelta(days=2)).isoformat()
        with clock_at(clock.utcnow() + timedelta(days=8)):
            hr = browser_of(house.hr)
            known = hr.get(f"{MATRIX}?on={then}&name=Coach&state=valid").text
            shown = hr.get(f"{MATRIX}?on={then}&known=shown&name=Coach&state=valid").text
    assert ">Coach</a>" in known
    assert ">Coach</a>" not in shown
    assert "what became known later is left out" in shown


def test_a_requirement_is_tried_out_then_saved_and_asks_from_then_on(
    app: Flask, house: House, course: object, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    form = {
        "target": "course:first-steps",
        "ground": "law",
        "provision": "2025:1506, 3 kap. 4 §",
        "roles": "learner",
        "units": house.care,
        "starts": today().isoformat(),
        "due_days": "30",
    }
    tried = hr.post("/hr/requirements/new", data={**form, "do": "try"})
    assert "would be added" in tried.text
    assert "<strong>2</strong>" in tried.text
    with app.app_context():
        assert db.session.scalar(select(RequirementRow.id)) is None, "nothing is saved by trying"
    assert hr.post("/hr/requirements/new", data={**form, "do": "save"}).status_code == 302
    with app.app_context():
        follow()
        event = db.session.scalars(
            select(LedgerEvent).where(LedgerEvent.kind == "requirement.set")
        ).one()
        assert event.organisation_id == house.north
    page = hr.get(REQUIREMENTS).text
    assert "Learners in Care and below" in page
    assert "Required by law: 2025:1506, 3 kap. 4 §" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("target", "", "Choose what is required."),
        ("target", "course:none-such", "Choose what is required."),
        ("ground", "", "Choose the ground."),
        ("provision", "", "Name the law and the section that require it."),
        ("starts", "soon", "soon is not a date"),
        ("starts", "", "Choose the day from which it is required."),
        ("due_days", "many", "Write a whole number, such as 30."),
        ("due_days", "99999", "Write a number from 0 to 3650."),
        ("validity_months", "0", "Write a number from 1 to 240."),
        ("due", "2199-01-01", "Choose a day or a number of days, not both."),
        ("due", "9999-12-31", "Write a day from 1990-01-01 to 2199-12-31."),
        ("units", "0" * 26, "Choose a unit of this organisation."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    app: Flask, house: House, course: object, browser_of: BrowserOf,
    field: str, value: str, said: str,
) -> None:  # fmt: skip
    form = {
        "target": "course:first-steps",
        "ground": "law",
        "provision": "2025:1506",
        "starts": today().isoformat(),
        "due_days": "30",
        "do": "save",
        field: value,
    }
    answer = browser_of(house.hr).post("/hr/requirements/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    with app.app_context():
        assert db.session.scalar(select(RequirementRow.id)) is None


def test_another_organisations_requirement_is_not_there(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    for stranger in (house.stranger_hr, house.manager):
        browser = browser_of(stranger)
        assert browser.get(f"{REQUIREMENTS}/{required}").status_code == 404
        assert browser.post(f"{REQUIREMENTS}/{required}", data={}).status_code == 404
    assert "first-steps" not in browser_of(house.stranger_hr).get(REQUIREMENTS).text
    new = browser_of(house.stranger_hr).post(
        "/hr/requirements/new", data={"organisation": house.north}
    )
    assert new.status_code == 404


def test_a_pause_is_noted_by_hr_and_its_reason_read_by_hr_and_the_person_alone(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    hr, address = browser_of(house.hr), f"/hr/people/{house.coach}"
    form = {"kind": "pause", "first": "", "reason": "Parental leave"}
    assert hr.post(f"{address}/note", data={**form, "reason": ""}).status_code == 422
    assert hr.post(f"{address}/note", data=form).status_code == 302
    with app.app_context():
        follow()
    assert "Parental leave" in hr.get(address).text
    card = browser_of(house.manager).get(address).text
    assert "Pause" in card
    assert "Parental leave" not in card
    assert "Parental leave" in browser_of(house.coach).get("/me/requirements").text
    assert "Paused" in hr.get(f"{MATRIX}?name=Coach").text
    last = today() + timedelta(days=400)
    hr.post(f"{address}/note", data={**form, "last": last.isoformat()})
    assert f"until {format_date(last, 'long', locale='en_GB')}" in hr.get(address).text
    for stranger in (house.stranger_hr, house.manager, house.coach):
        assert browser_of(stranger).post(f"{address}/note", data=form).status_code == 404


def test_what_was_noted_can_be_ended_once_and_only_by_hr(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    hr, address = browser_of(house.hr), f"/hr/people/{house.coach}"
    for kind in ("exempt", "credit"):
        sent = {"kind": kind, "requirement": required, "reason": "Seen", "evidence": "Diploma 7"}
        assert hr.post(f"{address}/note", data=sent).status_code == 302
    with app.app_context():
        follow()
    assert "Exempt" in hr.get(f"{MATRIX}?name=Coach").text
    page = hr.get(address).text
    [end] = [part.split('"')[0] for part in page.split('action="')[1:] if "/end" in part[:200]]
    assert browser_of(house.stranger_hr).post(end).status_code == 404
    assert hr.post(end).status_code == 302
    assert hr.post(end).status_code == 404
    [credit] = re.findall(rf'href="({address}/completions/\w+)"', page)
    assert "Write the reason." in hr.post(f"{credit}/withdrawal").text
    assert hr.post(f"{credit}/withdrawal", data={"why": "No diploma"}).status_code == 302
    with app.app_context():
        follow()
    assert ">Coach</a>" in hr.get(f"{MATRIX}?state=to_do").text


def test_a_pause_that_was_over_earlier_is_ended_on_its_last_day(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    due = today() + timedelta(days=60 + 6)  # 60 days from the first, and six of the pause
    with clock_at(clock.utcnow() + timedelta(days=20)):
        hr, address = browser_of(house.hr), f"/hr/people/{house.coach}"
        first, last = today() - timedelta(days=10), today() - timedelta(days=5)
        note = {"kind": "pause", "first": first.isoformat(), "reason": "Parental leave"}
        assert hr.post(f"{address}/note", data=note).status_code == 302
        [end] = re.findall(r'action="([^"]+/end[^"]*)"', hr.get(address).text)
        before = (first - timedelta(days=1)).isoformat()
        for wrong, words in ((before, "is before the first"), ("soon", "soon is not a date")):
            assert words in hr.post(end, data={"last": wrong}, follow_redirects=True).text
        assert hr.post(end, data={"last": last.isoformat()}).status_code == 302
        why = hr.get(f"{MATRIX}/{house.coach}/{required}").text
        assert f"moved the last day to {format_date(due, 'long', locale='en_GB')}." in why
        was = format_date(due - timedelta(days=6), "long", locale="en_GB")
        assert f"Due on {was}. A pause moved" in why
        with app.app_context():
            follow()
        assert ">Coach</a>" not in hr.get(f"{MATRIX}?state=paused&on={today()}").text


def test_a_note_that_is_sent_twice_is_noted_once(
    house: House, required: str, browser_of: BrowserOf
) -> None:
    hr, address = browser_of(house.hr), f"/hr/people/{house.coach}"
    for kind in ("pause", "exempt"):
        sent = {"kind": kind, "requirement": required, "reason": f"{kind} once", "last": ""}
        for _time in range(2):
            assert hr.post(f"{address}/note", data=sent).status_code == 302
        assert hr.get(address).text.count(f"{kind} once") == 1
        hr.post(f"{address}/note", data={**sent, "reason": f"{kind} again"})
        assert hr.get(address).text.count(f"{kind} again") == 1, "another reason is another note"


def test_a_last_day_before_today_is_refused_when_it_is_still_yesterday_in_utc(
    house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    with clock_at(datetime(2026, 11, 28, 23, 30, tzinfo=UTC)):  # the 29th in Stockholm
        sent = {"kind": "pause", "reason": "Leave", "last": "2026-11-28"}
        page = browser_of(house.hr).post(f"/hr/people/{house.coach}/note", data=sent)
    assert page.status_code == 422
    assert "The last day is before the first." in page.text


def test_a_requirement_whose_form_is_sent_twice_is_one(
    house: House, course: OfferingView, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    [name] = re.findall(r'name="new" value="(\w{26})"', hr.get(f"{REQUIREMENTS}/new").text)
    sent = {"target": "course:first-steps", "ground": "own", "roles": "learner", "do": "save",
            "starts": today().isoformat(), "new": name}  # fmt: skip
    for _time in range(2):
        assert hr.post(f"{REQUIREMENTS}/new", data=sent).status_code == 302
    assert hr.get(REQUIREMENTS).text.count(f'href="{REQUIREMENTS}/{name}"') == 1
    stranger = browser_of(house.stranger_hr)
    assert stranger.post(f"{REQUIREMENTS}/new", data=sent).status_code == 404
    assert name not in stranger.get(REQUIREMENTS).text


def test_what_no_form_offers_is_refused(
    house: House, course: OfferingView, browser_of: BrowserOf
) -> None:
    sent = {"target": "course:first-steps", "ground": "own", "starts": today().isoformat(),
            "do": "save"}  # fmt: skip
    hr = browser_of(house.hr)
    for field, words in (
        ("equivalents", "Choose courses of the list."),
        ("roles", "Choose roles of the list."),
        ("units", "Choose a unit of this organisation."),
        ("provision", "Use at most 200 characters."),
        ("tags", "At most 20 tags of 60 characters."),
    ):
        value = "x" * 201 if field in ("provision", "tags") else house.far
        page = hr.post(f"{REQUIREMENTS}/new", data={**sent, field: value})
        assert page.status_code == 422
        assert words in page.text


def test_the_dashboard_says_who_is_late_in_a_sentence(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    hr = browser_of(house.hr)
    assert "3 of 3 people are not late with anything." in " ".join(hr.get("/hr").text.split())
    later = (today() + timedelta(days=90)).isoformat()
    text = " ".join(hr.get(f"/hr?on={later}").text.split())
    assert "0 of 3 people are not late with anything." in text
    assert "Most late requirements are in Care › Home care." in text


def test_a_learner_reads_at_home_what_is_due_and_who_asks(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    coach = browser_of(house.coach)
    assert "All that is required of me" in coach.get("/me").text
    with clock_at(clock.utcnow() + timedelta(days=45)):
        page = browser_of(house.coach).get("/me").text
    assert "North requires it." in page
    assert "Due soon" in page
    assert "All that is required of me" not in browser_of(house.stranger).get("/me").text


def test_a_protected_identity_is_named_nowhere(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        people.set_protected(house.colleague, protected=True, actor_id=house.admin)
    hr = browser_of(house.hr)
    for path in (MATRIX, f"{MATRIX}/{house.colleague}/{required}", f"/hr/people/{house.colleague}"):
        page = hr.get(path).text
        assert "Colleague" not in page
        assert "Protected identity" in page
    assert "Protected identity" not in hr.get(f"{MATRIX}?name=colleague").text


def test_the_matrix_as_csv_holds_what_the_page_holds_in_two_forms(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        follow()
    wide = browser_of(house.hr).get(f"{MATRIX}.csv").text.lstrip("\ufeff").splitlines()
    last = (today() + timedelta(days=60)).isoformat()
    assert wide[0] == "Name;Person id;Unit;First steps;First steps: last day"
    assert wide[1].startswith(f"Coach;{house.coach};Care › Home care;Valid;20")
    assert wide[2] == f"Colleague;{house.colleague};Care › Home care;Not due yet;{last}"
    assert len(wide) == 4
    long = browser_of(house.manager).get(f"{MATRIX}.csv?form=long&state=to_do").text
    assert long.lstrip("\ufeff").splitlines() == [
        "Name;Person id;Unit;Requirement;Standing;Since;Last day",
        f"Colleague;{house.colleague};Care › Home care;First steps;Not due yet;{today()};{last}",
    ]
    assert browser_of(house.stranger_hr).get(f"{MATRIX}.csv").text.count("\r\n") == 1
    assert browser_of(house.hr).get(f"{MATRIX}.csv?on=soon").status_code == 400
    assert browser_of(house.coach).get(f"{MATRIX}.csv").status_code == 404
    with app.app_context():
        exported = LedgerEvent.kind == "hr.exported"
        assert len(db.session.scalars(select(LedgerEvent).where(exported)).all()) == 3


def test_the_matrix_as_a_spreadsheet_has_days_as_days_and_no_formula(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    with app.app_context():
        with writing():
            db.session.execute(update(Person).where(Person.id == house.coach).values(name="=1+1"))
        follow()
    answer = browser_of(house.hr).get(f"{MATRIX}.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert answer.headers["Content-Disposition"].endswith(f'matrix-{today()}.xlsx"')
    assert "<f>" not in page
    assert "&#39;=1+1" in page or "'=1+1" in page
    days = (today() + timedelta(days=60) - date(1899, 12, 30)).days
    assert page.count(f"<v>{days}</v>") == 3
    assert browser_of(house.coach).get(f"{MATRIX}.xlsx").status_code == 404


def test_a_tag_is_given_and_taken_by_hr_and_requirements_can_ask_for_it(
    app: Flask, house: House, required: str, browser_of: BrowserOf
) -> None:
    with app.app_context():
        rule = Rule("course", "first-steps", "own", today(), Audience(tags=("coach",)))
        tagged = require(house, rule)
    hr, address = browser_of(house.hr), f"/hr/people/{house.coach}/tags"
    matrix = f"{MATRIX}?requirement={tagged}"

    def asked() -> bool:
        with app.app_context():
            follow()
        return ">Coach</a>" in hr.get(matrix).text

    assert not asked()
    hr.post(address, data={"tags": " coach, digital ,coach"})
    assert 'value="coach, digital"' in hr.get(f"/hr/people/{house.coach}").text
    assert asked()
    hr.post(address, data={"tags": "digital"})
    assert not asked()
    for stranger in (house.stranger_hr, house.manager, house.coach):
        assert browser_of(stranger).post(address, data={"tags": "x"}).status_code == 404
    assert (
        "At most 20 tags" in hr.post(address, data={"tags": "y" * 61}, follow_redirects=True).text
    )


def test_a_change_rules_from_today_and_the_days_before_keep_what_they_had(
    app: Flask, house: House, required: str, browser_of: BrowserOf, clock_at: At
) -> None:
    later = clock.utcnow() + timedelta(days=40)
    with clock_at(later):
        hr, address = browser_of(house.hr), f"{REQUIREMENTS}/{required}"
        form = hr.get(address).text
        assert f'value="{(today()).isoformat()}"' in form
        starts = today().isoformat()
        sent = {"target": "course:first-steps", "ground": "law", "provision": "2025:1506",
                "roles": "learner", "due_days": "10", "starts": starts, "do": "save"}  # fmt: skip
        assert hr.post(address, data=sent).status_code == 302
        with app.app_context():
            follow()
        before = (today() - timedelta(days=5)).isoformat()
        assert ">Coach</a>" not in hr.get(f"{MATRIX}?state=late&on={before}").text
        assert ">Coach</a>" in hr.get(f"{MATRIX}?state=late").text
