"""People with what is told of them folded into one text each by the database: with so many fewer
rows to fetch, a long list takes a third of the time."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from innocap_lms.people.models import Person

BETWEEN: Final = "\x1f"  # fields; neither occurs in an id, a state, a day or a moment
LINE: Final = "\n"

_person = Person.__table__.c


def people_with(
    fields: Sequence[Any],
    told: ColumnElement[bool],
    who: Iterable[ColumnElement[bool]],
    order: Iterable[Any],
) -> Select[*tuple[Any, ...]]:
    """Id, name ("" where protected), whether protected, and the folded rows: `fields` of those
    that are `told`, a condition that names the person as those on `who` do."""
    text: Any = fields[0]
    for each in fields[1:]:
        text = text.op("||")(literal(BETWEEN)).op("||")(each)
    folded = select(func.aggregate_strings(text, LINE)).where(told)
    return (
        select(
            _person.id,
            case((_person.protected, ""), else_=_person.name),
            _person.protected,
            folded.correlate(Person.__table__).scalar_subquery(),
        )
        .where(*who)
        .order_by(*order)
    )
