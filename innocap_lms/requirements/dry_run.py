"""What a rule would do, before it is saved: who is added, dropped, made late or mailed by it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import Membership, Person
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.history import Asked, Stay, bearing_on, stays
from innocap_lms.requirements.ledger import about_organisation, about_people
from innocap_lms.requirements.organisation import NOW, Organisation
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.reminding import is_due
from innocap_lms.requirements.rules import Rule, as_json

AT_A_TIME: Final = 200  # people
NAMED: Final = 20  # of each list; the rest are counted


@dataclass
class Touched:
    """How many people, and the names of the first by their ids: "" for a protected identity."""

    number: int = 0
    first: dict[str, str] = field(default_factory=dict)

    def add(self, person_id: str, name: str) -> None:
        self.number += 1
        if len(self.first) < NAMED:
            self.first[person_id] = name

    @property
    def names(self) -> list[str]:
        return list(self.first.values())


@dataclass
class Effects:
    """What differs on `day` between the rule as it is and as it would be."""

    day: date
    asked: int = 0
    added: Touched = field(default_factory=Touched)
    dropped: Touched = field(default_factory=Touched)
    made_late: Touched = field(default_factory=Touched)
    late_no_more: Touched = field(default_factory=Touched)
    moved: Touched = field(default_factory=Touched)  # another last day, and late in neither
    mailed: Touched = field(default_factory=Touched)  # reminded from that day on, not before

    @property
    def anybody(self) -> bool:
        """Whether somebody would notice."""
        lists = (self.added, self.dropped, self.made_late, self.late_no_more, self.moved)
        return any(each.number for each in (*lists, self.mailed))


def as_values(found: Effects) -> dict[str, Any]:
    """What JSON can keep of it; `with_names` reads it. Nobody is named, but by id."""
    every: dict[str, Any] = {each.name: getattr(found, each.name) for each in fields(found)}
    touched = {
        name: {"number": each.number, "first": list(each.first)}
        for name, each in every.items()
        if isinstance(each, Touched)
    }
    return {**every, "day": found.day.isoformat(), **touched}


def with_names(values: Mapping[str, Any]) -> Effects:
    """What `as_values` kept, with the names of today. One statement."""
    touched = {name: each for name, each in values.items() if isinstance(each, dict)}
    ids = {person_id for each in touched.values() for person_id in each["first"]}
    rows = db.session.execute(
        select(Person.id, Person.name, Person.protected).where(Person.id.in_(ids))
    )
    names = {row.id: "" if row.protected else row.name for row in rows}
    return Effects(
        date.fromisoformat(values["day"]),
        values["asked"],
        **{
            name: Touched(each["number"], {one: names.get(one, "") for one in each["first"]})
            for name, each in touched.items()
        },
    )


def people_of(organisation_id: str) -> int:
    """How many people are looked at: whoever has ever belonged to the organisation."""
    theirs = select(func.count(Membership.person_id.distinct()))
    return db.session.scalar(theirs.where(Membership.organisation_id == organisation_id)) or 0


def effects(
    organisation_id: str,
    requirement_id: str | None,
    rule: Rule,
    zone: ZoneInfo,
    tell: Callable[[int], object] = lambda _done: None,
) -> Effects:
    """Compute everybody of the organisation under both rules, on the first day of the new one, or
    today where that is past. Nothing is written; `tell` hears now and then of how many people it
    has been done."""
    found = Effects(max(rule.starts, clock.utcnow().astimezone(zone).date()))
    asked = Asked(requirement_id or "new", organisation_id, zone)
    facts = about_organisation(organisation_id, unsealed=True)
    before = Organisation(facts, zone)
    after = Organisation([*facts, _as_if_set(asked.requirement_id, rule)], zone)
    subjects, done = bearing_on(asked.requirement_id, after), 0
    for person_ids, names, unwritten in _everybody(organisation_id):
        theirs = about_people(person_ids, unsealed=True, only=subjects)
        for person_id in person_ids:
            about_one = theirs.get((person_id, organisation_id), [])
            old = _stay(asked, before, about_one, found.day)
            new = _stay(asked, after, about_one, found.day)
            _note(found, old, new, (person_id, names[person_id]))
            if person_id not in unwritten and _is_mailed(old, new, found.day):
                found.mailed.add(person_id, names[person_id])
        done += len(person_ids)
        tell(done)
    return found


def _note(found: Effects, old: Stay | None, new: Stay | None, who: tuple[str, str]) -> None:
    found.asked += new is not None
    was_late, is_late = (stay is not None and GROUPS[stay.state] == "late" for stay in (old, new))
    if old is None and new is not None:
        found.added.add(*who)
    if old is not None and new is None:
        found.dropped.add(*who)
    if is_late and not was_late:
        found.made_late.add(*who)
    elif was_late and not is_late and new is not None:
        found.late_no_more.add(*who)
    elif old is not None and new is not None and old.deadline != new.deadline:
        found.moved.add(*who)


def _is_mailed(old: Stay | None, new: Stay | None, day: date) -> bool:
    """Whether somebody is reminded under the new rule and was not under the old. What others are
    told of them later, by the ladder, is not counted."""
    before, now = (
        stay is not None and is_due(stay.state, stay.deadline, day) for stay in (old, new)
    )
    return now and not before


def _as_if_set(requirement_id: str, rule: Rule) -> Fact:
    content = {"requirement": requirement_id, "rule": as_json(rule)}
    return Fact(NOW, "", "requirement.set", clock.utcnow(), None, content)


def _stay(
    asked: Asked, organisation: Organisation, about_one: list[Fact], day: date
) -> Stay | None:
    for stay in stays(asked, organisation, about_one):
        if stay.valid_from <= day < stay.valid_until:
            return stay
    return None


def _everybody(organisation_id: str) -> Iterator[tuple[list[str], dict[str, str], set[str]]]:
    """The people who have ever belonged to the organisation, some at a time, by name: ids, names by
    id, and the ids of those whom no mail reaches."""
    rows = iter(
        db.session.execute(
            select(Person.id, Person.name, Person.protected, Person.suspended_at)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.organisation_id == organisation_id)
            .distinct()
            .order_by(Person.protected, Person.name, Person.id)
        ).all()
    )
    while some := list(islice(rows, AT_A_TIME)):
        names = {row.id: "" if row.protected else row.name for row in some}
        yield [row.id for row in some], names, {row.id for row in some if row.suspended_at}
