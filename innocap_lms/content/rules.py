"""`course.md`: the rules of a course that all its languages share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.fields import Fields, Named
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.identifiers import LANGUAGE_PATTERN, RESERVED_IDS, nearest
from innocap_lms.content.model import (
    Activity,
    Alignment,
    Companion,
    CompletionRule,
    Enforce,
    Lesson,
    Quiz,
    Task,
    Validity,
)
from innocap_lms.content.problems import Problem

# A file that cannot be opened, fields that cannot be read or are missing: the id is not known.
_UNREAD = frozenset(
    {"C007", "C008", "C009", "C010", "C105", *(f"C{number:03}" for number in range(20, 29))}
)


@dataclass(frozen=True)
class CourseRules:
    """The fields of `course.md`; a field that could not be read has an empty value and a problem.

    `lessons` is None where all lessons count.
    """

    id: str
    languages: tuple[str, ...]
    hours: float
    licence: str
    owner: str
    lessons: tuple[str, ...] | None
    quizzes: tuple[str, ...]
    tasks: tuple[str, ...]
    completion_place: Place
    validity: Validity | None
    reviewed: str
    alignments: tuple[Alignment, ...]
    prerequisites: tuple[Named, ...]
    enforce: Enforce


def read_rules(document: Document, problems: list[Problem]) -> CourseRules:
    """Read `course.md`."""
    fields = Fields(document.node, document.file, problems)
    course_id = fields.identifier("id")
    languages = read_languages(fields)
    hours = fields.number("hours")
    licence = fields.text("licence")
    owner = fields.text("owner")
    lessons, quizzes, tasks = _completion(fields)
    validity = read_validity(fields)
    reviewed = fields.date("reviewed")
    alignments = tuple(read_alignments(fields))
    prerequisites, enforce = read_prerequisites(fields)
    place = fields.place("completion")
    fields.finish()
    return CourseRules(
        id=course_id or "",
        languages=languages,
        hours=hours or 0.0,
        licence=licence or "",
        owner=owner or "",
        lessons=lessons,
        quizzes=quizzes,
        tasks=tasks,
        completion_place=place,
        validity=validity,
        reviewed=reviewed or "",
        alignments=alignments,
        prerequisites=prerequisites,
        enforce=enforce,
    )


def read_languages(fields: Fields) -> tuple[str, ...]:
    """The languages, the lead language first; none where they cannot be read."""
    languages = fields.texts("languages")
    if languages is None:
        return ()
    wrong = [name for name in languages if not LANGUAGE_PATTERN.match(name)]
    if wrong or not languages or len(set(languages)) < len(languages):
        said = f"“{wrong[0]}” is not a language" if wrong else "each language stands once"
        fields.note("C027", "languages", said, "write languages: [sv, en], the lead language first")
    return tuple(dict.fromkeys(name for name in languages if name not in wrong))


def _completion(
    fields: Fields,
) -> tuple[tuple[str, ...] | None, tuple[str, ...], tuple[str, ...]]:
    inside = fields.mapping("completion")
    if inside is None:
        return None, (), ()
    lessons = None if inside.says("lessons", "all") else inside.texts("lessons")
    quizzes = inside.texts("pass", required=False)
    tasks = inside.texts("tasks", required=False)
    inside.finish()
    return lessons, quizzes or (), tasks or ()


def read_prerequisites(fields: Fields) -> tuple[tuple[Named, ...], Enforce]:
    """What should, or must, be completed first. Whether it exists is seen with all courses at hand:
    see `sequence`."""
    found = fields.named("prerequisites", required=False)
    for name, count in Counter(each.id for each in found).items():
        if count > 1:
            fields.note("C031", "prerequisites", f"“{name}” stands twice", "name it once")
    enforce = fields.word("enforce", get_args(Enforce), required=False)
    if enforce and "prerequisites" not in fields:
        fields.note("C025", "enforce", "“prerequisites” is missing", "name them, or leave this out")
    return found, cast("Enforce", enforce or "advise")


def read_validity(fields: Fields) -> Validity | None:
    """How long a completion counts; None where it never lapses."""
    inside = fields.mapping("validity", required=False)
    if inside is None:
        return None
    months = inside.whole("months", high=600)
    opens = inside.whole("renewal_opens_days", low=0, high=3650)
    inside.finish()
    if months and opens is not None and opens > months * 28:
        advice = "open it later, or let the course count for longer"
        said = "renewal opens before the course has been taken"
        inside.note("C027", "renewal_opens_days", said, advice)
    return Validity(months or 1, opens or 0)


def read_alignments(fields: Fields) -> Iterator[Alignment]:
    """Where it stands in frameworks that others know."""
    for inside in fields.mappings("alignments", required=False):
        framework, name, url = (inside.text(part) for part in ("framework", "name", "url"))
        code = inside.text("code", required=False)
        inside.finish()
        if url and not url.startswith("https://"):
            said = f"“{url[:60]}” is no address that begins with https://"
            inside.note("C027", "url", said, "write the page where the framework describes it")
        yield Alignment(framework or "", name or "", url or "", code or "")


def check_ids(
    parts: Sequence[Activity | Companion], places: Sequence[Place], problems: list[Problem]
) -> dict[str, Place]:
    """Where the id of each part stands, by id; one that is taken or used twice is a problem."""
    found: dict[str, Place] = {}
    for item, place in zip(parts, places, strict=True):
        if item.id in RESERVED_IDS and not isinstance(item, Companion):
            said = f"the id “{item.id}” is reserved"
            problems.append(problem("C034", place, said, "choose another id"))
        if item.id and item.id in found:
            said = f"{found[item.id].file} has the id “{item.id}” too"
            problems.append(problem("C031", place, said, "give one of them another id"))
        found[item.id] = place
    return found


def settle_completion(
    rules: CourseRules, activities: Sequence[Activity], problems: list[Problem]
) -> CompletionRule:
    """The completion rule with every id looked up; unknown ids become problems."""
    lesson_ids = [item.id for item in activities if isinstance(item, Lesson)]
    graded = [item.id for item in activities if isinstance(item, Quiz) and item.use == "graded"]
    task_ids = [item.id for item in activities if isinstance(item, Task)]
    place = rules.completion_place
    # A text that could not be read may be the one that is meant: it has a problem of its own.
    unread = {_kind_of(each.file) for each in problems if each.code in _UNREAD}
    for kind, wanted, known in (
        ("lesson", rules.lessons or (), lesson_ids),
        ("graded quiz", rules.quizzes, graded),
        ("practical task", rules.tasks, task_ids),
    ):
        for name in wanted:
            if name not in known and kind not in unread:
                problems.append(_unknown(place, name, kind, known))
    lessons = tuple(lesson_ids) if rules.lessons is None else rules.lessons
    return CompletionRule(lessons, rules.quizzes, rules.tasks)


def _kind_of(file: str) -> str:
    kinds = {".quiz.": "graded quiz", ".task.": "practical task"}
    return next((kind for mark, kind in kinds.items() if mark in file), "lesson")


def _unknown(place: Place, name: str, kind: str, known: list[str]) -> Problem:
    near = nearest(name, known)
    advice = f"did you mean “{near}”?" if near else f"known: {', '.join(known) or 'none'}"
    return problem("C036", place, f"“{name}” is no {kind} of this course", advice)
