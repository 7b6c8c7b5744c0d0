"""What the ledger says of a round: each change of a person's place in it, and of its days."""

from typing import Any

from innocap_lms import clock
from innocap_lms.ledger.services import record
from innocap_lms.rounds.models import Round


def note_person(
    kind: str, held: Round, person_id: str, organisation_id: str, actor_id: str | None, **said: Any
) -> str:
    """Write that somebody's place in a round has changed; returns the event's id."""
    return record(
        f"round.{kind}",
        person_id=person_id,
        actor_id=actor_id,
        organisation_id=organisation_id,
        happened_at=clock.utcnow(),
        content={"round": held.id, "course": held.course_id, **said},
    )


def note_round(kind: str, held: Round, actor_id: str | None, **said: Any) -> None:
    """Write what was decided of a whole round."""
    record(
        f"round.{kind}",
        person_id=None,
        actor_id=actor_id,
        organisation_id=held.organiser_id,
        happened_at=clock.utcnow(),
        content={"round": held.id, "course": held.course_id, **said},
    )
