"""What HR does about requirements: each an event of the ledger, from which standings follow.

In a write transaction. Nothing is overwritten: a rule has versions, a pause or an exemption is
ended by an event of its own, and what was wrong is corrected or revoked by another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.ledger.services import record
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.rules import GROUNDS, Rule, as_json

LONGEST_REASON: Final = 1000  # characters
LONGEST_TAG: Final = 60
MOST_TAGS: Final = 20
LONGEST_DAYS: Final = 3650
EARLIEST: Final = date(1990, 1, 1)  # a year beyond these is a slip of the pen
LATEST: Final = date(2199, 12, 31)
LONGEST_MONTHS: Final = 240


def set_requirement(
    organisation_id: str, rule: Rule, actor_id: str, requirement_id: str | None = None
) -> str:
    """A new version of a requirement, or a new requirement where none has that id; returns its id.
    Raises InvalidInputError, and LookupError where the id is of another organisation.

    A version without any change makes none.
    """
    check(rule)
    now, said, name = clock.utcnow(), as_json(rule), requirement_id or new_id()
    blank: dict[str, Any] = {"version": 0, "rule": {}, "rules": [], "set_at": now}
    insert_once(RequirementRow, ("id",), id=name, organisation_id=organisation_id, **blank)
    row = db.session.scalars(
        select(RequirementRow)
        .where(RequirementRow.id == name, RequirementRow.organisation_id == organisation_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise LookupError(name)
    if row.rule == said:
        return row.id
    row.version, row.rule, row.set_at, row.set_by = row.version + 1, said, now, actor_id
    row.rules = [each for each in row.rules if each["starts"] < said["starts"]] + [said]
    db.session.flush()
    record(
        "requirement.set",
        person_id=None,
        actor_id=actor_id,
        organisation_id=organisation_id,
        happened_at=now,
        content={"requirement": row.id, "version": row.version, "rule": said},
    )
    return row.id


def check(rule: Rule) -> None:
    """Raises InvalidInputError, by the names of the rule's fields."""
    problems: dict[str, str] = {}
    if not rule.target_id:
        problems["target"] = _("Choose what is required.")
    if rule.ground not in GROUNDS:
        problems["ground"] = _("Choose the ground.")
    if rule.ground == "law" and not rule.provision.strip():
        problems["provision"] = _("Name the law and the section that require it.")
    if rule.due and rule.due_days is not None:
        problems["due"] = _("Choose a day or a number of days, not both.")
    if rule.due and rule.due < rule.starts:
        problems["due"] = _("The due day is before the day from which it is required.")
    if rule.ends and rule.ends <= rule.starts:
        problems["ends"] = _("The last day is before the first.")
    _check_numbers(rule, problems)
    early, late = rule.audience.started_from, rule.audience.started_until
    if early and late and late < early:
        problems["started_until"] = _("The last day is before the first.")
    for name, day in (
        *((name, getattr(rule, name)) for name in ("starts", "ends", "due")),
        ("started_from", early),
        ("started_until", late),
    ):
        if day is not None and not EARLIEST <= day <= LATEST:
            problems[name] = _strange()
    if problems:
        raise InvalidInputError(problems)


def _strange() -> str:
    return _("Write a day from %(first)s to %(last)s.", first=EARLIEST, last=LATEST)


def _check_numbers(rule: Rule, problems: dict[str, str]) -> None:
    for name, most in (
        ("due_days", LONGEST_DAYS),
        ("soon_days", LONGEST_DAYS),
        ("renewal_opens_days", LONGEST_DAYS),
        ("validity_months", LONGEST_MONTHS),
    ):
        number = getattr(rule, name)
        least = 1 if name == "validity_months" else 0
        if number is not None and not least <= number <= most:
            problems[name] = _("Write a number from %(least)s to %(most)s.", least=least, most=most)


@dataclass(frozen=True)
class About:
    """Whom an event concerns, in which organisation, and who says so."""

    person_id: str
    organisation_id: str
    actor_id: str

    def say(self, kind: str, at: datetime, content: dict[str, Any]) -> str:
        """Write it into the ledger; returns the event's id."""
        return record(
            kind,
            person_id=self.person_id,
            actor_id=self.actor_id,
            organisation_id=self.organisation_id,
            happened_at=at,
            content=content,
        )


def pause(about: About, at: datetime, until: date | None, reason: str) -> str:
    """Ask nothing of somebody from a moment on, until the end of a day or until `resume`.

    Returns the pause's id. Raises InvalidInputError.
    """
    check_days(at, until)
    name = new_id()
    content = {"pause": name, "until": _day(until), "reason": reason_of(reason)}
    about.say("paused", at, content)
    return name


def resume(about: About, pause_id: str, at: datetime) -> None:
    """End a pause."""
    about.say("pause.ended", at, {"pause": pause_id})


def exempt(about: About, requirement_id: str, at: datetime, until: date | None, reason: str) -> str:
    """Except somebody from a requirement; returns the exemption's id. Raises InvalidInputError."""
    check_days(at, until)
    name = new_id()
    about.say(
        "exempted",
        at,
        {
            "exemption": name,
            "requirement": requirement_id,
            "until": _day(until),
            "reason": reason_of(reason),
        },
    )
    return name


def end_exemption(about: About, exemption_id: str, requirement_id: str, at: datetime) -> None:
    """End an exemption."""
    about.say("exemption.ended", at, {"exemption": exemption_id, "requirement": requirement_id})


def set_tags(about: About, held: Mapping[str, Iterable[str]], wanted: Iterable[str]) -> None:
    """Give and take tags, so that somebody holds those of `wanted`. `held` are all ids of those
    held now, by tag. Raises InvalidInputError."""
    tags = sorted({tag.strip() for tag in wanted} - {""})
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        words = _("At most %(most)s tags of %(long)s characters.", most=MOST_TAGS, long=LONGEST_TAG)
        raise InvalidInputError({"tags": words})
    now = clock.utcnow()
    for tag in tags:
        if tag not in held:
            _tag(about, "tag.given", new_id(), tag, valid_from=now, valid_until=None)
    for tag, tag_ids in held.items():
        for tag_id in tag_ids if tag not in tags else ():
            _tag(about, "tag.ended", tag_id, tag, valid_from=now, valid_until=now)


def _tag(about: About, kind: str, tag_id: str, tag: str, **days: datetime | None) -> None:
    said = {name: moment.isoformat() if moment else None for name, moment in days.items()}
    about.say(kind, clock.utcnow(), {"tag_id": tag_id, "tag": tag, **said})


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises InvalidInputError without one, and for one too long."""
    text = text.strip()
    if not text:
        raise InvalidInputError({"reason": _("Write the reason.")})
    if len(text) > LONGEST_REASON:
        words = _("Write at most %(most)s characters.", most=LONGEST_REASON)
        raise InvalidInputError({"reason": words})
    return text


def check_days(at: datetime, until: date | None) -> None:
    """Raises InvalidInputError for days out of bounds, and a last one before the first, which is
    that of `at` where the site is."""
    first = at.astimezone(site_zone()).date()
    for name, day in (("first", first), ("until", until)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise InvalidInputError({name: _strange()})
    if until is not None and until < first:
        raise InvalidInputError({"until": _("The last day is before the first.")})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
