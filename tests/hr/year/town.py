"""What happens in the year, each by the service that its page calls, at the moment it happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.hr.tags import set_tags
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of
from innocap_lms.recognition import corrections, external
from innocap_lms.recognition.queries import Entry, entries
from innocap_lms.requirements import noting, services
from innocap_lms.requirements.days import start_of
from innocap_lms.requirements.models import RequirementRow
from innocap_lms.requirements.noting import Done, moment_of
from innocap_lms.requirements.rules import Audience, Rule, rule_of
from innocap_lms.requirements.services import About
from tests.conftest import take_first_steps
from tests.programmes import add_course, add_programme, publish

STOCKHOLM = ZoneInfo("Europe/Stockholm")
COURSES = ("safety", "older-safety", "lifting", "leading", "welcome")  # each counts 24 months
WAY = "steps: [first-steps, {choose: 1, of: [lifting, leading]}]"
WALKER = "walker"


@dataclass
class Town:
    """The site of the year. `ids` are those of organisations, units, people, requirements and
    notes, by the names that the story gives them."""

    app: Flask
    browser_of: Callable[[str], FlaskClient]
    ids: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)  # the organisation of a unit or person

    def about(self, who: str, organisation: str = "") -> About:
        where = organisation or self.homes[who]
        return About(self.ids[who], self.ids[where], self.ids[f"HR of {where}"])

    def browser(self, who: str) -> FlaskClient:
        return self.browser_of(self.ids[who])


def publish_courses(app: Flask, place: Path) -> None:
    """The courses of the year and the programme `walker`: first steps, and lifting or leading."""
    for course_id in COURSES:
        add_course(app, place, course_id)
    add_programme(app, place, WALKER, WAY)
    reports = publish(app)
    assert all(report.published for report in reports.values()), reports


# Organisations, units and who belongs to them.


def is_founded(town: Town, organisation: str) -> None:
    with writing():
        town.ids[organisation] = people.create_organisation(organisation)
    town.homes[organisation] = organisation
    _invite(town, f"HR of {organisation}", "hr", organisation, None)


def gets_unit(town: Town, above: str, unit: str) -> None:
    organisation = town.homes[above]
    parent = None if above == organisation else town.ids[above]
    with writing():
        town.ids[unit] = people.create_unit(town.ids[organisation], unit, parent)
    town.homes[unit] = organisation


def joins(town: Town, who: str, unit: str) -> None:
    _invite(town, who, "learner", town.homes[unit], unit)


def _invite(town: Town, who: str, role: str, organisation: str, unit: str | None) -> None:
    with writing():
        town.ids[who] = people.invite_person(
            name=who,
            email=f"{who.lower().replace(' ', '.')}@example.org",
            role=role,
            language="en",
            organisation_id=town.ids[organisation],
            unit_id=town.ids[unit] if unit else None,
            send_mail=False,
        )
    town.homes.setdefault(who, organisation)


def works_also_in(town: Town, who: str, unit: str, role: str = "learner") -> None:
    with writing():
        people.add_membership(town.ids[who], role, town.ids[town.homes[unit]], town.ids[unit])


def leads(town: Town, who: str, unit: str) -> None:
    works_also_in(town, who, unit, "manager")


def moves(town: Town, who: str, unit: str, since: str) -> None:
    with writing():
        people.move_person(town.ids[who], town.ids[town.homes[unit]], town.ids[unit], _start(since))


def leaves(town: Town, who: str, last: str) -> None:
    """Leaves the organisation in which they began; `last` is the last day of work."""
    end = start_of(date.fromisoformat(last) + timedelta(days=1))
    with writing():
        organisation = town.ids[town.homes[who]]
        people.end_person(town.ids[who], organisation, end, lambda _role, _where: True)


def is_renamed(town: Town, unit: str, name: str) -> None:
    with writing():
        people.rename_unit(town.ids[unit], name)


def is_moved_below(town: Town, unit: str, above: str | None) -> None:
    with writing():
        people.move_unit(town.ids[unit], town.ids[above] if above else None)


def is_tagged(town: Town, who: str, tag: str) -> None:
    with writing():
        set_tags(town.about(who), [tag])


# What is required.


def requires(
    town: Town,
    organisation: str,
    target: str,
    starts: str,
    *,
    units: Sequence[str] = (),
    roles: Sequence[str] = ("learner",),
    tags: Sequence[str] = (),
    started_from: str = "",
    due: str = "",
    **terms: Any,
) -> None:
    """A requirement, or a new version of it. `terms` are further fields of Rule."""
    audience = Audience(
        tuple(town.ids[unit] for unit in units),
        tuple(roles),
        tuple(tags),
        date.fromisoformat(started_from) if started_from else None,
    )
    rule = Rule(
        "programme" if target == WALKER else "course",
        target,
        ground="law",
        provision="2025:1506",
        starts=date.fromisoformat(starts),
        due=date.fromisoformat(due) if due else None,
        audience=audience,
        **terms,
    )
    name = f"{organisation} {target}"
    hr = town.ids[f"HR of {organisation}"]
    with writing():
        town.ids[name] = services.set_requirement(
            town.ids[organisation], rule, hr, town.ids.get(name)
        )


def requires_no_longer(town: Town, organisation: str, target: str, last: str) -> None:
    name = town.ids[f"{organisation} {target}"]
    rule = rule_of(db.session.get_one(RequirementRow, name).rule)
    ends = date.fromisoformat(last) + timedelta(days=1)
    with writing():
        services.set_requirement(
            town.ids[organisation],
            replace(rule, ends=ends),
            town.ids[f"HR of {organisation}"],
            name,
        )


# What people do.


def begins(town: Town, who: str, course: str) -> None:
    assert town.browser(who).post(f"/courses/{course}/start").status_code == 303


def takes(town: Town, who: str, course: str) -> None:
    """Begins the course, or goes on with it, and completes it."""
    take_first_steps(town.browser(who), course=course)


def takes_again(town: Town, who: str, course: str) -> None:
    take_first_steps(town.browser(who), "renew", course)


def joins_programme(town: Town, who: str, programme: str) -> None:
    assert town.browser(who).post(f"/programmes/{programme}/start").status_code == 303


def sends_in(town: Town, who: str, title: str, day: str) -> None:
    told = external.Told(title, "The fire brigade", date.fromisoformat(day), 3.0)
    with writing():
        external.send(viewer_of(town.ids[who]), told, None, None)


# What HR notes.


def has_approved(town: Town, who: str, towards: str) -> None:
    """What a person has sent in is approved, and counts towards a requirement."""
    organisation = town.homes[who]
    training = external.own(town.ids[who])[0]
    hr = viewer_of(town.ids[f"HR of {organisation}"])
    with writing():
        external.approve(hr, training, "As good as ours", [town.ids[f"{organisation} {towards}"]])


def is_noted(town: Town, who: str, course: str, day: str, by: str = "") -> None:
    """HR, of the person's organisation or another one, notes a completion of that day."""
    found = offering(course)
    assert found is not None
    done = Done(moment_of(date.fromisoformat(day)), "On the list of the course", "List 7")
    with writing():
        noting.complete(town.about(who, by), found, done)


