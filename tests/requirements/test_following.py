"""Standings in the database: what the ledger says, no more, for whoever it says it of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.requirements import following, services
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.models import Followed, NumberedPerson, Standing
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About
from tests.conftest import House, take_first_steps

Browser = Callable[[str], FlaskClient]


def follow() -> None:
    with writing():
        ledger.seal()
    following.follow()


def require(house: House, rule: Rule | None = None, requirement: str | None = None) -> str:
    today = clock.utcnow().date()
    rule = rule or Rule("course", "first-steps", "employer", today, due_days=60)
    with writing():
        return services.set_requirement(house.north, rule, house.hr, requirement)


def rows() -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in db.session.execute(select(*Standing.__table__.c)))


def asked() -> set[str]:
    """Who has a standing."""
    people = select(NumberedPerson.id).join(Standing, Standing.person == NumberedPerson.number)
    return set(db.session.scalars(people))


def now(person: str) -> list[str]:
    """The states of a person, as all is known, from today on."""
    return list(
        db.session.scalars(
            select(Standing.state)
            .join(NumberedPerson, NumberedPerson.number == Standing.person)
            .where(
                NumberedPerson.id == person,
                Standing.known_until == STILL,
                Standing.valid_until > clock.utcnow().date(),
            )
            .order_by(Standing.valid_from)
        )
    )


@pytest.mark.usefixtures("in_app")
def test_a_new_requirement_asks_the_learners_of_its_organisation_and_nobody_else(
    house: House,
) -> None:
    require(house)
    follow()
    assert asked() == {house.coach, house.colleague, house.other_coach}
    assert now(house.coach) == ["not_due", "due_soon", "overdue"]


@pytest.mark.usefixtures("in_app", "course")
def test_a_completion_puts_its_learner_in_order_and_nobody_else(
    house: House, browser_of: Browser
) -> None:
    require(house)
    follow()
    take_first_steps(browser_of(house.coach))
    follow()
    assert now(house.coach)[0] == "valid"
    assert now(house.colleague)[0] == "not_due"


@pytest.mark.usefixtures("in_app", "course")
def test_all_of_it_can_be_thrown_away_and_made_anew(
    house: House,
    browser_of: Browser,
    clock_at: Callable[[datetime], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Step by step as it happened, and all at once at the end: row by row the same."""
    requirement = require(house)
    follow()
    take_first_steps(browser_of(house.coach))
    follow()
    about = About(house.colleague, house.north, house.hr)
    later = clock.utcnow() + timedelta(days=20)
    with clock_at(later):
        with writing():
            services.pause(about, later, later.date() + timedelta(days=30), "Parental leave")
        follow()
        rule = Rule("course", "first-steps", "law", later.date(), Audience((house.care,)),
                    provision="2025:1506", due_days=10, validity_months=6)  # fmt: skip
        require(house, rule, requirement)
        follow()
        with writing():
            people.move_unit(house.home, None)
        follow()
    step_by_step = rows()
    assert len({row[3] for row in step_by_step}) > 3, "known at several places"
    following.rebuild()
    assert rows() == step_by_step
    monkeypatch.setattr(following, "MANY", 0)  # of a long ledger, everybody is computed once
    monkeypatch.setattr(following, "PEOPLE", 2)
    assert following.rebuild() == 6, "eleven people, two at a time"
    assert rows() == step_by_step


@pytest.mark.usefixtures("in_app")
def test_of_two_that_follow_at_once_one_writes(house: House) -> None:
    require(house)
    with writing():
        ledger.seal()
    mark = following._mark()
    assert following._step(mark)
    before = rows()
    assert following._step(mark), "the mark it read has been moved meanwhile"
    assert rows() == before


@pytest.mark.usefixtures("in_app")
def test_one_that_was_killed_in_the_middle_is_gone_on_with(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PEOPLE", 1)
    require(house)
    with writing():
        ledger.seal()
    assert following._step(following._mark())
    while db.session.scalar(select(Followed.within)) == "":
        assert following._step(following._mark())
    following.follow()
    assert asked() == {
        house.coach,
        house.colleague,
        house.other_coach,
    }


@pytest.mark.usefixtures("in_app")
def test_one_whose_standings_cannot_be_computed_stops_nobody_elses(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    require(house)

    def history(asked: Any, organisation: Any, facts: Any) -> Any:
        if any(fact.content.get("unit") == house.office for fact in facts):
            raise OverflowError("a day beyond the calendar")
        return whole(asked, organisation, facts)

    whole = following.history
    monkeypatch.setattr(following, "history", history)
    follow()
    assert asked() == {house.coach, house.colleague}
    assert "cannot be computed" in caplog.text


@pytest.mark.usefixtures("in_app")
def test_rows_that_the_ledger_does_not_bear_out_go(house: House) -> None:
    require(house)
    follow()
    before = rows()
    nowhere = 999
    with writing():
        row = db.session.scalars(select(Standing)).first()
        assert row is not None
        db.session.execute(update(Standing).values(state="valid", place=nowhere))
        db.session.add(Standing(**{**_values(row), "valid_from": date(2020, 1, 1)}))
    for person in (house.coach, house.colleague, house.other_coach):
        with writing():
            services.pause(
                About(person, house.north, house.hr), datetime(2030, 1, 1, tzinfo=UTC),
                date(2030, 1, 1), "Leave",
            )  # fmt: skip
    follow()
    after = rows()
    assert not [row for row in after if nowhere in row or date(2020, 1, 1) in row]
    assert {row[:4] for row in before} <= {row[:4] for row in after}


def _values(row: Standing) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in Standing.__table__.c}


@pytest.mark.usefixtures("in_app", "course")
def test_what_is_disposed_of_stands_in_no_standing_any_more(
    house: House, browser_of: Browser
) -> None:
    """Also where nothing is left that tells of the person."""
    require(house)
    take_first_steps(browser_of(house.coach))
    follow()
    assert now(house.coach) == ["valid", "renewal_open", "expired"]

    def dispose(*kinds: str) -> None:
        theirs = select(LedgerEvent.id).join(
            LedgerContent, LedgerContent.event_id == LedgerEvent.id
        )
        theirs = theirs.where(LedgerContent.person_id == house.coach)
        with writing():
            events = db.session.scalars(theirs.where(LedgerEvent.kind.in_(kinds))).all()
            ledger.dispose(events, "KS 2027:14")
        follow()

    dispose("completed", "enrolled")
    assert now(house.coach) == ["not_due", "due_soon", "overdue"]
    dispose("role.given")
    assert house.coach not in asked()
    assert house.colleague in asked()
