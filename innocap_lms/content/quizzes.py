"""Quizzes: the sheets of all languages read, compared, and put together with their keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar, cast

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.draws import read_draw
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_quiz
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.kinds import (
    OptionBlock,
    PairBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Counts, Draw, Question, Quiz, Show, Use
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Sheet
from innocap_lms.content.translations import block_ids, follow_lead

Keys = dict[str, dict[str, Any]]
Named = TypeVar("Named", OptionBlock, PairBlock)

MAX_POINTS = 1000
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


class QuestionFile(Protocol):
    """One language of a text that holds questions: a quiz or a bank."""

    @property
    def document(self) -> Document: ...
    @property
    def questions(self) -> tuple[QuestionBlock, ...]: ...


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


def read_questions(
    document: Document,
    tokens: Sequence[Token],
    problems: list[Problem],
    *,
    is_lead: bool,
    language: str,
    empty: bool = False,
) -> tuple[QuestionBlock, ...]:
    """The questions of a quiz or a bank in one language; `empty` says that there may be none."""
    lines = document.body.split("\n")
    sheet = Sheet(document.file, lines, document.body_line, not is_lead, language)
    questions = tuple(cut_questions(tokens, sheet, problems))
    problems += block_ids(questions)
    if not questions and not empty and document.node is not None:
        here = Place(document.file, document.body_line)
        said, advice = "there are no questions", "write each question as a heading: ## … {#id}"
        problems.append(problem("C040", here, said, advice))
    return questions


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


def merge_questions(
    files: Mapping[str, QuestionFile],
    lead: str,
    kinds: Sequence[QuestionKind],
    problems: list[Problem],
) -> tuple[list[Question], Keys]:
    """The questions of all languages of a quiz or a bank, and their keys."""
    first_language = lead if lead in files else next(iter(files))
    first = files[first_language]
    others = {language: file for language, file in files.items() if language != first_language}
    for language, file in others.items():
        problems += _same_questions(first, file, language)
    questions, keys = [], {}
    for block in first.questions:
        translated = {
            language: found for language, file in others.items() if (found := _find(file, block.id))
        }
        made = _question(block, first_language, translated, kinds, problems)
        if made is not None:
            question, keys[block.id] = made
            questions.append(question)
    return questions, keys


def _nothing_to_earn(quiz: Quiz, first: QuizFile) -> list[Problem]:
    if first.draw or not quiz.questions or not quiz.pass_mark:
        return []
    if any(each.points for each in quiz.questions):
        return []
    said = "no question of this quiz earns points, so nobody can pass it"
    advice = "add a question that does, or write use: practice and leave pass out"
    return [problem("C109", first.places["pass"], said, advice)]


def _find(file: QuestionFile, question_id: str) -> QuestionBlock | None:
    return next((block for block in file.questions if block.id and block.id == question_id), None)


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


def _same_questions(first: QuestionFile, file: QuestionFile, language: str) -> list[Problem]:
    expected = {block.id: block for block in first.questions if block.id}
    got = {block.id for block in file.questions}
    end = Place(file.document.file, file.document.body_line)
    problems = [
        problem("C032", end, f"the question “{name}” is missing in {language}", "translate it")
        for name in expected
        if name not in got
    ]
    for block in file.questions:
        if block.id and block.id not in expected:
            near = nearest(block.id, set(expected) - got)
            advice = f"did you mean {{#{near}}}?" if near else "add it to the lead language first"
            said = f"the lead language has no question “{block.id}”"
            problems.append(problem("C032", Place(block.file, block.line), said, advice))
    return problems


def _question(
    block: QuestionBlock,
    language: str,
    translated: Mapping[str, QuestionBlock],
    kinds: Sequence[QuestionKind],
    problems: list[Problem],
) -> tuple[Question, dict[str, Any]] | None:
    kind = next((kind for kind in kinds if kind.claims(block)), None)
    if kind is None:
        names = " ".join(f".{name}" for name in sorted(block.classes)) or "no class"
        advice = "check the spelling, or ask for the plugin that brings this kind"
        said = f"no kind of question understands this one ({names})"
        problems.append(problem("C045", Place(block.file, block.line), said, advice))
        return None
    lead = kind.parse(block)
    problems += lead.problems
    parsed: dict[str, Parsed] = {language: lead}
    for other, found in translated.items():
        problems += (faults := [*follow_lead(block, found), *kind.compare(block, found)])
        parsed[other] = kind.parse(_with_rules_of(block, found))
        # What is wrong in the lead language would only be said again.
        if not lead.problems and not faults:
            problems += parsed[other].problems
    question = Question(
        id=block.id,
        kind=kind.name,
        points=_points(block, problems) if kind.graded else 0.0,
        outcome=block.attributes.get("outcome", ""),
        shuffle="fixed" not in block.classes,
        views={name: _plain(each.view) for name, each in parsed.items()},
        tags=_tags(block, problems),
        file=block.file,
        line=block.line,
    )
    feedback = {name: each.feedback for name, each in parsed.items()}
    # Words that count as right differ between languages; where a kind has none, its keys agree.
    also = {name: each.key for name, each in parsed.items() if each.key != lead.key}
    return question, _plain({"key": lead.key, "also": also, "feedback": feedback})


def _with_rules_of(lead: QuestionBlock, block: QuestionBlock) -> QuestionBlock:
    """A translated block with the marks, the order and the rules of the lead language.

    Answers of its own stay: words differ between languages.
    """
    ticked = {option.id: option.ticked for option in lead.options}
    targets = {pair.id: pair.target for pair in lead.pairs}
    options = [replace(option, ticked=ticked.get(option.id, False)) for option in block.options]
    pairs = [replace(pair, target=targets.get(pair.id, pair.target)) for pair in block.pairs]
    return replace(
        block,
        options=_in_order_of(lead.options, options),
        items=_in_order_of(lead.items, block.items),
        pairs=_in_order_of(lead.pairs, pairs),
        answers=block.answers or lead.answers,
        classes=lead.classes,
        attributes=lead.attributes,
    )


def _in_order_of(lead: Sequence[Named], entries: Sequence[Named]) -> tuple[Named, ...]:
    order = {entry.id: place for place, entry in enumerate(lead)}
    return tuple(sorted(entries, key=lambda entry: order.get(entry.id, len(order))))


def _points(block: QuestionBlock, problems: list[Problem]) -> float:
    raw = block.attributes.get("points", "1")
    # Digits and one point only: float() would also take "inf", "1e9" and "1_000".
    if raw.isascii() and raw.replace(".", "", 1).isdigit() and 0 < float(raw) <= MAX_POINTS:
        return float(raw)
    place = Place(block.file, block.line)
    problems.append(problem("C047", place, f"“{raw}” is no number of points", "write points=2"))
    return 1.0


def _tags(block: QuestionBlock, problems: list[Problem]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(block.attributes.get("tags", "").split()))
    for tag in tags:
        if not is_id(tag):
            said, advice = f"“{tag}” is not a tag", f"write tags={slug(tag, 'a-tag')}"
            problems.append(problem("C030", Place(block.file, block.line), said, advice))
    return tags


def _unknown_outcome(question: Question, outcomes: Sequence[str]) -> list[Problem]:
    outcome = question.outcome
    if not outcome or outcome in outcomes:
        return []
    near = nearest(outcome, outcomes)
    advice = f"did you mean outcome={near}?" if near else f"known: {', '.join(outcomes) or 'none'}"
    said = f"“{outcome}” is no outcome of this course"
    return [problem("C037", Place(question.file, question.line), said, advice)]


def _plain(value: Any) -> Any:
    """JSON values only, so that a course and its snapshot are equal."""
    return json.loads(json.dumps(value))
