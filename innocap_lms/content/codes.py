"""Every fault the checker knows, by code: its title, how grave it is, and what it means.

A code keeps its meaning for ever; a rule that goes away leaves a gap. `docs/problems.md` is written
from this table and a test keeps the two in step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from innocap_lms.content.explanations import TABLE
from innocap_lms.content.problems import Problem, Severity


@dataclass(frozen=True)
class Code:
    """One row of the table. `explanation` is Markdown: why the rule, how to mend the file."""

    code: str
    severity: Severity
    title: str
    explanation: str


@dataclass(frozen=True)
class Place:
    """A spot in a file of the course. `line` and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1


def _table() -> dict[str, Code]:
    codes = {}
    for row in re.split(r"\n(?=\S)", TABLE.strip()):
        head, _, text = row.partition("\n")
        name, _, title = head.partition(": ")
        code, _, severity = name.partition(" ")
        codes[code] = Code(code, cast(Severity, severity), title, " ".join(text.split()))
    return codes


CODES: Mapping[str, Code] = _table()


def problem(code: str, place: Place, message: str, advice: str) -> Problem:
    """A problem of that code at that place; the table says whether it is an error or a warning.

    Raises KeyError for a code that is not in the table.
    """
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        code=code,
        message=message,
        advice=advice,
        severity=CODES[code].severity,
    )


def explain(code: str) -> str | None:
    """What a code means, as plain text for a terminal; None for a code that is not in the table."""
    row = CODES.get(code.upper())
    return f"{row.code} ({row.severity}): {row.title}\n\n{row.explanation}" if row else None


def problems_page() -> str:
    """The text of `docs/problems.md`."""
    parts = [
        "# Problems the course checker reports\n",
        "An error keeps a course from being published; a warning does not. "
        "`innocap-lms explain C021` prints one of these in the terminal.\n",
    ]
    for row in CODES.values():
        parts.append(
            f"## {row.code} {row.title}\n\n*{row.severity.capitalize()}.* {row.explanation}\n"
        )
    return "\n".join(parts)
