"""The menus of every page: navigation, languages, colours."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.viewer import Viewer

THEMES = {
    "system": lazy_gettext("As the device"),
    "light": lazy_gettext("Light"),
    "dark": lazy_gettext("Dark"),
    "contrast": lazy_gettext("High contrast"),
}


@dataclass(frozen=True)
class Link:
    """A desk in the main menu."""

    endpoint: str
    label: str
    current: bool


@dataclass(frozen=True)
class Choice:
    """A language or a set of colours to choose."""

    code: str
    name: str
    current: bool


def navigation(viewer: Viewer | None) -> tuple[Link, ...]:
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
    return tuple(
        Link(name, label, here == name or _same_desk(here, name)) for name, label in entries
    )


def _same_desk(here: str, name: str) -> bool:
    room = name.split(".")[0]
    return room != "web" and here.split(".")[0].split("_")[0] == room


def languages(current: str) -> tuple[Choice, ...]:
    """The languages of the site. Choosing one comes back to the page it was chosen on."""
    return tuple(Choice(code, name, code == current) for code, name in LANGUAGES.items())


def theme() -> str:
    """The colours the person has chosen; empty for those of the device."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES and chosen != "system" else ""


def themes(current: str) -> tuple[Choice, ...]:
    """The sets of colours. Choosing one comes back to the page it was chosen on."""
    return tuple(
        Choice(code, str(name), code == (current or "system")) for code, name in THEMES.items()
    )
