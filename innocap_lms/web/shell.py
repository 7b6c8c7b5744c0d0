"""What every template can use: the person, the site, navigation, languages, dates, words."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import format_date, format_datetime, format_decimal, get_domain, lazy_gettext
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.config import Settings
from innocap_lms.people.language import LANGUAGES, request_language
from innocap_lms.people.policy import current_viewer
from innocap_lms.people.viewer import Viewer
from innocap_lms.web import assets

THEMES = ("light", "dark", "contrast")


@dataclass(frozen=True)
class Site:
    """What pages say of the site."""

    name: str
    contact: str
    logo_url: str = ""


@dataclass(frozen=True)
class Link:
    """A choice in a menu."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True)
class Choice:
    """A language or a set of colours to choose."""

    code: str
    name: Any
    url: str
    current: bool


def init_shell(app: Flask, settings: Settings) -> None:
    """Give templates their context, filters and words."""
    site = Site(settings.site_name, settings.contact)

    @app.context_processor
    def shell() -> dict[str, Any]:
        viewer = current_viewer()
        return {
            "viewer": viewer,
            "site": site,
            "nav": navigation(viewer),
            "lang": request_language(),
            "languages": _languages(),
            "themes": _themes(),
            "theme": _theme(),
        }

    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["hours"] = hours
    app.jinja_env.filters["spoken"] = spoken
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Flask-Babel looks its context up for every string; once per request is enough.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _words().ugettext(text),
        lambda one, many, count: _words().ungettext(one, many, count),
        newstyle=True,
    )


def _words() -> Any:
    if not has_request_context():  # a job writes to several people, each in their language
        return get_domain().get_translations()
    if "words" not in g:
        g.words = get_domain().get_translations()
    return g.words


def day(value: datetime | date | None) -> str:
    """A date in the person's language and zone, with its weekday where the year is this one."""
    return format_date(value, "long") if value else ""


def moment(value: datetime | None) -> str:
    """A date and time in the person's language and zone."""
    return format_datetime(value, "medium") if value else ""


def hours(value: float) -> str:
    """Hours with their word: 1 hour, 1.5 hours."""
    count = format_decimal(value)
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2, hours=count)


@lru_cache(maxsize=50)
def spoken(codes: tuple[str, ...]) -> str:
    """Languages by their own names: Svenska, English."""
    return ", ".join(str(Locale.parse(code).display_name).capitalize() for code in codes)


def navigation(viewer: Viewer | None) -> list[Link]:
    """The main menu: only what this person can open."""
    entries = [("web.front", _("Courses"))]
    if viewer:
        entries.insert(0, ("web.home", _("My page")))
        if viewer.has("hr", "manager", "admin"):
            entries.append(("hr.dashboard", _("Follow-up")))
        if viewer.has("trainer", "admin"):
            entries.append(("studio.overview", _("Studio")))
        if viewer.has("admin", "hr"):
            entries.append(("admin.overview", _("Administration")))
    here = request.endpoint or ""
    return [
        Link(url_for(name), label, here == name or _same_desk(here, name))
        for name, label in entries
    ]


def _same_desk(here: str, name: str) -> bool:
    room = name.split(".")[0]
    return room != "web" and here.split(".")[0] == room


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _languages() -> list[Choice]:
    current = request_language()
    return [
        Choice(code, name, url_for("people.language", code=code, next=_here()), code == current)
        for code, name in LANGUAGES.items()
    ]


def _theme() -> str:
    theme = request.cookies.get("theme", "")
    return theme if theme in THEMES else ""


_THEME_NAMES = {
    "system": lazy_gettext("As the device"),
    "light": lazy_gettext("Light"),
    "dark": lazy_gettext("Dark"),
    "contrast": lazy_gettext("High contrast"),
}


def _themes() -> list[Choice]:
    current = _theme() or "system"
    return [
        Choice(code, name, url_for("people.theme", code=code, next=_here()), code == current)
        for code, name in _THEME_NAMES.items()
    ]
