"""What a person has completed and whether it counts: neither revoked nor lapsed.

Programmes and prerequisites ask for it. A corrected day counts instead of the first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions
from innocap_lms.config import Settings
from innocap_lms.content.validity import last_valid_day
from innocap_lms.extensions import fetch
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent

_completion, _event = Completion.__table__.c, LedgerEvent.__table__.c
_content = LedgerContent.__table__.c


FELL_WITH: Final = "fell_with"  # names the course for want of which a programme was withdrawn


@dataclass(frozen=True)
class Done:
    """A completion of a course or programme. One that HR noted has no edition: the ledger says for
    how many months it counts. `ended` says whether it was revoked, or, of a programme, fell with
    one of its courses."""

    course_id: str
    completion_id: str
    organisation_id: str | None
    edition_id: str | None
    enrolment_id: str | None
    completed_at: datetime
    months: int | None = None
    ended: Literal["", "revoked", "fell"] = ""

    def counts(self, moment: datetime) -> bool:
        """Whether it counts at a moment, on the days of the site, by what is known now."""
        if self.ended or moment < self.completed_at:
            return False
        if self.months is None:
            return True
        zone = ZoneInfo(_settings().timezone)
        last = last_valid_day(self.completed_at.astimezone(zone).date(), self.months)
        return moment.astimezone(zone).date() <= last


_done = select(
    _completion.course_id,
    _completion.id,
    _completion.organisation_id,
    _completion.edition_id,
    _completion.enrolment_id,
    _completion.completed_at,
).where(
    _completion.person_id == bindparam("person_id"),
    _completion.course_id.in_(bindparam("wanted", expanding=True)),
)
_told = (
    select(_event.kind, _content.content)
    .join(LedgerContent.__table__, _content.event_id == _event.id)
    .where(
        _content.person_id == bindparam("person_id"),
        _event.kind.in_(
            ("completed", "certificate.revoked", "completion.revoked", "completion.corrected")
        ),
    )
    .order_by(_event.happened_at, _event.id)
)


def in_force(person_id: str, wanted: Collection[str]) -> list[Done]:
    """The person's completions of these courses and programmes that count today, the earliest
    first. Two statements, one where there are none."""
    now = clock.utcnow()
    return [done for done in all_done(person_id, wanted) if done.counts(now)]


def all_done(person_id: str, wanted: Collection[str]) -> list[Done]:
    """All of the person's completions of these courses and programmes, with what became of them,
    the earliest first. Two statements, one where there are none."""
    values = {"person_id": person_id, "wanted": sorted(wanted)}
    found = {row.id: Done(*row) for row in fetch(_done, values)}
    for kind, content in fetch(_told, {"person_id": person_id}) if found else ():
        name = str(content.get("completion"))
        if name in found:
            found[name] = _as_told(found[name], kind, content)
    order = sorted(found.values(), key=lambda done: (done.completed_at, done.completion_id))
    return _with_validity(order)


def _as_told(done: Done, kind: str, content: Mapping[str, Any]) -> Done:
    """With what ended it, the day that corrects it, or how long it counts where HR has noted it."""
    if kind.endswith(".revoked"):
        fell = done.ended == "fell" or FELL_WITH in content
        return replace(done, ended="fell" if fell else "revoked")
    if "instead" in content:
        return replace(done, completed_at=datetime.fromisoformat(content["instead"]))
    return replace(done, months=content.get("validity_months"))


def _with_validity(found: Collection[Done]) -> list[Done]:
    """Each for as many months as its edition says."""
    known = editions(done.edition_id for done in found if done.edition_id)
    validity = {name: view.course.validity for name, view in known.items()}
    return [
        replace(done, months=each.months)
        if done.edition_id and (each := validity[done.edition_id])
        else done
        for done in found
    ]


def _settings() -> Settings:
    found: Settings = current_app.extensions["innocap_settings"]
    return found
