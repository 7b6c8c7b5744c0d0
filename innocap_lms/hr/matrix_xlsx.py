"""The matrix as a spreadsheet: one row a person, days as days, in constant memory."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast

from flask_babel import gettext as _

from innocap_lms.hr.export import FORMULA
from innocap_lms.hr.matrix_export import NO_END, Folded, header_of
from innocap_lms.hr.standings import Required
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.words import state_words

if TYPE_CHECKING:
    import xlsxwriter

MOST_ROWS: Final = 1_048_575  # below the header; a sheet ends there
AT_A_TIME: Final = 100_000  # bytes


def sheet(
    people: Iterable[Folded],
    required: Iterable[Required],
    titles: Mapping[str, str],
    units: Mapping[str, str],
) -> Iterator[bytes]:
    """The file, once it is whole: its parts are written into a folder that goes with it."""
    import xlsxwriter  # 2 MB that few processes need

    ids = [each.id for each in required]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "matrix.xlsx"
        with xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
            _fill(book, people, ids, titles, units)
        with file.open("rb") as written:
            while part := written.read(AT_A_TIME):
                yield part


def _fill(
    book: "xlsxwriter.Workbook",
    people: Iterable[Folded],
    ids: list[str],
    titles: Mapping[str, str],
    units: Mapping[str, str],
) -> None:
    page = book.add_worksheet(_("Requirements"))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    header = header_of(titles[requirement_id] for requirement_id in ids)
    for column, title in enumerate(header):
        page.write_string(0, column, plain(title), bold)
    page.freeze_panes(1, 1)
    page.set_column(0, len(header), 18)
    words, hidden = state_words(), _("Protected identity")
    for row, person in enumerate(people, 1):
        page.write_string(row, 0, hidden if person.protected else plain(person.name))
        page.write_string(row, 1, person.id)
        unit = person.standings[0][4]
        page.write_string(row, 2, plain(units.get(unit, unit)))
        found = {one[0]: one for one in person.standings}
        for number, requirement_id in enumerate(ids):
            if one := found.get(requirement_id):
                page.write_string(row, 3 + 2 * number, words[cast("State", one[1])])
                if one[3] != NO_END:
                    page.write_datetime(row, 4 + 2 * number, date.fromisoformat(one[3]), day)


def plain(text: str) -> str:
    """Text that stays text also where somebody saves the sheet as CSV."""
    return f"'{text}" if text.startswith(FORMULA) else text
