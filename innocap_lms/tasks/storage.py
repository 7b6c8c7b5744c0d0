"""The bytes of files of cases: a private folder, a random name each, whole or not at all.

Unlike files of courses they are not named by their content: then the same file of two learners
would be one, and taking it away from one of them would race with the other adding it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.services import write_whole
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.tasks.models import SubmissionFile

FOLDER = "submissions"


def place_of(stored: str) -> Path:
    """Where the bytes of that name lie."""
    data_dir: Path = current_app.extensions["innocap_settings"].data_dir
    return data_dir / FOLDER / stored


@dataclass
class Kept:
    """Bytes on the disk by name; `named` once rows name them."""

    names: list[str] = field(default_factory=list)
    named: bool = False


@contextmanager
def kept(contents: Iterable[bytes]) -> Iterator[Kept]:
    """Write bytes to the disk before the transaction inside, which says so once it has named them;
    whatever happens before that, they are removed."""
    found = Kept()
    try:
        for content in contents:
            found.names.append(keep(content))
        yield found
    finally:
        if not found.named:
            for name in found.names:
                forget(name)


def keep(content: bytes) -> str:
    """Write bytes to the disk and return their name.

    Done before the transaction: bytes that no case names harm nobody, the reverse would.
    """
    stored = new_id()
    place = place_of(stored)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(content, place)
    return stored


def forget(stored: str) -> None:
    """Remove bytes; done after the commit that took away the last row naming them."""
    place_of(stored).unlink(missing_ok=True)


def sweep() -> None:
    """Remove bytes older than a day that no row names: what a process left that was ended between
    disk and database."""
    before = (clock.utcnow() - timedelta(days=1)).timestamp()
    folder = place_of("")
    old = [path.name for path in folder.glob("*") if path.stat().st_mtime < before]
    for start in range(0, len(old), 500):
        names = old[start : start + 500]
        rows = select(SubmissionFile.stored).where(SubmissionFile.stored.in_(names))
        for name in set(names) - set(db.session.scalars(rows)):
            forget(name)
