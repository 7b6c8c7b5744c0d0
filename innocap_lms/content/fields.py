"""A typed reader of front matter: every missing, misspelt or wrong field becomes a problem."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.frontmatter import Field, Node
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Named:
    """The id of something that stands elsewhere, and where it is named."""

    id: str
    place: Place


_HOURS = re.compile(r"([0-9]{1,4}(?:\.[0-9])?) ?([hd])\Z")
MOST_HOURS = 90 * 24
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%\Z")


class Fields:
    """The fields of one mapping. Ask for each known field by type, then call `finish`.

    A getter returns None when the field is missing or wrong; the problem is noted unless
    `required=False` and the field is absent.
    """

    def __init__(self, node: Node | None, file: str, problems: list[Problem]) -> None:
        self._fields: dict[str, Field] = (
            node.value if node is not None and isinstance(node.value, dict) else {}
        )
        # Without fields at all, one problem already says so: ten missing fields would drown it.
        self._silent = node is None
        self._here = Place(file, node.line, node.column) if node is not None else Place(file)
        self._problems = problems
        self._asked: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> tuple[str, ...]:
        """The names of all fields, in the author's order."""
        return tuple(self._fields)

    def place(self, name: str) -> Place:
        """Where the value of the field stands, or where the mapping starts."""
        found = self._fields.get(name)
        if found is None:
            return self._here
        return Place(self._here.file, found.node.line, found.node.column)

    def note(self, code: str, name: str, message: str, advice: str) -> None:
        """Report a problem at the value of that field."""
        self._problems.append(problem(code, self.place(name), message, advice))

    def finish(self) -> None:
        """Report the fields that nobody asked for."""
        for name, field in self._fields.items():
            if name in self._asked:
                continue
            near = nearest(name, [known for known in self._asked if known not in self._fields])
            advice = (
                f"did you mean “{near}”?"
                if near
                else f"known here: {', '.join(dict.fromkeys(self._asked))}"
            )
            place = Place(self._here.file, field.line, field.column)
            self._problems.append(problem("C026", place, f"unknown field “{name}”", advice))

    def text(self, name: str, *, required: bool = True) -> str | None:
        """Some words on one or more lines."""
        return self._take(name, required, "some text", f"{name}: Some words", _text)

    def identifier(self, name: str, *, required: bool = True) -> str | None:
        """A well-formed id."""
        found = self._take(name, required, "an id", f"{name}: needs-question", _text)
        if found is not None and not is_id(found):
            self.note("C030", name, f"“{found}” is not an id", f"write {slug(found, 'an-id')}")
            return None
        return found

    def whole(
        self, name: str, *, required: bool = True, low: int = 1, high: int = 10_000
    ) -> int | None:
        """A whole number between `low` and `high`."""

        def accept(node: Node) -> int | None:
            value = node.value
            return value if type(value) is int and low <= value <= high else None

        return self._take(
            name, required, f"a whole number from {low} to {high}", f"{name}: {low}", accept
        )

    def number(self, name: str, *, required: bool = True, high: float = 10_000) -> float | None:
        """A number above 0."""

        def accept(node: Node) -> float | None:
            value = node.value
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return None
            return float(value) if 0 < value <= high else None

        return self._take(name, required, "a number above 0", f"{name}: 2", accept)

    def date(self, name: str, *, required: bool = True) -> str | None:
        """A day as yyyy-mm-dd."""
        return self._take(name, required, "a date", f"{name}: 2026-11-23", _date)

    def percent(self, name: str, *, required: bool = True) -> float | None:
        """A share written as `80 %`, returned as 0.8; above 0 and at most 1."""
        if name not in self._fields and required:
            self._missing(name, "C050", f"{name}: 80 %")
        if name not in self._fields:
            self._asked.append(name)
            return None
        return self._take(
            name, required, "a share from 1 % to 100 %", f"{name}: 80 %", _percent, "C050"
        )

    def hours(self, name: str, *, required: bool = True) -> float | None:
        """A time written as `24 h` or `3 d`, returned in hours; above 0 and at most 90 days."""
        return self._take(name, required, "a time such as 24 h or 3 d", f"{name}: 24 h", _hours)

    def word(self, name: str, words: tuple[str, ...], *, required: bool = True) -> str | None:
        """One of a few words."""

        def accept(node: Node) -> str | None:
            return node.raw if node.raw in words else None

        return self._take(name, required, " or ".join(words), f"{name}: {words[0]}", accept)

    def texts(self, name: str, *, required: bool = True) -> tuple[str, ...] | None:
        """A list of words, such as `[sv, en]`."""
        return self._take(name, required, "a list", f"{name}: [one, two]", _texts)

    def named(self, name: str, *, required: bool = True) -> tuple[Named, ...]:
        """A list of ids, each with its place; what is none is a problem and left out."""
        return tuple(
            found
            for node in self.items(name, "[first-course, second-course]", required=required)
            if (found := self.named_by(node))
        )

    def named_by(self, node: Node) -> Named | None:
        """The id that stands in a list; None, with a problem, for anything else."""
        text, place = _text(node) or "", Place(self._here.file, node.line, node.column)
        if is_id(text):
            return Named(text, place)
        said = f"“{text[:60]}” is not an id" if text else "an id should stand here"
        self._problems.append(problem("C030", place, said, f"write {slug(text, 'an-id')}"))
        return None

    def items(self, name: str, example: str, *, required: bool = True) -> list[Node]:
        """The items of a list, whatever they are; none where it is missing or wrong."""
        return self._take(name, required, "a list", f"{name}: {example}", _list) or []

    def says(self, name: str, word: str) -> bool:
        """Whether the field is there and is exactly that word."""
        self._asked.append(name)
        found = self._fields.get(name)
        return found is not None and found.node.raw == word

    def mapping(self, name: str, *, required: bool = True) -> "Fields | None":
        """A nested mapping, such as `{months: 24}`."""
        node = self._take(name, required, "named values", f"{name}: {{key: value}}", _mapping)
        return None if node is None else Fields(node, self._here.file, self._problems)

    def mappings(self, name: str, *, required: bool = True) -> "Iterator[Fields]":
        """A list of mappings, one `Fields` for each; nothing when the field is missing or wrong."""
        nodes = self._take(
            name, required, "a list of named values", f"{name}:\n  - {{key: value}}", _mappings
        )
        for node in nodes or ():
            yield Fields(node, self._here.file, self._problems)

    def _take(
        self,
        name: str,
        required: bool,
        expected: str,
        example: str,
        accept: Callable[[Node], T | None],
        code: str = "C027",
    ) -> T | None:
        self._asked.append(name)
        field = self._fields.get(name)
        if field is None:
            if required:
                self._missing(name, "C025", example)
            return None
        value = accept(field.node)
        if value is None:
            self.note(code, name, f"“{name}” should be {expected}", f"write {example}")
        return value

    def _missing(self, name: str, code: str, example: str) -> None:
        if not self._silent:
            self._problems.append(
                problem(code, self._here, f"“{name}” is missing", f"write {example}")
            )


