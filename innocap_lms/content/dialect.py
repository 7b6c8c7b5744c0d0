"""The Markdown that trainers write: CommonMark, and what the course format adds to it.

One parser serves the quiz grammar, the checks and the pages, so that all three agree on what a
text says. HTML is off; a rule of ours marks it so that the checker can speak of it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from innocap_lms.content.abbreviations import abbreviations
from innocap_lms.content.attributes import NO_ATTRIBUTES, Attributes, split_attributes
from innocap_lms.content.identifiers import slug

MarkdownRule = Callable[[MarkdownIt], None]

ADMONITIONS = ("note", "tip", "warning", "example", "try", "mistakes", "summary")

_TASK = re.compile(r"\[([ xX])\](?:[ \t\n]+|\Z)")
_ADMONITION = re.compile(r"\[!([A-Za-z]+)\][ \t]*")
_CAPTION = re.compile(r"\s*:\s+(\S.*)\Z")
# A tag or comment ends before the next "<": no input makes this scan a text twice.
_RAW_HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->")


def dialect(rules: Sequence[MarkdownRule] = ()) -> MarkdownIt:
    """A parser for the course format; `rules` come from plugins and are applied last."""
    # `maxNesting` keeps a text of thousands of brackets from exhausting the stack.
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    md.disable(["lheading", "html_block"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    md.block.ruler.at("footnote_def", _outer_footnote, {"alt": ["paragraph", "reference"]})
    md.use(attrs_plugin, spans=True, after=("image", "span_close"), allowed=("lang", "class"))
    md.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=False,
        allow_labels=False,
        double_inline=True,
    )
    md.use(abbreviations)
    md.inline.ruler.at("html_inline", _raw_html)
    for name, rule in _BEFORE_INLINE:
        md.core.ruler.before("inline", name, rule)
    md.core.ruler.push("heading_anchors", _heading_anchors)
    # The checker must see a forbidden address, so nothing is dropped here; the renderer decides.
    md.validateLink = _any_link  # type: ignore[method-assign, assignment]
    md.normalizeLink = str  # type: ignore[method-assign, assignment]
    for apply in rules:
        apply(md)
    return md


@lru_cache(maxsize=16)
def checking_dialect(rules: tuple[MarkdownRule, ...] = ()) -> MarkdownIt:
    """A parser shared by all checks; it keeps nothing between texts."""
    return dialect(rules)


def heading_attributes(token: Token) -> Attributes:
    """What stood in the braces of a heading."""
    found = token.meta.get("attributes", NO_ATTRIBUTES)
    return found if isinstance(found, Attributes) else NO_ATTRIBUTES


def plain_text(tokens: Sequence[Token] | None) -> str:
    """The words of inline tokens, without marks."""
    words = []
    for token in tokens or ():
        if token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "image":
            words.append(plain_text(token.children))
        elif token.type in (
            "text",
            "text_special",
            "code_inline",
            "math_inline",
            "math_inline_double",
            "raw_html",
        ):
            words.append(token.content)
    return "".join(words)


def _any_link(_: str) -> bool:
    return True


def _outer_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # The plugin moves texts of footnotes to the end of the page; one inside another would be torn
    # out of the blocks around it and leave them open.
    if state.env.get("inside_footnote"):
        return False
    state.env["inside_footnote"] = not silent
    found = footnote_def(state, start, end, silent)
    state.env["inside_footnote"] = False
    return found


def _raw_html(state: StateInline, silent: bool) -> bool:
    match = _RAW_HTML.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("raw_html", "", 0).content = match.group()
    state.pos = match.end()
    return True


def _heading_braces(state: StateCore) -> None:
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "heading_open":
            inline.content, attributes = split_attributes(inline.content)
            token.meta["attributes"] = attributes


def _task_marks(state: StateCore) -> None:
    tokens = state.tokens
    for index in range(len(tokens) - 2):
        if tokens[index].type != "list_item_open" or tokens[index + 2].type != "inline":
            continue
        match = _TASK.match(tokens[index + 2].content)
        if match is not None:
            tokens[index].meta["ticked"] = match.group(1) != " "
            tokens[index + 2].content = tokens[index + 2].content[match.end() :]


def _admonitions(state: StateCore) -> None:
    kept: list[Token] = []
    tokens = state.tokens
    for index, token in enumerate(tokens):
        kept.append(token)
        opened = tokens[index - 2] if index >= 2 else None
        if token.type != "inline" or opened is None or opened.type != "blockquote_open":
            continue
        match = _ADMONITION.match(token.content)
        if match is None:
            continue
        title, _, rest = token.content[match.end() :].partition("\n")
        opened.meta["admonition"] = match.group(1).lower()
        token.content = rest
        # The title goes before the paragraph that it was the first line of.
        kept[-2:-2] = _wrapped("admonition_title", "p", title.strip(), token, opened.level + 1)
    state.tokens = kept


def _table_captions(state: StateCore) -> None:
    """`: Caption` after a table: read by the table rule as one more row, or as a paragraph."""
    lines = state.src.split("\n")
    kept: list[Token] = []
    opened: list[int] = []
    for token in state.tokens:
        kept.append(token)
        if token.type == "table_open":
            opened.append(len(kept) - 1)
        elif token.type == "tr_open":
            token.meta["at"] = len(kept) - 1
        elif token.type == "table_close":
            _caption_from_last_row(kept, opened[-1], lines)
        elif token.type == "paragraph_close" and len(kept) > 3 and kept[-4].type == "table_close":
            _caption_from_paragraph(kept, opened[-1])
    state.tokens = kept


def _caption_from_last_row(kept: list[Token], table: int, lines: list[str]) -> None:
    rows = [i for i in range(table, len(kept)) if kept[i].type == "tr_open"]
    last = kept[rows[-1]]
    if len(rows) < 2 or not last.map:
        return
    match = _CAPTION.match(lines[last.map[0]].strip().lstrip(">").strip())
    if match is None:
        return
    close = next(i for i in range(rows[-1], len(kept)) if kept[i].type == "tr_close")
    anchor = kept[rows[-1]]
    del kept[rows[-1] : close + 1]
    _insert_caption(kept, table, match.group(1), anchor)


def _caption_from_paragraph(kept: list[Token], table: int) -> None:
    match = _CAPTION.match(kept[-2].content)
    if match is not None:
        anchor = kept[-2]
        del kept[-3:]
        _insert_caption(kept, table, match.group(1), anchor)


def _insert_caption(kept: list[Token], table: int, caption: str, anchor: Token) -> None:
    kept[table].meta["caption"] = True
    kept[table + 1 : table + 1] = _wrapped(
        "caption", "caption", caption.strip(), anchor, anchor.level
    )


def _wrapped(name: str, tag: str, content: str, anchor: Token, level: int) -> list[Token]:
    place = list(anchor.map) if anchor.map else None
    return [
        Token(f"{name}_open", tag, 1, map=place, level=level, block=True),
        Token(
            "inline", "", 0, map=place, level=level + 1, content=content, children=[], block=True
        ),
        Token(f"{name}_close", tag, -1, level=level, block=True),
    ]


def _heading_anchors(state: StateCore) -> None:
    """Give every heading an id of its own; those that the author wrote come first."""
    pairs = [
        (token, state.tokens[index + 1])
        for index, token in enumerate(state.tokens)
        if token.type == "heading_open"
    ]
    taken = {heading_attributes(token).id for token, _ in pairs}
    used: set[str] = set()
    for token, inline in pairs:
        text = plain_text(inline.children).strip()
        wanted = heading_attributes(token).id
        anchor = _unused(slug(wanted) if wanted else slug(text), used if wanted else used | taken)
        used.add(anchor)
        token.meta.update(anchor=anchor, text=text)


def _unused(wanted: str, used: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in used:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


_BEFORE_INLINE = (
    ("heading_braces", _heading_braces),
    ("task_marks", _task_marks),
    ("admonitions", _admonitions),
    ("table_captions", _table_captions),
)
