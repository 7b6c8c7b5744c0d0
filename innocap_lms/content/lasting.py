"""Ids that a course had in service: what is the same as there keeps its id."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.model import Activity, Course, Lesson, Quiz
from innocap_lms.content.problems import Problem

Said = dict[str, str]  # what stands under each id, by id


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
    return {each.id: str(each.views.get(lead, {}).get("text", "")) for each in quiz.own}


def _options(views: Mapping[str, Mapping[str, Any]], lead: str) -> Said:
    view = views.get(lead, {})
    entries = (*view.get("options", ()), *view.get("terms", ()))
    return {entry["id"]: entry["text"] for entry in entries}
