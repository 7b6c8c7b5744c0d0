"""What a report of a plugin is made of, gets and gives: a part of the contract."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from innocap_lms.plugin_host.words import Words


@dataclass(frozen=True)
class ReportChoice:
    """Something to choose on a report's page. `name` is lower-case letters, digits and underscores;
    `choices` map values to words, the first holds where nothing was chosen."""

    name: str
    labels: Words
    choices: Mapping[str, Words]


@dataclass(frozen=True)
class ReportColumn:
    """A column of a report. A person is given by the id that stood in the row: the site writes the
    name, or none where it is protected. In a report that adds up, people are counted once."""

    name: str
    labels: Words
    kind: Literal["text", "day", "number", "person"] = "text"


@dataclass(frozen=True)
class ReportAsked:
    """What a report is asked for: the day it is at the site, the reader's language, and the value
    that was chosen of each of its choices, by name."""

    day: date
    language: str
    chosen: Mapping[str, str]


@dataclass(frozen=True)
class ReportWish:
    """Which rows a report needs: days from `first` to `last`, both included, None for no bound; of
    standings those in one of `states`, () for all. The narrower, the quicker."""

    first: date | None = None
    last: date | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportRow:
    """A standing or a completion that the reader may see. Names are in the reader's language.

    `day` is the last day of a standing, None without one, or the day of a completion. `state` is
    one of the ten standings, "" of a completion; `hours` are those the course plans for one.
    """

    person: str
    organisation: str
    unit: str
    track: str
    course: str
    day: date | None
    state: str = ""
    hours: float = 0.0


@dataclass(frozen=True)
class Report:
    """A report of follow-up, at /hr/reports/<name>; lower-case letters, digits and hyphens.

    It is made of `of` as they are today. `wish` says which of them it needs; `lines` makes, of some
    hundred of these at a time, lines with a value for each column: text, a date or None, a number,
    or the id of a person of the rows. Where it `adds_up`, lines that agree in text and days become
    one, with the numbers added. `chart` names the column whose values get a bar each, and the
    column of numbers that the bars show; "" for the number of lines, and () for no chart.
    """

    name: str
    titles: Words
    summaries: Words
    of: Literal["standings", "completions"]
    columns: tuple[ReportColumn, ...]
    wish: Callable[[ReportAsked], ReportWish]
    lines: Callable[[Sequence[ReportRow], ReportAsked], Sequence[tuple[object, ...]]]
    choices: tuple[ReportChoice, ...] = ()
    adds_up: bool = False
    chart: tuple[str, ...] = ()
