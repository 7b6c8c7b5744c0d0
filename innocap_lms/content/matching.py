"""Questions that match terms with their definitions: a definition list.

A definition may stand under several terms, with the same id; options without a mark after the list
are definitions that belong to none.
"""

from collections.abc import Sequence
from typing import Final

from innocap_lms.content.checks import check, never_fixed, same_words
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.grading import UNANSWERED, mark, numbers
from innocap_lms.content.kinds import (
    AnswerRefused,
    Json,
    Mark,
    OptionBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import feedback_of, key_of, shown, view_of

_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/matching.html")


def _claims(block: QuestionBlock) -> bool:
    return "match" in block.classes and block.classes <= {"match", "partial", "fixed"}


def _parse(block: QuestionBlock) -> Parsed:
    problems = check(block, ["pairs", "options"])
    targets = _targets(block, problems)
    problems += [*never_fixed(block), *same_words(block, block.pairs, "term")]
    problems += same_words(block, targets.values(), "definition")
    if len(block.pairs) < 2:
        said, advice = "there are fewer than two terms", "write Term {#id} and : definition {#id}"
        problems.append(problem("C041", Place(block.file, block.line), said, advice))
    for option in block.options:
        if option.ticked:
            advice = "write [ ]: here stand definitions that belong to no term"
            here = Place(block.file, option.line)
            problems.append(problem("C104", here, "a definition of no term is not right", advice))
    return Parsed(
        view=view_of(
            block,
            terms=shown(block.pairs),
            options=shown(targets[name] for name in sorted(targets)),
        ),
        key=key_of(block, pairs=[[pair.id, pair.target] for pair in block.pairs]),
        feedback=feedback_of(block, [*block.pairs, *block.options]),
        problems=tuple(problems),
    )


def _targets(block: QuestionBlock, problems: list[Problem]) -> dict[str, OptionBlock]:
    """Every definition once, by id. The same id with other words is a problem."""
    found: dict[str, OptionBlock] = {}
    entries = [
        OptionBlock(pair.target, pair.target_text, False, "", pair.line) for pair in block.pairs
    ]
    for entry in (*entries, *block.options):
        first = found.setdefault(entry.id, entry)
        if first.text != entry.text:
            said = f"the definition “{entry.id}” has other words above"
            advice = "give it another id, or the same words"
            problems.append(problem("C031", Place(block.file, entry.line), said, advice))
    return found


def _read(view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """From "term.definition", both counted from 1 as shown, to "term:definition" by term."""
    terms = [term["id"] for term in view["terms"]]
    chosen: dict[str, str] = {}
    for value in filter(None, sent):
        term, target = numbers(value, len(terms), len(order))
        if terms[term - 1] in chosen:
            raise AnswerRefused("one term has two definitions")
        chosen[terms[term - 1]] = order[target - 1]
    return tuple(f"{term}:{chosen[term]}" for term in terms if term in chosen)


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    """All or nothing; with partial credit the share of terms that have their definition."""
    if not answer:
        return UNANSWERED
    given = set(answer)
    parts = [f"{term}:{target}" in given for term, target in key["pairs"]]
    return mark(parts, partial=bool(key.get("partial")))


MATCHING: Final = QuestionKind(
    "matching", _claims, _parse, _grade, shuffle_options, _TEMPLATES, read=_read
)
