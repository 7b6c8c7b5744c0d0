"""The matrix as CSV, in constant memory: one line a person, or one a person and requirement.

Source of the format: docs/privacy.md, section on exports. A person's standings come as one text,
folded together by the database, so that a million of them need not be fetched one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, String, and_, cast

from innocap_lms.extensions import one_moment
from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.filters import names_like
from innocap_lms.hr.folding import BETWEEN, LINE, people_with
from innocap_lms.hr.standings import Lens, Required, holding, people_order
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import Standing
from innocap_lms.requirements.words import state_words

STREAMED = 200  # people fetched at a time
NO_END = "9999-12-31"

_person = Person.__table__.c


class Folded(NamedTuple):
    """A person and their standings, each (requirement, state, since, last day, unit). No name
    where protected."""

    id: str
    name: str
    protected: bool
    standings: list[list[str]]


def everybody(viewer: Viewer, lens: Lens, *, in_full: bool) -> Iterator[Folded]:
    """All people of the lens, read from the database as they are asked for; `in_full` with their
    standings of every state and requirement, as the page shows them, else with those asked for."""
    theirs = _theirs(viewer, lens)
    shown = _theirs(viewer, replace(lens, state="", requirement="")) if in_full else theirs
    fields = (
        Standing.requirement_id,
        Standing.state,
        cast(Standing.valid_from, String),
        cast(Standing.deadline, String),
        Standing.unit_id,
    )
    query = people_with(fields, shown, theirs, names_like(lens.name), people_order.clauses)
    query = query.execution_options(yield_per=STREAMED)
    with one_moment() as connection:
        for person_id, name, protected, text in connection.execute(query):
            found = [line.split(BETWEEN) for line in text.split(LINE)]
            yield Folded(person_id, name, protected, found)


def _theirs(viewer: Viewer, lens: Lens) -> ColumnElement[bool]:
    return and_(Standing.person_id == _person.id, *holding(viewer, lens, of_each=True))


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
