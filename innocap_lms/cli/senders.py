"""Requests that come to nothing: a sender who falls silent half-way, a body that is none."""

import socket
import struct
from collections.abc import Iterable

from flask import Flask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

SILENCE_SECONDS = 60.0  # as long as nginx waits for the next piece


def bear_with(app: Flask) -> None:
    """Let a body that is none, under gunicorn, have a 400."""
    app.register_error_handler(ParseException, lambda _: app.handle_http_exception(BadRequest()))


def limit_silence(listeners: Iterable[socket.socket], seconds: float = SILENCE_SECONDS) -> None:
    """Let whoever connects there be silent for so long, in the middle of a request or a page; then
    reading or writing fails and the thread is free. A handful of phones that lost their signal
    would otherwise take every thread of the site.

    The system keeps the time, at no cost to a page: a connection has the limits of the socket that
    accepted it (socket(7), SO_RCVTIMEO).
    """
    limit = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
    for listener in listeners:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
