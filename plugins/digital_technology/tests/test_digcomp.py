"""The self-assessment by DigComp, and where the track's courses stand in it."""

import re
from types import SimpleNamespace
from typing import cast

import pytest

from innocap_lms.plugin_api import Course
from innocap_lms.testing.courses import read
from plugins import digital_technology
from plugins.digital_technology.alignments import check_course
from plugins.digital_technology.charts import CHART
from plugins.digital_technology.digcomp import AREAS, DIGCOMP

FRONT = "---\nid: a\nalignments:\n  - {framework: DigComp 3.0}\n---\n"


def aligned(code: str, name: str, *, owner: str = "digital-technology") -> Course:
    """A course that stands in an area by this number and name."""
    found = SimpleNamespace(framework="DigComp 3.0", code=code, name=name)
    return cast(Course, SimpleNamespace(owner=owner, alignments=(found,)))


def test_it_has_the_five_areas_and_21_competences_in_both_languages() -> None:
    competences = [each for area in DIGCOMP.areas for each in area.competences]
    assert (len(DIGCOMP.areas), len(competences)) == (5, 21)
    assert [len(area.competences) for area in DIGCOMP.areas] == [3, 6, 4, 4, 4]
    words = [each for one in competences for each in (one.titles, one.statements)]
    words += [DIGCOMP.titles, DIGCOMP.summaries, *DIGCOMP.levels]
    assert all(set(each) == {"sv", "en"} for each in words)


def test_ids_of_competences_stay_since_answers_are_kept_under_them() -> None:
    ids = " ".join(each.id for area in DIGCOMP.areas for each in area.competences)
    assert ids == (
        "search evaluate manage interact share take-part collaborate behave identity create "
        "rework rights compute devices privacy wellbeing environment troubleshoot needs "
        "be-creative gaps"
    )


def test_each_course_of_the_track_stands_in_an_area_that_there_is() -> None:
    for source in digital_technology.register_courses():
        course = read(source, [CHART])
        assert course.alignments, f"{course.id} names no area of DigComp"
        text = source.folder.joinpath("course.md").read_text(encoding="utf-8")
        assert check_course(course, {"course.md": text}) == [], course.id


def test_the_programme_stands_in_areas_that_there_are() -> None:
    for source in digital_technology.register_programmes():
        text = source.folder.joinpath(f"{source.id}.programme.md").read_text(encoding="utf-8")
        named = re.findall(r'name: "?([^"{]+?)"?, url: [^,]+, code: "(\d)"', text)
        assert named, source.id
        assert all(AREAS[code] == name for name, code in named)


@pytest.mark.parametrize(("code", "name"), [("6", AREAS["1"]), ("2", AREAS["1"]), ("", "Safety")])
def test_an_area_that_there_is_not_is_told_where_it_stands(code: str, name: str) -> None:
    (problem,) = check_course(aligned(code, name), {"course.md": FRONT})
    assert (problem.file, problem.line, problem.code) == ("course.md", 3, "DT001")
    assert "1 Information search, evaluation and management" in problem.advice


def test_courses_of_others_are_theirs_to_place() -> None:
    assert check_course(aligned("6", "Safety", owner="somebody"), {"course.md": FRONT}) == []
