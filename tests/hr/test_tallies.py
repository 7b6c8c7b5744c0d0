"""Counts by tallies are those of the standings themselves, whatever has happened."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.hr import forecast, standings, tallied
from innocap_lms.hr.scope import Lens, holding
from innocap_lms.people import services as people
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Membership
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements import following, noting, services
from innocap_lms.requirements.models import (
    ALL,
    GROUP_BITS,
    STATE_NUMBERS,
    STILL_KNOWN,
    Standing,
    Tally,
)
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About
from innocap_lms.requirements.tallies import DAY, MONTH, YEAR
from tests.conftest import House
from tests.requirements.test_following import follow

DEEDS = ("require", "change", "pause", "exempt", "credit", "join", "leave", "move")
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 400)), max_size=6
)
quick = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],  # what an example does stays, so a shorter one would say nothing
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Life:
    """What happens in North and in South: deeds of `number`, so many days ago."""

    house: House
    required: list[str]

    def do(self, deed: str, number: int, days: int) -> None:
        house, then = self.house, clock.utcnow() - timedelta(days=days)
        person = (house.coach, house.colleague, house.other_coach)[number % 3]
        unit = (house.care, house.home, house.office)[number // 2]
        about = About(person, house.north, house.hr)
        target = self.required[number % len(self.required)] if self.required else None
        with writing():
            if deed == "require" or target is None:
                units = (unit,) if number % 2 else ()
                rule = Rule(
                    "course", f"course-{number}", "own", then.date(), Audience(units),
                    due_days=40, validity_months=3 if number > 2 else None,
                )  # fmt: skip
                self.required.append(services.set_requirement(house.north, rule, house.hr))
            elif deed == "change":
                rule = Rule("course", f"course-{number}", "own", then.date(), due_days=5)
                services.set_requirement(house.north, rule, house.hr, target)
            elif deed == "pause":
                services.pause(about, then, then.date() + timedelta(days=50), "Leave")
            elif deed == "exempt":
                services.exempt(about, target, then, None, "Knows it")
            elif deed == "credit":
                with suppress(InvalidInputError):  # the same is noted once a day
                    noting.credit(about, target, then, "Seen", "Diploma")
            elif deed == "join":
                people.add_membership(person, "learner", house.north, unit, valid_from=then)
            elif deed == "leave":
                held = select(Membership.id).where(Membership.person_id == person)
                for membership in db.session.scalars(held.order_by(Membership.id)).all()[1:]:
                    people.end_membership(membership, then)
            elif number % 2:
                people.move_unit(house.home, house.office if number == 1 else house.care)


@pytest.fixture
def life(house: House) -> Life:
    return Life(house, [])


def a_month_each(rows: Iterable[tuple[int, int, int, int, int]]) -> Any:
    """The tallies of standings that are still known: each of its day, its month, its year."""
    found: Counter[tuple[int, int, int, date, int, str]] = Counter()
    for requirement, place, state, since, until in rows:
        for what, day in (("begun", since), ("over", until)):
            if day == date.max:
                continue
            for step, first in (
                (DAY, day),
                (MONTH, day.replace(day=1)),
                (YEAR, day.replace(month=1, day=1)),
            ):
                found[requirement, ALL, step, first, state, what] += 1
                found[ALL, place, step, first, state, what] += 1
    return +found


def kept() -> Counter[tuple[int, int, int, date, int, str]]:
    rows = db.session.execute(select(*Tally.__table__.c).where(Tally.requirement >= ALL))
    found = Counter[tuple[int, int, int, date, int, str]]()
    for *key, begun, over in rows:
        found[*key, "begun"] += begun
        found[*key, "over"] += over
    return +found


@pytest.mark.usefixtures("in_app")
@quick
@given(happened=deeds)
def test_tallies_are_what_a_recount_of_the_standings_gives(
    life: Life, happened: list[tuple[str, int, int]]
) -> None:
    for deed in happened:
        life.do(*deed)
        follow()
    columns = (
        Standing.requirement, Standing.place, Standing.state, Standing.valid_from,
        Standing.valid_until,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(STILL_KNOWN)).all()
    numbered = [(row[0], row[1], STATE_NUMBERS[row[2]], row[3], row[4]) for row in rows]
    assert kept() == a_month_each(numbered)
    following.rebuild()
    assert kept() == a_month_each(numbered)


@pytest.mark.usefixtures("in_app")
@quick
@given(
    happened=deeds, back=st.integers(-300, 500), state=st.sampled_from(("", *GROUP_BITS, *GROUPS))
)
def test_what_pages_say_is_what_a_recount_of_the_standings_gives(
    life: Life,
    viewer: Callable[[str], Viewer],
    happened: list[tuple[str, int, int]],
    back: int,
    state: str,
) -> None:
    for deed in happened:
        life.do(*deed)
    follow()
    house, day = life.house, clock.utcnow().date() - timedelta(days=back)
    for who, unit, requirement in product(
        (house.hr, house.admin, house.manager, house.stranger_hr),
        ("", house.care),
        ("", *life.required[:1]),
    ):
        one, lens = viewer(who), Lens(day, unit=unit, requirement=requirement, state=state)
        by_requirement, by_unit = standings.counts(one, lens)
        again = standings._counted(one, lens)
        assert by_requirement == standings._grouped((row[0], *row[2:]) for row in again)
        assert by_unit == standings._grouped((row[1], *row[2:]) for row in again)
        late = Standing.state.in_(("overdue", "expired"))
        rows = standings._people(Standing.person, late, holding(one, lens))
        assert standings.people_in_order(one, lens) == rows
        asked = standings.lines(one, lens, rows[0]).people
        assert len(asked) == rows[0], "all are looked up, or gone through in their order"
        assert [each.id for each in standings.lines(one, lens, 10**6).people] == [
            each.id for each in asked
        ]
        if tallied.are_by_place(lens):
            assert _told(tallied.late_by_month(one, lens)) == _told(forecast._counted(one, lens))


def _told(months: Iterable[tuple[date, str, int, int]]) -> set[tuple[date, str, int, int]]:
    """What is said of months; an end that never comes is none."""
    return {month for month in months if any(month[2:]) and month[0].year < date.max.year}
