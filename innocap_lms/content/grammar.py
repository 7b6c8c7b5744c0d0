"""The quiz grammar: from the Markdown of a quiz to question blocks.

Works on the parser's tokens and their line maps, so a `## ` inside a code block or a quotation is
never taken for a question. What stands in a block is for its question kind to understand.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from markdown_it.token import Token

from innocap_lms.content.answers import (
    answer_lines,
    list_items,
    options_of,
    pairs_of,
    shape_of,
)
from innocap_lms.content.attributes import are_open
from innocap_lms.content.codes import problem
from innocap_lms.content.dialect import heading_attributes
from innocap_lms.content.identifiers import slug
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import (
    MAX_PARTS,
    Part,
    Sheet,
    open_braces,
    parts_of,
    too_many,
    unreadable_braces,
)

MAX_QUESTIONS = 500
_DEFINITION = re.compile(r"[ >]{0,8}(?:\[[^\]\n]{1,200}\]|\*\[[^\]\n]{1,200}\]):(?:\s|\Z)")


def cut_questions(
    tokens: Sequence[Token], sheet: Sheet, problems: list[Problem]
) -> list[QuestionBlock]:
    """The questions of a quiz in the author's order.

    `tokens` come from `dialect().parse` on the lines of the sheet. A question or option without an
    id gets "" and a problem. In a translation, options need no marks. What goes beyond
    MAX_QUESTIONS or MAX_PARTS is left out, with a problem.
    """
    questions: list[list[Part]] = []
    for part in parts_of(tokens):
        if part.type == "heading_open" and part.tokens[0].tag == "h2":
            questions.append([part])
        elif questions:
            questions[-1].append(part)
        else:
            advice = "move it to the lesson before the quiz, or under the question it belongs to"
            said = "text before the first question is not shown"
            problems.append(problem("C048", sheet.place(part.start), said, advice))
    problems += _definitions(tokens, sheet)
    if len(questions) > MAX_QUESTIONS:
        place = sheet.place(questions[MAX_QUESTIONS][0].start)
        problems.append(too_many(place, "questions", MAX_QUESTIONS))
    return [_question(parts, sheet, problems) for parts in questions[:MAX_QUESTIONS]]


def _definitions(tokens: Sequence[Token], sheet: Sheet) -> list[Problem]:
    """Footnotes, addresses and abbreviations that are defined apart from where they are used: each
    text of a question is shown by itself, without them."""
    code = [token.map for token in tokens if token.type in ("fence", "code_block") and token.map]
    advice = "write the words or the address where they are used"
    return [
        problem("C121", sheet.place(number), "a question cannot hold a definition", advice)
        for number, line in enumerate(sheet.lines)
        if _DEFINITION.match(line) and not any(start <= number < end for start, end in code)
    ]


def _question(parts: list[Part], sheet: Sheet, problems: list[Problem]) -> QuestionBlock:
    heading = parts[0]
    hints = [block for block in parts[1:] if _is_hint(block)]
    blocks = [block for block in parts[1:] if not _is_hint(block)]
    place = sheet.place(heading.start)
    attributes = heading_attributes(heading.tokens[0])
    text = heading.tokens[1].content
    if attributes.fault:
        problems.append(unreadable_braces(place, attributes.fault))
    elif are_open(text):
        problems.append(open_braces(place))
    elif not attributes.id:
        advice = f"write {{#{slug(text, 'question')}}} at the end of the heading"
        problems.append(problem("C033", place, "the question has no id", advice))
    elif not text.strip():
        advice = "write what is asked: ## … {#id}"
        problems.append(problem("C115", place, "the question has no words", advice))
    shapes = [shape_of(block, attributes.classes) for block in blocks]
    at = next((i for i, shape in enumerate(shapes) if shape), len(blocks))
    after = at + 1
    if at == len(blocks):
        after = at = _end_of_stem(blocks)
    elif shapes[at] == "pairs" and shapes[after : after + 1] == ["options"]:
        after += 1  # definitions that belong to no term
    stem, stem_line = _stem(heading, blocks[:at], hints, sheet)
    block = QuestionBlock(
        id=attributes.id,
        text=text,
        stem=stem,
        options=(),
        feedback=_feedback(blocks[after:], sheet, problems),
        classes=attributes.classes,
        attributes=attributes.pairs,
        file=sheet.file,
        line=place.line,
        language=sheet.language,
        hint="\n\n".join(_hint(part, sheet) for part in hints),
        stem_line=stem_line,
    )
    for part, shape in zip(blocks[at:after], shapes[at:after], strict=True):
        block = _with_answers(block, part, shape, sheet, problems)
    return block


def _with_answers(
    block: QuestionBlock, part: Part, shape: str, sheet: Sheet, problems: list[Problem]
) -> QuestionBlock:
    """The block with what stands under its question, at most MAX_PARTS of each."""
    found: Sequence[Part]
    if shape == "answers":
        lines = answer_lines(part, sheet, problems)
        if len(lines) > MAX_PARTS:
            problems.append(too_many(sheet.place(part.start), "answers", MAX_PARTS))
        return replace(block, answers=lines[:MAX_PARTS])
    found = list(parts_of(part.inside))
    if len(found) > MAX_PARTS * (2 if shape == "pairs" else 1):
        problems.append(too_many(sheet.place(part.start), shape, MAX_PARTS))
        found = found[:MAX_PARTS]
    if shape == "options":
        return replace(block, options=options_of(found, sheet, problems))
    if shape == "items":
        return replace(block, items=list_items(found, sheet, problems))
    return replace(block, pairs=pairs_of(found, sheet, problems))


def _stem(
    heading: Part, blocks: Sequence[Part], hints: Sequence[Part], sheet: Sheet
) -> tuple[str, int]:
    """The text between the heading and the answers, and the line of the file it starts on.

    A hint in it leaves empty lines, so that the lines below keep their places.
    """
    end = max((block.end for block in blocks), default=heading.end)
    lines = list(sheet.lines[heading.end : end])
    for hint in hints:
        for line in range(hint.start, min(hint.end, end)):
            lines[line - heading.end] = ""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return "\n".join(lines[first:]).rstrip(), sheet.first_line + heading.end + first


def _end_of_stem(blocks: Sequence[Part]) -> int:
    """Where the feedback of a question without options starts: block quotations at its end."""
    end = len(blocks)
    while end and blocks[end - 1].type == "blockquote_open" and not _has_gap(blocks[end - 1]):
        end -= 1
    return end


def _has_gap(part: Part) -> bool:
    return any("[[" in token.content for token in part.tokens if token.type == "inline")


def _is_hint(part: Part) -> bool:
    return part.tokens[0].meta.get("admonition") == "hint"


def _hint(part: Part, sheet: Sheet) -> str:
    return sheet.quoted(part).partition("]")[2].strip()


def _feedback(blocks: Sequence[Part], sheet: Sheet, problems: list[Problem]) -> str:
    found = []
    above = {id(below): block.type for block, below in pairwise(blocks)}
    for block in blocks:
        if block.type == "blockquote_open":
            found.append(sheet.quoted(block))
        else:
            advice = "move it before the options, or begin its lines with `> ` as feedback"
            if above.get(id(block)) == "blockquote_open" and block.type == "bullet_list_open":
                advice = "indent the feedback above it: two spaces before its `> `"
            said = "after the options only feedback may stand"
            problems.append(problem("C044", sheet.place(block.start), said, advice))
    return "\n\n".join(found)
