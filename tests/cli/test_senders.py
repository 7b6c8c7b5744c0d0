"""What a sender gets who falls silent half-way, or sends a body that is none."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit
from urllib.request import urlopen

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


def test_who_falls_silent_half_way_holds_no_thread(app: Flask) -> None:
    app.config["FORM_TOKENS"] = True
    with socket.create_server(("127.0.0.1", 0)) as listener:
        senders.limit_silence([listener], seconds=0.05)
        with (
            socket.create_connection(listener.getsockname()) as theirs,
            listener.accept()[0] as ours,
        ):
            theirs.sendall(b"account=")
            asked = EnvironBuilder("/login", method="POST", data={"account": ""}).get_environ()
            asked |= {"wsgi.input": ours.makefile("rb"), "CONTENT_LENGTH": "500"}
            _body, status, _headers = run_wsgi_app(app, asked)
    assert status.startswith("400 ")


@pytest.mark.slow
def test_the_site_answers_again_after_more_silent_senders_than_it_has_threads(start: Start) -> None:
    _process, address = start("run")
    assert page(f"{address}/healthz")[0] == 200
    where = urlsplit(address)
    with ExitStack() as stalled:
        for _thread in range(12):
            sender = socket.create_connection((where.hostname, where.port), timeout=30)
            stalled.enter_context(sender).sendall(f"{HEAD}Content-Length: 500\r\n\r\na".encode())
        with urlopen(f"{address}/healthz", timeout=200) as answer:
            assert answer.status == 200
