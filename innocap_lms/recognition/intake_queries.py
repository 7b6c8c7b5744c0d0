"""Reads of lists: those of the organisations in which the viewer decides, and how far they are."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import func, select

from innocap_lms.extensions import db, one_moment
from innocap_lms.hr.export import FORMULA
from innocap_lms.hr.reach import decided_by, decides_in
from innocap_lms.people.models import Organisation, Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.recognition.lists import NAMES, OF_ROWS
from innocap_lms.recognition.models import Intake, IntakeRow
from innocap_lms.spreadsheets.table import letters

SHOWN: Final = 100  # problems on a page; all are in the file
EXAMPLES: Final = 20
BOM: Final = "\ufeff"


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken, in words: its row, its column, what it says, what is wrong."""

    row: int
    column: str
    said: str
    words: str


@dataclass(frozen=True)
class Example:
    """A row that is to be added. No name where an identity is protected, or only an address was
    given."""

    row: int
    who: str
    about: str
    day: date | None


def organisations(viewer: Viewer) -> dict[str, str]:
    """The organisations for which the viewer notes things, by their ids, in the order of names."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(decided_by(viewer, Organisation.id))
        .order_by(Organisation.name)
    )
    return {row.id: row.name for row in rows}


def intake_of(viewer: Viewer, intake_id: str) -> Intake | None:
    """A list of an organisation in which the viewer decides."""
    found = db.session.get(Intake, intake_id)
    return found if found and decides_in(viewer, found.organisation_id) else None


def known(viewer: Viewer, intake_id: str) -> Intake:
    """The same of a list that is known to be there. Raises LookupError."""
    found = intake_of(viewer, intake_id)
    if found is None:
        raise LookupError(intake_id)
    return found


def intakes(viewer: Viewer) -> list[tuple[Intake, str]]:
    """The lists of those organisations with their names, the newest first."""
    rows = db.session.execute(
        select(Intake, Organisation.name)
        .join(Organisation, Organisation.id == Intake.organisation_id)
        .where(decided_by(viewer, Intake.organisation_id))
        .order_by(Intake.made_at.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def outcomes(intake_id: str) -> dict[str, int]:
    """How many rows came to what. One statement, from an index alone."""
    rows = db.session.execute(
        select(IntakeRow.outcome, func.count())
        .where(IntakeRow.intake_id == intake_id)
        .group_by(IntakeRow.outcome)
    )
    return {row[0]: row[1] for row in rows}


def examples(intake: Intake, titles: dict[str, str]) -> list[Example]:
    """The first rows that are to be added. `titles` are by "course:x" and "requirement:x"."""
    rows = db.session.execute(
        select(IntakeRow, Person.name, Person.protected)
        .join(Person, Person.id == IntakeRow.person_id)
        .where(IntakeRow.intake_id == intake.id, IntakeRow.outcome == "add")
        .order_by(IntakeRow.number)
        .limit(EXAMPLES)
    )
    return [
        Example(row.number, _who(row, name, protected), titles.get(row.about or "", ""), row.day)
        for row, name, protected in rows
    ]


def _who(row: IntakeRow, name: str, protected: bool) -> str:
    """An address that was sent in is said as it was: an answer must tell nothing about whose it
    is. Who was chosen by name is called so."""
    if "person" not in row.said:
        return row.said["who"]
    return _("Protected identity") if protected else name


def unknown_courses(intake_id: str) -> dict[str, int]:
    """The titles that are no course's, with how many rows say them."""
    found: dict[str, int] = {}
    rows = db.session.scalars(
        select(IntakeRow.said).where(
            IntakeRow.intake_id == intake_id, IntakeRow.outcome == "course"
        )
    )
    for said in rows:
        title = said.get("course", "")
        found[title] = found.get(title, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def faults(intake: Intake) -> list[Fault]:
    """The first cells that cannot be taken, by row."""
    rows = db.session.execute(_wrong(intake.id).limit(SHOWN))
    return [fault for row in rows for fault in _faults(intake, row)]


def _wrong(intake_id: str) -> Any:
    return (
        select(IntakeRow.number, IntakeRow.said, IntakeRow.wrong)
        .where(IntakeRow.intake_id == intake_id, IntakeRow.outcome.in_(("fault", "course")))
        .order_by(IntakeRow.number)
    )


def _faults(intake: Intake, row: Any) -> Iterator[Fault]:
    for name, code in row.wrong or ():
        at = intake.places.get(name)
        title = intake.header[at] if at is not None and at < len(intake.header) else ""
        column = f"{letters(at)} {title}".strip() if at is not None else str(NAMES[name])
        said = row.said.get(name, "") if code != "personal_number" else ""
        yield Fault(row.number, column, said[:100], str(OF_ROWS[code]))


def faults_csv(intake: Intake) -> Iterator[str]:
    """All of them, a line each, as they are read."""
    yield BOM + _line((_("Row"), _("Column"), _("What it says"), _("What is wrong")))
    query = _wrong(intake.id).execution_options(yield_per=500)
    with one_moment() as connection:
        for row in connection.execute(query):
            for fault in _faults(intake, row):
                yield _line((str(fault.row), fault.column, fault.said, fault.words))


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(
        f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells
    )
    return line.getvalue()
