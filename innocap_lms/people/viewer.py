"""The person a request is from, and what that person may see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true


@dataclass(frozen=True)
class Role:
    """A role and where it holds; `unit_path` is None for a whole organisation.

    `track` narrows a trainer or an assessor to the courses of one.
    """

    name: str
    organisation_id: str | None = None
    unit_id: str | None = None
    unit_path: str | None = None
    track: str | None = None


@dataclass(frozen=True)
class Viewer:
    """Who is asking: a read-only snapshot, also Flask-Login's user object.

    `token` is the secret of the session and never leaves the cookie.
    """

    id: str
    name: str
    language: str
    timezone: str | None
    roles: tuple[Role, ...]
    token: str = field(repr=False, default="")
    expires_at: datetime | None = None
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token

    def has(self, *names: str) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(role.name in names for role in self.roles)

    def home(self) -> Role | None:
        """Where this person learns: the first role with an organisation, learner roles first."""
        placed = [role for role in self.roles if role.organisation_id]
        learning = [role for role in placed if role.name == "learner"]
        return next(iter(learning + placed), None)


def keeps_track(viewer: Viewer, track: str) -> bool:
    """Whether the courses of a track are this person's own at the trainer's desk."""
    return any(
        role.name == "admin" or (role.name == "trainer" and role.track in (None, track))
        for role in viewer.roles
    )


def track_scope(viewer: Viewer, track: Any) -> ColumnElement[bool]:
    """The rows of the tracks that `viewer` keeps at the trainer's desk, as a condition on a column:
    the same rule as `keeps_track`."""
    own = [role.track for role in viewer.roles if role.name in ("trainer", "admin")]
    if None in own:
        return true()
    return track.in_(own) if own else false()


def hr_scope(viewer: Viewer, organisation_id: Any, unit_path: Any) -> ColumnElement[bool]:
    """The records whose completion `viewer` may see, as a condition on two columns.

    HR sees its organisation, a manager the unit and below, an admin all; nobody else anything.
    Source: who needs to see what, docs/privacy.md.
    """
    allowed: list[ColumnElement[bool]] = []
    for role in viewer.roles:
        if role.name == "admin":
            return true()
        if role.name == "hr" and role.unit_id is None:
            allowed.append(organisation_id == role.organisation_id)
        if role.name == "manager" and role.unit_path:
            allowed.append(unit_path.startswith(role.unit_path, autoescape=True))
    return or_(false(), *allowed)
