"""On which days a requirement asks a person, under which of its versions, and in which unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from innocap_lms.requirements.facts import Person, Place
from innocap_lms.requirements.organisation import Organisation
from innocap_lms.requirements.periods import plus
from innocap_lms.requirements.rules import Audience, Rule

GONE = date.max  # an end that never comes
SHORT_BREAK = 30  # days without a role, after which the time to learn does not begin anew


@dataclass(frozen=True)
class Stretch:
    """Days on which one version asks a person who belongs to one unit. `joined` is the day from
    which the requirement has been asking, short breaks aside."""

    joined: date
    since: date
    until: date  # not included
    rule: Rule
    unit_id: str | None


def stretches(
    rules: Sequence[Rule], person: Person, organisation: Organisation, place: int
) -> list[Stretch]:
    """In order, and touching each other where nothing but version or unit changes.

    `rules` are the versions of one requirement, by the day from which each holds; `place` is the
    point of the ledger by which all is known.
    """
    days = sorted(set(_turns(rules, person, organisation, place)))
    found: list[Stretch] = []
    for day, until in zip(days, [*days[1:], GONE], strict=False):
        rule = _version(rules, day)
        home = _home(person, day)
        if rule is None or home is None or not _asks(rule.audience, person, day):
            continue
        if not _lies_in(rule.audience, person, organisation, day, place):
            continue
        last = found[-1] if found else None
        joined = last.joined if last and day <= plus(last.until, SHORT_BREAK) else day
        if last and last.until == day and (last.rule, last.unit_id) == (rule, home.unit_id):
            found[-1] = Stretch(joined, last.since, until, rule, home.unit_id)
        else:
            found.append(Stretch(joined, day, until, rule, home.unit_id))
    return found


def _asks(audience: Audience, person: Person, day: date) -> bool:
    """Whether tags and the first day of work are those that are asked for."""
    if audience.tags and not any(
        tag in audience.tags and days.holds(day) for tag, days in person.tags
    ):
        return False
    begun = min(place.days.since for place in person.places)
    early, late = audience.started_from, audience.started_until
    return (early is None or early <= begun) and (late is None or begun <= late)


def _lies_in(
    audience: Audience, person: Person, organisation: Organisation, day: date, known: int
) -> bool:
    """Whether a role that is asked for is held, in a unit that is asked for or below it."""
    for place in person.places:
        if not place.days.holds(day) or (audience.roles and place.role not in audience.roles):
            continue
        if not audience.units:
            return True
        path = organisation.path(place.unit_id, day, known) if place.unit_id else ""
        if any(f"/{unit}/" in path for unit in audience.units):
            return True
    return False


def _version(rules: Sequence[Rule], day: date) -> Rule | None:
    """The version that holds on a day; None before the first, and where the requirement is over."""
    begun = [rule for rule in rules if rule.starts <= day]
    if not begun or (begun[-1].ends is not None and day >= begun[-1].ends):
        return None
    return begun[-1]


def _home(person: Person, day: date) -> Place | None:
    """Where a person belongs: the place held last as a learner, else any other."""
    held = [place for place in person.places if place.days.holds(day)]
    return max(
        held,
        key=lambda place: (place.role == "learner", place.days.since, place.unit_id or ""),
        default=None,
    )


def _turns(
    rules: Sequence[Rule], person: Person, organisation: Organisation, known: int
) -> Iterator[date]:
    """Every day on which an answer may change; one too many does no harm."""
    for rule in rules:
        yield rule.starts
        if rule.ends:
            yield rule.ends
    for days in (*(place.days for place in person.places), *(days for _tag, days in person.tags)):
        yield days.since
        if days.until:
            yield days.until
    if any(rule.audience.units for rule in rules):
        for unit in {place.unit_id for place in person.places if place.unit_id}:
            yield from (move.day for move in organisation.moves(unit, known))