def _text(node: Node) -> str | None:
    if isinstance(node.value, (list, dict)) or node.value is None:
        return None
    return node.raw.strip() or None


def _date(node: Node) -> str | None:
    try:
        day = dt.date.fromisoformat(node.raw)
    except ValueError:
        return None
    return day.isoformat() if node.raw == day.isoformat() else None


def _percent(node: Node) -> float | None:
    match = _PERCENT.match(node.raw)
    share = float(match.group(1)) / 100 if match else 0.0
    return share if 0 < share <= 1 else None


def _hours(node: Node) -> float | None:
    match = _HOURS.match(node.raw)
    hours = float(match.group(1)) * (24 if match.group(2) == "d" else 1) if match else 0.0
    return hours if 0 < hours <= MOST_HOURS else None


def _texts(node: Node) -> tuple[str, ...] | None:
    if not isinstance(node.value, list):
        return None
    found = [_text(item) for item in node.value]
    return tuple(text for text in found if text is not None) if None not in found else None


def _list(node: Node) -> list[Node] | None:
    return node.value if isinstance(node.value, list) else None


def _mapping(node: Node) -> Node | None:
    return node if isinstance(node.value, dict) else None


def _mappings(node: Node) -> list[Node] | None:
    if not isinstance(node.value, list):
        return None
    return node.value if all(isinstance(item.value, dict) for item in node.value) else None
