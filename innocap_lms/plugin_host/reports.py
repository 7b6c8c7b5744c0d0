"""Reports of plugins: is one sound, and its functions as the site calls them, watched and checked.

What a report gives may name nobody but the people of the rows it was given: the scope stays the
site's.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from innocap_lms.plugin_host.crossing import MOST_BYTES, copied, weight
from innocap_lms.plugin_host.report_types import (
    Report,
    ReportAsked,
    ReportChoice,
    ReportColumn,
    ReportRow,
    ReportWish,
)
from innocap_lms.plugin_host.watch import Watch
from innocap_lms.plugin_host.words import SLUG, are_words

NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
# What an address of a report says already, and what the site reads of any address of follow-up.
TAKEN: Final = (
    "report", "organisation", "unit", "requirement", "after", "before", "decimal", "export", "of",
    "endpoint",
)  # fmt: skip
KINDS: Final = ("text", "day", "number", "person")
SOURCES: Final = ("standings", "completions")

Line = tuple[Any, ...]
Result = TypeVar("Result")


class UnusableReport(TypeError):
    """A report gave something that the contract does not promise; the message says what."""


@dataclass(frozen=True)
class WatchedReport:
    """A report and the plugin it is of. Its functions raise PluginFailed, and in strict mode what
    the plugin raised."""

    plugin: str
    report: Report
    watch: Watch

    def wish(self, asked: ReportAsked) -> ReportWish:
        """Which rows it needs."""
        return self._run("wish", lambda: _wish(self.report.wish(copied(asked))))

    def lines(self, rows: Sequence[ReportRow], asked: ReportAsked) -> list[Line]:
        """The lines it makes of some rows."""

        def made() -> list[Line]:
            given = self.report.lines(copied(rows), copied(asked))
            return list(_lines(self.report, {row.person for row in rows}, given))

        return self._run("lines", made)

    def _run(self, part: str, call: Callable[[], Result]) -> Result:
        return self.watch.run(self.plugin, f"{part} of report {self.report.name}", call)


def fault_of_report(report: Report) -> str:
    """What makes a report unusable, or "" when nothing does."""
    if not isinstance(report.name, str) or not SLUG.match(report.name):
        return f"the report {report.name!r:.80} is not lower-case letters, digits and hyphens"
    of = f"report {report.name}"
    if not are_words(report.titles) or not are_words(report.summaries):
        return f"{of}: titles and summaries map languages to text"
    if report.of not in SOURCES:
        return f"{of}: it is made of {' or '.join(SOURCES)}"
    if not callable(report.wish) or not callable(report.lines):
        return f"{of}: wish and lines are functions"
    if not isinstance(report.adds_up, bool):
        return f"{of}: adds_up is True or False"
    named = [*_parts(report.columns, ReportColumn), *_parts(report.choices, ReportChoice)]
    if fault := next(filter(None, named), ""):
        return f"{of}: {fault}"
    return _fault_of_chart(report, of)


def _parts(parts: Any, kind: type[Any]) -> Iterator[str]:
    """What is wrong with columns, or choices."""
    if not isinstance(parts, tuple) or (kind is ReportColumn and not parts):
        yield f"it has a tuple of {kind.__name__}"
        return
    seen = set[str]()
    for part in parts:
        if type(part) is not kind or not isinstance(part.name, str) or not NAME.match(part.name):
            yield f"each {kind.__name__} has a name of a-z, 0-9 and _"
        elif part.name in seen:
            yield f"two are named {part.name}"
        elif not are_words(part.labels):
            yield f"{part.name}: labels do not map languages to text"
        elif isinstance(part, ReportColumn) and part.kind not in KINDS:
            yield f"{part.name}: a column is of one of {', '.join(KINDS)}"
        elif isinstance(part, ReportChoice) and part.name in TAKEN:
            yield f"{part.name}: the site itself uses this name, choose another"
        elif isinstance(part, ReportChoice) and not _can_be_chosen(part):
            yield f"{part.name}: choices do not map values to words"
        else:
            seen.add(part.name)


def _can_be_chosen(choice: ReportChoice) -> bool:
    values = choice.choices
    return (
        isinstance(values, Mapping)
        and bool(values)
        and all(isinstance(value, str) and are_words(words) for value, words in values.items())
    )


def _fault_of_chart(report: Report, of: str) -> str:
    if report.chart == ():
        return ""
    kinds = {column.name: column.kind for column in report.columns}
    if not isinstance(report.chart, tuple) or len(report.chart) != 2:
        return f"{of}: chart is (column of the bars, column of what they show)"
    by, shows = report.chart
    if kinds.get(by) not in ("text", "day"):
        return f"{of}: the chart has a bar for each value of a column of text or days"
    if shows and kinds.get(shows) not in ("number", "person"):
        return f"{of}: the bars of the chart show a column of numbers or people"
    return ""


def _wish(given: object) -> ReportWish:
    days = (date, type(None))
    if type(given) is not ReportWish or weight(given) > MOST_BYTES:
        raise UnusableReport("wish gave no ReportWish")
    wish: ReportWish = copied(given)
    sound = type(wish.first) in days and type(wish.last) in days and type(wish.states) is tuple
    if not sound or not all(type(state) is str for state in wish.states):
        raise UnusableReport("wish gave something other than days and names of standings")
    return wish


def _lines(report: Report, people: set[str], given: object) -> Iterator[Line]:
    if type(given) not in (list, tuple):
        raise UnusableReport("lines gave no list")
    if weight(given) > MOST_BYTES:
        raise UnusableReport(f"lines gave more than {MOST_BYTES // 1_000_000} MB")
    kinds = [column.kind for column in report.columns]
    for line in copied(given):
        if type(line) is not tuple or len(line) != len(kinds):
            raise UnusableReport(f"a line is a tuple of {len(kinds)} values")
        for column, value in zip(report.columns, line, strict=True):
            if not _FITS[column.kind](value, people):
                raise UnusableReport(f"{column.name} is to be a {column.kind}")
        yield line


def _is_number(value: object, _people: set[str]) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


_FITS: Final[Mapping[str, Callable[[Any, set[str]], bool]]] = {
    "text": lambda value, _people: type(value) is str,
    "day": lambda value, _people: value is None or type(value) is date,
    "number": _is_number,
    "person": lambda value, people: type(value) is str and value in people,
}
