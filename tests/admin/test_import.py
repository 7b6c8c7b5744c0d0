"""Lists of people: what they would change is shown first, and done once, whatever happens."""

import io
import re
from collections.abc import Callable

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.admin import import_work, importing
from innocap_lms.admin.models import PeopleImport
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.people import services
from innocap_lms.people.models import Membership, Person, holds
from innocap_lms.people.staff import numbers_of
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
HEAD = "Namn;E-post;Anställningsnummer;Enhet"


def send(
    browser: FlaskClient, where: str, text: str | bytes, name: str = "list.csv"
) -> TestResponse:
    content = text.encode() if isinstance(text, str) else text
    form = {"organisation": where, "file": (io.BytesIO(content), name)}
    return browser.post("/admin/people/import", data=form)


def sent(browser: FlaskClient, where: str, *rows: str, head: str = HEAD) -> str:
    """The address of a list that was taken in."""
    answer = send(browser, where, "\n".join((head, *rows)))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def run(app: Flask) -> None:
    app.extensions["innocap_relay"].run_due()


def units_of(person: str) -> set[str | None]:
    query = select(Membership.unit_id).where(
        Membership.person_id == person,
        Membership.role == "learner",
        holds(Membership, clock.utcnow()),
    )
    return set(db.session.scalars(query))


def person_of(email: str) -> str | None:
    return db.session.scalar(select(Person.id).where(Person.email == email))


def count(page: str, words: str) -> int:
    found = re.search(rf"{words}: (\d+)", page)
    return int(found[1]) if found else 0


