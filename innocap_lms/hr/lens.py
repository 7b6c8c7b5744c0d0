"""What is looked at in standings: read from an address, written back into one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.hr.filters import MAX_TEXT
from innocap_lms.hr.scope import Lens
from innocap_lms.requirements.known_days import place_on
from innocap_lms.requirements.periods import GROUPS

FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)  # days about which there is anything to say
SHOWN: Final = "shown"  # as shown that day, not as known now


@dataclass(frozen=True)
class Looked:
    """A lens with how it was asked for: `on` is empty for today, `known` is "" or SHOWN."""

    lens: Lens
    on: str
    known: str
    problems: tuple[tuple[str, str], ...] = ()
    sort: str = ""  # as written: the columns are known to the page, see `sorting`

    def address(self, **changed: str) -> dict[str, Any]:
        """The query part of an address; what is empty is left out."""
        values = {
            "on": self.on,
            "known": self.known,
            "organisation": self.lens.organisation,
            "unit": self.lens.unit,
            "requirement": self.lens.requirement,
            "state": self.lens.state,
            "name": self.lens.name,
            "sort": self.sort,
            **changed,
        }
        return {name: value for name, value in values.items() if value}


def look(values: Mapping[str, str], zone: ZoneInfo) -> Looked:
    """The lens that an address asks for. A day that is none, or too far away, is a problem, and
    today is shown."""
    today = clock.utcnow().astimezone(zone).date()
    text = values.get("on", "").strip()[:MAX_TEXT]
    day, problem = _day(text, today)
    text = "" if problem else text
    known = SHOWN if values.get("known") == SHOWN and day < today else ""

    def word(name: str) -> str:
        return values.get(name, "").strip()[:MAX_TEXT]

    state = word("state")
    lens = Lens(
        day,
        place_on(day) if known else None,
        word("organisation"),
        word("unit"),
        word("requirement"),
        state if state in GROUPS or state in GROUPS.values() else "",
        word("name"),
    )
    problems = (("on", problem),) if problem else ()
    return Looked(lens, text if day != today else "", known, problems, word("sort"))


def _day(text: str, today: date) -> tuple[date, str]:
    """The day that was written, today where none was; and what is wrong with it, in words."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return today, _("%(text)s is not a date: write it as 2026-11-23.", text=text)
    if FIRST <= day <= LAST:
        return day, ""
    return today, _("Choose a day from %(first)s to %(last)s.", first=FIRST, last=LAST)
