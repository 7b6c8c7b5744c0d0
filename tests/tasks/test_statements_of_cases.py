"""How many SQL statements the pages of cases cost; pinned, however many cases there are."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import House
from tests.tasks.conftest import SMALL, TASK, Browser, Pool, cases, hand_in, send


@pytest.mark.usefixtures("coach")
def test_lists_and_pages_cost_as_much_for_many_cases_as_for_one(
    app: Flask,
    house: House,
    coach: FlaskClient,
    pool: Pool,
    browser_of: Browser,
    statements: list[str],
) -> None:
    pool.add(2)
    for address in (TASK, SMALL):
        send(coach, address, files=(("a.txt", b"a"),))
        hand_in(coach, address)
    both = next(case.id for case in cases(app) if case.task_id == "own-case")
    assessor, admin = pool.browser_of(pool.seats(both)[1]), browser_of(house.admin)
    for browser, address, allowed in (
        (coach, TASK, 6),  # session; place and progress; cases, files, what was said
        (assessor, "/assess", 3),  # session; open cases, decided ones
        (assessor, f"/assess/{both}", 5),  # session; seat, case, what was said, files
        (admin, "/assess/cases", 3),  # session; cases, their seats
    ):
        browser.get(address)
        statements.clear()
        assert browser.get(address).status_code == 200
        assert len(statements) == allowed, (address, statements)
