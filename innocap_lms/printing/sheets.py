"""Sheets to print: a template, the pocket guide, the facilitator's guide, in one language."""

from dataclasses import dataclass
from typing import Literal

from innocap_lms.content.model import Companion, Course
from innocap_lms.printing.cutting import Section, sections_of

Look = Literal["card", "canvas", "checklist", "pocket-guide", "facilitator"]


@dataclass(frozen=True)
class Sheet:
    """What is on paper. `intro` is the Markdown before the first heading; `foot` says where the
    sheet comes from and how old it is."""

    id: str
    look: Look
    language: str
    title: str
    intro: str
    sections: tuple[Section, ...]
    foot: str

    @property
    def is_filled_in(self) -> bool:
        """Whether somebody writes on it."""
        return self.look in ("card", "canvas", "checklist")


def sheet_of(course: Course, companion: Companion, language: str) -> Sheet:
    """The sheet of a text beside the lessons, in a language that it has."""
    intro, sections = sections_of(companion.bodies[language])
    front = course.texts.get(language) or next(iter(course.texts.values()))
    look: Look = companion.layout or companion.kind  # type: ignore[assignment]
    foot = f"{front.title} · {course.reviewed} · {course.licence}"
    return Sheet(companion.id, look, language, companion.titles[language], intro, sections, foot)


def language_of(companion: Companion, wanted: str, lead: str) -> str:
    """The language to print for someone who wants `wanted`: that one, English, or the lead."""
    return next(name for name in (wanted, "en", lead) if name in companion.bodies)
