"""Whatever happened, step by step or all at once: what is stored of it is the same, row by row."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.ledger.verification import verify
from innocap_lms.requirements import following
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.models import (
    Followed,
    KnownDay,
    Overall,
    RequirementRow,
    Standing,
    Tally,
)
from tests.conftest import House
from tests.requirements.histories import Ledger, ledgers
from tests.requirements.test_following import follow

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
STORED: Final[tuple[Any, ...]] = (Standing, Overall, Tally)


def begin_anew(house: House) -> None:
    """Forget whatever the example before has left, and require something."""
    with writing():
        for table in (*STORED, KnownDay, Followed, RequirementRow):
            db.session.execute(delete(table))
        for table in (LedgerSeal, LedgerContent, LedgerEvent):
            db.session.execute(delete(table))
        db.session.execute(
            insert(RequirementRow).values(
                id="req", organisation_id=house.north, version=1, rule={}, rules=[], set_at=NOON
            )
        )


def write(fact: Fact, person_id: str | None, house: House) -> str:
    with writing():
        return ledger.record(
            fact.kind,
            person_id=person_id,
            actor_id=house.hr,
            organisation_id=house.north if fact.organisation_id == "org" else house.south,
            happened_at=fact.at,
            content=dict(fact.content),
        )


def stored() -> list[list[tuple[Any, ...]]]:
    """All rows of each table, in an order of their own; a count of nothing says as much as none."""
    counts = (Tally.begun != 0) | (Tally.over != 0)
    return [
        sorted(tuple(row) for row in db.session.execute(query))
        for query in (
            select(*Standing.__table__.c),
            select(*Overall.__table__.c),
            select(*Tally.__table__.c).where(counts),
        )
    ]


@settings(
    max_examples=12,
    phases=(Phase.reuse, Phase.generate),  # to shrink takes minutes with a database
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=ledgers(most=14), data=st.data())
@pytest.mark.usefixtures("in_app")
def test_standings_followed_step_by_step_are_those_made_anew_also_after_a_disposal(
    house: House, told: Ledger, data: st.DataObject
) -> None:
    begin_anew(house)
    events: list[str] = []
    facts = sorted((*told.all, *told.one), key=lambda fact: fact.sequence)
    for number, fact in enumerate(facts):
        person = data.draw(st.sampled_from([house.coach, house.colleague]))
        with clock.at(NOON + timedelta(minutes=number)):
            events.append(write(fact, None if fact in told.all else person, house))
            if data.draw(st.booleans()):
                follow()
    with clock.at(NOON + timedelta(days=1)):
        if gone := data.draw(st.lists(st.sampled_from(events), max_size=3, unique=True)):
            with writing():
                ledger.dispose(gone, "KS 2027:14")
        follow()
        step_by_step = stored()
        following.rebuild()
    assert stored() == step_by_step
    assert verify().ok
