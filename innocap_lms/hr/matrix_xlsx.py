"""The matrix as a spreadsheet: one row a person."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import cast

from flask_babel import gettext as _

from innocap_lms.hr.matrix_export import NO_END, Folded, header_of
from innocap_lms.hr.spreadsheet import Cell, workbook_later
from innocap_lms.hr.standings import Required
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.words import state_words


def sheet(
    people: Iterable[Folded],
    required: Iterable[Required],
    titles: Mapping[str, str],
    units: Mapping[str, str],
) -> Iterator[bytes]:
    """How each stands and the last day, two columns a requirement."""
    ids = [each.id for each in required]
    header = header_of(titles[requirement_id] for requirement_id in ids)
    return workbook_later(_("Requirements"), header, _rows(people, ids, units), pinned=1)


def _rows(
    people: Iterable[Folded], ids: list[str], units: Mapping[str, str]
) -> Iterator[list[Cell]]:
    words, hidden = state_words(), _("Protected identity")
    for person in people:
        unit = person.standings[0][4]
        row: list[Cell] = [
            hidden if person.protected else person.name, person.id, units.get(unit, unit)
        ]  # fmt: skip
        found = {one[0]: one for one in person.standings}
        for requirement_id in ids:
            if one := found.get(requirement_id):
                last = None if one[3] == NO_END else date.fromisoformat(one[3])
                row += [words[cast("State", one[1])], last]
            else:
                row += [None, None]
        yield row