def is_credited(town: Town, who: str, towards: str, day: str) -> None:
    requirement = town.ids[f"{town.homes[who]} {towards}"]
    moment = moment_of(date.fromisoformat(day))
    with writing():
        noting.credit(town.about(who), requirement, moment, "Learnt elsewhere", "Diploma")


def is_corrected(town: Town, who: str, course: str, instead: str) -> None:
    day, settings = date.fromisoformat(instead), town.app.extensions["innocap_settings"]
    entry = _newest(town, who, course)
    with writing():
        corrections.correct_day(town.about(who), entry, day, "It was another day", settings)


def is_withdrawn(town: Town, who: str, course: str) -> None:
    settings = town.app.extensions["innocap_settings"]
    entry = _newest(town, who, course)
    with writing():
        corrections.withdraw(town.about(who), entry, "It was somebody else", settings)


def _newest(town: Town, who: str, course: str) -> Entry:
    """The newest completion of a course by a person."""
    return next(each for each in entries(town.ids[who]) if each.subject == {"course": course})


def is_paused(town: Town, who: str, first: str, until: str = "") -> None:
    last = date.fromisoformat(until) if until else None
    with writing():
        town.ids[f"pause of {who}"] = services.pause(town.about(who), _start(first), last, "Leave")


def is_back(town: Town, who: str) -> None:
    with writing():
        services.resume(town.about(who), town.ids[f"pause of {who}"], clock.utcnow())


def is_exempt(town: Town, who: str, towards: str, until: str) -> None:
    requirement = town.ids[f"{town.homes[who]} {towards}"]
    last = date.fromisoformat(until)
    with writing():
        services.exempt(town.about(who), requirement, clock.utcnow(), last, "A bad back")


def _start(day: str) -> datetime:
    return start_of(date.fromisoformat(day))