def test_joiners_movers_and_the_unchanged_are_shown_and_then_done(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(
        hr,
        house.north,
        "Nina Ny;nina@example.org;17;Care / Home care",
        "Coach;coach@example.org;18;Office",
        "Colleague;COLLEAGUE@example.org;;Home care",
    )
    page = hr.get(address).text
    assert count(page, "New here") == count(page, "Move to another unit") == 1
    assert count(page, "Unchanged") == 1
    with app.app_context():
        assert person_of("nina@example.org") is None, "nothing has happened yet"
    assert hr.post(f"{address}/apply").status_code == 303
    assert "Under way" in hr.get(address).text
    run(app)
    page = hr.get(address).text
    assert "Carried out" in page
    assert count(page, "New here") == count(page, "Moved") == 1
    with app.app_context():
        nina = person_of("nina@example.org")
        assert nina is not None
        assert units_of(nina) == {house.home}
        assert units_of(house.coach) == {house.office}
        assert numbers_of(house.coach) == {house.north: "18"}
        kinds = set(db.session.scalars(select(OutboxMessage.kind)))
        assert "people.invitation_mail" not in kinds, "nobody is written to"
        assert db.session.scalar(select(PeopleImport.content)) == ""


def test_the_same_list_again_changes_nothing(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    rows = ("Nina Ny;nina@example.org;17;Home care", "Coach;coach@example.org;18;Office")
    for _time in range(2):
        address = sent(hr, house.north, *rows)
        hr.post(f"{address}/apply")
        run(app)
    page = hr.get(address).text
    assert count(page, "Unchanged") == 2
    with app.app_context():
        assert (
            db.session.scalar(select(func.count()).where(Person.email == "nina@example.org")) == 1
        )


def test_somebody_is_found_by_the_employee_number_whatever_their_address(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_number(house.coach, house.north, "A 17")
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Coach Married;married@example.org;A 17;Office")
    assert count(hr.get(address).text, "Move to another unit") == 1
    hr.post(f"{address}/apply")
    run(app)
    with app.app_context():
        assert person_of("married@example.org") is None
        assert units_of(house.coach) == {house.office}


def test_every_error_is_told_at_once_by_row_and_column(house: House, browser_of: BrowserOf) -> None:
    hr = browser_of(house.hr)
    address = sent(
        hr,
        house.north,
        ";empty@example.org;;",
        "Bad Mail;not an address;4;Office",
        "Formula;=cmd()@example.org;;Office",
        "No Unit;nounit@example.org;1;Nowhere",
        "Twice;twice@example.org;2;Office",
        "Twice Again;TWICE@example.org;3;Office",
        "Number;num@example.org;19811218-9876;Office",
        "Nobody;;;Office",
        "Away;stranger@example.org;5;Office",
    )
    page = hr.get(address).text
    assert "8 rows with errors" in page
    for words in (
        "Nothing is said here",
        "This is not an e-mail address",
        "This is a formula",
        "There is no open unit of this name",
        "This person is also in another row: 6",
        "looks like a personal identity number",
        "neither an address nor a login name",
        "Ask an administrator",
    ):
        assert words in page
    lines = hr.get(f"{address}/problems.csv").text.splitlines()
    assert [line.split(";")[:2] for line in lines[1:3]] == [["2", "A"], ["3", "B"]]
    assert "19811218" not in page


def test_two_units_of_one_name_need_the_way_to_them(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.create_unit(house.north, "Home care", house.office)
    hr = browser_of(house.hr)
    address = sent(
        hr, house.north, "A;a@example.org;;Home care", "B;b@example.org;;office/HOME care"
    )
    page = hr.get(address).text
    assert "Several units have this name" in page
    assert count(page, "New here") == 1


def test_with_forty_of_a_hundred_rows_wrong_the_right_ones_are_taken_and_nobody_is_ended(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    rows = [
        f"Person {n};person{n}@example.org;;{'Nowhere' if n % 5 < 2 else 'Office'}"
        for n in range(100)
    ]
    address = sent(hr, house.north, *rows)
    page = hr.get(address).text
    assert "40 rows with errors" in page
    assert count(page, "New here") == 60
    assert 'name="closing"' not in page
    assert hr.post(f"{address}/apply", data={"closing": house.coach}).status_code == 422
    hr.post(f"{address}/apply")
    run(app)
    with app.app_context():
        query = select(func.count()).where(Person.email.like("person%"))
        assert db.session.scalar(query) == 60
        assert units_of(house.coach) == {house.home}


def test_who_is_not_in_the_list_leaves_only_if_ticked(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr, coach = browser_of(house.hr), browser_of(house.coach)
    address = sent(hr, house.north, "Colleague;colleague@example.org;;Home care")
    page = hr.get(address).text
    assert set(re.findall(r'name="closing" value="(\w+)"', page)) == {
        house.coach, house.other_coach, house.manager,
    }, "HR, trainers and administrators are not HR's to end"  # fmt: skip
    wanted = [house.coach, house.stranger, house.hr, house.colleague]
    hr.post(f"{address}/apply", data={"closing": wanted})
    run(app)
    assert coach.get("/me").status_code == 302
    with app.app_context():
        assert units_of(house.coach) == set()
        for stays in (house.other_coach, house.stranger, house.colleague):
            assert units_of(stays)
    assert browser_of(house.hr).get("/hr").status_code == 200


def test_no_end_in_other_systems_is_none_here_and_a_slip_of_the_pen_is_told(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(
        hr,
        house.north,
        "Nina Ny;nina@example.org;;9999-12-31",
        "Coach;coach@example.org;;9999-12-31",
        "Olle Ny;olle@example.org;0001-01-01;",
        "Pia Ny;pia@example.org;9999-12-31;2201-01-01",
        head="Namn;E-post;Första dag;Sista dag",
    )
    page = hr.get(address).text
    assert count(page, "New here") == count(page, "Unchanged") == 1
    assert page.count("too far away") == 3
    for day in ("0001-01-01", "9999-12-31"):
        assert hr.post(f"{address}/apply", data={"moves_on": day}).status_code == 422
    hr.post(f"{address}/apply")
    run(app)
    with app.app_context():
        nina = person_of("nina@example.org")
        held = select(Membership.valid_until).where(Membership.person_id == nina)
        assert db.session.scalars(held).all() == [None]


def test_a_personal_identity_number_in_a_wrong_column_is_not_repeated(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    rows = [f"Ny {letter};{letter}@example.org;;" for letter in "abcdef"]
    address = sent(hr, house.north, *rows, "Nina;811218-9876;;")
    for page in (address, f"{address}/problems.csv"):
        text = hr.get(page).text
        assert text.count("looks like a personal identity number") == 1
        assert "811218" not in text


def test_another_name_is_offered_and_taken_only_if_ticked(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.add_membership(house.other_coach, "learner", house.south, house.far)
    hr = browser_of(house.hr)
    address = sent(
        hr,
        house.north,
        "Coach Nygift;coach@example.org;;Home care",
        "COLLEAGUE;colleague@example.org;;Home care",
        "Someone Else;other_coach@example.org;;Office",
        "Manager Nygift;manager@example.org;;",
    )
    page = hr.get(address).text
    offered = re.findall(r'name="renaming" value="(\w+)"', page)
    assert offered == [house.coach, house.manager], "neither capitals nor whoever others share"
    assert "Coach becomes Coach Nygift" in page
    hr.post(f"{address}/apply", data={"renaming": [house.coach, house.other_coach]})
    run(app)
    assert "Called by another name: 1" in hr.get(address).text
    with app.app_context():
        names = dict(db.session.execute(select(Person.id, Person.name)).all())
    assert names[house.coach] == "Coach Nygift"
    assert names[house.manager] == "Manager"
    assert names[house.other_coach] == "Other Coach"


def test_a_protected_identity_is_named_nowhere_and_not_taken_in(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_protected(house.coach, protected=True)
    hr = browser_of(house.hr)
    head = f"{HEAD};Skyddad identitet"
    address = sent(
        hr,
        house.north,
        "Coach Secret;coach@example.org;;Office;",
        "Hidden Person;hidden@example.org;;Office;ja",
        head=head,
    )
    page = hr.get(address).text
    assert "Hidden Person" not in page
    assert "Coach Secret" not in page
    assert "renaming" not in page
    assert ">Coach<" not in page
    assert "is left out" in page
    hr.post(f"{address}/apply")
    run(app)
    with app.app_context():
        assert person_of("hidden@example.org") is None
        assert units_of(house.coach) == {house.office}


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Personnummer", "x"),
        ("Henkilötunnus", "x"),
        ("Kod", "19811218-9876"),
        ("Kod", "131052-308T"),
        ("Kod", "010190-1234"),
    ],
)
def test_a_list_with_personal_identity_numbers_is_refused_and_not_kept(
    app: Flask, house: House, browser_of: BrowserOf, head: str, cell: str
) -> None:
    text = f"Namn;E-post;{head}\nNina;nina@example.org;{cell}\n"
    answer = send(browser_of(house.hr), house.north, text)
    assert answer.status_code == 422
    assert "Column C holds personal identity numbers" in answer.text
    assert cell == "x" or cell not in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lists_of_any_program_are_read(house: House, browser_of: BrowserOf, encoding: str) -> None:
    hr = browser_of(house.hr)
    text = "Namn\tE-post\tEnhet\nÅsa Öberg\tasa@example.org\tOffice\n"
    address = send(hr, house.north, text.encode(encoding)).headers["Location"]
    assert ">Åsa Öberg<" in hr.get(address).text


def test_a_workbook_is_read_and_a_file_that_is_no_table_refused(
    house: House, browser_of: BrowserOf
) -> None:
    hr, file = browser_of(house.hr), io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "E-mail", "Unit"])
        sheet.write_row(1, 0, ["Nina Ny", "nina@example.org", "Office"])
    address = send(hr, house.north, file.getvalue(), "list.xlsx").headers["Location"]
    assert ">Nina Ny<" in hr.get(address).text
    for wrong in (b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old"):
        assert send(hr, house.north, wrong).status_code == 422


def test_columns_can_be_chosen_by_hand(house: House, browser_of: BrowserOf) -> None:
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Nina;nina@example.org", head="Vem;Adress")
    assert "Choose the column for: Name" in hr.get(address).text
    hr.post(f"{address}/columns", data={"name": "0", "email": "1"})
    assert count(hr.get(address).text, "New here") == 1
    hr.post(f"{address}/columns", data={"name": "0", "email": "0"})
    assert "Column A was chosen for two things" in hr.get(address).text
    hr.post(f"{address}/columns", data={"name": "99"})
    assert "has no column 100" in hr.get(address).text
    for no_column in ("9" * 5000, "²", "-1"):
        sent_so = hr.post(f"{address}/columns", data={"name": no_column, "email": "1"})
        assert sent_so.status_code == 303, no_column
        assert "Choose the column for: Name" in hr.get(address).text
    assert hr.post(f"{address}/apply").status_code == 422


def test_a_list_is_seen_by_the_hr_of_its_organisation_alone(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Nina;nina@example.org;;Office")
    for other in (house.stranger_hr, house.manager, house.coach, house.trainer):
        browser = browser_of(other)
        for path in (address, f"{address}/problems.csv"):
            assert browser.get(path).status_code == 404
        for path in (f"{address}/apply", f"{address}/columns"):
            assert browser.post(path).status_code == 404
    assert send(hr, house.south, HEAD).status_code == 422, "of another organisation"
    assert browser_of(house.admin).get(address).status_code == 200


def test_a_job_that_is_killed_goes_on_and_does_nothing_twice(
    app: Flask, house: House, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "AT_A_TIME", 2)
    hr = browser_of(house.hr)
    rows = [f"Person {n};person{n}@example.org;{n};Office" for n in range(7)]
    address = sent(hr, house.north, *rows)
    hr.post(f"{address}/apply")
    list_id = address.rsplit("/", 1)[1]
    real, calls = import_work._Work._join, list[int]()

    def dies(self: import_work._Work, change: object) -> str:
        calls.append(1)
        if len(calls) == 4:
            raise SystemExit
        return real(self, change)  # type: ignore[arg-type]

    monkeypatch.setattr(import_work._Work, "_join", dies)
    with app.app_context(), pytest.raises(SystemExit):
        import_work.carry_out({"list": list_id})
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Person.email.like("person%"))) == 2
        assert "Done up to row 3" in hr.get(address).text
        import_work.carry_out({"list": list_id})
        import_work.carry_out({"list": list_id})
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Person.email.like("person%"))) == 7
        counts = db.session.scalar(select(PeopleImport.counts))
        assert counts == {"joins": 7}


def test_a_list_is_carried_out_once_however_often_it_is_asked_for(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Nina;nina@example.org;;Office")
    for what in ("apply", "apply", "columns"):
        assert hr.post(f"{address}/{what}").headers["Location"] == address
    with app.app_context():
        asked = select(func.count()).where(OutboxMessage.kind == importing.IMPORT_JOB)
        assert db.session.scalar(asked) == 1
        assert db.session.scalars(select(PeopleImport.places)).one() == {
            "name": 0, "email": 1, "number": 2, "unit": 3,
        }  # fmt: skip


def test_what_was_ticked_stays_ticked_where_a_day_is_wrong(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Coach Nygift;coach@example.org;;Office")
    form = {"closing": house.colleague, "renaming": house.coach, "moves_on": "some day"}
    answer = hr.post(f"{address}/apply", data=form)
    assert answer.status_code == 422
    for name in ("closing", "renaming"):
        assert f'name="{name}" value="{form[name]}" checked' in answer.text


def test_first_and_last_days_are_kept(app: Flask, house: House, browser_of: BrowserOf) -> None:
    hr = browser_of(house.hr)
    head = "Namn;E-post;Första dag;Sista dag"
    address = sent(
        hr,
        house.north,
        "Nina;nina@example.org;2036-02-01;2036-12-31",
        "Gone;gone@example.org;2001-01-01;2001-12-31",
        "Wrong;wrong@example.org;2036-02-01;2036-01-01",
        "Coach;coach@example.org;;31.12.2036",
        head=head,
    )
    page = hr.get(address).text
    assert "The last day is before the first" in page
    assert count(page, "Get a last day") == 1
    hr.post(f"{address}/apply")
    run(app)
    with app.app_context():
        nina = select(Person.left_at, Membership.valid_from).join(
            Membership, Membership.person_id == Person.id
        )  # fmt: skip
        left, begins = db.session.execute(nina.where(Person.email == "nina@example.org")).one()
        assert (left.isoformat(), begins.isoformat()) == (
            "2036-12-31T23:00:00+00:00",
            "2036-01-31T23:00:00+00:00",
        )
        assert person_of("gone@example.org") is None
    again = sent(hr, house.north, "Coach;coach@example.org;;2036-12-31", head=head)
    assert count(hr.get(again).text, "Unchanged") == 1


def test_whoever_is_no_longer_hr_changes_nothing_any_more(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    address = sent(hr, house.north, "Nina;nina@example.org;;Office")
    hr.post(f"{address}/apply")
    with app.app_context(), writing():
        held = select(Membership.id).where(Membership.person_id == house.hr)
        services.end_membership(db.session.scalars(held).one())
    run(app)
    with app.app_context():
        assert person_of("nina@example.org") is None
        assert db.session.scalar(select(PeopleImport.counts)) == {"failed": 1}
