"""Reads of a person's own standings, and of the version of a requirement that holds on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from innocap_lms.extensions import fetch
from innocap_lms.people.models import Organisation
from innocap_lms.requirements.models import (
    STILL_KNOWN,
    NumberedPerson,
    NumberedRequirement,
    RequirementRow,
    Standing,
)
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.rules import Rule, rule_of


class Own(NamedTuple):
    """How somebody stands towards what an organisation requires of them, and the last day."""

    requirement_id: str
    organisation_id: str
    organisation: str
    rule: Rule
    state: State
    deadline: date | None


_OWN = (
    select(
        RequirementRow.id.label("requirement_id"),
        RequirementRow.organisation_id,
        Organisation.name,
        RequirementRow.rules,
        Standing.state,
        Standing.deadline,
    )
    .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
    .join(RequirementRow, RequirementRow.id == NumberedRequirement.id)
    .join(Organisation, Organisation.id == RequirementRow.organisation_id)
    .where(
        Standing.person
        == select(NumberedPerson.number)
        .where(NumberedPerson.id == bindparam("person"))
        .scalar_subquery(),
        STILL_KNOWN,
        Standing.valid_from <= bindparam("day"),
        Standing.valid_until > bindparam("day"),
    )
    .order_by(Standing.deadline, RequirementRow.id)
)


def own_standings(person_id: str, day: date) -> list[Own]:
    """What is required of a person on a day, the nearest deadline first. One statement."""
    return [_own(row, day) for row in fetch(_OWN, {"person": person_id, "day": day})]


def rule_on(rules: Sequence[Mapping[str, Any]], day: date) -> Rule:
    """The version that holds on a day, of those of a RequirementRow; the first, before any does."""
    begun = [each for each in rules if each["starts"] <= day.isoformat()]
    return rule_of((begun or rules[:1])[-1])


def _own(row: Any, day: date) -> Own:
    deadline = None if row.deadline == date.max else row.deadline
    return Own(
        row.requirement_id,
        row.organisation_id,
        row.name,
        rule_on(row.rules, day),
        row.state,
        deadline,
    )
