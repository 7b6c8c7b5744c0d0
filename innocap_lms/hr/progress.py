"""How far a long file is: noted while it streams, for the page from which it was started.

A file is never kept: what is noted is a number of people, or of rows that a report is made of, for
its reader alone, for a day.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeVar

from flask import url_for
from sqlalchemy import Update, bindparam, delete, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, save_at_once, upsert, writing
from innocap_lms.hr.models import ExportProgress
from innocap_lms.ids import new_id
from innocap_lms.people.viewer import Viewer

LONG = 1000  # people or lines, from which on a file has a page of its own
STEP_SECONDS = 0.5  # between two notes
KEPT = timedelta(days=1)
FILES: Final[dict[str, tuple[str, dict[str, Any]]]] = {  # endpoint, and what it always asks for
    "matrix": ("hr_matrix.matrix_csv", {}),
    "matrix-long": ("hr_matrix.matrix_csv", {"form": "long"}),
    "matrix-xlsx": ("hr_matrix.matrix_xlsx", {}),
    "completions": ("hr.completions_csv", {}),
    "completions-xlsx": ("hr.completions_xlsx", {}),
    "register": ("hr_people.register_csv", {}),
    "register-xlsx": ("hr_people.register_xlsx", {}),
    "report": ("hr_reports.report_csv", {}),
    "report-xlsx": ("hr_reports.report_xlsx", {}),
}
ID: Final = re.compile(r"[0-9a-z]{26}\Z")

Thing = TypeVar("Thing")


class Progress(NamedTuple):
    """How many people or rows of a file are done, of about how many, and whether it is whole."""

    done: int
    total: int
    whole: bool


def file_address(file: str, number: int, address: dict[str, Any]) -> str:
    """Where a file of FILES begins: at once, or on the page of a long one."""
    if not is_at_once(number):
        return url_for("hr_exports.progress", export_id=new_id(), of=file, **address)
    endpoint, fixed = FILES[file]
    return url_for(endpoint, **address, **fixed)


def is_at_once(number: int) -> bool:
    """Whether the files of a list of so many people or lines begin at once."""
    return number <= LONG


def followed(
    things: Iterable[Thing],
    viewer: Viewer,
    export_id: str,
    total: int,
    counts: Callable[[Thing], int] = lambda _thing: 1,
) -> Iterator[Thing]:
    """The same things, with a note now and then of how many have gone by, each as many as it
    `counts`. Without an id, or with one that is another's, nothing is noted."""
    if not ID.match(export_id) or not _begin(viewer, export_id, total):
        yield from things
        return
    number, noted = 0, time.monotonic()
    for thing in things:
        yield thing
        number += counts(thing)
        if time.monotonic() - noted >= STEP_SECONDS:
            _note(export_id, done=number)
            noted = time.monotonic()
    _note(export_id, done=number, ended_at=clock.utcnow())


def progress_of(viewer: Viewer, export_id: str) -> Progress | None:
    """How far a file of the viewer's is; None where it has not begun."""
    table: Any = ExportProgress.__table__.c
    row = db.session.execute(
        select(table.done, table.total, table.ended_at).where(
            table.id == export_id, table.person_id == viewer.id
        )
    ).one_or_none()
    return Progress(row.done, max(row.total, row.done), row.ended_at is not None) if row else None


def forget_old() -> None:
    """Forget how far the files of yesterday were. A repeating job: opens its own transaction."""
    with writing():
        old = delete(ExportProgress).where(ExportProgress.begun_at < clock.utcnow() - KEPT)
        db.session.execute(old)


def _begin(viewer: Viewer, export_id: str, total: int) -> bool:
    """Whether it is the viewer's, new or begun anew."""
    values = {"done": 0, "total": total, "begun_at": clock.utcnow(), "ended_at": None}
    statement = (
        upsert(ExportProgress)
        .values(id=export_id, person_id=viewer.id, **values)
        .on_conflict_do_update(
            index_elements=["id"], set_=values, where=ExportProgress.person_id == viewer.id
        )
        .returning(ExportProgress.id)
    )
    return save_at_once(statement, {}) is not None


def _note(export_id: str, **values: Any) -> None:
    statement: Update = (
        update(ExportProgress).where(ExportProgress.id == bindparam("export")).values(**values)
    )
    save_at_once(statement.returning(ExportProgress.id), {"export": export_id})
