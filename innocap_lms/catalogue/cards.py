"""Tracks and courses as lists show them, in the reader's language."""

from dataclasses import dataclass

from flask import url_for

from innocap_lms.catalogue.queries import EditionView, Kind, as_taught, everything
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.words import Words


@dataclass(frozen=True)
class CourseCard:
    """A course or programme as lists show it, in the reader's language."""

    id: str
    title: str
    summary: str
    hours: float
    languages: tuple[str, ...]
    url: str
    state: str = "open"  # done, begun or open, for the person who looks

    @property
    def done(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True)
class TrackCard:
    """A track as lists show it, in the reader's language."""

    slug: str
    name: str
    summary: str
    url: str
    points: tuple[tuple[float, float], ...]
    courses: tuple[CourseCard, ...]
    programmes: tuple[CourseCard, ...] = ()


def in_words(words: Words, language: str) -> str:
    """The words in that language, else in English, else in whichever there is."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def track_cards(language: str) -> list[TrackCard]:
    """Every track that a plugin supplies, with the courses and programmes in service."""
    host = plugins()
    serving = as_taught(everything())

    def cards(slug: str, kind: Kind) -> tuple[CourseCard, ...]:
        return tuple(
            course_card(item.edition, language)
            for item in serving
            if item.track == slug and item.edition.kind == kind
        )

    return [
        TrackCard(
            track.slug,
            in_words(track.names, language),
            in_words(track.summaries, language),
            url_for("web.track", slug=track.slug),
            track.line,
            cards(track.slug, "course"),
            cards(track.slug, "programme"),
        )
        for track in host.tracks.values()
    ]


def course_card(edition: EditionView, language: str) -> CourseCard:
    """The card of a course or programme."""
    course = edition.course
    text = course.texts[course.language(language)]
    return CourseCard(
        course.id,
        text.title,
        text.summary,
        course.hours,
        course.languages,
        url_of(edition.kind, course.id),
    )


def url_of(kind: Kind, course_id: str) -> str:
    """The address of a course or programme."""
    if kind == "programme":
        return url_for("web.programme", programme_id=course_id)
    return url_for("web.course", course_id=course_id)
