"""What a list of people would change in an organisation: pure, so that it can be shown first, and
found again, the same, by the job that does it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from innocap_lms.admin.day_fields import FIRST, LAST
from innocap_lms.people.identity import (
    clean_name,
    email_problem,
    fold_account,
    is_same_name,
    login_problem,
    name_problem,
    personal_number_problem,
)
from innocap_lms.people.roll import Member, Roll
from innocap_lms.people.staff import number_problem
from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.cells import CellError
from innocap_lms.spreadsheets.columns import Chosen
from innocap_lms.spreadsheets.problems import Problem
from innocap_lms.spreadsheets.table import Row

Kind = Literal["joins", "moves", "ends", "unchanged", "left_out"]
LONGEST: Final = 254  # characters of a cell
YES: Final = ("1", "ja", "yes", "x", "true", "kyllä", "já", "sant")


class Said(NamedTuple):
    """What a row says of somebody. `unit` is an id, "" for the whole organisation, None where the
    list does not say."""

    row: int
    name: str
    email: str
    login: str
    number: str
    unit: str | None
    language: str
    first: date | None
    last: date | None
    protected: bool


class Change(NamedTuple):
    """What becomes of a row. `person` is the id of whoever is known; `name` is "" where that is a
    protected identity; `rename` is the name in the list where it is another, "" where not."""

    kind: Kind
    person: str
    name: str
    said: Said
    rename: str = ""


@dataclass
class Plan:
    """All of it. `leavers` belong to the organisation and stand in no row: (id, name)."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    leavers: list[tuple[str, str]] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    def renames(self) -> list[Change]:
        """Those whom the list calls by another name."""
        return [change for change in self.changes if change.rename]


@dataclass(frozen=True)
class Terms:
    """What rows are read by: the ids of open units by folded name and by the way to them, more than
    one where a name is not unique; the languages of the site by code and by name, folded; the day
    it is, and where."""

    units: Mapping[str, Collection[str]]
    languages: Mapping[str, str]
    today: date
    zone: ZoneInfo


def names_in(chosen: Chosen, rows: Iterable[Row]) -> Iterator[str]:
    """Every address and login name of a list, folded, to ask whose they are."""
    places = [chosen.places[name] for name in ("email", "login") if name in chosen.places]
    for row in rows:
        for place in places:
            if said := row.cell(place):
                yield fold_account(said[:LONGEST])


def plan(chosen: Chosen, rows: Iterable[Row], terms: Terms, roll: Roll) -> Plan:
    """What the rows would change, and everything that is wrong with them."""
    found, seen = Plan(), dict[str, int]()
    mentioned: set[str] = set()
    for row in rows:
        reading = _Reading(chosen, row, terms)
        said = reading.said()
        person = _whose(reading, said, roll)
        if person:
            mentioned.add(person)
        _note_twice(reading, said, person, seen)
        if reading.problems:
            found.problems += reading.problems
            continue
        member = roll.members.get(person)
        kind = _kind(said, member, terms)
        name = "" if said.protected else member.name if member else said.name
        rename = _rename(said, member) if name and person not in roll.shared else ""
        found.changes.append(Change(kind, person, name, said, rename))
    found.leavers = [
        (person, member.name)
        for person, member in roll.members.items()
        if person not in mentioned and member.roles <= {"learner", "manager"}
    ]
    return found


def _kind(said: Said, member: Member | None, terms: Terms) -> Kind:
    if said.protected:
        return "left_out" if member is None else "unchanged"
    if member is None:
        return "unchanged" if said.last and said.last < terms.today else "joins"
    if said.last is not None and said.last != _last_day(member, terms):
        return "ends"
    if said.unit is not None and member.units and member.units != {said.unit}:
        return "moves"
    return "unchanged"


def _rename(said: Said, member: Member | None) -> str:
    """The name in the list of somebody who has another here. Capitals alone make no other."""
    return said.name if member and not is_same_name(said.name, member.name) else ""


def _last_day(member: Member, terms: Terms) -> date | None:
    """The last day of somebody who is known to leave."""
    if member.until is None:
        return None
    return member.until.astimezone(terms.zone).date() - timedelta(days=1)


