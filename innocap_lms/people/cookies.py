"""The session cookie, signed as Flask does, by a signer that is made once and not twice a page, and
whose check of a cookie is remembered: a browser sends the same one with every page."""

import time
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

KEPT = 1000  # cookies, of some 200 bytes


class SignedOnce(SecureCookieSessionInterface):
    """Flask's own session of one app, whose secret does not change while it runs."""

    def __init__(self, app: Flask) -> None:
        signer = super().get_signing_serializer(app)
        if signer is None:
            raise RuntimeError("no secret to sign cookies with")
        self._signer: URLSafeTimedSerializer = signer
        self._opened = lru_cache(maxsize=KEPT)(self._open)  # what raises is not remembered

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            content, signed_at = self._opened(cookie)
        except BadSignature:
            return self.session_class()
        if not 0 <= time.time() - signed_at <= app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(self.serializer.loads(content))

    def _open(self, cookie: str) -> tuple[str, float]:
        """What a cookie holds, as JSON, and when it was signed. Raises BadSignature."""
        content: Any
        content, signed_at = self._signer.loads(cookie, return_timestamp=True)
        return self.serializer.dumps(content), signed_at.timestamp()
