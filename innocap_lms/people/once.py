"""What must be there only once, and changes that wait for each other.

A constraint decides what is there once, and its refusal becomes plain words.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from innocap_lms.extensions import db
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Person


@contextmanager
def flush_once(field: str, message: str) -> Iterator[None]:
    """Write the change made inside. Where a constraint refuses it, the transaction stands.

    Raises InvalidInputError on `field`.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        raise InvalidInputError({field: message}) from error


def hold(person_id: str) -> None:
    """Let changes of one person wait for each other: the second sees what the first wrote (SQLite
    writes one at a time anyway). In a write transaction.

    Rows that only refer to the person, such as page views, do not wait (FOR NO KEY UPDATE).
    """
    held = select(Person.id).where(Person.id == person_id)
    db.session.execute(held.with_for_update(key_share=True)).one()
