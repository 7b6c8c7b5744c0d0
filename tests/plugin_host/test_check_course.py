"""The hook check_course: what plugins find in a course is told; what is no problem is left out."""

from pathlib import Path

import pytest

from innocap_lms.catalogue.checked import read_checked
from innocap_lms.plugin_host.checking import UnusableResult
from innocap_lms.plugin_host.contract import CourseSource
from tests.conftest import PLUGINS
from tests.plugin_host.conftest import Folder

SOUND = CourseSource("north", PLUGINS / "northern_track" / "courses" / "first-steps")
FINDS = """
@hookimpl
def check_course(course, texts):
    line = texts["course.md"].split("\\n").index("id: " + course.id) + 1
    return [Problem("course.md", line, 1, "N001", "too short a name", "write more", "{severity}")]
"""


def checked(folder: Folder, body: str, *, strict: bool = False) -> tuple[set[str], bool]:
    folder.write("finds", body)
    host = folder.host(strict=strict)
    reading = read_checked(SOUND, host)
    return {
        each.code for each in reading.problems if each.code != "C045"
    }, reading.course is not None


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch, folder: Folder) -> None:
    """The core's question kinds are loaded too, as everywhere."""
    (folder.path / "kinds.py").write_text(
        "from innocap_lms.plugin_api import *\n"
        "from innocap_lms.content.built_in import BUILT_IN_KINDS\n"
        "plugin = Plugin(name='kinds', version='1')\n"
        "@hookimpl\ndef register_question_kinds(): return BUILT_IN_KINDS\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize(("severity", "may_be_published"), [("warning", True), ("error", False)])
def test_a_warning_is_told_and_an_error_keeps_the_course_back(
    folder: Folder, severity: str, may_be_published: bool
) -> None:
    found = checked(folder, FINDS.format(severity=severity))
    assert found == ({"N001"}, may_be_published)


def test_a_course_whose_files_hold_an_error_is_not_asked_about(
    folder: Folder, tmp_path: Path
) -> None:
    folder.write("finds", FINDS.format(severity="error"))
    (tmp_path / "broken").mkdir()
    reading = read_checked(CourseSource("north", tmp_path / "broken"), folder.host())
    assert [each.code for each in reading.problems] == ["C001"]


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ("Problem('course.md', 1, 1, 'C031', 'm', 'a')", "is the core's"),
        ("Problem('course.md', 0, 1, 'N001', 'm', 'a')", "count from 1"),
        ("Problem('course.md', 1, 1, 'N001', '', 'a')", "lacks"),
        ("Problem('course.md', 1, 1, 'N001', 'm', 'a', 'grave')", "neither an error"),
        ("'course.md: wrong'", "not a Problem"),
    ],
)
def test_what_is_no_problem_is_left_out_and_raised_to_authors(
    folder: Folder, gives: str, said: str
) -> None:
    body = f"@hookimpl\ndef check_course(course, texts):\n    return [{gives}]\n"
    assert checked(folder, body) == ({"C123"}, True), "a warning says that nobody has looked"
    with pytest.raises(UnusableResult, match=said):
        checked(folder, body, strict=True)
