"""Lists of completions: sent in, looked at, confirmed once, added once."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.ledger.verification import verify
from innocap_lms.people.models import Person
from innocap_lms.recognition import evidence, intakes, working
from innocap_lms.recognition.models import Intake, IntakeRow
from tests.conftest import House
from tests.programmes import walk
from tests.recognition.conftest import Stands, settle

Browser = Callable[[str], FlaskClient]
HEAD = "E-post;Kurs;Dag;Timmar;Underlag\n"
LINES = (
    "coach@example.org;First steps;2024-03-01;2,5;Lista 1\n"
    "COLLEAGUE@example.org;first-steps;1.4.2024;;\n"
    "coach@example.org;First steps;2024-03-01;2,5;Lista 1 igen\n"
    "stranger@example.org;First steps;2024-03-01;1;\n"
    "nobody@example.org;First steps;2024-02-30;många;\n"
    "other_coach@example.org;Gamla kursen;2023-05-06;;\n"
    "=A1;First steps;2024-03-01;;\n"
)
COLUMNS = {
    "what": "completion",
    "column-who": "0",
    "column-course": "1",
    "column-day": "2",
    "column-hours": "3",
    "column-evidence": "4",
    "reason": "Ur det gamla utbildningsregistret",
}


@pytest.fixture
def run(app: Flask) -> Callable[[], None]:
    """Lets the jobs that are due run."""
    return app.extensions["innocap_relay"].run_due


@pytest.fixture
def hr(house: House, course: OfferingView, browser_of: Browser) -> FlaskClient:
    return browser_of(house.hr)


def send(browser: FlaskClient, content: bytes, name: str = "register.csv") -> str:
    """Send a file in; the address of its list."""
    answer = browser.post("/hr/lists", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture
def looked_at(hr: FlaskClient, run: Callable[[], None]) -> str:
    """The list above, sent in, read and checked; its address."""
    address = send(hr, (HEAD + LINES).encode("cp1252"))
    assert hr.post(f"{address}/columns", data=COLUMNS).status_code == 302
    run()
    return address


def completions(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Completion)) or 0


def test_a_dry_run_says_what_would_be_added_and_everything_that_is_wrong(
    app: Flask, hr: FlaskClient, looked_at: str
) -> None:
    page = hr.get(looked_at).text
    assert "2 rows would be added" in page
    assert "Nobody in the organisation has this address" in page
    assert "This is not a day" in page
    assert "This is not a number of hours" in page
    assert "This is a formula" in page
    assert "Gamla kursen" in page
    problems = hr.get(f"{looked_at}/problems.csv").text.splitlines()
    assert [line.split(";")[:2] for line in problems[1:]] == [
        ["5", "A E-post"],
        ["6", "C Dag"],
        ["6", "D Timmar"],
        ["6", "A E-post"],
        ["7", "B Kurs"],
        ["8", "A E-post"],
    ]
    assert completions(app) == 0, "nothing is added before somebody confirms"


def test_what_is_confirmed_is_added_once_with_its_ground_and_who_did_it(
    app: Flask, house: House, hr: FlaskClient, looked_at: str, run: Callable[[], None]
) -> None:
    for _time in range(2):
        assert hr.post(f"{looked_at}/confirm").status_code == 302
        run()
    assert "2 rows were added" in hr.get(looked_at).text
    with app.app_context():
        rows = db.session.scalars(select(Completion).order_by(Completion.hours.desc())).all()
        assert [(row.person_id, row.hours, row.noted_by) for row in rows] == [
            (house.coach, 2.5, house.hr),
            (house.colleague, rows[1].hours, house.hr),
        ]
        assert rows[0].unit_id == house.home
        settle()
        assert verify().ok
    card = hr.get(f"/hr/people/{house.coach}/record").text
    assert "Ur det gamla utbildningsregistret" in card
    assert "Lista 1" in card


def test_the_same_file_again_adds_nothing(
    app: Flask, hr: FlaskClient, looked_at: str, run: Callable[[], None]
) -> None:
    hr.post(f"{looked_at}/confirm")
    run()
    again = send(hr, (HEAD + LINES).encode())
    hr.post(f"{again}/columns", data=COLUMNS)
    run()
    page = hr.get(again).text
    assert "0 rows would be added" in page
    assert "/confirm" not in page
    assert completions(app) == 2


def test_a_title_from_another_system_is_said_once_to_be_a_course_of_ours(
    app: Flask, hr: FlaskClient, looked_at: str, run: Callable[[], None]
) -> None:
    sent = {"title": "Gamla kursen", "course": "first-steps"}
    assert hr.post(f"{looked_at}/courses", data=sent).status_code == 302
    run()
    assert "3 rows would be added" in hr.get(looked_at).text
    hr.post(f"{looked_at}/confirm")
    run()
    assert completions(app) == 3


def test_a_workbook_with_days_of_excel_is_read_like_a_csv(
    app: Flask, house: House, hr: FlaskClient, run: Callable[[], None]
) -> None:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["Användarnamn", "Slutdatum"])
        page.write_row(1, 0, ["coach@example.org"])
        page.write_number(1, 1, 45352, day)
    address = send(hr, kept.getvalue(), "register.xlsx")
    assert 'value="1" selected' in hr.get(address).text, "the column of days is proposed"
    columns = {"what": "completion", "column-who": "0", "column-day": "1", "reason": "Register"}
    assert hr.post(f"{address}/columns", data={**columns, "course": ""}).status_code == 422
    hr.post(f"{address}/columns", data={**columns, "course": "first-steps"})
    run()
    hr.post(f"{address}/confirm")
    run()
    with app.app_context():
        found = db.session.scalars(select(Completion)).one()
        assert found.person_id == house.coach
        assert found.completed_at.date() == date(2024, 3, 1)


@pytest.mark.parametrize("rows_before", [0, 7])
def test_work_that_was_killed_goes_on_where_it_stopped(
    app: Flask,
    house: House,
    hr: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    rows_before: int,
) -> None:
    days = "".join(f"coach@example.org;First steps;2020-01-{day:02};;\n" for day in range(1, 29))
    address = send(hr, (HEAD + days).encode())
    hr.post(f"{address}/columns", data=COLUMNS)
    intake_id = address.rsplit("/", 1)[1]
    with app.app_context():
        working.carry_out({"intake": intake_id})
    hr.post(f"{address}/confirm")
    done = working._note
    left = [rows_before]

    def killed(intake: Intake, row: IntakeRow) -> str:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return done(intake, row)

    monkeypatch.setattr(working, "_note", killed)
    monkeypatch.setattr(working, "ADDED", 5)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        working.carry_out({"intake": intake_id})
    assert completions(app) == rows_before // 5 * 5, "a step is done whole or not at all"
    assert "28 done" in hr.get(address).text
    monkeypatch.setattr(working, "_note", done)
    app.extensions["innocap_relay"].run_due()
    assert completions(app) == 28
    with app.app_context():
        events = select(func.count()).where(LedgerEvent.kind == "completed")
        assert db.session.scalar(events) == 28


def test_the_same_is_noted_for_many_people_who_were_chosen_or_pasted(
    app: Flask,
    house: House,
    hr: FlaskClient,
    required: str,
    stands: Stands,
    run: Callable[[], None],
) -> None:
    sent = {
        "what": "credit",
        "requirement": required,
        "day": "2024-05-06",
        "reason": "Motsvarande kurs hos länet",
        "evidence": "Intyg 44",
        "person": [house.coach],
        "who": "colleague@example.org, stranger@example.org;colleague@example.org\n",
    }
    answer = hr.post("/hr/lists/new", data=sent)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    run()
    page = hr.get(address).text
    assert "2 rows would be added" in page
    assert "stranger@example.org" in page
    hr.post(f"{address}/confirm")
    run()
    assert stands(house.coach, house.north) == "credited"
    assert stands(house.colleague, house.north) == "credited"
    assert completions(app) == 0, "a credit is no completion and no participation"
    assert "Motsvarande kurs hos länet" in hr.get(f"/hr/people/{house.colleague}/record").text


def test_a_column_that_no_file_has_is_none(hr: FlaskClient) -> None:
    address = send(hr, (HEAD + LINES).encode())
    page = hr.post(f"{address}/columns", data={**COLUMNS, "column-who": "9" * 5000})
    assert page.status_code == 422


def test_a_programme_is_noted_by_its_title_or_as_it_was_chosen_on_the_page(
    app: Flask, house: House, hr: FlaskClient, run: Callable[[], None], tmp_path: Path
) -> None:
    walk(app, tmp_path)
    sent = {"what": "completion", "course": "walker", "day": "2024-05-06", "reason": "Before"}
    assert "Programme: The walker" in hr.get("/hr/lists/new").text
    chosen = hr.post("/hr/lists/new", data={**sent, "person": [house.coach]}).headers["Location"]
    listed = send(hr, (HEAD + "colleague@example.org;The walker;2024-05-07;;\n").encode())
    hr.post(f"{listed}/columns", data=COLUMNS)
    run()
    for address in (chosen, listed):
        assert "Programme: The walker" in hr.get(address).text
        hr.post(f"{address}/confirm")
    run()
    with app.app_context():
        done = select(Completion.person_id, Completion.kind, Completion.course_id)
        assert {tuple(row) for row in db.session.execute(done)} == {
            (house.coach, "programme", "walker"),
            (house.colleague, "programme", "walker"),
        }
    again = hr.post("/hr/lists/new", data={**sent, "person": [house.coach]}).headers["Location"]
    run()
    assert "0 rows would be added" in hr.get(again).text


def test_a_file_of_evidence_is_kept_for_hr_alone_since_it_may_name_others(
    app: Flask, house: House, hr: FlaskClient, run: Callable[[], None], browser_of: Browser
) -> None:
    sent = {
        "what": "completion",
        "course": "first-steps",
        "day": "2024-05-06",
        "reason": "Satt i salen",
        "person": [house.coach, house.colleague],
    }
    refused = hr.post("/hr/lists/new", data={**sent, "file": (io.BytesIO(b"MZ"), "list.pdf")})
    assert refused.status_code == 422
    assert "is not what its name says" in refused.text
    scan = (io.BytesIO(b"%PDF-1.7 attendance"), "n\u00e4rvaro.pdf")
    address = hr.post("/hr/lists/new", data={**sent, "file": scan}).headers["Location"]
    run()
    hr.post(f"{address}/confirm")
    run()
    page = hr.get(f"/hr/people/{house.coach}/record").text
    [file] = re.findall(r'href="([^"]+/evidence)"', page)
    with hr.get(file) as answer:
        assert answer.data == b"%PDF-1.7 attendance"
        assert "attachment" in answer.headers["Content-Disposition"]
    hr.post(f"{address}/discard")
    with app.app_context(), clock.at(clock.utcnow() + timedelta(days=2)):
        evidence.sweep()
    with hr.get(file) as answer:
        assert answer.status_code == 200, "it stays with what it proves"
    for other in (house.coach, house.manager, house.stranger_hr, house.trainer):
        assert browser_of(other).get(file).status_code == 404
    own = browser_of(house.coach).get("/me/training").text
    assert "HR keeps a file of evidence." in own
    assert "/evidence" not in own


def test_evidence_of_what_was_never_added_goes_with_its_list(
    app: Flask, house: House, hr: FlaskClient, run: Callable[[], None]
) -> None:
    sent = {"what": "completion", "course": "first-steps", "day": "2024-05-06", "reason": "x",
            "person": [house.coach], "file": (io.BytesIO(b"%PDF-1.7"), "list.pdf")}  # fmt: skip
    without_reason = {**sent, "reason": "", "file": (io.BytesIO(b"%PDF-1.7"), "list.pdf")}
    assert hr.post("/hr/lists/new", data=without_reason).status_code == 422
    with app.app_context():
        assert list(evidence.place_of("").glob("*")) == []
    address = hr.post("/hr/lists/new", data=sent).headers["Location"]
    run()
    hr.post(f"{address}/discard")
    with app.app_context(), clock.at(clock.utcnow() + timedelta(days=2)):
        evidence.sweep()
        assert list(evidence.place_of("").glob("*")) == []


def test_a_card_leads_to_noting_a_completion_for_one_person(
    house: House, hr: FlaskClient, run: Callable[[], None], browser_of: Browser
) -> None:
    card = f"/hr/people/{house.coach}"
    assert f"/hr/lists/new?person={house.coach}" in hr.get(card).text
    page = hr.get(f"/hr/lists/new?person={house.coach}").text
    assert f'value="{house.coach}" checked' in page
    theirs = browser_of(house.stranger_hr).get(f"/hr/lists/new?person={house.coach}")
    assert theirs.status_code == 404


def test_whom_was_chosen_stays_chosen_where_something_else_is_missing(
    house: House, hr: FlaskClient
) -> None:
    address = f"/hr/lists/new?person={house.coach}"
    answer = hr.post(address, data={"person": house.coach, "what": "completion"})
    assert answer.status_code == 422
    assert f'value="{house.coach}" checked' in answer.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": ""}, "Write the reason"),
        ({"who": ""}, "Choose people"),
        ({"day": ""}, "Write the day"),
        ({"day": "2024-13-01"}, "not a day"),
        ({"course": "no-such"}, "Choose a course"),
        ({"hours": "en dag"}, "not a number of hours"),
    ],
)
def test_what_is_missing_for_many_people_is_said_at_its_field(
    hr: FlaskClient, changed: dict[str, str], words: str
) -> None:
    sent = {
        "what": "completion",
        "course": "first-steps",
        "day": "2024-05-06",
        "reason": "x",
        "who": "coach@example.org",
    }
    answer = hr.post("/hr/lists/new", data=sent | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_address_of_another_organisation_is_answered_like_one_of_nobody(
    hr: FlaskClient, looked_at: str
) -> None:
    lines = hr.get(f"{looked_at}/problems.csv").text.splitlines()
    told = [line.split(";")[3] for line in lines if "stranger@" in line or "nobody@" in line]
    assert len(set(told)) == 1


def test_a_protected_identity_is_not_told_by_the_answer(
    app: Flask, house: House, hr: FlaskClient, run: Callable[[], None]
) -> None:
    with app.app_context(), writing():
        kept = update(Person).where(Person.id == house.coach)
        db.session.execute(kept.values(protected=True, name="Hemliga Namnet"))
    address = send(hr, (HEAD + LINES).encode())
    hr.post(f"{address}/columns", data=COLUMNS)
    run()
    page = hr.get(address).text
    assert "coach@example.org" in page, "what HR wrote itself"
    assert "Hemliga Namnet" not in page
    assert "Protected identity" not in page, "not even that it is one"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken"])
def test_a_file_that_is_no_table_is_refused_and_not_kept(
    app: Flask, hr: FlaskClient, content: bytes
) -> None:
    answer = hr.post("/hr/lists", data={"file": (io.BytesIO(content), "x.csv")})
    assert answer.status_code == 422
    data = app.extensions["innocap_settings"].data_dir
    assert not list(data.glob("tmp*"))


def test_a_personal_identity_number_is_refused_and_not_repeated(
    hr: FlaskClient, run: Callable[[], None]
) -> None:
    address = send(hr, (HEAD + "811218-9876;First steps;2024-03-01;;\n").encode())
    hr.post(f"{address}/columns", data=COLUMNS)
    run()
    page = hr.get(address).text
    assert "looks like a personal identity number" in page
    assert "811218" not in page
    assert "811218" not in hr.get(f"{address}/problems.csv").text


@pytest.mark.parametrize("who", ["coach", "manager", "trainer", "stranger_hr", "stranger"])
def test_a_list_is_there_for_hr_of_its_organisation_alone(
    app: Flask, house: House, looked_at: str, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    assert browser.get(looked_at).status_code == 404
    assert browser.get(f"{looked_at}/problems.csv").status_code == 404
    for what in ("columns", "courses", "confirm", "discard"):
        assert browser.post(f"{looked_at}/{what}", data=COLUMNS).status_code == 404
    other = browser.post("/hr/lists/new", data={"organisation": house.north, "who": "x"})
    assert other.status_code == 404
    assert completions(app) == 0


def test_an_old_list_is_forgotten_by_itself(
    app: Flask, hr: FlaskClient, looked_at: str, clock_at: Callable[..., Any]
) -> None:
    with app.app_context():
        left = working.place_of("left")
        left.write_bytes(b"of a process that was ended")
        with clock_at(clock.utcnow() + timedelta(days=29)):
            intakes.forget_old()
        assert hr.get(looked_at).status_code == 200
        with clock_at(clock.utcnow() + timedelta(days=31)):
            intakes.forget_old()
        assert db.session.scalars(select(IntakeRow)).all() == []
        assert not left.exists()


def test_a_list_is_forgotten_with_its_addresses(
    app: Flask, hr: FlaskClient, looked_at: str
) -> None:
    assert hr.post(f"{looked_at}/discard", follow_redirects=True).status_code == 200
    assert hr.get(looked_at).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(IntakeRow)).all() == []
