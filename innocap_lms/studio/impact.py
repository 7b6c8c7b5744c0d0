"""What publishing an edition would change, and for how many: told before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from innocap_lms.catalogue.queries import EditionView, editions
from innocap_lms.content.changes import FRONT, PartChange, Weight, changes_between
from innocap_lms.content.model import Course
from innocap_lms.learning.queries import have_read, in_the_middle, learners_by_course

Choice = Literal["keep", "reread"]
CHOICES: Final[Sequence[Choice]] = ("keep", "reread")


@dataclass(frozen=True)
class Impact:
    """What lies between the edition in service and another.

    `middle` counts, by the number of their edition, those who are in the course and have not
    completed it; `readers` of them have read a lesson that changed in substance, `passers` have
    passed such a quiz. `completed` have completed: nothing of theirs moves.
    """

    before: EditionView
    changes: tuple[PartChange, ...]
    middle: Mapping[int, int]
    readers: int
    passers: int
    completed: int
    validity_changes: bool

    @property
    def in_the_middle(self) -> int:
        return sum(self.middle.values())

    @property
    def changed(self) -> tuple[PartChange, ...]:
        """The parts that differ."""
        return tuple(change for change in self.changes if change.state != "same")


def impact_of(before: EditionView, now: Course, said: Mapping[str, str]) -> Impact:
    """What publishing `now` changes; of parts it may be `said` what their change is, "wording" or
    "substance", where the proposal is wrong."""
    changes = tuple(
        _weighed(change, said.get(change.id, "")) for change in changes_between(before.course, now)
    )
    grave = [each for each in changes if each.weight == "substance" and each.id != FRONT]
    lessons = [each.id for each in grave if each.kind == "lesson" and each.state == "changed"]
    quizzes = [each.id for each in grave if each.kind == "quiz" and each.state == "changed"]
    middle = in_the_middle(now.id)
    numbers = {name: view.number for name, view in editions(middle).items()}
    by_number: dict[int, int] = {}
    for name, count in middle.items():
        by_number[numbers[name]] = by_number.get(numbers[name], 0) + count
    readers, passers = have_read(now.id, lessons, quizzes)
    _enrolled, completed = learners_by_course().get(now.id, (0, 0))
    return Impact(
        before,
        changes,
        dict(sorted(by_number.items())),
        readers,
        passers,
        completed,
        before.course.validity != now.validity,
    )


def _weighed(change: PartChange, weight: str) -> PartChange:
    if change.state != "changed" or weight not in ("wording", "substance"):
        return change
    return replace(change, weight=cast(Weight, weight))
