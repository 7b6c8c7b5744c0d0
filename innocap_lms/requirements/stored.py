"""The stored rows of standings: compared with what the ledger says, and brought into line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Table,
    TableClause,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from innocap_lms.extensions import db
from innocap_lms.requirements import numbers
from innocap_lms.requirements.history import STILL, Row
from innocap_lms.requirements.known_days import KnownDays
from innocap_lms.requirements.models import STATE_NUMBERS, Overall, Standing, in_numbers
from innocap_lms.requirements.overall import Held, Spell, spells
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.tallies import Tallies
from innocap_lms.requirements.writes import Write

_TABLE = cast("Table", Standing.__table__)


class Key(NamedTuple):
    """What there is one row of."""

    person: int
    requirement: int
    valid_from: date
    known_from: int


class Said(NamedTuple):
    """What a row says; of all this only `known_until` changes by what becomes known."""

    valid_until: date
    deadline: date
    place: int
    state: str
    known_until: int


class Kept(NamedTuple):
    """A stored row in numbers, whosesoever it is and towards whatever."""

    place: int
    state: int
    since: int
    until: int  # not included
    known_from: int
    known_until: int

    def is_known(self) -> bool:
        """Whether it is still."""
        return self.known_until == STILL

    def held(self) -> Held:
        return Held(*self[:4])

    def shown(self, days: KnownDays) -> Held:
        """The days on which it held and was known by their end; none where it ends as it begins."""
        since, until = max(self.since, days.day(self.known_from)), self.until
        if not self.is_known():
            until = min(until, days.day(self.known_until))
        return Held(self.place, self.state, since, max(since, until))


Shown = tuple[bool, Spell]
"""A spell, and whether it says what was shown or what is known now."""


@dataclass
class Changes:
    """What brings the rows of a person into line, by key. What is `gone` is not borne out by the
    ledger: nothing but a disposal makes such rows. `closed` says what a row said, and will say."""

    person: int = 0
    added: dict[Key, Said] = field(default_factory=dict)
    closed: dict[Key, tuple[Said, Said]] = field(default_factory=dict)
    gone: dict[Key, Said] = field(default_factory=dict)
    spells_added: set[Shown] = field(default_factory=set)
    spells_gone: set[Shown] = field(default_factory=set)

    def __len__(self) -> int:
        """How many rows are written."""
        return len(self.added) + len(self.closed) + len(self.gone) + len(self.spells_added)

    def turned(self) -> Iterator[tuple[int, Kept, int]]:
        """What is kept from now on (1), or no longer (-1), by its requirement."""
        changed = [
            *((key, said, 1) for key, said in self.added.items()),
            *((key, said, -1) for key, said in self.gone.items()),
            *((key, before, -1) for key, (before, _after) in self.closed.items()),
            *((key, after, 1) for key, (_before, after) in self.closed.items()),
        ]
        for key, said, number in changed:
            yield key.requirement, _kept(key, said), number


def _kept(key: Key, said: Said) -> Kept:
    since, until = key.valid_from.toordinal(), said.valid_until.toordinal()
    return Kept(said.place, _state(said), since, until, key.known_from, said.known_until)


Computed = Mapping[tuple[str, str], Sequence[Row]]
"""Rows by person and requirement, of all that could be computed."""


def compare(changes: Mapping[str, Changes], organisation_id: str, computed: Computed) -> None:
    """Note for each person what differs between the rows that are stored and those computed."""
    people = numbers.of_people({person for person, _each in computed})
    required = numbers.of_requirements({each for _person, each in computed}, organisation_id)
    units = {row.stay.unit_id or organisation_id for rows in computed.values() for row in rows}
    places = numbers.of_places(units, organisation_id)
    stored = _stored(people.values(), required.values())
    for (person_id, requirement_id), rows in computed.items():
        person, requirement = people[person_id], required[requirement_id]
        wanted = {
            Key(person, requirement, stay.valid_from, known_from): Said(
                stay.valid_until,
                stay.deadline,
                places[stay.unit_id or organisation_id],
                stay.state,
                known_until,
            )
            for stay, known_from, known_until in rows
        }
        changes[person_id].person = person
        _note(changes[person_id], stored[person, requirement], wanted)


def _note(changes: Changes, stored: Mapping[Key, Said], wanted: Mapping[Key, Said]) -> None:
    for key, said in wanted.items():
        there = stored.get(key)
        if there == said:
            continue
        if there is not None and there[:-1] == said[:-1]:
            changes.closed[key] = there, said
            continue
        if there is not None:
            changes.gone[key] = there
        changes.added[key] = said
    changes.gone.update((key, stored[key]) for key in stored.keys() - wanted.keys())


def _stored(
    people: Iterable[int], required: Iterable[int]
) -> defaultdict[tuple[int, int], dict[Key, Said]]:
    """The rows by person and requirement. One statement."""
    found: defaultdict[tuple[int, int], dict[Key, Said]] = defaultdict(dict)
    columns = [_TABLE.c[name] for name in (*Key._fields, *Said._fields)]
    for row in db.session.execute(
        select(*columns).where(
            _TABLE.c.person.in_(list(people)), _TABLE.c.requirement.in_(list(required))
        )
    ):
        key = Key(*row[:4])
        found[key[:2]][key] = Said(*row[4:])
    return found


def compare_overall(changes: Iterable[Changes], days: KnownDays) -> None:
    """Note what differs in the groups of those whose standings do, as known now and as shown day by
    day. Two statements."""
    touched = {each.person: each for each in changes if len(each)}
    if not touched:
        return
    kept: defaultdict[int, Counter[Kept]] = defaultdict(Counter)
    for person, *of_row in db.session.execute(_KEPT, {"people": list(touched)}):
        kept[person][Kept(*of_row)] += 1
    before: defaultdict[int, set[Shown]] = defaultdict(set)
    for person, shown, *of_spell in db.session.execute(_SPELLS, {"people": list(touched)}):
        before[person].add((shown, Spell(*of_spell)))
    for person, its in touched.items():
        for _requirement, one, number in its.turned():
            kept[person][one] += number
        rows = list(kept[person].elements())
        after = {(False, spell) for spell in spells(one.held() for one in rows if one.is_known())}
        after |= {(True, spell) for spell in spells(one.shown(days) for one in rows)}
        its.spells_added = after - before[person]
        its.spells_gone = before[person] - after


_ROWS, _GROUPS = in_numbers(Standing), in_numbers(Overall)


def _of(whose: TableClause, names: str) -> list[ColumnClause[Any]]:
    return [whose.c[name] for name in names.split()]


def _people(whose: TableClause) -> ColumnElement[bool]:
    return whose.c.person.in_(bindparam("people", expanding=True))


_KEPT = select(
    *_of(_ROWS, "person place state valid_from valid_until known_from known_until")
).where(_people(_ROWS))
_SPELLS = select(*_of(_GROUPS, "person shown place valid_from valid_until groups")).where(
    _people(_GROUPS)
)


_KEY, _SPELL_KEY = _of(_ROWS, " ".join(Key._fields)), _of(_GROUPS, "person shown place valid_from")


def _is(key: Iterable[ColumnClause[Any]]) -> ColumnElement[bool]:
    return and_(*(each == bindparam(f"its_{each.name}") for each in key))


_ADD = insert(_ROWS)
_CLOSE = update(_ROWS).where(_is(_KEY)).values(known_until=bindparam("until"))
_REMOVE = delete(_ROWS).where(_is(_KEY))
_ADD_SPELL = insert(_GROUPS)
_REMOVE_SPELL = delete(_GROUPS).where(_is(_SPELL_KEY))


def writes(changes: Iterable[Changes], days: KnownDays) -> list[Write]:
    """What brings the rows of people, and what is counted of them, into line: made ready before
    the transaction that holds up others."""
    rows = [each for each in changes if len(each)]
    return [
        Write(_REMOVE, [_numbers(key) for each in rows for key in each.gone]),
        Write(
            _CLOSE,
            [
                (after.known_until, *_numbers(key))
                for each in rows
                for key, (_before, after) in each.closed.items()
            ],
        ),
        Write(
            _ADD,
            [
                (*_numbers(key), *_said(said))
                for each in rows
                for key, said in sorted(each.added.items())
            ],
        ),
        Write(
            _REMOVE_SPELL,
            [
                (each.person, shown, spell.place, spell.since)
                for each in rows
                for shown, spell in each.spells_gone
            ],
        ),
        Write(
            _ADD_SPELL,
            [
                (each.person, shown, *spell)
                for each in rows
                for shown, spell in sorted(each.spells_added)
            ],
        ),
        *_tallied(rows, days).writes(),
    ]


def _numbers(key: Key) -> tuple[int, ...]:
    return key.person, key.requirement, key.valid_from.toordinal(), key.known_from


def _said(said: Said) -> tuple[int, ...]:
    until, deadline = said.valid_until.toordinal(), said.deadline.toordinal()
    return said.known_until, until, deadline, said.place, _state(said)


def _state(said: Said) -> int:
    return STATE_NUMBERS[cast("State", said.state)]


def _tallied(changes: Iterable[Changes], days: KnownDays) -> Tallies:
    found = Tallies()
    for each in changes:
        for requirement, kept, number in each.turned():
            if kept.is_known():
                found.standing(False, requirement, kept.held(), number)
            found.standing(True, requirement, kept.shown(days), number)
            found.foresee(requirement, kept.held(), days.day(kept.known_from), number)
            if not kept.is_known():
                found.foresee(requirement, kept.held(), days.day(kept.known_until), -number)
        for shown, spell in each.spells_added:
            found.spell(shown, spell, 1)
        for shown, spell in each.spells_gone:
            found.spell(shown, spell, -1)
    return found
