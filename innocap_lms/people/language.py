"""The language of a request: the person's choice, else the browser's."""

from babel import negotiate_locale
from flask import g, has_request_context, request

from innocap_lms.people.policy import current_viewer

LANGUAGES = {"sv": "Svenska", "en": "English"}
COOKIE = "language"


def request_language() -> str:
    """A key of LANGUAGES; a signed-in person's own choice comes first. Settled once per request.

    A command or job, which nobody asks over HTTP, speaks English unless it says otherwise.
    """
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _chosen() or _negotiated()
    language: str = g.language
    return language


def request_locale() -> str:
    """How dates and numbers are written: English as in Ireland, where the day comes first."""
    return {"en": "en_IE"}.get(request_language(), request_language())


def _chosen() -> str | None:
    viewer = current_viewer()
    chosen = viewer.language if viewer else request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else None


def _negotiated() -> str:
    # Babel's negotiation understands that sv-FI is Swedish; Werkzeug's best_match does not.
    wanted = [tag.replace("-", "_") for tag, _quality in request.accept_languages]
    return negotiate_locale(wanted, list(LANGUAGES), sep="_") or "en"


def request_timezone() -> str | None:
    """The zone the person has chosen; None leaves it to the site's setting."""
    viewer = current_viewer() if has_request_context() else None
    return viewer.timezone if viewer else None
