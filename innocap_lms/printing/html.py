"""Sheets and slides as HTML, for a page of the site and for a file by itself alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from innocap_lms.content.model import Course
from innocap_lms.content.page import Resolve
from innocap_lms.content.rendering import picture_sizes, render, render_inline
from innocap_lms.content.wording import wording
from innocap_lms.printing.sheets import Sheet
from innocap_lms.printing.slides import Deck


@dataclass(frozen=True)
class Part:
    """A piece of a sheet under its heading, or a slide. `anchor` is the id of its heading."""

    anchor: str
    title: Markup
    body: Markup


@dataclass(frozen=True)
class Drawn:
    """What a page shows; `words` are the few that are added, in the language of the text."""

    printed: Sheet | Deck
    intro: Markup
    parts: tuple[Part, ...]
    words: Mapping[str, str]


def drawn_sheet(sheet: Sheet, course: Course, resolve: Resolve) -> Drawn:
    """A sheet with its links resolved, see `content.rendering.render`."""
    found = [(each.anchor, each.title, each.markdown) for each in sheet.sections]
    return _drawn(sheet, sheet.intro, found, course, resolve)


def drawn_deck(deck: Deck, course: Course, resolve: Resolve) -> Drawn:
    """Slides, likewise."""
    slides = enumerate(deck.slides, start=1)
    found = [(f"slide-{at}", each.title, each.markdown) for at, each in slides]
    return _drawn(deck, "", found, course, resolve)


def _drawn(
    printed: Sheet | Deck,
    intro: str,
    parts: list[tuple[str, str, str]],
    course: Course,
    resolve: Resolve,
) -> Drawn:
    language, sizes = printed.language, picture_sizes(course)

    def html(markdown: str, prefix: str) -> Markup:
        found = render(markdown, resolve=resolve, language=language, sizes=sizes, prefix=prefix)
        return Markup(found.html)  # noqa: S704 - sanitised by rendering

    def title(markdown: str) -> Markup:
        return Markup(render_inline(markdown, language=language, resolve=resolve))  # noqa: S704

    made = tuple(
        Part(anchor, title(words), html(markdown, f"in{at}-"))
        for at, (anchor, words, markdown) in enumerate(parts)
    )
    return Drawn(printed, html(intro, "in-"), made, wording(language))
