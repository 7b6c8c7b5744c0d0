"""Figures and findings in the reader's words, numbers as the reader writes them."""

from collections.abc import Callable, Mapping
from typing import Final

from babel import Locale
from flask_babel import format_decimal, format_percent, get_locale, lazy_gettext
from flask_babel import gettext as _

from innocap_lms.analysis import findings as rules
from innocap_lms.analysis.findings import Finding
from innocap_lms.analysis.statistics import Estimate

MINUTE: Final = 60

_TITLES = {
    rules.KEY: lazy_gettext("Check the key"),
    rules.LURE: lazy_gettext("Check an option that is marked as wrong"),
    rules.TRANSLATION: lazy_gettext("Look at the translation"),
    rules.HARD: lazy_gettext("Hard for nearly all"),
    rules.WEAK: lazy_gettext("Says little about who knows"),
    rules.SLOW: lazy_gettext("Takes long"),
    rules.IDLE: lazy_gettext("An option that hardly anyone chooses"),
    rules.EASY: lazy_gettext("Easy for nearly all"),
}


def percent(share: float) -> str:
    return format_percent(share)


def connection(correlation: float) -> str:
    """A correlation with two decimals."""
    return format_decimal(correlation, "0.00")


def tick(correlation: float) -> str:
    """A correlation beside a line of the picture."""
    return format_decimal(correlation, "0.0")


def points(share: float) -> str:
    """A difference between shares, in percentage points."""
    return format_decimal(100 * share, "0")


def time(seconds: float) -> str:
    """Seconds below a minute, else minutes with what is left."""
    minutes, left = divmod(round(seconds), MINUTE)
    if not minutes:
        return _("%(seconds)s s", seconds=left)
    return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=left)


def between(estimate: Estimate, word: Callable[[float], str]) -> str:
    """The interval of an estimate."""
    return _("%(low)s to %(high)s", low=word(estimate.low), high=word(estimate.high))


def language_name(code: str) -> str:
    """A language as the reader calls it."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code, code))


def title(finding: Finding) -> str:
    """What to do about it, in a few words."""
    return str(_TITLES[finding.rule])


def sentence(finding: Finding, lead: str, options: Mapping[str, str]) -> str:
    """Why, with the number it stands on. `options` has the words of each option by id."""
    if finding.rule in (rules.KEY, rules.LURE, rules.WEAK):
        return _of_connection(finding, options)
    if finding.rule == rules.TRANSLATION:
        return _(
            "Readers in %(language)s earn %(points)s percentage points less than those in %(lead)s "
            "who do as well on the quiz's other questions (%(range)s). Does it say the same?",
            language=language_name(finding.language),
            lead=language_name(lead),
            points=points(finding.figure.value),
            range=between(finding.figure, points),
        )
    if finding.rule == rules.SLOW:
        return _(
            "Half of the learners need longer than %(time)s (%(range)s). A question of this quiz "
            "usually takes %(usual)s. Is there much to read, or is it unclear?",
            time=time(finding.figure.value),
            range=between(finding.figure, time),
            usual=time(finding.usual),
        )
    return _of_share(finding, options)


def _of_connection(finding: Finding, options: Mapping[str, str]) -> str:
    numbers = {
        "value": connection(finding.figure.value),
        "range": between(finding.figure, connection),
    }
    if finding.rule == rules.KEY:
        return _(
            "Those who do well on the other questions miss this one more often: the connection is "
            "%(value)s (%(range)s). Is the right option marked? Can the question be misread?",
            **numbers,
        )
    if finding.rule == rules.LURE:
        return _(
            "Those who do well on the other questions choose “%(option)s” more often: the "
            "connection is %(value)s (%(range)s). Could it be right as well?",
            option=options.get(finding.option, finding.option),
            **numbers,
        )
    return _(
        "Those who do well on the other questions hardly do better on this one: the connection is "
        "%(value)s (%(range)s). Does it ask for what the lessons teach? With few or very unlike "
        "other questions a good question looks like this too.",
        **numbers,
    )


def _of_share(finding: Finding, options: Mapping[str, str]) -> str:
    numbers = {"value": percent(finding.figure.value), "range": between(finding.figure, percent)}
    if finding.rule == rules.HARD:
        return _(
            "On the first attempt learners earn %(value)s of its points (%(range)s). Is it taught "
            "before it is asked?",
            **numbers,
        )
    if finding.rule == rules.IDLE:
        return _(
            "“%(option)s” is chosen by %(value)s (%(range)s). A wrong option that tempts nobody "
            "makes guessing easier.",
            option=options.get(finding.option, finding.option),
            **numbers,
        )
    return _(
        "On the first attempt learners earn %(value)s of its points (%(range)s). It may stay as "
        "encouragement, but tells little about what has been learnt.",
        **numbers,
    )
