"""What a person has completed and still counts: neither revoked nor lapsed.

Programmes and prerequisites ask for it. A corrected day counts instead of the first.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions
from innocap_lms.config import Settings
from innocap_lms.content.model import Validity
from innocap_lms.content.validity import last_valid_day
from innocap_lms.extensions import fetch
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent

_completion, _event = Completion.__table__.c, LedgerEvent.__table__.c
_content = LedgerContent.__table__.c


@dataclass(frozen=True)
class Done:
    """A completion of a course or programme."""

    course_id: str
    completion_id: str
    organisation_id: str | None
    edition_id: str
    completed_at: datetime


_done = select(
    _completion.course_id,
    _completion.id,
    _completion.organisation_id,
    _completion.edition_id,
    _completion.completed_at,
).where(
    _completion.person_id == bindparam("person_id"),
    _completion.course_id.in_(bindparam("wanted", expanding=True)),
)
_decided = (
    select(_event.kind, _content.content)
    .join(LedgerContent.__table__, _content.event_id == _event.id)
    .where(
        _content.person_id == bindparam("person_id"),
        _event.kind.in_(("certificate.revoked", "completion.revoked", "completion.corrected")),
    )
    .order_by(_event.happened_at, _event.id)
)


def in_force(person_id: str, wanted: Collection[str]) -> list[Done]:
    """The person's completions of these courses and programmes that count today, the earliest
    first. Two statements, one where there are none."""
    values = {"person_id": person_id, "wanted": sorted(wanted)}
    found = {row.id: Done(*row) for row in fetch(_done, values)}
    for kind, content in fetch(_decided, {"person_id": person_id}) if found else ():
        name = content.get("completion")
        if kind.endswith(".revoked"):
            found.pop(name, None)
        elif name in found:
            instead = datetime.fromisoformat(content["instead"])
            found[name] = replace(found[name], completed_at=instead)
    zone = ZoneInfo(_settings().timezone)
    today = clock.utcnow().astimezone(zone).date()
    known = editions(done.edition_id for done in found.values())
    counting = [
        done
        for done in found.values()
        if today <= _last_day(done, known[done.edition_id].course.validity, zone)
    ]
    return sorted(counting, key=lambda done: (done.completed_at, done.completion_id))


def _last_day(done: Done, validity: Validity | None, zone: ZoneInfo) -> date:
    if validity is None:
        return date.max
    return last_valid_day(done.completed_at.astimezone(zone).date(), validity.months)


def _settings() -> Settings:
    found: Settings = current_app.extensions["innocap_settings"]
    return found
