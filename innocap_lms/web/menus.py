"""The menus of every page: desks, languages, colours."""

from flask import request

from innocap_lms.people.language import offered_languages
from innocap_lms.people.viewer import Viewer

THEMES = ("light", "dark", "contrast")


def desks(viewer: Viewer | None) -> tuple[tuple[str, bool], ...]:
    """The main menu, only what this person can open: (endpoint, whether it is this page's)."""
    found = ["web.front"]
    if viewer:
        found.insert(0, "web.home")
        found.append("rounds.overview")
        if viewer.has("assessor"):
            found.append("assessing.overview")
        if viewer.has("hr", "manager", "admin"):
            found.append("hr.dashboard")
        if viewer.has("coordinator"):
            found.append("coordination.overview")
        if viewer.has("trainer", "admin"):
            found.append("studio.overview")
        if viewer.has("admin", "hr"):
            found.append("admin.overview")
    here = request.endpoint or ""
    return tuple((name, here == name or _same_desk(here, name)) for name in found)


def spoken() -> tuple[tuple[str, str], ...]:
    """The languages to choose from on this page: (code, name in itself)."""
    return tuple(offered_languages().items())


def _same_desk(here: str, name: str) -> bool:
    room = name.split(".")[0]
    return room != "web" and here.split(".")[0].split("_")[0] == room


def theme() -> str:
    """The colours the person has chosen; empty for those of the device."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""
