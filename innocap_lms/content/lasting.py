"""Ids that a course had before: what is the same keeps its id, and no id is given away again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import is_id
from innocap_lms.content.model import Activity, Course, Criterion, Lesson, Question, Quiz
from innocap_lms.content.problems import Problem

OUTCOMES: Final = "outcomes"
ACTIVITIES: Final = "activities"

# Where an id is the only one of its name, from the outside in: (OUTCOMES, id), (ACTIVITIES, id),
# (ACTIVITIES, quiz, question, option), (ACTIVITIES, task, criterion, level).
Key = tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """The editions with which the files of a course are compared: the one in service, and `every`
    one there has been, the newest first. The latter are many: they are asked for only where the
    files hold an id that the former lacks."""

    serving: Course
    every: Callable[[], Iterable[Course]] = tuple


class Thing(NamedTuple):
    """What an id belongs to: a kind of thing, what it is called in the lead language, and `words`
    that tell it apart from another that is called the same."""

    kind: str
    said: str
    words: str

    @property
    def name(self) -> tuple[str, str]:
        """What it is called, and what kind of thing is called so."""
        return self.kind, self.said


Things = dict[Key, Thing]


def changed_ids(course: Course, before: Course, places: Mapping[Key, Place]) -> list[Problem]:
    """An error for each thing that is the same as in the edition `before` under another id.

    What is new, and what is gone, has no problem. `places` says where the ids of `course` stand;
    that of an option stands with its question.
    """
    lead = before.languages[0]
    if lead not in course.texts:
        return []
    now, then = _by_place(things_of(course, lead)), _by_place(things_of(before, lead))
    return [
        each
        for around, things in now.items()
        for each in _changed(things, then.get(around, {}), places)
    ]


def _by_place(things: Things) -> dict[Key, Things]:
    """Things by what they are in: within that, an id is the only one of its name."""
    found: dict[Key, Things] = {}
    for key, thing in things.items():
        found.setdefault(key[:-1], {})[key] = thing
    return found


def _changed(now: Things, then: Things, places: Mapping[Key, Place]) -> Iterator[Problem]:
    """What stood under an id that is gone, and stands under one that is new."""
    gone = {key: thing for key, thing in then.items() if key not in now and thing.said}
    called = [Counter(thing.name for thing in things.values()) for things in (now, then)]
    by_words = {(*thing.name, thing.words): key for key, thing in gone.items()}
    # A title that is used twice tells nothing apart, and headings of questions repeat.
    by_name = {
        thing.name: key
        for key, thing in gone.items()
        if thing.kind != "question" and all(count[thing.name] <= 1 for count in called)
    }
    for key, thing in now.items():
        if key in then:
            continue
        old = by_words.get((*thing.name, thing.words)) or by_name.get(thing.name)
        place = _place(key, places)
        if old is not None and place is not None:
            words = (
                f"this {thing.kind} has the id “{old[-1]}” in the edition in service, and "
                f"“{key[-1]}” here"
            )
            yield problem("C012", place, words, f"write the id {old[-1]} again")


def returned_ids(course: Course, past: Past, places: Mapping[Key, Place]) -> list[Problem]:
    """An error for each id that an earlier edition gave to something else.

    What comes back saying the same has no problem. Nor has what the newest edition holds, where an
    older one was put in service again. `places` says where the ids of `course` stand.
    """
    lead = past.serving.languages[0]
    now = things_of(course, lead)
    new = now.keys() - things_of(past.serving, lead).keys()
    if not new or lead not in course.texts:
        return []
    then = [things_of(each, lead) for each in past.every()]
    given_away = {key: gone for key in new if (gone := _gone(key, now[key], then))}
    return [
        _returned(key[-1], now[key], gone, place)
        for key, gone in given_away.items()
        if (place := _place(key, places))
        # What it stands in must not be another thing anyway.
        and not any(key[:length] in given_away for length in range(1, len(key)))
    ]


def _place(key: Key, places: Mapping[Key, Place]) -> Place | None:
    """Where an id stands; one without a place of its own, where that stands which it is in."""
    return places.get(key) or places.get(key[:-1])


def _gone(key: Key, thing: Thing, then: list[Things]) -> Thing | None:
    """The last thing that had an id, where it is gone and was never this one."""
    had = [each[key] for each in then if key in each]
    if not had or key in then[0] or not all(each.said for each in had):
        return None
    return None if thing.name in {each.name for each in had} else had[0]


def _returned(name: str, now: Thing, gone: Thing, place: Place) -> Problem:
    words = f"the id “{name}” was that of the {gone.kind} “{gone.said}” in an earlier edition"
    advice = (
        f"give this {now.kind} an id that none had before; if it is the same one come back, let "
        "it say what it said then, and reword it in the next edition"
    )
    return problem("C014", place, words, advice)


def things_of(course: Course, lead: str) -> Things:
    """All that has an id of its own."""
    text = course.texts.get(lead)
    found: Things = {
        (OUTCOMES, each.id): Thing("outcome", each.text, each.text)
        for each in (text.outcomes if text else ())
    }
    for activity in course.activities:
        found |= {
            (ACTIVITIES, activity.id, *inside): thing for inside, thing in _parts(activity, lead)
        }
    for each in course.companions:
        if each.kind == "template":
            said = each.titles.get(lead, ""), each.bodies.get(lead, "")
            found[ACTIVITIES, each.id] = Thing("template", *said)
    return found


def _parts(activity: Activity, lead: str) -> Iterator[tuple[Key, Thing]]:
    """An activity, by (), and what has an id in it."""
    if isinstance(activity, Lesson):
        text = activity.texts.get(lead)
        yield (), Thing("lesson", text.title, text.body) if text else Thing("lesson", "", "")
        return
    title = activity.titles.get(lead, "")
    if isinstance(activity, Quiz):
        headings = "\n".join(_heading(each, lead) for each in activity.own)
        yield (), Thing("quiz", title, headings)
        for question in activity.questions:
            yield from _question(question, lead)
    else:
        yield (), Thing("practical task", title, activity.briefs.get(lead, ""))
        for criterion in activity.criteria:
            yield from _criterion(criterion, lead)


def _question(question: Question, lead: str) -> Iterator[tuple[Key, Thing]]:
    options = _options(question.views.get(lead, {}))
    yield (
        (question.id,),
        Thing("question", _heading(question, lead), "\n".join(options.values())),
    )
    for name, words in options.items():
        yield (question.id, name), Thing("option", words, words)


def _criterion(criterion: Criterion, lead: str) -> Iterator[tuple[Key, Thing]]:
    levels = {level.id: level.texts.get(lead, "") for level in criterion.levels}
    words = "\n".join([criterion.texts.get(lead, ""), *levels.values()])
    yield (criterion.id,), Thing("criterion", criterion.titles.get(lead, ""), words)
    for name, text in levels.items():
        yield (criterion.id, name), Thing("level", text, text)


def _heading(question: Question, lead: str) -> str:
    return str(question.views.get(lead, {}).get("text", ""))


def _options(view: Mapping[str, Any]) -> dict[str, str]:
    entries = (*view.get("options", ()), *view.get("terms", ()))
    # The choices of a gap have no id of their own: they are counted, as in 2.1.
    return {entry["id"]: entry["text"] for entry in entries if is_id(entry["id"])}
