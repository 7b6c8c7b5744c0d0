"""Nobody decides about themselves: what is noted, corrected or ended about somebody of HR is done
by another officer of the organisation, or by an administrator."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.people.policy import require_viewer

View = Callable[..., ResponseReturnValue]


def by_another(view: View) -> View:
    """A view about the person `person_id` that leads back to the card, with the rule in words, whom
    it is about."""

    @wraps(view)
    def decided(person_id: str, **named: Any) -> ResponseReturnValue:
        if person_id != require_viewer().id:
            return view(person_id, **named)
        words = _(
            "Nothing was changed: nobody notes or corrects anything about themselves. Ask another "
            "HR officer of the organisation, or an administrator."
        )
        flash(words, "warn")
        return redirect(url_for("hr.person", person_id=person_id))

    return decided
