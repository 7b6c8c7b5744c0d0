"""Tables of what organisations require, and of the standings that follow from the ledger.

There are a hundred and more standings of a person, so their tables are narrow: people, places,
requirements and states are small numbers in them, days too. The numbers never leave the building.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    TableClause,
    TypeDecorator,
    column,
    literal_column,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.columns import DayNumber
from innocap_lms.extensions import Base
from innocap_lms.ids import new_id
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.periods import State

STATE_NUMBERS: Final[dict[State, int]] = {
    "valid": 1,
    "credited": 2,
    "exempt": 3,
    "not_due": 4,
    "due_soon": 5,
    "in_progress": 6,
    "renewal_open": 7,
    "overdue": 8,
    "expired": 9,
    "paused": 10,
}
GROUP_BITS: Final[Mapping[str, int]] = {"in_order": 1, "to_do": 2, "late": 4, "paused": 8}
STATES: Final = {number: state for state, number in STATE_NUMBERS.items()}


class StateNumber(TypeDecorator[str]):
    """One of the ten states, stored as a small number."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else STATE_NUMBERS[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> State | None:
        return None if value is None else STATES[value]


class RequirementRow(Base):
    """A requirement of an organisation, with its newest version; all of them are in the ledger.

    `rules` are those that hold or will, by the day from which each does: what `rule_on` reads.
    """

    __tablename__ = "requirement"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    set_at: Mapped[datetime]
    set_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class NumberedPerson(Base):
    """The number by which standings name a person."""

    __tablename__ = "standing_person"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)


class NumberedRequirement(Base):
    """The number by which standings name a requirement."""

    __tablename__ = "standing_requirement"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[str]


class NumberedPlace(Base):
    """The number by which standings name a unit, or the whole of an organisation: `id` is that of
    the one or the other."""

    __tablename__ = "standing_place"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[str]


_STILL_KNOWN: Final = text(f"known_until = {STILL}")


class Standing(Base):
    """A standing of a person towards a requirement, over days, while they belong to one place.

    `valid_until` is the first day after it, `deadline` the last day in time or in order; each is
    the last of the calendar where it has no end.
    `known_from` and `known_until` are places in the ledger: what was known in between. A correction
    closes rows and deletes none. Written by `following` alone, of the ledger alone.
    """

    __tablename__ = "standing"
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    requirement: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(DayNumber, primary_key=True)
    known_from: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    known_until: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[date] = mapped_column(DayNumber)
    deadline: Mapped[date] = mapped_column(DayNumber)
    place: Mapped[int]
    state: Mapped[str] = mapped_column(StateNumber)
    __table_args__ = (
        # Of what is still known, which is what is asked for: narrowed to a requirement, or to some
        # places, one of the two answers without the table.
        Index(
            "ix_standing_of_requirement",
            *("requirement", "state", "valid_until", "valid_from", "place", "person"),
            sqlite_where=_STILL_KNOWN,
            postgresql_where=_STILL_KNOWN,
        ),
        Index(
            "ix_standing_of_place",
            *("place", "state", "valid_until", "valid_from", "requirement", "person"),
            sqlite_where=_STILL_KNOWN,
            postgresql_where=_STILL_KNOWN,
        ),
        {"sqlite_with_rowid": False},  # the rows of a person lie together
    )


# That a row is still known, in the words of the indexes: with a parameter in its place SQLite would
# not see that they serve.
STILL_KNOWN: Final = Standing.known_until == literal_column(str(STILL), Integer)


class Noted(Base):
    """What HR has noted of a person as done on a day: once, however often it is sent in.

    `about` is "course:x" for a completion, "requirement:x" for a credit; `completion_id` the id of
    either. What was withdrawn stays, so that an old list does not bring it back. Written by
    `noting` and `services`, who say the same to the ledger.
    """

    __tablename__ = "noted"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    completion_id: Mapped[str] = mapped_column(unique=True)
    withdrawn_at: Mapped[datetime | None]


class Overall(Base):
    """In which groups somebody has standings, over days, while they belong to one place. Follows
    from the rows of Standing.

    `groups` is the sum of GROUP_BITS, never 0: days on which nothing is required have no row.
    `shown` rows say of each day what was known by its end; the others what is still known of it.
    """

    __tablename__ = "standing_overall"
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[bool] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(DayNumber, primary_key=True)
    valid_until: Mapped[date] = mapped_column(DayNumber)
    groups: Mapped[int] = mapped_column(SmallInteger)
    __table_args__ = (
        Index(
            "ix_standing_overall_place",
            *("shown", "place", "groups", "valid_until", "valid_from", "person"),
        ),
        {"sqlite_with_rowid": False},
    )


class Tally(Base):
    """How many standings begin and are over on a day, so that how many there are on any day is a
    sum over few rows: of what is still known, and of what was `shown` on each day.

    Of a requirement in all places, or of a place by all requirements: the other one is ALL. Where
    `requirement` is PEOPLE, the rows of Overall are counted, and `state` is their `groups`.
    Each is counted in a row of its day, of its month and of its year: the number on a day is that
    of the years before, and of the months, and of the days, see `tallies`. Kept in the transaction
    that writes the rows.
    """

    __tablename__ = "standing_tally"
    shown: Mapped[bool] = mapped_column(primary_key=True)
    requirement: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(DayNumber, primary_key=True)  # the first of month or year
    state: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    begun: Mapped[int]
    over: Mapped[int]
    __table_args__ = ({"sqlite_with_rowid": False},)


class Foreseen(Base):
    """How many late standings begin and are over in a month, by the day on which that became known:
    so that the months before and after a past day are told as they were seen on that day.

    Of a requirement, or of a place, as in Tally. The day is counted in its own row, in that of its
    month and in that of its year; what is no longer known is counted with the other sign.
    """

    __tablename__ = "standing_foreseen"
    requirement: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(DayNumber, primary_key=True)
    month: Mapped[date] = mapped_column(DayNumber, primary_key=True)  # its first day
    state: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    begun: Mapped[int]
    over: Mapped[int]
    __table_args__ = ({"sqlite_with_rowid": False},)


class KnownDay(Base):
    """The first place of the ledger that became known on a day; see `known_days`."""

    __tablename__ = "standing_day"
    day: Mapped[date] = mapped_column(DayNumber, primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger)


ALL: Final = 0  # requirements, or places
PEOPLE: Final = -1  # in place of a requirement: people, by the groups they have something in


class Followed(Base):
    """How far down the ledger the standings have been made: one row."""

    __tablename__ = "standing_followed"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    target: Mapped[int] = mapped_column(BigInteger)
    within: Mapped[str]


def in_numbers(model: type[Base]) -> TableClause:
    """One of these tables with the numbers that are stored: nothing is turned into days and states,
    or back, which for thousands of rows would take longer than the database does."""
    columns = cast("Table", model.__table__).c
    types = (each.type for each in columns)
    stored = (each.impl if isinstance(each, TypeDecorator) else each for each in types)
    named = (column(each.name, its) for each, its in zip(columns, stored, strict=True))
    return table(model.__tablename__, *named)
