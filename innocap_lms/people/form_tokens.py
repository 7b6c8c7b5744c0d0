"""Forms come from our own pages: Flask-WTF's token in each, and its check, both remembered.

Every page of a session may hold the same token, since it lasts as long as the session.
"""

from functools import lru_cache

from flask import Flask, request, session
from flask_wtf.csrf import generate_csrf

from innocap_lms.extensions import csrf
from innocap_lms.people.policy import policy_of

KEPT = 1000
TOKEN = "csrf_token"  # noqa: S105 - the name of the field and of its half in the session


def init_form_tokens(app: Flask) -> None:
    """Refuse, with CSRFError, each request that may change something and has no token of its
    session.

    `WTF_CSRF_ENABLED` switches it off in tests.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # it is asked for here
    csrf.init_app(app)
    changing = app.config["WTF_CSRF_METHODS"]

    @lru_cache(maxsize=KEPT)
    def signed(_half_in_the_session: str) -> str:
        return str(generate_csrf())

    def csrf_token() -> str:
        half = session.get(TOKEN)
        return signed(half) if half else str(generate_csrf())

    app.jinja_env.globals[TOKEN] = csrf_token
    app.context_processor(lambda: {TOKEN: csrf_token})

    @lru_cache(maxsize=KEPT)
    def hold(*_everything_it_looks_at: str | bool | None) -> None:
        csrf.protect()  # what it raises is not remembered

    @app.before_request
    def hold_forms() -> None:
        if request.method not in changing or not request.endpoint:
            return
        if not app.config["WTF_CSRF_ENABLED"] or policy_of(request.endpoint).changes_nothing:
            return
        sent = request.form.get(TOKEN)
        if not sent:
            csrf.protect()  # which looks elsewhere for it
        else:
            hold(session.get(TOKEN), sent, request.is_secure, request.host, request.referrer)
