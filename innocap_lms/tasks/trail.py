"""What the ledger says of a case: which one, never a word of it."""

from typing import Any

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.tasks.models import Submission


def named(case: Submission, edition: EditionView) -> dict[str, Any]:
    """What every record of a case names."""
    return {
        "submission": case.id,
        "task": case.task_id,
        "number": case.number,
        "course": edition.course.id,
        "edition": edition.id,
        "fingerprint": case.fingerprint,
        "language": case.language,
    }
