"""What people write into cells, which column is what, and numbers that are never taken in."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.cells import CellError
from innocap_lms.spreadsheets.columns import Column, chosen, proposed
from innocap_lms.spreadsheets.personal_numbers import looks_personal
from innocap_lms.spreadsheets.problems import OF_CELLS, Problem, of_file
from innocap_lms.spreadsheets.table import TableError


@pytest.mark.parametrize(
    "said",
    [
        "2025-03-01",
        "20250301",
        "2025-03-01 10:30",
        "2025-03-01T10:30:00.000",
        "1.3.2025",
        "01/03/2025",
        "45717",
    ],
)
def test_a_day_is_read_however_it_was_written(said: str) -> None:
    assert cells.day(said) == date(2025, 3, 1)


@pytest.mark.parametrize(
    "said",
    ["", "2025-02-30", "1.3.25", "13/25/2025", "mars", "99999", "12", "2025-3-1", "٢٠٢٥0301"],
)
def test_what_is_no_day_is_not_guessed(said: str) -> None:
    with pytest.raises(CellError) as error:
        cells.day(said)
    assert error.value.code == "day"


@pytest.mark.parametrize(
    ("said", "hours"),
    [("7.5", "7.5"), ("7,5", "7.5"), ("7,5 h", "7.5"), ("7:30", "7.5"), ("16 timmar", "16")],
)
def test_hours_are_read_with_point_comma_or_clock(said: str, hours: str) -> None:
    assert cells.hours(said) == Decimal(hours)


@pytest.mark.parametrize("said", ["", "-1", "nan", "inf", "7:75", "1 000", "10000", "=1+1", "1e9"])
def test_what_are_no_hours_is_refused(said: str) -> None:
    with pytest.raises(CellError) as error:
        cells.hours(said)
    assert error.value.code in OF_CELLS


def test_whole_numbers_come_with_the_decimals_of_other_programs() -> None:
    assert [cells.whole_number(said) for said in ("24", "24.0", "24,0")] == [24, 24, 24]
    for said in ("24.5", "-1", "²", "1234567890"):
        with pytest.raises(CellError):
            cells.whole_number(said)


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_a_problem(said: str) -> None:
    for read in (cells.day, cells.hours, cells.whole_number, lambda text: cells.text(text, 30)):
        with suppress(CellError):
            read(said)


COLUMNS = (
    Column("email", ("E-post", "E-mail", "Sähköposti"), needed=True),
    Column("day", ("Dag", "Datum", "Day")),
)


def test_columns_are_known_by_their_titles_in_any_writing() -> None:
    assert proposed(("Namn", "DATUM", "e post"), COLUMNS) == {"email": 2, "day": 1}
    assert proposed(("E-post", "E-post"), COLUMNS) == {"email": 0}


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ({"day": 1}, "no_column"),
        ({"email": 1, "day": 1}, "column_twice"),
        ({"email": 7}, "no_such_column"),
        ({"email": -1}, "no_such_column"),
    ],
)
def test_a_choice_of_columns_that_cannot_work_is_refused(places: dict[str, int], code: str) -> None:
    with pytest.raises(TableError) as error:
        chosen(("Namn", "Datum", "E-post"), COLUMNS, places)
    assert error.value.code == code
    assert of_file(error.value)


def test_a_problem_names_the_cell_as_the_program_does() -> None:
    columns = chosen(("Namn", "Datum", "E-post"), COLUMNS, {"email": 2, "day": 1})
    assert columns.problem(7, "day", "day", "x" * 200) == Problem(7, "B", "Datum", "day", "x" * 100)


@pytest.mark.parametrize(
    "said",
    [
        "811218-9876",
        "198112189876",
        "8112189876",
        "701063-2391",  # a coordination number
        "131052-308T",
        "131052A308T",
        "01010750160",
        "120174-3399",
        "070761-4285",
    ],
)
def test_a_personal_identity_number_is_recognised(said: str) -> None:
    assert looks_personal(said)


@pytest.mark.parametrize(
    "said",
    [
        "811218-9875",
        "100001",
        "2025-03-01",
        "20250301",
        "+46 70 123 45 67",
        "131052-308U",
        "556036-0793",  # the number of an organisation has no month
        "",
    ],
)
def test_other_numbers_are_let_through(said: str) -> None:
    assert not looks_personal(said)
