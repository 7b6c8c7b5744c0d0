"""Sheets and slides as tagged PDF, by typst. The same sheet gives the same bytes."""

import datetime as dt
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from innocap_lms.content.wording import wording
from innocap_lms.printing.sheets import Sheet
from innocap_lms.printing.slides import Deck
from innocap_lms.printing.tree import ReadFile, Tree
from innocap_lms.typesetting.typst import FALLBACKS, STANDARDS, drawable, typeset

log = logging.getLogger(__name__)

TEMPLATES: Final = Path(__file__).parent / "templates" / "printing"
PLAIN_HUE: Final = "#0B5F66"
_PAGE_TREE: Final = re.compile(rb"/Type/Pages/Count (\d+)")


def sheet_pdf(sheet: Sheet, read: ReadFile, day: dt.date, hue: str = PLAIN_HUE) -> bytes:
    """A sheet on A4. `read` gives a file of the course by its path, or None; `day` is the day of
    the text, `hue` the colour of its track. Where a picture cannot be drawn, the words for it stand
    in its place."""

    def content(tree: Tree) -> dict[str, Any]:
        return {
            **_around(sheet, day, hue),
            "look": sheet.look,
            "intro": tree.blocks(sheet.intro, under=1),
            "parts": [_part(tree, each.title, each.markdown) for each in sheet.sections],
            "heads": [wording(sheet.language)[word] for word in ("unit", "date")],
        }

    return _set("sheet.typ", content, sheet.language, read, day)


def deck_pdf(deck: Deck, read: ReadFile, day: dt.date, hue: str = PLAIN_HUE) -> bytes:
    """Slides, one a page, as wide as a screen; see `sheet_pdf`."""

    def content(tree: Tree) -> dict[str, Any]:
        first, *rest = deck.slides
        parts = [_part(tree, first.title, first.markdown, under=1)]
        parts += [_part(tree, each.title, each.markdown) for each in rest]
        return {**_around(deck, day, hue), "parts": parts}

    return _set("slides.typ", content, deck.language, read, day)


def _part(tree: Tree, title: str, markdown: str, under: int = 2) -> dict[str, Any]:
    return {"title": tree.title(title), "inside": tree.blocks(markdown, under)}


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of ours has: typst writes its page tree as plain text. Raises ValueError
    for one that is none."""
    found = _PAGE_TREE.search(pdf)
    if found is None:
        raise ValueError("this is no PDF that typst wrote")
    return int(found[1])


def _around(printed: Sheet | Deck, day: dt.date, hue: str) -> dict[str, Any]:
    return {
        "language": printed.language,
        "title": drawable(printed.title),
        "foot": drawable(printed.foot),
        "date": [day.year, day.month, day.day],
        "hue": hue,
        "fonts": FALLBACKS,
    }


def _set(
    template: str,
    content: Callable[[Tree], dict[str, Any]],
    language: str,
    read: ReadFile,
    day: dt.date,
) -> bytes:
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    how = {"format": "pdf", "pdf_standards": STANDARDS, "timestamp": int(noon.timestamp())}
    try:
        return typeset(TEMPLATES / template, {"content": content(Tree(language, read))}, **how)
    except RuntimeError:
        log.exception("a picture of a course cannot be drawn in a PDF")
        plain = Tree(language, lambda _path: None)
        return typeset(TEMPLATES / template, {"content": content(plain)}, **how)
