"""Who may administer whom: the one place that says so.

An administrator administers everybody. HR of an organisation administers learners and managers of
that organisation. What opens an account (a link, a code, suspension) reaches everything the person
ever did here, so HR has it only over people who never belonged anywhere else and never held a
higher role; whoever has changed employer is the administrator's.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, select, true

from innocap_lms.people.models import Membership, Organisation, Person
from innocap_lms.people.viewer import Role, Viewer

GRANTED_BY_HR = ("learner", "manager")


@dataclass(frozen=True)
class AdminScope:
    """What one viewer may administer: everything, or these organisations."""

    everything: bool
    organisation_ids: frozenset[str]

    def people(self) -> ColumnElement[bool]:
        """Condition on Person: those with any membership, past or present, in the scope."""
        if self.everything:
            return true()
        if not self.organisation_ids:
            return false()
        return Person.id.in_(
            select(Membership.person_id).where(
                Membership.organisation_id.in_(self.organisation_ids)
            )
        )

    def organisations(self) -> ColumnElement[bool]:
        """Condition on Organisation: those the viewer may see and change here."""
        return true() if self.everything else Organisation.id.in_(self.organisation_ids)

    def may_give(self, role: str, organisation_id: str | None) -> bool:
        """Whether the viewer may give, and end, this role there."""
        if self.everything:
            return True
        return role in GRANTED_BY_HR and organisation_id in self.organisation_ids

    def may_open(self, held: tuple[Role, ...]) -> bool:
        """Whether the viewer may open or close the account of whoever ever held these roles."""
        if self.everything:
            return True
        return bool(held) and all(self.may_give(role.name, role.organisation_id) for role in held)


def admin_scope(viewer: Viewer) -> AdminScope:
    """What `viewer` may administer; nothing for those who are neither administrator nor HR."""
    return AdminScope(
        everything=viewer.has("admin"),
        organisation_ids=frozenset(
            role.organisation_id
            for role in viewer.roles
            if role.name == "hr" and role.unit_id is None and role.organisation_id
        ),
    )
