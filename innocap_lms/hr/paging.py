"""Pages of people in the order of lists, asked for by the id of a neighbour: an address that can
be sent, and names nobody."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, tuple_

from innocap_lms.extensions import db
from innocap_lms.people.models import Person

_person = Person.__table__.c

# Protected identities stand last, so that their place in the list does not tell their names.
people_order = tuple_(_person.protected, _person.name, _person.id)


class Page(NamedTuple):
    """Rows, each beginning with a person's id; `before` and `after` are the ids by which the
    neighbours are asked for, "" where there are none."""

    rows: list[Any]
    before: str
    after: str


def page_of(query: Select[*tuple[Any, ...]], size: int, after: str = "", before: str = "") -> Page:
    """`size` people after, or before, the person of that id. One statement.

    `query` selects from Person, the id first, in no order.
    """
    ordered = query.order_by(*people_order.clauses).limit(size + 1)
    if before:
        ordered = ordered.where(people_order < _anchor(before)).order_by(None)
        ordered = ordered.order_by(*(column.desc() for column in people_order.clauses))
    elif after:
        ordered = ordered.where(people_order > _anchor(after))
    rows = list(db.session.execute(ordered))
    more = len(rows) > size
    rows = rows[:size]
    if before:
        rows.reverse()
    earlier, later = (more, True) if before else (bool(after), more)
    return Page(
        rows,
        rows[0][0] if rows and earlier else "",
        rows[-1][0] if rows and later else "",
    )


def _anchor(person_id: str) -> ColumnElement[Any]:
    """Where a person stands in that order."""
    row = [select(column).where(_person.id == person_id) for column in people_order.clauses]
    return tuple_(*(part.scalar_subquery() for part in row))
