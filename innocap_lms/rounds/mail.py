"""Jobs: mail to the people of a round, in their language. What no longer holds is not sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.jobs.mail import send
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.mail import reachable, site_address, site_name
from innocap_lms.people.models import Organisation, Person
from innocap_lms.people.notices import Facts, Words, letter, words_of
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.office_hours import next_open
from innocap_lms.rounds.enrolments import Place
from innocap_lms.rounds.models import Round, RoundSession
from innocap_lms.rounds.own import Mine, mine
from innocap_lms.rounds.queries import RoundView, as_written_to
from innocap_lms.rounds.states import OPEN, SEATED
from innocap_lms.rounds.words import days_of, ground_words, named, session_line

ROUND_MAIL_JOB: Final = "round.mail"
HELP_MAIL_JOB: Final = "round.help_mail"


def tell(held: Round, place: Place, what: str, key: str) -> None:
    """Ask for a mail to one of its people: `what` is a key of _WRITTEN, `key` what it is about.

    It goes in office hours where they are, or at once where the round meets before. In a write
    transaction.
    """
    payload = {
        "round_id": held.id,
        "person_id": place.person_id,
        "what": what,
        "revision": held.revision,
        "message_id": new_id(),
    }
    at = _when(place.person_id, place.organisation_id, held.id)
    enqueue(ROUND_MAIL_JOB, f"round:{what}:{held.id}:{place.person_id}:{key}", payload, run_at=at)


def tell_leader(held: Round, help_id: str) -> None:
    """Ask for a mail to the leader: a member asks for help. In a write transaction."""
    payload = {"round_id": held.id, "person_id": held.leader_id, "message_id": new_id()}
    at = _when(held.leader_id, held.organiser_id, held.id)
    enqueue(HELP_MAIL_JOB, f"round.help:{help_id}", payload, run_at=at)


def _when(person_id: str, organisation_id: str, round_id: str) -> datetime:
    now = clock.utcnow()
    zone, country = db.session.execute(
        select(Person.timezone, Organisation.country)
        .join(Organisation, Organisation.id == organisation_id)
        .where(Person.id == person_id)
    ).one()
    at = next_open(now, ZoneInfo(zone) if zone else site_zone(), country)
    meets = db.session.scalar(
        select(RoundSession.starts_at)
        .where(RoundSession.round_id == round_id, RoundSession.starts_at > now)
        .order_by(RoundSession.starts_at)
        .limit(1)
    )
    return now if meets is not None and meets < at else at


def send_help(payload: dict[str, Any]) -> None:
    """Outbox kind HELP_MAIL_JOB; payload: round_id, person_id, message_id. No word of what was
    asked leaves the site."""
    account = reachable(payload["person_id"])
    found = as_written_to(payload["round_id"], payload["person_id"])
    if account is None or found is None:
        return
    with force_locale(account.language):
        title = named(found.course_id, account.language).title
        first = _("A member of your round of “%(title)s” asks you for help:", title=title)
        address = f"{site_address()}/rounds/{found.id}/desk"
        facts = {"name": account.name}
        mail = written(Words(), facts, _("A member asks for help"), [f"{first}\n{address}"])
        send(account.email or "", *mail, str(payload["message_id"]))


def send_told(payload: dict[str, Any]) -> None:
    """Outbox kind ROUND_MAIL_JOB; payload: round_id, person_id, what, revision, message_id."""
    account = reachable(payload["person_id"])
    found = as_written_to(payload["round_id"], payload["person_id"])
    if account is None or found is None:
        return
    own, waiting = mine(found.id, account.id)
    if not _still_holds(found, payload, waiting > 0):
        return
    with force_locale(account.language):
        title = named(found.course_id, account.language).title
        subject, first = _WRITTEN[payload["what"]](About(found, own, title))
        parts = [first]
        if payload["what"] not in ("cancelled", "released"):
            parts.append("\n".join((days_of(found), *map(session_line, found.sessions))))
            parts.append(_("More, and the dates for your calendar:"))
            parts[-1] += f"\n{site_address()}/rounds/{found.id}"
        words, organisation = Words(), own.organisation if own else ""
        if own is not None:
            kept = words_of(own.organisation_id, "round")
            words = kept.get(account.language, words)
        facts = {"name": account.name, "course": title, "organisation": organisation}
        mail = written(words, facts, subject, parts)
        send(account.email or "", *mail, str(payload["message_id"]))


def example(words: Words, name: str, title: str, organisation: str) -> tuple[str, str]:
    """Subject and text of a mail to somebody made up, who is asked to take part."""
    first = _("HR asks you to take part in a round of “%(title)s”.", title=title)
    more = _("More, and the dates for your calendar:") + f"\n{site_address()}/rounds/…"
    facts = {"name": name, "course": title, "organisation": organisation}
    subject = _("Will you take part? %(title)s", title=title)
    return written(words, facts, subject, [first, more])


def written(words: Words, facts: Facts, subject: str, parts: list[str]) -> tuple[str, str]:
    """Subject and text of a mail, with an organisation's words around its parts."""
    site = Words(subject, _("Hello %(name)s,", name=facts["name"]), site_name())
    return letter(words, facts, site, parts)


