"""What stands beside a page of a preview: the parts of the course, what changed, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from innocap_lms.catalogue.cards import url_of
from innocap_lms.catalogue.parts import title_of
from innocap_lms.content.changes import FRONT, PartChange, changes_between
from innocap_lms.content.naming import stem_of
from innocap_lms.content.problems import Problem
from innocap_lms.learning.addresses import activity_address
from innocap_lms.preview.drafts import Draft
from innocap_lms.printing.pages import sheet_address


@dataclass(frozen=True)
class PartNote:
    """A part of a course: its page, how it differs from the edition in service ("" where there is
    none), and the problems of its files. The part without an id is the front page."""

    id: str
    title: str
    url: str
    state: str
    changes_url: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Notes:
    """The title of the course, its parts in order, and the problems of other files."""

    title: str
    parts: tuple[PartNote, ...]
    others: tuple[Problem, ...]


def notes_of(draft: Draft, language: str) -> Notes:
    """What the author of a draft must know, who reads that language."""
    if draft.shown is None:
        return Notes("", (), draft.problems)
    course = draft.shown.course
    states: Mapping[str, PartChange] = {}
    if draft.live is not None:
        states = {change.id: change for change in changes_between(draft.live, course)}
    stems = {stem_of(file): part for part, file in draft.files.items()}
    by_part: dict[str | None, list[Problem]] = {}
    for problem in draft.problems:
        by_part.setdefault(stems.get(stem_of(problem.file)), []).append(problem)
    addresses = {FRONT: url_of(draft.shown.kind, course.id)}
    addresses |= {item.id: activity_address(course.id, item.id) for item in course.activities}
    addresses |= {item.id: sheet_address(course.id, item) for item in course.companions}
    parts = tuple(
        PartNote(
            part,
            title_of(course, part, language),
            address,
            states[part].state if part in states else "",
            url_for("preview.comparison", name=draft.name, part=part or course.id)
            if part in states and states[part].state == "changed"
            else "",
            tuple(by_part.pop(part, ())),
        )
        for part, address in addresses.items()
    )
    rest = [problem for problems in by_part.values() for problem in problems]
    return Notes(title_of(course, FRONT, language), parts, tuple(rest))
