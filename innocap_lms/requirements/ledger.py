"""What the ledger says that bears on standings, read for a few people at a time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, text

from innocap_lms.catalogue.queries import edition
from innocap_lms.extensions import db
from innocap_lms.ledger.models import OF_ORGANISATIONS, LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.people.once import hold
from innocap_lms.requirements.facts import ABOUT_PEOPLE, OF_COURSES, OF_NOTHING, Fact
from innocap_lms.requirements.organisation import NOW

_FACTS = (
    select(
        LedgerSeal.sequence,
        LedgerEvent.id,
        LedgerEvent.kind,
        LedgerEvent.happened_at,
        LedgerEvent.organisation_id,
        LedgerContent.person_id,
        LedgerContent.content,
    )
    .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
    .outerjoin(LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
)
_SEALED = LedgerSeal.sequence.is_not(None)


def about_organisation(organisation_id: str, *, unsealed: bool = False) -> list[Fact]:
    """Its requirements and where its units lay, in the ledger's order; with what is not sealed yet
    at the end, if that is asked for. One statement."""
    wanted = _FACTS.where(LedgerEvent.organisation_id == organisation_id, text(OF_ORGANISATIONS))
    rows = db.session.execute(wanted if unsealed else wanted.where(_SEALED))
    return _in_order(_fact(row, _validity_months) for row in rows)


def about_people(
    person_ids: Collection[str], *, unsealed: bool = False, only: Collection[str] = ()
) -> Mapping[tuple[str, str], list[Fact]]:
    """What the sealed ledger says of people, by person and organisation, each in its order; with
    what is not sealed yet at the end, if that is asked for. What was done in courses stands under
    each of their organisations. With `only`, such as "course:x", what is about something else is
    left out: most of it, when one requirement is looked at.

    One statement, and one for each edition that was completed in.
    """
    found: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    wanted = _FACTS.where(
        LedgerContent.person_id.in_(person_ids), LedgerEvent.kind.in_(ABOUT_PEOPLE)
    )
    if only:
        wanted = wanted.where(_is_about(only))
    rows = db.session.execute(wanted if unsealed else wanted.where(_SEALED))
    courses: defaultdict[str, list[Fact]] = defaultdict(list)
    validity = cache(_validity_months)
    for row in rows:
        fact = _fact(row, validity)
        found[row.person_id, row.organisation_id or ""].append(fact)
        if row.kind in OF_COURSES:
            courses[row.person_id].append(fact)
    return {
        (person, organisation): _in_order(
            {id(fact): fact for fact in (*facts, *courses[person])}.values()
        )
        for (person, organisation), facts in found.items()
    }


def _is_about(subjects: Collection[str]) -> ColumnElement[bool]:
    """Whether an event is about one of these, or about none in particular, see `Fact.about`."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for kind, _colon, name in (each.partition(":") for each in sorted(subjects)):
        names[kind].append(name)
    named = (LedgerContent.content[kind].as_string().in_(ids) for kind, ids in names.items())
    return or_(LedgerEvent.kind.in_(OF_NOTHING), *named)


def held_about(person_id: str, organisation_id: str) -> list[Fact]:
    """The same of one person in one organisation, read once nobody else can add to it. In a write
    transaction."""
    hold(person_id)
    return about_people([person_id], unsealed=True).get((person_id, organisation_id), [])


def _in_order(facts: Any) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.sequence, fact.at, fact.id))


def _fact(row: Row[Any], validity_months: Callable[[str], int | None]) -> Fact:
    content: dict[str, Any] = row.content
    if row.kind == "completed" and "edition" in content:  # what HR has noted says it itself
        content = {**content, "validity_months": validity_months(content["edition"])}
    return Fact(
        NOW if row.sequence is None else row.sequence,
        row.id,
        row.kind,
        row.happened_at,
        row.organisation_id,
        content,
    )


def _validity_months(edition_id: str) -> int | None:
    """How long a completion in that edition counts by itself. An edition never changes."""
    validity = edition(edition_id).course.validity
    return validity.months if validity else None
