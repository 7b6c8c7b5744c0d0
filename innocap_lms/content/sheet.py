"""The text of a quiz while it is being cut: its lines, its places, its outermost blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

from innocap_lms.content.attributes import Attributes, are_open, split_attributes
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import slug
from innocap_lms.content.problems import Problem

MAX_PARTS: Final = 50  # options, items, pairs, accepted answers or gaps of one question


@dataclass(frozen=True)
class Part:
    """A block of the quiz: its tokens, and its lines counted from 0 in the body."""

    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def type(self) -> str:
        return self.tokens[0].type

    @property
    def inside(self) -> Sequence[Token]:
        """The tokens between its opening and its closing."""
        return self.tokens[1:-1]


@dataclass(frozen=True)
class Sheet:
    """The text that is being cut: its lines, the line of the file on which they start, and the
    language it is written in."""

    file: str
    lines: Sequence[str]
    first_line: int
    translation: bool = False
    language: str = ""

    def place(self, line: int) -> Place:
        """Line `line` of the body (from 0), at its first character that is not a space."""
        text = self.lines[line] if line < len(self.lines) else ""
        return Place(self.file, line + self.first_line, len(text) - len(text.lstrip()) + 1)

    def quoted(self, part: Part) -> str:
        """The text of a block quotation without its marks; a lazy line stays as it is."""
        found = []
        for line in self.lines[part.start : part.end]:
            text = line.lstrip()
            found.append(text[1:].removeprefix(" ") if text.startswith(">") else text)
        return "\n".join(found).strip("\n").rstrip()

    def named(
        self, content: str, line: int, what: str, problems: list[Problem]
    ) -> tuple[str, Attributes]:
        """A text and what stood in the braces after it; without an id there is a problem."""
        text, attributes = split_attributes(content)
        if attributes.fault:
            problems.append(unreadable_braces(self.place(line), attributes.fault))
        elif are_open(text):
            problems.append(open_braces(self.place(line)))
        elif not attributes.id:
            advice = f"write {{#{slug(text, what)}}} at the end of the line"
            problems.append(problem("C033", self.place(line), f"the {what} has no id", advice))
        elif not text.strip():
            advice = "write words before the braces, or take the line away"
            problems.append(problem("C115", self.place(line), f"the {what} has no words", advice))
        return text, attributes


def misnumbered(items: Sequence[Part], sheet: Sheet) -> list[Problem]:
    """The problem of a numbered list whose numbers say another order than its lines."""
    written = [int(item.tokens[0].info) for item in items]
    counted = range(written[0], written[0] + len(written)) if written else ()
    if len(set(written)) <= 1 or written == list(counted):
        return []
    at = next(item for item, said, due in zip(items, written, counted, strict=True) if said != due)
    said = "the numbers say another order than the lines, and the lines count"
    advice = "put the lines in the right order, and number them 1, 2, 3 …"
    return [problem("C122", sheet.place(at.start), said, advice)]


def unreadable_braces(place: Place, fault: str) -> Problem:
    """The problem of braces that cannot be read."""
    advice = "write {#id .class key=value}; a value with spaces in double quotes"
    return problem("C046", place, f"“{fault}” in braces cannot be read", advice)


def open_braces(place: Place) -> Problem:
    """The problem of braces without an end."""
    return problem("C046", place, "the braces at the end are not closed", "write } at the end")


def too_many(place: Place, what: str, limit: int) -> Problem:
    """The problem of a list that is longer than anybody should meet."""
    return problem("C105", place, f"there are more than {limit} {what}", "part it in two")


def parts_of(tokens: Sequence[Token]) -> Iterator[Part]:
    """The outermost blocks. Footnotes, which the parser moves to the end, are left out."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        stop = index
        if token.nesting == 1:
            while tokens[stop].nesting != -1 or tokens[stop].level != token.level:
                stop += 1
        if token.map:
            yield Part(tokens[index : stop + 1], token.map[0], token.map[1])
        index = stop + 1
