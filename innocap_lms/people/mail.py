"""Jobs: the mail that brings an invitation or a reset link, in the person's language.

The secret is made here, when the mail is sent, so that none ever lies in the outbox. A second try
makes a second link; using one spends both.
"""

from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms.config import Settings
from innocap_lms.extensions import writing
from innocap_lms.jobs.mail import send
from innocap_lms.people import passes
from innocap_lms.people.notices import Words, dressed, words_to
from innocap_lms.people.queries import Account, account_of

INVITATION_JOB = "people.invitation_mail"
RESET_JOB = "people.reset_mail"


def send_invitation(payload: dict[str, Any]) -> None:
    """Outbox kind INVITATION_JOB; payload: person_id, message_id."""
    if (account := _addressee(payload)) is None:
        return
    with force_locale(account.language):
        words, organisation = words_to(account.id, "invitation", account.language)
        facts = {"name": account.name, "organisation": organisation}
        said = dressed(words, facts, invitation_words(account.name))
        _send_link(account, passes.INVITATION, said, str(payload["message_id"]))


def send_reset(payload: dict[str, Any]) -> None:
    """Outbox kind RESET_JOB; payload: person_id (None: nobody has that account)."""
    if (account := _addressee(payload)) is None:
        return
    with force_locale(account.language):
        subject = _("Choose a new password for %(site)s", site=site_name())
        said = Words(subject, _("Hello %(name)s,", name=account.name))
        _send_link(account, passes.RESET, said, str(payload["message_id"]))


def example_invitation(words: Words, name: str, organisation: str) -> tuple[str, str]:
    """Subject and text of an invitation to somebody made up, in the language now; its link leads
    nowhere."""
    facts = {"name": name, "organisation": organisation}
    said = dressed(words, facts, invitation_words(name))
    link = f"{site_address()}/invitations/…"
    return said.subject, text_of(passes.INVITATION, said, "name@example.org", link)


def invitation_words(name: str) -> Words:
    """What the site says around an invitation, in the language now."""
    subject = _("Your invitation to %(site)s", site=site_name())
    account = _(
        "You have an account at %(site)s, where you take courses and keep your certificates.",
        site=site_name(),
    )
    return Words(subject, f"{_('Hello %(name)s,', name=name)}\n\n{account}")


def link_address(purpose: str, secret: str) -> str:
    """The full address of a single-use link."""
    endpoint = {passes.INVITATION: "people.invite", passes.RESET: "people.reset"}[purpose]
    path = current_app.url_map.bind("localhost").build(endpoint, {"secret": secret})
    return site_address() + path


def site_address() -> str:
    """The address people use, without a slash at its end."""
    return _settings().public_url.rstrip("/")


def site_name() -> str:
    """What the site is called."""
    return _settings().site_name


def _settings() -> Settings:
    settings: Settings = current_app.extensions["innocap_settings"]
    return settings


def reachable(person_id: str) -> Account | None:
    """The account of a person to whom mail can be sent; None without an address, and where it
    is closed."""
    account = account_of(person_id)
    can_be = account is not None and account.email and account.is_open
    return account if can_be else None


def _addressee(payload: dict[str, Any]) -> Account | None:
    return reachable(payload["person_id"]) if payload["person_id"] else None


def _send_link(account: Account, purpose: str, said: Words, message_id: str) -> None:
    with writing():
        secret = passes.make_link(account.id, purpose)
    text = text_of(purpose, said, account.email or "", link_address(purpose, secret))
    send(account.email or "", said.subject, text, message_id)


def text_of(purpose: str, said: Words, email: str, link: str) -> str:
    """A mail with a link, in the language now, with what is said around it."""
    return current_app.jinja_env.get_template(f"people/mail/{purpose}.txt").render(
        _=_,  # plain: a template's own escapes for HTML
        said=said,
        email=email,
        link=link,
        address=site_address(),
        site=site_name(),
        contact=_settings().contact,
    )
