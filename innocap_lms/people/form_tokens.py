"""Forms come from our own pages: each holds a secret of its session, and is refused without it.

This is OWASP's synchronizer token (Cross-Site Request Forgery Prevention Cheat Sheet). The session
is a signed cookie that scripts cannot read, so nobody else knows the secret, or can plant one.
"""

import secrets
from hmac import compare_digest

from flask import Flask, Request, request, session
from werkzeug.exceptions import BadRequest

from innocap_lms.people.policy import policy_of

TOKEN = "csrf_token"  # noqa: S105 - the name of the field, and of its place in the session
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class FormRefused(BadRequest):
    """A form that is not of a page of this session, or is of one before it."""


def init_form_tokens(app: Flask) -> None:
    """Refuse, with FormRefused, each request that may change something and is not of a form of its
    session.

    `FORM_TOKENS` switches it off in tests.
    """
    app.config.setdefault("FORM_TOKENS", True)
    app.jinja_env.globals[TOKEN] = csrf_token
    app.context_processor(lambda: {TOKEN: csrf_token})

    @app.before_request
    def hold_forms() -> None:
        if request.method not in CHANGING or not request.endpoint:
            return
        if not app.config["FORM_TOKENS"] or policy_of(request.endpoint).changes_nothing:
            return
        if not _is_of_its_session(request) or not _is_from_here(request):
            raise FormRefused


def csrf_token() -> str:
    """The secret of this session that its forms hold; the first one that asks makes it."""
    token: str = session.get(TOKEN) or session.setdefault(TOKEN, secrets.token_urlsafe(32))
    return token


def _is_of_its_session(sent: Request) -> bool:
    given = sent.form.get(TOKEN, "")  # first: a body that is no form is a fault of its own
    held: str = session.get(TOKEN, "")
    return held != "" and compare_digest(given.encode(), held.encode())


def _is_from_here(sent: Request) -> bool:
    """Over https the page that sends must be ours too: whoever listens to plain http beside it can
    set cookies, though not read them. Our pages let browsers say where they come from."""
    return not sent.is_secure or (sent.referrer or "").startswith(f"https://{sent.host}/")