def _whose(reading: "_Reading", said: Said, roll: Roll) -> str:
    """The id of whoever a row is about, "" for somebody new; with the problem, where it is not
    clear."""
    by_number = roll.numbers.get(said.number, "") if said.number else ""
    by_account = {roll.accounts[name] for name in (said.email, said.login) if name in roll.accounts}
    people = {by_number} - {""} | by_account
    if len(people) > 1:
        reading.wrong("number" if by_number else "login", "two_people")
        return ""
    person = next(iter(people), "")
    if not person and not said.email and not said.login and not said.protected:
        reading.wrong("name", "nobody")
    if person and person not in roll.ever:
        reading.wrong("email" if said.email in roll.accounts else "login", "elsewhere")
        return ""
    return person


def _note_twice(reading: "_Reading", said: Said, person: str, seen: dict[str, int]) -> None:
    """A person stands in one row: by whichever of their names."""
    names = (("email", said.email), ("login", said.login), ("number", said.number))
    keys = [(column, f"{column}:{name}") for column, name in names if name]
    if person:
        keys.append(("name", f"person:{person}"))
    for column, key in keys:
        if key in seen:
            reading.wrong(column, "twice", str(seen[key]))
            break
    for _column, key in keys:
        seen.setdefault(key, reading.row.number)


class _Reading:
    """One row as it is read, and what is wrong with its cells."""

    def __init__(self, chosen: Chosen, row: Row, terms: Terms) -> None:
        self.chosen, self.row, self.terms = chosen, row, terms
        self.problems: list[Problem] = []

    def wrong(self, column: str, code: str, said: str = "") -> None:
        """Note a problem: of that column, or of the name where the list has no such column. What
        looks like a personal identity number is not repeated."""
        column = column if column in self.chosen.places else "name"
        if personal_number_problem(said):
            code, said = "personal_number", ""
        self.problems.append(self.chosen.problem(self.row.number, column, code, said))

    def said(self) -> Said:
        name = clean_name(self._text("name"))
        if name_problem(name):
            code = "personal_number" if personal_number_problem(name) else "name"
            self.wrong("name", code if name else "missing")
        email, login = fold_account(self._text("email")), fold_account(self._text("login"))
        if email and email_problem(email):
            self.wrong("email", "email", email)
        if login and login_problem(login):
            self.wrong("login", "login", login)
        number = " ".join(self._text("number").split())
        if number_problem(number):
            self.wrong("number", "personal_number" if len(number) <= 40 else "too_long")
        first, last = self._day("first"), self._day("last", endless=True)
        if first and last and last < first:
            self.wrong("last", "days", str(last))
        protected = self._text("protected").casefold() in YES
        return Said(self.row.number, name, email, login, number, self._unit(), self._language(),
                    first, last, protected)  # fmt: skip

    def _text(self, column: str) -> str:
        """What the cell says; "" where the list has no such column, or what it says is wrong."""
        if column not in self.chosen.places:
            return ""
        try:
            return cells.text(self.row.cell(self.chosen.places[column]), LONGEST)
        except CellError as error:
            self.wrong(column, error.code, self.row.cell(self.chosen.places[column]))
            return ""

    def _day(self, column: str, *, endless: bool = False) -> date | None:
        """The day of a cell; None for the last of the calendar, by which other systems mean that
        there is no end, where there can be none."""
        if not (said := self._text(column)):
            return None
        try:
            found = cells.day(said)
        except CellError as error:
            self.wrong(column, error.code, said)
            return None
        if endless and found.year == date.max.year:
            return None
        if not FIRST <= found <= LAST:
            self.wrong(column, "far_day", said)
            return None
        return found

    def _unit(self) -> str | None:
        if "unit" not in self.chosen.places:
            return None
        if not (said := self._text("unit")):
            return ""
        found = self.terms.units.get(folded_way(said), ())
        if len(found) != 1:
            self.wrong("unit", "several_units" if found else "no_unit", said)
            return ""
        return next(iter(found))

    def _language(self) -> str:
        if not (said := self._text("language")):
            return ""
        code = self.terms.languages.get(said.casefold(), "")
        if not code:
            self.wrong("language", "language", said)
        return code


def folded_way(text: str) -> str:
    """The name of a unit, or the way to it from the top, as they are compared."""
    parts = text.replace("›", "/").replace(">", "/").replace("\\", "/").split("/")
    return "/".join(" ".join(part.split()).casefold() for part in parts)
