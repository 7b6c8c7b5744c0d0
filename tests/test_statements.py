"""Reads that the driver runs itself say what SQLAlchemy says, and fail as it does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.exc import DBAPIError

from innocap_lms.columns import UtcDateTime
from innocap_lms.extensions import fetch, reader
from innocap_lms.people.models import Organisation

MOMENT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "moment": MOMENT,
    "day": date(2026, 3, 2),
    "words": "50 % of “it’s”",
    "share": 0.5,
    "is_so": True,
    "list": {"a": [1, None, "å"]},
}
_moment = bindparam("moment", type_=UtcDateTime())
OF_EVERY_TYPE = select(
    _moment.label("moment"),
    bindparam("day", type_=Date()).label("day"),
    bindparam("words", type_=String()).label("words"),
    bindparam("share", type_=Float()).label("share"),
    bindparam("is_so", type_=Boolean()).label("is_so"),
    bindparam("list", type_=JSON()).label("list"),
    case((_moment <= _moment, literal("then, %")), else_=None).label("when"),
    literal(None).label("missing"),
)
NAMED = select(Organisation.__table__.c.name, func.coalesce(Organisation.__table__.c.name, "none"))
OF_TWO = union_all(
    select(bindparam("day", type_=Date()).label("day"), literal("one").label("what")),
    select(bindparam("day", type_=Date()), literal("two")),
)
OF_A_LIST = select(literal(1).label("one")).where(
    literal("b").in_(bindparam("some", expanding=True))
)


@pytest.mark.parametrize(
    ("statement", "given"), [(OF_EVERY_TYPE, GIVEN), (NAMED, {}), (OF_TWO, {"day": date.max})]
)
def test_values_and_rows_are_what_the_types_of_their_columns_say(
    in_app: Flask, statement: Select[Any], given: dict[str, Any]
) -> None:
    for _again in range(2):
        found = fetch(statement, given)
        with reader() as connection:
            meant = connection.execute(statement, given).all()
        assert [tuple(row) for row in found] == [tuple(row) for row in meant]


def test_a_row_has_its_columns_by_name(in_app: Flask) -> None:
    (row,) = fetch(OF_EVERY_TYPE, GIVEN)
    assert (row.moment, row.list, row.when) == (MOMENT, GIVEN["list"], "then, %")
    assert row._asdict()["is_so"] is True


def test_a_list_of_values_may_have_any_length(in_app: Flask) -> None:
    for some, found in (([], 0), (["b"], 1), (["a", "b", "c"], 1), (["a"], 0)):
        assert len(fetch(OF_A_LIST, {"some": some})) == found


def test_what_fails_in_the_database_fails_as_everywhere_and_the_next_read_begins_anew(
    in_app: Flask,
) -> None:
    missing = (
        select(literal(1))
        .select_from(Organisation.__table__.alias("x"))
        .where(func.no_such_function(1) == 1)
    )
    with pytest.raises(DBAPIError):
        fetch(missing, {})
    with reader() as connection:
        connection.connection.dbapi_connection.close()  # type: ignore[union-attr]
    with pytest.raises(Exception, match="closed"):
        fetch(NAMED, {})
    assert fetch(NAMED, {}) == []


def test_a_value_that_is_missing_is_told_by_its_name(in_app: Flask) -> None:
    with pytest.raises(KeyError, match="day"):
        fetch(OF_TWO, {})


def test_who_counts_statements_counts_these(in_app: Flask, statements: list[str]) -> None:
    fetch(NAMED, {})
    assert len(statements) == 1
