"""A course as its learner sees it from inside: header, parts, what is done, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Activity, Lesson, Quiz
from innocap_lms.content.snapshot import TYPES
from innocap_lms.learning.addresses import activity_address, course_address
from innocap_lms.learning.queries import Progress
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.words import Words


@dataclass(frozen=True)
class CourseHead:
    """What the pages of a course say of the course."""

    id: str
    title: str
    url: str
    track: str
    track_names: Words
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Stop:
    """A part of a course. `kind` is lesson, quiz, practice or task; `state` is done, begun, again
    (what was read has changed) or open; `url` is empty for those not enrolled."""

    id: str
    kind: str
    title: str
    minutes: int
    url: str
    state: str
    current: bool


def course_head(edition: EditionView, language: str) -> CourseHead:
    host = plugins()
    track = host.tracks.get(edition.track)
    course = edition.course
    return CourseHead(
        course.id,
        course.texts[course.language(language)].title,
        course_address(course.id),
        edition.track,
        track.names if track else {"en": edition.track},
        track.line if track else (),
    )


def outline(
    edition: EditionView,
    progress: Progress,
    language: str,
    current: str = "",
    *,
    linked: bool = True,
) -> tuple[Stop, ...]:
    """The parts of a course in order, with the learner's progress."""
    states = tuple(_state(item.id, progress) for item in edition.course.activities)
    return _stops(edition, language, states, current, linked)


@lru_cache(maxsize=2000)
def _stops(
    edition: EditionView, language: str, states: tuple[str, ...], current: str, linked: bool
) -> tuple[Stop, ...]:
    """Kept, since people of one course stand at few places, and their pages hold the same line."""
    return tuple(
        Stop(
            item.id,
            _kind(item),
            *title_and_minutes(item, edition, language),
            activity_address(edition.course.id, item.id) if linked else "",
            state,
            item.id == current,
        )
        for item, state in zip(edition.course.activities, states, strict=True)
    )


def _kind(item: Activity) -> str:
    """What the part is for its learner, to whom practice is no test."""
    is_practice = isinstance(item, Quiz) and item.use == "practice"
    return "practice" if is_practice else TYPES[type(item)]


def title_and_minutes(item: Activity, edition: EditionView, language: str) -> tuple[str, int]:
    """Title in the nearest language, and minutes (0 for a quiz, whose time is the learner's)."""
    shown = text_language(item, edition, language)
    if isinstance(item, Lesson):
        return item.texts[shown].title, item.texts[shown].minutes
    return item.titles[shown], 0 if isinstance(item, Quiz) else item.minutes


def text_language(item: Activity, edition: EditionView, language: str) -> str:
    """The language an activity is shown in: the wanted one, English, or the lead language."""
    has = item.texts if isinstance(item, Lesson) else item.titles
    for candidate in (language, "en"):
        if candidate in has:
            return candidate
    return edition.course.languages[0]


def neighbours(stops: Sequence[Stop]) -> tuple[Stop | None, Stop | None]:
    """The parts before and after the current one."""
    at = next((index for index, stop in enumerate(stops) if stop.current), 0)
    before = stops[at - 1] if at else None
    after = stops[at + 1] if at + 1 < len(stops) else None
    return before, after


def first_open(stops: Sequence[Stop]) -> Stop:
    """Where to go on: the first part that is not done, else the first part."""
    return next((stop for stop in stops if stop.state != "done"), stops[0])


def _state(activity_id: str, progress: Progress) -> str:
    if activity_id in progress.done:
        return "done"
    if activity_id in progress.again:
        return "again"
    if activity_id in progress.opened or activity_id in progress.tried:
        return "begun"
    return "open"
