"""The job that sends a digest: what is due and late, in the reader's language, in plain text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.hr.pages import all_titled
from innocap_lms.jobs.mail import send
from innocap_lms.people.mail import site_address, site_name
from innocap_lms.people.notices import Facts, Words, letter, words_of
from innocap_lms.people.queries import Account, account_of
from innocap_lms.requirements.days import today
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.office_mail import waits
from innocap_lms.requirements.queries import Own, own_standings, rule_on
from innocap_lms.requirements.reminding import (
    DIGEST_JOB,
    LateOne,
    Overseer,
    is_anybody_late,
    is_due,
    is_of_another_week,
    late_under,
    number_late,
    overseeing,
)

MOST_NAMED: Final = 50  # who are late, in one mail; the page behind its link has all


class Said(NamedTuple):
    """A part of a digest: the subject it would have by itself, its paragraphs, and how many things
    it is about."""

    subject: str
    parts: list[str]
    number: int


def send_digest(payload: dict[str, Any]) -> None:
    """Outbox kind DIGEST_JOB; payload: person_id, message_id, week, zone, country. Nothing is sent
    where nothing is left to say."""
    account = account_of(payload["person_id"])
    if account is None or not account.email or not account.is_open:
        return
    if is_of_another_week(payload) or waits(DIGEST_JOB, payload):
        return
    with force_locale(account.language):
        own, overseers = _due(account), _told(account)
        said = [own_said(own, all_titled(account.language))] if own else []
        said += [_of_others(overseers, account.language)] if overseers else []
        if said:
            facts, words = _from_whom(account, own, overseers, said)
            subject, text = around(said, facts, words)
            send(account.email, subject, text, str(payload["message_id"]))


def around(said: Sequence[Said], facts: Facts, words: Words) -> tuple[str, str]:
    """Subject and text of a digest, with an organisation's words where it has any."""
    site = Words(said[0].subject, _("Hello %(name)s,", name=facts["name"]), site_name())
    return letter(words, facts, site, (part for one in said for part in one.parts))


def _from_whom(
    account: Account, own: Sequence[Own], overseers: Sequence[Overseer], said: Iterable[Said]
) -> tuple[Facts, Words]:
    """What the places of an organisation's words stand for, and those words: to the reader as who
    leads most. A digest about several organisations has the site's words."""
    number = sum(one.number for one in said)
    organisations = {one.organisation_id: one.organisation for one in own}
    organisations |= {one.organisation_id: one.organisation for one in overseers}
    if len(organisations) > 1:
        return {"name": account.name, "number": number}, Words()
    (organisation_id, organisation) = organisations.popitem()
    roles = {one.role for one in overseers}
    reader = next((role for role in ("hr", "manager") if role in roles), "learner")
    words = words_of(organisation_id, reader).get(account.language, Words())
    return {"name": account.name, "number": number, "organisation": organisation}, words


def _due(account: Account) -> list[Own]:
    day = today()
    return [own for own in own_standings(account.id, day) if is_due(own.state, own.deadline, day)]


def own_said(found: Sequence[Own], titles: Mapping[str, tuple[str, str]]) -> Said:
    """What somebody is reminded of; `titles` are (track, title) by id of course or programme."""
    lines = [
        _line(own, titles.get(own.rule.target_id, ("", own.rule.target_id))[1]) for own in found
    ]
    url = f"{site_address()}/me/requirements"
    where = _("Everything that is required of you, and why: %(url)s", url=url)
    return Said(_waiting(found), ["\n".join(lines), where], len(found))


def _waiting(found: Sequence[Own]) -> str:
    number, targets = len(found), {own.rule.target for own in found}
    if targets == {"course"}:
        return ngettext(
            "One course is waiting for you", "%(num)s courses are waiting for you", number
        )
    if targets == {"programme"}:
        return ngettext(
            "One programme is waiting for you", "%(num)s programmes are waiting for you", number
        )
    return _("%(number)s courses and programmes are waiting for you", number=number)


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


def _told(account: Account) -> list[Overseer]:
    """The roles by which there is somebody to tell of."""
    day = today()
    return [role for role in overseeing(account.id) if is_anybody_late(role, day)]


def _of_others(overseers: Sequence[Overseer], language: str) -> Said:
    """Who has been late for long under somebody, in all of their roles."""
    day = today()
    first = late_under(overseers, day, MOST_NAMED)
    titles = _titles({one.requirement_id for one in first}, language)
    return others_said(first, number_late(overseers, day), titles)


def others_said(first: Sequence[LateOne], number: int, titles: Mapping[str, str]) -> Said:
    """What somebody is told of `number` standings of others, of which the `first` are named;
    `titles` by id of the requirement."""
    subject = ngettext(
        "%(num)s standing has been late for a long time",
        "%(num)s standings have been late for a long time",
        number,
    )
    lines = [_late_line(one, titles) for one in first]
    if more := number - len(first):
        lines.append(ngettext("- and %(num)s more", "- and %(num)s more", more))
    url = f"{site_address()}/hr/matrix?state=late"
    where = _("Each of them has been reminded. Who stands how, and why: %(url)s", url=url)
    return Said(subject, [f"{subject}:", "\n".join(lines), where], number)


def _late_line(one: LateOne, titles: Mapping[str, str]) -> str:
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
