"""Facts that lessons cite come from the track's fact sheet, whose entries are SD-F1, SD-F2 …"""

import re
from collections.abc import Iterator, Mapping

from innocap_lms.plugin_api import Course, Problem, hookimpl

OWNER = "service-design"
FACT = re.compile(r"SD-F[1-9][0-9]*")
_CITED = re.compile(r"\bfact:\s*[\"']?([^\s,}\"']+)")


@hookimpl
def check_course(course: Course, texts: Mapping[str, str]) -> list[Problem]:
    """A warning for each source of the track's own courses that names no entry of the sheet."""
    if course.owner != OWNER:
        return []
    return [problem for file, text in texts.items() for problem in _in_text(file, text)]


def _in_text(file: str, text: str) -> Iterator[Problem]:
    fields, _, _body = text.removeprefix("---").partition("\n---")
    for number, line in enumerate(fields.split("\n"), 1):
        for cited in _CITED.finditer(line):
            if not FACT.fullmatch(cited[1]):
                said = f"“{cited[1]}” is no entry of the track's fact sheet"
                advice = "write fact: SD-F10, or leave fact out where the source is another"
                yield Problem(file, number, cited.start(1) + 1, "SD001", said, advice, "warning")
