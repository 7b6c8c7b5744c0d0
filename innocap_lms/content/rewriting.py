"""Changing a quiz or a bank question by question: only the lines of what is changed are touched.

All else stays byte for byte: comments, text that nobody knows the meaning of, the ends of lines.
Pure; a change is told by ids, so that it does not matter what else has changed in the text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from innocap_lms.content.attributes import split_attributes
from innocap_lms.content.dialect import dialect
from innocap_lms.content.frontmatter import split
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.identifiers import slug
from innocap_lms.content.kinds import OptionBlock, QuestionBlock
from innocap_lms.content.sheet import Sheet

_HEADING: Final = re.compile(r"([ ]{0,3}##[ \t]+)(.*?)((?:[ \t]+#+)?[ \t]*)$")
_OPTION: Final = re.compile(r"([ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)(.*?)([ \t]*)$")
_PIECE: Final = re.compile(r'(?:[^\s"]|"[^"]*")+')  # of what stands in braces
_BOX: Final = re.compile(r"\[[ xX]\](?=[ \t]+$)")


@dataclass(frozen=True)
class OptionPiece:
    """An option as a form shows it; `text` and `feedback` are Markdown."""

    id: str
    text: str
    ticked: bool
    feedback: str


@dataclass(frozen=True)
class QuestionPiece:
    """A question as a form shows it. `options` is empty where it has none, or has something else
    under it; `source` are its lines as they stand, from its heading on, which is line `line`."""

    id: str
    text: str
    tags: tuple[str, ...]
    options: tuple[OptionPiece, ...]
    source: str
    line: int


class UnknownPieceError(KeyError):
    """There is no such question, or option, in the text."""


def pieces_of(text: str) -> list[QuestionPiece]:
    """The questions of a quiz or a bank that have an id, in their order."""
    cut = _Cut(text)
    return [
        QuestionPiece(
            block.id,
            block.text,
            tuple(block.attributes.get("tags", "").split()),
            tuple(OptionPiece(each.id, each.text, each.ticked, each.feedback) for each in options),
            "".join(cut.lines[start:end]),
            start + 1,
        )
        for block, start, end in cut.questions
        if block.id
        for options in [block.options if all(each.id for each in block.options) else ()]
    ]


def with_words(text: str, question_id: str, words: str) -> str:
    """The text with other words in the heading of a question. Raises UnknownPieceError."""
    cut = _Cut(text)
    _block, start, _end = cut.find(question_id)
    return cut.replaced(start, start + 1, [_line(_HEADING, cut.lines[start], words)])


def with_tags(text: str, question_id: str, tags: Sequence[str]) -> str:
    """The text with those tags in the braces of a question, by which draws find it; what else
    stands there stays. Raises UnknownPieceError."""
    cut = _Cut(text)
    block, start, _end = cut.find(question_id)
    if list(tags) == block.attributes.get("tags", "").split():
        return text
    return cut.replaced(start, start + 1, [_tagged(cut.lines[start], tags)])


def with_option(text: str, question_id: str, option: OptionPiece) -> str:
    """The text with that option as it says; one that is not there yet is added after the others,
    with an id made of its words where it has none. Raises UnknownPieceError."""
    cut = _Cut(text)
    block, _start, end = cut.find(question_id)
    if option.id and any(each.id == option.id for each in block.options):
        first, last = cut.span(block, option.id, end)
        before = next(each for each in block.options if each.id == option.id)
        return cut.replaced(first, last, cut.option(first, last, before, option))
    if not block.options:
        raise UnknownPieceError(option.id)
    taken = [each.id for each in block.options]
    name = option.id or _free(slug(option.text, "option"), taken)
    last = cut.span(block, taken[-1], end)[1]
    mark = "x" if option.ticked else " "
    new = [f"- [{mark}] {_one_line(option.text)} {{#{name}}}", *_quoted(option.feedback, "  ")]
    return cut.replaced(last, last, [f"{line}{cut.ending}" for line in new])


def without_option(text: str, question_id: str, option_id: str) -> str:
    """The text without that option. Raises UnknownPieceError."""
    cut = _Cut(text)
    block, _start, end = cut.find(question_id)
    first, last = cut.span(block, option_id, end)
    return cut.replaced(first, last, [])


def with_question(text: str, words: str, under: Sequence[str], braces: str = "") -> str:
    """The text with another question at its end: `under` are the lines under its heading, `braces`
    what stands beside its id."""
    cut = _Cut(text)
    name = _free(slug(words, "question"), [block.id for block, _start, _end in cut.questions])
    inside = f"#{name} {braces}".strip()
    gap = [] if not cut.lines or not cut.lines[-1].strip() else [""]
    lines = [*gap, f"## {_one_line(words)} {{{inside}}}", "", *under]
    whole = text if not text or text.endswith("\n") else text + cut.ending
    return whole + "".join(f"{line}{cut.ending}" for line in lines)


def without_question(text: str, question_id: str) -> str:
    """The text without that question. Raises UnknownPieceError."""
    cut = _Cut(text)
    _block, start, end = cut.find(question_id)
    return cut.replaced(start, end, [])


def with_source(text: str, question_id: str, source: str) -> str:
    """The text with other lines for that question. Raises UnknownPieceError."""
    cut = _Cut(text)
    _block, start, end = cut.find(question_id)
    lines = [f"{line}{cut.ending}" for line in source.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    gap = [cut.ending] if end < len(cut.lines) else []
    return cut.replaced(start, end, [*lines, *gap])


def moved(text: str, question_id: str, by: int) -> str:
    """The text with that question before the one above it (-1), or after the one below it (1); as
    it is where there is none. Raises UnknownPieceError."""
    cut = _Cut(text)
    place = cut.questions.index(cut.find(question_id))
    other = place + by
    if not 0 <= other < len(cut.questions):
        return text
    (_one, start, middle), (_two, _middle, end) = (
        cut.questions[min(place, other)],
        cut.questions[max(place, other)],
    )
    first, second = cut.lines[start:middle], cut.lines[middle:end]
    if second and not second[-1].endswith("\n"):
        second[-1] += cut.ending
        first[-1] = first[-1].rstrip("\r\n")
    return cut.replaced(start, end, [*second, *first])


class _Cut:
    """A text in lines, with its questions and where each begins and ends (from 0)."""

    def __init__(self, text: str) -> None:
        # As the parser counts them: other letters that end lines elsewhere are letters here.
        self.lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.ending = "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"
        document = split("", text.replace("\r\n", "\n"))
        sheet = Sheet("", document.body.split("\n"), document.body_line, translation=True)
        blocks = cut_questions(dialect().parse(document.body, {}), sheet, [])
        starts = [*(block.line - 1 for block in blocks), len(self.lines)]
        self.questions = [
            (block, start, end)
            for block, (start, end) in zip(blocks, pairwise(starts), strict=True)
        ]

    def find(self, question_id: str) -> tuple[QuestionBlock, int, int]:
        for each in self.questions:
            if question_id and each[0].id == question_id:
                return each
        raise UnknownPieceError(question_id)

    def replaced(self, start: int, end: int, lines: Iterable[str]) -> str:
        before, new = self.lines[:start], list(lines)
        if before and new and not before[-1].endswith("\n"):
            before[-1] += self.ending
        return "".join([*before, *new, *self.lines[end:]])

    def span(self, block: QuestionBlock, option_id: str, end: int) -> tuple[int, int]:
        """Where an option begins and ends: with the next one, or where its list ends."""
        starts = [option.line - 1 for option in block.options]
        for number, option in enumerate(block.options):
            if option.id == option_id:
                begins = starts[number]
                if number + 1 < len(starts):
                    return begins, self._end_of_list(begins, starts[number + 1])
                return begins, self._end_of_list(begins, end)
        raise UnknownPieceError(option_id)

    def _end_of_list(self, start: int, end: int) -> int:
        """After the last line from `start` that belongs to the entry there: what is indented, and
        what goes on without an empty line."""
        last = start + 1
        for number in range(start + 1, end):
            line = self.lines[number]
            if line.strip() and (line[0] in " \t" or last == number):
                last = number + 1
            elif line.strip():
                break
        return last

    def option(self, first: int, last: int, before: OptionBlock, now: OptionPiece) -> list[str]:
        """The lines of an option as it is to be; those that say the same stay."""
        lines = self.lines[first:last]
        words = next(
            (
                number
                for number, line in enumerate(lines[1:], 1)
                if not line.strip() or line.lstrip().startswith(">")
            ),
            len(lines),
        )
        head, rest = lines[:words], lines[words:]
        said = (_one_line(now.text), now.ticked)
        if said != (_one_line(before.text), before.ticked):
            head = [_line(_OPTION, _joined(head), now.text, "x" if now.ticked else " ")]
        if now.feedback.strip() != before.feedback.strip():
            kept = [line for line in rest if not line.lstrip().startswith(">")]
            new = [f"{line}{self.ending}" for line in _quoted(now.feedback, "  ")]
            rest = [*new, *kept]
            if new and head and not head[-1].endswith("\n"):
                head[-1] += self.ending
        return [*head, *rest]


def _joined(lines: Sequence[str]) -> str:
    """A paragraph on one line, with its last line's end."""
    body = " ".join(line.strip() if number else line.rstrip() for number, line in enumerate(lines))
    return body + lines[-1][len(lines[-1].rstrip("\r\n")) :]


