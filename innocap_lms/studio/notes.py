"""What the site itself notes of a version: kept in English, read in the reader's language."""

from typing import Final

from flask_babel import gettext as _

BEGUN: Final = "Begun with an example of everything"
ADOPTED: Final = "Adopted from the plugin "
GIVEN_BACK: Final = "Given back to the plugin "


def noted(note: str) -> str:
    """The note of a version in words of the reader; what a person wrote stays as it is."""
    if note == BEGUN:
        return _("Begun with an example of everything")
    if note.startswith(ADOPTED):
        return _("Adopted from the plugin %(plugin)s", plugin=note.removeprefix(ADOPTED))
    if note.startswith(GIVEN_BACK):
        return _("Given back to the plugin %(plugin)s", plugin=note.removeprefix(GIVEN_BACK))
    return note
