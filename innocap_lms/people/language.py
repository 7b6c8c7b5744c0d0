"""The language of a request: the person's choice, else the browser's.

The site speaks each of LANGUAGES whole. Pages that people elsewhere meet, who hold a certificate or
check one, speak those of ABROAD: what else is there says so with `speak_abroad`.
"""

from babel import negotiate_locale
from flask import g, has_request_context, request

from innocap_lms.people.policy import current_viewer

LANGUAGES = {"sv": "Svenska", "en": "English"}
ABROAD = {**LANGUAGES, "fi": "Suomi"}
COOKIE = "language"


def speak_abroad() -> None:
    """Before each request of a blueprint: its pages can be read in the languages of ABROAD."""
    g.languages = ABROAD


def offered_languages() -> dict[str, str]:
    """The languages of the page that is asked for, by code, with what they call themselves."""
    found: dict[str, str] = g.get("languages", LANGUAGES)
    return found


def request_language() -> str:
    """A key of the languages that are offered; a signed-in person's own choice comes first. Settled
    once per request.

    A command or job, which nobody asks over HTTP, speaks English unless it says otherwise.
    """
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _chosen() or _negotiated()
    language: str = g.language
    return language


def request_locale() -> str:
    """How dates and numbers are written for whoever asks."""
    return locale_of(request_language())


def locale_of(language: str) -> str:
    """How dates and numbers are written: English as in Ireland, where the day comes first."""
    return {"en": "en_IE"}.get(language, language)


def _chosen() -> str | None:
    offered, viewer, here = offered_languages(), current_viewer(), request.cookies.get(COOKIE)
    if here in offered and (viewer is None or here not in LANGUAGES):
        return here  # no account has a language of ABROAD alone
    return viewer.language if viewer and viewer.language in offered else None


def _negotiated() -> str:
    # Babel's negotiation understands that sv-FI is Swedish; Werkzeug's best_match does not.
    # What it gives is spelt as it was asked for, and the case of a tag says nothing (RFC 5646).
    wanted = [tag.replace("-", "_").lower() for tag, _quality in request.accept_languages]
    return negotiate_locale(wanted, list(offered_languages()), sep="_") or "en"


def request_timezone() -> str | None:
    """The zone the person has chosen; None leaves it to the site's setting."""
    viewer = current_viewer() if has_request_context() else None
    return viewer.timezone if viewer else None
