"""What somebody at the HR desk does that is to be remembered."""

from collections.abc import Mapping
from typing import Any

from innocap_lms import clock
from innocap_lms.ledger.services import record
from innocap_lms.people.viewer import Viewer


def note_export(viewer: Viewer, report: str, filters: Mapping[str, Any], rows: int) -> None:
    """Record in the ledger who takes which list out of the system, and how many rows it has."""
    organisations = {role.organisation_id for role in viewer.roles if role.name != "learner"}
    record(
        "hr.exported",
        person_id=None,
        actor_id=viewer.id,
        organisation_id=organisations.pop() if len(organisations) == 1 else None,
        happened_at=clock.utcnow(),
        content={"report": report, "filters": dict(filters), "rows": rows},
    )
