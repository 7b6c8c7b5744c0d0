"""What a version of a course is, for those who do not need git to know it."""

from dataclasses import dataclass
from datetime import datetime


class MovedError(RuntimeError):
    """Somebody else has committed since the branch was read."""


class DamagedError(RuntimeError):
    """Something in the repository is missing, or is not what it should be."""


@dataclass(frozen=True)
class Version:
    """A commit that changed the course; `paths` are within its folder. `author` is a pseudonym."""

    id: str
    author: str
    at: datetime
    note: str
    paths: tuple[str, ...]
