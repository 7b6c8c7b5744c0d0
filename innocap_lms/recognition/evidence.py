"""Files of evidence: on the disk under random names, beside the rows that name them.

A file is written before the transaction that names it; one that no row names harms nobody, and is
swept after a day.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.services import write_whole
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.recognition.models import Evidence, ExternalTraining
from innocap_lms.tasks.file_checks import Upload

FOLDER: Final = "evidence"


def keep(content: bytes) -> str:
    """Write evidence to the disk; the name of its bytes there."""
    stored = new_id()
    place = place_of(stored)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(content, place)
    return stored


def name(stored: str, upload: Upload, organisation_id: str) -> None:
    """Note whose evidence a file is. In a write transaction."""
    db.session.add(
        Evidence(
            id=stored,
            organisation_id=organisation_id,
            file_name=upload.name,
            media_type=upload.media_type,
        )
    )
    db.session.flush()


def of_organisation(stored: str, organisation_id: str) -> Evidence | None:
    """The evidence of that name, if it is the organisation's."""
    found = db.session.get(Evidence, stored)
    return found if found and found.organisation_id == organisation_id else None


def forget(stored: str) -> None:
    """Remove a file that no row names any more."""
    place_of(stored).unlink(missing_ok=True)


def sweep() -> None:
    """Remove files older than a day that no row names: what a process left that was ended between
    disk and database. A repeating job."""
    before = (clock.utcnow() - timedelta(days=1)).timestamp()
    for file in place_of("").glob("*"):
        if file.stat().st_mtime < before and not _is_named(file.name):
            file.unlink(missing_ok=True)


def _is_named(stored: str) -> bool:
    sent_in = select(ExternalTraining.id).where(
        ExternalTraining.stored == stored, ExternalTraining.state != "withdrawn"
    )
    noted = select(Evidence.id).where(Evidence.id == stored)
    return db.session.scalar(sent_in.union_all(noted)) is not None


def place_of(stored: str) -> Path:
    """Where evidence lies."""
    data_dir: Path = current_app.extensions["innocap_settings"].data_dir
    return data_dir / FOLDER / stored
