"""A person's way through a programme: what counts of what they have done, and what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select

from innocap_lms import clock
from innocap_lms.content.programme import Programme, Step, steps_met
from innocap_lms.extensions import fetch
from innocap_lms.learning.in_force import Done, all_done
from innocap_lms.learning.models import ActivityResult, Enrolment

_result, _enrolment = ActivityResult.__table__.c, Enrolment.__table__.c
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Way:
    """How far somebody has come. `completed` are the courses that count, by id; `tasks` how many
    practical tasks of its courses were approved."""

    programme: Programme
    completed: dict[str, Done]
    tasks: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        enough = self.tasks >= self.programme.task_count
        return enough and steps_met(self.programme, self.completed)

    @property
    def count(self) -> int:
        """How many of the courses that are needed are completed."""
        return sum(min(len(self.of(step)), step.choose) for step in self.programme.steps)

    def of(self, step: Step) -> list[str]:
        """The completed courses of a step."""
        return [name for name in step.courses if name in self.completed]

    def is_met(self, step: Step) -> bool:
        """Whether enough of a step is completed."""
        return len(self.of(step)) >= step.choose


_tasks = select(func.min(_result.passed_at)).join(
    Enrolment.__table__, _enrolment.id == _result.enrolment_id
).where(
    _enrolment.person_id == bindparam("person_id"),
    _enrolment.organisation_id.is_not_distinct_from(bindparam("organisation_id")),
    _enrolment.course_id.in_(bindparam("courses", expanding=True)),
    _result.passed_at > bindparam("since"),
).group_by(_result.activity_id, _enrolment.course_id)  # fmt: skip


def way_through(
    programme: Programme, person_id: str, organisation_id: str | None, enrolment_id: str = ""
) -> Way:
    """The way of a person from their place in an organisation, also what was done before they
    joined. Whoever takes a programme again, in a new enrolment, takes its courses again: what
    counts was done since they completed it before. At most three statements.
    """
    return _way_at(clock.utcnow(), *_all(programme, person_id, organisation_id, enrolment_id))


def met_at(programme: Programme, enrolment: Enrolment) -> datetime | None:
    """When its rule was met in an enrolment, by what is known now; None where it was not before the
    programme was begun anew. At most three statements."""
    joined, over = enrolment.enrolled_at, enrolment.renewed_at
    everything = _all(
        programme, enrolment.person_id, enrolment.organisation_id, enrolment.id, joined
    )
    _programme, done, tasks = everything
    moments = sorted({joined, *(each.completed_at for each in done), *tasks})
    within = (each for each in moments if joined <= each and (over is None or each < over))
    return next((moment for moment in within if _way_at(moment, *everything).is_done), None)


def counted_since(
    done: Iterable[Done], programme_id: str, enrolment_id: str, joined: datetime | None = None
) -> datetime:
    """The moment after which courses count for an enrolment in a programme, begun at `joined`, or
    for the one that is current: when it was completed in another one before. A completion that fell
    with one of its courses is none of that."""
    before = (
        each.completed_at
        for each in done
        if each.course_id == programme_id and each.ended != "fell"
        if each.enrolment_id and each.enrolment_id != enrolment_id
        if joined is None or each.completed_at <= joined
    )
    return max(before, default=_EVER)


_All = tuple[Programme, list[Done], list[datetime]]  # what may count, and when tasks were approved


def _all(
    programme: Programme,
    person_id: str,
    organisation_id: str | None,
    enrolment_id: str,
    joined: datetime | None = None,
) -> _All:
    done = all_done(person_id, (*programme.course_ids, programme.id))
    since = counted_since(done, programme.id, enrolment_id, joined)
    counting = [
        each
        for each in done
        if each.course_id != programme.id
        if each.organisation_id == organisation_id and each.completed_at > since
    ]
    if not programme.task_count:
        return programme, counting, []
    values = {
        "person_id": person_id,
        "organisation_id": organisation_id,
        "courses": programme.course_ids,
        "since": since,
    }
    return programme, counting, [row[0] for row in fetch(_tasks, values)]


def _way_at(moment: datetime, programme: Programme, done: list[Done], tasks: list[datetime]) -> Way:
    counting = {each.course_id: each for each in done if each.counts(moment)}
    return Way(programme, counting, sum(passed_at <= moment for passed_at in tasks))
