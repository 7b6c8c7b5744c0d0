"""What the pages show of the edition in service: its sheets, its slides, and where they are."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, url_for

from innocap_lms.catalogue.cards import in_words
from innocap_lms.catalogue.pages import resolver
from innocap_lms.catalogue.queries import EditionView, OfferingView, offering
from innocap_lms.content.model import Companion, Course, Lesson
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer, keeps_track
from innocap_lms.plugin_host.current import plugins
from innocap_lms.printing.html import Drawn, drawn_deck, drawn_sheet
from innocap_lms.printing.pdf import PLAIN_HUE, deck_pdf, sheet_pdf
from innocap_lms.printing.sheets import language_of, sheet_of
from innocap_lms.printing.slides import deck_of
from innocap_lms.printing.tree import ReadFile


@dataclass(frozen=True)
class Printed:
    """Something to print: its kind ("template", "pocket-guide", "facilitator" or "slides"), the
    page that shows it, and the same as PDF."""

    kind: str
    title: str
    language: str
    url: str
    pdf_url: str


def for_everybody(course: Course, language: str) -> list[Printed]:
    """Templates and the pocket guide of a course."""
    found = (each for each in course.companions if each.kind != "facilitator")
    return [_printed(course, each, language) for each in found]


def for_trainers(course: Course, language: str, viewer: Viewer | None, track: str) -> list[Printed]:
    """The facilitator's guide and slides of each lesson, for whoever keeps the track."""
    if viewer is None or not keeps_track(viewer, track):
        return []
    guides = (each for each in course.companions if each.kind == "facilitator")
    return [
        *(_printed(course, each, language) for each in guides),
        *(_slides(course, lesson, language) for lesson in course.lessons),
    ]


def for_leader(course_id: str, viewer: Viewer) -> list[Printed]:
    """All that whoever leads a course in service has to print; nothing for who does not keep its
    track."""
    found = offering(course_id)
    if found is None or not keeps_track(viewer, found.track):
        return []
    course, language = found.edition.course, request_language()
    own = for_trainers(course, language, viewer, found.track)
    return [*own, *for_everybody(course, language)]


def _printed(course: Course, companion: Companion, language: str) -> Printed:
    spoken = language_of(companion, language, course.languages[0])
    url = sheet_address(course.id, companion)
    return Printed(companion.kind, companion.titles[spoken], spoken, url, f"{url}.pdf")


def _slides(course: Course, lesson: Lesson, language: str) -> Printed:
    spoken, url = _spoken(course, lesson, language), slides_address(course.id, lesson.id)
    return Printed("slides", lesson.texts[spoken].title, spoken, url, f"{url}.pdf")


def sheet_address(course_id: str, companion: Companion) -> str:
    """The address of a text beside the lessons; with `.pdf` after it, that of its PDF."""
    if companion.kind == "facilitator":
        return url_for("printing.guide", course_id=course_id)
    return url_for("printing.sheet", course_id=course_id, sheet_id=companion.id)


def slides_address(course_id: str, lesson_id: str) -> str:
    """The address of the slides of a lesson, likewise."""
    return url_for("printing.slides", course_id=course_id, lesson_id=lesson_id)


def _spoken(course: Course, lesson: Lesson, wanted: str) -> str:
    lead = course.languages[0]
    return next(name for name in (wanted, "en", lead, *lesson.texts) if name in lesson.texts)


def sheet_page(found: OfferingView, companion: Companion) -> dict[str, Any]:
    """The context of printing/sheet.html."""
    course, language = found.edition.course, request_language()
    spoken = language_of(companion, language, course.languages[0])
    drawn = _drawn_sheet(_Same(found.edition), companion.id, spoken)
    return {"drawn": drawn, **_around(found), "printed": _printed(course, companion, language)}


def deck_page(found: OfferingView, lesson: Lesson) -> dict[str, Any]:
    """The context of printing/slides.html."""
    course, language = found.edition.course, request_language()
    drawn = _drawn_deck(_Same(found.edition), lesson.id, _spoken(course, lesson, language))
    return {"drawn": drawn, **_around(found), "printed": _slides(course, lesson, language)}


def _around(found: OfferingView) -> dict[str, Any]:
    course, language = found.edition.course, request_language()
    track = plugins().tracks.get(found.track)
    return {
        "course": {
            "title": course.texts[course.language(language)].title,
            "url": url_for("web.course", course_id=course.id),
            "track": found.track,
        },
        "track_name": in_words(track.names, language) if track else found.track,
        "track_url": url_for("web.track", slug=found.track),
    }


def sheet_file(found: OfferingView, companion: Companion) -> bytes:
    """A sheet as PDF."""
    course = found.edition.course
    spoken = language_of(companion, request_language(), course.languages[0])
    return _sheet_pdf(_Same(found.edition), companion.id, spoken, _hue(found.track))


def deck_file(found: OfferingView, lesson: Lesson) -> bytes:
    """Slides as PDF."""
    spoken = _spoken(found.edition.course, lesson, request_language())
    return _deck_pdf(_Same(found.edition), lesson.id, spoken, _hue(found.track))


def _hue(slug: str) -> str:
    track = plugins().tracks.get(slug)
    return track.hue_light if track else PLAIN_HUE


class _Same:
    """An edition; equal to another of the same content, so that a page and a PDF are made once."""

    def __init__(self, edition: EditionView) -> None:
        self.course, self.day = edition.course, edition.published_at.date()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, dt.date]:
        return self.course.fingerprint, self.day

    def lesson(self, lesson_id: str) -> Lesson:
        return next(each for each in self.course.lessons if each.id == lesson_id)


@lru_cache(maxsize=300)
def _drawn_sheet(of: _Same, companion_id: str, language: str) -> Drawn:
    sheet = sheet_of(of.course, of.course.companion(companion_id), language)
    return drawn_sheet(sheet, of.course, resolver(of.course))


@lru_cache(maxsize=300)
def _drawn_deck(of: _Same, lesson_id: str, language: str) -> Drawn:
    deck = deck_of(of.course, of.lesson(lesson_id), language)
    return drawn_deck(deck, of.course, resolver(of.course))


@lru_cache(maxsize=100)
def _sheet_pdf(of: _Same, companion_id: str, language: str, hue: str) -> bytes:
    sheet = sheet_of(of.course, of.course.companion(companion_id), language)
    return sheet_pdf(sheet, _reader(of.course), of.day, hue)


@lru_cache(maxsize=100)
def _deck_pdf(of: _Same, lesson_id: str, language: str, hue: str) -> bytes:
    deck = deck_of(of.course, of.lesson(lesson_id), language)
    return deck_pdf(deck, _reader(of.course), of.day, hue)


def _reader(course: Course) -> ReadFile:
    place: Path = current_app.extensions["innocap_settings"].data_dir / "files"

    def read(path: str) -> bytes | None:
        asset = course.assets.get(path)
        file = place / asset.sha256 if asset else None
        return file.read_bytes() if file and file.is_file() else None

    return read
