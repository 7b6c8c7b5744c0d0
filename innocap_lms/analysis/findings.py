"""What a trainer should look at: rules over a question's figures. Pure.

A rule fires only where the whole interval says so, never on the figure alone: with few answers it
keeps silent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from innocap_lms.analysis.figures import Figures
from innocap_lms.analysis.statistics import Estimate

# The gravest first: marks may be unfair, it teaches or measures badly, it could be sharper.
KEY, LURE, TRANSLATION, HARD, SLOW, WEAK, IDLE, EASY = range(8)
GRAVE, TO_LOOK_AT, TO_SHARPEN = range(3)

TOO_HARD: Final = 0.4
TOO_EASY: Final = 0.95
# Below 0.2 an item is poor: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement,
# 5th edition, 1991.
WEAKEST: Final = 0.2
# A wrong option that fewer choose does no work: T. M. Haladyna and S. M. Downing, How many options
# is enough for a multiple-choice test item?, Educational and Psychological Measurement 53 (1993).
IDLE_SHARE: Final = 0.05
# A difference of a tenth of the points calls for a look: N. J. Dorans and E. Kulick, Demonstrating
# the utility of the standardization approach, Journal of Educational Measurement 23 (1986).
UNLIKE: Final = 0.1
JUDGED_FROM: Final = 44  # answers at which a connection of -0.3 is told from none
SLOW_SECONDS: Final = 60
SLOW_TIMES: Final = 2.0  # what the questions of the quiz usually take
USUAL_OF: Final = 3  # questions whose time is known, to say what is usual


@dataclass(frozen=True)
class Finding:
    """One thing to look at: which rule, the figure it stands on, and what it is about.

    `option` is an id, `language` a code, `usual` seconds; empty where the rule has none.
    """

    rule: int
    figure: Estimate
    option: str = ""
    language: str = ""
    usual: float = 0.0

    @property
    def gravity(self) -> int:
        """GRAVE, TO_LOOK_AT or TO_SHARPEN."""
        if self.rule <= LURE:
            return GRAVE
        return TO_LOOK_AT if self.rule <= SLOW else TO_SHARPEN


def is_judged(figures: Figures) -> bool:
    """Whether a wrong key or option would be named, so that silence says something."""
    if figures.count < JUDGED_FROM or figures.difficulty is None:
        return False
    return figures.discrimination is not None or figures.difficulty.value == 1


def usual_seconds(several: Iterable[Figures]) -> float | None:
    """What a question of the quiz usually takes: the median of the medians."""
    times = [figures.seconds.value for figures in several if figures.seconds]
    return median(times) if len(times) >= USUAL_OF else None


def findings_of(figures: Figures, usual: float | None) -> list[Finding]:
    """What the figures of a question give reason to look at, the gravest first."""
    found = [*_of_marks(figures), *_of_options(figures), *_of_languages(figures)]
    time = figures.seconds
    if time and usual and time.low > max(SLOW_SECONDS, SLOW_TIMES * usual):
        found.append(Finding(SLOW, time, usual=usual))
    return sorted(found, key=lambda finding: finding.rule)


def _of_marks(figures: Figures) -> Iterable[Finding]:
    difficulty, discrimination = figures.difficulty, figures.discrimination
    easy = difficulty is not None and difficulty.low > TOO_EASY
    if difficulty and easy:
        yield Finding(EASY, difficulty)
    if difficulty and difficulty.high < TOO_HARD:
        yield Finding(HARD, difficulty)
    if discrimination and discrimination.high < 0:
        yield Finding(KEY, discrimination)
    elif discrimination and discrimination.high < WEAKEST and not easy:
        yield Finding(WEAK, discrimination)


def _of_options(figures: Figures) -> Iterable[Finding]:
    difficulty = figures.difficulty
    easy = difficulty is not None and difficulty.low > TOO_EASY
    for option in figures.options:
        if option.right:
            continue
        if option.discrimination and option.discrimination.low > 0:
            yield Finding(LURE, option.discrimination, option=option.id)
        if option.share.high < IDLE_SHARE and not easy:
            yield Finding(IDLE, option.share, option=option.id)


def _of_languages(figures: Figures) -> Iterable[Finding]:
    """Each translation against the first language, which is the lead where it is shown.

    A few questions measure a group roughly, so equal results there do not make groups equal. What
    the results explain of the difference is therefore taken off once more: that much again may be
    the group's.
    """
    for translation in figures.languages:
        harder = translation.harder
        if harder and harder.apart.low - max(0.0, harder.explained) > UNLIKE:
            yield Finding(TRANSLATION, harder.apart, language=translation.language)
