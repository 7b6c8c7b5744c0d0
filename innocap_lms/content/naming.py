"""File names of a course: which text a file holds, in which language, and in which order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.problems import Problem

TextKind = Literal[
    "front", "lesson", "quiz", "task", "bank", "facilitator", "pocket-guide", "template"
]

SHARED = "course.md"
BANKS = "_banks"  # the folder that holds banks: in a course its own, beside courses the track's
_NAME = re.compile(
    r"(?:(?P<number>\d{2,3})-)?(?P<slug>[a-z0-9][a-z0-9-]*)(?:\.(?P<kind>quiz|task|template))?"
    r"\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md\Z"
)
_BANK = re.compile(
    r"(?P<id>[a-z0-9][a-z0-9-]*)\.bank\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md\Z"
)
PROGRAMME = ".programme.md"  # how the file of a programme ends, after its id
_PROGRAMME = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]*)\.programme\.md\Z")
# Texts beside the lessons, in the order in which a course lists them.
COMPANIONS: Sequence[TextKind] = ("template", "pocket-guide", "facilitator")
# A quiz without a number, such as final.quiz.sv.md, comes after all that have one. Of those that
# share a number a lesson comes first, then quizzes, then practical tasks.
_LAST = 1000
_ORDER: Sequence[TextKind] = ("front", "lesson", "quiz", "task", *COMPANIONS)


@dataclass
class TextFamily:
    """One text in all its languages. `files` maps language to file name, lead language first."""

    stem: str
    kind: TextKind
    number: int
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class Contents:
    """The texts of a course, in order; `companions` are those beside the lessons."""

    front: TextFamily
    activities: list[TextFamily]
    companions: list[TextFamily]


def stem_of(file: str) -> str:
    """What the names of a text in all its languages have in common: all but language and `.md`."""
    return file.removesuffix(".md").rpartition(".")[0]


def sort_out(names: Iterable[str], languages: Sequence[str], problems: list[Problem]) -> Contents:
    """Group the Markdown files of a folder by text; names that fit nothing become problems."""
    families: dict[str, TextFamily] = {}
    front = TextFamily("course", "front", 0)
    for name in sorted(names):
        if name == SHARED:
            continue
        match = _NAME.match(name)
        family = _family(match, families, front) if match else None
        if match is None or family is None:
            advice = (
                "name it NN-<slug>.<language>.md, <slug>.quiz.<language>.md for a quiz, "
                "<slug>.task.<language>.md for a practical task, <slug>.template.<language>.md, "
                "pocket-guide.<language>.md or facilitator.<language>.md"
            )
            if (place := placed(name)) != name:
                advice = f"put it where banks lie: {place}"
            said = "the name fits no text of a course"
            problems.append(problem("C005", Place(name), said, advice))
        elif match["language"] not in languages:
            advice = f"add {match['language']} to languages in course.md"
            said = f"the course does not list the language “{match['language']}”"
            problems.append(problem("C006", Place(name), said, advice))
        else:
            family.files[match["language"]] = name
    found = [family for family in families.values() if family.files]
    for family in found:
        family.files = {name: family.files[name] for name in languages if name in family.files}
    found.sort(key=lambda family: (family.number, _ORDER.index(family.kind), family.stem))
    _same_numbers(found, problems)
    activities = [family for family in found if family.kind not in COMPANIONS]
    companions = [family for family in found if family.kind in COMPANIONS]
    return Contents(front, activities, companions)


def _family(
    match: re.Match[str], families: dict[str, TextFamily], front: TextFamily
) -> TextFamily | None:
    number = match["number"]
    kind = cast(TextKind, match["kind"] or "lesson")
    if number and kind == "template":
        return None
    if not number and kind == "lesson":
        if match["slug"] == "course":
            return front
        if match["slug"] not in COMPANIONS:
            return None
        kind = cast(TextKind, match["slug"])
    stem = match.string[: match.start("language") - 1]
    order = int(number) if number else _LAST
    return families.setdefault(stem, TextFamily(stem, kind, order))


def banks_in(track: Traversable | Path) -> Traversable | Path | None:
    """The folder of banks in the folder of a track's courses, if there is one."""
    place = track.joinpath(BANKS)
    return place if place.is_dir() else None


def bank_of(path: str) -> str:
    """The id of the bank that a file of a course is a text of; "" for any other file."""
    folder, _, name = path.rpartition("/")
    match = _BANK.match(name) if folder == BANKS else None
    return match["id"] if match else ""


def placed(name: str) -> str:
    """The path in a course of a text of that name: those of banks lie in a folder."""
    path = f"{BANKS}/{name}"
    return path if bank_of(path) else name


def is_quiz(path: str) -> bool:
    """Whether a file of a course is a text of a quiz."""
    match = _NAME.match(path)
    return match is not None and match["kind"] == "quiz"


def holds_questions(path: str) -> bool:
    """Whether a file of a course is a text of a quiz or of a bank."""
    return is_quiz(path) or bool(bank_of(path))


def programmes_below(track: Traversable | Path) -> list[str]:
    """The ids of the programmes whose files lie in the folder of a track, by name."""
    names = (_PROGRAMME.match(entry.name) for entry in track.iterdir())
    return sorted(match["id"] for match in names if match)


def sort_banks(
    paths: Iterable[str], languages: Sequence[str], problems: list[Problem]
) -> dict[str, TextFamily]:
    """The banks among the files of a bank folder, by id, in the course's languages.

    A bank may have more languages than the course that draws from it.
    """
    found: dict[str, TextFamily] = {}
    for path in paths:
        match = _BANK.match(path.rpartition("/")[2])
        if match is None:
            advice = "name it <id>.bank.<language>.md"
            said = "the name fits no bank of questions"
            problems.append(problem("C005", Place(path), said, advice))
            continue
        bank = found.setdefault(match["id"], TextFamily(f"{BANKS}/{match['id']}.bank", "bank", 0))
        bank.files[match["language"]] = path
    for bank in found.values():
        bank.files = {name: bank.files[name] for name in languages if name in bank.files}
    return found


def _same_numbers(families: list[TextFamily], problems: list[Problem]) -> None:
    for before, after in pairwise(families):
        if (before.number, before.kind) == (after.number, after.kind) and after.number < _LAST:
            place = Place(next(iter(after.files.values())))
            said = f"“{before.stem}” has the same number"
            problems.append(problem("C011", place, said, "give it a number of its own"))
