"""Programmes as files: what is read of them, and every fault where it stands, with advice."""

# One case a row reads better than one argument a row.
# ruff: noqa: E501

from dataclasses import replace
from typing import cast

import pytest

from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.problems import errors
from innocap_lms.content.programme import Programme, Step, steps_met
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.content.reader import Reading
from innocap_lms.content.sequence import Known, in_sequence
from innocap_lms.content.snapshot import from_snapshot, to_snapshot
from innocap_lms.content.surroundings import at_a_glance, known_in
from tests.content.courses import Files, MemoryFolder, changed, sound_course
from tests.content.courses import read as read_course_files

SHARED = """---
id: coach
languages: [sv, en]
hours: 5
licence: CC-BY-4.0
owner: service-design
steps: [needs, {choose: 1, of: [sketch, probe]}]
tasks: 1
reviewed: 2026-11-23
---
For those who maintain it.
"""
FRONT = """---
title: {title}
summary: Three courses that belong together.
outcomes:
  - {{id: help, text: Help a unit from need to test}}
---
Begin with [what people need](needs).
"""
OTHERS = {
    "needs": Known(False, 2, ("sv", "en"), 1, ()),
    "sketch": Known(False, 3, ("sv", "en"), 0, ("needs",)),
    "probe": Known(False, 4, ("sv", "en"), 0, ()),
    "leader": Known(True, 9, ("sv",), 0, ("probe",)),
}


def files(old: str = "", new: str = "", *, without: str = "") -> Files:
    """A sound programme with other words in its rules, and without one of its files."""
    assert old in SHARED
    found: Files = {"coach.programme.md": SHARED.replace(old, new)}
    for language, title in (("sv", "Coach"), ("en", "The coach")):
        found[f"coach.programme.{language}.md"] = FRONT.format(title=title)
    return {name: text for name, text in found.items() if name != without}


def read(found: Files, others: dict[str, Known] | None = None) -> Reading:
    reading = read_programme(cast("object", MemoryFolder(found)), "coach")  # type: ignore[arg-type]
    return in_sequence(reading, OTHERS if others is None else others)


def test_a_sound_programme_is_read_whole() -> None:
    reading = read(files())
    programme = reading.course
    assert reading.problems == []
    assert isinstance(programme, Programme)
    assert programme.steps == (Step(("needs",)), Step(("sketch", "probe")))
    assert (programme.needed, programme.task_count, programme.hours) == (2, 1, 5)
    assert programme.texts["en"].title == "The coach"
    assert programme.activities == ()


def test_what_an_edition_keeps_of_it_is_the_same_programme() -> None:
    programme = read(files()).course
    assert programme is not None
    assert from_snapshot(to_snapshot(programme)) == programme


def test_other_steps_or_another_certificate_make_another_edition() -> None:
    programme = read(files()).course
    assert isinstance(programme, Programme)
    others = (
        replace(programme, steps=programme.steps[:1]),
        replace(programme, task_count=2),
        replace(programme, design="gold"),
        replace(programme, prerequisites=("probe",)),
    )
    assert len({programme.fingerprint, *map(of_course, others)}) == 5


def test_the_steps_are_met_by_enough_of_each() -> None:
    programme = read(files()).course
    assert isinstance(programme, Programme)
    assert steps_met(programme, {"needs": 1, "probe": 1})
    assert not steps_met(programme, {"sketch": 1, "probe": 1})


