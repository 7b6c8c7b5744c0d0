"""What a course holds, counted, as tables in Markdown: to be read before a review."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt

from innocap_lms.content.model import Course, Quiz
from innocap_lms.content.readability import count, index_of, running_text, running_words

EMPTY: Final = "–"


def counted(course: Course, markdown: MarkdownIt) -> str:
    """One section: a line about the course, a table of its lessons, a table of its outcomes.

    Words are those read one after the other (`readability.running_words`); the index is that of the
    language, LIX or ARI, and left out where none is known for it. Titles are in English where there
    are such, as the heads of the tables are.
    """
    lines = [f"## {course.texts[course.language('en')].title}", "", _summary(course), ""]
    lines += [*_table(_lesson_heads(course), _lesson_rows(course, markdown)), ""]
    heads = ("Outcome", "Questions in practice", "Questions in the final quiz", "Practical task")
    return "\n".join([*lines, *_table(heads, _outcome_rows(course))]) + "\n"


def _summary(course: Course) -> str:
    shown = course.language("en")
    parts = [
        f"`{course.id}`, {course.hours:g} hours, in {', '.join(course.languages)}",
        *(
            f"{quiz.titles[shown]} asks {quiz.asked_count} of {len(quiz.questions)} questions "
            f"of {len({each.kind for each in quiz.questions})} kinds"
            for quiz in course.quizzes
            if quiz.use == "graded"
        ),
        *(f"{task.titles[shown]} has {len(task.criteria)} criteria" for task in course.tasks),
        f"Drawings, in all languages: {sum(path.endswith('.svg') for path in course.assets)}",
        f"To print: {', '.join(each.id for each in course.companions) or EMPTY}",
        f"Reviewed {course.reviewed}",
    ]
    return ". ".join(parts) + "."


def _lesson_heads(course: Course) -> Iterator[str]:
    yield from ("Lesson", "Outcomes", "Minutes", "Practice", "Sources", "Review by")
    yield from (f"Words ({language})" for language in course.languages)
    yield from (f"Index ({language})" for language in course.languages)


def _lesson_rows(course: Course, markdown: MarkdownIt) -> Iterator[list[str]]:
    after = {one.id: two for one, two in pairwise(course.activities)}
    for lesson in course.lessons:
        lead, quiz = next(iter(lesson.texts.values())), after.get(lesson.id)
        texts = [lesson.texts.get(language) for language in course.languages]
        yield [
            lesson.texts.get("en", lead).title,
            ", ".join(lead.goals),
            str(lead.minutes),
            str(len(quiz.questions)) if isinstance(quiz, Quiz) else EMPTY,
            str(len(lead.sources)),
            lead.review_by or EMPTY,
            *(str(running_words(text.body)) if text else EMPTY for text in texts),
            *(
                _index(text.body, language, markdown) if text else EMPTY
                for text, language in zip(texts, course.languages, strict=True)
            ),
        ]


def _index(body: str, language: str, markdown: MarkdownIt) -> str:
    found = index_of(count(running_text(markdown.parse(body, {}))), language)
    return f"{found.name} {found.value:.0f}" if found else EMPTY


def _outcome_rows(course: Course) -> Iterator[list[str]]:
    found = {
        use: Counter(
            question.outcome
            for quiz in course.quizzes
            if quiz.use == use
            for question in quiz.questions
        )
        for use in ("practice", "graded")
    }
    for outcome in course.texts[course.language("en")].outcomes:
        tasks = [task.id for task in course.tasks if outcome.id in task.goals]
        yield [
            f"{outcome.text} (`{outcome.id}`)",
            str(found["practice"][outcome.id]),
            str(found["graded"][outcome.id]),
            ", ".join(tasks) or EMPTY,
        ]


def _table(heads: Iterable[str], rows: Iterable[list[str]]) -> Iterator[str]:
    heads = list(heads)
    yield _row(heads)
    yield _row(["---"] * len(heads))
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
