"""Gaps in a text: `[[answer|variant]]` to fill in, `[[=right|wrong]]` to choose.

In a view the text holds `[[1]]`, `[[2]]` in their place; only what the parser reads as plain words
can be a gap, so code keeps its brackets.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from innocap_lms.content.dialect import checking_dialect, dialect

_GAP: Final = re.compile(r"\[\[([^\[\]\n]{0,2000})\]\](?!\()")
_NUMBERED: Final = re.compile(r"\[\[([0-9]{1,5})\]\](?!\()")
# Two characters that no language uses stand around a gap's number in rendered HTML.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}([0-9]{{1,5}}){_CLOSE}")
_MOST: Final = 200  # gaps that are looked at: more than a question may have, code included
_CODE: Final = ("code_inline", "fence", "code_block")


@dataclass(frozen=True)
class Gap:
    """A gap as its author wrote it. `right` is the number of the right choice, from 1; None where
    the answer is written. `line` counts from 0 in the text, `column` from 1."""

    words: tuple[str, ...]
    right: int | None
    marks: int
    line: int
    column: int


@dataclass(frozen=True)
class GapText:
    """A text with numbers in its gaps. `strays` are (line, column) of brackets that are no gap."""

    text: str
    gaps: tuple[Gap, ...]
    strays: tuple[tuple[int, int], ...]


def has_gaps(text: str) -> bool:
    """Whether anything in a Markdown text looks like a gap."""
    return _GAP.search(text) is not None


def cut_gaps(text: str) -> GapText:
    """Number the gaps of a Markdown text and take their answers out of it."""
    text = text.replace(_OPEN, "").replace(_CLOSE, "")
    found = list(islice(_GAP.finditer(text), _MOST))
    places = [_place(text, match.start()) for match in found]
    if len(found) == _MOST:  # refused for their number alone
        return GapText("", tuple(_gap(match[1], (0, 1)) for match in found), ())
    seen, in_code, unread = _as_parsed(_with(text, found, {i: str(i) for i in range(len(found))}))
    seen = list(dict.fromkeys(seen))
    numbers = {i: number for number, i in enumerate(seen, 1)}
    strays = [places[i] for i in range(len(found)) if i not in numbers and i not in in_code]
    if unread:
        at = next(iter(_unclosed(text, found)), 0)
        strays.append(_place(text, at))
    gaps = tuple(_gap(found[i][1], places[i]) for i in seen)
    return GapText(_with(text, found, {i: str(n) for i, n in numbers.items()}), gaps, tuple(strays))


def _with(text: str, found: Sequence[re.Match[str]], names: dict[int, str]) -> str:
    """The text with names in those of its gaps that have one."""
    pieces, end = [], 0
    for i, match in enumerate(found):
        pieces += [text[end : match.start()], f"[[{names[i]}]]" if i in names else match.group()]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at)


def _unclosed(text: str, found: Sequence[re.Match[str]]) -> list[int]:
    starts = {match.start() for match in found}
    return [match.start() for match in re.finditer(r"\[\[", text) if match.start() not in starts]


def _gap(content: str, place: tuple[int, int]) -> Gap:
    # In a table a bar that parts no cells is written with a backslash.
    words = [word.strip() for word in content.replace("\\|", "|").split("|")]
    marked = [number for number, word in enumerate(words, 1) if word.startswith("=")]
    plain = tuple(word.removeprefix("=").strip() for word in words)
    return Gap(plain, marked[0] if marked else None, len(marked), *place)


def _as_parsed(text: str) -> tuple[list[int], set[int], bool]:
    """The gaps that the parser sees, those inside code, and whether "[[" is left over."""
    seen: list[int] = []
    code: list[str] = []
    unread, opened, linked = False, "", _in_links(text)
    for token in _parser().parse(text, {}):
        if token.type in _CODE:
            code.append(token.content)
        opened = token.type if token.nesting == 1 else opened
        for child in token.children or ():
            if child.type == "gap" and opened != "heading_open" and child.content not in linked:
                seen.append(int(child.content))
            elif child.type in _CODE:
                code.append(child.content)
            elif child.type == "text" and "[[" in child.content:
                unread = True
    return seen, {int(number) for words in code for number in _NUMBERED.findall(words)}, unread


def _in_links(text: str) -> set[str]:
    """Numbers within the words of links: read as gaps they would break the link."""
    depth, words = 0, []
    for token in checking_dialect().parse(text, {}):
        for child in token.children or ():
            depth += child.nesting if child.type in ("link_open", "link_close") else 0
            if depth and child.type == "text":
                words.append(child.content)
    return {number for found in words for number in _NUMBERED.findall(found)}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return dialect([gap_rule])


def gap_rule(md: MarkdownIt) -> None:
    """Have numbered gaps read, and rendered as marks that `split_at_gaps` finds again."""
    md.inline.ruler.before("link", "gap", _read_gap)
    md.add_render_rule("gap", _render_gap)


def _read_gap(state: StateInline, silent: bool) -> bool:
    match = _NUMBERED.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("gap", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_gap(_: Any, tokens: Sequence[Token], index: int, __: Any, ___: Any) -> str:
    return f"{_OPEN}{tokens[index].content}{_CLOSE}"


def split_at_gaps(html: str) -> list[tuple[str, int]]:
    """Rendered HTML in pieces, each with the number of the gap after it; 0 after the last."""
    pieces = _MARK.split(html)
    return [
        (piece, int(number))
        for piece, number in zip(pieces[::2], [*pieces[1::2], "0"], strict=True)
    ]
