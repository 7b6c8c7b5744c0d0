"""Lists of people that HR sends in: kept to be looked at, and asked to be carried out.

A list is compared with what is known now each time it is read, by `import_plan`.
"""

import base64
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from innocap_lms import clock
from innocap_lms.admin.import_columns import COLUMNS, personal_column
from innocap_lms.admin.import_plan import Plan, Terms, folded_way, names_in, plan
from innocap_lms.admin.models import PeopleImport
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people import directory
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.roll import roll_of
from innocap_lms.people.scope import AdminScope
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.spreadsheets.columns import chosen, proposed
from innocap_lms.spreadsheets.reading import opened
from innocap_lms.spreadsheets.table import Table, TableError

IMPORT_JOB: Final = "people.import"
MOST_BYTES: Final = 10_000_000  # of a list: some 100,000 people
KEPT: Final = timedelta(days=7)  # a list that nobody carries out


@contextmanager
def table_of(content: bytes) -> Iterator[Table]:
    """The table that a file holds. Raises TableError."""
    if len(content) > MOST_BYTES:
        raise TableError("too_large", str(MOST_BYTES // 1_000_000))
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield opened(Path(file.name))


def keep(organisation_id: str, actor_id: str, language: str, name: str, content: bytes) -> str:
    """Keep a list to be looked at; returns its id. In a write transaction. Raises TableError, and
    InvalidInputError where it holds personal identity numbers: then nothing of it is kept."""
    with table_of(content) as table:
        if column := personal_column(table.header, table.rows()):
            words = _(
                "Column %(column)s holds personal identity numbers. Such numbers are never taken "
                "in: remove the column and send the list again.",
                column=column,
            )
            raise InvalidInputError({"file": words})
        places = proposed(table.header, COLUMNS)
    list_id = new_id()
    db.session.add(
        PeopleImport(
            id=list_id,
            organisation_id=organisation_id,
            made_by=actor_id,
            made_at=clock.utcnow(),
            language=language,
            file_name=name[:200],
            content=base64.b64encode(content).decode(),
            places=places,
            moves_on=None,
            closing=[],
            renaming=[],
            asked_at=None,
            counts={},
            failures=[],
        )
    )
    db.session.flush()
    return list_id


def find(list_id: str, scope: AdminScope) -> PeopleImport | None:
    """A list, if its organisation is in the scope of whoever asks."""
    found = db.session.get(PeopleImport, list_id)
    if found is None or not (scope.everything or found.organisation_id in scope.organisation_ids):
        return None
    return found


def header_of(sent: PeopleImport) -> tuple[str, ...]:
    """The titles of its columns."""
    with table_of(base64.b64decode(sent.content)) as table:
        return table.header


def plan_of(sent: PeopleImport) -> Plan:
    """What the list would change now. Raises TableError where its columns do not do."""
    with table_of(base64.b64decode(sent.content)) as table:
        columns = chosen(table.header, COLUMNS, sent.places)
        roll = roll_of(sent.organisation_id, names_in(columns, table.rows()))
        return plan(columns, table.rows(), _terms(sent.organisation_id), roll)


def _terms(organisation_id: str) -> Terms:
    everything = AdminScope(everything=True, organisation_ids=frozenset())
    (own,) = directory.organisations(everything, organisation_id)
    units: defaultdict[str, set[str]] = defaultdict(set)
    trail: list[str] = []
    for unit in own.units:
        trail = [*trail[: unit.depth], unit.name]
        if not unit.is_closed():
            units[folded_way(unit.name.replace("/", " "))].add(unit.id)
            units[folded_way("/".join(trail))].add(unit.id)
    languages = {name.casefold(): code for code, name in LANGUAGES.items()}
    languages |= {code: code for code in LANGUAGES}
    return Terms(units, languages, today(), site_zone())


def choose(list_id: str, places: dict[str, int]) -> None:
    """Say which column of a list is what, by the names of COLUMNS. In a write transaction."""
    db.session.execute(
        update(PeopleImport)
        .where(PeopleImport.id == list_id, PeopleImport.asked_at.is_(None))
        .values(places=places)
    )


class Ticked(NamedTuple):
    """The ids of people whom somebody has ticked: whose time ends because the list does not have
    them, and who are to be called as the list says."""

    closing: Sequence[str] = ()
    renaming: Sequence[str] = ()


def ask(list_id: str, moves_on: date, ticked: Ticked) -> bool:
    """Have a list carried out; False where somebody has asked before. In a write transaction."""
    asked = db.session.execute(
        update(PeopleImport)
        .where(PeopleImport.id == list_id, PeopleImport.asked_at.is_(None))
        .values(
            asked_at=clock.utcnow(),
            moves_on=moves_on,
            closing=list(ticked.closing),
            renaming=list(ticked.renaming),
        )
        .returning(PeopleImport.id)
    )
    if asked.first() is None:
        return False
    enqueue(IMPORT_JOB, f"people-import:{list_id}:0", {"list": list_id})
    return True


def newest(organisation_ids: Sequence[str]) -> list[PeopleImport]:
    """The lists of organisations, the newest first."""
    query = (
        select(PeopleImport)
        .where(PeopleImport.organisation_id.in_(organisation_ids))
        .order_by(PeopleImport.made_at.desc(), PeopleImport.id)
        .limit(10)
    )
    return list(db.session.scalars(query))


def forget_lists() -> None:
    """Delete lists that nobody has carried out in a week. A repeating job."""
    old = PeopleImport.made_at < clock.utcnow() - KEPT
    with writing():
        db.session.execute(delete(PeopleImport).where(old, PeopleImport.asked_at.is_(None)))
