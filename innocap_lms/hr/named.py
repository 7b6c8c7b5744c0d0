"""What an address of follow-up names after its question mark has to be its reader's: else there is
no such page. "Not yours" and "not there" are the same; people.refusals notes who asked.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import abort, request
from sqlalchemy import ColumnElement, or_, select

from innocap_lms.extensions import db
from innocap_lms.hr.standings import in_organisations
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Membership, Organisation, Unit
from innocap_lms.people.policy import require_viewer
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.requirements.models import RequirementRow


def hold_to_scope() -> None:
    """Before each request, once its policy has let the reader in."""
    if request.endpoint is None:
        return  # no such address, and no policy has looked who asks: the 404 follows
    if f"{request.path}/".startswith("/hr/") and not are_theirs(require_viewer(), request.args):
        abort(404)


def are_theirs(viewer: Viewer, filters: Mapping[str, str]) -> bool:
    """Whether the viewer follows up everything that filters name by its id. One statement where
    they name anything."""
    named = [(is_theirs, filters.get(name, "").strip()) for name, is_theirs in _NAMED.items()]
    wanted = [is_theirs(viewer, its_id) for is_theirs, its_id in named if its_id]
    return not wanted or all(db.session.execute(select(*wanted)).one())


def _organisation(viewer: Viewer, its_id: str) -> ColumnElement[bool]:
    found = select(Organisation.id).outerjoin(Unit, Unit.organisation_id == Organisation.id)
    seen = hr_scope(viewer, Organisation.id, Unit.path)
    return found.where(Organisation.id == its_id, seen).exists()


def _unit(viewer: Viewer, its_id: str) -> ColumnElement[bool]:
    seen = hr_scope(viewer, Unit.organisation_id, Unit.path)
    return select(Unit.id).where(Unit.id == its_id, seen).exists()


def _requirement(viewer: Viewer, its_id: str) -> ColumnElement[bool]:
    seen = in_organisations(viewer, RequirementRow.organisation_id)
    return select(RequirementRow.id).where(RequirementRow.id == its_id, seen).exists()


def _neighbour(viewer: Viewer, its_id: str) -> ColumnElement[bool]:
    """A person from whom on a list is asked for. Whoever was theirs once is: people leave while
    others turn pages. Of somebody else, where the list begins would tell the name bit by bit."""

    def ever(kept: Any) -> ColumnElement[bool]:
        path = select(Unit.path).where(Unit.id == kept.unit_id).scalar_subquery()
        seen = hr_scope(viewer, kept.organisation_id, path)
        return select(kept.id).where(kept.person_id == its_id, seen).exists()

    return or_(ever(Membership), ever(Completion))


_NAMED: Final[Mapping[str, Callable[[Viewer, str], ColumnElement[bool]]]] = {
    "organisation": _organisation,
    "unit": _unit,
    "requirement": _requirement,
    "after": _neighbour,
    "before": _neighbour,
}
