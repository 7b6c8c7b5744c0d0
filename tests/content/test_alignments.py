"""Where a course stands in frameworks that others know: from its file to its certificates."""

import pytest

from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.model import Alignment
from innocap_lms.content.snapshot import from_snapshot, to_snapshot
from tests.content.courses import changed, codes, read, sound_course

REVIEWED = "reviewed: 2026-11-23\n"
SAFETY = "{framework: DigComp 3.0, name: Safety, url: https://example.eu/safety, code: '4'}"


def aligned(*entries: str) -> dict[str, tuple[str, str]]:
    lines = "".join(f"  - {entry}\n" for entry in entries)
    return {"course": (REVIEWED, f"{REVIEWED}alignments:\n{lines}")}


def test_a_course_names_where_it_stands_and_an_edition_keeps_it() -> None:
    course = read(changed(aligned(SAFETY))).course
    assert course is not None
    expected = (Alignment("DigComp 3.0", "Safety", "https://example.eu/safety", "4"),)
    assert course.alignments == expected
    assert from_snapshot(to_snapshot(course)).alignments == expected


def test_a_course_without_any_is_the_edition_it_was() -> None:
    course = read(sound_course()).course
    assert course is not None
    assert course.alignments == ()
    before = to_snapshot(course)
    del before["alignments"]  # as earlier versions wrote it
    assert of_course(from_snapshot(before)) == course.fingerprint
    other = read(changed(aligned(SAFETY))).course
    assert other is not None
    assert other.fingerprint != course.fingerprint


@pytest.mark.parametrize(
    "entry",
    [
        "{framework: DigComp 3.0, name: Safety}",
        "{framework: DigComp 3.0, name: Safety, url: 'javascript:alert(1)'}",
        "{framework: DigComp 3.0, name: Safety, url: https://example.eu, more: words}",
        "DigComp 3.0",
    ],
)
def test_what_says_not_enough_or_leads_astray_is_named(entry: str) -> None:
    assert codes(read(changed(aligned(entry))))
