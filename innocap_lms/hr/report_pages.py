"""What the pages of reports show: the list of them, and one of a plugin with chart and table."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date

from innocap_lms.hr import queries
from innocap_lms.hr.filters import MAX_TEXT
from innocap_lms.hr.pages import place_labels, unit_choices
from innocap_lms.hr.progress import file_address, is_at_once
from innocap_lms.hr.report_lines import Chart, Line, lines_of
from innocap_lms.hr.report_rows import Batch, Where, number_of_rows, rows_of
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.report_types import ReportAsked, ReportWish
from innocap_lms.plugin_host.reports import WatchedReport
from innocap_lms.plugin_host.words import Words

MOST_SHOWN = 200  # lines on a page; the files have all
MOST_BARS = 36
OWN = ("completions", "register", "certificates")  # addresses of the site's own reports


Follow = Callable[[Iterable[Batch]], Iterator[Batch]]


@dataclass(frozen=True)
class Bar:
    """A bar of a report's chart; `width` is a share of 100."""

    name: str
    number: float
    width: float


@dataclass(frozen=True)
class AskedReport:
    """A report with what it is asked for, by whom."""

    watched: WatchedReport
    viewer: Viewer
    where: Where
    asked: ReportAsked
    zone: ZoneInfo

    def lines(self, chart: Chart, follow: Follow = iter) -> Generator[Line]:
        """Its lines, in the viewer's scope: close them. `follow` looks at the batches of rows as
        they go by. Raises PluginFailed."""
        with closing(rows_of(*self._wanted())) as batches:
            yield from lines_of(self.watched, follow(batches), self.asked, chart)

    def number_of_rows(self) -> int:
        """Of how many rows it is made. Raises PluginFailed."""
        return number_of_rows(*self._wanted())

    def _wanted(self) -> tuple[Viewer, str, ReportWish, Where, ReportAsked, ZoneInfo]:
        wish, source = self.watched.wish(self.asked), self.watched.report.of
        return self.viewer, source, wish, self.where, self.asked, self.zone

    def address(self) -> dict[str, Any]:
        """What was chosen, as the query part of an address."""
        values = {**self.where._asdict(), **self.asked.chosen}
        return {name: value for name, value in values.items() if value}

    def heads(self) -> list[str]:
        """The heads of its columns in the reader's language."""
        return [in_language(column.labels) for column in self.watched.report.columns]


def read_report(
    watched: WatchedReport, viewer: Viewer, values: Mapping[str, str], day: date, zone: ZoneInfo
) -> AskedReport:
    """A report as an address asks for it; a choice that is none is the first one."""
    chosen = {
        choice.name: picked if picked in choice.choices else next(iter(choice.choices))
        for choice in watched.report.choices
        for picked in [values.get(choice.name, "")]
    }
    where = Where(*(values.get(name, "").strip()[:MAX_TEXT] for name in Where._fields))
    return AskedReport(watched, viewer, where, ReportAsked(day, request_language(), chosen), zone)


def report_page(asked: AskedReport) -> dict[str, Any]:
    """The context of hr/report.html. Raises PluginFailed."""
    chart, shown, number = Chart(asked.watched.report), list[Line](), 0
    with closing(asked.lines(chart)) as lines:
        for number, line in enumerate(lines, 1):
            if number <= MOST_SHOWN:
                shown.append(line)
    name, address = asked.watched.report.name, asked.address()
    return {
        **frame(asked),
        "heads": list(zip(asked.heads(), asked.watched.report.columns, strict=True)),
        "lines": shown,
        "number": number,
        "adds_up": asked.watched.report.adds_up,
        "bars": _bars(chart),
        "charted": _charted(asked),
        "csv_url": file_address("report", number, {"report": name, **address, **decimal()}),
        "xlsx_url": file_address("report-xlsx", number, {"report": name, **address}),
        "at_once": is_at_once(number),
    }


def frame(asked: AskedReport) -> dict[str, Any]:
    """What the page of a report has whether or not it can be made."""
    report, places = asked.watched.report, queries.places(asked.viewer)
    return {
        "name": report.name,
        "address": asked.address(),
        "title": in_language(report.titles),
        "summary": in_language(report.summaries),
        "typed": {**asked.where._asdict(), **asked.asked.chosen},
        "choices": [
            (each.name, in_language(each.labels), _options(each.choices)) for each in report.choices
        ],
        **unit_choices(places, place_labels(places)),
    }


def list_of(reports: Iterable[WatchedReport]) -> list[tuple[str, str, str]]:
    """(name, title, summary) of each report of a plugin that no report of the site hides."""
    found = [each.report for each in reports if each.report.name not in OWN]
    return sorted(
        ((each.name, in_language(each.titles), in_language(each.summaries)) for each in found),
        key=lambda each: each[1],
    )


def in_language(words: Words) -> str:
    """The words in the reader's language, else in English, else in any."""
    return words.get(request_language()) or words.get("en") or next(iter(words.values()))


def decimal() -> dict[str, Any]:
    """A Swedish spreadsheet reads 1.5 as the first of May: its readers get a comma."""
    return {"decimal": "comma"} if request_language() == "sv" else {}


def _options(choices: Mapping[str, Words]) -> list[tuple[str, str]]:
    return [(value, in_language(words)) for value, words in choices.items()]


def _charted(asked: AskedReport) -> list[str]:
    """The heads of the columns that the chart is made of; "" for the number of lines."""
    columns = asked.watched.report.columns
    heads = {column.name: head for column, head in zip(columns, asked.heads(), strict=True)}
    return [heads.get(name, "") for name in asked.watched.report.chart]


def _bars(chart: Chart) -> list[Bar]:
    """The bars by text or day; where there are too many, the first."""
    totals = {key: tally.total for key, tally in chart.bars.items()}
    most = max(totals.values(), default=0)
    keys = sorted(totals, key=lambda key: (key is not None, key))[:MOST_BARS]
    return [
        Bar(_label(key), totals[key], round(100 * max(totals[key], 0) / most, 1) if most > 0 else 0)
        for key in keys
    ]


def _label(key: str | date | None) -> str:
    return str(format_date(key, "long")) if isinstance(key, date) else key or ""
