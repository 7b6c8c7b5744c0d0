"""From Markdown to HTML that may stand in a page: links resolved, nothing unsafe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from innocap_lms.content.dialect import MarkdownRule, dialect, plain_text
from innocap_lms.content.media import MEDIA_RULES
from innocap_lms.content.model import Course
from innocap_lms.content.page import Page, Resolve, nowhere
from innocap_lms.content.sanitising import sanitised
from innocap_lms.content.structure import STRUCTURE_RULES
from innocap_lms.content.wording import wording

Sizes = Mapping[str, tuple[int, int]]
Wording = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Heading:
    """A heading of the text, for a list of contents. `id` is its anchor in the page."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Block:
    """A piece of a text by itself, such as a paragraph, a list or a table, as safe HTML. `line` is
    where it begins, from 1; 0 for what a text gathers at its end, such as footnotes."""

    html: str
    line: int


@dataclass(frozen=True)
class Rendered:
    """A text as safe HTML."""

    html: str
    headings: tuple[Heading, ...]


def render(
    markdown: str,
    *,
    resolve: Resolve,
    language: str,
    sizes: Sizes | None = None,
    words: Wording | None = None,
    rules: Sequence[MarkdownRule] = (),
    prefix: str = "",
) -> Rendered:
    """Render a whole text. Never raises on any text; what cannot be followed becomes plain words.

    `resolve` maps what a course links to (`images/x.svg`, `02-interviews`, `interviews`) to a URL
    or None. `sizes` maps paths of pictures to (width, height), see `picture_sizes`. `words` adds or
    replaces words such as titles of admonitions, by language (see `wording.WORDING`). `prefix`
    stands before all ids, for several texts on one page.
    """
    md = _renderer(tuple(rules))
    page = Page(resolve, language, wording(language, words), sizes or {}, prefix)
    env = {"page": page}
    tokens = md.parse(markdown, env)
    html = sanitised(str(md.renderer.render(tokens, md.options, env)))
    return Rendered(html, tuple(_headings(tokens, prefix)))


def render_blocks(
    markdown: str, *, resolve: Resolve, language: str, sizes: Sizes | None = None
) -> tuple[Block, ...]:
    """Render a text as `render` does, piece by piece: together they are the whole."""
    md = _renderer(())
    env = {"page": Page(resolve, language, wording(language, None), sizes or {})}
    found, piece, depth = list[Block](), list[Token](), 0
    for token in md.parse(markdown, env):
        piece.append(token)
        depth += token.nesting  # the levels of footnotes begin anew
        if depth == 0:
            line = piece[0].map[0] + 1 if piece[0].map else 0
            html = str(md.renderer.render(piece, md.options, env))
            found.append(Block(sanitised(html), line))
            piece = []
    return tuple(found)


def render_inline(
    markdown: str,
    *,
    language: str,
    resolve: Resolve = nowhere,
    words: Wording | None = None,
    rules: Sequence[MarkdownRule] = (),
) -> str:
    """Render a title or an option as safe HTML without paragraphs around it; see `render`.

    Without `resolve`, links into the course become plain words.
    """
    md = _renderer(tuple(rules))
    env = {"page": Page(resolve, language, wording(language, words))}
    return sanitised(str(md.renderInline(markdown, env)))


def picture_sizes(course: Course) -> dict[str, tuple[int, int]]:
    """Width and height of the pictures of a course, where they are known; for `render(sizes=…)`."""
    return {
        path: (asset.width, asset.height)
        for path, asset in course.assets.items()
        if asset.width is not None and asset.height is not None
    }


def _headings(tokens: Sequence[Token], prefix: str) -> list[Heading]:
    return [
        Heading(int(token.tag[1]), prefix + token.meta["anchor"], token.meta["text"])
        for token in tokens
        if token.type == "heading_open"
    ]


@lru_cache(maxsize=16)
def _renderer(rules: tuple[MarkdownRule, ...]) -> MarkdownIt:
    """A parser with our render rules; threads may share it: a text's state is in its `env`."""
    md = dialect(rules)
    md.core.ruler.push("tasks", _tasks)
    md.core.ruler.push("figures", _figures)
    md.core.ruler.push("matching_ends", _matching_ends)
    for name, rule in {**STRUCTURE_RULES, **MEDIA_RULES}.items():
        md.add_render_rule(name, rule)
    return md


def _tasks(state: StateCore) -> None:
    """Put the box and the words of a task into one label."""
    for item, inline in zip(state.tokens, state.tokens[2:], strict=False):
        if "ticked" not in item.meta or inline.type != "inline" or inline.children is None:
            continue
        opened = Token("task_open", "label", 1, meta={"ticked": item.meta["ticked"]})
        inline.children[:] = [opened, *inline.children, Token("task_close", "label", -1)]


def _figures(state: StateCore) -> None:
    """A picture alone in a paragraph is a figure; its title is the caption."""
    kept: list[Token] = []
    for token in state.tokens:
        kept.append(token)
        if token.type != "paragraph_close" or len(kept) < 3 or kept[-3].hidden:
            continue
        children = kept[-2].children or []
        if len(children) != 1 or children[0].type != "image":
            continue
        kept[-3].tag = token.tag = "figure"
        title = str(children[0].attrs.pop("title", ""))
        if title:
            words: list[Token] = []
            state.md.inline.parse(title, state.md, state.env, words)
            caption = Token("inline", "", 0, content=title, children=words)
            opened = Token("figcaption_open", "figcaption", 1)
            kept[-1:] = [opened, caption, Token("figcaption_close", "figcaption", -1), token]
    state.tokens = kept


def _matching_ends(state: StateCore) -> None:
    """Let the end of an admonition know how it began, and a table know its caption."""
    opened: list[Token] = []
    for index, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            opened.append(token)
        elif token.type == "blockquote_close":
            token.meta["admonition"] = opened.pop().meta.get("admonition")
        elif token.type == "caption_open":
            state.tokens[index - 1].meta["caption"] = plain_text(state.tokens[index + 1].children)
