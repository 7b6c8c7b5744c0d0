"""What an attempt that was handed in means for its learner, and how its points are said."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from innocap_lms.content.model import Quiz
from innocap_lms.learning.own_attempts import AttemptView


@dataclass(frozen=True)
class Outcome:
    """`graded`: every answer could be marked. `practice`: the first attempt counts, and this is a
    later one. `passed`: it counts and passes. `decided`: no attempt can change the result any more,
    since the first counts and did not pass."""

    graded: bool
    practice: bool
    passed: bool
    decided: bool


def outcome_of(attempt: AttemptView, quiz: Quiz, rule: Quiz) -> Outcome:
    """What the attempt means by the rule of which attempt counts: that of its own `quiz` for what
    it was, that of the quiz as the learner takes it now for what may follow. Pure."""
    practice = quiz.counts == "first" and not attempt.counting
    return Outcome(
        graded=all(points is not None for points, _because in attempt.marks.values()),
        practice=practice,
        passed=attempt.passed is True and attempt.counting,
        decided=rule.counts == "first" and not practice and attempt.passed is False,
    )


def verdict_said(outcome: Outcome, attempt: AttemptView, quiz: Quiz, more: int = 0) -> str:
    """A sentence on what counts; empty where the attempt passed and nothing is to be said."""
    if attempt.passed is None:
        return _("One of your answers could not be marked yet. It is kept.")
    said = _decided(outcome, attempt, quiz, more)
    if outcome.graded:
        return said
    unmarked = _("One of your answers could not be marked; that changes nothing.")
    return f"{unmarked} {said}".strip()


def _decided(outcome: Outcome, attempt: AttemptView, quiz: Quiz, more: int) -> str:
    if quiz.counts == "last" and not attempt.counting:
        return _("A later attempt of yours counts.")
    if outcome.practice:
        return _("This attempt was practice: your first attempt counts.")
    if outcome.decided:
        return _(
            "Your first attempt counts, and it did not pass. Further attempts are practice and "
            "change nothing. Talk to your trainer about what you can do."
        )
    if outcome.passed:
        return ""
    if quiz.counts == "last" and attempt.number > 1:
        return _("Your last attempt counts.") + " " + rule_said(quiz, more)
    return rule_said(quiz, more)


def rule_said(quiz: Quiz, more: int = 0) -> str:
    """What it takes to pass, and how often one may try: `more` times than everybody."""
    share = _number(round(quiz.pass_mark * 100, 2), get_locale())
    if quiz.attempts is None:
        return _("You pass with %(share)s per cent. You can try as often as you like.", share=share)
    return ngettext(
        "You pass with %(share)s per cent. You have %(num)s attempt.",
        "You pass with %(share)s per cent. You have %(num)s attempts.",
        quiz.attempts + more,
        share=share,
    )


def out_of(points: float | None, total: float | None) -> str:
    """Points as a reader reads them, such as “9,33 av 12 poäng”."""
    said = (_number(round(each or 0.0, 2), get_locale()) for each in (points, total))
    return _("%(points)s out of %(total)s", **dict(zip(("points", "total"), said, strict=True)))


@lru_cache(maxsize=1000)
def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)
