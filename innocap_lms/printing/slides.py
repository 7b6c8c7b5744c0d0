"""Slides made from a lesson: what stands on them, never how they look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from innocap_lms.content.model import Course, Lesson
from innocap_lms.content.wording import wording
from innocap_lms.printing.cutting import Piece, first_sentence, pieces_of

OWN_SLIDE = ("try", "mistakes", "summary")  # boxes of something to do, or to end with


@dataclass(frozen=True)
class Slide:
    """One slide: a title and what is under it, both Markdown."""

    title: str
    markdown: str


@dataclass(frozen=True)
class Deck:
    """The slides of a lesson in one language; the first says what it is about. `foot` stands at
    the foot of each."""

    language: str
    title: str
    slides: tuple[Slide, ...]
    foot: str


def deck_of(course: Course, lesson: Lesson, language: str) -> Deck:
    """The slides of a lesson in a language that it has."""
    text, front = lesson.texts[language], course.texts.get(language)
    outcomes = front.outcomes if front else ()
    goals = [f"- {each.text}" for each in outcomes if each.id in text.goals]
    slides = [Slide(text.title, "\n".join(goals)), *_slides(text.body, language)]
    foot = front.title if front else course.id
    return Deck(language, text.title, tuple(slides), f"{foot} · {course.licence}")


def _slides(body: str, language: str) -> Iterator[Slide]:
    """A slide for each heading of level 2 with something under it, and one for each box of
    `OWN_SLIDE`."""
    title, waiting = "", list[Piece]()
    for is_mark, run in groupby(pieces_of(body), _is_mark):
        if not is_mark:
            waiting = list(run)
            yield from _slide(title, waiting)
            continue
        for piece in run:
            if piece.kind == "heading":
                title = piece.markdown
            else:
                yield Slide(piece.title or wording(language)[piece.box], piece.markdown)


def _is_mark(piece: Piece) -> bool:
    return piece.kind == "heading" or piece.box in OWN_SLIDE


def _slide(title: str, under: Sequence[Piece]) -> Iterator[Slide]:
    """The first list or table, under the sentence that leads to it; without one, the subheadings,
    or else the first paragraph. Then each figure."""
    if not title:
        return
    kinds = [each.kind for each in under]
    shown = under[kinds.index("shown")].markdown if "shown" in kinds else ""
    before = under[: kinds.index("shown")] if shown else under
    words = next((each.markdown for each in before if each.kind == "words"), "")
    names = [f"- {each.markdown}" for each in under if each.kind == "subheading"]
    rest = shown or "\n".join(names)
    markdown = "\n\n".join(filter(None, [first_sentence(words) if rest else words, rest]))
    if markdown:
        yield Slide(title, markdown)
    yield from (Slide(title, each.markdown) for each in under if each.kind == "figure")
