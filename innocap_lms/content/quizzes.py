"""Quizzes: the sheets of all languages read, compared, and put together with their keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_quiz
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import (
    OptionBlock,
    PairBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Question, Quiz, Use
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Sheet
from innocap_lms.content.translations import block_ids, follow_lead

Keys = dict[str, dict[str, Any]]
Named = TypeVar("Named", OptionBlock, PairBlock)

MAX_POINTS = 1000


@dataclass(frozen=True)
class QuizFile:
    """One language of a quiz as its file says it; None where a translation leaves a rule out."""

    document: Document
    id: str
    title: str
    use: str | None
    pass_mark: float | None
    attempts: int | None
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
    feedback = {
        name: fields.text(f"feedback_{name}", required=False) or "" for name in ("passed", "failed")
    }
    places = {name: fields.place(name) for name in ("id", "use", "pass", "attempts")}
    fields.finish()
    lines = document.body.split("\n")
    sheet = Sheet(document.file, lines, document.body_line, not is_lead, language)
    questions = tuple(cut_questions(tokens, sheet, problems))
    problems += block_ids(questions)
    if not questions and document.node is not None:
        here = Place(document.file, document.body_line)
        said, advice = "the quiz has no questions", "write each question as a heading: ## … {#id}"
        problems.append(problem("C040", here, said, advice))
    return QuizFile(
        document, quiz_id or "", title or "", use, pass_mark, attempts, questions, places, feedback
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
    others = {language: file for language, file in files.items() if file is not first}
    first_language = next(language for language, file in files.items() if file is first)
    for language, file in others.items():
        problems += _same_rules(first, file)
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
            problems += _unknown_outcome(block, outcomes)
    quiz = Quiz(
        id=first.id,
        use=cast(Use, first.use or "practice"),
        pass_mark=first.pass_mark or 0.0,
        attempts=first.attempts,
        titles={language: file.title for language, file in files.items()},
        questions=tuple(questions),
        fingerprint="",
        feedback={language: file.feedback for language, file in files.items()},
    )
    problems += _nothing_to_earn(quiz, first)
    return replace(quiz, fingerprint=of_quiz(quiz, keys)), keys


def _nothing_to_earn(quiz: Quiz, first: QuizFile) -> list[Problem]:
    if not quiz.questions or not quiz.pass_mark or any(each.points for each in quiz.questions):
        return []
    said = "no question of this quiz earns points, so nobody can pass it"
    advice = "add a question that does, or write use: practice and leave pass out"
    return [problem("C109", first.places["pass"], said, advice)]


def _find(file: QuizFile, question_id: str) -> QuestionBlock | None:
    return next((block for block in file.questions if block.id and block.id == question_id), None)


def _same_rules(first: QuizFile, file: QuizFile) -> list[Problem]:
    problems = []
    if file.id and first.id and file.id != first.id:
        said = f"the quiz's id is “{first.id}” in the lead language"
        problems.append(problem("C032", file.places["id"], said, f"write id: {first.id}"))
    for name, lead_rule, rule in (
        ("use", first.use, file.use),
        ("pass", first.pass_mark, file.pass_mark),
        ("attempts", first.attempts, file.attempts),
    ):
        if rule is not None and rule != lead_rule:
            said = f"“{name}” differs from the lead language"
            advice = "leave it out: the rule of the lead language counts"
            problems.append(problem("C035", file.places[name], said, advice))
    return problems


def _same_questions(first: QuizFile, file: QuizFile, language: str) -> list[Problem]:
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


def _unknown_outcome(block: QuestionBlock, outcomes: Sequence[str]) -> list[Problem]:
    outcome = block.attributes.get("outcome", "")
    if not outcome or outcome in outcomes:
        return []
    near = nearest(outcome, outcomes)
    advice = f"did you mean outcome={near}?" if near else f"known: {', '.join(outcomes) or 'none'}"
    said = f"“{outcome}” is no outcome of this course"
    return [problem("C037", Place(block.file, block.line), said, advice)]


def _plain(value: Any) -> Any:
    """JSON values only, so that a course and its snapshot are equal."""
    return json.loads(json.dumps(value))
