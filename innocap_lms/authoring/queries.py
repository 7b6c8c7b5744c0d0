"""Reads of courses that are written in the browser: whose rights count is asked before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import current_app
from sqlalchemy import exists, select

from innocap_lms import clock
from innocap_lms.authoring.folder import HeldFolder, LazyFiles
from innocap_lms.authoring.models import (
    Approval,
    Author,
    AuthoredCourse,
    Draft,
    Save,
    SavedFile,
    Taken,
)
from innocap_lms.config import Settings
from innocap_lms.extensions import db
from innocap_lms.people.models import Person, may_enter
from innocap_lms.plugin_host.loading import LOCAL

if TYPE_CHECKING:
    from innocap_lms.authoring.repository import Repository

LATE: Final = timedelta(minutes=5)
LATELY: Final = timedelta(days=14)


class Authored(NamedTuple):
    """A course whose files lie here; see the table for the fields. It `begins` while the first
    version is being made, the first again where it was given back before."""

    course_id: str
    track: str
    plugin: str
    begins: bool

    @property
    def folder(self) -> str:
        """Where it lies in the repository."""
        return f"{self.track}/{self.course_id}"

    @property
    def branch(self) -> str:
        """The branch of the plugin's files as they were taken over."""
        return f"taken/{self.course_id}"

    @property
    def is_adopted(self) -> bool:
        """Whether its first files came from a plugin."""
        return self.plugin != LOCAL


class OpenFile(NamedTuple):
    """A file as one person has it open; see the table of drafts for the fields."""

    path: str
    base: str
    text: str | None
    sha256: str | None
    stamp: str
    saved_at: datetime

    @property
    def is_gone(self) -> bool:
        """Whether the file is to be taken away."""
        return self.text is None and self.sha256 is None


@dataclass(frozen=True)
class Working:
    """The files of a course as one person has them: the newest version with the own drafts in it.

    `kept` maps paths to the ids that the files have in that version.
    """

    head: str
    kept: Mapping[str, str]
    drafts: Mapping[str, OpenFile]
    files: Mapping[str, bytes] = field(repr=False)

    def folder(self, name: str) -> HeldFolder:
        return HeldFolder(self.files, name)


class SaveView(NamedTuple):
    """A save on its way, or one that clashed; `clash` names the files."""

    id: str
    person_id: str
    note: str
    asked_at: datetime
    done_at: datetime | None
    clash: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Whether it should long be a version: something keeps the job from being carried out."""
        return bool(self.done_at is None and clock.utcnow() - self.asked_at > LATE)


class Elsewhere(NamedTuple):
    """A file that somebody else has open. No name where the person is protected."""

    path: str
    name: str
    saved_at: datetime


class ApprovalView(NamedTuple):
    """A sign-off of a version. No name where the person is protected."""

    version: str
    person_id: str
    name: str
    given_at: datetime


def repository() -> "Repository":
    """The site's repository of content."""
    # Most processes never need git, which takes three megabytes of each.
    from innocap_lms.authoring.repository import Repository

    settings: Settings = current_app.extensions["innocap_settings"]
    return Repository(settings.content)


def stored(sha256: str) -> bytes:
    """A picture of a draft, by its SHA-256."""
    settings: Settings = current_app.extensions["innocap_settings"]
    return (settings.data_dir / "files" / sha256).read_bytes()


_course = AuthoredCourse.__table__.c
_begins = exists().where(Save.course_id == _course.course_id, Save.takes, Save.done_at.is_(None))
_fields = (_course.course_id, _course.track, _course.plugin, _begins.label("begins"))
_here = select(*_fields).where(_course.given_back_at.is_(None))


def authored_courses() -> list[Authored]:
    """Every course whose files lie here."""
    rows = db.session.execute(_here.order_by(_course.course_id))
    return [Authored(*row) for row in rows]


def authored(course_id: str) -> Authored | None:
    """The course of that id whose files lie here; not one that was given back."""
    row = db.session.execute(_here.where(_course.course_id == course_id)).first()
    return Authored(*row) if row else None


def ever_authored(course_id: str) -> Authored | None:
    """The course of that id, also where it was given back since."""
    row = db.session.execute(select(*_fields).where(_course.course_id == course_id)).first()
    return Authored(*row) if row else None


def newest(course: Authored) -> HeldFolder:
    """The files of the newest version."""
    return working(course, None).folder(course.course_id)


