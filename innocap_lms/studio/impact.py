"""What publishing an edition would change, and for how many: told before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from innocap_lms.catalogue.queries import EditionView, editions, with_keys
from innocap_lms.content.changes import PartChange, Weight, changes_between
from innocap_lms.content.model import Course
from innocap_lms.learning.calls import still_asked
from innocap_lms.learning.counts import have_read, in_the_middle, learners_by_course
from innocap_lms.learning.moving import grave_lessons

Choice = Literal["keep", "reread"]
CHOICES: Final[Sequence[Choice]] = ("keep", "reread")


@dataclass(frozen=True)
class Impact:
    """What lies between the edition in service and another.

    `middle` counts, by the number of their edition, those who are in the course and have not
    completed it; `readers` of them have read a lesson that changed in substance, `passers` have
    passed such a quiz. `completed` have completed: nothing of theirs moves. `asked` of them have
    not yet taken it again, as editions ask that would be undone.
    """

    before: EditionView
    changes: tuple[PartChange, ...]
    middle: Mapping[int, int]
    readers: int
    passers: int
    completed: int
    asked: int
    validity_changes: bool

    @property
    def in_the_middle(self) -> int:
        return sum(self.middle.values())

    @property
    def changed(self) -> tuple[PartChange, ...]:
        """The parts that differ."""
        return tuple(change for change in self.changes if change.state != "same")


def impact_of(before: EditionView, now: Course, said: Mapping[str, str]) -> Impact:
    """What publishing `now`, with its keys, changes; of parts it may be `said` what their change
    is, "wording" or "substance", where the proposal is wrong.

    Readers are counted by the edition that each is in, as they would be moved.
    """
    found = changes_between(with_keys(before), now)
    changes = tuple(_weighed(change, said.get(change.id, "")) for change in found)
    middle, readers, passers = in_the_middle(now.id), 0, 0
    by_number: dict[int, int] = {}
    for name, view in editions(middle).items():
        by_number[view.number] = middle[name]
        lessons = grave_lessons(view, now, said, before.id)
        quizzes = [
            each.id
            for each in (changes if name == before.id else changes_between(with_keys(view), now))
            if each.kind == "quiz" and each.state == "changed" and each.weight == "substance"
        ]
        counted = have_read(name, lessons, quizzes)
        readers, passers = readers + counted[0], passers + counted[1]
    _enrolled, completed = learners_by_course().get(now.id, (0, 0))
    validity_changes = before.course.validity != now.validity
    by_number = dict(sorted(by_number.items()))
    asked = still_asked(now.id, now.fingerprint)
    return Impact(before, changes, by_number, readers, passers, completed, asked, validity_changes)


def _weighed(change: PartChange, weight: str) -> PartChange:
    if change.state != "changed" or weight not in ("wording", "substance"):
        return change
    return replace(change, weight=cast(Weight, weight))
