"""What differs between two editions of a course, part by part, and how much that seems to matter.

The weight is a proposal for the trainer, who knows better: *wording* leaves what a learner has read
as it was; *substance* is worth reading again. No such measure is published for teaching material;
ours is cautious. A text whose numbers, outcomes or right answers differ, or of which fewer than
nine in ten words stayed, has changed in substance.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from innocap_lms.content.model import Activity, Course, Lesson, Quiz, Task
from innocap_lms.content.snapshot import TYPES

State = Literal["same", "changed", "new", "gone"]
Weight = Literal["", "wording", "substance"]

QuizKeys = Mapping[str, Mapping[str, Any]]  # by question
AllKeys = Mapping[str, QuizKeys]  # by quiz

SAME_WORDS: Final = 0.9
FRONT: Final = ""  # the id of the front page
RULES: Final = ".rules"  # stands for what the course asks and promises; no part has such an id
FILES: Final = ".files"  # stands for pictures and other files
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class PartChange:
    """A part of a course: `kind` is front, lesson, quiz, task, companion, rules or files;
    `languages` are those in which it reads otherwise than before."""

    id: str
    kind: str
    state: State
    weight: Weight = ""
    languages: tuple[str, ...] = ()


def changes_between(before: Course, now: Course) -> list[PartChange]:
    """Every part of `now` in its order, then those that are gone, then rules and files where they
    differ. Whether right answers differ is known where both courses have their keys."""
    old = {item.id: item for item in before.activities}
    found = [_front(before, now)]
    for item in now.activities:
        there = old.pop(item.id, None)
        if there is None or type(there) is not type(item):
            found.append(PartChange(item.id, TYPES[type(item)], "new", "substance", now.languages))
        else:
            found.append(_part(there, item, before.keys, now.keys))
    gone = (PartChange(item.id, TYPES[type(item)], "gone", "substance") for item in old.values())
    return [*found, *gone, *_companions(before, now), *_around(before, now)]


def _companions(before: Course, now: Course) -> Iterable[PartChange]:
    """Texts beside the lessons that differ. Nobody learns from them alone, so they weigh little."""
    old = {item.id: item for item in before.companions}
    for item in now.companions:
        there, languages = old.pop(item.id, None), tuple(item.titles)
        if there is None:
            yield PartChange(item.id, "companion", "new", "wording", languages)
        elif there.fingerprint == item.fingerprint:
            yield PartChange(item.id, "companion", "same")
        else:
            yield PartChange(item.id, "companion", "changed", "wording", languages)
    yield from (PartChange(item.id, "companion", "gone", "wording") for item in old.values())


def _around(before: Course, now: Course) -> Iterable[PartChange]:
    """What differs outside the texts: of the same course, all that its fingerprint knows."""
    rules, about = (
        [part(course) for course in (before, now)] for part in (_asked_of_all, _said_of_all)
    )
    if rules[0] != rules[1] or about[0] != about[1]:
        yield PartChange(RULES, "rules", "changed", _weight(rules[0] != rules[1]))
    if before.assets != now.assets:
        yield PartChange(FILES, "files", "changed", "wording")


def _asked_of_all(course: Course) -> Any:
    order = [item.id for item in course.activities]
    before = course.prerequisites and (course.prerequisites, course.enforce)
    return course.languages, course.hours, course.completion, course.validity, order, before


def _said_of_all(course: Course) -> Any:
    return course.licence, course.owner, course.reviewed, course.alignments


def _front(before: Course, now: Course) -> PartChange:
    languages = _differing(before.texts, now.texts)
    if not languages:
        return PartChange(FRONT, "front", "same")
    grave = any(
        old.outcomes != new.outcomes or _says_otherwise(old.body, new.body)
        for old, new in _both(before.texts, now.texts, languages)
    )
    return PartChange(FRONT, "front", "changed", _weight(grave), languages)


def _part(before: Activity, now: Activity, old_keys: AllKeys, new_keys: AllKeys) -> PartChange:
    change = PartChange(now.id, TYPES[type(now)], "same")
    if isinstance(before, Lesson) and isinstance(now, Lesson):
        languages = _differing(before.texts, now.texts)
        if not languages:
            return change
        grave = any(
            old.goals != new.goals
            or _says_otherwise(f"{old.title}\n{old.body}", f"{new.title}\n{new.body}")
            for old, new in _both(before.texts, now.texts, languages)
        )
    elif isinstance(before, Quiz) and isinstance(now, Quiz):
        if before.fingerprint == now.fingerprint:
            return change
        languages = _quiz_languages(before, now)
        keys = [each.get(now.id) for each in (old_keys, new_keys)]
        grave = _quiz_is_another(before, now, *keys)
    elif isinstance(before, Task) and isinstance(now, Task):
        if before.fingerprint == now.fingerprint:
            return change
        languages = tuple(now.titles)
        grave = _task_is_another(before, now)
    else:
        return change
    return replace(change, state="changed", weight=_weight(grave), languages=languages)


def _weight(grave: bool) -> Weight:
    return "substance" if grave else "wording"


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages whose text is new, is gone or has another fingerprint."""
    old, new = ({name: text.fingerprint for name, text in each.items()} for each in (before, now))
    return tuple(name for name in {**now, **before} if old.get(name) != new.get(name))


