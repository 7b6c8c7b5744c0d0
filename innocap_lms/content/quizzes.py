"""Quizzes: the sheets of all languages read, compared, and put together with their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.draws import read_draw
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_quiz
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import (
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Counts, Draw, Question, Quiz, Show, Use
from innocap_lms.content.problems import Problem
from innocap_lms.content.questions import Keys, merge_questions, read_questions

# What only the lead language says, by its name in the front matter.
RULES = {
    "use": "use",
    "pass": "pass_mark",
    "attempts": "attempts",
    "show": "show",
    "counts": "counts",
    "wait": "wait_hours",
    "minutes": "minutes",
    "draw": "draw",
}


@dataclass(frozen=True)
class QuizFile:
    """One language of a quiz as its file says it; None where a translation leaves a rule out."""

    document: Document
    id: str
    title: str
    use: str | None
    pass_mark: float | None
    attempts: int | None
    show: str | None
    counts: str | None
    wait_hours: float | None
    minutes: int | None
    draw: Draw | None
    questions: tuple[QuestionBlock, ...]
    places: Mapping[str, Place]
    feedback: Mapping[str, str]


def read_quiz(
    document: Document,
    tokens: Sequence[Token],
    *,
    is_lead: bool,
    language: str,
    problems: list[Problem],
) -> QuizFile:
    """Read one language of a quiz. In a translation only ids and words must stand."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    quiz_id, title = fields.identifier("id"), fields.text("title")
    use = fields.word("use", ("graded", "practice"), required=is_lead)
    pass_mark = fields.percent("pass", required=is_lead and use == "graded")
    attempts = fields.whole("attempts", required=False, high=1000)
    show = fields.word("show", ("all", "one"), required=False)
    counts = fields.word("counts", ("best", "last", "first"), required=False)
    wait_hours = fields.hours("wait", required=False)
    minutes = fields.whole("minutes", required=False, high=600)
    draw = read_draw(fields)
    feedback = {
        name: fields.text(f"feedback_{name}", required=False) or "" for name in ("passed", "failed")
    }
    places = {name: fields.place(name) for name in ("id", *RULES)}
    fields.finish()
    # What a translation lacks is told question by question.
    may_be_empty = not is_lead or "draw" in fields
    questions = read_questions(
        document, tokens, problems, is_lead=is_lead, language=language, empty=may_be_empty
    )
    return QuizFile(
        document=document,
        id=quiz_id or "",
        title=title or "",
        use=use,
        pass_mark=pass_mark,
        attempts=attempts,
        show=show,
        counts=counts,
        wait_hours=wait_hours,
        minutes=minutes,
        draw=draw,
        questions=questions,
        places=places,
        feedback=feedback,
    )


def put_together(
    files: Mapping[str, QuizFile],
    lead: str,
    kinds: Sequence[QuestionKind],
    outcomes: Sequence[str],
    problems: list[Problem],
) -> tuple[Quiz, Keys]:
    """One quiz of all its languages, and the keys of its questions."""
    first = files.get(lead) or next(iter(files.values()))
    for file in files.values():
        if file is not first:
            problems += _same_rules(first, file)
    questions, keys = merge_questions(files, lead, kinds, problems)
    for question in questions:
        problems += _unknown_outcome(question, outcomes)
    quiz = Quiz(
        id=first.id,
        use=cast(Use, first.use or "practice"),
        pass_mark=first.pass_mark or 0.0,
        attempts=first.attempts,
        show=cast(Show, first.show or "all"),
        counts=cast(Counts, first.counts or "best"),
        wait_hours=first.wait_hours or 0.0,
        minutes=first.minutes,
        titles={language: file.title for language, file in files.items()},
        questions=tuple(questions),
        fingerprint="",
        feedback={language: file.feedback for language, file in files.items()},
    )
    problems += _nothing_to_earn(quiz, first)
    return replace(quiz, fingerprint=of_quiz(quiz, keys)), keys


def _nothing_to_earn(quiz: Quiz, first: QuizFile) -> list[Problem]:
    if first.draw or not quiz.questions or not quiz.pass_mark:
        return []
    if any(each.points for each in quiz.questions):
        return []
    said = "no question of this quiz earns points, so nobody can pass it"
    advice = "add a question that does, or write use: practice and leave pass out"
    return [problem("C109", first.places["pass"], said, advice)]


def _same_rules(first: QuizFile, file: QuizFile) -> list[Problem]:
    problems = []
    if file.id and first.id and file.id != first.id:
        said = f"the quiz's id is “{first.id}” in the lead language"
        problems.append(problem("C032", file.places["id"], said, f"write id: {first.id}"))
    for name, attribute in RULES.items():
        rule = getattr(file, attribute)
        if rule is not None and rule != getattr(first, attribute):
            said = f"“{name}” differs from the lead language"
            advice = "leave it out: the rule of the lead language counts"
            problems.append(problem("C035", file.places[name], said, advice))
    return problems


def _unknown_outcome(question: Question, outcomes: Sequence[str]) -> list[Problem]:
    outcome = question.outcome
    if not outcome or outcome in outcomes:
        return []
    near = nearest(outcome, outcomes)
    advice = f"did you mean outcome={near}?" if near else f"known: {', '.join(outcomes) or 'none'}"
    said = f"“{outcome}” is no outcome of this course"
    return [problem("C037", Place(question.file, question.line), said, advice)]
