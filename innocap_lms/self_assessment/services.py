"""What a person does with a self-assessment: keep one, erase one, erase all.

Nothing of it enters the ledger: no standing and no record depends on it, and what is erased is to
be gone.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.self_assessment.models import Sitting

ONCE: Final = ("person_id", "key")


def keep(person_id: str, name: str, key: str, levels: Mapping[str, int]) -> None:
    """Keep where a person places themselves; the same form sent again changes nothing."""
    values = {"name": name, "taken_at": clock.utcnow(), "levels": dict(levels)}
    insert_once(Sitting, ONCE, id=new_id(), person_id=person_id, key=key, **values)


def erase(person_id: str, name: str, sitting_id: str = "") -> bool:
    """Erase one of a person's own, or all of that name; False where there was none."""
    theirs = delete(Sitting).where(Sitting.person_id == person_id, Sitting.name == name)
    one = theirs.where(Sitting.id == sitting_id) if sitting_id else theirs
    return bool(db.session.scalars(one.returning(Sitting.id)).all())
