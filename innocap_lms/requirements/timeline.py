"""The standing of a person towards a requirement: one pure function, days in, periods out.

Days are the organisation's: an event at 23:30 UTC may belong to the next day. Periods are
half-open, touch each other, and reach into the future, so that a forecast is a look-up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from innocap_lms.content.validity import last_valid_day
from innocap_lms.requirements.periods import Event, Period, Reason, Requirement, State, plus


@dataclass(frozen=True)
class _Fact:
    """An event on its day, corrections applied; `ended` is the day of its revocation."""

    event: Event
    day: date
    ended: date | None

    def holds(self, today: date) -> bool:
        return self.day <= today and (self.ended is None or today < self.ended)


def timeline(requirement: Requirement, events: Iterable[Event]) -> list[Period]:
    """Every standing from `requirement.since` on, in order. The order of `events` means nothing.

    A correction is retroactive, since it says what was true all along. Everything else changes
    nothing before its own day.
    """
    facts = _facts(requirement, events)
    days = sorted({requirement.since, *_turning_days(requirement, facts)})
    days = [day for day in days if day >= requirement.since]
    periods: list[Period] = []
    for day in days:
        state, because = _standing_on(day, requirement, facts)
        if periods and (periods[-1].state, periods[-1].because) == (state, because):
            continue
        if periods:
            last = periods[-1]
            periods[-1] = Period(last.state, last.valid_from, day, last.because)
        periods.append(Period(state, day, None, because))
    return periods


def standing(periods: Sequence[Period], as_of: date) -> Period:
    """The period that holds on that day. Raises LookupError for a day before the first."""
    index = bisect_right(periods, as_of, key=lambda period: period.valid_from) - 1
    if index < 0:
        raise LookupError(f"nothing was required on {as_of}")
    return periods[index]


def _facts(requirement: Requirement, events: Iterable[Event]) -> list[_Fact]:
    """What counts, on the organisation's days, in the order in which it happened."""
    zone = ZoneInfo(requirement.timezone)
    ordered = sorted(set(events), key=lambda event: (event.at, event.id))
    moved = {e.target: e.instead for e in ordered if e.kind == "corrected" and e.instead}
    moments = [(moved.get(event.id) or event.at, event) for event in ordered]
    ended: dict[str | None, date] = {}
    for at, event in moments:
        if event.kind == "revoked":
            day = at.astimezone(zone).date()
            ended[event.target] = min(day, ended.get(event.target, day))
    return [
        _Fact(event, at.astimezone(zone).date(), ended.get(event.id))
        for at, event in sorted(moments, key=lambda pair: (pair[0], pair[1].id))
        if event.kind not in ("revoked", "corrected")
    ]


def _pauses(facts: Iterable[_Fact]) -> list[tuple[date, date]]:
    """The days without a demand: from the first of a pause up to, not including, the one on which
    it is over. Each ends by itself; those that touch are one."""
    found: list[tuple[date, date]] = []
    paused = [fact for fact in facts if fact.event.kind == "paused"]
    for first, over in sorted((fact.day, _over(fact)) for fact in paused):
        if over <= first:
            continue
        if found and found[-1][1] >= first:
            found[-1] = (found[-1][0], max(found[-1][1], over))
        else:
            found.append((first, over))
    return found


def _over(fact: _Fact) -> date:
    """The day on which a pause holds no longer."""
    last = plus(fact.event.until, 1) if fact.event.until else date.max
    return min(last, fact.ended or date.max)


def _extended(begin: date, deadline: date, pauses: Iterable[tuple[date, date]]) -> date:
    """A deadline, later by the days of pause in the time there was for it, from `begin` on."""
    for first, over in pauses:
        if begin < over < date.max and first <= deadline:
            deadline = plus(deadline, (over - max(first, begin)).days)
    return deadline


def _turning_days(requirement: Requirement, facts: list[_Fact]) -> Iterator[date]:
    """Every day on which the standing may change; one too many does no harm."""
    pauses = _pauses(facts)
    yield from (day for pause in pauses for day in pause if day < date.max)
    called = (requirement.renewal_called, requirement.renewal_taken_back)
    yield from (day for day in called if day)
    for fact in facts:
        yield fact.day
        if fact.ended:
            yield fact.ended
        if fact.event.until:
            yield plus(fact.event.until, 1)
    for begun in range(len(pauses) + 1):
        if requirement.due:
            due = _extended(requirement.since, requirement.due, pauses[:begun])
            yield from (plus(due, -requirement.soon_days), plus(due, 1))
        for fact in facts:
            if last := _last_day(requirement, fact):
                opens = _renewal_day(requirement, last)
                yield from (opens, plus(_extended(opens, last, pauses[:begun]), 1))


def _last_day(requirement: Requirement, fact: _Fact) -> date | None:
    """The last day on which a completion or credit counts, or None where it does not end."""
    if fact.event.kind not in ("completed", "credited"):
        return None
    limits = [requirement.validity_months, fact.event.validity_months]
    months = min((limit for limit in limits if limit is not None), default=None)
    try:
        return None if months is None else last_valid_day(fact.day, months)
    except ValueError:  # beyond the end of the calendar
        return None


