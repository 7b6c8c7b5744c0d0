"""Reads of the catalogue. Editions never change, so each process keeps the ones it has read."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from sqlalchemy import bindparam, select

from innocap_lms.catalogue.models import Edition, EditionKeys, Offering
from innocap_lms.content.model import Asset, Course
from innocap_lms.content.programme import Programme
from innocap_lms.content.snapshot import from_snapshot
from innocap_lms.extensions import db, fetch

KEPT = 500
Kind = Literal["course", "programme"]


@dataclass(frozen=True, eq=False)
class EditionView:
    """An edition as read back: everything but the keys. A process holds one object of each.

    `course` is a Programme in an edition of a programme.
    """

    id: str
    track: str
    number: int
    published_at: datetime
    course: Course

    @property
    def kind(self) -> Kind:
        """Whether it is an edition of a course or of a programme."""
        return kind_of(self.course)


def kind_of(course: Course) -> Kind:
    """Whether it is a course or a programme."""
    return "programme" if isinstance(course, Programme) else "course"


@dataclass(frozen=True)
class OfferingView:
    """A course or programme in service."""

    course_id: str
    track: str
    plugin: str
    edition: EditionView


_offerings = select(Offering.course_id, Offering.track, Offering.plugin, Offering.edition_id)
_of_kind = Offering.kind == bindparam("kind")
_offering = _offerings.where(Offering.course_id == bindparam("course_id"), _of_kind)
_editions = select(
    Edition.id, Edition.track, Edition.number, Edition.published_at, Edition.content
).where(Edition.id.in_(bindparam("ids", expanding=True)))
_ids_of_course = (
    select(Edition.id)
    .where(Edition.course_id == bindparam("course_id"))
    .order_by(Edition.number.desc())
)
_keys = select(EditionKeys.keys).where(EditionKeys.edition_id == bindparam("id"))


def offerings(kind: Kind = "course") -> list[OfferingView]:
    """All courses, or programmes, in service, in the order of `everything`."""
    return [each for each in everything() if each.edition.kind == kind]


def everything() -> list[OfferingView]:
    """All courses and programmes in service: by track and id, but nothing before a course that it
    names as its prerequisite."""
    rows = db.session.execute(_offerings.order_by(Offering.track, Offering.course_id)).all()
    found = editions(row.edition_id for row in rows)
    return _in_order(
        [OfferingView(r.course_id, r.track, r.plugin, found[r.edition_id]) for r in rows]
    )


def as_taught(serving: list[OfferingView]) -> list[OfferingView]:
    """Courses in the order in which programmes name them, the others behind, as they stood; still
    nothing before its prerequisites."""
    ways = (each.edition.course for each in serving)
    named = [name for way in ways if isinstance(way, Programme) for name in way.course_ids]
    place = {name: at for at, name in enumerate(dict.fromkeys(named))}
    return _in_order(sorted(serving, key=lambda each: place.get(each.course_id, len(place))))


def _in_order(left: list[OfferingView]) -> list[OfferingView]:
    """Those that nothing comes before, then those that only they come before, and so on. What waits
    for itself, which the checker refuses, stays as it stands."""
    placed: list[OfferingView] = []
    while left:
        names = {each.course_id for each in left}
        ready = [each for each in left if names.isdisjoint(each.edition.course.prerequisites)]
        placed += ready or left
        done = {each.course_id for each in ready or left}
        left = [each for each in left if each.course_id not in done]
    return placed


def offering(course_id: str, kind: Kind = "course") -> OfferingView | None:
    """The course, or programme, in service under that id."""
    found = fetch(_offering, {"course_id": course_id, "kind": kind})
    if not found:
        return None
    row = found[0]
    return OfferingView(row.course_id, row.track, row.plugin, edition(row.edition_id))


def edition(edition_id: str) -> EditionView:
    """The edition of that id. Raises KeyError."""
    return editions([edition_id])[edition_id]


def editions(ids: Iterable[str]) -> dict[str, EditionView]:
    """Editions by id, from memory where they have been read before. Raises KeyError."""
    wanted = set(ids)
    kept: OrderedDict[str, EditionView] = current_app.extensions.setdefault(
        "innocap_editions", OrderedDict()
    )
    # Another thread may drop one meanwhile: each is looked up once, and held.
    found = {name: view for name in wanted if (view := kept.get(name)) is not None}
    missing = wanted - found.keys()
    if missing:
        for row in db.session.execute(_editions, {"ids": sorted(missing)}):
            kept[row.id] = found[row.id] = EditionView(
                row.id, row.track, row.number, row.published_at, from_snapshot(row.content)
            )
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return {name: found[name] for name in wanted}


def with_keys(view: EditionView) -> Course:
    """The course of an edition with its keys: for comparing editions, never for a page."""
    keys = db.session.scalar(_keys, {"id": view.id}) or {}
    return replace(view.course, keys=keys)


def editions_of(course_id: str) -> list[EditionView]:
    """Every edition of a course, the newest first."""
    ids = db.session.scalars(_ids_of_course, {"course_id": course_id}).all()
    found = editions(ids)
    return [found[edition_id] for edition_id in ids]


def owners() -> dict[str, str]:
    """The plugin of each course in service, by course id."""
    rows = db.session.execute(select(Offering.course_id, Offering.plugin)).all()
    return {row.course_id: row.plugin for row in rows}


def file_of(course_id: str, sha256: str, name: str) -> Asset | None:
    """The file of that content and name, if an edition of the course has it, the newest first.

    Learners may be in an older edition than the one in service, and its file may have had
    another name.
    """
    for edition_id in db.session.scalars(_ids_of_course, {"course_id": course_id}).all():
        for asset in edition(edition_id).course.assets.values():
            if asset.sha256 == sha256 and asset.path.rsplit("/", 1)[-1] == name:
                return asset
    return None


def quiz_keys(edition_id: str, quiz_id: str) -> dict[str, dict[str, Any]]:
    """Keys and feedback of a quiz by question id: for grading, and for a review that is due."""
    kept: OrderedDict[str, dict[str, Any]] = current_app.extensions.setdefault(
        "innocap_keys", OrderedDict()
    )
    keys = kept.get(edition_id)
    if keys is None:  # they are as immutable as their edition
        keys = kept[edition_id] = db.session.scalar(_keys, {"id": edition_id}) or {}
        while len(kept) > KEPT:
            kept.popitem(last=False)
    found: dict[str, dict[str, Any]] = keys.get(quiz_id, {})
    return found
