"""The CSV: the same rows as the list, safe in a spreadsheet, noted in the ledger."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.hr.export import LINES_AT_A_TIME, cell, csv_of
from innocap_lms.hr.queries import PersonRow, Place
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from tests.conftest import House

CSV = "/hr/reports/completions.csv"
BrowserOf = Callable[[str], FlaskClient]

pytestmark = pytest.mark.usefixtures("history")


def rows_of(answer: object) -> list[list[str]]:
    data: bytes = answer.data  # type: ignore[attr-defined]
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_it_has_one_line_per_completion_and_iso_days_of_the_site(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    header, *rows = rows_of(browser_of(house.hr).get(CSV))
    assert header == [
        "Name",
        "Person id",
        "Organisation",
        "Unit",
        "Track",
        "Course",
        "Course id",
        "Completed",
        "Hours",
        "Certificate",
        "Certificate revoked",
    ]
    assert [(row[0], row[7]) for row in rows] == [
        ("Coach", "2026-03-01"),
        ("Coach", "2026-07-01"),
        ("Colleague", "2026-05-01"),
        ("Other Coach", "2026-09-01"),
    ]
    with app.app_context():
        certificate = db.session.scalar(
            select(Completion.certificate_id).where(Completion.person_id == house.colleague)
        )
    assert rows[2] == [
        "Colleague",
        house.colleague,
        "North",
        "Home care",
        "The northern track",
        "First steps",
        "first-steps",
        "2026-05-01",
        "1.5",
        certificate or "",
        "",
    ]


def test_a_completion_outside_any_unit_names_the_organisation(
    house: House, browser_of: BrowserOf, complete: Callable[..., str]
) -> None:
    complete(house.hr, None, organisation_id=house.north)
    rows = rows_of(browser_of(house.hr).get(CSV))
    assert [row[2:4] for row in rows if row[1] == house.hr] == [["North", ""]]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("hr", {"Coach", "Colleague", "Other Coach"}),
        ("stranger_hr", {"Stranger"}),
        ("manager", {"Coach", "Colleague"}),
        ("admin", {"Coach", "Colleague", "Other Coach", "Stranger"}),
    ],
)
def test_it_holds_what_the_list_holds(
    house: House, browser_of: BrowserOf, who: str, names: set[str]
) -> None:
    rows = rows_of(browser_of(getattr(house, who)).get(CSV))[1:]
    assert {row[0] for row in rows} == names


def test_it_has_the_same_filters(house: House, browser_of: BrowserOf) -> None:
    query = {"from": "2026-07-01", "to": "2026-08-31", "unit": house.care}
    rows = rows_of(browser_of(house.hr).get(CSV, query_string=query))[1:]
    assert [row[6] for row in rows] == ["older-course"]


def test_a_decimal_comma_and_swedish_titles_on_request(house: House, browser_of: BrowserOf) -> None:
    query = {"decimal": "comma", "lang": "sv", "course": "first-steps", "name": "coll"}
    rows = rows_of(browser_of(house.hr).get(CSV, query_string=query))[1:]
    assert [(row[4], row[5], row[8]) for row in rows] == [
        ("Norra spåret", "De första stegen", "1,5")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_no_cell_is_a_formula(sign: str) -> None:
    read = next(csv.reader(io.StringIO(cell(f"{sign}1+1"), newline=""), delimiter=";"))
    assert read == [f"'{sign}1+1"]


@pytest.mark.parametrize("text", ["plain", "a;b", 'say "no"', "two\nlines", "", "Åsa", "a=b"])
def test_a_cell_reads_back_as_it_was(text: str) -> None:
    read = list(csv.reader(io.StringIO(cell(text) + ";x", newline=""), delimiter=";"))
    assert read == [[text, "x"]]


def test_a_name_that_is_a_formula_is_disarmed(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, name='=HYPERLINK("http://x";"y")')
    rows = rows_of(browser_of(house.hr).get(CSV))
    assert next(row[0] for row in rows if row[1] == house.coach).startswith("'=")


def test_it_streams_a_file_named_after_the_day(house: House, browser_of: BrowserOf) -> None:
    answer = browser_of(house.hr).get(CSV)
    assert answer.mimetype == "text/csv"
    assert answer.is_streamed
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="completions-\d{4}-\d\d-\d\d\.csv"', disposition)


def test_the_ledger_tells_who_took_what(app: Flask, house: House, browser_of: BrowserOf) -> None:
    browser_of(house.hr).get(CSV, query_string={"track": "other", "from": "2026-01-01"})
    with app.app_context():
        found = db.session.execute(
            select(LedgerEvent.organisation_id, LedgerContent.actor_id, LedgerContent.content)
            .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
            .where(LedgerEvent.kind == "hr.exported")
        ).one()
    assert found.organisation_id == house.north
    assert found.actor_id == house.hr
    assert found.content == {
        "report": "completions",
        "filters": {"track": "other", "from": "2026-01-01"},
        "rows": 1,
    }


def test_nothing_fitting_gives_a_header_alone(house: House, browser_of: BrowserOf) -> None:
    assert len(rows_of(browser_of(house.hr).get(CSV, query_string={"name": "nobody"}))) == 1


@pytest.mark.parametrize("read", [1, None])
def test_a_download_gives_its_connection_back_even_when_it_is_broken_off(
    app: Flask, house: House, browser_of: BrowserOf, read: int | None
) -> None:
    browser = browser_of(house.hr)
    answer = browser.get(CSV, buffered=False)
    chunks = iter(answer.response)
    for _chunk in range(read or 10):
        next(chunks, None)
    answer.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_it_asks_for_more_people_only_when_the_lines_before_are_taken(in_app: Flask) -> None:
    asked = 0

    def people() -> Iterator[PersonRow]:
        nonlocal asked
        for number in range(10 * LINES_AT_A_TIME):
            asked += 1
            row = ["2026-11-23 23:30:00", "u", "c", "2.0", "", ""]
            yield PersonRow(f"p{number}", f"Name {number}", False, [row])

    place = Place("o", "North", "u", "Home; care", "/u/")
    lines = csv_of(
        people(),
        [place],
        {"c": ("Track", "Title")},
        ZoneInfo("Europe/Stockholm"),
        decimal_comma=True,
    )
    next(lines)
    assert asked == 0
    first = next(lines).decode().splitlines()
    assert asked == len(first) == LINES_AT_A_TIME + 1
    assert first[0] == 'Name 0;p0;North;"Home; care";Track;Title;c;2026-11-24;2;;'
    assert sum(part.count(b"\n") for part in lines) + len(first) == 10 * LINES_AT_A_TIME
