"""What the answers to a question say of it. Pure, and silent where there are too few."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from innocap_lms.analysis.queries import Answers, Group, pooled
from innocap_lms.analysis.statistics import (
    Adjusted,
    Estimate,
    Moments,
    adjusted_difference,
    correlation,
    median,
    proportion,
)
from innocap_lms.learning.responses import FEWEST


@dataclass(frozen=True)
class OptionFigures:
    """How one option was chosen.

    `discrimination` is the correlation between choosing it and what the other questions earned;
    None where fewer than FEWEST chose it, or did not.
    """

    id: str
    right: bool
    share: Estimate
    discrimination: Estimate | None


@dataclass(frozen=True)
class LanguageFigures:
    """A question as one language asked it.

    `harder` is how much less of the points its readers earn than those of the first language shown,
    in the same quiz and with the same result on its other questions; None for the first, and where
    it cannot be told.
    """

    language: str
    count: int
    difficulty: Estimate
    harder: Adjusted | None = None


@dataclass(frozen=True)
class Figures:
    """A question, all its languages together. None and empty: cannot be told, or not yet."""

    count: int
    difficulty: Estimate | None = None
    discrimination: Estimate | None = None
    seconds: Estimate | None = None
    options: tuple[OptionFigures, ...] = ()
    unanswered: Estimate | None = None
    languages: tuple[LanguageFigures, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether anything is said of it."""
        return self.count >= FEWEST


def figures_of(
    by_language: Mapping[str, Answers], options: Sequence[str], right: Collection[str]
) -> Figures:
    """The figures of a question from its answers by language, the lead language first.

    `options` are the ids that it offers, `right` those that its key names.
    """
    answers = pooled(by_language.values())
    if answers.count < FEWEST:
        return Figures(answers.count)
    timed = answers.seconds.total() >= FEWEST
    return Figures(
        answers.count,
        _difficulty(answers),
        _discrimination(answers),
        median(answers.seconds) if timed else None,
        _options(answers, options, right),
        _unanswered(answers) if options else None,
        _languages(by_language),
    )


def _difficulty(answers: Answers) -> Estimate | None:
    """The mean share earned, of the answers that could be marked."""
    marked = [(group.share, group.count) for group in answers.groups if group.share is not None]
    count = sum(each for _share, each in marked)
    if count < FEWEST:
        return None
    return proportion(sum(share * each for share, each in marked), count)


def _discrimination(answers: Answers) -> Estimate | None:
    return _correlated(
        [(group, group.share) for group in answers.groups if group.share is not None]
    )


def _correlated(groups: Sequence[tuple[Group, float]]) -> Estimate | None:
    """The correlation between a value of each group and what the other questions earned, within
    each item and quiz: what makes a quiz or a language harder is no part of it."""
    strata: dict[int, Moments] = {}
    for group, x in groups:
        strata[group.stratum] = strata.get(group.stratum, Moments()) + _moments(group, x)
    if sum(sums.n for sums in strata.values()) < FEWEST:
        return None
    return correlation(*strata.values())


def _moments(group: Group, x: float) -> Moments:
    return Moments(
        group.paired,
        x=x * group.paired,
        y=group.rest,
        xx=x * x * group.paired,
        yy=group.rest_squares,
        xy=x * group.rest,
    )


def _options(
    answers: Answers, options: Sequence[str], right: Collection[str]
) -> tuple[OptionFigures, ...]:
    """Each option's figures; none where answers are no choice of some of them: where one always
    holds them all, as in an order, or holds something else, as in a match."""
    counted = [group for group in answers.groups if group.chosen is not None]
    count = sum(group.count for group in counted)
    told = [set(group.chosen) for group in counted if group.chosen]
    offered = set(options)
    if count < FEWEST or all(chosen >= offered for chosen in told):
        return ()
    if any(not chosen <= offered for chosen in told):
        return ()
    return tuple(_option(option, counted, count, option in right) for option in options)


def _option(option: str, groups: Sequence[Group], count: int, right: bool) -> OptionFigures:
    choices = [(group, float(option in (group.chosen or ()))) for group in groups]
    chose = sum(group.count for group, chosen in choices if chosen)
    share = proportion(chose, count)
    if share is None:
        raise ValueError("an option of a question that nobody was asked")
    # A correlation with very few would tell what they earned elsewhere.
    hidden = min(chose, count - chose) < FEWEST
    return OptionFigures(option, right, share, None if hidden else _correlated(choices))


def _unanswered(answers: Answers) -> Estimate | None:
    counted = [group for group in answers.groups if group.chosen is not None]
    count = sum(group.count for group in counted)
    if count < FEWEST:
        return None
    return proportion(sum(group.count for group in counted if not group.chosen), count)


def _languages(by_language: Mapping[str, Answers]) -> tuple[LanguageFigures, ...]:
    """Figures by language, of those with FEWEST answers or more.

    None at all where the other languages' answers could be had by subtraction and are too few.
    """
    shown = {name: each for name, each in by_language.items() if each.count >= FEWEST}
    left = sum(each.count for name, each in by_language.items() if name not in shown)
    if len(shown) < 2 or 0 < left < FEWEST:
        return ()
    lead, found = next(iter(shown.values())), []
    for language, answers in shown.items():
        difficulty = _difficulty(answers)
        if difficulty is not None:
            harder = None if answers is lead else _harder(lead, answers)
            found.append(LanguageFigures(language, answers.count, difficulty, harder))
    return tuple(found)


def _harder(lead: Answers, translation: Answers) -> Adjusted | None:
    """How much less the translation's readers earn, quiz by quiz; None where either are few."""
    one, other = _by_quiz(lead), _by_quiz(translation)
    strata = [(sums, other[quiz]) for quiz, sums in one.items() if quiz in other]
    if min(sum(pair[side].n for pair in strata) for side in (0, 1)) < FEWEST:
        return None
    return adjusted_difference(strata)


def _by_quiz(answers: Answers) -> dict[int, Moments]:
    strata: dict[int, Moments] = {}
    for group in answers.groups:
        if group.share is not None:
            strata[group.quiz] = strata.get(group.quiz, Moments()) + _moments(group, group.share)
    return strata
