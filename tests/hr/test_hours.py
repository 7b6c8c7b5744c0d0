"""Planned hours by month and unit: in the place's own months, within scope, of what counts. Of
those attended, tests/rounds/test_leading.py."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.credentials.models import Revocation
from innocap_lms.extensions import db, writing
from innocap_lms.hr.hours import planned_hours
from innocap_lms.learning.models import Completion
from innocap_lms.people.viewer import Viewer
from tests.conftest import House
from tests.hr.conftest import Complete

ViewerOf = Callable[[str], Viewer]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = date(2026, 11, 23)


@pytest.mark.usefixtures("in_app", "history")
def test_hours_stand_in_the_month_of_the_place_and_in_the_readers_units(
    house: House, viewer: ViewerOf
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


@pytest.mark.usefixtures("in_app")
def test_hours_counted_by_month_are_those_of_each_completion_one_by_one(
    house: House, complete: Complete, revoke: Callable[[str], None], viewer: ViewerOf
) -> None:
    """At the edges of months and years, on both sides of a change of clocks, in units and beside
    them, and of what was revoked or is a programme's."""
    moments = [
        datetime.combine(first, time.min, STOCKHOLM) + timedelta(minutes=minutes)
        for first in (date(2025, 12, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 11, 24))
        for minutes in (-1, 0, 60)
    ]
    for unit in (house.home, house.office, house.far, None):
        for number, moment in enumerate(moments):
            complete(house.coach, unit, moment, course_id=f"{unit}-{number}")
    revoke(complete(house.coach, house.home, moments[1]))
    noted = complete(house.coach, house.home, moments[4], course_id="a-programme")
    with writing():
        db.session.execute(
            update(Completion).where(Completion.id == noted).values(kind="programme")
        )
    rows = db.session.execute(
        select(Completion)
        .outerjoin(Revocation, Revocation.certificate_id == Completion.certificate_id)
        .where(Completion.kind == "course", Revocation.certificate_id.is_(None))
    ).scalars()
    one_by_one: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for row in rows:
        day = row.completed_at.astimezone(STOCKHOLM).date()
        if date(2025, 12, 1) <= day <= DAY:
            place = row.unit_id or row.organisation_id or ""
            one_by_one[place][day.replace(day=1)] += row.hours
    assert by_month(viewer(house.admin)) == one_by_one
    assert by_month(viewer(house.hr)) == {
        place: months for place, months in one_by_one.items() if place != house.far
    }
    assert by_month(viewer(house.manager)) == {house.home: one_by_one[house.home]}
    assert by_month(viewer(house.admin), unit=house.care) == {house.home: one_by_one[house.home]}
    assert set(by_month(viewer(house.admin), organisation=house.south)) == {house.far}


def by_month(viewer: Viewer, **narrowed: str) -> dict[str, dict[date, float]]:
    """By unit, the months with hours."""
    found = planned_hours(viewer, DAY, STOCKHOLM, **narrowed)
    return {
        place: {month: each for month, each in zip(found.months, hours, strict=True) if each}
        for place, hours in found.units.items()
    }


@pytest.mark.sqlite
@pytest.mark.usefixtures("in_app")
def test_hours_of_a_month_are_a_stretch_of_an_index(
    house: House, viewer: ViewerOf, statements: list[str]
) -> None:
    """Whatever else people completed, in other years or places."""
    planned_hours(viewer(house.hr), DAY, STOCKHOLM)
    plan = db.session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {statements[-1]}", ("",) * statements[-1].count("?")
    )
    searched = [row[3] for row in plan if "ix_completion_hours" in row[3]]
    assert len(searched) == 3, "of units, of organisations, of neither"
    for each in searched:
        assert each.startswith("SEARCH completion USING COVERING INDEX")
        assert "completed_at>" in each
