"""Reads for follow-up: completions and their days, never answers or points.

A person's completions come as one text, folded together by the database: with twenty times fewer
rows to fetch, a list of 200,000 completions takes a third of the time.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import aliased

from innocap_lms.catalogue.queries import Kind
from innocap_lms.credentials.models import Revocation
from innocap_lms.extensions import db, one_moment
from innocap_lms.hr.filters import Filters, conditions, latest_completion, named, not_revoked
from innocap_lms.hr.folding import BETWEEN, LINE, person_with
from innocap_lms.hr.paging import Order, everybody, page_of
from innocap_lms.hr.sorting import column_of, is_from_end
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.models import Organisation, Person, Unit
from innocap_lms.people.viewer import Viewer, hr_scope

PAGE = 100

_person = Person.__table__.c


Completed = list[str]
"""A completion: moment, place, course, hours, certificate, moment of its revocation or nothing.

Moments are UTC, "2026-11-23 09:30:00"; the place a unit's id, an organisation's where no unit is
known; the certificate an id or empty.
"""


class PersonRow(NamedTuple):
    """A person with completions, in the order in which they happened. No name where protected."""

    id: str
    name: str
    protected: bool
    completed: list[Completed]


@dataclass(frozen=True)
class Place:
    """A unit, or an organisation as a whole, where `unit_id` is empty."""

    organisation_id: str
    organisation: str
    unit_id: str
    unit: str
    path: str


@dataclass(frozen=True)
class PeoplePage:
    """A page of people; `before` and `after` are the ids its neighbours are asked for with."""

    people: list[PersonRow]
    before: str
    after: str


class Totals(NamedTuple):
    """Participations are completions of courses, or completed programmes where those are asked for;
    a person counts once. `revoked` says how many of the participations count no longer."""

    participations: int
    persons: int
    revoked: int = 0


def places(viewer: Viewer) -> list[Place]:
    """The organisations and units whose completions `viewer` may see, by name. One statement."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name, Unit.id, Unit.name, Unit.path)
        .outerjoin(Unit, Unit.organisation_id == Organisation.id)
        .where(hr_scope(viewer, Organisation.id, Unit.path))
        .order_by(Organisation.name, Organisation.id, Unit.name, Unit.id)
    )
    return [Place(row[0], row[1], row[2] or "", row[3] or "", row[4] or "") for row in rows]


def unit_names(organisation_ids: Collection[str]) -> dict[str, str]:
    """All units of organisations by id: their names are no secret there. One statement."""
    wanted = Unit.organisation_id.in_(organisation_ids)
    return {
        row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name).where(wanted))
    }


