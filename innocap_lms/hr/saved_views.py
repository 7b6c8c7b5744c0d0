"""Views that somebody has kept under a name: whose they are, what they may hold, what they lead to.

A view is an address. Whoever opens it sees what that person may see, whoever saved it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.hr.filters import MAX_TEXT
from innocap_lms.hr.models import EVERY, SavedView
from innocap_lms.hr.reach import decides_in
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Organisation, Person
from innocap_lms.people.viewer import Viewer

PAGES: Final = {
    "dashboard": "hr.dashboard",
    "matrix": "hr_matrix.matrix",
    "team": "hr_people.team",
    "register": "hr_people.register",
    "completions": "hr.completions",
}
REPORT: Final = "report:"  # before the name of a report of a plugin
MOST_FILTERS: Final = 20
_FILTER = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
_REPORT = re.compile(r"report:[a-z0-9-]{1,60}\Z")
PLACES: Final = ("after", "before")  # of a list: a view begins at its beginning


@dataclass(frozen=True)
class View:
    """A saved view as somebody finds it. `organisation` is the name of the one it is shared with,
    "" where with none; `owner` the name of who saved it, "" where protected."""

    id: str
    name: str
    page: str
    query: dict[str, str]
    every: str
    organisation_id: str | None
    organisation: str
    owner: str
    is_own: bool

    def address(self) -> str:
        """The path it leads to, with its filters."""
        return address_of(self.page, self.query)


def is_page(page: str) -> bool:
    """Whether a view of that page can be kept."""
    return page in PAGES or bool(_REPORT.match(page))


def address_of(page: str, query: Mapping[str, str]) -> str:
    """The path of a page with filters."""
    if page.startswith(REPORT):
        path = url_for("hr_reports.report", report=page.removeprefix(REPORT))
    else:
        path = url_for(PAGES[page])
    return f"{path}?{urlencode(query)}" if query else path


def read_query(text: str) -> dict[str, str]:
    """The filters in the query part of an address; what is none is left out."""
    pairs = parse_qsl(text[:2000])[:MOST_FILTERS]
    return {
        name: value[:MAX_TEXT]
        for name, value in pairs
        if value and _FILTER.match(name) and name not in PLACES
    }


def views_of(viewer: Viewer) -> list[View]:
    """The views that are somebody's own, and those shared with the HR they are; by name."""
    shown = select(
        SavedView, Organisation.name.label("organisation"), Person.name, Person.protected
    )
    rows = db.session.execute(
        shown.join(Person, Person.id == SavedView.person_id)
        .outerjoin(Organisation, Organisation.id == SavedView.organisation_id)
        .where(_theirs(viewer))
        .order_by(SavedView.name, SavedView.id)
    )
    return [_view(row, viewer) for row in rows]


def view_of(viewer: Viewer, view_id: str) -> View | None:
    """One of them."""
    return next((view for view in views_of(viewer) if view.id == view_id), None)


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    shared = SavedView.organisation_id.is_not(None)
    if not viewer.has("admin"):
        own = {
            role.organisation_id
            for role in viewer.roles
            if role.name == "hr" and role.unit_id is None
        }
        shared = SavedView.organisation_id.in_(sorted(filter(None, own)))
    return or_(SavedView.person_id == viewer.id, shared)


def _view(row: Any, viewer: Viewer) -> View:
    kept: SavedView = row[0]
    return View(
        kept.id,
        kept.name,
        kept.page,
        kept.query,
        kept.every,
        kept.organisation_id,
        row.organisation or "",
        "" if row.protected else row.name,
        kept.person_id == viewer.id,
    )


@dataclass(frozen=True)
class Wanted:
    """What a form asks of a view; `organisation_id` is "" where it is shared with nobody."""

    name: str
    organisation_id: str
    every: str


def save(viewer: Viewer, page: str, query: Mapping[str, str], wanted: Wanted) -> str:
    """Keep a view; gives its id. In a write transaction. Raises InvalidInputError."""
    _check(viewer, wanted)
    now, view_id = clock.utcnow(), new_id()
    kept = insert_once(
        SavedView,
        ("person_id", "name"),
        id=view_id,
        person_id=viewer.id,
        organisation_id=wanted.organisation_id or None,
        name=wanted.name,
        page=page,
        query=dict(query),
        every=wanted.every,
        scheduled_at=now if wanted.every else None,
        saved_at=now,
    )
    if not kept:
        raise InvalidInputError({"name": _taken()})
    return view_id


def change(viewer: Viewer, view_id: str, wanted: Wanted) -> None:
    """Change an own view's name, whom it is shared with and how often it is mailed. In a write
    transaction. Raises InvalidInputError, LookupError where it is not there or another's."""
    _check(viewer, wanted)
    kept = db.session.get(SavedView, view_id, with_for_update=True)
    if kept is None or kept.person_id != viewer.id:
        raise LookupError(view_id)
    others = select(SavedView.id).where(
        SavedView.person_id == viewer.id, SavedView.name == wanted.name, SavedView.id != view_id
    )
    if db.session.scalars(others).first():
        raise InvalidInputError({"name": _taken()})
    if wanted.every != kept.every:
        kept.scheduled_at = clock.utcnow() if wanted.every else None
    kept.name, kept.every = wanted.name, wanted.every
    kept.organisation_id = wanted.organisation_id or None


def forget(view: View) -> None:
    """Delete a view that somebody has found: an own one, or one that is shared with the HR they
    are. In a write transaction."""
    kept = db.session.get(SavedView, view.id)
    if kept is not None:
        db.session.delete(kept)


def _check(viewer: Viewer, wanted: Wanted) -> None:
    errors = {}
    if not wanted.name:
        errors["name"] = _("Give the view a name.")
    elif len(wanted.name) > MAX_TEXT:
        errors["name"] = _("At most %(most)s characters.", most=MAX_TEXT)
    if wanted.every not in EVERY:
        errors["every"] = _("Choose how often.")
    if wanted.organisation_id and not decides_in(viewer, wanted.organisation_id):
        errors["organisation"] = _("Choose an organisation whose HR you are.")
    if errors:
        raise InvalidInputError(errors)


def _taken() -> str:
    return _("You have a view of that name already. Choose another name.")


def own_first(views: Iterable[View]) -> tuple[list[View], list[View]]:
    """Somebody's own views, and those that others share with them."""
    every = list(views)
    return [view for view in every if view.is_own], [view for view in every if not view.is_own]
