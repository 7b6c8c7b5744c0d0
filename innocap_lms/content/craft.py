"""What a course as a whole could do better: outcomes that nothing tests, lessons without sources,
right answers that can be told without knowing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import comb
from typing import Any, Final

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.model import Activity, Lesson, Quiz, Task
from innocap_lms.content.problems import Problem

FEWEST_QUESTIONS: Final = 5  # fewer can hardly be told from chance
CHANCE: Final = 0.05  # how seldom chance alone would look like this
CHANCE_OF_ANY_PLACE: Final = 0.01  # there are several places, so each must be more striking

Keys = Mapping[str, Mapping[str, Any]]


def untested(activities: Iterable[Activity], outcomes: Mapping[str, Place]) -> list[Problem]:
    """A warning for each outcome that no question and no practical task is for; `outcomes` says
    where each stands."""
    tested: set[str] = set()
    for item in activities:
        if isinstance(item, Quiz):
            tested.update(question.outcome for question in item.questions)
        elif isinstance(item, Task):
            tested.update(item.goals)
    return [
        problem(
            "C117",
            place,
            f"no question and no practical task is for the outcome “{name}”",
            f"write outcome={name} at a question that tests it, or name it in goals of a task",
        )
        for name, place in outcomes.items()
        if name not in tested
    ]


def check_craft(
    activities: Iterable[Activity],
    places: Mapping[str, Place],
    lead: str,
    keys: Mapping[str, Keys],
) -> list[Problem]:
    """Warnings about each lesson and quiz; `places` says where their ids stand."""
    found: list[Problem] = []
    for item in activities:
        if isinstance(item, Lesson):
            found += without_sources(item, lead, places[item.id])
        elif isinstance(item, Quiz):
            found += tells(item, keys[item.id], places[item.id])
    return found


def without_sources(lesson: Lesson, lead: str, place: Place) -> list[Problem]:
    """A warning where a lesson does not say where its facts come from."""
    text = lesson.texts.get(lead)
    if text is None or text.sources or not text.body:
        return []
    advice = "write sources: with a title, and where there is one a url and a year"
    return [problem("C120", place, "the lesson names no sources", advice)]


def tells(quiz: Quiz, keys: Keys, place: Place) -> list[Problem]:
    """Warnings where the right options of a quiz are told by their length, or on paper and where
    options are not shuffled by their place.

    A one-sided binomial test against guessing, over the questions with one right option of three
    or more: `P(X >= found)` for so many questions and the mean chance of one option.
    """
    found = []
    asked = [each for each in quiz.questions if _right(each, keys) is not None]
    if len(asked) < FEWEST_QUESTIONS:
        return []
    for language in sorted({name for each in asked for name in each.views}):
        options = [_words(each.views[language]) for each in asked if language in each.views]
        right = [str(_right(each, keys)) for each in asked if language in each.views]
        longest = sum(_is_longest(words, name) for words, name in zip(options, right, strict=True))
        if _unlikely(longest, options) < CHANCE:
            found.append(_told(place, language, longest, len(options)))
    options = [_words(next(iter(each.views.values()))) for each in asked]
    places = Counter(
        list(words).index(str(_right(each, keys))) + 1
        for words, each in zip(options, asked, strict=True)
    )
    number, times = places.most_common(1)[0]
    if _unlikely(times, options) < CHANCE_OF_ANY_PLACE:
        said = f"the right option is number {number} in {times} of {len(asked)} questions"
        advice = "put right options in other places: on paper they stand as you wrote them"
        found.append(problem("C119", place, said, advice))
    return found


def _told(place: Place, language: str, longest: int, total: int) -> Problem:
    said = f"the right option is the longest in {longest} of {total} questions ({language})"
    advice = "shorten right options, or say as much in the wrong ones"
    return problem("C118", place, said, advice)


def _right(question: Any, keys: Keys) -> str | None:
    """The one right option of three or more; None for a question of another sort."""
    view = next(iter(question.views.values()))
    correct = keys.get(question.id, {}).get("key", {}).get("correct", ())
    if "multiple" not in view or len(view.get("options", ())) < 3 or len(correct) != 1:
        return None
    # Of two questions with one id there is one key: it may be the other's.
    return str(correct[0]) if correct[0] in _words(view) else None


def _words(view: Mapping[str, Any]) -> dict[str, str]:
    return {option["id"]: option["text"] for option in view["options"]}


def _is_longest(words: Mapping[str, str], right: str) -> bool:
    """Whether it stands out: by a fifth and five letters."""
    length = len(words.get(right, ""))
    others = max((len(text) for name, text in words.items() if name != right), default=0)
    return length >= max(others * 1.2, others + 5)


def _unlikely(times: int, options: Sequence[Mapping[str, str]]) -> float:
    """How likely guessing is right at least so often."""
    total = len(options)
    chance = sum(1 / len(words) for words in options) / total
    return sum(
        comb(total, each) * chance**each * (1 - chance) ** (total - each)
        for each in range(times, total + 1)
    )