def _line(form: re.Pattern[str], line: str, words: str, mark: str = "") -> str:
    """A heading or an option with other words; its braces and the signs after a heading stay."""
    body = line.rstrip("\r\n")
    match = form.match(body)
    if match is None:
        raise UnknownPieceError(body)
    begins, said, closing = match.groups()
    braces = said[len(split_attributes(said)[0]) :].strip()
    if mark:  # a translation has no box
        begins = _BOX.sub(f"[{mark}]", begins)
    new = " ".join(filter(None, (_one_line(words), braces)))
    return f"{begins}{new}{closing if closing.strip() else ''}{line[len(body) :]}"


def _tagged(line: str, tags: Sequence[str]) -> str:
    """A heading with other tags in its braces."""
    start, end = line.rindex("{"), line.rindex("}")
    pieces = _PIECE.findall(line[start + 1 : end])
    at = next((n for n, each in enumerate(pieces) if each.startswith("tags=")), len(pieces))
    new = [tags_piece(tags)] if tags else []
    inside = " ".join([*pieces[:at], *new, *pieces[at + 1 :]])
    return f"{line[:start]}{{{inside}{line[end:]}"


def tags_piece(tags: Sequence[str]) -> str:
    """Tags as they stand in the braces of a question."""
    return f"tags={tags[0]}" if len(tags) == 1 else f'tags="{" ".join(tags)}"'


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _quoted(feedback: str, indent: str) -> list[str]:
    lines = feedback.replace("\r\n", "\n").strip().split("\n") if feedback.strip() else []
    return [f"{indent}> {line}".rstrip() for line in lines]


def _free(name: str, taken: Sequence[str]) -> str:
    """The id, or the first with a number after it that nothing has yet."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
