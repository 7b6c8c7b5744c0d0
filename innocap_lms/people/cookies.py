"""The session cookie, signed as Flask does, by a signer that is made once and not twice a page."""

from functools import cached_property
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedOnce(SecureCookieSessionInterface):
    """Flask's own session of one app, whose secret does not change while it runs."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> Any:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        signer: URLSafeTimedSerializer | None = self._signer
        return signer
