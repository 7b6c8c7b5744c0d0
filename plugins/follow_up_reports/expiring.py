"""What expires within 30, 60 and 90 days: who, in what, on which day."""

from collections.abc import Sequence
from datetime import timedelta

from innocap_lms.plugin_api import (
    Report,
    ReportAsked,
    ReportChoice,
    ReportColumn,
    ReportRow,
    ReportWish,
)

SPANS = (30, 60, 90)  # days
IN_ORDER = ("valid", "credited", "renewal_open")
WITHIN = {"sv": "inom {days} dagar", "en": "within {days} days"}


def wish(asked: ReportAsked) -> ReportWish:
    """What is in order today and ends within the days that were chosen."""
    last = asked.day + timedelta(days=int(asked.chosen["within"]))
    return ReportWish(asked.day, last, IN_ORDER)


def lines(rows: Sequence[ReportRow], asked: ReportAsked) -> list[tuple[object, ...]]:
    return [
        (row.person, row.unit, row.course, row.day, _span(row, asked)) for row in rows if row.day
    ]


def _span(row: ReportRow, asked: ReportAsked) -> str:
    """The shortest span of days in which it ends."""
    left = (row.day - asked.day).days if row.day else 0
    days = next(span for span in SPANS if left <= span)
    return WITHIN.get(asked.language, WITHIN["en"]).format(days=days)


EXPIRING = Report(
    name="expiring",
    titles={"sv": "Det som löper ut", "en": "What expires"},
    summaries={
        "sv": "Krav som är i ordning i dag och löper ut inom 30, 60 eller 90 dagar, om inget görs.",
        "en": "What is in order today and expires within 30, 60 or 90 days if nothing is done.",
    },
    of="standings",
    columns=(
        ReportColumn("person", {"sv": "Namn", "en": "Name"}, "person"),
        ReportColumn("unit", {"sv": "Enhet", "en": "Unit"}),
        ReportColumn("course", {"sv": "Krav", "en": "Requirement"}),
        ReportColumn("last_day", {"sv": "Sista dag", "en": "Last day"}, "day"),
        ReportColumn("within", {"sv": "Löper ut", "en": "Expires"}),
    ),
    wish=wish,
    lines=lines,
    choices=(
        ReportChoice(
            "within",
            {"sv": "Löper ut", "en": "Expires"},
            {
                str(days): {key: text.format(days=days) for key, text in WITHIN.items()}
                for days in reversed(SPANS)
            },
        ),
    ),
    chart=("within", ""),
)
