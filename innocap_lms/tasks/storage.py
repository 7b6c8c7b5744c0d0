"""The bytes of files of cases: a private folder, a random name each, whole or not at all.

Unlike files of courses they are not named by their content: then the same file of two learners
would be one, and taking it away from one of them would race with the other adding it.
"""

from pathlib import Path

from flask import current_app

from innocap_lms.catalogue.services import write_whole
from innocap_lms.ids import new_id

FOLDER = "submissions"


def place_of(stored: str) -> Path:
    """Where the bytes of that name lie."""
    data_dir: Path = current_app.extensions["innocap_settings"].data_dir
    return data_dir / FOLDER / stored


def keep(content: bytes) -> str:
    """Write bytes to the disk and return their name.

    Done before the transaction: bytes that no case names harm nobody, the reverse would. Whoever
    then names them nowhere calls `forget`.
    """
    stored = new_id()
    place = place_of(stored)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(content, place)
    return stored


def forget(stored: str) -> None:
    """Remove bytes; done after the commit that took away the last row naming them."""
    place_of(stored).unlink(missing_ok=True)
