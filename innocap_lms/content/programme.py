"""A programme: courses that make a whole together, in an order, some of them to choose among."""

from collections.abc import Mapping
from dataclasses import dataclass

from innocap_lms.content.model import Course


@dataclass(frozen=True)
class Step:
    """Courses of which so many are to be completed; a course that everybody takes stands alone."""

    courses: tuple[str, ...]
    choose: int = 1

    @property
    def is_choice(self) -> bool:
        """Whether the learner chooses."""
        return self.choose < len(self.courses)


@dataclass(frozen=True)
class Programme(Course):
    """A programme as it stands in an edition: titles, hours and outcomes like a course's, and steps
    where a course has activities.

    `task_count` is how many practical tasks of its courses must be approved, `design` the name of
    the certificate design, "" for that of the track.
    """

    steps: tuple[Step, ...] = ()
    task_count: int = 0
    design: str = ""

    @property
    def course_ids(self) -> tuple[str, ...]:
        """Every course that is, or may be chosen as, a part of it."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.courses))

    @property
    def needed(self) -> int:
        """How many courses complete it."""
        return sum(step.choose for step in self.steps)


def steps_met(programme: Programme, completed: Mapping[str, object]) -> bool:
    """Whether these completed courses, by id, are enough of every step."""
    return all(
        sum(name in completed for name in step.courses) >= step.choose for step in programme.steps
    )
