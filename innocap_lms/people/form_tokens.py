"""Forms come from our own pages: Flask-WTF's check of the token in them, its answer remembered.

A page in which answers are saved as they are given sends the same token with each.
"""

from functools import lru_cache

from flask import Flask, request, session

from innocap_lms.extensions import csrf

KEPT = 1000
TOKEN = "csrf_token"  # noqa: S105 - the name of the field and of its half in the session


def init_form_tokens(app: Flask) -> None:
    """Refuse, with CSRFError, each request that changes something and has no token of its session.

    `WTF_CSRF_ENABLED` switches it off in tests.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # it is asked for here
    csrf.init_app(app)
    changing = app.config["WTF_CSRF_METHODS"]

    @lru_cache(maxsize=KEPT)
    def hold(*_everything_it_looks_at: str | bool | None) -> None:
        csrf.protect()  # what it raises is not remembered

    @app.before_request
    def hold_forms() -> None:
        if request.method not in changing or not request.endpoint:
            return
        if not app.config["WTF_CSRF_ENABLED"]:
            return
        sent = request.form.get(TOKEN)
        if not sent:
            csrf.protect()  # which looks elsewhere for it
        else:
            hold(session.get(TOKEN), sent, request.is_secure, request.host, request.referrer)
