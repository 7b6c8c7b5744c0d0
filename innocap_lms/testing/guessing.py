"""What somebody earns who answers the quizzes of a course without knowing anything."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course, Question

Options = Sequence[Mapping[str, Any]]
Guess = Callable[[str, Options, str], Options]  # what is asked, options, language → those ticked
Asked = list[tuple[Question, Mapping[str, Any]]]  # each with its key

SHORTEST_SHARED_WORD = 5  # letters; shorter ones stand in every sentence
_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


# Words by which an author makes what is right safe, and those by which what is wrong goes too far.
CAREFUL = {
    "sv": _words("ofta oftast ibland sällan kanske normalt vanligen ungefär brukar kan bör"),
    "en": _words("often usually sometimes seldom perhaps normally about tends may can"),
}
SWEEPING = {
    "sv": _words("alltid aldrig bara endast alla allt inga ingen inget måste helt varje"),
    "en": _words("always never only all every none no must entirely completely"),
}


def _sounding_alike(asked: str, options: Options, _language: str) -> Options:
    words = {word for word in _words(asked) if len(word) >= SHORTEST_SHARED_WORD}
    return _standing_out(options, lambda text: len(words.intersection(_words(text))))


def _hedged(_asked: str, options: Options, language: str) -> Options:
    careful, sweeping = CAREFUL.get(language, ()), SWEEPING.get(language, ())
    return _standing_out(
        options,
        lambda text: sum((word in careful) - (word in sweeping) for word in _words(text)),
    )


def _standing_out(options: Options, measure: Callable[[str], int]) -> Options:
    """The option that has more of it than each other; none where several have as much."""
    found = [measure(option["text"]) for option in options]
    most = max(found)
    return [options[found.index(most)]] if found.count(most) == 1 else []


def _length(option: Mapping[str, Any]) -> int:
    return len(option["text"])


GUESSES: Mapping[str, Guess] = {
    "the first": lambda _asked, options, _language: options[:1],
    "the last": lambda _asked, options, _language: options[-1:],
    "the longest": lambda _asked, options, _language: [max(options, key=_length)],
    "the shortest": lambda _asked, options, _language: [min(options, key=_length)],
    "all": lambda _asked, options, _language: options,
    "the one that sounds like the question": _sounding_alike,
    "the one that is hedged": _hedged,
}


def guesses(
    course: Course, kinds: Sequence[QuestionKind] = ()
) -> Iterator[tuple[str, str, str, float]]:
    """(quiz, language, guess, share of the points) for each way of answering without knowing.

    What has no options to tick is not guessed. Practice quizzes count together, as "practice": of
    three questions chance alone gives away one. Questions without points are left out.
    """
    known = {kind.name: kind for kind in (*BUILT_IN_KINDS, *kinds)}
    for name, asked in _by_quiz(course).items():
        for language in course.languages:
            for guess, choose in GUESSES.items():
                yield name, language, guess, _share(asked, known, language, choose)


def _by_quiz(course: Course) -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for quiz in course.quizzes:
        name = quiz.id if quiz.use == "graded" else "practice"
        for question in quiz.questions:
            if question.points:
                key = course.keys[quiz.id][question.id]["key"]
                found.setdefault(name, []).append((question, key))
    return found


def _share(asked: Asked, kinds: Mapping[str, QuestionKind], language: str, choose: Guess) -> float:
    """The share of the points that a guess earns; what is not translated is not asked."""
    earned = possible = 0.0
    for question, key in asked:
        if language not in question.views:
            continue
        view = question.views[language]
        possible += question.points
        if view.get("options") and "correct" in key:
            ticked = choose(f"{view['text']} {view['stem']}", view["options"], language)
            answer = [option["id"] for option in ticked]
            earned += question.points * kinds[question.kind].grade(key, answer).share
    return earned / possible if possible else 0.0
