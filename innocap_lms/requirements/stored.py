"""The stored rows of standings: compared with what the ledger says, and brought into line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    type_coerce,
    update,
)

from innocap_lms.extensions import db
from innocap_lms.requirements import numbers
from innocap_lms.requirements.history import STILL, Row
from innocap_lms.requirements.models import STATE_NUMBERS, STILL_KNOWN, Overall, Standing
from innocap_lms.requirements.overall import Held, Spell, spells
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.tallies import Tallies

_TABLE, _OVERALL = cast("Table", Standing.__table__), cast("Table", Overall.__table__)


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


@dataclass
class Changes:
    """What brings the rows of a person into line, by key. What is `gone` is not borne out by the
    ledger: nothing but a disposal makes such rows. `closed` says what a row said, and will say."""

    person: int = 0
    added: dict[Key, Said] = field(default_factory=dict)
    closed: dict[Key, tuple[Said, Said]] = field(default_factory=dict)
    gone: dict[Key, Said] = field(default_factory=dict)
    spells_added: set[Spell] = field(default_factory=set)
    spells_gone: set[Spell] = field(default_factory=set)

    def __len__(self) -> int:
        """How many rows are written."""
        return len(self.added) + len(self.closed) + len(self.gone) + len(self.spells_added)

    def turned(self) -> Iterator[tuple[int, Held, int]]:
        """What is known from now on (1), or no longer (-1), by its requirement."""
        changed = [
            *((key, said, 1) for key, said in self.added.items()),
            *((key, said, -1) for key, said in self.gone.items()),
            *((key, before, -1) for key, (before, _after) in self.closed.items()),
            *((key, after, 1) for key, (_before, after) in self.closed.items()),
        ]
        for key, said, number in changed:
            if said.known_until == STILL:
                since, until = key.valid_from.toordinal(), said.valid_until.toordinal()
                yield key.requirement, Held(said.place, _number(said.state), since, until), number


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


def compare_overall(changes: Iterable[Changes]) -> None:
    """Note what differs in the groups of those whose standings do. Two statements."""
    touched = {each.person: each for each in changes if len(each)}
    if not touched:
        return
    held: defaultdict[int, Counter[Held]] = defaultdict(Counter)
    for row in db.session.execute(_HELD, {"people": list(touched)}):
        held[row[0]][Held(*row[1:])] += 1
    before: defaultdict[int, set[Spell]] = defaultdict(set)
    for row in db.session.execute(_SPELLS, {"people": list(touched)}):
        before[row[0]].add(Spell(*row[1:]))
    for person, its in touched.items():
        for _requirement, one, number in its.turned():
            held[person][one] += number
        after = spells(held[person].elements())
        its.spells_added = after - before[person]
        its.spells_gone = before[person] - after


def _number(state: str) -> int:
    return STATE_NUMBERS[cast("State", state)]


def _raw(table: Table, *names: str) -> list[Any]:
    """Columns as the numbers that are stored."""
    return [type_coerce(table.c[name], Integer) for name in names]


_HELD = select(*_raw(_TABLE, "person", "place", "state", "valid_from", "valid_until")).where(
    _TABLE.c.person.in_(bindparam("people", expanding=True)), STILL_KNOWN
)
_SPELLS = select(*_raw(_OVERALL, "person", "place", "valid_from", "valid_until", "groups")).where(
    _OVERALL.c.person.in_(bindparam("people", expanding=True))
)


def _row(table: Table, names: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(f"its_{name}") for name in names))


_ADD = insert(_TABLE)
_CLOSE = update(_TABLE).where(_row(_TABLE, Key._fields)).values(known_until=bindparam("until"))
_REMOVE = delete(_TABLE).where(_row(_TABLE, Key._fields))
_ADD_SPELL = insert(_OVERALL)
_REMOVE_SPELL = delete(_OVERALL).where(_row(_OVERALL, ("person", "place", "valid_from")))


def write(changes: Iterable[Changes]) -> None:
    """Bring the rows of people, and what is counted of them, into line. In a write transaction."""
    rows = [each for each in changes if len(each)]
    _all(_REMOVE, (_its(key) for each in rows for key in each.gone))
    _all(
        _CLOSE,
        (
            {**_its(key), "until": after.known_until}
            for each in rows
            for key, (_before, after) in each.closed.items()
        ),
    )
    _all(
        _ADD,
        (
            {**key._asdict(), **said._asdict()}
            for each in rows
            for key, said in sorted(each.added.items())
        ),
    )
    _all(
        _REMOVE_SPELL,
        (
            {"its_person": each.person, "its_place": gone.place,
             "its_valid_from": date.fromordinal(gone.since)}
            for each in rows for gone in each.spells_gone
        ),
    )  # fmt: skip
    _all(
        _ADD_SPELL,
        (
            {"person": each.person, "place": spell.place,
             "valid_from": date.fromordinal(spell.since),
             "valid_until": date.fromordinal(spell.until), "groups": spell.groups}
            for each in rows for spell in sorted(each.spells_added)
        ),
    )  # fmt: skip
    _tallied(rows).write()


def _all(statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    if some := list(rows):
        db.session.connection().execute(statement, some)


def _its(key: Key) -> dict[str, Any]:
    return {f"its_{name}": value for name, value in key._asdict().items()}


def _tallied(changes: Iterable[Changes]) -> Tallies:
    found = Tallies()
    for each in changes:
        for requirement, held, number in each.turned():
            found.standing(requirement, held.place, held.state, (held.since, held.until), number)
        for spell in each.spells_added:
            found.spell(spell, 1)
        for spell in each.spells_gone:
            found.spell(spell, -1)
    return found
