"""Reports of plugins as pages and files: each reader's own scope, whatever the plugin does."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.hr import progress, report_rows, spreadsheet
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.sign_in import open_session
from innocap_lms.plugin_host.watch import PluginFailed
from innocap_lms.requirements.rules import Rule
from tests.conftest import PLUGINS, House
from tests.hr.test_team_and_register import today
from tests.requirements.test_following import follow, require

Open = Callable[[str], FlaskClient]
LISTED, ADDED, BROKEN = "/hr/reports/who-did", "/hr/reports/by-unit", "/hr/reports/broken"
PLUGIN = """
from innocap_lms.plugin_api import *

plugin = Plugin(name="reports", version="1", needs_api="1.4")
NAME = ReportColumn("who", {"en": "Name"}, "person")
UNIT = ReportColumn("unit", {"en": "Unit"})
HOURS = ReportColumn("hours", {"en": "Hours"}, "number")
OF = ReportChoice("only", {"en": "Course"}, {"": {"en": "All"}, "First steps": {"en": "First"}})


def wish(asked): return ReportWish()

def listed(rows, asked):
    only = asked.chosen["only"]
    return [(row.person, row.unit, row.day, row.course) for row in rows if only in row.course]

def added(rows, asked):
    return [(row.unit, row.person, row.hours) for row in rows]

def broken(rows, asked):
    raise OSError("no disk")

SEEN = []

def slow(rows, asked):
    SEEN.append(len(rows))
    if len(SEEN) > 2:
        raise OSError("no disk")
    return [(row.person,) for row in rows]

def late(rows, asked):
    return [(row.person, row.course, row.state, row.day) for row in rows]

@hookimpl
def register_reports():
    words = {"en": "Odd"}
    day, course = ReportColumn("day", {"en": "Day"}, "day"), ReportColumn("c", {"en": "Course"})
    state = ReportColumn("state", {"en": "Standing"})
    return [
        Report("who-did", {"en": "Who did what"}, words, "completions", (NAME, UNIT, day, course),
               wish, listed, (OF,), chart=("unit", "")),
        Report("by-unit", {"en": "By unit"}, words, "completions", (UNIT, NAME, HOURS),
               wish, added, adds_up=True, chart=("unit", "who")),
        Report("broken", {"en": "Broken"}, words, "completions", (NAME,), wish, broken),
        Report("slow", {"en": "Slow"}, words, "completions", (NAME,), wish, slow),
        Report("stand", {"en": "Stand"}, words, "standings", (NAME, course, state, day),
               wish, late),
        Report("completions", {"en": "Mine"}, words, "completions", (NAME,), wish, broken),
    ]
