"""Questions of a quiz or a bank: read, compared between languages, put together with their keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from markdown_it.token import Token

from innocap_lms.content.cloze import gaps_elsewhere
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.kinds import (
    KindFailed,
    OptionBlock,
    PairBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Question
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Sheet
from innocap_lms.content.translations import block_ids, follow_lead, untold

Keys = dict[str, dict[str, Any]]
Named = TypeVar("Named", OptionBlock, PairBlock)

MAX_POINTS = 1000
# What the built-in kinds ask for in braces, for advice.
CLASSES = (
    *("multiple", "partial", "fixed", "true", "false"),
    *("text", "order", "match", "reflection"),
)


class QuestionFile(Protocol):
    """One language of a text that holds questions: a quiz or a bank."""

    @property
    def document(self) -> Document: ...
    @property
    def questions(self) -> tuple[QuestionBlock, ...]: ...


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


def _find(file: QuestionFile, question_id: str) -> QuestionBlock | None:
    return next((block for block in file.questions if block.id and block.id == question_id), None)


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
    kind = _claimant(block, kinds)
    if kind is None:
        names = " ".join(f".{name}" for name in sorted(block.classes)) or "no class"
        advice = _meant(block) or "check the spelling, or ask for the plugin that brings this kind"
        said = f"no kind of question understands this one ({names})"
        problems.append(problem("C045", Place(block.file, block.line), said, advice))
        return None
    lead = kind.parse(block)
    problems += [*lead.problems, *gaps_elsewhere(block, filled="gaps" in lead.view)]
    parsed: dict[str, Parsed] = {language: lead}
    for other, found in translated.items():
        problems += (faults := [*follow_lead(block, found), *kind.compare(block, found)])
        parsed[other] = kind.parse(_with_rules_of(block, found))
        problems += gaps_elsewhere(found, filled="gaps" in lead.view)
        # What is wrong in the lead language would only be said again.
        if not (lead.problems or faults or block_ids([block])):
            problems += [*parsed[other].problems, *untold(block, found)]
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


def _claimant(block: QuestionBlock, kinds: Sequence[QuestionKind]) -> QuestionKind | None:
    """The first kind that claims a question. Raises KindFailed where none does and one could not
    say: a kind that fails holds up the questions that may be its own, and no others."""
    failures = list[KindFailed]()
    for kind in kinds:
        try:
            if kind.claims(block):
                return kind
        except KindFailed as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return None


def _meant(block: QuestionBlock) -> str:
    for name in sorted(block.classes.difference(CLASSES)):
        if near := nearest(name, CLASSES):
            return f"did you mean .{near}?"
    return ""


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
    meant = raw.replace(",", ".", 1)  # as many languages write decimals
    digits = meant.replace(".", "", 1).isdecimal()
    advice = f"write points={meant if digits and 0 < float(meant) <= MAX_POINTS else 2}"
    said = f"“{raw}” is no number above 0 and at most {MAX_POINTS}"
    problems.append(problem("C047", place, said, advice))
    return 1.0


def _tags(block: QuestionBlock, problems: list[Problem]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(block.attributes.get("tags", "").split()))
    for tag in tags:
        if not is_id(tag):
            parts = [slug(part, "a-tag") for part in tag.split(",") if part]
            advice = (
                f'write tags="{" ".join(parts)}"' if len(parts) > 1 else f"write tags={parts[0]}"
            )
            said = f"“{tag}” is not a tag"
            problems.append(problem("C030", Place(block.file, block.line), said, advice))
    return tags


def _plain(value: Any) -> Any:
    """JSON values only, so that a course and its snapshot are equal."""
    return json.loads(json.dumps(value))
