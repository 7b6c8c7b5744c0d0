"""What people do with a course that is written in the browser: begin, write, save with a note.

Each function is called inside a write transaction. Drafts are a person's own; saving asks a job
(see `saving`) to put them into the repository, the saves of a course in their order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select, update

from innocap_lms import clock
from innocap_lms.authoring.models import (
    Approval,
    Author,
    AuthoredCourse,
    Draft,
    Save,
    SavedFile,
    Taken,
)
from innocap_lms.authoring.paths import is_fit
from innocap_lms.authoring.queries import OpenFile, drafts_of, open_elsewhere, saves_of
from innocap_lms.content.files import TEXT_LIMIT
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.ledger.services import record
from innocap_lms.plugin_host.loading import LOCAL

SAVE_JOB: Final = "authoring.save"
LONGEST_NOTE: Final = 500
AT_ONCE = ("course_id", "path", "person_id")


class StaleError(ValueError):
    """The draft was changed in another window since this one read it."""


class UnfitError(ValueError):
    """The file cannot be called so, or is too large."""


class TakenError(ValueError):
    """A course of this id is written here already."""


class NotHereError(ValueError):
    """The course is not written here, or no longer."""


class BusyError(ValueError):
    """Somebody has a draft of the course, or a version of it is being made."""


@dataclass(frozen=True)
class Content:
    """What is to stand in a file: text, or a picture by its SHA-256; neither where it goes."""

    text: str | None = None
    sha256: str | None = None


def begin(
    course_id: str,
    track: str,
    plugin: str,
    files: Mapping[str, Content],
    note: str,
    actor_id: str,
) -> None:
    """Write a course here from now on, with these files: new ones, or those of the plugin that it
    is adopted from. One that was given back begins anew; its versions stay. Raises TakenError and
    UnfitError."""
    row = {"track": track, "plugin": plugin, "begun_by": actor_id, "begun_at": clock.utcnow()}
    if not insert_once(AuthoredCourse, ("course_id",), course_id=course_id, **row):
        anew = db.session.execute(
            update(AuthoredCourse)
            .where(AuthoredCourse.course_id == course_id, AuthoredCourse.given_back_at.is_not(None))
            .values(given_back_at=None, **row)
            .returning(AuthoredCourse.course_id)
        )
        if anew.first() is None:
            raise TakenError(course_id)
    rows = [
        OpenFile(path, "", *_held(path, each), "", clock.utcnow()) for path, each in files.items()
    ]
    _ask(course_id, actor_id, note, rows, takes=True)
    trace("course.adopted" if plugin != LOCAL else "course.begun", actor_id, course_id)


def give_back(course_id: str, note: str, actor_id: str) -> None:
    """Let the files of the plugin that the course was adopted from count again. Its files here go,
    in a version of its own; drafts that are older than a fortnight stay, for who adopts it again.

    Raises NotHereError, and BusyError where somebody has a draft or a version is being made.
    """
    course = db.session.scalar(
        select(AuthoredCourse)
        .where(
            AuthoredCourse.course_id == course_id,
            AuthoredCourse.plugin != LOCAL,
            AuthoredCourse.given_back_at.is_(None),
        )
        .with_for_update()
    )
    if course is None:
        raise NotHereError(course_id)
    on_the_way = any(not each.done_at for each in saves_of(course_id))
    if on_the_way or drafts_of(course_id, actor_id) or open_elsewhere(course_id, actor_id):
        raise BusyError(course_id)
    course.given_back_at = clock.utcnow()
    db.session.execute(delete(Taken).where(Taken.course_id == course_id))
    _ask(course_id, actor_id, note, [], takes=True)
    trace("course.given_back", actor_id, course_id, plugin=course.plugin)


def supply_from(course_id: str, plugin: str) -> None:
    """Let what is written here stand in the place of another plugin's files from now on, where it
    was adopted at all."""
    db.session.execute(
        update(AuthoredCourse)
        .where(AuthoredCourse.course_id == course_id, AuthoredCourse.plugin != LOCAL)
        .values(plugin=plugin)
    )


def keep(
    course_id: str, path: str, person_id: str, content: Content, base: str, stamp: str
) -> OpenFile:
    """Keep a file as a person has it open. `stamp` is the draft's as it was read, "" for none.

    `base` is the id of the file that the content was made from, "" for a new one: what others save
    meanwhile is merged from there. Raises StaleError and UnfitError.
    """
    text, sha256 = _held(path, content)
    where = {"course_id": course_id, "path": path, "person_id": person_id}
    new = OpenFile(path, base, text, sha256, new_id(), clock.utcnow())
    values = new._asdict()
    if not stamp:
        if not insert_once(Draft, AT_ONCE, id=new_id(), **{**values, **where}):
            raise StaleError(path)
        return new
    kept = db.session.execute(
        update(Draft)
        .where(*mine(course_id, path, person_id), Draft.stamp == stamp)
        .values(**values)
        .returning(Draft.id)
    )
    if kept.first() is None:
        raise StaleError(path)
    return new


def approve(course_id: str, version: str, person_id: str) -> None:
    """Note that somebody finds a version fit to be published; twice is once."""
    unique = ("course_id", "version", "person_id")
    said = {"course_id": course_id, "version": version, "person_id": person_id}
    if insert_once(Approval, unique, **said, given_at=clock.utcnow()):
        trace("course.signed_off", person_id, course_id, version=version)


def let_go(course_id: str, path: str, person_id: str) -> None:
    """Do without what the person has written since the last version, and taken over."""
    for table in (Draft, Taken):
        db.session.execute(delete(table).where(*mine(course_id, path, person_id, table)))


def take_over(course_id: str, path: str, person_id: str, content: Content) -> None:
    """Note that the person's draft of a file has the plugin's in it, which is `content`."""
    db.session.execute(delete(Taken).where(*mine(course_id, path, person_id, Taken)))
    text, sha256 = content.text, content.sha256
    row = Taken(course_id=course_id, path=path, person_id=person_id, text=text, sha256=sha256)
    db.session.add(row)


def ask_to_save(course_id: str, person_id: str, note: str) -> str:
    """Ask for all that the person has open to become a version; returns the save's id, "" where
    nothing is open. Raises NotHereError."""
    here = db.session.scalar(  # held, so that nobody gives the course back meanwhile
        select(AuthoredCourse.course_id)
        .where(AuthoredCourse.course_id == course_id, AuthoredCourse.given_back_at.is_(None))
        .with_for_update()
    )
    if here is None:
        raise NotHereError(course_id)
    rows = db.session.scalars(
        select(Draft).where(Draft.course_id == course_id, Draft.person_id == person_id)
    ).all()
    db.session.execute(
        update(Save)
        .where(Save.course_id == course_id, Save.person_id == person_id, Save.clash != "")
        .values(clash="")
    )
    return _ask(course_id, person_id, note, rows) if rows else ""


def _ask(
    course_id: str,
    person_id: str,
    note: str,
    rows: Iterable[Draft | OpenFile],
    *,
    takes: bool = False,
) -> str:
    pseudonym_of(person_id)
    save = Save(
        id=new_id(),
        course_id=course_id,
        person_id=person_id,
        note=note[:LONGEST_NOTE],
        takes=takes,
        asked_at=clock.utcnow(),
    )
    db.session.add(save)
    db.session.flush()
    for row in rows:
        kept = {"base": row.base, "text": row.text, "sha256": row.sha256}
        db.session.add(SavedFile(save_id=save.id, path=row.path, stamp=row.stamp, **kept))
    db.session.flush()
    enqueue(SAVE_JOB, f"save:{save.id}", {"save": save.id})
    return save.id


def pseudonym_of(person_id: str) -> str:
    """The name under which a person stands in the repository, from the first time on."""
    insert_once(Author, ("person_id",), person_id=person_id, pseudonym=new_id())
    return db.session.get_one(Author, person_id).pseudonym


def _held(path: str, content: Content) -> tuple[str | None, str | None]:
    if not is_fit(path):
        raise UnfitError(path)
    if content.text is not None and len(content.text.encode()) > TEXT_LIMIT:
        raise UnfitError(path)
    return content.text, content.sha256


def mine(
    course_id: str, path: str, person_id: str, table: type[Draft | Taken] = Draft
) -> tuple[Any, ...]:
    return table.course_id == course_id, table.path == path, table.person_id == person_id


def trace(kind: str, actor_id: str, course_id: str, **content: Any) -> None:
    record(
        kind,
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=clock.utcnow(),
        content={"course": course_id, **content},
    )
