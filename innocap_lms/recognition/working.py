"""The job that reads, checks and adds a list, in small steps that can be left at any moment.

What has been done stands in the rows themselves. So a worker that is killed loses nothing, and two
at once do nothing twice: a row is read once by its number, and noted once by the table of what is
noted. No step holds the database for more than some tens of milliseconds.
"""

import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from flask import current_app
from sqlalchemy import Table, bindparam, func, select, update

from innocap_lms.catalogue.queries import Kind, offering
from innocap_lms.extensions import db, upsert, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.recognition.checking import checked
from innocap_lms.recognition.models import Intake, IntakeRow
from innocap_lms.requirements.noting import AlreadyNotedError, Done, complete, credit, moment_of
from innocap_lms.requirements.services import About
from innocap_lms.rounds.following import tell_of_noted
from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.reading import opened
from innocap_lms.spreadsheets.table import Row, TableError

INTAKE_JOB: Final = "recognition.intake"
FOLDER: Final = "intakes"
SECONDS: Final = 60.0  # of one turn of the job: then others have theirs
READ, CHECKED, ADDED = 500, 500, 10  # rows in a step

_rows: Any = IntakeRow.__table__
_FOUND: Final = ("person_id", "about", "day", "outcome", "wrong")
_note_found = (
    update(cast("Table", _rows))
    .where(
        _rows.c.intake_id == bindparam("of_intake"),
        _rows.c.number == bindparam("at"),
        _rows.c.outcome == "",
    )
    .values({name: bindparam(f"new_{name}", type_=_rows.c[name].type) for name in _FOUND})
)


def ask(intake: Intake) -> None:
    """Ask for the next turn of a list's job. In a write transaction."""
    intake.turn += 1
    enqueue(INTAKE_JOB, f"intake:{intake.id}:{intake.turn}", {"intake": intake.id})


def carry_out(payload: dict[str, Any]) -> None:
    """The job. `payload` is {"intake": id}; it goes on where an earlier one stopped."""
    end = time.monotonic() + SECONDS
    while step(payload["intake"]):
        if time.monotonic() > end:
            with writing():
                if intake := db.session.get(Intake, payload["intake"]):
                    ask(intake)
            return


def step(intake_id: str) -> bool:
    """Do some rows; False when there is nothing to do until somebody decides."""
    intake = db.session.get(Intake, intake_id)
    if intake is None:
        return False
    if intake.state == "reading":
        return _read(intake)
    if intake.state == "checking":
        return _check(intake)
    return _add(intake) if intake.state == "adding" else False


def place_of(intake_id: str) -> Path:
    """Where the file of a list lies."""
    data_dir: Path = current_app.extensions["innocap_settings"].data_dir
    return data_dir / FOLDER / intake_id


def _read(intake: Intake) -> bool:
    """Take the chosen columns of all rows, and let the file go."""
    last = db.session.scalar(select(func.max(_rows.c.number)).where(_rows.c.intake_id == intake.id))
    file = place_of(intake.id)
    try:
        rows = (row for row in opened(file).rows() if row.number > (last or 0))
        while batch := list(islice(rows, READ)):
            with writing():
                _keep(intake, batch)
    except (TableError, FileNotFoundError) as error:
        code = [error.code, error.text] if isinstance(error, TableError) else ["broken", ""]
        _turn(intake.id, "reading", "refused", refused=code)
        return False
    more = _turn(intake.id, "reading", "checking")
    file.unlink(missing_ok=True)
    return more


def _keep(intake: Intake, batch: Sequence[Row]) -> None:
    values = [
        {
            "intake_id": intake.id,
            "number": row.number,
            "said": {name: said for name, at in intake.places.items() if (said := row.cell(at))},
            "outcome": "",
        }
        for row in batch
    ]
    db.session.execute(upsert(IntakeRow).on_conflict_do_nothing(), values)


def _check(intake: Intake) -> bool:
    rows = _with_outcome(intake.id, "", CHECKED)
    if not rows:
        return _turn(intake.id, "checking", "checked")
    found = [
        {"of_intake": intake.id, "at": each["number"]}
        | {f"new_{name}": each[name] for name in _FOUND}
        for each in checked(intake, rows)
    ]
    with writing():
        db.session.execute(_note_found, found)
    return True


def _add(intake: Intake) -> bool:
    numbers = [row.number for row in _with_outcome(intake.id, "add", ADDED)]
    if not numbers:
        return _turn(intake.id, "adding", "done")
    with writing():
        rows = db.session.scalars(
            select(IntakeRow)
            .where(
                IntakeRow.intake_id == intake.id,
                IntakeRow.number.in_(numbers),
                IntakeRow.outcome == "add",
            )
            .with_for_update()
        ).all()
        for row in rows:
            row.outcome = _note(intake, row)
    return True


def _note(intake: Intake, row: IntakeRow) -> str:
    """Note what a row says; what becomes of the row."""
    whole = {**intake.shared, **row.said}
    if row.person_id is None or row.about is None or row.day is None:
        raise ValueError(f"row {row.number} was not checked")  # its outcome says that it was
    if row.person_id == intake.made_by:  # who confirms a list of somebody else may be in it
        row.wrong = [("who", "oneself")]
        return "fault"
    about = About(row.person_id, intake.organisation_id, intake.made_by)
    kind, name = row.about.split(":", 1)
    at, reason, evidence = moment_of(row.day), whole["reason"], whole.get("evidence", "")
    file = {"evidence_file": intake.evidence_id} if intake.evidence_id else {}
    try:
        if kind == "requirement":
            credit(about, name, at, reason, evidence, **file)
            return "added"
        course = offering(name, cast("Kind", kind))
        if course is None:  # it has left service since the list was checked
            row.wrong = [("course", "unknown_course")]
            return "fault"
        hours = float(cells.hours(whole["hours"])) if whole.get("hours") else None
        done = Done(at, reason, evidence, hours, "import" if intake.name else "manual", **file)
        tell_of_noted(about.person_id, course.course_id, complete(about, course, done))
    except AlreadyNotedError:
        return "there"
    return "added"


def _with_outcome(intake_id: str, outcome: str, most: int) -> Sequence[IntakeRow]:
    return db.session.scalars(
        select(IntakeRow)
        .where(IntakeRow.intake_id == intake_id, IntakeRow.outcome == outcome)
        .order_by(IntakeRow.number)
        .limit(most)
    ).all()


def _turn(intake_id: str, before: str, after: str, **values: Any) -> bool:
    """Let the list pass from one state to the next, unless somebody else was quicker."""
    with writing():
        db.session.execute(
            update(Intake)
            .where(Intake.id == intake_id, Intake.state == before)
            .values(state=after, **values)
        )
    return after == "checking"
