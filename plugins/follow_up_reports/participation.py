"""Participations, persons and planned hours by month and unit."""

from collections.abc import Sequence
from datetime import date, timedelta

from innocap_lms.plugin_api import (
    Report,
    ReportAsked,
    ReportChoice,
    ReportColumn,
    ReportRow,
    ReportWish,
)


def wish(asked: ReportAsked) -> ReportWish:
    """The completions of the year that was chosen."""
    this = date(asked.day.year, 1, 1)
    if asked.chosen["year"] == "last":
        return ReportWish(date(asked.day.year - 1, 1, 1), this - timedelta(days=1))
    return ReportWish(this if asked.chosen["year"] == "this" else None)


def lines(rows: Sequence[ReportRow], _asked: ReportAsked) -> list[tuple[object, ...]]:
    return [(f"{row.day:%Y-%m}", row.unit, 1, row.person, row.hours) for row in rows if row.day]


PARTICIPATION = Report(
    name="participation",
    titles={"sv": "Deltaganden per månad", "en": "Participation by month"},
    summaries={
        "sv": "Ett deltagande är en person som är klar med en kurs; en person räknas en gång per "
        "månad och enhet. Timmarna är de som kursen är planerad för.",
        "en": "A participation is one person who completed one course; a person counts once a "
        "month and unit. Hours are those that the course plans for.",
    },
    of="completions",
    columns=(
        ReportColumn("month", {"sv": "Månad", "en": "Month"}),
        ReportColumn("unit", {"sv": "Enhet", "en": "Unit"}),
        ReportColumn("participations", {"sv": "Deltaganden", "en": "Participations"}, "number"),
        ReportColumn("persons", {"sv": "Personer", "en": "Persons"}, "person"),
        ReportColumn("hours", {"sv": "Planerade timmar", "en": "Planned hours"}, "number"),
    ),
    wish=wish,
    lines=lines,
    choices=(
        ReportChoice(
            "year",
            {"sv": "År", "en": "Year"},
            {
                "this": {"sv": "I år", "en": "This year"},
                "last": {"sv": "Förra året", "en": "Last year"},
                "all": {"sv": "Alla år", "en": "All years"},
            },
        ),
    ),
    adds_up=True,
    chart=("month", "persons"),
)
