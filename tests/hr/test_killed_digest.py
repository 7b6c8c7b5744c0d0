"""A worker that is killed while it mails a digest: none is lost, at most the one in flight comes
twice, and then under the same Message-ID."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.jobs.relay import LEASE
from innocap_lms.requirements import reminding
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.test_team_and_register import today
from tests.jobs.conftest import Post
from tests.jobs.conftest import environ as environ
from tests.jobs.conftest import serve_mail as serve_mail
from tests.requirements.test_following import follow, require

COMMAND = [sys.executable, "-c", "from innocap_lms.cli import main; main()", "worker"]
READERS = {f"{who}@example.org" for who in ("coach", "colleague", "other_coach")}
ServeMail = Callable[..., tuple[Post, int]]


class Trap(Post):
    """A mail server that takes two digests and holds the second: before it has said that it took
    it, or after that, when the sender says goodbye."""

    def __init__(self, when: str) -> None:
        super().__init__()
        self.when, self.caught, self.go_on = when, threading.Event(), threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.when == "before":
            self._hold()
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.when == "after":
            self._hold()
        return "221 Bye"

    def _hold(self) -> None:
        if len(self.received) == 2 and not self.go_on.is_set():
            self.caught.set()
            self.go_on.wait(60)


@pytest.fixture
def asked(app: Flask, house: House, course: object) -> None:
    """Three people are to get a digest, now."""
    with app.app_context():
        require(house, Rule("course", "first-steps", "own", today(), due=today()))
        follow()
        reminding.ask_for_digests()
        with writing():  # at night they would wait for office hours: these name no place
            for asked in db.session.scalars(select(OutboxMessage)):
                asked.run_at = clock.utcnow()
                asked.payload = {name: asked.payload[name] for name in ("person_id", "message_id")}


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_digest_is_lost_and_the_one_in_flight_comes_twice_at_most_under_one_message_id(
    asked: None,
    settings: Settings,
    environ: dict[str, str],
    serve_mail: ServeMail,
    make_app: Callable[..., Flask],
    when: str,
) -> None:
    trap = Trap(when)
    _post, port = serve_mail(post=trap)
    smtp = f"smtp://127.0.0.1:{port}"
    worker = subprocess.Popen(
        COMMAND, env=environ | {"INNOCAP_SMTP_URL": smtp}, stdout=subprocess.DEVNULL
    )
    assert trap.caught.wait(60), "the worker never came to the second digest"
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL
    trap.go_on.set()

    relay = make_app(using=replace(settings, smtp_url=smtp)).extensions["innocap_relay"]
    relay.run_due()
    with clock.at(clock.utcnow() + LEASE + timedelta(seconds=1)):
        relay.run_due()
        assert relay.run_due() == 0
    sent = Counter(
        (message["To"], message["Message-ID"])
        for message in (message_from_bytes(each.content) for each in trap.received)
    )
    assert {to for to, _message_id in sent} == READERS
    assert len(sent) == 3, "one Message-ID a person, however often it was sent"
    assert sorted(sent.values()) == [1, 1, 2]
