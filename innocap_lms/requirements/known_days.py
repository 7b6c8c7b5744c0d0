"""On which day each place in the ledger became known: what was shown on a day is what was known by
its end.

A day begins with the first event that was recorded on it, where the organisation is. Now and then
one that was recorded a moment before midnight is sealed after that: it became known on the new day.
So what a day knew never changes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from innocap_lms.extensions import db, deriving, insert_once
from innocap_lms.ledger.models import LedgerEvent, LedgerSeal
from innocap_lms.requirements.days import site_zone, start_of
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.models import KnownDay, in_numbers

STRETCH: Final = 5000  # places that one statement looks through
_DAY: Final = timedelta(days=1)


class KnownDays:
    """The numbers of days by the places at which they begin, both in order."""

    def __init__(self, begun: Sequence[tuple[int, int]]) -> None:
        self._places = [place for place, _day in begun]
        self._days = [day for _place, day in begun]

    def day(self, place: int) -> int:
        """The number of the day on which a place became known."""
        return self._days[bisect_right(self._places, place) - 1]


def known_days(after: int) -> KnownDays:
    """All days up to now. Those that have begun since a place of the ledger are noted first; up to
    there they have been."""
    begun = [(row[0], row[1]) for row in db.session.execute(_BEGUN)]
    newest = db.session.scalar(select(func.max(LedgerSeal.sequence))) or 0
    last, day = begun[-1] if begun else (0, 0)
    found = _beginnings(max(after, last), newest, date.fromordinal(day) if day else None)
    if found:
        with deriving():
            for place, its_day in found:
                insert_once(KnownDay, ("day",), day=its_day, place=place)
    return KnownDays(begun + [(place, its_day.toordinal()) for place, its_day in found])


_days = in_numbers(KnownDay).c
_BEGUN = select(_days.place, _days.day).order_by(_days.place)


def _beginnings(after: int, newest: int, day: date | None) -> list[tuple[int, date]]:
    """Where days later than `day` begin among the places after one, up to the newest."""
    found: list[tuple[int, date]] = []
    place = after
    while place < newest:
        row = db.session.execute(
            select(LedgerSeal.sequence, LedgerEvent.recorded_at)
            .join(LedgerEvent, LedgerEvent.id == LedgerSeal.event_id)
            .where(LedgerSeal.sequence > place, LedgerSeal.sequence <= place + STRETCH)
            .where(*([LedgerEvent.recorded_at >= start_of(day + _DAY)] if day else []))
            .order_by(LedgerSeal.sequence)
            .limit(1)
        ).first()
        if row is None:
            place += STRETCH
            continue
        place, day = row.sequence, _day_of(row.recorded_at)
        found.append((place, day))
    return found


def _day_of(moment: datetime) -> date:
    return moment.astimezone(site_zone()).date()


def place_on(day: date) -> int:
    """The last place of the ledger that was known by the end of a day. One statement."""
    following = select(func.min(KnownDay.place)).where(KnownDay.day > day)
    return (db.session.scalar(following) or STILL) - 1
