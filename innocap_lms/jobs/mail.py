"""Sending one message: by SMTP where a server is named, else into a folder that can be read."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from innocap_lms import clock
from innocap_lms.config import Settings

TIMEOUT_SECONDS = 20


def send(to: str, subject: str, text: str, message_id: str) -> None:
    """Send a plain-text message. `message_id` is equal for each try, so that a double is seen.

    Raises OSError or smtplib.SMTPException when the server cannot be reached or refuses, and
    ValueError when a line break in an address or subject would write a header of its own.
    """
    settings: Settings = current_app.extensions["innocap_settings"]
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.utcnow())
    message["Message-ID"] = f"<{message_id}@{urlsplit(settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers this
    message.set_content(text)
    if settings.smtp_url:
        _by_smtp(settings.smtp_url, message)
    else:
        _into(settings.data_dir / "mail", f"{message_id}.eml", message)


def _into(folder: Path, name: str, message: EmailMessage) -> None:
    """Keep it as a file; it may hold a way in, so its owner alone may read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(message.as_bytes())


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo_or_helo_if_needed()  # before it, no server seems to offer anything
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            encrypted = True
        if parts.username:
            if not encrypted:
                raise smtplib.SMTPNotSupportedError(
                    f"{host} offers no STARTTLS: the password is not sent where all can read it"
                )
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
