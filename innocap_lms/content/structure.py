"""How headings, tables, lists, admonitions, footnotes and code become HTML."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from innocap_lms.content.dialect import ADMONITIONS
from innocap_lms.content.formulas import mathml
from innocap_lms.content.identifiers import LANGUAGE_PATTERN
from innocap_lms.content.page import Renderer, attributes, page_of

Tokens = Sequence[Token]

# Colouring costs time in proportion to the text; nobody reads this much code in a lesson.
MAX_COLOURED = 20_000


def _heading_open(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    token = tokens[index]
    return f"<{token.tag}{attributes(id=page_of(env).prefix + token.meta['anchor'])}>"


def _table_open(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    label = tokens[index].meta.get("caption") or page_of(env).words["table"]
    named = attributes(class_="table-scroll", tabindex=0, role="region", aria_label=label)
    return f"<div{named}>\n<table>\n"


def _table_close(*_: Any) -> str:
    return "</table>\n</div>\n"


def _alignment(token: Token) -> str | None:
    """The parser writes a style attribute; a class says the same and passes a strict policy."""
    style = str(token.attrs.get("style", ""))
    return f"align-{style.rpartition(':')[2]}" if style else None


def _header_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    named = attributes(class_=_alignment(tokens[index]))
    # An empty header cell names nothing: read aloud, it would confuse.
    return f'<th scope="col"{named}>' if tokens[index + 1].content else f"<td{named}>"


def _header_close(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return "</th>\n" if tokens[index - 1].content else "</td>\n"


def _cell_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return f"<td{attributes(class_=_alignment(tokens[index]))}>"


def _quotation_open(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    token = tokens[index]
    kind = token.meta.get("admonition")
    if kind is None:
        return "<blockquote>\n"
    label = page_of(env).new_id("admonition")
    # The title is the next token; both need the same id.
    tokens[index + 1].meta.update(id=label)
    known = kind if kind in ADMONITIONS else "note"
    tokens[index + 2].meta.update(default=page_of(env).words[known])
    return f"<aside{attributes(class_=f'admonition {known}', aria_labelledby=label)}>\n"


def _quotation_close(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return "</aside>\n" if tokens[index].meta.get("admonition") else "</blockquote>\n"


def _title_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    default = "" if tokens[index + 1].content else escape(tokens[index + 1].meta["default"])
    named = attributes(class_="admonition-title", id=tokens[index].meta["id"])
    return f"<p{named}>{default}"


def _item_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return '<li class="task-list-item">' if "ticked" in tokens[index].meta else "<li>"


def _task_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    checked = " checked" if tokens[index].meta["ticked"] else ""
    return f'<label><input type="checkbox"{checked}> '


def _task_close(*_: Any) -> str:
    return "</label>"


def _footnote_ref(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    page, meta = page_of(env), tokens[index].meta
    number, again = meta["id"] + 1, meta.get("subId", 0)
    here = f"{page.prefix}ref_{number}" + (f"_{again + 1}" if again else "")
    named = attributes(
        href=f"#{page.prefix}footnote_{number}",
        id=here,
        aria_label=f"{page.words['footnote']} {number}",
    )
    return f'<sup class="footnote-ref"><a{named}>{number}</a></sup>'


def _footnotes_open(_: Renderer, __: Tokens, ___: int, ____: Any, env: Any) -> str:
    named = attributes(class_="footnotes", aria_label=page_of(env).words["footnotes"])
    return f"<section{named}>\n<ol>\n"


def _footnotes_close(*_: Any) -> str:
    return "</ol>\n</section>\n"


def _footnote_open(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    number = tokens[index].meta["id"] + 1
    here = f"{page_of(env).prefix}footnote_{number}"
    return f"<li{attributes(id=here, class_='footnote-item')}>"


def _footnote_close(*_: Any) -> str:
    return "</li>\n"


def _footnote_anchor(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    page, meta = page_of(env), tokens[index].meta
    number, again = meta["id"] + 1, meta.get("subId", 0)
    back = f"#{page.prefix}ref_{number}" + (f"_{again + 1}" if again else "")
    named = attributes(href=back, class_="footnote-back", aria_label=page.words["back"])
    return f" <a{named}>↩</a>"


def _fence(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    token = tokens[index]
    name = token.info.split()[0] if token.info.split() else ""
    lexer = _lexer(name) if name and len(token.content) <= MAX_COLOURED else None
    if lexer is None:
        code = escape(token.content)
    else:
        code = highlight(token.content, lexer, HtmlFormatter(nowrap=True))
    # Long lines scroll, so the block must be reachable by keyboard and have a name.
    label = page_of(env).words["code"] + (f" ({name})" if lexer else "")
    named = attributes(class_="highlight", tabindex=0, role="region", aria_label=label)
    return f"<pre{named}><code>{code}</code></pre>\n"


@lru_cache(maxsize=64)
def _lexer(name: str) -> Lexer | None:
    try:
        return get_lexer_by_name(name, ensurenl=False, stripnl=False)
    except ClassNotFound:
        return None


def _formula_inline(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return mathml(tokens[index].content, display=False)


def _formula_displayed(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return mathml(tokens[index].content.strip(), display=True)


def _formula_block(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    label = page_of(env).words["formula"]
    named = attributes(class_="formula", tabindex=0, role="region", aria_label=label)
    return f"<div{named}>{mathml(tokens[index].content.strip(), display=True)}</div>\n"


def _span_open(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    language = str(tokens[index].attrs.get("lang", ""))
    return f"<span{attributes(lang=language if LANGUAGE_PATTERN.match(language) else None)}>"


def _raw_html(_: Renderer, tokens: Tokens, index: int, __: Any, ___: Any) -> str:
    return escape(tokens[index].content)


STRUCTURE_RULES = {
    "heading_open": _heading_open,
    "table_open": _table_open,
    "table_close": _table_close,
    "th_open": _header_open,
    "th_close": _header_close,
    "td_open": _cell_open,
    "blockquote_open": _quotation_open,
    "blockquote_close": _quotation_close,
    "admonition_title_open": _title_open,
    "list_item_open": _item_open,
    "task_open": _task_open,
    "task_close": _task_close,
    "footnote_ref": _footnote_ref,
    "footnote_block_open": _footnotes_open,
    "footnote_block_close": _footnotes_close,
    "footnote_open": _footnote_open,
    "footnote_close": _footnote_close,
    "footnote_anchor": _footnote_anchor,
    "fence": _fence,
    "code_block": _fence,
    "math_inline": _formula_inline,
    "math_inline_double": _formula_displayed,
    "math_block": _formula_block,
    "span_open": _span_open,
    "raw_html": _raw_html,
}