def totals(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> Totals:
    """How many the list holds, by how many persons. One statement."""
    many, persons = func.count(), func.count(Completion.person_id.distinct())
    revoked = func.sum(case((not_revoked(), 0), else_=1))
    query = select(many, persons, func.coalesce(revoked, 0)).where(
        *conditions(viewer, filters, zone)
    )
    if filters.name:
        query = query.join(Person, Person.id == Completion.person_id).where(*named(filters))
    return Totals(*db.session.execute(query.select_from(Completion)).one())


def totals_that_count(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> Totals:
    """Of completions that were not revoked. One statement; the name is not looked at."""
    query = select(func.count(), func.count(Completion.person_id.distinct()))
    counted = query.where(*conditions(viewer, filters, zone), not_revoked())
    return Totals(*db.session.execute(counted).one())


def totals_by_track(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> dict[str, Totals]:
    """The same for each track. One statement."""
    rows = db.session.execute(
        select(Completion.track, func.count(), func.count(Completion.person_id.distinct()))
        .where(*conditions(viewer, filters, zone), not_revoked())
        .group_by(Completion.track)
        .order_by(Completion.track)
    )
    return {row[0]: Totals(row[1], row[2]) for row in rows}


def people_page(
    viewer: Viewer, filters: Filters, zone: ZoneInfo, after: str = "", before: str = ""
) -> PeoplePage:
    """A hundred people after, or before, the person of that id. One statement.

    The address holds ids and no names, so that it can be sent.
    """
    these, columns, order = _people(viewer, filters, zone)
    page = page_of(these, columns, PAGE, after, before, order)
    return PeoplePage([_person_row(row) for row in page.rows], page.before, page.after)


def certificate_ids(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> list[str]:
    """The certificates of completions, by course and person. One statement."""
    query = (
        select(Completion.certificate_id)
        .join(Person, Person.id == Completion.person_id)
        .where(*conditions(viewer, filters, zone), Completion.certificate_id.is_not(None))
        .order_by(Completion.course_id, Person.name, Completion.id)
    )
    if filters.name:
        query = query.where(*named(filters))
    return [one for one in db.session.scalars(query) if one]


def all_people(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> Iterator[PersonRow]:
    """Everybody, read from the database as they are asked for: not before the first one is."""
    these, columns, order = _people(viewer, filters, zone)
    with one_moment() as connection:
        for row in everybody(connection, these, columns, order):
            yield _person_row(row)


def _people(
    viewer: Viewer, filters: Filters, zone: ZoneInfo
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[Any]], Order]:
    """Who has completions that count, what is told of each, those folded into one text, and in
    which order."""
    theirs = and_(Completion.person_id == _person.id, *conditions(viewer, filters, zone))
    revoked = (
        select(_as_text(Revocation.revoked_at))
        .where(Revocation.certificate_id == Completion.certificate_id)
        .correlate(Completion.__table__)
        .scalar_subquery()
    )
    fields = (
        _as_text(Completion.completed_at),
        func.coalesce(Completion.unit_id, Completion.organisation_id, ""),
        Completion.course_id,
        cast(Completion.hours, String),
        func.coalesce(Completion.certificate_id, ""),
        func.coalesce(revoked, ""),
    )
    has_some = select(literal(1)).where(theirs).correlate(Person.__table__).exists()
    order = Order(_value(filters.sort, theirs), is_from_end(filters.sort))
    return [has_some, *named(filters)], person_with(fields, theirs), order


def _value(sort: str, theirs: ColumnElement[bool]) -> ColumnElement[Any] | None:
    """What people are sorted by: how many completions count, or when the latest was."""
    values: dict[str, Any] = {"number": func.count(), "latest": latest_completion()}
    value = values.get(column_of(sort))
    if value is None:
        return None
    return select(value).where(theirs, not_revoked()).correlate(Person.__table__).scalar_subquery()


def _as_text(moment: Any) -> ColumnElement[str]:
    """SQLite keeps moments as text in UTC; PostgreSQL has to be asked for that."""
    if db.engine.dialect.name == "sqlite":
        return func.substr(moment, 1, 19, type_=String())
    in_utc = func.timezone("UTC", moment)
    return func.to_char(in_utc, "YYYY-MM-DD HH24:MI:SS", type_=String())


def _person_row(row: Any) -> PersonRow:
    lines = row[3].split(LINE)
    lines.sort()  # each begins with its moment
    return PersonRow(row[0], row[1], row[2], [line.split(BETWEEN) for line in lines])


@dataclass(frozen=True)
class CardRow:
    """A completion on a person's card. One that HR has noted has no edition and no enrolment, and
    names who did that; no name where that identity is protected."""

    completion_id: str
    organisation_id: str
    course_id: str
    edition_id: str | None
    enrolment_id: str | None
    enrolled_at: datetime | None
    completed_at: datetime
    hours: float
    certificate_id: str | None
    revoked_at: datetime | None
    noted_by: str | None


@dataclass(frozen=True)
class PersonCard:
    """A person and what they completed within the viewer's scope, newest first."""

    id: str
    name: str
    protected: bool
    completed: list[CardRow]


def person_card(
    viewer: Viewer, person_id: str, zone: ZoneInfo, kind: Kind = "course"
) -> PersonCard | None:
    """The card of a person who completed something of that kind `viewer` may see. One statement."""
    noter = aliased(Person)
    rows: Sequence[Any] = db.session.execute(
        select(
            Completion.id,
            Completion.organisation_id,
            Completion.course_id,
            Completion.edition_id,
            Completion.enrolment_id,
            Enrolment.enrolled_at,
            Completion.completed_at,
            Completion.hours,
            Completion.certificate_id,
            Revocation.revoked_at,
            case((noter.protected, ""), else_=noter.name),
            Person.name,
            Person.protected,
        )
        .join(Person, Person.id == Completion.person_id)
        .outerjoin(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(noter, noter.id == Completion.noted_by)
        .outerjoin(Revocation, Revocation.certificate_id == Completion.certificate_id)
        .where(Completion.person_id == person_id, *conditions(viewer, Filters(kind=kind), zone))
        .order_by(Completion.completed_at.desc(), Completion.id)
    ).all()
    if not rows:
        return None
    name, protected = rows[0].name, rows[0].protected
    return PersonCard(
        person_id, "" if protected else name, protected, [CardRow(*row[:11]) for row in rows]
    )
