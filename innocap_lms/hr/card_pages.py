"""What a person's card says of requirements, and of what HR has noted about them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from innocap_lms.hr import standings
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.reach import reach
from innocap_lms.hr.scope import Lens
from innocap_lms.hr.standings import Required
from innocap_lms.hr.tags import tags_of
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.ledger import about_people
from innocap_lms.requirements.periods import State


@dataclass(frozen=True)
class AskedRow:
    """A requirement and how the person stands towards it."""

    requirement_id: str
    title: str
    state: State
    deadline: date | None


@dataclass(frozen=True)
class Noted:
    """A pause, an exemption or a credit, in words; `reason` only for those who decide. `ended` is
    the moment from which it holds no longer."""

    id: str
    what: str
    about: str
    at: datetime
    until: date | None
    reason: str
    evidence: str
    ended: datetime | None
    is_credit: bool


@dataclass(frozen=True)
class Part:
    """What one organisation asks of a person and has noted; `tags` where the viewer `decides`."""

    organisation_id: str
    organisation: str
    decides: bool
    asked: list[AskedRow]
    noted: list[Noted]
    tags: list[str]


def asked_page(viewer: Viewer, person_id: str, day: date) -> dict[str, Any] | None:
    """What the card shows beside completions, each organisation by itself; None where the viewer
    does not reach this person."""
    reached = reach(viewer, person_id, day)
    if reached is None:
        return None
    required = {each.id: each for each in standings.requirements(viewer, day)}
    titles = titles_of(required.values(), request_language())
    cells = standings.standings_of(viewer, person_id, Lens(day))
    facts = about_people([person_id], unsealed=True)

    def part(where: str, organisation: str) -> Part:
        decides, said = where in reached.decided, facts.get((person_id, where), [])
        asked = [
            AskedRow(key, titles[key], cell.state, cell.deadline)
            for key, cell in cells.items()
            if required[key].organisation_id == where
        ]
        tags = sorted(tags_of(said)) if decides else []
        return Part(where, organisation, decides, asked, noted(said, titles, decides), tags)

    return {
        "name": reached.name,
        "parts": [part(*each) for each in (*reached.decided.items(), *reached.led.items())],
    }


def noted(facts: list[Fact], titles: dict[str, str], with_reason: bool) -> list[Noted]:
    """The pauses, exemptions and credits that facts tell of, the newest first."""
    words = {"paused": _("Pause"), "exempted": _("Exemption"), "credited": _("Credit")}
    ends = {
        _name(fact): fact.at
        for fact in facts
        if fact.kind in ("pause.ended", "exemption.ended", "completion.revoked")
    }
    return [
        Noted(
            id=_name(fact),
            what=words[fact.kind],
            about=titles.get(fact.content.get("requirement", ""), ""),
            at=fact.at,
            until=date.fromisoformat(until) if (until := fact.content.get("until")) else None,
            reason=fact.content.get("reason", "") if with_reason else "",
            evidence=fact.content.get("evidence", "") if with_reason else "",
            ended=ends.get(_name(fact)),
            is_credit=fact.kind == "credited",
        )
        for fact in reversed(facts)
        if fact.kind in words
    ]


def _name(fact: Fact) -> str:
    said = fact.content
    return str(said.get("pause") or said.get("exemption") or said.get("completion") or "")


def of_organisation(required: list[Required], organisation_id: str) -> list[Required]:
    """Those of one organisation."""
    return [each for each in required if each.organisation_id == organisation_id]
