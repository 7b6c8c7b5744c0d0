"""What can be mended in course files without touching a word: missing ids, the order of fields."""

import re
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from innocap_lms.content.dialect import checking_dialect
from innocap_lms.content.frontmatter import Document, Node, split
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.identifiers import is_id, slug
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.naming import BANKS, SHARED, TextFamily, sort_banks, sort_out
from innocap_lms.content.rules import read_rules
from innocap_lms.content.sheet import Sheet

ORDER: Final[Mapping[str, Sequence[str]]] = {
    "course": ("id", "languages", "hours", "licence", "owner", "completion", "validity"),
    "front": ("title", "summary", "outcomes"),
    "lesson": ("id", "title", "minutes", "goals", "sources", "review_by"),
    "quiz": ("id", "title", "use", "pass", "attempts", "show", "counts", "wait", "minutes", "draw"),
    "bank": ("id", "title", "use"),
    "task": ("id", "title", "minutes", "answer_days", "assessors", "goals"),
    "template": ("id", "title", "layout"),
    "pocket-guide": ("title",),
    "facilitator": ("title",),
}
_FIELD: Final = re.compile(r"([A-Za-z_][\w-]*):(?:\s|\Z)")
_NEXT_BLOCK: Final = re.compile(r"\s*(?:[-*+>#]|\d+[.)])\s|\s*:\s|\s*\Z")
_BRACES: Final = re.compile(r"\s\{(?=\s*(?:\.\S|[A-Za-z][\w-]*=)[^{}]*\}\s*\Z)")


def fix_course(folder: Path) -> Iterator[tuple[Path, str]]:
    """Mend the files of a course; gives each file that was written and what was done.

    A file that cannot be read as a text of a course is left alone, and so is one whose fields would
    say something else afterwards.
    """
    shared = folder / SHARED
    if (text := _read(shared)) is None:
        return
    yield from _written(shared, text, _in_order(text, "course"), "put the fields in order")
    languages = read_rules(split(SHARED, text), []).languages
    names = [file.name for file in folder.glob("*.md")] if languages else []
    contents, banks = sort_out(names, languages, []), _own_banks(folder, languages)
    for family in (contents.front, *contents.activities, *banks, *contents.companions):
        files = {name: folder / family.files[name] for name in languages if name in family.files}
        yield from _fix_family(family, files)


def _own_banks(folder: Path, languages: Sequence[str]) -> Iterable[TextFamily]:
    """The banks of the course itself: those beside it are other courses', too."""
    place = folder / BANKS
    names = [] if place.is_symlink() else [f"{BANKS}/{file.name}" for file in place.glob("*.md")]
    return sort_banks(names, languages, []).values()


def _fix_family(family: TextFamily, files: Mapping[str, Path]) -> Iterator[tuple[Path, str]]:
    texts = {file: text for file in files.values() if (text := _read(file)) is not None}
    if family.kind not in ("front", "pocket-guide", "facilitator"):
        name = _id_of(family, texts.values())
        for file, text in texts.items():
            texts[file] = yield from _written(file, text, _with_id(text, name), f"wrote id: {name}")
    if family.kind in ("quiz", "bank"):
        for file, mended in _with_ids(texts).items():
            done = "wrote ids of questions and options"
            texts[file] = yield from _written(file, texts[file], mended, done)
    for file, text in texts.items():
        yield from _written(file, text, _in_order(text, family.kind), "put the fields in order")


def _read(file: Path) -> str | None:
    """The text of a file, with its own ends of lines; None where it is no text, or lies elsewhere:
    links are not followed."""
    if file.is_symlink() or not file.is_file():
        return None
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _written(
    file: Path, before: str, after: str, done: str
) -> Generator[tuple[Path, str], None, str]:
    """Write a file that has changed, and say so; gives the text it has now."""
    if after != before:
        unfinished = file.with_name(f".{file.name}.part")
        unfinished.write_bytes(after.encode("utf-8"))
        shutil.copymode(file, unfinished)
        unfinished.replace(file)
        yield file, done
    return after


# ------------------------------------------------------------------ fields


def _fields(text: str) -> tuple[list[str], int] | None:
    """The lines of a text and the number of the line that ends its fields."""
    lines = text.split("\n")
    if lines[0].removeprefix("\ufeff").strip() != "---":
        return None
    end = next((n for n, line in enumerate(lines) if n and line.strip() == "---"), None)
    return None if end is None else (lines, end)


def _in_order(text: str, kind: str) -> str:
    """The text with its fields in the usual order; comments stay above their field."""
    found = _fields(text)
    if found is None or split("", text.replace("\r\n", "\n")).node is None:
        return text
    lines, end = found
    blocks, waiting = list[tuple[str, list[str]]](), list[str]()
    for line in lines[1:end]:
        field = _FIELD.match(line)
        if field:
            blocks.append((field[1], [*waiting, line]))
            waiting = []
        elif not line.strip() or line.lstrip().startswith("#"):
            waiting.append(line)
        elif blocks:
            blocks[-1][1].extend([*waiting, line])
            waiting = []
    place = {name: number for number, name in enumerate(ORDER[kind])}
    ordered = sorted(blocks, key=lambda block: place.get(block[0], len(place)))
    kept = [line for _name, block in ordered for line in block]
    after = "\n".join([lines[0], *kept, *waiting, *lines[end:]])
    return after if _says_the_same(text, after) else text


