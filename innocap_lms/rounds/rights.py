"""Who may see a round, arrange it, lead it, and reach which of its people: the one place for it.

Source: who needs to see what, hr-and-reporting section 1; in words, docs/rounds.md.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true
from sqlalchemy.orm import aliased

from innocap_lms import clock
from innocap_lms.people.models import Membership, Unit, holds
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.rounds.models import Round, RoundEnrolment, RoundOrganisation

LIST_KEPT: Final = timedelta(days=14)  # after the last day; then its leader reads counts alone


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Round: arranged in an organisation of the viewer's or open to it, or one they
    are in."""
    if viewer.has("admin"):
        return true()
    own = sorted({role.organisation_id for role in viewer.roles if role.organisation_id})
    mine = aliased(RoundEnrolment)  # whoever asks may have another beside the round
    return or_(
        Round.organiser_id.in_(own),
        exists().where(
            RoundOrganisation.round_id == Round.id, RoundOrganisation.organisation_id.in_(own)
        ),
        exists().where(mine.round_id == Round.id, mine.person_id == viewer.id),
    )


def arranges_in(viewer: Viewer, organisation_id: str, track: str) -> bool:
    """Whether the viewer arranges rounds of courses of that track in that organisation: its
    trainers of the track, its HR, and administrators."""
    return viewer.has("admin") or any(
        role.organisation_id == organisation_id
        and (
            (role.name == "hr" and role.unit_id is None)
            or (role.name == "trainer" and role.track in (None, track))
        )
        for role in viewer.roles
    )


def arranged_by(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Round: the rule of `arranges_in`, which holds for its leader as well."""
    if viewer.has("admin"):
        return true()
    found: list[ColumnElement[bool]] = [false()]
    for role in viewer.roles:
        if role.name == "hr" and role.unit_id is None:
            found.append(Round.organiser_id == role.organisation_id)
        elif role.name == "trainer":
            own = Round.organiser_id == role.organisation_id
            found.append(and_(own, Round.track == role.track) if role.track else own)
    return or_(*found)


def leads(viewer: Viewer, leader_id: str, organiser_id: str, track: str) -> bool:
    """Whether the viewer leads a round: named so, and still a trainer of its track there."""
    return viewer.id == leader_id and any(
        role.name == "trainer"
        and role.organisation_id == organiser_id
        and role.track in (None, track)
        for role in viewer.roles
    )


def list_is_open(session_day: date, last_day: date, today: date) -> bool:
    """Whether the leader may open the attendance list of a session: from its day until two weeks
    after the round's last."""
    return session_day <= today <= last_day + LIST_KEPT


def reached(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on RoundEnrolment: the people whose state in a round the viewer follows up.

    HR those who were enrolled from its organisation; a manager who is in the unit, or below, now.
    """
    membership, unit = aliased(Membership), aliased(Unit)
    belongs_now = (
        select(membership.id)
        .join(unit, unit.id == membership.unit_id)
        .where(
            membership.person_id == RoundEnrolment.person_id,
            membership.organisation_id == RoundEnrolment.organisation_id,
            holds(membership, clock.utcnow()),
            hr_scope(viewer, literal(""), unit.path),
        )
    )
    return or_(hr_scope(viewer, RoundEnrolment.organisation_id, literal("")), belongs_now.exists())


def acting_as(viewer: Viewer, *roles: str) -> Viewer:
    """The viewer with those roles alone: who is HR of one organisation and leads a unit of another
    requires nothing there."""
    kept = tuple(role for role in viewer.roles if role.name in roles)
    return replace(viewer, roles=kept)
