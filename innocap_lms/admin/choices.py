"""What the forms of the operator's desk offer: places and roles, within a scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from innocap_lms.people.directory import Held, OrganisationRow
from innocap_lms.people.models import OF_A_TRACK, ROLES
from innocap_lms.people.scope import GRANTED_BY_HR, AdminScope

ROLE_NAMES: dict[str, Any] = {
    "learner": _("Learner"),
    "trainer": _("Trainer"),
    "assessor": _("Assessor"),
    "hr": _("HR of an organisation"),
    "manager": _("Manager of a unit"),
    "coordinator": _("Coordinator of the programme"),
    "admin": _("Administrator of the site"),
}


ROLE_TO_GIVE = {
    "trainer": _("Trainer of every track"),
    "assessor": _("Assessor of every track"),
}


@dataclass(frozen=True)
class Place:
    """Where a role holds: a whole organisation, or a unit of it; neither for the whole site."""

    organisation_id: str | None
    unit_id: str | None

    @classmethod
    def read(cls, value: str) -> "Place":
        """From a form: "", "<organisation id>" or "<organisation id>/<unit id>"."""
        organisation_id, _slash, unit_id = value.partition("/")
        return cls(organisation_id or None, unit_id or None)

    @staticmethod
    def of(held: Held) -> str:
        """The place of a role somebody has, as the form has it."""
        return "/".join(part for part in (held.organisation_id, held.unit_id) if part)


def places(scope: AdminScope, own: Iterable[OrganisationRow]) -> list[tuple[str, Any]]:
    """(value, label) of every place in `scope`, whose organisations are `own`; a unit's label
    holds the names above it."""
    offered: list[tuple[str, Any]] = []
    for organisation in own:
        offered.append((organisation.id, organisation.name))
        trail = [organisation.name]
        for unit in organisation.units:
            trail = [*trail[: unit.depth + 1], unit.name]
            if unit.is_closed():
                continue
            offered.append((f"{organisation.id}/{unit.id}", " · ".join(trail)))
    if scope.everything:
        offered.append(("", _("The whole site (administrators and coordinators)")))
    return offered


def roles_to_give(scope: AdminScope, tracks: Mapping[str, str]) -> list[tuple[str, Any]]:
    """(value, name) of the roles that may be given in `scope`; `tracks` are names by slug.

    A trainer's or an assessor's role is offered for every track, and for each: "trainer/<slug>".
    """
    offered: list[tuple[str, Any]] = []
    for role in ROLES:
        if scope.everything or role in GRANTED_BY_HR:
            offered.append((role, ROLE_TO_GIVE.get(role, ROLE_NAMES[role])))
            if role in OF_A_TRACK:
                offered += [
                    (f"{role}/{slug}", f"{ROLE_NAMES[role]}: {name}")
                    for slug, name in tracks.items()
                ]
    return offered
