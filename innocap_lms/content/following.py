"""Faults of a translation that only follow from one of the lead language: said once is enough."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from innocap_lms.content.problems import Problem

# Where a translation is compared with the lead language.
COMPARED: Final = ("C032", "C035", "C107", "C108", "C141")


def without_what_follows(
    problems: Sequence[Problem], leads: Mapping[str, str], parts: Mapping[str, Sequence[int]]
) -> list[Problem]:
    """The problems without those of a translation in a part whose sister holds an error itself.

    `leads` names the lead language's file of each translation; `parts` says on which lines the
    questions or criteria of a file begin. What stands before the first is a part too.
    """
    broken = {
        (each.file, _part(each, parts))
        for each in problems
        if each.severity == "error" and each.file not in leads
    }
    return [
        each
        for each in problems
        if each.code not in COMPARED
        or each.file not in leads
        or (leads[each.file], _part(each, parts)) not in broken
    ]


def _part(problem: Problem, parts: Mapping[str, Sequence[int]]) -> int:
    return bisect_right(parts.get(problem.file, ()), problem.line)
