"""Requests of programs, which read JSON rather than a page."""

from flask import request


def wants_json() -> bool:
    """Whether JSON is asked for rather than a page."""
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return wanted == "application/json"
