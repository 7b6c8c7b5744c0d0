"""The standings of a person, for every day and as they were known at every point of the ledger.

One pure function makes them of what the ledger says. What is stored is its answer and nothing
else, so that it can be thrown away and made anew, row by row the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from innocap_lms.requirements.audience import GONE, Stretch, stretches
from innocap_lms.requirements.facts import ENDINGS, Fact, Person, person_of
from innocap_lms.requirements.organisation import NOW, Organisation
from innocap_lms.requirements.periods import Event, Period, Requirement, State, plus
from innocap_lms.requirements.rules import Rule
from innocap_lms.requirements.timeline import timeline

STILL = NOW  # the end of what is still known


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


def history(asked: Asked, organisation: Organisation, about_one: Sequence[Fact]) -> list[Row]:
    """Every stay, as known at every place of the ledger, in the order of becoming known.

    `about_one` are the facts of the person, in the order of the ledger; those that do not bear on
    the requirement change nothing and take time, see `bearing`.
    """
    units = {fact.content["unit"] for fact in about_one if fact.kind.startswith("role.")}
    places = organisation.places(asked.requirement_id, units)
    known: dict[Stay, int] = {}
    rows: list[Row] = []
    for place in _telling(places, [fact.sequence for fact in about_one]):
        now = set(stays(asked, organisation, about_one, place))
        for stay in sorted(known.keys() - now):
            rows.append(Row(stay, known.pop(stay), place))
        known.update(dict.fromkeys(now - known.keys(), place))
    rows += [Row(stay, place, STILL) for stay, place in known.items()]
    return sorted(rows)


def _telling(of_all: set[int], of_one: list[int]) -> list[int]:
    """The places at which there is something to tell: from where both the organisation and the
    person are known."""
    if not of_all or not of_one:
        return []
    first = max(min(of_all), of_one[0])
    return sorted({first, *(place for place in (*of_all, *of_one) if place > first)})


def stays(
    asked: Asked, organisation: Organisation, about_one: Iterable[Fact], place: int = NOW
) -> Iterator[Stay]:
    """The stays of a person, by what was known at a place of the ledger."""
    for period, stretch in periods(asked, organisation, about_one, place):
        until = period.valid_until or GONE
        deadline = period.deadline or GONE
        yield Stay(period.state, period.valid_from, until, stretch.unit_id or "", deadline)


def periods(
    asked: Asked, organisation: Organisation, about_one: Iterable[Fact], place: int = NOW
) -> Iterator[tuple[Period, Stretch]]:
    """The periods with their reasons, cut where version or unit changes."""
    known = [fact for fact in about_one if fact.sequence <= place]
    rules = organisation.rules(asked.requirement_id, place)
    if not known or not rules:
        return
    person = person_of(known, asked.organisation_id, asked.zone)
    for stretch in stretches(rules, person, organisation, place):
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
        due = plus(stretch.joined, rule.due_days)
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


def by_about(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts of a person by what they are about, each in its order: sorted once for all that is
    required of them."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.about].append(fact)
    return dict(found)


def bearing_on(requirement_id: str, organisation: Organisation) -> set[str]:
    """What an event has to be about to bear on a requirement under any version, if it is about
    something in particular."""
    rules = organisation.every_rule(requirement_id)
    return {f"requirement:{requirement_id}"}.union(*(rule.counting for rule in rules))


def bearing(
    requirement_id: str, organisation: Organisation, facts: Mapping[str, list[Fact]]
) -> list[Fact]:
    """What may bear on the requirement under any version, in its order: the rest needs no look."""
    wanted = bearing_on(requirement_id, organisation)
    return sorted(
        (fact for about in ("", *wanted) for fact in facts.get(about, ())),
        key=lambda fact: (fact.sequence, fact.at, fact.id),
    )
