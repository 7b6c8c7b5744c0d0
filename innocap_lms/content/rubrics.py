"""The rubric grammar: from the Markdown of a practical task to its criteria and their levels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from innocap_lms.content.attributes import Attributes, split_attributes
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.dialect import heading_attributes
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Part, Sheet, misnumbered, parts_of

MEETS = "meets"


@dataclass(frozen=True)
class LevelBlock:
    """A level as its file says it. `text` is a line of Markdown."""

    id: str
    text: str
    meets: bool
    place: Place


@dataclass(frozen=True)
class CriterionBlock:
    """A criterion as its file says it. `title` is a line, `text` Markdown."""

    id: str
    title: str
    text: str
    levels: tuple[LevelBlock, ...]
    place: Place


def cut_rubric(
    tokens: Sequence[Token], sheet: Sheet, problems: list[Problem]
) -> tuple[str, list[CriterionBlock]]:
    """The brief, as Markdown, and the criteria in the author's order.

    `tokens` come from `dialect().parse` on the lines of the sheet.
    """
    parts: list[list[Part]] = []
    end = len(sheet.lines)
    for block in parts_of(tokens):
        if block.type == "heading_open" and block.tokens[0].tag == "h2":
            end = min(end, block.start)
            parts.append([block])
            continue
        if block.type == "heading_open":
            said, advice = "this heading is no criterion", "start it with ##, or make it bold text"
            problems.append(problem("C095", sheet.place(block.start), said, advice))
        if parts:
            parts[-1].append(block)
    brief = "\n".join(sheet.lines[:end]).strip("\n").rstrip()
    criteria = [_criterion(each, sheet, problems) for each in parts]
    problems += _ids(((each.id, each.place) for each in criteria), "criterion")
    return brief, criteria


def _criterion(parts: Sequence[Part], sheet: Sheet, problems: list[Problem]) -> CriterionBlock:
    heading, blocks = parts[0], parts[1:]
    place = sheet.place(heading.start)
    attributes, title = heading_attributes(heading.tokens[0]), heading.tokens[1].content
    if not title:
        problems.append(problem("C063", place, "the heading is empty", "write words after the ##"))
    _check_braces(attributes, title, place, (), problems)
    at = next((i for i, each in enumerate(blocks) if _is_list(each)), len(blocks))
    text_end = blocks[at].start if at < len(blocks) else (blocks[-1].end if blocks else heading.end)
    for block in blocks[at + 1 :]:
        said, advice = "text after the levels", "move it before the list"
        problems.append(problem("C093", sheet.place(block.start), said, advice))
    levels = _levels(blocks[at], sheet, problems) if at < len(blocks) else ()
    if len(levels) < 2:
        said, advice = "the criterion has fewer than two levels", "write one a line: 1. Text {#id}"
        problems.append(problem("C091", place, said, advice))
    text = "\n".join(sheet.lines[heading.end : text_end]).strip("\n").rstrip()
    return CriterionBlock(attributes.id, title, text, levels, place)


def _is_list(block: Part) -> bool:
    return block.type == "ordered_list_open"


def _levels(block: Part, sheet: Sheet, problems: list[Problem]) -> tuple[LevelBlock, ...]:
    items = list(parts_of(block.inside))
    levels = tuple(_level(item, sheet, problems) for item in items)
    problems += misnumbered(items, sheet)
    problems += _ids(((level.id, level.place) for level in levels), "level")
    seen: set[str] = set()
    for level in levels:
        words = " ".join(level.text.split()).casefold()
        if words in seen:
            said, advice = "two levels read the same", "say how this level differs from the other"
            problems.append(problem("C096", level.place, said, advice))
        seen.add(words)
    return levels


def _level(item: Part, sheet: Sheet, problems: list[Problem]) -> LevelBlock:
    place, content = sheet.place(item.start), ""
    for number, block in enumerate(parts_of(item.inside)):
        if number == 0 and block.type == "paragraph_open":
            content = block.tokens[1].content
        else:
            said, advice = "a level is one paragraph", "move the rest before the list of levels"
            problems.append(problem("C093", sheet.place(block.start), said, advice))
    text, attributes = split_attributes(content)
    _check_braces(attributes, text, place, (MEETS,), problems)
    return LevelBlock(attributes.id, text, MEETS in attributes.classes, place)


def _check_braces(
    attributes: Attributes,
    text: str,
    place: Place,
    classes: Sequence[str],
    problems: list[Problem],
) -> None:
    """An id must stand in the braces, and nothing that is not known there."""
    if attributes.fault:
        said = f"“{attributes.fault}” in braces cannot be read"
        problems.append(problem("C046", place, said, "write {#id}"))
    elif not attributes.id:
        advice = f"write {{#{slug(text, 'level')}}} at the end of the line"
        problems.append(problem("C033", place, "the id is missing", advice))
    strange = [f".{name}" for name in sorted(attributes.classes - set(classes))]
    for name in (*strange, *(f"{key}=" for key in attributes.pairs)):
        near = nearest(name.strip(".="), classes)
        advice = f"did you mean .{near}?" if near else "leave it out"
        problems.append(problem("C046", place, f"“{name}” has no meaning here", advice))


def _ids(found: Iterable[tuple[str, Place]], kind: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for name, place in found:
        if name and not is_id(name):
            advice = f"write {{#{slug(name, kind)}}}"
            problems.append(problem("C030", place, f"“{name}” is not an id", advice))
        elif name and name in seen:
            advice = "give one of them another id"
            problems.append(problem("C031", place, f"the {kind} “{name}” stands twice", advice))
        seen.add(name)
    return problems
