"""Finding people by a part of their name."""

from sqlalchemy import ColumnElement, or_

from innocap_lms.people.models import Person


def names_like(part: str) -> list[ColumnElement[bool]]:
    """The condition on Person: the name contains `part`; none for "". A protected identity must
    not be found by trying its name.

    SQLite folds a to z only, so Å is also looked for as a capital.
    """
    if not part:
        return []
    ways = {part, part.title()}
    found = or_(*(Person.name.icontains(way, autoescape=True) for way in sorted(ways)))
    return [found, Person.protected.is_(False)]
