"""Lists in an order: as pages, asked for by the id of a neighbour, so that an address can be sent
and names nobody; or, of people, all of them, read as they are asked for."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, select, tuple_

from innocap_lms.extensions import db
from innocap_lms.people.models import Person

STREAMED = 200  # people fetched at a time

_person = Person.__table__.c

# Protected identities stand last, so that their place in the list does not tell their names.
_by_name = (_person.protected, _person.name, _person.id)


class Order(NamedTuple):
    """How a list is sorted: by a `value` of each row, never NULL, and where that is the same, or
    there is none, by `then`, which ends with the id: of people, by name. `backwards` reads it from
    its end."""

    value: ColumnElement[Any] | None = None
    backwards: bool = False
    then: Sequence[ColumnElement[Any]] = _by_name

    @property
    def key(self) -> ColumnElement[Any]:
        """The ids of its rows."""
        return self.then[-1]

    def columns(self) -> list[ColumnElement[Any]]:
        """What is compared, ascending."""
        return [*self.then] if self.value is None else [self.value, *self.then]

    def clauses(self) -> list[ColumnElement[Any]]:
        """The same for ORDER BY."""
        return [each.desc() if self.backwards else each for each in self.columns()]

    def turned(self) -> "Order":
        """The other way round."""
        return self._replace(backwards=not self.backwards)


BY_NAME = Order()


class Page(NamedTuple):
    """Rows, each beginning with its id; `before` and `after` are the ids by which the
    neighbours are asked for, "" where there are none."""

    rows: list[Any]
    before: str
    after: str


def page_of(
    who: Sequence[ColumnElement[bool]],
    columns: Sequence[Any],
    size: int,
    after: str = "",
    before: str = "",
    order: Order = BY_NAME,
) -> Page:
    """`size` rows after, or before, the one of that id, of those on which the conditions `who`
    hold; each as id and `columns`. One statement.

    The rows are chosen first: what is told of them is read of these alone, however the list is
    sorted.
    """
    read = order.turned() if before else order
    these = select(order.key).where(*who)
    if neighbour := before or after:
        here, there = tuple_(*read.columns()), _where(neighbour, read)
        these = these.where(here < there if read.backwards else here > there)
    these = these.order_by(*read.clauses()).limit(size + 1)
    query = select(order.key, *columns).where(order.key.in_(these)).order_by(*read.clauses())
    rows = list(db.session.execute(query))
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


def _where(row_id: str, order: Order) -> ColumnElement[Any]:
    """Where a row stands in an order."""
    row = [select(column).where(order.key == row_id) for column in order.columns()]
    return tuple_(*(part.scalar_subquery() for part in row))


def everybody(
    connection: Connection,
    who: Sequence[ColumnElement[bool]],
    columns: Sequence[Any],
    order: Order = BY_NAME,
) -> Iterator[Any]:
    """All of them, each as id and `columns`.

    An index leads through them by name. For any other order their ids are sorted first, some
    hundred bytes each: the database would sort them with all that is told of them.
    """
    query: Select[Any] = select(_person.id, *columns)
    if order.value is None:
        ordered = query.where(*who).order_by(*order.clauses())
        yield from connection.execute(ordered.execution_options(yield_per=STREAMED))
        return
    ids = connection.scalars(select(_person.id).where(*who).order_by(*order.clauses())).all()
    for at in range(0, len(ids), STREAMED):
        batch = ids[at : at + STREAMED]
        found = {row[0]: row for row in connection.execute(query.where(_person.id.in_(batch)))}
        yield from (found[person_id] for person_id in batch if person_id in found)