"""


@pytest.fixture
def site(make_app: Callable[..., Flask], settings: Settings, tmp_path: Path) -> Flask:
    """A site with a plugin of six reports, as in service: faults are logged, not raised."""
    folder = tmp_path / "reporting"
    folder.mkdir()
    (folder / "reports.py").write_text(PLUGIN, encoding="utf-8")
    lax = replace(settings, strict_plugins=False, plugin_dirs=(PLUGINS, folder))
    return make_app(using=lax)


@pytest.fixture
def opened(site: Flask) -> Open:
    """A browser at that site, signed in as a person."""

    def of(person_id: str) -> FlaskClient:
        browser = site.test_client()
        with site.app_context(), writing():
            token = open_session(person_id, 12)
        with browser.session_transaction() as session:
            session["_user_id"] = token
        return browser

    return of


def lines(answer: Any) -> list[dict[str, str]]:
    text = answer.text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.usefixtures("history")
def test_a_report_lists_the_people_of_the_readers_scope_alone(house: House, opened: Open) -> None:
    for who, names in {
        "hr": {"Coach", "Colleague", "Other Coach"},
        "manager": {"Coach", "Colleague"},
        "stranger_hr": {"Stranger"},
        "stranger_manager": {"Stranger"},
    }.items():
        browser = opened(getattr(house, who))
        everyone = {"Coach", "Colleague", "Other Coach", "Stranger"}
        page = browser.get(f"{LISTED}?unit=").text
        assert {name for name in everyone if f">{name}</a>" in page} == names
        assert {line["Name"] for line in lines(browser.get(f"{LISTED}.csv"))} == names
    foreign = opened(house.stranger_hr).get(f"{LISTED}.csv?organisation={house.north}")
    assert foreign.status_code == 404
    assert opened(house.coach).get(LISTED).status_code == 404
    assert opened(house.hr).get("/hr/reports/no-such").status_code == 404


@pytest.mark.usefixtures("history")
def test_a_report_that_adds_up_counts_each_person_once(
    house: House, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_rows, "AT_A_TIME", 1)  # so that sums go over portions
    found = lines(opened(house.hr).get(f"{ADDED}.csv?decimal=comma"))
    assert found == [
        {"Unit": "Care › Home care", "Name": "2", "Hours": "4,5"},
        {"Unit": "Office", "Name": "1", "Hours": "1,5"},
    ]
    page = " ".join(opened(house.hr).get(ADDED).text.split())
    assert '<strong>Care › Home care</strong> <span class="number">2</span>' in page
    assert '<rect width="100.0" height="2" fill="var(--primary)"/>' in page
    assert '<rect width="50.0" height="2" fill="var(--primary)"/>' in page


@pytest.mark.usefixtures("history")
def test_a_choice_and_a_unit_narrow_page_and_file_alike(house: House, opened: Open) -> None:
    hr, query = opened(house.hr), {"only": "First steps", "unit": house.care}
    assert len(lines(hr.get(f"{LISTED}.csv", query_string=query))) == 2
    assert "2 lines" in hr.get(LISTED, query_string=query).text
    assert "4 lines" in hr.get(LISTED, query_string={"only": "nonsense"}).text


@pytest.mark.usefixtures("history")
def test_a_protected_identity_has_no_name_in_a_report(
    house: House, opened: Open, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, protected=True, name="Zelda Hemlig")
    for address in (LISTED, f"{LISTED}.csv", "/hr/reports/stand"):
        assert "Zelda" not in opened(house.hr).get(address).text
    assert "Protected identity" in opened(house.hr).get(f"{LISTED}.csv").text


def test_a_report_of_standings_tells_state_and_last_day(
    app: Flask, house: House, course: object, opened: Open
) -> None:
    with app.app_context():
        require(house, Rule("course", "first-steps", "own", today(), due_days=60))
        follow()
    found = lines(opened(house.manager).get("/hr/reports/stand.csv"))
    assert {(line["Name"], line["Course"], line["Standing"]) for line in found} == {
        ("Coach", "First steps", "not_due"),
        ("Colleague", "First steps", "not_due"),
    }


@pytest.mark.usefixtures("history")
def test_a_spreadsheet_holds_the_same_lines(
    house: House, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = opened(house.hr).get(f"{LISTED}.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") == 5
        assert "Other Coach" in sheet
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    refused = opened(house.hr).get(f"{LISTED}.xlsx", follow_redirects=True)
    assert "Too many lines for a spreadsheet: take the CSV." in refused.text


@pytest.mark.usefixtures("history")
def test_who_takes_a_report_along_is_in_the_ledger(site: Flask, house: House, opened: Open) -> None:
    opened(house.hr).get(f"{LISTED}.csv?only=First+steps")
    with site.app_context():
        found = db.session.execute(
            select(LedgerContent.actor_id, LedgerContent.content)
            .join(LedgerEvent, LedgerContent.event_id == LedgerEvent.id)
            .where(LedgerEvent.kind == "hr.exported")
        ).one()
    filters = {"only": "First steps"}
    assert found.actor_id == house.hr
    assert found.content == {"report": "who-did", "filters": filters, "rows": 4}, "made of four"


@pytest.mark.usefixtures("history")
def test_a_report_that_fails_leaves_its_page_and_no_half_file(house: House, opened: Open) -> None:
    hr = opened(house.hr)
    page = hr.get(BROKEN)
    assert page.status_code == 200
    assert "The report cannot be made right now" in page.text
    assert "no disk" not in page.text
    for ending in ("csv", "xlsx"):
        answer = hr.get(f"{BROKEN}.{ending}", follow_redirects=True)
        assert answer.mimetype == "text/html"
        assert "there is no file" in answer.text
    assert hr.get(LISTED).status_code == 200


@pytest.mark.usefixtures("history")
def test_a_file_streams_as_its_lines_are_made_and_breaks_off_where_they_fail(
    house: House, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_rows, "AT_A_TIME", 1)
    pieces = opened(house.hr).get("/hr/reports/slow.csv", buffered=False).iter_encoded()
    head = next(pieces)
    assert head.startswith("\ufeffName".encode())
    assert b"Coach" in next(pieces), "before the third row has failed"
    assert b"Colleague" in next(pieces)
    with pytest.raises(PluginFailed):
        next(pieces)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_of_a_long_report_has_a_page_that_says_how_far_it_is(
    house: House, opened: Open, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(progress, "LONG", 0)
    hr = opened(house.hr)
    page = hr.get(f"{LISTED}?only=First+steps").text
    of = "report" if ending == "csv" else "report-xlsx"
    (address,) = re.findall(rf'href="(/hr/exports/[^"]+of={of}&amp;[^"]+)"', page)
    shown = hr.get(address.replace("&amp;", "&")).text
    assert f"Who did what as {ending.upper()}" in shown
    (file,) = re.findall(rf'href="({LISTED}.{ending}[^"]+)" download', shown)
    assert "only=First+steps" in file
    assert hr.get(file.replace("&amp;", "&")).data
    assert "Made of 4 rows." in hr.get(address.replace("&amp;", "&")).text


def test_the_page_of_a_file_of_no_report_is_not_there(house: House, opened: Open) -> None:
    for report in ("", "&report=no-such", "&report=.."):
        address = f"/hr/exports/{'0' * 26}?of=report{report}"
        assert opened(house.hr).get(address).status_code == 404


def test_no_plugin_takes_the_place_of_a_report_of_the_site(house: House, opened: Open) -> None:
    overview = opened(house.hr).get("/hr/reports").text
    assert "Who did what" in overview
    assert ">Mine<" not in overview
    assert (
        "Nobody has completed a course yet" in opened(house.hr).get("/hr/reports/completions").text
    )
