"""The tables of content that is written in the browser. The files themselves lie in git."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class AuthoredCourse(Base):
    """A course whose files lie here. `plugin` is the one it was adopted from, or LOCAL. Since
    `given_back_at` the plugin's own files count again; drafts and versions stay."""

    __tablename__ = "authored_course"
    course_id: Mapped[str] = mapped_column(primary_key=True)
    track: Mapped[str]
    plugin: Mapped[str]
    begun_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]


class Author(Base):
    """The name under which a person stands in the repository: random, and the same for ever."""

    __tablename__ = "authored_by"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(unique=True, default=new_id)


class Draft(Base):
    """A file as one person has it open: text, a picture by its SHA-256, or neither where it goes.

    `base` is the id of the file in the repository that it began from, "" for a new one. `stamp` is
    another after each change, and never the same again: who writes names the one that was read.
    """

    __tablename__ = "authored_draft"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(ForeignKey("authored_course.course_id"))
    path: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    base: Mapped[str]
    text: Mapped[str | None]
    sha256: Mapped[str | None]
    stamp: Mapped[str]
    saved_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("course_id", "path", "person_id"),)


class Taken(Base):
    """The plugin's file that somebody's draft has in it, as it was when they took it, or neither
    where the plugin has it no longer. It counts as taken over, by them at once and by all once the
    draft has become a version."""

    __tablename__ = "authored_taken"
    course_id: Mapped[str] = mapped_column(
        ForeignKey("authored_course.course_id"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    text: Mapped[str | None]
    sha256: Mapped[str | None]


class Save(Base):
    """A save with a note, on its way into the repository. `version` is its commit, once done;
    `clash` names the files, a line each, that somebody else has changed in the same place."""

    __tablename__ = "authored_save"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(ForeignKey("authored_course.course_id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]
    takes: Mapped[bool] = mapped_column(default=False)  # the files are all that stays: adopted
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    version: Mapped[str] = mapped_column(default="")
    clash: Mapped[str] = mapped_column(default="")


class SavedFile(Base):
    """A file of a save, as the draft was when it was asked for."""

    __tablename__ = "authored_saved_file"
    save_id: Mapped[str] = mapped_column(ForeignKey("authored_save.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    text: Mapped[str | None]
    sha256: Mapped[str | None]
    stamp: Mapped[str]


class Right(Base):
    """What somebody may do with the courses of a track, or with one of them, beside those whose
    role is to keep the track: "author", "reviewer" or "publisher"."""

    __tablename__ = "authored_right"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    track: Mapped[str]
    course_id: Mapped[str] = mapped_column(default="")  # "": every course of the track
    right: Mapped[str]
    given_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("person_id", "track", "course_id", "right"),)


class Approval(Base):
    """Somebody has read a version and finds it fit to be published."""

    __tablename__ = "authored_approval"
    course_id: Mapped[str] = mapped_column(
        ForeignKey("authored_course.course_id"), primary_key=True
    )
    version: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    given_at: Mapped[datetime]
