"""Where the track's courses stand in DigComp 3.0: by its own numbers and names of areas."""

from collections.abc import Mapping
from typing import Final

from innocap_lms.plugin_api import Course, Problem, hookimpl
from plugins.digital_technology.digcomp import AREAS

OWNER: Final = "digital-technology"
FRAMEWORK: Final = "DigComp 3.0"
FILE: Final = "course.md"


@hookimpl
def check_course(course: Course, texts: Mapping[str, str]) -> list[Problem]:
    """An error for each alignment of the track's own courses to an area that DigComp does not
    have."""
    if course.owner != OWNER:
        return []
    lines = texts.get(FILE, "").split("\n")
    line = next((at for at, text in enumerate(lines, 1) if text.startswith("alignments:")), 1)
    known = ", ".join(f"{code} {name}" for code, name in AREAS.items())
    return [
        Problem(
            FILE,
            line,
            1,
            "DT001",
            f"{FRAMEWORK} has no area “{each.code} {each.name}”",
            f"write code and name of one of {known}",
        )
        for each in course.alignments
        if each.framework == FRAMEWORK and AREAS.get(each.code) != each.name
    ]
