"""The lines of a plugin's report: made batch by batch, added up where it says so, charted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from innocap_lms.hr.report_rows import Batch
from innocap_lms.plugin_host.report_types import Report, ReportAsked, ReportColumn
from innocap_lms.plugin_host.reports import WatchedReport

ADDED = ("number", "person")


class Who(NamedTuple):
    """A person in a line. No name where protected."""

    id: str
    name: str


Value = str | date | int | float | Who | None
Line = tuple[Value, ...]


@dataclass
class Tally:
    """Numbers added up, or people each counted once."""

    number: float = 0
    people: set[str] = field(default_factory=set)

    def add(self, value: Any) -> None:
        if isinstance(value, str):
            self.people.add(value)
        else:
            self.number += value

    @property
    def total(self) -> float:
        return self.number + len(self.people)


@dataclass
class Chart:
    """What the bars of a report show, filled while its lines are made: every line counts, also
    where they are added up, so that a person who stands in two of them is one."""

    report: Report
    bars: dict[str | date | None, Tally] = field(default_factory=dict)

    def add(self, line: Sequence[Any]) -> None:
        if not self.report.chart:
            return
        by, shows = self.report.chart
        names = [column.name for column in self.report.columns]
        bar = self.bars.setdefault(line[names.index(by)], Tally())
        bar.add(line[names.index(shows)] if shows else 1)


def lines_of(
    watched: WatchedReport, batches: Iterable[Batch], asked: ReportAsked, chart: Chart
) -> Iterator[Line]:
    """All lines of a report, made as they are asked for; where it adds up, only once all rows have
    been seen. Raises PluginFailed, in strict mode what the plugin raised."""
    report = watched.report
    groups: dict[tuple[Any, ...], list[Tally]] = {}
    for batch in batches:
        for line in watched.lines(batch.rows, asked):
            chart.add(line)
            if report.adds_up:
                _add(groups, report.columns, line)
            else:
                yield _named(report.columns, line, batch)
    for key in sorted(groups, key=_order):
        texts, totals = iter(key), iter(groups[key])
        yield tuple(
            next(totals).total if column.kind in ADDED else next(texts) for column in report.columns
        )


def _add(
    groups: dict[tuple[Any, ...], list[Tally]],
    columns: Iterable[ReportColumn],
    line: Sequence[Any],
) -> None:
    pairs = list(zip(columns, line, strict=True))
    key = tuple(value for column, value in pairs if column.kind not in ADDED)
    values = [value for column, value in pairs if column.kind in ADDED]
    for tally, value in zip(groups.setdefault(key, [Tally() for _ in values]), values, strict=True):
        tally.add(value)


def _named(columns: Iterable[ReportColumn], line: Sequence[Any], batch: Batch) -> Line:
    return tuple(
        Who(value, batch.names[value]) if column.kind == "person" else value
        for column, value in zip(columns, line, strict=True)
    )


def _order(key: Iterable[Any]) -> tuple[Any, ...]:
    """By text and day; what has no day comes first."""
    return tuple((value is not None, value) for value in key)
