"""The stored rows of standings: compared with what the ledger says, and brought into line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, delete, insert, select, update

from innocap_lms.extensions import db
from innocap_lms.requirements import numbers
from innocap_lms.requirements.history import Row
from innocap_lms.requirements.models import Standing

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


@dataclass
class Changes:
    """What brings the rows of a person into line, by key. What goes is not borne out by the ledger:
    nothing but a disposal makes such rows."""

    added: dict[Key, Said] = field(default_factory=dict)
    closed: dict[Key, Said] = field(default_factory=dict)
    gone: dict[Key, Said] = field(default_factory=dict)


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
        _note(changes[person_id], stored[person, requirement], wanted)


def _note(changes: Changes, stored: Mapping[Key, Said], wanted: Mapping[Key, Said]) -> None:
    for key, said in wanted.items():
        there = stored.get(key)
        if there == said:
            continue
        if there is not None and there[:-1] == said[:-1]:
            changes.closed[key] = said
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


_THE_ROW = and_(*(_TABLE.c[name] == bindparam(f"its_{name}") for name in Key._fields))
_ADD = insert(_TABLE)
_CLOSE = update(_TABLE).where(_THE_ROW).values(known_until=bindparam("until"))
_REMOVE = delete(_TABLE).where(_THE_ROW)


def write(changes: Iterable[Changes]) -> None:
    """Bring the rows of people into line. In a write transaction."""
    connection = db.session.connection()
    rows = list(changes)
    if gone := [_its(key) for each in rows for key in each.gone]:
        connection.execute(_REMOVE, gone)
    if closed := [
        {**_its(key), "until": said.known_until}
        for each in rows
        for key, said in each.closed.items()
    ]:
        connection.execute(_CLOSE, closed)
    if added := [
        {**key._asdict(), **said._asdict()} for each in rows for key, said in each.added.items()
    ]:
        connection.execute(_ADD, added)


def _its(key: Key) -> dict[str, Any]:
    return {f"its_{name}": value for name, value in key._asdict().items()}
