"""Sending mail, to real servers."""

import smtplib
import ssl
import stat
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from innocap_lms.config import Settings
from innocap_lms.extensions import writing
from innocap_lms.jobs.mail import send
from innocap_lms.people import services as people
from tests.jobs.conftest import Post

SendBy = Callable[..., None]
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.fixture
def send_by(make_app: Callable[..., Flask], settings: Settings) -> SendBy:
    """Sends a message from a site that uses that mail server."""

    def by(smtp_url: str, *message: str, **changed: Any) -> None:
        app = make_app(using=replace(settings, smtp_url=smtp_url, **changed))
        with app.app_context():
            send(*(message or ("maja@example.org", "Hello", "Text.\n", "greeting-1")))

    return by


@pytest.fixture
def certificate(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for localhost, and its maker trusted in this test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def read(post: Post) -> EmailMessage:
    (envelope,) = post.received
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_arrives_whole(serve_mail: Any, send_by: SendBy):
    post, port = serve_mail()
    send_by(
        f"smtp://127.0.0.1:{port}",
        "asa@example.org",
        "Välkommen, Máret Ánne – läs här",
        "Hej Åsa!\n\nSnö.\n",
        "m-1",
        mail_from="Nordvik <larande@example.org>",
        public_url="https://lms.example.org",
    )
    message = read(post)
    assert message["Subject"] == "Välkommen, Máret Ánne – läs här"
    assert message["To"] == "asa@example.org"
    assert message["From"] == "Nordvik <larande@example.org>"
    assert message["Message-ID"] == "<m-1@lms.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content().replace("\r\n", "\n") == "Hej Åsa!\n\nSnö.\n"


def test_a_second_try_has_the_same_message_id(serve_mail: Any, send_by: SendBy):
    post, port = serve_mail()
    for _try in range(2):
        send_by(f"smtp://127.0.0.1:{port}")
    first, second = (message_from_bytes(one.content)["Message-ID"] for one in post.received)
    assert first == second


def test_a_refused_address_raises_so_that_the_outbox_keeps_the_reason(
    serve_mail: Any, make_app: Callable[..., Flask], settings: Settings
):
    post, port = serve_mail()
    post.refused.add("gone@example.org")
    app = make_app(using=replace(settings, smtp_url=f"smtp://127.0.0.1:{port}"))
    with app.app_context():
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send("gone@example.org", "Hello", "Text.", "m-1")
        with writing():
            people.invite_person(
                name="Gone",
                email="gone@example.org",
                role="admin",
                language="sv",
            )
    relay = app.extensions["innocap_relay"]
    assert relay.run_due() == 0
    assert relay.failed == 1
    assert not post.received


@pytest.mark.parametrize("field", ["to", "subject", "message_id"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_line_break_cannot_write_a_header(
    send_by: SendBy, serve_mail: Any, field: str, line_break: str
):
    post, port = serve_mail()
    parts = {"to": "maja@example.org", "subject": "Hello", "text": "x", "message_id": "m-1"}
    parts[field] += f"{line_break}Bcc: all@example.org"
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        send_by(f"smtp://127.0.0.1:{port}", *parts.values())
    assert not post.received


def test_where_a_server_offers_encryption_it_is_used_and_checked(
    serve_mail: Any, send_by: SendBy, certificate: ssl.SSLContext
):
    post, port = serve_mail(tls_context=certificate, require_starttls=True)
    send_by(f"smtp://127.0.0.1:{port}")
    assert len(post.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    serve_mail: Any, send_by: SendBy, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
):
    post, port = serve_mail(tls_context=certificate)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ssl.SSLCertVerificationError):
        send_by(f"smtp://127.0.0.1:{port}")
    assert not post.received


def test_without_an_offer_of_encryption_mail_goes_but_no_password(serve_mail: Any, send_by: SendBy):
    post, port = serve_mail()
    with pytest.raises(smtplib.SMTPNotSupportedError, match="not sent where all can read it"):
        send_by(f"smtp://site:word@127.0.0.1:{port}")
    assert not post.received
    send_by(f"smtp://127.0.0.1:{port}")
    assert len(post.received) == 1


def test_the_site_signs_in_where_it_is_asked(
    serve_mail: Any, send_by: SendBy, certificate: ssl.SSLContext
):
    post, port = serve_mail(tls_context=certificate, asks_password=True)
    send_by(f"smtp://site%40example.org:{quote('right word')}@127.0.0.1:{port}")
    assert post.logins == [(b"site@example.org", b"right word")]
    assert len(post.received) == 1
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send_by(f"smtp://site:wrong@127.0.0.1:{port}")


def test_encryption_from_the_first_byte(
    serve_mail: Any, send_by: SendBy, certificate: ssl.SSLContext
):
    post, port = serve_mail(ssl_context=certificate)
    send_by(f"smtps://127.0.0.1:{port}")
    assert len(post.received) == 1


def test_a_server_that_is_not_there_raises(send_by: SendBy):
    with pytest.raises(OSError):
        send_by("smtp://127.0.0.1:9")


def test_without_a_server_mail_lies_in_a_folder_for_its_owner(send_by: SendBy, settings: Settings):
    send_by("")
    send_by("")
    (file,) = (settings.data_dir / "mail").iterdir()
    assert "Hello" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
