"""How many statements a page of follow-up takes: the same for three people as for 20,000."""

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.test_follow_up_scope import BrowserOf
from tests.requirements.test_following import follow, require


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/hr", 12),
        ("/hr/matrix", 7),
        ("/hr/matrix?state=late", 7),
        ("/hr/matrix?state=expired", 7),
        ("/hr/matrix?name=coach", 8),
        ("/hr/matrix?requirement={requirement}", 8),
        ("/hr/matrix?unit={unit}", 14),
        ("/hr/requirements", 7),
    ],
)
def test_a_page_takes_so_many_statements_with_the_session(
    app: Flask, house: House, browser_of: BrowserOf, statements: list[str], path: str, most: int
) -> None:
    with app.app_context():
        rule = Rule("course", "first-steps", "own", clock.utcnow().date(), due_days=60)
        requirement = require(house, rule)
        follow()
    hr, address = browser_of(house.hr), path.format(requirement=requirement, unit=house.care)
    hr.get(address)  # warm
    statements.clear()
    assert hr.get(address).status_code == 200
    assert len(statements) <= most, "\n".join(statements)