CASES = [
    ("C130", files("[needs, {choose: 1, of: [sketch, probe]}]", "[]"), ("coach.programme.md", 7, 8)),
    ("C131", files("choose: 1", "choose: 2"), ("coach.programme.md", 7, 25)),
    ("C027", files("choose: 1", "choose: some"), ("coach.programme.md", 7, 25)),
    ("C026", files("choose: 1", "chose: 1"), ("coach.programme.md", 7, 17)),
    ("C031", files("sketch, probe", "sketch, needs"), ("coach.programme.md", 7, 41)),
    ("C030", files("needs, {", "Två ord, {"), ("coach.programme.md", 7, 9)),
    ("C132", files("probe]", "prove]"), ("coach.programme.md", 7, 41)),
    ("C132", files("needs, {", "leader, {"), ("coach.programme.md", 7, 9)),
    ("C132", files("tasks: 1", "prerequisites: [nothing]"), ("coach.programme.md", 8, 17)),
    ("C133", files("tasks: 1", "prerequisites: [coach]"), ("coach.programme.md", 8, 17)),
    ("C134", files("hours: 5", "hours: 4"), ("coach.programme.md", 4, 8)),
    ("C134", files("hours: 5", "hours: 7"), ("coach.programme.md", 4, 8)),
    ("C136", files("id: coach", "id: coaches"), ("coach.programme.md", 2, 5)),
    ("C138", files("tasks: 1", "tasks: 2"), ("coach.programme.md", 8, 8)),
    ("C025", files("steps:", "stages:"), ("coach.programme.md", 2, 1)),
    ("C025", files("tasks: 1", "enforce: block"), ("coach.programme.md", 8, 10)),
    ("C002", files(without="coach.programme.sv.md"), ("coach.programme.sv.md", 1, 1)),
    ("C003", files(without="coach.programme.en.md"), ("coach.programme.en.md", 1, 1)),
    ("C006", files("languages: [sv, en]", "languages: [sv]"), ("coach.programme.en.md", 1, 1)),
    ("C001", files(without="coach.programme.md"), ("coach.programme.md", 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "found", "where"), CASES, ids=[f"{code}-{i}" for i, (code, *_) in enumerate(CASES)]
)
def test_a_fault_is_reported_where_it_stands(
    code: str, found: Files, where: tuple[str, int, int]
) -> None:
    reading = read(found)
    told = [each for each in reading.problems if each.code == code]
    assert where in [(each.file, each.line, each.column) for each in told], reading.problems
    assert all(each.message and each.advice for each in reading.problems)
    assert (reading.course is None) == bool(errors(reading.problems))


def test_a_misspelt_course_is_told_with_its_nearest_name() -> None:
    (found,) = read(files("probe]", "prove]")).problems
    assert found.advice == "did you mean “probe”?"


def test_a_course_without_one_of_the_programmes_languages_is_a_warning() -> None:
    others = {**OTHERS, "probe": replace(OTHERS["probe"], languages=("sv",))}
    reading = read(files(), others)
    assert [each.code for each in reading.problems] == ["C135"]
    assert reading.course is not None


def test_a_way_that_leads_back_over_other_plugins_is_told_whole() -> None:
    others = {**OTHERS, "needs": replace(OTHERS["needs"], before=("leader",))}
    others["probe"] = replace(OTHERS["probe"], before=("coach",))
    said = {each.message for each in read(files(), others).problems if each.code == "C133"}
    assert any("coach → needs → leader → probe → coach" in each for each in said)


def test_a_circle_among_others_is_theirs_to_mend() -> None:
    others = {**OTHERS, "needs": replace(OTHERS["needs"], before=("sketch",))}
    assert read(files(), others).problems == []


def test_a_course_names_what_comes_first_and_whether_it_must() -> None:
    course = changed({"course": ("reviewed:", "prerequisites: [probe]\nenforce: block\nreviewed:")})
    reading = in_sequence(read_course_files(course), OTHERS)
    assert reading.course is not None, reading.problems
    assert (reading.course.prerequisites, reading.course.enforce) == (("probe",), "block")
    assert from_snapshot(to_snapshot(reading.course)).prerequisites == ("probe",)


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        ("prerequisites: [probe, prove]", "C132", (9, 24)),
        ("prerequisites: [probe, probe]", "C031", (9, 16)),
        ("prerequisites: [needs]", "C133", (9, 17)),
        ("prerequisites: [probe]\nenforce: must", "C027", (10, 10)),
        ("prerequisites: probe", "C027", (9, 16)),
    ],
)
def test_a_fault_in_what_comes_first_is_told_where_it_stands(
    line: str, code: str, where: tuple[int, int]
) -> None:
    reading = in_sequence(
        read_course_files(changed({"course": ("reviewed:", f"{line}\nreviewed:")})), OTHERS
    )
    told = [each for each in reading.problems if each.code == code]
    assert ("course.md", *where) in [(each.file, each.line, each.column) for each in told]
    assert reading.course is None


def test_a_course_without_prerequisites_keeps_the_fingerprint_it_had() -> None:
    course = read_course_files(sound_course()).course
    assert course is not None
    assert of_course(replace(course, enforce="block")) == course.fingerprint


def test_what_others_need_to_know_is_seen_at_a_glance() -> None:
    course = {**sound_course(), "case.task.sv.md": "", "case.task.en.md": ""}
    folder = MemoryFolder(course)
    assert at_a_glance(folder) == ("needs", Known(False, 2, ("sv", "en"), 1, ()))  # type: ignore[arg-type]
    programmes = [(MemoryFolder(files()), "coach")]
    found = known_in([folder, MemoryFolder({"course.md": "x"})], programmes)  # type: ignore[arg-type,list-item]
    assert set(found) == {"needs", "coach"}
    assert found["coach"].before == ("needs", "sketch", "probe")
