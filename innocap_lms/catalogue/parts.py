"""The parts of a course, whatever they are: what they are called, and in which languages."""

from dataclasses import dataclass

from innocap_lms.content.changes import FRONT
from innocap_lms.content.model import Activity, Companion, Course, Lesson


@dataclass(frozen=True)
class Part:
    """A part of a course; the one without an id is the front page."""

    id: str
    title: str
    languages: tuple[str, ...]


def parts_of(course: Course, language: str) -> list[Part]:
    """The front page and all that follows, titled in the language or the nearest there is."""
    front = Part(FRONT, title_of(course, FRONT, language), tuple(course.texts))
    return [
        front,
        *(
            Part(item.id, title_of(course, item.id, language), tuple(_titles(item)))
            for item in (*course.activities, *course.companions)
        ),
    ]


def title_of(course: Course, part: str, language: str) -> str:
    """What a part is called. Raises KeyError."""
    if part == FRONT:
        titles = {name: text.title for name, text in course.texts.items()}
    else:
        titles = dict(_titles(_item(course, part)))
    wanted = (language, "en", course.languages[0])
    return next((titles[name] for name in wanted if name in titles), part)


def _item(course: Course, part: str) -> Activity | Companion:
    found = (each for each in (*course.activities, *course.companions) if each.id == part)
    if (item := next(found, None)) is None:
        raise KeyError(part)
    return item


def _titles(item: Activity | Companion) -> dict[str, str]:
    if isinstance(item, Lesson):
        return {name: text.title for name, text in item.texts.items()}
    return dict(item.titles)
