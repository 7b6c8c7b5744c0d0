"""What administrators have set of plugins, and the lists of people that HR sends in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class PluginSetting(Base):
    """A value that is not the default. It stays when its plugin goes, for the day it returns."""

    __tablename__ = "plugin_setting"
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class PeopleImport(Base):
    """A list of people that was sent in: first to be looked at, then to be carried out, once.

    `content` is the file in base64, and empty once it is no longer needed; `places` says which
    column is what. What somebody has ticked: `closing` are the ids of those who are to leave
    because the list does not have them, `renaming` of those who are to be called as the list says.
    What is done is counted as it goes: `done_row` is the last row of the file that was carried
    out, `closed` how many of `closing`.
    """

    __tablename__ = "people_import"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    language: Mapped[str]  # of whoever sent it, and of those of whom the list does not say it
    file_name: Mapped[str]
    content: Mapped[str]
    places: Mapped[dict[str, Any]] = mapped_column(JSON)
    moves_on: Mapped[date | None]
    closing: Mapped[list[str]] = mapped_column(JSON)
    renaming: Mapped[list[str]] = mapped_column(JSON)
    asked_at: Mapped[datetime | None]
    done_row: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    failures: Mapped[list[Any]] = mapped_column(JSON)  # [row, words]
    done_at: Mapped[datetime | None]
