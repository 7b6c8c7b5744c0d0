"""What the ledger says that bears on a standing, in the order in which it became known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from innocap_lms.requirements.periods import Event, EventKind

ABOUT_PEOPLE: Final = (
    "role.given",
    "role.ended",
    "tag.given",
    "tag.ended",
    "enrolled",
    "completed",
    "credited",
    "certificate.revoked",
    "completion.revoked",
    "completion.corrected",
    "exempted",
    "exemption.ended",
    "paused",
    "pause.ended",
)
OF_COURSES: Final = (  # what counts wherever the person belongs on that day
    "enrolled",
    "completed",
    "certificate.revoked",
    "completion.revoked",
    "completion.corrected",
)
OF_NOTHING: Final = tuple(  # bears on whatever is required
    kind for kind in ABOUT_PEOPLE if kind.startswith(("role.", "tag.", "pause"))
)
ENDINGS: Final = ("revoked", "corrected")  # kinds of events that change another


@dataclass(frozen=True)
class Fact:
    """A ledger event with its place in the chain, by which it was known."""

    sequence: int
    id: str
    kind: str
    at: datetime
    organisation_id: str | None
    content: Mapping[str, Any]

    @cached_property
    def about(self) -> str:
        """What it is about, as "course:x", "programme:x" or "requirement:x"; "" for none."""
        if self.kind in OF_NOTHING:
            return ""
        named = (name for name in ("requirement", "programme", "course") if self.content.get(name))
        return next((f"{name}:{self.content[name]}" for name in named), "")


@dataclass(frozen=True)
class Span:
    """Days from one up to, not including, another; None: for good."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Place:
    """A role that somebody holds in the organisation, in a unit or in the whole of it."""

    role: str
    unit_id: str | None
    days: Span


@dataclass(frozen=True)
class Person:
    """What is known of a person at some point of the ledger, for one organisation."""

    places: tuple[Place, ...]
    tags: tuple[tuple[str, Span], ...]
    events: tuple[tuple[str, Event], ...]  # with what each is about: a course, a requirement, ""


def person_of(facts: Iterable[Fact], organisation_id: str, zone: ZoneInfo) -> Person:
    """The person as these facts tell, whatever their order in the chain means by now."""
    places: dict[str, Place] = {}
    tags: dict[str, tuple[str, Span]] = {}
    happened: list[Fact] = []
    for fact in facts:
        if fact.kind.startswith("role."):
            if fact.organisation_id == organisation_id:
                said = fact.content
                places[said["membership"]] = Place(said["role"], said["unit"], _span(said, zone))
        elif fact.kind.startswith("tag."):
            if fact.organisation_id == organisation_id:
                name, days = fact.content["tag_id"], _span(fact.content, zone)
                begun = tags[name][1].since if name in tags else days.since
                tags[name] = fact.content["tag"], Span(begun, days.until)
        else:
            happened.append(fact)
    events = (
        _event(fact)
        for fact in happened
        if fact.organisation_id == organisation_id or _counts_here(fact, places, zone)
    )
    return Person(tuple(places.values()), tuple(tags.values()), tuple(events))


def _counts_here(fact: Fact, places: Mapping[str, Place], zone: ZoneInfo) -> bool:
    """Whether what was done in a course under another organisation counts in this one: only while
    the person belongs here too. Earlier records are shown to a new employer by their owner alone;
    what ends a record ends it everywhere. Source: docs/privacy.md."""
    if fact.kind in ("enrolled", "completed"):
        day = fact.at.astimezone(zone).date()
        return any(place.days.holds(day) for place in places.values())
    return fact.kind in OF_COURSES


def _span(content: Mapping[str, Any], zone: ZoneInfo) -> Span:
    """Days in `zone`. What ends during a day does not hold on it: what follows it does."""
    since, until = (
        datetime.fromisoformat(content[name]).astimezone(zone).date() if content[name] else None
        for name in ("valid_from", "valid_until")
    )
    if since is None:
        raise ValueError("it does not say from when")
    return Span(since, until)


_KINDS: Final[Mapping[str, EventKind]] = {
    "enrolled": "enrolled",
    "completed": "completed",
    "credited": "credited",
    "certificate.revoked": "revoked",
    "completion.revoked": "revoked",
    "completion.corrected": "corrected",
    "exempted": "exempt",
    "exemption.ended": "revoked",
    "paused": "paused",
    "pause.ended": "revoked",
}


def _event(fact: Fact) -> tuple[str, Event]:
    """The event of a timeline, and what it is about."""
    said, kind = fact.content, _KINDS[fact.kind]
    name = said.get("completion") or said.get("exemption") or said.get("pause") or fact.id
    until = date.fromisoformat(said["until"]) if said.get("until") else None
    instead = datetime.fromisoformat(said["instead"]) if said.get("instead") else None
    ends = kind in ("revoked", "corrected")
    return fact.about, Event(
        id=fact.id if ends else str(name),
        kind=kind,
        at=fact.at,
        until=until,
        target=str(name) if ends else None,
        instead=instead,
        validity_months=said.get("validity_months"),
    )
