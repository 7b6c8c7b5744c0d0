"""A text cut where it is printed apart: at its headings, and into the pieces under them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from markdown_it.token import Token

from innocap_lms.content.attributes import split_attributes
from innocap_lms.content.dialect import checking_dialect, plain_text

PieceKind = Literal["heading", "subheading", "words", "figure", "shown", "box", "other"]

# What a reader takes in at a glance, rather than reads.
_SHOWN: Final = frozenset({"bullet_list_open", "ordered_list_open", "table_open", "dl_open"})
_SENTENCE_END: Final = re.compile(r"""[.!?]["”'’»)*_]*(?=\s+["”'’«(*_\[]*[^\W_a-zåäöæøéá])""")


@dataclass(frozen=True)
class Piece:
    """A piece of a text, as Markdown: the words of a heading, a paragraph, a figure, a box; what is
    "shown" is a list or a table.

    `box` is the kind of a box, such as "summary"; its `title` is what its author wrote, or "".
    """

    kind: PieceKind
    markdown: str
    box: str = ""
    title: str = ""


@dataclass(frozen=True)
class Section:
    """A heading of level 2 with its anchor, and the Markdown under it."""

    anchor: str
    title: str
    markdown: str


def pieces_of(markdown: str) -> Iterator[Piece]:
    """The pieces of a text in order."""
    lines = markdown.split("\n")
    for run in _runs(checking_dialect().parse(markdown, {})):
        if run[0].map:
            yield _piece(run, "\n".join(lines[slice(*run[0].map)]).rstrip())


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each outermost block."""
    run, depth = list[Token](), 0
    for token in tokens:
        run.append(token)
        depth += token.nesting
        if depth == 0:
            yield run
            run = []


def _piece(run: Sequence[Token], markdown: str) -> Piece:
    first = run[0]
    if first.type == "heading_open":
        words = split_attributes(markdown.lstrip("# ").rstrip("# \n"))[0]
        return Piece("heading" if first.tag == "h2" else "subheading", words)
    if first.type == "blockquote_open" and "admonition" in first.meta:
        lines = (line.removeprefix(">").removeprefix(" ") for line in markdown.split("\n"))
        inside = "\n".join(lines)
        title = plain_text(run[2].children).strip()
        return Piece("box", inside.partition("\n")[2], first.meta["admonition"], title)
    if first.type == "paragraph_open":
        children = run[1].children or []
        alone = len(children) == 1 and children[0].type == "image"
        return Piece("figure" if alone else "words", markdown)
    return Piece("shown" if first.type in _SHOWN else "other", markdown)


def sections_of(markdown: str) -> tuple[str, tuple[Section, ...]]:
    """What stands before the first heading of level 2, and then a section for each."""
    lines, heads = markdown.split("\n"), list[tuple[int, str, str]]()
    for run in _runs(checking_dialect().parse(markdown, {})):
        if run[0].type == "heading_open" and run[0].tag == "h2" and run[0].map:
            start = run[0].map[0]
            heads.append((start, run[0].meta["anchor"], _piece(run, lines[start]).markdown))
    starts = [*(start for start, *_ in heads), len(lines)]
    intro = "\n".join(lines[: starts[0]]).strip()
    return intro, tuple(
        Section(anchor, title, "\n".join(lines[start + 1 : end]).strip())
        for (start, anchor, title), end in zip(heads, starts[1:], strict=True)
    )


def first_sentence(markdown: str) -> str:
    """The first sentence of a paragraph that tears no mark or link apart, or all of it."""
    ends = (found.end() for found in _SENTENCE_END.finditer(markdown))
    sentences = (markdown[:end] for end in ends)
    return next((each for each in sentences if _is_whole(each)), markdown)


def _is_whole(markdown: str) -> bool:
    marks = ("**", "*", "`")
    return all(markdown.count(mark) % 2 == 0 for mark in marks) and (
        markdown.count("[") == markdown.count("]")
    )