def _renewal_day(requirement: Requirement, last: date) -> date:
    return plus(last, 1 - requirement.renewal_opens_days)


def _standing_on(
    today: date, requirement: Requirement, facts: list[_Fact]
) -> tuple[State, tuple[Reason, ...]]:
    """A pause asks for nothing; then what has been earned speaks, and last the due day."""
    holding = [fact for fact in facts if fact.holds(today)]
    pauses = [pause for pause in _pauses(facts) if pause[0] <= today]
    if pauses and today < pauses[-1][1]:
        paused = [fact for fact in holding if fact.event.kind == "paused" and today < _over(fact)]
        ends = {} if pauses[-1][1] == date.max else {"last": plus(pauses[-1][1], -1)}
        return "paused", (_reason("paused", paused[-1], **ends),)
    for fact in reversed(holding):
        if fact.event.kind == "exempt" and (fact.event.until is None or today <= fact.event.until):
            days = {"until": fact.event.until} if fact.event.until else {}
            return "exempt", (_reason("exempt", fact, **days),)
    return _earned(today, requirement, holding, pauses) or _owed(
        today, requirement, facts, holding, pauses
    )


def _earned(
    today: date,
    requirement: Requirement,
    holding: list[_Fact],
    pauses: list[tuple[date, date]],
) -> tuple[State, tuple[Reason, ...]] | None:
    """What the completion or credit that lasts longest says; None where there is none."""
    grants = [fact for fact in holding if fact.event.kind in ("completed", "credited")]
    if not grants:
        return None
    called = _called(today, requirement)
    # What lasts longest counts, of what came after a call to take the course again if there is any.
    grant = max(
        grants,
        key=lambda fact: (
            called is None or fact.day > called,
            _last_day(requirement, fact) or date.max,
            fact.day,
            fact.event.at,
            fact.event.id,
        ),
    )
    in_order: State = "valid" if grant.event.kind == "completed" else "credited"
    last = _last_day(requirement, grant)
    reason = _reason(grant.event.kind, grant, **({"last": last} if last else {}))
    asked = Reason("renewal_called", {"day": called}) if called and grant.day <= called else None
    if last is None:
        if asked:
            return "renewal_open", (reason, asked)
        return in_order, (reason, *_spared(today, requirement, grant))
    opens = _renewal_day(requirement, last)
    late_after = _extended(opens, last, pauses)
    moved = () if late_after == last else (Reason("extended", {"day": late_after}),)
    if today > late_after:
        return "expired", (reason, Reason("lapsed", {"last": last}, (grant.event.id,)), *moved)
    if asked:
        return "renewal_open", (reason, asked, *moved)
    if today >= opens > grant.day:
        return "renewal_open", (reason, Reason("renewal_opened", {"day": opens}), *moved)
    return in_order, (reason, *_spared(today, requirement, grant))


def _called(today: date, requirement: Requirement) -> date | None:
    """Since when the course asks to be taken again, where it does on that day."""
    called, over = requirement.renewal_called, requirement.renewal_taken_back
    return called if called and called <= today and (over is None or today < over) else None


def _spared(today: date, requirement: Requirement, grant: _Fact) -> tuple[Reason, ...]:
    """That the course asked to be taken again and does so no longer, where it asked for more than
    this completion or credit."""
    called, over = requirement.renewal_called, requirement.renewal_taken_back
    if called is None or over is None or today < over or called < grant.day:
        return ()
    return (Reason("renewal_taken_back", {"called": called, "day": over}),)


def _owed(
    today: date,
    requirement: Requirement,
    facts: list[_Fact],
    holding: list[_Fact],
    pauses: list[tuple[date, date]],
) -> tuple[State, tuple[Reason, ...]]:
    """Nothing has been earned: how near is the due day, and has the person begun."""
    reasons = [
        Reason("revoked", {"day": fact.ended}, (fact.event.id,))
        for fact in facts
        if fact.ended and fact.day <= today and fact.ended <= today
        if fact.event.kind in ("completed", "credited", "exempt")
    ]
    due = requirement.due and _extended(requirement.since, requirement.due, pauses)
    said = requirement.due
    reasons.append(Reason("due", {"day": said}) if said else Reason("no_due_day"))
    if due and due != said:
        reasons.append(Reason("extended", {"day": due}))
    if due and today > due:
        return "overdue", tuple(reasons)
    begun = [fact for fact in holding if fact.event.kind == "enrolled"]
    if begun:
        return "in_progress", (_reason("enrolled", begun[0]), *reasons)
    if due and today >= plus(due, -requirement.soon_days):
        return "due_soon", tuple(reasons)
    return "not_due", tuple(reasons)


def _reason(code: str, fact: _Fact, **days: date) -> Reason:
    return Reason(code, {"day": fact.day, **days}, (fact.event.id,))