def version(course: Authored, commit: str) -> LazyFiles:
    """The files of a version by their paths; nothing where there is no such version."""
    found = repository()
    return _lazy(found, found.files(commit, course.folder))


def _lazy(found: "Repository", kept: Mapping[str, str]) -> LazyFiles:
    def reader(name: str) -> Callable[[], bytes]:
        return lambda: found.read([name])[0]

    return LazyFiles({path: reader(name) for path, name in kept.items()})


def working(course: Authored, person_id: str | None) -> Working:
    """The course as a person has it open; without one, as everybody has it. While it begins there
    is nothing yet: what may lie there is from before it was given back."""
    found = repository()
    head = found.head()
    kept = {} if course.begins else found.files(head, course.folder)
    drafts = drafts_of(course.course_id, person_id) if person_id else {}
    newest = _lazy(found, kept)
    readers = {path: partial(newest.__getitem__, path) for path in kept if path not in drafts}
    readers |= {
        path: partial(content_of, each) for path, each in drafts.items() if not each.is_gone
    }
    return Working(head, kept, drafts, LazyFiles(dict(sorted(readers.items()))))


def is_gone(file: SavedFile | Taken) -> bool:
    return file.text is None and file.sha256 is None


def content_of(file: OpenFile | SavedFile | Taken) -> bytes:
    """The bytes of a file that is not gone."""
    return stored(file.sha256) if file.sha256 else (file.text or "").encode()


def drafts_of(course_id: str, person_id: str) -> dict[str, OpenFile]:
    """What a person has open of a course, by path."""
    rows = db.session.execute(
        select(Draft.path, Draft.base, Draft.text, Draft.sha256, Draft.stamp, Draft.saved_at)
        .where(Draft.course_id == course_id, Draft.person_id == person_id)
        .order_by(Draft.path)
    )
    return {row.path: OpenFile(*row) for row in rows}


def taken_over(course_id: str, person_id: str) -> dict[str, bytes | None]:
    """The plugin's files that a person's drafts have in them, by path; None for one that the plugin
    has no longer."""
    rows = db.session.scalars(
        select(Taken).where(Taken.course_id == course_id, Taken.person_id == person_id)
    )
    return {row.path: None if is_gone(row) else content_of(row) for row in rows}


def open_elsewhere(course_id: str, person_id: str) -> list[Elsewhere]:
    """What others have open of a course, as far as they have been at it lately."""
    rows = db.session.execute(
        select(Draft.path, Person.name, Person.protected, Draft.saved_at)
        .join(Person, Person.id == Draft.person_id)
        .where(
            Draft.course_id == course_id,
            Draft.person_id != person_id,
            Draft.saved_at > clock.utcnow() - LATELY,
            may_enter(Person, clock.utcnow()),
        )
        .order_by(Draft.path, Draft.saved_at)
    )
    return [Elsewhere(row.path, "" if row.protected else row.name, row.saved_at) for row in rows]


def saves_of(course_id: str) -> list[SaveView]:
    """Saves on their way, oldest first, and the person's last one that clashed."""
    rows = db.session.execute(
        select(Save.id, Save.person_id, Save.note, Save.asked_at, Save.done_at, Save.clash)
        .where(Save.course_id == course_id, (Save.done_at.is_(None)) | (Save.clash != ""))
        .order_by(Save.asked_at)
    )
    return [SaveView(*row[:5], tuple(row.clash.splitlines())) for row in rows]


def names_of(pseudonyms: Sequence[str]) -> dict[str, str]:
    """Who stands behind names in the repository; a protected identity is left out."""
    rows = db.session.execute(
        select(Author.pseudonym, Person.name)
        .join(Person, Person.id == Author.person_id)
        .where(Author.pseudonym.in_(set(pseudonyms)), ~Person.protected)
    )
    return {row.pseudonym: row.name for row in rows}


def approvals_of(course_id: str) -> list[ApprovalView]:
    """The sign-offs of a course's versions, newest first."""
    rows = db.session.execute(
        select(Approval, Person.name, Person.protected)
        .join(Person, Person.id == Approval.person_id)
        .where(Approval.course_id == course_id)
        .order_by(Approval.given_at.desc())
    )
    return [
        ApprovalView(
            row.Approval.version,
            row.Approval.person_id,
            "" if row.protected else row.name,
            row.Approval.given_at,
        )
        for row in rows
    ]
