"""A practical task as its pages show it: brief and rubric as HTML, and what assessors said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from innocap_lms.catalogue.pages import resolver
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Course, Task
from innocap_lms.content.rendering import picture_sizes, render, render_inline
from innocap_lms.learning.outline import text_language
from innocap_lms.tasks.queries import Case, Opinion


@dataclass(frozen=True)
class LevelShown:
    """A level of a criterion; `enough` says whether it meets the criterion, `lowest` that it is the
    lowest that does."""

    id: str
    html: Markup
    enough: bool
    lowest: bool


@dataclass(frozen=True)
class CriterionShown:
    """A criterion with its levels, from the weakest to the strongest."""

    id: str
    title_html: Markup
    text_html: Markup
    levels: tuple[LevelShown, ...]


@dataclass(frozen=True)
class TaskShown:
    """A task in the language it is shown in."""

    title: str
    language: str
    brief_html: Markup
    criteria: tuple[CriterionShown, ...]


@dataclass(frozen=True)
class Verdict:
    """What was said on one criterion: the levels that were given, each once, and whether it is
    met."""

    criterion: CriterionShown
    levels: tuple[LevelShown, ...]
    met: bool


class Past(NamedTuple):
    """A try that is over for its learner, with what was said of it, in the language of its task."""

    case: Case
    said: tuple[Verdict, ...]
    language: str


def task_shown(edition: EditionView, task: Task, language: str) -> TaskShown:
    """The task in the nearest language."""
    shown = text_language(task, edition, language)
    return _shown(_Source(edition.course.fingerprint, task.id, shown, edition.course, task))


@dataclass(frozen=True)
class _Source:
    """What renders the same: an edition's words in one language."""

    fingerprint: str
    task_id: str
    language: str
    course: Course = field(compare=False)
    task: Task = field(compare=False)


@lru_cache(maxsize=500)
def _shown(source: _Source) -> TaskShown:
    task, language = source.task, source.language
    criteria = []
    for criterion in task.criteria:
        levels = tuple(
            LevelShown(
                level.id,
                _line(level.texts[language], source),
                criterion.is_met_by(level.id),
                level.id == criterion.meets,
            )
            for level in criterion.levels
        )
        prefix = f"{criterion.id}_"
        title = _line(criterion.titles[language], source)
        text = _text(criterion.texts[language], source, prefix)
        criteria.append(CriterionShown(criterion.id, title, text, levels))
    brief = _text(task.briefs[language], source, "brief_")
    return TaskShown(task.titles[language], language, brief, tuple(criteria))


def _line(markdown: str, source: _Source) -> Markup:
    resolve = resolver(source.course)
    html = render_inline(markdown, language=source.language, resolve=resolve)
    return Markup(html)  # noqa: S704 - sanitised by content.rendering


def _text(markdown: str, source: _Source, prefix: str) -> Markup:
    course = source.course
    rendered = render(
        markdown,
        resolve=resolver(course),
        language=source.language,
        sizes=picture_sizes(course),
        prefix=prefix,
    )
    return Markup(rendered.html)  # noqa: S704 - sanitised by content.rendering


def verdicts(shown: TaskShown, opinions: Sequence[Opinion]) -> tuple[Verdict, ...]:
    """What the deciding seats said, criterion by criterion."""
    found = []
    for criterion in shown.criteria:
        given = {opinion.scores.get(criterion.id) for opinion in opinions}
        levels = tuple(level for level in criterion.levels if level.id in given)
        met = bool(levels) and all(level.enough for level in levels)
        found.append(Verdict(criterion, levels, met))
    return tuple(found)
