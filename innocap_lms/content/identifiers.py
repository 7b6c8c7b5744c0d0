"""Ids and anchors: what they may look like, and how one is made from a text."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")

# The checks of what has stayed with a learner are kept under names like those of quizzes: see
# learning.retention.
CHECK_IDS = ("check-4-weeks", "check-12-weeks")
# The site itself answers at /courses/<course>/files/…, sheets/…, facilitator/…, and at those of the
# checks.
RESERVED_IDS = frozenset({"files", "sheets", "facilitator", *CHECK_IDS})


def is_id(text: str) -> bool:
    """Whether `text` is a well-formed id: lower-case letters, digits, hyphens, at most 60."""
    return ID_PATTERN.match(text) is not None


def slug(text: str, fallback: str = "section") -> str:
    """An id made from a text: "Å ena sidan" gives "a-ena-sidan"; `fallback` if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or "" when none is near."""
    found = get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""
