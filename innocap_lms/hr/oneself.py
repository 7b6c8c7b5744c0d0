"""Views about a person that are not for that person: see `people/oneself.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from innocap_lms.people.oneself import refused

View = Callable[..., ResponseReturnValue]


def by_another(view: View) -> View:
    """A view about the person `person_id` that leads back to the card, with the rule in words, whom
    it is about."""

    @wraps(view)
    def decided(person_id: str, **named: Any) -> ResponseReturnValue:
        if refused(person_id):
            return redirect(url_for("hr.person", person_id=person_id))
        return view(person_id, **named)

    return decided
