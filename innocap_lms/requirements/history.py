"""The standings of a person, for every day and as they were known at every point of the ledger.

One pure function makes them of what the ledger says. What is stored is its answer and nothing
else, so that it can be thrown away and made anew, row by row the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from innocap_lms.requirements.audience import GONE, Stretch, stretches
from innocap_lms.requirements.facts import (
    ENDINGS,
    Fact,
    Person,
    Tree,
    about,
    person_of,
    rules_of,
    tree_of,
)
from innocap_lms.requirements.rules import Rule, rule_of
from innocap_lms.requirements.timeline import Event, Period, Requirement, State, timeline

STILL = 2**62  # the end of what is still known: beyond every place in the ledger


class Stay(NamedTuple):
    """A standing over days, and the unit the person belongs to. `valid_until` is not included;
    `deadline` is the last day in time or in order, that of the calendar where there is none.
    """

    state: State
    valid_from: date
    valid_until: date
    unit_id: str  # "" for the whole organisation
    deadline: date


class Row(NamedTuple):
    """A stay, from the place in the ledger where it was known up to where it no longer was."""

    stay: Stay
    known_from: int
    known_until: int


@dataclass(frozen=True)
class Asked:
    """A requirement of an organisation, and in whose days it counts."""

    requirement_id: str
    organisation_id: str
    zone: ZoneInfo


def history(asked: Asked, about_all: Sequence[Fact], about_one: Sequence[Fact]) -> list[Row]:
    """Every stay, as known at every place of the ledger, in the order of becoming known.

    `about_all` are the facts of the organisation, `about_one` those of the person, each in the
    order of the ledger.
    """
    about_all = _of_requirement(asked, about_all)
    about_one = _bearing(asked, about_all, about_one)
    known: dict[Stay, int] = {}
    rows: list[Row] = []
    for place in sorted({fact.sequence for fact in (*about_all, *about_one)}):
        now = set(stays(asked, _until(about_all, place), _until(about_one, place)))
        for stay in sorted(known.keys() - now):
            rows.append(Row(stay, known.pop(stay), place))
        known.update(dict.fromkeys(now - known.keys(), place))
    rows += [Row(stay, place, STILL) for stay, place in known.items()]
    return sorted(rows)


def stays(asked: Asked, about_all: Iterable[Fact], about_one: Iterable[Fact]) -> Iterator[Stay]:
    """The stays of a person, by what these facts say."""
    for period, stretch in periods(asked, about_all, about_one):
        until = period.valid_until or GONE
        deadline = period.deadline or GONE
        yield Stay(period.state, period.valid_from, until, stretch.unit_id or "", deadline)


def periods(
    asked: Asked, about_all: Iterable[Fact], about_one: Iterable[Fact]
) -> Iterator[tuple[Period, Stretch]]:
    """The periods with their reasons, cut where version or unit changes."""
    all_facts = list(about_all)
    rules = rules_of(all_facts, asked.requirement_id)
    person = person_of(about_one, asked.organisation_id, asked.zone)
    tree = (
        tree_of(all_facts, asked.zone) if any(rule.audience.units for rule in rules) else Tree(())
    )
    for stretch in stretches(rules, person, tree):
        for period in _timeline(asked, stretch, person):
            since = max(period.valid_from, stretch.since)
            until = min(period.valid_until or GONE, stretch.until)
            if since < until:
                ends = None if until == GONE else until
                yield Period(period.state, since, ends, period.because), stretch


def _timeline(asked: Asked, stretch: Stretch, person: Person) -> list[Period]:
    rule = stretch.rule
    due = rule.due
    if rule.due_days is not None:
        due = stretch.joined + timedelta(days=rule.due_days)
    requirement = Requirement(
        course_id=rule.target_id,
        since=stretch.joined,
        timezone=asked.zone.key,
        due=due,
        soon_days=rule.soon_days,
        validity_months=rule.validity_months,
        renewal_opens_days=rule.renewal_opens_days,
    )
    return timeline(requirement, _events(asked, rule, person))


def _events(asked: Asked, rule: Rule, person: Person) -> list[Event]:
    """What bears on this version of all that happened to the person."""
    wanted = {*rule.counting, f"requirement:{asked.requirement_id}", ""}
    found = [
        event for about, event in person.events if about in wanted and event.kind not in ENDINGS
    ]
    ids = {event.id for event in found}
    return found + [event for _about, event in person.events if event.target in ids]


def _until(facts: Iterable[Fact], place: int) -> list[Fact]:
    return [fact for fact in facts if fact.sequence <= place]


def _of_requirement(asked: Asked, facts: Iterable[Fact]) -> list[Fact]:
    """The versions of the requirement, and where the units lay if one of them asks for units."""
    versions = [fact for fact in facts if fact.content.get("requirement") == asked.requirement_id]
    if not any(fact.content["rule"]["audience"]["units"] for fact in versions):
        return versions
    moves = [fact for fact in facts if fact.kind.startswith("unit.")]
    return sorted((*versions, *moves), key=lambda fact: fact.sequence)


def _bearing(asked: Asked, versions: Iterable[Fact], facts: Iterable[Fact]) -> list[Fact]:
    """What may bear on the requirement under any version: the rest needs no look."""
    wanted = {f"requirement:{asked.requirement_id}", ""}
    for fact in versions:
        if fact.kind == "requirement.set":
            wanted |= rule_of(fact.content["rule"]).counting
    return [fact for fact in facts if about(fact) in wanted]
