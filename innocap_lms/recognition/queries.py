"""Reads of what has been noted about somebody: what, on what ground, by whom, and what became of
it. All of the ledger, so that nothing that was ever said is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import case, select

from innocap_lms.catalogue.queries import everything
from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Organisation, Person
from innocap_lms.requirements.models import RequirementRow

_BEGINNINGS: Final = ("completed", "credited")
_KINDS: Final = (
    *_BEGINNINGS,
    "completion.corrected",
    "completion.revoked",
    "certificate.revoked",
)


@dataclass(frozen=True)
class Change:
    """A correction or a withdrawal: when it was said, by whom, why, and the moment that holds
    instead, None where it counts no longer. No name where that identity is protected."""

    at: datetime
    by: str
    reason: str
    instead: datetime | None


@dataclass
class Entry:
    """A completion or a credit. `noted` is how it came to be: "manual", "import", "credit", or ""
    for a course that was taken here."""

    id: str
    organisation_id: str
    organisation: str
    subject: Mapping[str, str]  # {"course": id}, {"programme": id} or {"requirement": id}
    at: datetime
    noted: str
    by: str
    reason: str
    evidence: str
    evidence_file: str
    changes: list[Change] = field(default_factory=list)

    @property
    def day(self) -> datetime:
        """When it was done, by what is known now."""
        moved = [change.instead for change in self.changes if change.instead]
        return moved[-1] if moved else self.at

    @property
    def withdrawn(self) -> Change | None:
        return next((change for change in self.changes if change.instead is None), None)


def entries(person_id: str) -> list[Entry]:
    """All completions and credits of a person with what became of them, the newest first. One
    statement."""
    found: dict[str, Entry] = {}
    for row in sorted(_events(person_id), key=lambda row: row.kind not in _BEGINNINGS):
        said, by = row.content, "" if row.protected else row.name or ""
        if row.kind in _BEGINNINGS:
            found[said["completion"]] = _entry(row, by)
        elif (entry := found.get(said["completion"])) and not entry.withdrawn:
            instead = said.get("instead")
            when = datetime.fromisoformat(instead) if instead else None
            entry.changes.append(Change(row.recorded_at, by, said["reason"], when))
    return sorted(found.values(), key=lambda entry: (entry.day, entry.id), reverse=True)


def entry(person_id: str, completion_id: str) -> Entry | None:
    """One of them, by its id."""
    return next((each for each in entries(person_id) if each.id == completion_id), None)


def _events(person_id: str) -> list[Any]:
    query = (
        select(
            LedgerEvent.kind,
            LedgerEvent.happened_at,
            LedgerEvent.recorded_at,
            LedgerEvent.organisation_id,
            Organisation.name.label("organisation"),
            LedgerContent.content,
            Person.name,
            case((Person.protected, True), else_=False).label("protected"),
        )
        .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
        .outerjoin(Person, Person.id == LedgerContent.actor_id)
        .outerjoin(Organisation, Organisation.id == LedgerEvent.organisation_id)
        .where(LedgerContent.person_id == person_id, LedgerEvent.kind.in_(_KINDS))
        .order_by(LedgerEvent.happened_at, LedgerEvent.id)
    )
    return list(db.session.execute(query))


def _entry(row: Any, by: str) -> Entry:
    said: dict[str, Any] = row.content
    name = next(key for key in ("requirement", "programme", "course") if said.get(key))
    return Entry(
        id=said["completion"],
        organisation_id=row.organisation_id or "",
        organisation=row.organisation or "",
        subject={name: said[name]},
        at=row.happened_at,
        noted="credit" if row.kind == "credited" else said.get("noted", ""),
        by=by,
        reason=said.get("reason", ""),
        evidence=said.get("evidence", ""),
        evidence_file=said.get("evidence_file", ""),
    )


def course_titles(language: str) -> dict[str, str]:
    """The titles of all courses and programmes in service in the nearest language, by ids."""
    found = {item.course_id: item.edition.course for item in everything()}
    return {key: course.texts[course.language(language)].title for key, course in found.items()}


def subject_titles(language: str) -> dict[str, str]:
    """The same titles, those of programmes named as such, by "course:x" and "programme:x"."""
    found: dict[str, str] = {}
    for item in everything():
        course, kind = item.edition.course, item.edition.kind
        title = course.texts[course.language(language)].title
        if kind == "programme":
            title = _("Programme: %(title)s", title=title)
        found[f"{kind}:{item.course_id}"] = title
    return found


def requirement_titles(language: str) -> dict[str, str]:
    """What each requirement asks for, by its id: names of courses are no secret."""
    titles = course_titles(language)
    rows = db.session.execute(select(RequirementRow.id, RequirementRow.rule))
    return {row.id: titles.get(row.rule["target_id"], row.rule["target_id"]) for row in rows}


def title_of(entry: Entry, language: str) -> str:
    """What an entry is about, in words."""
    [(kind, name)] = entry.subject.items()
    titles = requirement_titles if kind == "requirement" else course_titles
    return titles(language).get(name, name)
