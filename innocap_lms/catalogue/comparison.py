"""The pieces of a part of a course: to be commented on, to be laid beside another edition's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from innocap_lms.catalogue.pages import resolver
from innocap_lms.content.changes import FRONT
from innocap_lms.content.comparing import Row, compare
from innocap_lms.content.model import Course, Lesson, Question, Quiz, Task
from innocap_lms.content.page import Resolve
from innocap_lms.content.rendering import Block, picture_sizes, render, render_blocks


def compared(before: Course, now: Course, part: str, language: str) -> list[Row]:
    """The pieces of a part in two editions, beside each other."""
    rows = compare(pieces(before, part, language), pieces(now, part, language))
    return [replace(row, before=Markup(row.before), now=Markup(row.now)) for row in rows]  # noqa: S704


def pieces(
    course: Course, part: str, language: str, resolve: Resolve | None = None
) -> tuple[Block, ...]:
    """A part (FRONT is the front page) in pieces: paragraphs of a text, questions of a quiz,
    criteria of a practical task; without any key. Nothing where the course lacks the part or the
    language. `resolve` finds what the course links to, if not where the site has it."""
    if part == FRONT:
        text = course.texts.get(language)
        return _prose(course, text.body, language, resolve) if text else ()
    item = next((each for each in course.activities if each.id == part), None)
    if isinstance(item, Lesson):
        body = item.texts[language].body if language in item.texts else ""
        return _prose(course, body, language, resolve)
    if isinstance(item, Quiz):
        return asked(course, item.questions, language, resolve)
    if isinstance(item, Task):
        brief = _prose(course, item.briefs.get(language, ""), language, resolve)
        criteria = _criteria(item, language)
        return (*brief, *(_whole(course, each, language, resolve) for each in criteria))
    beside = next((each for each in course.companions if each.id == part), None)
    if beside is not None:
        return _prose(course, beside.bodies.get(language, ""), language, resolve)
    return ()


def asked(
    course: Course, questions: Iterable[Question], language: str, resolve: Resolve | None = None
) -> tuple[Block, ...]:
    """Questions of a quiz or a bank in that language, without any key; see `pieces`."""
    said = (_question(each, language) for each in questions if language in each.views)
    return tuple(_whole(course, each, language, resolve) for each in said)


def _prose(course: Course, body: str, language: str, resolve: Resolve | None) -> tuple[Block, ...]:
    found, sizes = resolve or resolver(course), picture_sizes(course)
    return render_blocks(body, resolve=found, language=language, sizes=sizes)


def _whole(course: Course, markdown: str, language: str, resolve: Resolve | None) -> Block:
    """A question or a criterion is one piece."""
    found, sizes = resolve or resolver(course), picture_sizes(course)
    return Block(render(markdown, resolve=found, language=language, sizes=sizes).html, 0)


def _question(question: Question, language: str) -> str:
    view: Mapping[str, Any] = question.views[language]
    entries = [entry["text"] for name in ("terms", "options") for entry in view.get(name, ())]
    return "\n\n".join(
        [
            f"**{view.get('text', '')}**",
            str(view.get("stem", "")),
            str(view.get("table", "")),
            *(f"- {each}" for each in entries),
        ]
    )


def _criteria(task: Task, language: str) -> Iterator[str]:
    for criterion in task.criteria:
        levels = [f"- {level.texts.get(language, '')}" for level in criterion.levels]
        said = [f"**{criterion.titles.get(language, '')}**", criterion.texts.get(language, "")]
        yield "\n\n".join([*said, "\n".join(levels)])
