"""The matrix as CSV, in constant memory: one line a person, or one a person and requirement.

Source of the format: docs/privacy.md, section on exports. A person's standings come as one text,
folded together by the database, so that a million of them need not be fetched one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Integer, String, cast, select, type_coerce

from innocap_lms.extensions import db, one_moment
from innocap_lms.hr import paging
from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.folding import BETWEEN, LINE, person_with
from innocap_lms.hr.paging import BY_NAME, Order
from innocap_lms.hr.scope import UNIT_ID, Lens, is_asked, theirs
from innocap_lms.hr.standings import Required
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import (
    STATES,
    NumberedPlace,
    NumberedRequirement,
    Standing,
)
from innocap_lms.requirements.words import state_words

NO_END = "9999-12-31"


class Folded(NamedTuple):
    """A person and their standings, each (requirement, state, since, last day, unit). No name
    where protected."""

    id: str
    name: str
    protected: bool
    standings: list[list[str]]


def everybody(
    viewer: Viewer, lens: Lens, *, in_full: bool, order: Order = BY_NAME
) -> Iterator[Folded]:
    """All people of the lens, read from the database as they are asked for; `in_full` with their
    standings of every state and requirement, as the page shows them, else with those asked for."""
    told = theirs(viewer, replace(lens, state="", requirement="") if in_full else lens)
    fields = (
        Standing.requirement,
        type_coerce(Standing.state, Integer),
        type_coerce(Standing.valid_from, Integer),
        type_coerce(Standing.deadline, Integer),
        Standing.place,
    )
    texts = [cast(each, String) for each in fields]
    who = (is_asked(viewer, lens), *names_like(lens.name))
    columns = person_with(texts, told)
    read = _reader()
    with one_moment() as connection:
        for person_id, name, protected, text in paging.everybody(connection, who, columns, order):
            found = [read(line.split(BETWEEN)) for line in text.split(LINE)]
            yield Folded(person_id, name, protected, found)


def _reader() -> Callable[[list[str]], list[str]]:
    """Turns the numbers of a standing into ids, words and days: each once, and then by heart. Two
    statements."""
    required = _named(NumberedRequirement.number, NumberedRequirement.id)
    units = _named(NumberedPlace.number, UNIT_ID)
    states = {str(number): state for number, state in STATES.items()}

    @cache
    def day(number: str) -> str:
        return date.fromordinal(int(number)).isoformat()

    def read(line: list[str]) -> list[str]:
        requirement, state, since, last, place = line
        return [required[requirement], states[state], day(since), day(last), units[place]]

    return read


def _named(number: Any, its_id: Any) -> dict[str, str]:
    return {str(row[0]): row[1] for row in db.session.execute(select(number, its_id))}


def header_of(titles: Iterable[str]) -> list[str]:
    """The header of one line a person, two columns a requirement."""
    found = [_("Name"), _("Person id"), _("Unit")]
    for title in titles:
        found += [title, _("%(title)s: last day", title=title)]
    return found


def lines_per_person(
    people: Iterable[Folded],
    required: Iterable[Required],
    titles: Mapping[str, str],
    units: Mapping[str, str],
) -> Iterator[bytes]:
    """One line a person: how they stand and the last day, two columns a requirement."""
    ids = [each.id for each in required]
    header = header_of(titles[requirement_id] for requirement_id in ids)
    words, hidden = _written_states(), cell(_("Protected identity"))
    yield (BOM + ";".join(map(cell, header)) + "\r\n").encode()
    where = _written(units)
    for person in people:
        found = {one[0]: one for one in person.standings}
        parts = [hidden if person.protected else cell(person.name), person.id]
        parts.append(where(person.standings[0][4]))
        for requirement_id in ids:
            one = found.get(requirement_id)
            parts += ["", ""] if one is None else [words[one[1]], _day(one[3])]
        yield (";".join(parts) + "\r\n").encode()


def lines_per_standing(
    people: Iterable[Folded], titles: Mapping[str, str], units: Mapping[str, str]
) -> Iterator[bytes]:
    """One line a person and requirement."""
    header = [
        _("Name"),
        _("Person id"),
        _("Unit"),
        _("Requirement"),
        _("Standing"),
        _("Since"),
        _("Last day"),
    ]
    words, hidden = _written_states(), cell(_("Protected identity"))
    yield (BOM + ";".join(map(cell, header)) + "\r\n").encode()
    where, what = _written(units), _written(titles)
    for person in people:
        who = f"{hidden if person.protected else cell(person.name)};{person.id};"
        yield "".join(
            f"{who}{where(unit)};{what(requirement)};{words[state]};{since};{_day(last)}\r\n"
            for requirement, state, since, last, unit in person.standings
        ).encode()


def _written_states() -> dict[str, str]:
    return {state: cell(word) for state, word in state_words().items()}


def _written(names: Mapping[str, str]) -> Callable[[str], str]:
    """Writes a name as a cell, once each; an id that has none as it is."""

    @cache
    def write(name: str) -> str:
        return cell(names.get(name, name))

    return write


def _day(day: str) -> str:
    return "" if day == NO_END else day
