"""Histories for tests: told fact by fact, or drawn at random, whatever may follow what."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.history import STILL, Asked, Row, history, stays
from innocap_lms.requirements.organisation import Organisation
from innocap_lms.requirements.rules import Audience, Rule, as_json

ZONE = ZoneInfo("Europe/Stockholm")
ASKED = Asked("req", "org", ZONE)
SINCE = date(2026, 1, 1)
RULE = Rule("course", "gdpr", "employer", SINCE, due=date(2026, 6, 30), validity_months=12)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Ledger:
    """Facts, each at its place."""

    def __init__(self) -> None:
        self.all: list[Fact] = []
        self.one: list[Fact] = []
        self.last = 0

    def __repr__(self) -> str:
        told = sorted((*self.all, *self.one), key=lambda fact: fact.sequence)
        return "\n".join(f"{f.sequence} {f.at:%Y-%m-%d} {f.kind} {f.content}" for f in told)

    def say(self, kind: str, day: date, *, org: str = "org", **content: Any) -> int:
        self.last += 1
        about_all = kind.startswith(("requirement.", "unit."))
        fact = Fact(self.last, f"f{self.last}", kind, at(day), org, content)
        (self.all if about_all else self.one).append(fact)
        return self.last

    def rule(self, rule: Rule, day: date = SINCE) -> int:
        return self.say("requirement.set", day, requirement="req", rule=as_json(rule))

    def member(
        self, since: date, until: date | None = None, unit: str = "u", name: str = "m", **more: Any
    ) -> int:
        kind = "role.ended" if until else "role.given"
        return self.say(
            kind,
            until or since,
            membership=name,
            role=more.get("role", "learner"),
            unit=unit,
            valid_from=at(since).isoformat(),
            valid_until=at(until).isoformat() if until else None,
        )

    def land(self, place: int = STILL) -> Organisation:
        return Organisation(known(self.all, place), ZONE)

    def now(self) -> list[tuple[str, date, str | None]]:
        """State, first day and unit of each stay, by all that is known."""
        return [(s.state, s.valid_from, s.unit_id) for s in stays(ASKED, self.land(), self.one)]

    def rows(self) -> list[Row]:
        return history(ASKED, self.land(), self.one)


def known(facts: list[Fact], place: int) -> list[Fact]:
    """Those that were known at a place of the ledger."""
    return [fact for fact in facts if fact.sequence <= place]


# Whatever happens, in whatever order: things end that never began, and begin after they have ended.

_days = st.integers(0, 700).map(lambda number: date(2025, 10, 1) + timedelta(days=number))
_lengths = st.none() | st.integers(1, 200)
_names = st.integers(0, 3).map(lambda number: f"n{number}")
_DONE = ({"course": "gdpr"}, {"course": "gdpr-2019"}, {"programme": "walker"})
_HERE = {"requirement": "req"}


@st.composite
def ledgers(draw: st.DrawFn, most: int = 9) -> Ledger:
    """An organisation with three units, and up to `most` things that happen in it. Mostly something
    is required of somebody from the start: else little would come of what follows."""
    ledger = Ledger()
    ledger.say("unit.added", date(2025, 1, 1), unit="top", path="/top/", name="Top")
    ledger.say("unit.added", date(2025, 1, 1), unit="u", path="/top/u/", name="U")
    ledger.say("unit.added", date(2025, 1, 1), unit="v", path="/v/", name="V")
    if draw(st.integers(0, 3)):
        ledger.rule(RULE)
        ledger.member(SINCE, unit="u", name="n0")
    for _thing in range(draw(st.integers(1, most))):
        draw(st.sampled_from(_THINGS))(draw, ledger)
    return ledger


def _set_rule(draw: st.DrawFn, ledger: Ledger) -> None:
    day, length = draw(_days), draw(_lengths)
    audience = Audience(
        units=draw(st.sampled_from([(), ("top",), ("v",)])),
        tags=draw(st.sampled_from([(), ("coach",)])),
        started_from=draw(st.none() | st.just(date(2026, 3, 1))),
    )
    fixed = draw(st.booleans())
    target, target_id = draw(st.sampled_from([("course", "gdpr"), ("programme", "walker")]))
    ledger.rule(
        Rule(
            target,  # type: ignore[arg-type]
            target_id,
            "employer",
            day,
            audience,
            ends=day + timedelta(days=length) if length else None,
            due=day + timedelta(days=60) if fixed else None,
            due_days=None if fixed else draw(st.none() | st.integers(0, 90)),
            validity_months=draw(st.none() | st.just(6)),
            equivalents=draw(st.sampled_from([(), ("gdpr-2019",)])),
        )
    )


def _belong(draw: st.DrawFn, ledger: Ledger) -> None:
    day, length = draw(_days), draw(_lengths)
    until = day + timedelta(days=length) if length else None
    ledger.member(day, until, unit=draw(st.sampled_from(["u", "v"])), name=draw(_names))


def _move_unit(draw: st.DrawFn, ledger: Ledger) -> None:
    path = draw(st.sampled_from(["/top/u/", "/v/u/", "/u/"]))
    ledger.say("unit.moved", draw(_days), unit="u", path=path, name="U")


def _rename_unit(draw: st.DrawFn, ledger: Ledger) -> None:
    ledger.say("unit.renamed", draw(_days), unit="u", path="/top/u/", name="Renamed")


def _tag(draw: st.DrawFn, ledger: Ledger) -> None:
    day, ends = draw(_days), draw(st.booleans())
    ledger.say(
        "tag.ended" if ends else "tag.given",
        day,
        tag_id=draw(_names),
        tag="coach",
        valid_from=at(day).isoformat(),
        valid_until=at(day).isoformat() if ends else None,
    )


def _begin(draw: st.DrawFn, ledger: Ledger) -> None:
    ledger.say("enrolled", draw(_days), **draw(st.sampled_from(_DONE)))


def _complete(draw: st.DrawFn, ledger: Ledger) -> None:
    """Here, or under another employer."""
    ledger.say(
        "completed",
        draw(_days),
        org=draw(st.sampled_from(["org", "org", "other"])),
        completion=draw(_names),
        validity_months=draw(st.none() | st.just(9)),
        **draw(st.sampled_from(_DONE)),
    )


def _credit(draw: st.DrawFn, ledger: Ledger) -> None:
    ledger.say("credited", draw(_days), completion=draw(_names), **_HERE)


def _change(draw: st.DrawFn, ledger: Ledger) -> None:
    """Correct or withdraw a completion or a credit."""
    kind = draw(
        st.sampled_from(["completion.corrected", "completion.revoked", "certificate.revoked"])
    )
    instead = {"instead": at(draw(_days)).isoformat()} if kind.endswith("corrected") else {}
    about = draw(st.sampled_from([*_DONE, _HERE]))
    ledger.say(kind, draw(_days), completion=draw(_names), **about, **instead)


def _pause(draw: st.DrawFn, ledger: Ledger) -> None:
    if draw(st.booleans()):
        ledger.say("pause.ended", draw(_days), pause=draw(_names))
    else:
        day = draw(_days)
        ledger.say("paused", day, pause=draw(_names), until=_until(draw, day))


def _exempt(draw: st.DrawFn, ledger: Ledger) -> None:
    if draw(st.booleans()):
        ledger.say("exemption.ended", draw(_days), exemption=draw(_names), **_HERE)
    else:
        day = draw(_days)
        ledger.say("exempted", day, exemption=draw(_names), until=_until(draw, day), **_HERE)


def _until(draw: st.DrawFn, day: date) -> str | None:
    length = draw(_lengths)
    return (day + timedelta(days=length)).isoformat() if length else None


_Thing = Callable[[st.DrawFn, Ledger], None]
_THINGS: tuple[_Thing, ...] = (
    *(_set_rule, _set_rule, _belong, _belong, _move_unit, _rename_unit, _tag),
    *(_begin, _complete, _complete, _credit, _change, _change, _pause, _exempt),
)
