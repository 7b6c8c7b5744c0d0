"""A worker that is killed in the middle of a job: the next one carries it out."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import writing
from innocap_lms.jobs.relay import LEASE
from innocap_lms.people import services as people

COMMAND = [sys.executable, "-c", "from innocap_lms.cli import main; main()", "worker"]


@pytest.fixture
def silent_server() -> Iterator[tuple[int, threading.Event]]:
    """A mail server that takes a call and never says a word: its port, and that somebody called."""
    called, open_calls = threading.Event(), []
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        open_calls.append(listening.accept()[0])
        called.set()

    threading.Thread(target=answer, daemon=True).start()
    yield listening.getsockname()[1], called
    for call in open_calls:
        call.close()
    listening.close()


@pytest.fixture
def invited(app: Flask) -> None:
    """Somebody is to get a mail."""
    with app.app_context(), writing():
        people.invite_person(name="Maja", email="maja@example.org", role="admin", language="sv")


def test_what_a_killed_worker_was_at_is_carried_out_by_the_next(
    invited: None,
    settings: Settings,
    environ: dict[str, str],
    silent_server: tuple[int, threading.Event],
    serve_mail: Any,
    make_app: Callable[..., Flask],
):
    silent_port, called = silent_server
    smtp = {"INNOCAP_SMTP_URL": f"smtp://127.0.0.1:{silent_port}"}
    worker = subprocess.Popen(COMMAND, env=environ | smtp, stdout=subprocess.DEVNULL)
    assert called.wait(60), "the worker never came to the mail"
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL

    post, port = serve_mail()
    smtp = {"INNOCAP_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    once = subprocess.run(
        [*COMMAND, "--once"], env=environ | smtp, capture_output=True, text=True, check=True
    )
    assert "0 carried out" in once.stdout, "within the lease it is not tried again"
    next_worker = make_app(using=replace(settings, smtp_url=smtp["INNOCAP_SMTP_URL"]))
    with clock.at(clock.utcnow() + LEASE + timedelta(seconds=1)):
        assert next_worker.extensions["innocap_relay"].run_due() == 1
        assert next_worker.extensions["innocap_relay"].run_due() == 0
    assert [envelope.rcpt_tos for envelope in post.received] == [["maja@example.org"]]


def test_a_worker_ends_within_seconds_when_asked(
    invited: None, environ: dict[str, str], serve_mail: Any, until: Callable[..., Any]
):
    post, port = serve_mail()
    smtp = {"INNOCAP_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    worker = subprocess.Popen(COMMAND, env=environ | smtp, stdout=subprocess.DEVNULL)
    until(lambda: post.received)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
