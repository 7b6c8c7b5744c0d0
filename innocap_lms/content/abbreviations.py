"""Markdown rule for `*[GDPR]: General Data Protection Regulation`: explained wherever it stands."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DEFINITION = re.compile(r"\*\[([^\[\]\n]{1,60})\]:[ \t]*(\S.*)\Z")


def abbreviations(md: MarkdownIt) -> None:
    """Add the rule to a parser."""
    md.block.ruler.before(
        "reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]}
    )
    md.core.ruler.push("abbreviations", _explain)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    # `end` bounds the block that is being read; a definition is always one line of it.
    match = _DEFINITION.match(line.rstrip()) if start < end else None
    if match is None:
        return False
    if not silent:
        state.env.setdefault("abbreviations", {}).setdefault(match.group(1), match.group(2))
        state.line = start + 1
    return True


def _explain(state: StateCore) -> None:
    known: dict[str, str] = state.env.get("abbreviations", {})
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = [
                piece for child in token.children for piece in _split(child, pattern, known)
            ]


def _split(token: Token, pattern: re.Pattern[str], known: dict[str, str]) -> list[Token]:
    if token.type != "text" or not pattern.search(token.content):
        return [token]
    pieces: list[Token] = []
    # re.split with one group alternates text and term.
    for index, piece in enumerate(pattern.split(token.content)):
        if index % 2:
            opened = Token("abbr_open", "abbr", 1, level=token.level)
            opened.attrs = {"title": known[piece]}
            pieces.append(opened)
        if piece:
            pieces.append(Token("text", "", 0, level=token.level, content=piece))
        if index % 2:
            pieces.append(Token("abbr_close", "abbr", -1, level=token.level))
    return pieces
