"""What stands under a question to be answered: options, a numbered list, pairs, answer lines."""

from collections.abc import Sequence

from innocap_lms.content.attributes import split_attributes
from innocap_lms.content.codes import problem
from innocap_lms.content.kinds import AnswerBlock, OptionBlock, PairBlock
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Part, Sheet, misnumbered, parts_of


def shape_of(part: Part, classes: frozenset[str]) -> str:
    """What a block of a question is: "options", "items", "pairs" or "answers"; "" for text.

    Options have marks or, in a translation, ids. A numbered list or a definition list is text
    unless the question's class asks for one or its entries have ids.
    """
    if part.type == "bullet_list_open":
        marked = any("ticked" in token.meta for token in part.tokens[1:])
        return "options" if marked or _has_ids(part) else ""
    if part.type == "ordered_list_open":
        return "items" if "order" in classes or _has_ids(part) else ""
    if part.type == "dl_open":
        return "pairs" if "match" in classes or _has_ids(part) else ""
    if part.type == "paragraph_open":
        return "answers" if _is_answer(part.tokens[1].content) else ""
    return ""


def _has_ids(part: Part) -> bool:
    firsts = (
        next((token for token in entry.tokens if token.type == "inline"), None)
        for entry in parts_of(part.inside)
    )
    return any(first is not None and split_attributes(first.content)[1].id for first in firsts)


def _is_answer(line: str) -> bool:
    return line.startswith("= ") or line.partition("\n")[0].strip() == "="


def options_of(
    found: Sequence[Part], sheet: Sheet, problems: list[Problem]
) -> tuple[OptionBlock, ...]:
    """The options of a bullet list; in the lead language each has a mark."""
    for item in found:
        if "ticked" not in item.tokens[0].meta and not sheet.translation:
            advice = "write - [ ] for a wrong option, - [x] for a right one"
            said = "the option has no mark"
            problems.append(problem("C043", sheet.place(item.start), said, advice))
    return tuple(_item(item, "option", sheet, problems) for item in found)


def list_items(
    found: Sequence[Part], sheet: Sheet, problems: list[Problem]
) -> tuple[OptionBlock, ...]:
    """The items of a numbered list, in the author's order."""
    problems += misnumbered(found, sheet)
    return tuple(_item(item, "item", sheet, problems) for item in found)


def _item(item: Part, what: str, sheet: Sheet, problems: list[Problem]) -> OptionBlock:
    content, feedback = _words(item, what, sheet, problems)
    text, attributes = sheet.named(content, item.start, what, problems)
    ticked = bool(item.tokens[0].meta.get("ticked"))
    line = sheet.place(item.start).line
    return OptionBlock(attributes.id, text, ticked, feedback, line)


def _words(item: Part, what: str, sheet: Sheet, problems: list[Problem]) -> tuple[str, str]:
    """The one paragraph of an entry, and the block quotations under it: its feedback."""
    content, feedback = "", []
    for number, block in enumerate(parts_of(item.inside)):
        if block.type == "blockquote_open":
            feedback.append(sheet.quoted(block))
            if feedback[-1].upper().startswith("[!HINT]"):
                said, advice = "nobody is offered a hint here", "write it under the question's text"
                problems.append(problem("C049", sheet.place(block.start), said, advice))
        elif number == 0 and block.type == "paragraph_open":
            content = block.tokens[1].content
        else:
            advice = "keep one paragraph; indent feedback with `  > `"
            said = f"{'an' if what[0] in 'aeiou' else 'a'} {what} is one paragraph"
            problems.append(problem("C049", sheet.place(block.start), said, advice))
    return content, "\n\n".join(feedback)


def pairs_of(found: Sequence[Part], sheet: Sheet, problems: list[Problem]) -> tuple[PairBlock, ...]:
    """Terms with their definitions; only the first definition of a term counts."""
    pairs: list[PairBlock] = []
    term: Part | None = None
    for part in found:
        if part.type == "dt_open":
            term = part
        elif term is not None:
            pairs.append(_pair(term, part, sheet, problems))
            term = None
        else:
            advice = "write one line `: definition {#id}` under each term"
            said = "a term has one definition"
            problems.append(problem("C049", sheet.place(part.start), said, advice))
    return tuple(pairs)


def _pair(term: Part, definition: Part, sheet: Sheet, problems: list[Problem]) -> PairBlock:
    text, attributes = sheet.named(term.tokens[1].content, term.start, "term", problems)
    content, feedback = _words(definition, "definition", sheet, problems)
    target_text, target = sheet.named(content, definition.start, "definition", problems)
    return PairBlock(
        id=attributes.id,
        text=text,
        target=target.id,
        target_text=target_text,
        feedback=feedback,
        line=sheet.place(term.start).line,
    )


def answer_lines(part: Part, sheet: Sheet, problems: list[Problem]) -> tuple[AnswerBlock, ...]:
    """The lines of a paragraph of answers, raw: a star or a dollar in them is just that."""
    found = []
    for number in range(part.start, part.end):
        line, place = sheet.lines[number].strip(), sheet.place(number)
        if not _is_answer(line):
            advice = "start each line of this block with `= `, or leave a line empty before it"
            problems.append(problem("C044", place, "this line is no answer", advice))
        elif line == "=":
            advice = "write an answer after the ="
            problems.append(problem("C100", place, "the line holds no answer", advice))
        else:
            found.append(AnswerBlock(line[2:].strip(), place.line))
    return tuple(found)
