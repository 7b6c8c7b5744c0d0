"""Counts by tallies are those of the standings themselves, whatever has happened."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.known_days import place_on
from innocap_lms.requirements.models import (
    ALL,
    GROUP_BITS,
    STATE_NUMBERS,
    KnownDay,
    Overall,
    Standing,
    Tally,
    in_numbers,
)
from innocap_lms.requirements.overall import Held, spells
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About
from innocap_lms.requirements.tallies import DAY, MONTH, YEAR
from tests.conftest import House
from tests.requirements.test_following import follow

Living = Callable[[list[tuple[str, int, int]]], None]
DEEDS = ("require", "change", "pause", "exempt", "credit", "join", "leave", "move")
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 400)), max_size=6
)
quick = settings(
    max_examples=12,
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


Counted = Counter[tuple[Any, ...]]


def in_steps(found: Counted, what: tuple[Any, ...], edge: str, day: date) -> None:
    """Count something of a day in its own row, in that of its month, in that of its year."""
    for step, first in (
        (DAY, day),
        (MONTH, day.replace(day=1)),
        (YEAR, day.replace(month=1, day=1)),
    ):
        found[*what, step, first, edge] += 1


def spans() -> Iterator[tuple[int, int, bool, Held]]:
    """Person, requirement, whether it is what was shown, and a standing: of those that are still
    known, and of what was shown on each day."""
    days = {row.place: row.day for row in db.session.execute(select(KnownDay.place, KnownDay.day))}

    def known(place: int) -> date:
        return days[max(each for each in days if each <= place)]

    for row in db.session.execute(select(*Standing.__table__.c)):
        whose, where = (row.person, row.requirement), (row.place, STATE_NUMBERS[row.state])
        since, until = max(row.valid_from, known(row.known_from)), row.valid_until
        if row.known_until == STILL:
            yield *whose, False, Held(*where, row.valid_from.toordinal(), until.toordinal())
        else:
            until = min(until, known(row.known_until))
        if since < until:
            yield *whose, True, Held(*where, since.toordinal(), until.toordinal())


def recounted() -> Counted:
    """What tallies should say of the standings."""
    found = Counted()
    for _person, requirement, shown, (place, state, since, until) in spans():
        for what in ((requirement, ALL), (ALL, place)):
            in_steps(found, (shown, *what, state), "begun", date.fromordinal(since))
            if until != date.max.toordinal():
                in_steps(found, (shown, *what, state), "over", date.fromordinal(until))
    return found


def grouped() -> set[tuple[Any, ...]]:
    """What should be said of people by the groups they have something in."""
    held = defaultdict[tuple[int, bool], list[Held]](list)
    for person, _requirement, shown, one in spans():
        held[person, shown].append(one)
    return {(*key, *spell) for key, its in held.items() for spell in spells(its)}


def kept() -> Counted:
    found = Counted()
    columns = (Tally.shown, Tally.requirement, Tally.place, Tally.state, Tally.step, Tally.day)
    for *key, begun, over in db.session.execute(
        select(*columns, Tally.begun, Tally.over).where(Tally.requirement >= ALL)
    ):
        found[*key, "begun"] += begun
        found[*key, "over"] += over
    return +found


@pytest.fixture
def living(life: Life, clock_at: Callable[[datetime], AbstractContextManager[None]]) -> Living:
    """Lets deeds happen, nine days apart, and the standings follow after each."""

    def live(happened: list[tuple[str, int, int]]) -> None:
        for number, deed in enumerate(happened):
            with clock_at(clock.utcnow() + timedelta(days=9 * number)):
                life.do(*deed)
                follow()

    return live


@pytest.mark.usefixtures("in_app")
@quick
@given(happened=deeds)
def test_tallies_are_what_a_recount_of_the_standings_gives(
    living: Living, happened: list[tuple[str, int, int]]
) -> None:
    living(happened)
    for _time in range(2):
        assert kept() == recounted()
        rows = db.session.execute(select(*in_numbers(Overall).c))
        assert set(map(tuple, rows)) == grouped()
        following.rebuild()


@pytest.mark.usefixtures("in_app")
@quick
@given(
    happened=deeds,
    back=st.integers(-60, 0) | st.integers(-300, 500),  # while it happens, or whenever
    state=st.sampled_from(("", *GROUP_BITS, *GROUPS)),
    known=st.sampled_from((False, True)),
)
def test_what_pages_say_is_what_a_recount_of_the_standings_gives(
    life: Life,
    living: Living,
    viewer: Callable[[str], Viewer],
    happened: list[tuple[str, int, int]],
    back: int,
    state: str,
    known: bool,
) -> None:
    living(happened)
    house, day = life.house, clock.utcnow().date() - timedelta(days=back)
    place = place_on(day) if known else None
    for who, unit, requirement in product(
        (house.hr, house.admin, house.manager, house.stranger_hr),
        ("", house.care),
        ("", *life.required[:1]),
    ):
        one, lens = viewer(who), Lens(day, place, "", unit, requirement, state)
        by_requirement, by_unit = standings.counts(one, lens)
        assert by_requirement == standings._grouped(standings._by_requirement(one, lens))
        assert by_unit == standings._grouped(standings._by_unit(one, lens))
        late = Standing.state.in_(("overdue", "expired"))
        rows = standings._people(Standing.person, late, holding(one, lens), "")
        assert standings.people_in_order(one, lens) == rows
        for name in ("o", "coach"):
            some = replace(lens, name=name)
            found = standings._people(Standing.person, late, holding(one, some), name)
            assert standings.people_in_order(one, some) == found
            assert found[0] == len(standings.lines(one, some, rows[0]).people)
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