def _says_the_same(before: str, after: str) -> bool:
    one, other = (split("", each.replace("\r\n", "\n")) for each in (before, after))
    return one.body == other.body and _plain(one.node) == _plain(other.node)


def _plain(node: Node | None) -> Any:
    value = None if node is None else node.value
    if isinstance(value, dict):
        return {name: _plain(field.node) for name, field in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _id_of(family: TextFamily, texts: Any) -> str:
    """The id that one language has already, or one made of the file's name."""
    for text in texts:
        node = split("", text.replace("\r\n", "\n")).node
        fields = node.value if node is not None and isinstance(node.value, dict) else {}
        if "id" in fields and is_id(fields["id"].node.raw):
            return fields["id"].node.raw
    if family.kind == "bank":
        return family.stem.removeprefix(f"{BANKS}/").removesuffix(".bank")
    stem = re.sub(r"\A\d{2,3}-", "", family.stem)
    numbered = stem != family.stem
    return slug(stem.replace(".", "-") if numbered else stem.partition(".")[0])


def _with_id(text: str, name: str) -> str:
    found = _fields(text)
    node = split("", text.replace("\r\n", "\n")).node
    if found is None or node is None or not isinstance(node.value, dict) or "id" in node.value:
        return text
    lines, _end = found
    ending = "\r" if lines[0].endswith("\r") else ""
    after = "\n".join([lines[0], f"id: {name}{ending}", *lines[1:]])
    one, other = _document(text), _document(after)
    wanted = {"id": name, **_plain(one.node)}
    return after if other.body == one.body and _plain(other.node) == wanted else text


# ------------------------------------------------------------------ questions and options


def _with_ids(texts: Mapping[Path, str]) -> dict[Path, str]:
    """The quiz in all its languages with an id for each question and option that has none: the same
    in every language, which are held together by their order."""
    blocks = {file: _questions(text) for file, text in texts.items()}
    if len({tuple(_shape(each) for each in found) for found in blocks.values()}) != 1:
        first = next(iter(blocks), None)
        blocks = {first: blocks[first]} if first else {}  # others would get wrong ids
    new: dict[Path, dict[int, str]] = {file: {} for file in blocks}
    taken: set[str] = {each.id for found in blocks.values() for each in found}
    for number in range(len(next(iter(blocks.values()), ()))):
        same = {file: found[number] for file, found in blocks.items()}
        _name(same, taken, "question", new)
        entries = {file: [*each.options, *each.items] for file, each in same.items()}
        rows = [dict(zip(entries, row, strict=True)) for row in zip(*entries.values(), strict=True)]
        if all(len(_known(row)) < 2 for row in rows):  # else they stand in another order
            inside = {name for row in rows for name in _known(row)}
            for row in rows:
                _name(row, inside, "option", new)
    return {file: _with_braces(texts[file], found) for file, found in new.items()}


def _known(same: Mapping[Path, Any]) -> set[str]:
    return {each.id for each in same.values() if each.id}


def _questions(text: str) -> list[QuestionBlock]:
    document = _document(text)
    tokens = checking_dialect().parse(document.body, {})
    sheet = Sheet("", document.body.split("\n"), document.body_line)
    return cut_questions(tokens, sheet, [])


def _document(text: str) -> Document:
    return split("", text.removeprefix("\ufeff").replace("\r\n", "\n"))


def _shape(block: QuestionBlock) -> tuple[int, int]:
    return len(block.options), len(block.items)


def _name(
    same: Mapping[Path, Any], taken: set[str], what: str, new: dict[Path, dict[int, str]]
) -> None:
    """Note the lines where one thing needs its id, in each language that has none."""
    known = _known(same)
    if len(known) > 1 or all(each.id for each in same.values()):
        return
    name = base = next(iter(known), "") or slug(next(iter(same.values())).text, what)
    number = 2
    while not known and name in taken:
        name, number = f"{base[:56]}-{number}", number + 1
    taken.add(name)
    for file, each in same.items():
        if not each.id:
            new[file][each.line] = name


def _with_braces(text: str, ids: Mapping[int, str]) -> str:
    """The text with ids written at the ends of what begins on these lines (from 1): only where
    everything else is read as before."""
    for start, name in ids.items():
        after = _with_one(text, start, name)
        before, now = _questions(text), _questions(after)
        if _words(before) == _words(now) and _lacking(now) == _lacking(before) - 1:
            text = after
    return text


def _words(blocks: Sequence[QuestionBlock]) -> list[Any]:
    """All that questions say, without ids."""
    return [
        replace(
            each,
            id="",
            options=tuple(replace(one, id="") for one in each.options),
            items=tuple(replace(one, id="") for one in each.items),
        )
        for each in blocks
    ]


def _lacking(blocks: Sequence[QuestionBlock]) -> int:
    named: list[Any] = [one for each in blocks for one in (each, *each.options, *each.items)]
    return sum(not one.id for one in named)


def _with_one(text: str, start: int, name: str) -> str:
    lines = text.split("\n")
    at = start - 1
    is_heading = lines[at].lstrip().startswith("#")
    while not is_heading and at + 1 < len(lines) and not _NEXT_BLOCK.match(lines[at + 1]):
        at += 1
    ending = "\r" if lines[at].endswith("\r") else ""
    line = lines[at].rstrip()
    braces = _BRACES.search(line)
    if braces:
        line = f"{line[: braces.end()]}#{name} {line[braces.end() :]}"
    else:
        line = f"{line} {{#{name}}}"
    lines[at] = line + ending
    return "\n".join(lines)
