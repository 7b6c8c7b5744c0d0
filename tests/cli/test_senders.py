"""What a sender gets who falls silent half-way, or sends a body that is none."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from innocap_lms.cli import senders
from tests.cli.conftest import Start, page

FORM = "Content-Type: application/x-www-form-urlencoded"
HEAD = f"POST /login HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{FORM}\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "body", ["zz\r\nabc", "2\r\nabXX0\r\n\r\n", "5\r\nab", "f" * 40 + "\r\nab"]
)
def test_a_body_that_is_none_is_a_fault_of_its_sender_and_not_of_the_site(
    start: Start, body: str
) -> None:
    _process, address = start("run")
    assert page(f"{address}/healthz")[0] == 200
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=30) as sender:
        sender.sendall(f"{HEAD}{CHUNKED}{body}".encode())
        sender.shutdown(socket.SHUT_WR)
        with sender.makefile("rb") as answer:
            said = answer.read().decode()
    assert said.startswith("HTTP/1.1 400 ")
    assert "That did not work" in said


def test_who_falls_silent_half_way_holds_no_thread(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = True
    senders.bear_with(app)
    monkeypatch.setattr(senders, "SILENCE_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as stream:
        theirs.sendall(b"account=")
        asked = EnvironBuilder("/login", method="POST", data={"account": ""}).get_environ()
        asked |= {"wsgi.input": stream, "CONTENT_LENGTH": "500", "gunicorn.socket": ours}
        _body, status, _headers = run_wsgi_app(app, asked)
    assert status.startswith("400 ")
