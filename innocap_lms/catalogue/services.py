"""Publishing: from a checked course to an immutable edition in service."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.authoring.services import supply_from
from innocap_lms.catalogue.claims import not_yours
from innocap_lms.catalogue.models import Edition, EditionKeys, Offering
from innocap_lms.catalogue.queries import kind_of
from innocap_lms.content.model import Asset, Course
from innocap_lms.content.snapshot import keys_of, to_snapshot
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.trail import note
from innocap_lms.plugin_host.loading import LOCAL


class PublishRefused(ValueError):
    """A course cannot be published; the message says why."""


@dataclass(frozen=True)
class Published:
    """The edition in service after publishing; `new` is False when nothing had changed. `before` is
    the id of the one that was in service, "" for none."""

    edition_id: str
    number: int
    new: bool
    before: str = ""


def hold_course(course_id: str) -> None:
    """Let nobody else who holds this course go on before this transaction ends: for a decision that
    looks at what others have decided. (On SQLite there is one writer anyway.)"""
    db.session.execute(
        select(Offering.course_id).where(Offering.course_id == course_id).with_for_update()
    )


def publish(course: Course, *, track: str, plugin: str, actor_id: str | None) -> Published:
    """Put `course` into service. The same content gives the edition that exists already.

    Raises PublishRefused when another plugin's course, or a thing of the other kind, has this id,
    and IntegrityError when another transaction has published it meanwhile: the next try finds its
    edition.
    """
    hold_course(course.id)
    offering = db.session.get(Offering, course.id)
    before = offering.edition_id if offering is not None else ""
    kind = kind_of(course)
    if offering is not None and offering.kind != kind:
        raise PublishRefused(f"{course.id} is the id of a {offering.kind} in service")
    if offering is not None and offering.plugin != plugin:
        raise PublishRefused(not_yours(course.id, offering.plugin, plugin))
    edition = db.session.scalar(
        select(Edition).where(
            Edition.course_id == course.id, Edition.fingerprint == course.fingerprint
        )
    )
    new = edition is None
    if edition is None:
        edition = _new_edition(course, track, actor_id)
    if offering is None:
        row = Offering(course_id=course.id, track=track, plugin=plugin, kind=kind)
        row.edition_id = edition.id
        db.session.add(row)
    else:
        offering.track, offering.edition_id = track, edition.id
    db.session.flush()
    return Published(edition.id, edition.number, new, before)


def put_back(course_id: str, number: int) -> Published:
    """Put an older edition of a course in service again. Raises PublishRefused."""
    hold_course(course_id)
    edition_id = db.session.scalar(
        select(Edition.id).where(Edition.course_id == course_id, Edition.number == number)
    )
    offering = db.session.get(Offering, course_id)
    if offering is None or edition_id is None:
        raise PublishRefused(f"the course {course_id} has no edition {number}")
    before, offering.edition_id = offering.edition_id, edition_id
    db.session.flush()
    return Published(edition_id, number, new=False, before=before)


def hand_over(course_id: str, plugin: str) -> str:
    """Let another plugin supply a course or programme in service from now on; returns the name of
    the one before. Editions, and all that names them, stay. Raises PublishRefused."""
    hold_course(course_id)
    offering = db.session.get(Offering, course_id)
    if offering is None:
        raise PublishRefused(f"{course_id} is not in service: any plugin may supply it")
    before = offering.plugin
    if before == LOCAL:
        raise PublishRefused(f"{course_id} was begun in the browser, and is no plugin's")
    offering.plugin = plugin
    supply_from(course_id, plugin)
    db.session.flush()
    note("course.handed_over", None, course=course_id, before=before, plugin=plugin)
    return before


def _new_edition(course: Course, track: str, actor_id: str | None) -> Edition:
    last = db.session.scalar(select(func.max(Edition.number)).where(Edition.course_id == course.id))
    edition = Edition(
        id=new_id(),
        course_id=course.id,
        track=track,
        number=(last or 0) + 1,
        fingerprint=course.fingerprint,
        content=to_snapshot(course),
        published_at=clock.utcnow(),
        published_by=actor_id,
    )
    db.session.add(edition)
    db.session.flush()
    db.session.add(EditionKeys(edition_id=edition.id, keys=keys_of(course)))
    return edition


def store_files(assets: Iterable[Asset], source: Traversable, folder: Path) -> None:
    """Keep files of a course under their SHA-256; what is there already is left alone.

    Done before the transaction: a file that no edition names harms nobody, the reverse would.
    Raises PublishRefused when a file is no longer the one that was read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for asset in assets:
        place = folder / asset.sha256
        if place.exists() and place.stat().st_size == asset.size:
            continue
        try:
            content = source.joinpath(asset.path).read_bytes()
        except OSError as error:
            raise PublishRefused(f"{asset.path} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != asset.sha256:
            raise PublishRefused(f"{asset.path} has changed while it was read: publish again")
        write_whole(content, place)


def write_whole(content: bytes, place: Path) -> None:
    """Write a file whole or not at all, and onto the disk before any row names it. Raises OSError:
    then nothing is left of it."""
    with whole(place) as out:
        out.write(content)


@contextmanager
def whole(place: Path) -> Iterator[IO[bytes]]:
    """A file to be written that comes to its place once it is whole and on the disk. Where anything
    is raised, nothing is left of it, and what was there before stays."""
    unfinished = place.with_name(f"{place.name}.{new_id()}")
    try:
        with unfinished.open("w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
