"""Sending one message: by SMTP where a server is named, else into a folder that can be read."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from flask import current_app

from innocap_lms import clock
from innocap_lms.config import Settings

TIMEOUT_SECONDS = 20


def send(to: str, subject: str, text: str, message_id: str) -> None:
    """Send a plain-text message. `message_id` is equal for each try, so that a double is seen.

    Raises OSError or smtplib.SMTPException when the server cannot be reached or refuses.
    """
    settings: Settings = current_app.extensions["innocap_settings"]
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.utcnow())
    message["Message-ID"] = f"<{message_id}@{urlsplit(settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if settings.smtp_url:
        _by_smtp(settings.smtp_url, message)
    else:
        folder = settings.data_dir / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{message_id}.eml").write_bytes(message.as_bytes())


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
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
