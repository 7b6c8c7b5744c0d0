"""What comes before what: the courses and programmes that others name, over all plugins.

A course names what should be completed first; a programme names its steps as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem, errors
from innocap_lms.content.programme import Programme
from innocap_lms.content.reader import Reading


@dataclass(frozen=True)
class Known:
    """What others need to know of a course or programme. `before` are the ids of all that is to be
    completed before it is: prerequisites and steps."""

    is_programme: bool
    hours: float
    languages: tuple[str, ...]
    task_count: int
    before: tuple[str, ...]


def known_of(course: Course) -> Known:
    """The same of a course or a programme as it was read."""
    if isinstance(course, Programme):
        before = (*course.prerequisites, *course.course_ids)
        return Known(True, course.hours, course.languages, course.task_count, before)
    return Known(False, course.hours, course.languages, len(course.tasks), course.prerequisites)


def in_sequence(reading: Reading, others: Mapping[str, Known]) -> Reading:
    """The reading of a course or programme with what is wrong with the names in it, beside all
    `others` by id, of every plugin."""
    draft = reading.draft
    if draft is None or not reading.named:
        return reading
    found = _problems(draft, reading, {**others, draft.id: known_of(draft)})
    course = None if errors(found) else reading.course
    return replace(reading, course=course, problems=sorted({*reading.problems, *found}))


def _problems(draft: Course, reading: Reading, known: Mapping[str, Known]) -> list[Problem]:
    places = {each.id: each.place for each in reversed(reading.named)}
    found = list(_unknown(draft, places, known))
    found += _cycle(draft, places, known)
    if isinstance(draft, Programme) and not found:
        found += _against_its_courses(draft, reading, places, known)
    return found


def _unknown(
    draft: Course, places: Mapping[str, Place], known: Mapping[str, Known]
) -> Iterator[Problem]:
    courses = {name for name, each in known.items() if not each.is_programme}
    steps = draft.course_ids if isinstance(draft, Programme) else ()
    for name, among in chain(
        ((name, courses) for name in steps),
        ((name, known.keys()) for name in draft.prerequisites),
    ):
        if name in among:
            continue
        near = nearest(name, among)
        advice = f"did you mean “{near}”?" if near else "name a course that a plugin supplies"
        what = "is a programme: a step is a course" if name in known else "is no course here"
        if among is not courses:
            what = "is no course and no programme here"
        yield problem("C132", places[name], f"“{name}” {what}", advice)


def _cycle(
    draft: Course, places: Mapping[str, Place], known: Mapping[str, Known]
) -> Iterator[Problem]:
    """For each name from which the way leads back here, the way."""
    for name in known_of(draft).before:
        way = _way(name, draft.id, known)
        if way:
            said = f"it would have to be completed before itself: {' → '.join((draft.id, *way))}"
            advice = "take one of these out of the prerequisites or steps"
            yield problem("C133", places[name], said, advice)


def _way(start: str, goal: str, known: Mapping[str, Known]) -> tuple[str, ...]:
    """The shortest way from one to what it names, and so on, up to the goal; none without one."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:  # it grows while it is walked
        if way[-1] == goal:
            return way
        here = known.get(way[-1])
        for name in here.before if here else ():
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _against_its_courses(
    draft: Programme, reading: Reading, places: Mapping[str, Place], known: Mapping[str, Known]
) -> Iterator[Problem]:
    least = sum(sum(sorted(_hours(step.courses, known))[: step.choose]) for step in draft.steps)
    most = sum(sum(sorted(_hours(step.courses, known))[-step.choose :]) for step in draft.steps)
    if not least <= draft.hours <= most:
        span = f"{least:g}" if least == most else f"{least:g} to {most:g}"
        said = f"its courses take {span} hours, and it says {draft.hours:g}"
        yield problem("C134", reading.rule_places["hours"], said, f"write hours: {least:g}")
    for name in draft.course_ids:
        lacking = [one for one in draft.languages if one not in known[name].languages]
        if lacking:
            said = f"the course “{name}” has no text in {', '.join(lacking)}"
            advice = "translate the course, or say so in the programme's text"
            yield problem("C135", places[name], said, advice)
    tasks = sum(known[name].task_count for name in draft.course_ids)
    if draft.task_count > tasks:
        said = f"it asks for {draft.task_count} practical tasks, and its courses have {tasks}"
        yield problem("C138", reading.rule_places["tasks"], said, f"write tasks: {tasks} or fewer")


def _hours(courses: tuple[str, ...], known: Mapping[str, Known]) -> list[float]:
    return [known[name].hours for name in courses]
