"""The quiz grammar: from the Markdown of a quiz to question blocks.

Works on the parser's tokens and their line maps, so a `## ` inside a code block or a quotation is
never taken for a question. What stands in a block is for its question kind to understand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from innocap_lms.content.attributes import split_attributes
from innocap_lms.content.blocks import Block as _Part
from innocap_lms.content.blocks import blocks_of as _parts
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.dialect import heading_attributes
from innocap_lms.content.identifiers import slug
from innocap_lms.content.kinds import OptionBlock, QuestionBlock
from innocap_lms.content.problems import Problem


@dataclass(frozen=True)
class Sheet:
    """The text that is being cut: its lines, and the line of the file on which they start."""

    file: str
    lines: Sequence[str]
    first_line: int
    translation: bool = False

    def place(self, line: int) -> Place:
        """Line `line` of the body (from 0), at its first character that is not a space."""
        text = self.lines[line] if line < len(self.lines) else ""
        return Place(self.file, line + self.first_line, len(text) - len(text.lstrip()) + 1)


def cut_questions(
    tokens: Sequence[Token], sheet: Sheet, problems: list[Problem]
) -> list[QuestionBlock]:
    """The questions of a quiz in the author's order.

    `tokens` come from `dialect().parse` on the lines of the sheet. A question or option without an
    id gets "" and a problem. In a translation, options need no marks.
    """
    questions: list[list[_Part]] = []
    for part in _parts(tokens):
        if part.type == "heading_open" and part.tokens[0].tag == "h2":
            questions.append([part])
        elif questions:
            questions[-1].append(part)
        else:
            advice = "move it to the lesson before the quiz, or under the question it belongs to"
            said = "text before the first question is not shown"
            problems.append(problem("C048", sheet.place(part.start), said, advice))
    return [_question(parts, sheet, problems) for parts in questions]


def _question(parts: list[_Part], sheet: Sheet, problems: list[Problem]) -> QuestionBlock:
    heading, blocks = parts[0], parts[1:]
    place = sheet.place(heading.start)
    attributes = heading_attributes(heading.tokens[0])
    text = heading.tokens[1].content
    if attributes.fault:
        _braces(problems, place, attributes.fault)
    if not attributes.id and not attributes.fault:
        advice = f"write {{#{slug(text, 'question')}}} at the end of the heading"
        problems.append(problem("C033", place, "the question has no id", advice))
    at = next((i for i, block in enumerate(blocks) if _is_option_list(block)), len(blocks))
    stem_end = blocks[at].start if at < len(blocks) else (blocks[-1].end if blocks else heading.end)
    return QuestionBlock(
        id=attributes.id,
        text=text,
        stem="\n".join(sheet.lines[heading.end : stem_end]).strip("\n").rstrip(),
        options=_options(blocks[at], sheet, problems) if at < len(blocks) else (),
        feedback=_feedback(blocks[at + 1 :], sheet, problems),
        classes=attributes.classes,
        attributes=attributes.pairs,
        file=sheet.file,
        line=place.line,
    )


def _braces(problems: list[Problem], place: Place, fault: str) -> None:
    advice = "write {#id .class key=value}; a value with spaces in double quotes"
    problems.append(problem("C046", place, f"“{fault}” in braces cannot be read", advice))


def _is_option_list(part: _Part) -> bool:
    """A bullet list with marks, or (in a translation) with ids."""
    if part.type != "bullet_list_open":
        return False
    return any("ticked" in token.meta for token in part.tokens[1:]) or any(
        split_attributes(item.tokens[2].content)[1].id
        for item in _parts(part.inside)
        if len(item.tokens) > 2 and item.tokens[2].type == "inline"
    )


def _options(part: _Part, sheet: Sheet, problems: list[Problem]) -> tuple[OptionBlock, ...]:
    return tuple(_option(item, sheet, problems) for item in _parts(part.inside))


def _option(item: _Part, sheet: Sheet, problems: list[Problem]) -> OptionBlock:
    place = sheet.place(item.start)
    marked = "ticked" in item.tokens[0].meta
    content, feedback = "", []
    for number, block in enumerate(_parts(item.inside)):
        if block.type == "blockquote_open":
            feedback.append(_unquoted(sheet.lines[block.start : block.end]))
        elif number == 0 and block.type == "paragraph_open":
            content = block.tokens[1].content
        else:
            advice = "keep one paragraph; indent feedback with `  > `"
            said = "an option is one paragraph"
            problems.append(problem("C049", sheet.place(block.start), said, advice))
    text, attributes = split_attributes(content)
    if attributes.fault:
        _braces(problems, place, attributes.fault)
    elif not attributes.id:
        advice = f"write {{#{slug(text, 'option')}}} at the end of the line"
        problems.append(problem("C033", place, "the option has no id", advice))
    if not marked and not sheet.translation:
        advice = "write - [ ] for a wrong option, - [x] for a right one"
        problems.append(problem("C043", place, "the option has no mark", advice))
    ticked = bool(item.tokens[0].meta.get("ticked"))
    return OptionBlock(attributes.id, text, ticked, "\n\n".join(feedback), place.line)


def _feedback(blocks: Sequence[_Part], sheet: Sheet, problems: list[Problem]) -> str:
    found = []
    for block in blocks:
        if block.type == "blockquote_open":
            found.append(_unquoted(sheet.lines[block.start : block.end]))
        else:
            advice = "move it before the options, or begin its lines with `> ` as feedback"
            said = "after the options only feedback may stand"
            problems.append(problem("C044", sheet.place(block.start), said, advice))
    return "\n\n".join(found)


def _unquoted(lines: Sequence[str]) -> str:
    """The text of a block quotation without its marks; a lazy line without `>` is kept as it is."""
    found = []
    for line in lines:
        text = line.lstrip()
        if text.startswith(">"):
            text = text[1:].removeprefix(" ")
        found.append(text)
    return "\n".join(found).strip("\n").rstrip()
