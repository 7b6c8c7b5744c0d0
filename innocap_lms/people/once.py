"""What must be there only once: the constraint decides, and its refusal becomes plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from innocap_lms.extensions import db
from innocap_lms.people.identity import InvalidInputError


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
