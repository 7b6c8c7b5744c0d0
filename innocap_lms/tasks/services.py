"""What a learner does with a case: write, add files and take them away, hand in.

Each function is called inside a write transaction. The first of them, `save`, takes the row of the
draft, so that two windows come one after the other.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.config import Settings
from innocap_lms.content.model import Task
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.learning.activities import begin_activity
from innocap_lms.ledger.services import record
from innocap_lms.people.viewer import Viewer
from innocap_lms.tasks.assessing import fill_seats
from innocap_lms.tasks.file_checks import FileRefused
from innocap_lms.tasks.models import Submission, SubmissionFile
from innocap_lms.tasks.trail import named

MAX_TEXT = 50_000  # characters
MAX_FILES = 5
MAX_TOTAL = 20_000_000  # bytes of all files of a case


class Stale(ValueError):
    """The case was changed in another window since this one read it."""


class Closed(ValueError):
    """The case is handed in or passed: it cannot be changed. `case_id` says which it is."""

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id


class NoOrganisation(ValueError):
    """The learner belongs to no organisation, so nobody could assess the case."""


@dataclass(frozen=True)
class Stored:
    """A file whose bytes lie on the disk and which no row names yet."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored: str


class Draft(NamedTuple):
    """A draft after its text was saved."""

    id: str
    revision: int


def save(
    enrolment_id: str, edition: EditionView, task: Task, text: str, language: str, revision: int
) -> Draft:
    """Save the text of the draft, which begins with the first save.

    The draft is from then on one of that edition, whose brief and rubric its writer has seen.
    `revision` is the one that was read, 0 where there was no draft. To save again what is there
    changes nothing: a request may come twice. Raises Stale and Closed.
    """
    now = clock.utcnow()
    last = db.session.execute(
        select(Submission.id, Submission.state, Submission.text, Submission.revision)
        .where(Submission.enrolment_id == enrolment_id, Submission.task_id == task.id)
        .order_by(Submission.number.desc())
        .limit(1)
    ).first()
    if last is None:
        return _begin(enrolment_id, edition, task, text, language, revision)
    if last.state != "draft":
        raise Closed(last.id)
    taken = db.session.execute(
        update(Submission)
        .where(
            Submission.id == last.id, Submission.state == "draft", Submission.revision == revision
        )
        .values(
            text=text,
            language=language,
            revision=revision + 1,
            saved_at=now,
            edition_id=edition.id,
            fingerprint=task.fingerprint,
        )
        .returning(Submission.id)
    )
    if taken.first() is not None:
        return Draft(last.id, revision + 1)
    if last.text != text:
        raise Stale(last.id)
    return Draft(last.id, last.revision)


def _begin(
    enrolment_id: str, edition: EditionView, task: Task, text: str, language: str, revision: int
) -> Draft:
    if revision:
        raise Stale(task.id)
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Submission,
        ("enrolment_id", "task_id", "number"),
        id=new,
        enrolment_id=enrolment_id,
        task_id=task.id,
        number=1,
        track=edition.track,
        edition_id=edition.id,
        fingerprint=task.fingerprint,
        language=language,
        organisation_id=None,
        text=text,
        revision=1,
        state="draft",
        started_at=now,
        saved_at=now,
    )
    if not made:
        raise Stale(task.id)
    begin_activity(enrolment_id, task.id)
    return Draft(new, 1)


def holds(case_id: str, text: str, digests: Set[str]) -> bool:
    """Whether a case has this text and these files, by their SHA-256: then a request that says so
    again has been answered before."""
    has = db.session.scalar(select(Submission.text).where(Submission.id == case_id))
    files = select(SubmissionFile.sha256).where(SubmissionFile.submission_id == case_id)
    return has == text and digests <= set(db.session.scalars(files))


def add_files(submission_id: str, files: Sequence[Stored]) -> list[str]:
    """Add files to a draft; returns the names of stored bytes that were not needed, since the case
    has that file already. Raises FileRefused."""
    unneeded = []
    for each in files:
        made = insert_once(
            SubmissionFile,
            ("submission_id", "sha256"),
            id=new_id(),
            submission_id=submission_id,
            added_at=clock.utcnow(),
            **vars(each),
        )
        if not made:
            unneeded.append(each.stored)
    count, total = db.session.execute(
        select(func.count(), func.sum(SubmissionFile.size)).where(
            SubmissionFile.submission_id == submission_id
        )
    ).one()
    check_number(count)
    check_size(total or 0)
    return unneeded


def check_number(files: int) -> None:
    """Raises FileRefused for more than a case holds."""
    if files > MAX_FILES:
        raise FileRefused(_("A case holds at most 5 files. Take one away first."))


def check_size(total: int) -> None:
    """Raises FileRefused for more bytes than the files of a case take."""
    if total > MAX_TOTAL:
        raise FileRefused(_("The files of a case take at most 20 MB together."))


def remove_file(submission_id: str, file_id: str) -> str:
    """Take a file out of a draft; returns the name of its bytes if nothing else names them."""
    stored = db.session.execute(
        delete(SubmissionFile)
        .where(SubmissionFile.id == file_id, SubmissionFile.submission_id == submission_id)
        .returning(SubmissionFile.stored)
    ).scalar()
    if stored is None:
        return ""
    named_still = db.session.scalar(
        select(func.count()).select_from(SubmissionFile).where(SubmissionFile.stored == stored)
    )
    return "" if named_still else str(stored)


def hand_in(learner: Viewer, submission_id: str, edition: EditionView, task: Task) -> bool:
    """Hand in a draft and draw its assessors; False when that was done before.

    Raises NoOrganisation: assessors come from the learner's organisation.
    """
    now, home = clock.utcnow(), learner.home()
    if home is None:
        raise NoOrganisation(learner.id)
    organisation = home.organisation_id
    taken = db.session.execute(
        update(Submission)
        .where(Submission.id == submission_id, Submission.state == "draft")
        .values(
            state="handed_in",
            handed_in_at=now,
            promised_at=promised(now, task.answer_days),
            organisation_id=organisation,
        )
        .returning(Submission.id)
    )
    if taken.first() is None:
        return False
    case = db.session.get_one(Submission, submission_id, populate_existing=True)
    record(
        "task.handed_in",
        person_id=learner.id,
        actor_id=learner.id,
        organisation_id=organisation,
        happened_at=now,
        content=named(case, edition),
    )
    fill_seats(case, task)
    return True


def promised(handed_in_at: datetime, days: int) -> datetime:
    """The end of the day, in the site's zone, by which an answer is promised."""
    settings: Settings = current_app.extensions["innocap_settings"]
    zone = ZoneInfo(settings.timezone)
    day = handed_in_at.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, time.min, zone) - timedelta(seconds=1)
