"""What a text holds, as the checker sees it: headings, links, pictures, and what is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Literal

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.dialect import ADMONITIONS, heading_attributes, plain_text
from innocap_lms.content.formulas import can_be_set
from innocap_lms.content.identifiers import LANGUAGE_PATTERN, is_id, nearest, slug
from innocap_lms.content.problems import Problem

_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(frozen=True)
class Reference:
    """A link or picture: its address, where it stands, and its words (the alternative text)."""

    kind: Literal["link", "image"]
    address: str
    words: str
    place: Place
    decorative: bool = False


@dataclass
class Survey:
    """What was found in one text. `anchors` are the ids that links may name after `#`."""

    file: str
    anchors: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Text:
    """The lines of the text, to find the place of a find again: inline tokens know no column."""

    file: str
    lines: Sequence[str]
    first_line: int

    def place(self, span: Sequence[int], needle: str = "") -> Place:
        if needle:
            for number in range(span[0], min(span[1], len(self.lines))):
                column = self.lines[number].find(needle)
                if column >= 0:
                    return Place(self.file, number + self.first_line, column + 1)
        return Place(self.file, span[0] + self.first_line)


def survey(
    tokens: Sequence[Token],
    file: str,
    lines: Sequence[str],
    first_line: int,
    *,
    is_quiz: bool = False,
) -> Survey:
    """Look through a parsed text. In a quiz, headings are questions and checked elsewhere."""
    found = Survey(file)
    text = _Text(file, lines, first_line)
    if not is_quiz:
        _headings(tokens, text, found)
    span: Sequence[int] = (0, 1)
    for token in tokens:
        span = token.map or span
        if token.type == "blockquote_open":
            if not (is_quiz and token.meta.get("admonition") == "hint"):
                _admonition(token, text, found)
        elif token.type == "math_block":
            _formula(token, text.place(span), found)
        elif token.type == "inline":
            _inline(token, span, text, found)
    _tables(tokens, text, found)
    return found


def _tables(tokens: Sequence[Token], text: _Text, found: Survey) -> None:
    """A column without a heading, beyond the first (which may hold the headings of rows)."""
    column, span = 0, [0, 1]
    for token, inside in pairwise(tokens):
        span = token.map or span
        column = 0 if token.type == "tr_open" else column
        if token.type != "th_open":
            continue
        column += 1
        if column > 1 and not plain_text(inside.children).strip():
            said = f"column {column} of the table has no heading"
            advice = "write what the column holds into the first row"
            found.problems.append(problem("C085", text.place(span), said, advice))


def _headings(tokens: Sequence[Token], text: _Text, found: Survey) -> None:
    level = 1
    for token in tokens:
        if token.type != "heading_open":
            continue
        here = int(token.tag[1])
        place = text.place(token.map or (0, 1))
        words, anchor = token.meta["text"], token.meta["anchor"]
        attributes = heading_attributes(token)
        if here == 1:
            advice = "start the line with ## instead of #"
            found.problems.append(
                problem("C060", place, "the title is the level-1 heading", advice)
            )
        elif here > level + 1:
            said = f"a level-{here} heading follows level {level}"
            advice = f"start the line with {'#' * (level + 1)}"
            found.problems.append(problem("C061", place, said, advice))
        level = max(here, 2)
        if not words:
            advice = "write words after the #"
            found.problems.append(problem("C063", place, "the heading is empty", advice))
        _heading_braces(attributes.id, attributes.fault, place, found)
        if attributes.id and attributes.id != anchor and is_id(attributes.id):
            said = f"the anchor “{attributes.id}” is used twice"
            found.problems.append(problem("C062", place, said, f"write {{#{anchor}}}"))
        found.anchors.add(anchor)


def _heading_braces(anchor: str, fault: str, place: Place, found: Survey) -> None:
    if fault:
        said = f"“{fault}” in braces cannot be read"
        found.problems.append(problem("C046", place, said, "write {#id}"))
    if anchor and not is_id(anchor):
        said = f"“{anchor}” is not an id"
        found.problems.append(problem("C030", place, said, f"write {{#{slug(anchor)}}}"))


def _admonition(token: Token, text: _Text, found: Survey) -> None:
    kind = token.meta.get("admonition", "note")
    if kind not in ADMONITIONS:
        near = nearest(kind, ADMONITIONS)
        advice = f"did you mean [!{near.upper()}]?" if near else "write [!NOTE]"
        place = text.place(token.map or (0, 1), "[!")
        said = f"[!{kind.upper()}] is no kind of admonition"
        found.problems.append(problem("C065", place, said, advice))


def _formula(token: Token, place: Place, found: Survey) -> None:
    if not can_be_set(token.content, display=token.type != "math_inline"):
        advice = "write it with fewer or more common commands"
        found.problems.append(problem("C066", place, "the formula cannot be set", advice))


def _inline(token: Token, span: Sequence[int], text: _Text, found: Survey) -> None:
    children = token.children or []
    for index, child in enumerate(children):
        if child.type == "link_open":
            words = plain_text(list(takewhile(_inside_link, children[index + 1 :])))
            address = str(child.attrs.get("href", ""))
            place = text.place(span, address)
            found.references.append(Reference("link", address, words.strip(), place))
        elif child.type == "image":
            _image(child, span, text, found)
        elif child.type == "raw_html":
            said = f"{child.content[:40]} is shown as text"
            place = text.place(span, child.content.partition("\n")[0])
            advice = "use the course format, or `` `code` `` around it"
            found.problems.append(problem("C064", place, said, advice))
        elif child.type in ("math_inline", "math_inline_double"):
            _formula(child, text.place(span, child.content.partition("\n")[0]), found)
        elif child.type == "span_open":
            _language(child, span, text, found)
        elif child.type == "text":
            _footnotes(child, span, text, found)


def _inside_link(token: Token) -> bool:
    return token.type != "link_close"


def _image(child: Token, span: Sequence[int], text: _Text, found: Survey) -> None:
    address = str(child.attrs.get("src", ""))
    decorative = "decorative" in str(child.attrs.get("class", "")).split()
    words = plain_text(child.children).strip()
    place = text.place(span, address)
    found.references.append(Reference("image", address, words, place, decorative))


def _language(child: Token, span: Sequence[int], text: _Text, found: Survey) -> None:
    language = str(child.attrs.get("lang", "sv"))
    if not LANGUAGE_PATTERN.match(language):
        said = f"“{language}” is not a language"
        place = text.place(span, language)
        found.problems.append(problem("C069", place, said, "write a tag such as sv or en"))


def _footnotes(child: Token, span: Sequence[int], text: _Text, found: Survey) -> None:
    for match in _FOOTNOTE.finditer(child.content):
        said = f"the footnote “{match.group(1)}” has no text"
        advice = f"write a line {match.group()}: text"
        found.problems.append(problem("C067", text.place(span, match.group()), said, advice))
