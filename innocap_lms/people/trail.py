"""What is done to accounts, roles and units, written into the ledger with whoever did it."""

from innocap_lms import clock
from innocap_lms.ledger.services import record


def note(
    kind: str,
    actor_id: str | None,
    *,
    person_id: str | None = None,
    organisation_id: str | None = None,
    **content: object,
) -> None:
    """Write an event in the current transaction. Without an actor it was a command or a job."""
    record(
        kind,
        person_id=person_id,
        actor_id=actor_id,
        organisation_id=organisation_id,
        happened_at=clock.utcnow(),
        content=content,
    )
