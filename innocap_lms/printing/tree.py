"""A text as a tree of plain values, which a typst template draws: data to it, never code."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from innocap_lms.content.dialect import dialect, plain_text
from innocap_lms.content.files import media_type
from innocap_lms.content.targets import target
from innocap_lms.content.wording import wording
from innocap_lms.typesetting.typst import drawable

Node = dict[str, Any]
ReadFile = Callable[[str], bytes | None]

_FORMATS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_MARKS = {"strong": "strong", "em": "em", "code_inline": "code"}


class Tree:
    """Makes trees of the texts of one language; `read` gives a file of the course, or None."""

    def __init__(self, language: str, read: ReadFile) -> None:
        self._words, self._read, self._parser = wording(language), read, dialect()
        self._top, self._level = 1, 1  # of the heading above the text, and of the last one

    def blocks(self, markdown: str, under: int) -> list[Node]:
        """The blocks of a whole text that stands under a heading of that level. Its own headings
        are lower and skip no level, whatever its author wrote: a tagged PDF takes no others."""
        self._top = self._level = under
        return self._blocks(SyntaxTreeNode(self._parser.parse(markdown, {})).children)

    def inline(self, markdown: str) -> list[Node]:
        """The words of a caption."""
        found = SyntaxTreeNode(self._parser.parseInline(markdown, {})).children
        return [each for node in found for each in self._inline(node)]

    def title(self, markdown: str) -> list[Node]:
        """The words of a title, a dash where it has none: a tagged PDF takes no empty heading."""
        found = self.inline(markdown)
        return found if any(map(_says_something, found)) else [_text("–")]

    def _blocks(self, nodes: Sequence[SyntaxTreeNode]) -> list[Node]:
        return [each for node in nodes for each in self._block(node)]

    def _block(self, node: SyntaxTreeNode) -> Iterator[Node]:
        if node.type == "paragraph":
            picture = _only_picture(node)
            if picture and (found := self._picture(picture)):
                yield found
            else:
                yield {"kind": "paragraph", "inside": self._children(node)}
        elif node.type == "heading":
            words = self._children(node)
            if not any(map(_says_something, words)):
                return
            self._level = max(self._top + 1, min(int(node.tag[1]), self._level + 1))
            yield {"kind": "heading", "level": self._level, "inside": words}
        elif node.type in ("bullet_list", "ordered_list"):
            items = [self._item(each) for each in node.children]
            yield {"kind": "list", "ordered": node.type == "ordered_list", "items": items}
        elif node.type == "table":
            yield self._table(node)
        elif node.type == "blockquote":
            yield self._quotation(node)
        elif node.type == "dl":
            yield {"kind": "list", "ordered": False, "items": list(self._terms(node))}
        elif node.type in ("fence", "code_block", "math_block"):
            yield {"kind": "code", "text": drawable(node.content.rstrip("\n"))}
        elif node.type == "footnote_block":
            items = [self._item(each) for each in node.children]
            yield {"kind": "list", "ordered": True, "items": items}

    def _item(self, node: SyntaxTreeNode) -> Node:
        is_box = "ticked" in node.meta
        return {"box": is_box, "inside": self._blocks(node.children)}

    def _terms(self, node: SyntaxTreeNode) -> Iterator[Node]:
        """A term and its definitions, as one item of a list."""
        inside: list[Node] = []
        for each in node.children:
            if each.type == "dt" and inside:
                yield {"box": False, "inside": inside}
                inside = []
            if each.type == "dt":
                words = [{"kind": "strong", "inside": self._children(each)}]
                inside.append({"kind": "paragraph", "inside": words})
            else:
                inside += self._blocks(each.children)
        yield {"box": False, "inside": inside}

    def _table(self, node: SyntaxTreeNode) -> Node:
        caption: list[Node] = []
        head: list[list[Node]] = []
        rows: list[list[list[Node]]] = []
        for part in node.children:
            if part.type == "caption":
                caption = self._children(part)
            elif part.type == "thead":
                head = [self._children(cell) for cell in part.children[0].children]
            else:
                rows += [[self._children(cell) for cell in row.children] for row in part.children]
        return {"kind": "table", "caption": caption, "head": head, "rows": rows}

    def _quotation(self, node: SyntaxTreeNode) -> Node:
        kind, inside = node.meta.get("admonition"), list(node.children)
        title: list[Node] = []
        if kind is not None:
            title = self._children(inside.pop(0)) or [_text(self._words.get(kind, ""))]
        return {"kind": "box", "title": title, "inside": self._blocks(inside)}

    def _children(self, node: SyntaxTreeNode) -> list[Node]:
        """The words of a block whose one child is inline."""
        inline = [each for child in node.children for each in child.children]
        return [each for child in inline for each in self._inline(child)]

    def _inline(self, node: SyntaxTreeNode) -> Iterator[Node]:
        if node.type == "inline":
            for child in node.children:
                yield from self._inline(child)
        elif node.type == "image":
            yield _text(plain_text(node.token.children if node.token else None))
        elif node.type == "link":
            yield self._link(node)
        elif node.type in ("softbreak", "hardbreak"):
            yield _text(" ") if node.type == "softbreak" else {"kind": "break"}
        elif node.type == "code_inline":
            yield {"kind": "code", "text": drawable(node.content)}
        elif node.children:
            inside = [each for child in node.children for each in self._inline(child)]
            yield {"kind": _MARKS.get(node.type, "span"), "inside": inside}
        elif node.type != "footnote_anchor":
            yield _text(node.content)

    def _link(self, node: SyntaxTreeNode) -> Node:
        """On paper a link into the course is plain words."""
        inside = [each for child in node.children for each in self._inline(child)]
        goal = target(str(node.attrs.get("href", "")))
        if goal.kind != "web":
            return {"kind": "span", "inside": inside}
        return {"kind": "link", "url": goal.path, "inside": inside}

    def _picture(self, node: SyntaxTreeNode) -> Node | None:
        path = target(str(node.attrs.get("src", ""))).path
        form, data = _FORMATS.get(media_type(path)), self._read(path)
        words = plain_text(node.token.children if node.token else None).strip()
        if form is None or data is None or not words:
            return None  # one that says nothing has no place on paper
        caption = self.inline(str(node.attrs.get("title", "")))
        # JSON has no bytes; an SVG is a text already.
        held = data.decode("utf-8", "replace") if form == "svg" else list(data)
        picture = {"format": form, "data": held, "words": drawable(words)}
        return {"kind": "picture", "caption": caption, **picture}


def _only_picture(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    inside = node.children[0].children if node.children else []
    return inside[0] if len(inside) == 1 and inside[0].type == "image" else None


def _says_something(node: Node) -> bool:
    if "inside" in node:
        return any(map(_says_something, node["inside"]))
    return bool(node.get("text", "").strip())


def _text(text: str) -> Node:
    return {"kind": "text", "text": drawable(text)}
