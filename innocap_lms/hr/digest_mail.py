"""The job that sends a digest: what is due and late, in the reader's language, in plain text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.hr.notices import Facts, Words, filled, words_of
from innocap_lms.hr.pages import all_titled
from innocap_lms.jobs.mail import send
from innocap_lms.people.mail import site_address, site_name
from innocap_lms.people.queries import Account, account_of
from innocap_lms.requirements.days import today
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.queries import Own, own_standings, rule_on
from innocap_lms.requirements.reminding import LateOne, is_due, late_under, overseeing


class Said(NamedTuple):
    """A part of a digest: the subject it would have by itself, and its paragraphs."""

    subject: str
    parts: list[str]


def send_digest(payload: dict[str, Any]) -> None:
    """Outbox kind DIGEST_JOB; payload: person_id, message_id. Nothing is sent where nothing is left
    to say."""
    account = account_of(payload["person_id"])
    if account is None or not account.email or not account.is_open:
        return
    with force_locale(account.language):
        own, others = _due(account), _of_others(account)
        said = [own_said(own, all_titled(account.language))] if own else []
        said += [others] if others else []
        if not said:
            return
        facts, words = Facts(account.name, len(own), ""), Words()
        if len(organisations := {one.organisation_id for one in own}) == 1 and not others:
            facts = facts._replace(organisation=own[0].organisation)
            words = words_of(organisations.pop()).get(account.language, words)
        subject, text = around(said, facts, words)
        send(account.email, subject, text, str(payload["message_id"]))


def around(said: Sequence[Said], facts: Facts, words: Words) -> tuple[str, str]:
    """Subject and text of a digest, with an organisation's words where it has any."""
    opening = filled(words.opening, facts) or _("Hello %(name)s,", name=facts.name)
    closing = filled(words.closing, facts) or site_name()
    parts = [part for one in said for part in one.parts]
    subject = filled(words.subject, facts) or said[0].subject
    return " ".join(subject.split()), "\n\n".join((opening, *parts, closing)) + "\n"


def _due(account: Account) -> list[Own]:
    day = today()
    return [own for own in own_standings(account.id, day) if is_due(own.state, own.deadline, day)]


def own_said(found: Sequence[Own], titles: Mapping[str, tuple[str, str]]) -> Said:
    """What somebody is reminded of; `titles` are (track, title) by course id."""
    lines = [
        _line(own, titles.get(own.rule.target_id, ("", own.rule.target_id))[1]) for own in found
    ]
    subject = ngettext(
        "One course is waiting for you", "%(num)s courses are waiting for you", len(found)
    )
    url = f"{site_address()}/me/requirements"
    where = _("Everything that is required of you, and why: %(url)s", url=url)
    return Said(subject, ["\n".join(lines), where])


def _line(own: Own, title: str) -> str:
    day = format_date(own.deadline, "long") if own.deadline else ""
    words = {
        "due_soon": _("%(title)s: due on %(day)s", title=title, day=day),
        "in_progress": _("%(title)s: due on %(day)s", title=title, day=day),
        "overdue": _("%(title)s: was due on %(day)s", title=title, day=day),
        "renewal_open": _(
            "%(title)s: valid until %(day)s, can be renewed now", title=title, day=day
        ),
        "expired": _("%(title)s: was valid until %(day)s", title=title, day=day),
    }
    return f"- {words[own.state]} ({own.organisation})"


def _of_others(account: Account) -> Said | None:
    """Who has been late for long under this person, in all of their roles."""
    found = [one for role in overseeing(account.id) for one in late_under(role, today())]
    late = list(dict.fromkeys(found))
    if not late:
        return None
    titles = _titles({one.requirement_id for one in late}, account.language)
    subject = ngettext(
        "%(num)s standing has been late for a long time",
        "%(num)s standings have been late for a long time",
        len(late),
    )
    url = f"{site_address()}/hr/matrix?state=late"
    where = _("Each of them has been reminded. Who stands how, and why: %(url)s", url=url)
    return Said(subject, [f"{subject}:", "\n".join(_late_line(one, titles) for one in late), where])


def _late_line(one: LateOne, titles: dict[str, str]) -> str:
    name = one.name or _("Protected identity")
    title = titles.get(one.requirement_id, one.requirement_id)
    return "- " + _(
        "%(name)s, %(title)s: since %(day)s",
        name=name,
        title=title,
        day=format_date(one.deadline, "long"),
    )


def _titles(ids: Iterable[str], language: str) -> dict[str, str]:
    table, known = RequirementRow.__table__.c, all_titled(language)
    rows = db.session.execute(select(table.id, table.rules).where(table.id.in_(sorted(ids))))
    targets = {row.id: rule_on(row.rules, today()).target_id for row in rows}
    return {key: known.get(target, ("", target))[1] for key, target in targets.items()}
