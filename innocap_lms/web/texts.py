"""Words, dates and numbers of templates, in the reader's language and zone."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError, dates
from flask import Flask, g, has_request_context
from flask_babel import format_decimal, get_domain, get_locale, ngettext, to_user_timezone
from markupsafe import Markup

from innocap_lms import clock

NEAR = timedelta(days=10)


def init_texts(app: Flask) -> None:
    """Give templates their words and filters.

    Jinja's own gettext looks its context up for every string, and Flask-Babel does so again: a
    tenth of a lesson page. Here a request binds its catalogue once.
    """
    app.jinja_env.globals.update(_=translate, gettext=translate, ngettext=translate_number)
    for function in (day, month, moment, hours, spoken):
        app.jinja_env.filters[function.__name__] = function


def translate(text: str, **values: Any) -> Markup:
    """The text in the reader's language; values are escaped, the text itself is ours."""
    found = _said(_catalogue(), text)
    return found % values if values else found


def translate_number(one: str, many: str, count: int, **values: Any) -> Markup:
    """The form that the count asks for; `%(num)s` is the count."""
    found = _catalogue().ungettext(one, many, count)
    return Markup(found) % {"num": count, **values}  # noqa: S704 - from the catalogue


def _catalogue() -> Any:
    try:
        return g.catalogue
    except (AttributeError, RuntimeError):  # not looked up yet; or a job, which has no `g`
        found = get_domain().get_translations()
    if has_request_context():  # a job writes to several people, each in their language
        g.catalogue = found
    return found


@lru_cache(maxsize=3000)
def _said(catalogue: Any, text: str) -> Markup:
    return Markup(catalogue.ugettext(text))  # noqa: S704 - from the catalogue, not from people


def day(value: datetime | date | None) -> str:
    """A date in the person's language and zone, with its weekday where it is near."""
    if value is None:
        return ""
    there = to_user_timezone(value).date() if isinstance(value, datetime) else value
    near = abs(there - to_user_timezone(clock.utcnow()).date()) <= NEAR
    return _date(there, "full" if near else "long", get_locale())


def month(value: date) -> str:
    """The short name of a month, by itself."""
    return _date(value, "LLL", get_locale())


def moment(value: datetime | None) -> str:
    """A date and time in the person's language and zone."""
    if value is None:
        return ""
    there, locale = to_user_timezone(value), get_locale()
    return f"{_date(there.date(), 'medium', locale)} {_time(there.hour, there.minute, locale)}"


@lru_cache(maxsize=500)
def _date(value: date, form: str, locale: Locale) -> str:
    return dates.format_date(value, form, locale=locale)


@lru_cache(maxsize=500)
def _time(hour: int, minute: int, locale: Locale) -> str:
    return dates.format_time(time(hour, minute), "short", locale=locale)


def hours(value: float) -> str:
    """Hours with their word: 1 hour, 1.5 hours."""
    count = format_decimal(value)
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2, hours=count)


@lru_cache(maxsize=50)
def spoken(codes: tuple[str, ...]) -> Markup:
    """Languages by their own names, each marked as what it is: Svenska, English."""
    mark = Markup('<span lang="{}">{}</span>')
    return Markup(", ").join(mark.format(code, _own_name(code)) for code in codes)


def _own_name(code: str) -> str:
    """What a language calls itself; its code where nobody has told: courses may be in any."""
    try:
        return str(Locale.parse(code, sep="-").display_name or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code
