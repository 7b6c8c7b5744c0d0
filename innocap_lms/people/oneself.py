"""Nobody decides about themselves: what is noted, corrected or ended about somebody of HR is done
by another officer of the organisation, or by an administrator."""

from flask import flash
from flask_babel import gettext as _

from innocap_lms.people.policy import require_viewer


def refused(person_id: str) -> bool:
    """Whether it is about the viewer, who then reads the rule on the next page: nothing may be
    changed."""
    if person_id != require_viewer().id:
        return False
    words = _(
        "Nothing was changed: nobody notes or corrects anything about themselves. Ask another "
        "HR officer of the organisation, or an administrator."
    )
    flash(words, "warn")
    return True
