"""Planned hours by month and unit: in the place's own months, within scope, of what counts. Of
those attended, tests/rounds/test_leading.py."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.hr.hours import planned_hours
from innocap_lms.people.viewer import Viewer
from tests.conftest import House

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = date(2026, 11, 23)


@pytest.mark.usefixtures("in_app", "history")
def test_hours_stand_in_the_month_of_the_place_and_in_the_readers_units(
    house: House, viewer: Callable[[str], Viewer]
) -> None:
    found = planned_hours(viewer(house.hr), DAY, STOCKHOLM)
    assert found.months[0] == date(2025, 12, 1)
    assert found.months[-1] == date(2026, 11, 1)
    by_month = dict(zip(found.months, found.of_months(), strict=True))
    assert {month: hours for month, hours in by_month.items() if hours} == {
        date(2026, 3, 1): 1.5,
        date(2026, 5, 1): 1.5,
        date(2026, 7, 1): 1.5,  # the last hour of June in UTC
        date(2026, 9, 1): 1.5,
    }
    assert set(found.units) == {house.home, house.office}
    assert set(planned_hours(viewer(house.manager), DAY, STOCKHOLM).units) == {house.home}
    assert set(planned_hours(viewer(house.stranger_hr), DAY, STOCKHOLM).units) == {house.far}
    assert planned_hours(viewer(house.coach), DAY, STOCKHOLM).units == {}


def test_the_dashboard_draws_hours_with_the_table_behind(
    house: House, complete: Callable[..., str], browser_of: Callable[[str], FlaskClient]
) -> None:
    for person, unit in ((house.coach, house.home), (house.other_coach, house.office)):
        complete(person, unit, clock.utcnow())
    page = browser_of(house.hr).get("/hr").text
    assert '<svg class="columns planned"' in page
    table = page.partition('id="planned-hours-table-caption"')[2].partition("</table>")[0]
    assert table.count('<td class="number">1.5</td>') == 2
    assert table.count("<tr>") == 3