def _both(
    before: Mapping[str, Any], now: Mapping[str, Any], languages: Iterable[str]
) -> Iterable[tuple[Any, Any]]:
    """The texts before and now, in those languages that both have."""
    return ((before[name], now[name]) for name in languages if name in before and name in now)


def _says_otherwise(before: str, now: str) -> bool:
    numbers = [Counter(_NUMBER.findall(text)) for text in (before, now)]
    if numbers[0] != numbers[1]:
        return True
    return SequenceMatcher(None, before.split(), now.split(), autojunk=False).ratio() < SAME_WORDS


def _quiz_languages(before: Quiz, now: Quiz) -> tuple[str, ...]:
    """The languages in which any question reads otherwise; all where only rules or keys differ."""
    every = {**now.titles, **before.titles}
    found = tuple(name for name in every if _asked(before, name) != _asked(now, name))
    return found or tuple(now.titles)


def _quiz_is_another(before: Quiz, now: Quiz, old: QuizKeys | None, new: QuizKeys | None) -> bool:
    """Whether a pass of one need not be a pass of the other."""
    if old is None or new is None or _rules(before) != _rules(now) or _right(old) != _right(new):
        return True  # without keys it cannot be told whether the right answers are the same
    texts = (
        (_asked(before, name), _asked(now, name)) for name in now.titles if name in before.titles
    )
    return any(_says_otherwise(was[name], is_[name]) for was, is_ in texts for name in is_)


def _right(keys: QuizKeys) -> Any:
    """What is right, without what is said of it."""
    return {name: [entry.get("key"), entry.get("also")] for name, entry in keys.items()}


def _rules(quiz: Quiz) -> Any:
    """What a quiz asks for, but for its words."""
    asked = [
        (each.id, each.kind, each.points, each.outcome, _ids(each.views)) for each in quiz.questions
    ]
    return [quiz.use, quiz.pass_mark, quiz.draw, quiz.minutes, sorted(asked)]


def _ids(views: Mapping[str, Mapping[str, Any]]) -> list[str]:
    view: Mapping[str, Any] = next(iter(views.values()), {})
    return sorted(entry["id"] for name in ("options", "terms") for entry in view.get(name, ()))


def _asked(quiz: Quiz, language: str) -> dict[str, str]:
    """What each question says in a language, by its id."""
    return {each.id: "\n".join(_texts(each.views.get(language, {}))) for each in quiz.questions}


def _texts(view: Mapping[str, Any]) -> Iterable[str]:
    yield str(view.get("text", ""))
    yield str(view.get("stem", ""))
    yield str(view.get("table", ""))
    for name in ("options", "terms"):
        yield from (str(entry["text"]) for entry in view.get(name, ()))


def _task_is_another(before: Task, now: Task) -> bool:
    if before.goals != now.goals or before.assessors != now.assessors:
        return True
    rubrics = [
        [(each.id, each.meets, [level.id for level in each.levels]) for each in task.criteria]
        for task in (before, now)
    ]
    languages = [name for name in now.titles if name in before.titles]
    return rubrics[0] != rubrics[1] or any(
        _says_otherwise(_words_of(before, name), _words_of(now, name)) for name in languages
    )


def _words_of(task: Task, language: str) -> str:
    said = [task.briefs.get(language, "")]
    for criterion in task.criteria:
        said += [criterion.titles.get(language, ""), criterion.texts.get(language, "")]
        said += [level.texts.get(language, "") for level in criterion.levels]
    return "\n".join(said)
