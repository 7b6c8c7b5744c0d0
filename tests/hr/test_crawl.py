"""Every address that an HR officer finds: no protected name in any, nothing in it for another."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.admin import importing
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Person
from innocap_lms.requirements import reminding
from innocap_lms.requirements.office_hours import next_open
from innocap_lms.requirements.rules import Rule
from tests.conftest import House, take_first_steps
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
SECRET = "Zyxvut"
LINK = re.compile(r'(?:href|action|src)="([^"]+)"')
STARTS = ("/hr", "/hr/matrix", "/hr/reports/completions", "/hr/requirements", "/admin")
DESKS = ("/hr", "/admin", "/coordination", "/rounds", "/certificates")


@pytest.fixture
def lived_in(app: Flask, house: House, course: OfferingView, browser_of: BrowserOf) -> House:
    """The house after some weeks: completions, standings, somebody late, a list that was sent in;
    Coach has a protected identity, by another name."""
    with app.app_context():
        begun = clock.utcnow() - timedelta(days=40)
        with clock.at(begun):
            require(house, Rule("course", "first-steps", "own", begun.date(), due_days=20))
    take_first_steps(browser_of(house.coach))
    take_first_steps(browser_of(house.other_coach))
    app.extensions["innocap_relay"].run_due()
    rows = f"Namn;E-post\n{SECRET} Person;coach@example.org\nNew;new@example.org\n"
    with app.app_context():
        with writing():
            changed = update(Person).where(Person.id == house.coach)
            db.session.execute(changed.values(name=f"{SECRET} Person", protected=True))
            importing.keep(house.north, house.hr, "en", "list.csv", rows.encode())
        follow()
    return house


def found_by(browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every address that links lead to, with what it says; files unpacked."""
    seen, waiting = set(STARTS), list(STARTS)
    while waiting:
        address = waiting.pop()
        answer = browser.get(address)
        if answer.status_code != 200:
            continue
        text = said(answer.data)
        yield address, text
        for link in map(unescape, LINK.findall(text)):
            path = link.partition("#")[0]
            if path.startswith(DESKS) and path not in seen and len(seen) < 400:
                seen.add(path)
                waiting.append(path)


def said(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = (archive.read(name).decode(errors="replace") for name in archive.namelist())
        return "\n".join([*archive.namelist(), *files])


@pytest.mark.parametrize("who", ["hr", "manager"])
def test_a_protected_name_stands_on_no_page_and_in_no_file(
    lived_in: House, browser_of: BrowserOf, who: str
) -> None:
    browser = browser_of(getattr(lived_in, who))
    addresses = []
    for address, text in found_by(browser):
        addresses.append(address)
        assert SECRET not in text, address
        if not address.startswith("/admin/people"):
            assert "coach@example.org" not in text.replace("other_coach@", ""), address
    assert len(addresses) > (30 if who == "hr" else 10)
    assert any(".csv" in address for address in addresses)
    assert any(lived_in.coach in address for address in addresses), "the person is there, unnamed"


@pytest.mark.parametrize(
    "query",
    [
        "/hr/matrix?name={}",
        "/hr/matrix.csv?name={}",
        "/hr/reports/completions?name={}",
        "/hr/reports/completions.csv?name={}",
        "/admin/people?q={}",
        "/admin/people?q=coach@example.org#{}",
    ],
)
def test_a_protected_identity_is_not_found_by_trying_its_name(
    lived_in: House, browser_of: BrowserOf, query: str
) -> None:
    text = browser_of(lived_in.hr).get(query.format(SECRET)).text
    assert lived_in.coach not in text


def test_mail_to_managers_and_hr_does_not_say_a_protected_name(app: Flask, lived_in: House) -> None:
    with app.app_context(), writing():
        changed = update(Person).where(Person.id == lived_in.colleague)
        db.session.execute(changed.values(name=f"{SECRET} Late", protected=True))
    late = clock.utcnow() + timedelta(days=60)
    with app.app_context(), clock.at(next_open(late, ZoneInfo("Europe/Stockholm"), "SE")):
        follow()
        reminding.ask_for_digests()
        app.extensions["innocap_relay"].run_due()
    folder = app.extensions["innocap_settings"].data_dir / "mail"
    texts = [file.read_text() for file in folder.glob("*.eml")]
    to_others = [
        text for text in texts if "To: colleague@" not in text and "To: coach@" not in text
    ]
    assert to_others
    assert not any(SECRET in text for text in to_others)


def test_a_place_in_a_list_does_not_tell_a_protected_name(
    app: Flask, lived_in: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        first = update(Person).where(Person.id == lived_in.coach)
        db.session.execute(first.values(name="Aaaa"))
        rows = b"Namn;E-post\nColleague;colleague@example.org\n"
        list_id = importing.keep(lived_in.north, lived_in.hr, "en", "x.csv", rows)
    hr = browser_of(lived_in.hr)
    rule = {
        "organisation": lived_in.north, "target": "course:first-steps", "ground": "own",
        "starts": clock.utcnow().date().isoformat(), "due_days": "30", "roles": "learner",
    }  # fmt: skip
    for page in (
        hr.get(f"/admin/people/invitations/{lived_in.north}/never"),
        hr.get(f"/admin/people/imports/{list_id}"),
        hr.get("/admin/people"),
        hr.get("/hr/matrix"),
        hr.get("/hr/team"),
        hr.get("/hr/reports/register"),
        hr.get("/hr/reports/completions"),
        hr.post("/hr/requirements/new", data=rule),
    ):
        text = page.text.partition("<main")[2]
        assert text.count("Other Coach"), page.request.path
        assert text.rindex("Protected identity") > text.rindex("Other Coach"), page.request.path


def test_another_hr_officer_finds_nothing_at_any_of_these_addresses(
    lived_in: House, browser_of: BrowserOf
) -> None:
    stranger = browser_of(lived_in.stranger_hr)
    people = [lived_in.coach, lived_in.colleague, lived_in.other_coach, lived_in.manager]
    ids = [*people, lived_in.north, lived_in.care, lived_in.home, lived_in.office]
    names = ("Other Coach", "Colleague", "Home care", "list.csv")
    for address, _text in found_by(browser_of(lived_in.hr)):
        if address.startswith("/certificates"):
            continue  # for whoever has its number, as docs/privacy.md says
        answer = stranger.get(address)
        text = said(answer.data)
        for name in names:
            assert name not in text, (address, name)
        if any(its_id in address for its_id in ids):
            assert answer.status_code == 404, address


def test_what_was_asked_for_and_not_found_is_noted(
    app: Flask, lived_in: House, browser_of: BrowserOf
) -> None:
    stranger, path = browser_of(lived_in.stranger_hr), f"/hr/people/{lived_in.other_coach}"
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/admin/people/{'0' * 26}").status_code == 404
    assert browser_of(lived_in.coach).get(path).status_code == 404, "whose desk it is not"
    filtered = f"/hr/matrix.csv?unit={lived_in.home}"
    assert stranger.get(filtered).status_code == 404
    with app.app_context():
        query = select(LedgerContent.actor_id, LedgerContent.content).join(LedgerEvent)
        rows = db.session.execute(query.where(LedgerEvent.kind == "access.refused")).all()
    assert [(row.actor_id, row.content["address"]) for row in rows] == [
        (lived_in.stranger_hr, path),
        (lived_in.stranger_hr, f"/admin/people/{'0' * 26}"),
        (lived_in.coach, path),
        (lived_in.stranger_hr, filtered),
    ]
