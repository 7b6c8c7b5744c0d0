"""Waiting for what happens in other threads and processes; a mail server; a site that relays."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from flask import Flask

from innocap_lms.config import Settings
from innocap_lms.jobs.relay import Relay


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """The environment in which a process works on the test's site."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("INNOCAP_")}
    return {
        **own,
        "INNOCAP_DATA_DIR": str(settings.data_dir),
        "INNOCAP_DATABASE_URL": settings.database_url,
        "INNOCAP_SECRET_KEY": settings.secret_key,
        "INNOCAP_PASSWORD_MEMORY_KIB": str(settings.password_memory_kib),
    }


class Post:
    """What a mail server received, and whom it refuses."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.refused: set[str] = set()
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(envelope)
        return "250 taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> Any:
        self.logins.append((data.login, data.password))
        right = data.password == b"right word"
        return AuthResult(success=right, handled=right, auth_data=data.login)


@pytest.fixture
def serve_mail() -> Iterator[Callable[..., tuple[Post, int]]]:
    """Starts mail servers: the post they receive, and their port."""
    running: list[Controller] = []

    def start(**options: Any) -> tuple[Post, int]:
        post: Post = options.pop("post", None) or Post()
        if options.pop("asks_password", False):
            options |= {"authenticator": post.authenticate, "auth_required": True}
        with socket.create_server(("127.0.0.1", 0)) as probe:  # the library knows no port 0
            port = probe.getsockname()[1]
        controller = Controller(post, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return post, port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def relaying(make_app: Callable[..., Flask], settings: Settings) -> Iterator[Flask]:
    """A site that carries out its outbox itself, as the embedded one does."""
    app = make_app(using=replace(settings, relay=True))
    yield app
    relay: Relay = app.extensions["innocap_relay"]
    relay.stop()
