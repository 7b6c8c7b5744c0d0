"""Ids that a course had before: what is the same keeps its id, and no id is given away again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import is_id
from innocap_lms.content.model import Activity, Course, Lesson, Question, Quiz
from innocap_lms.content.problems import Problem

Said = dict[str, str]  # what stands under each id, by id


@dataclass(frozen=True)
class Past:
    """The editions with which the files of a course are compared: the one in service, and `every`
    one there has been, the newest first. The latter are many: they are asked for only where the
    files hold an id that the former lacks."""

    serving: Course
    every: Callable[[], Iterable[Course]] = tuple


class Owner(NamedTuple):
    """Within what an id is unique: the course, a quiz, or a question of a quiz."""

    quiz: str = ""
    question: str = ""
    outcome: bool = False


class Thing(NamedTuple):
    """What an id belongs to: a kind of thing, and what it says in the lead language."""

    kind: str
    said: str


Things = dict[tuple[Owner, str], Thing]


def changed_ids(
    course: Course, before: Course, activities: Mapping[str, Place], outcomes: Mapping[str, Place]
) -> list[Problem]:
    """An error for each thing that says the same as in the edition `before` under another id.

    What is new, and what is gone, has no problem. `activities` and `outcomes` say where the ids of
    `course` stand.
    """
    lead = before.languages[0]
    if lead not in course.texts:
        return []
    found = list(
        _changed("outcome", _outcomes(course, lead), _outcomes(before, lead), outcomes.__getitem__)
    )
    now, then = _by_kind(course.activities, lead), _by_kind(before.activities, lead)
    for kind in now:
        found += _changed(kind, now[kind], then[kind], activities.__getitem__)
    old = {quiz.id: quiz for quiz in before.quizzes}
    for quiz in course.quizzes:
        if quiz.id in old:
            found += _changed_questions(quiz, old[quiz.id], lead)
    return found


def _changed_questions(quiz: Quiz, old: Quiz, lead: str) -> Iterator[Problem]:
    places = {each.id: Place(each.file, each.line) for each in quiz.questions}
    yield from _changed("question", _questions(quiz, lead), _questions(old, lead), places.get)
    earlier = {each.id: each.views for each in old.questions}
    for question in quiz.questions:
        if question.id not in earlier:
            continue
        now, then = _options(question.views, lead), _options(earlier[question.id], lead)
        yield from _changed("option", now, then, lambda _id, here=places[question.id]: here)


def _changed(kind: str, now: Said, then: Said, place: Any) -> Iterator[Problem]:
    """What stood under an id that is gone, and stands under one that is new."""
    gone = {said: name for name, said in then.items() if name not in now and said}
    for name, said in now.items():
        if name in then or said not in gone:
            continue
        old = gone[said]
        words = f"this {kind} has the id “{old}” in the edition in service, and “{name}” here"
        yield problem("C012", place(name), words, f"write the id {old} again")


def returned_ids(
    course: Course, past: Past, activities: Mapping[str, Place], outcomes: Mapping[str, Place]
) -> list[Problem]:
    """An error for each id that an earlier edition gave to something else.

    What comes back saying the same has no problem. Nor has what the newest edition holds, where an
    older one was put in service again. `activities` and `outcomes` say where the ids of `course`
    stand.
    """
    lead = past.serving.languages[0]
    now = _things(course, lead)
    new = now.keys() - _things(past.serving, lead).keys()
    if not new or lead not in course.texts:
        return []
    then = [_things(each, lead) for each in past.every()]
    given_away = {key: gone for key in new if (gone := _gone(key, now[key], then))}
    questions = {
        (Owner(quiz.id), each.id): Place(each.file, each.line)
        for quiz in course.quizzes
        for each in quiz.questions
    }
    found = []
    for key, gone in given_away.items():
        owner, name = key
        around = _around(owner)
        if around in given_away or (owner.question and _around(around[0]) in given_away):
            continue  # what it stands in is another thing anyway
        if owner.question:
            place = questions.get(around)
        elif owner.quiz:
            place = questions.get(key)
        else:
            place = (outcomes if owner.outcome else activities).get(name)
        if place is not None:
            found.append(_returned(name, now[key], gone, place))
    return found


def _gone(key: tuple[Owner, str], thing: Thing, then: list[Things]) -> Thing | None:
    """The last thing that had an id, where it is gone and was never this one."""
    had = [each[key] for each in then if key in each]
    if not had or key in then[0] or thing in had or not all(each.said for each in had):
        return None
    return had[0]


def _around(owner: Owner) -> tuple[Owner, str]:
    """The id of the thing within which an id is unique."""
    return (Owner(owner.quiz), owner.question) if owner.question else (Owner(), owner.quiz)


def _returned(name: str, now: Thing, gone: Thing, place: Place) -> Problem:
    words = f"the id “{name}” was that of the {gone.kind} “{gone.said}” in an earlier edition"
    advice = (
        f"give this {now.kind} an id that none had before; if it is the same one come back, let "
        "it say what it said then, and reword it in the next edition"
    )
    return problem("C014", place, words, advice)


def _things(course: Course, lead: str) -> Things:
    """All that has an id of its own."""
    outcomes = _outcomes(course, lead).items()
    found: Things = {(Owner(outcome=True), name): Thing("outcome", said) for name, said in outcomes}
    for kind, said_by in _by_kind(course.activities, lead).items():
        found |= {(Owner(), name): Thing(kind, said) for name, said in said_by.items()}
    for quiz in course.quizzes:
        for each in quiz.questions:
            found[Owner(quiz.id), each.id] = Thing("question", _heading(each, lead))
            options = _options(each.views, lead).items()
            owner = Owner(quiz.id, each.id)
            found |= {(owner, name): Thing("option", said) for name, said in options}
    return found


def _outcomes(course: Course, lead: str) -> Said:
    text = course.texts.get(lead)
    return {each.id: each.text for each in text.outcomes} if text else {}


def _by_kind(activities: Iterable[Activity], lead: str) -> dict[str, Said]:
    found: dict[str, Said] = {"lesson": {}, "quiz": {}, "practical task": {}}
    for item in activities:
        if isinstance(item, Lesson):
            found["lesson"][item.id] = item.texts[lead].title if lead in item.texts else ""
        else:
            kind = "quiz" if isinstance(item, Quiz) else "practical task"
            found[kind][item.id] = item.titles.get(lead, "")
    return found


def _questions(quiz: Quiz, lead: str) -> Said:
    """Headings repeat: what can be chosen tells questions apart."""
    return {
        each.id: "\n".join([_heading(each, lead), *_options(each.views, lead).values()])
        for each in quiz.own
    }


def _heading(question: Question, lead: str) -> str:
    return str(question.views.get(lead, {}).get("text", ""))


def _options(views: Mapping[str, Mapping[str, Any]], lead: str) -> Said:
    view = views.get(lead, {})
    entries = (*view.get("options", ()), *view.get("terms", ()))
    # The choices of a gap have no id of their own: they are counted, as in 2.1.
    return {entry["id"]: entry["text"] for entry in entries if is_id(entry["id"])}