def _still_holds(found: RoundView, payload: dict[str, Any], waits: bool) -> bool:
    """Whether what was to be told is still so when the mail goes."""
    what = payload["what"]
    if what == "cancelled":
        return found.cancelled_at is not None
    if found.cancelled_at is not None:
        return False
    if what == "changed":
        newest = found.revision == payload["revision"]  # else a newer mail is on its way
        return newest and (waits or found.state in OPEN)
    wanted = {"invited": ("invited",), "released": ("cancelled",)}.get(what, SEATED)
    return found.state in wanted


class About(NamedTuple):
    """What a mail is about: the round, its reader's own place, and the title of the course."""

    round: RoundView
    own: Mine | None
    title: str


Told = tuple[str, str]  # the subject, and the first paragraph


def _invited(about: About) -> Told:
    own, title = about.own, about.title
    by = own.answer_by if own and own.answer_by else about.round.enrol_by
    asks = {
        "manager": _("Your manager asks you to take part in a round of “%(title)s”.", title=title),
        "hr": _("HR asks you to take part in a round of “%(title)s”.", title=title),
    }
    first = asks["manager" if own and own.ground == "manager" else "hr"]
    when = _("Answer by %(day)s.", day=format_date(by, "full"))
    return _("Will you take part? %(title)s", title=title), f"{first} {when}"


def _required(about: About) -> Told:
    own, title = about.own, about.title
    first = _("You are enrolled in a round of “%(title)s”.", title=title)
    ground = ground_words(own.ground, own.organisation, own.provision) if own else ""
    return _("You are to take part: %(title)s", title=title), f"{first} {ground}".strip()


def _seat(about: About) -> Told:
    first = _(
        "A seat has become free: you are enrolled in the round of “%(title)s” for which you "
        "waited. If you cannot take part, withdraw, so that somebody else can.",
        title=about.title,
    )
    return _("You have a seat: %(title)s", title=about.title), first


def _changed(about: About) -> Told:
    title = about.title
    first = _("The dates or places of the round of “%(title)s” have changed. Now:", title=title)
    return _("Changed dates: %(title)s", title=title), first


def _cancelled(about: About) -> Told:
    title, days = about.title, days_of(about.round)
    first = _("The round of “%(title)s” is cancelled (%(days)s).", title=title, days=days)
    why = f" {about.round.cancelled_because}" if about.round.cancelled_because else ""
    then = _("Other rounds, and the course itself: %(url)s", url=f"{site_address()}/rounds")
    return _("Cancelled: %(title)s", title=title), f"{first}{why}\n\n{then}"


def _released(about: About) -> Told:
    title, days = about.title, days_of(about.round)
    first = _(
        "You are no longer enrolled in, or asked to take part in, the round of “%(title)s” "
        "(%(days)s): it was ended for you. Ask HR or your manager if this surprises you.",
        title=title,
        days=days,
    )
    return _("Not in the round any more: %(title)s", title=title), first


_WRITTEN: Final[dict[str, Callable[[About], Told]]] = {
    "invited": _invited,
    "required": _required,
    "seat": _seat,
    "changed": _changed,
    "cancelled": _cancelled,
    "released": _released,
}
