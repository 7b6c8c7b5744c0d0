"""Requests that come to nothing: a sender who falls silent half-way, a body that is none."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SILENCE_SECONDS = 60  # as long as nginx waits for the next piece


def bear_with(app: Flask) -> None:
    """Let such a request have a 400 and its thread no longer, under gunicorn.

    A handful of phones that lost their signal would otherwise take every thread of the site.
    """
    app.register_error_handler(ParseException, lambda _: app.handle_http_exception(BadRequest()))
    app.wsgi_app = _with_patience(app.wsgi_app)  # type: ignore[method-assign,assignment]


def _with_patience(wsgi: "WSGIApplication") -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # What brings no body is here as a whole; a time limit costs each page a twentieth.
        if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
            environ["gunicorn.socket"].settimeout(SILENCE_SECONDS)
        return wsgi(environ, start_response)

    return answer
