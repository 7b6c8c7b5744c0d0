"""What is required of whoever is signed in: a line each at home, all reasons on its own page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from innocap_lms.catalogue.cards import url_of
from innocap_lms.catalogue.queries import offering
from innocap_lms.content.model import Course
from innocap_lms.people.feeds import has_feed
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.asking_why import why
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.queries import Own, own_standings
from innocap_lms.requirements.reminding import AFTER, is_due
from innocap_lms.requirements.words import because


@dataclass(frozen=True)
class RequiredRow:
    """A requirement in a line: what, how one stands, by when, and who asks."""

    course_id: str
    title: str
    url: str
    state: State
    said: str


def calling(owned: Iterable[Own], known: Mapping[str, Course], language: str) -> list[RequiredRow]:
    """Those that ask for something now. `known` holds courses by id; others cost a statement
    each."""
    return [
        row_of(own, known.get(own.rule.target_id), language)
        for own in owned
        if is_due(own.state, own.deadline, today())
    ]


def row_of(own: Own, course: Course | None, language: str) -> RequiredRow:
    """The line of a requirement; where `course` is not at hand it costs a statement."""
    rule = own.rule
    if course is None and (found := offering(rule.target_id, rule.target)):
        course = found.edition.course
    return RequiredRow(
        rule.target_id,
        course.texts[course.language(language)].title if course else rule.target_id,
        url_of(rule.target, rule.target_id),
        own.state,
        said(own),
    )


def said(own: Own) -> str:
    """The deadline and who asks, as a sentence or two."""
    asks = _("%(organisation)s requires it.", organisation=own.organisation)
    if own.deadline is None:
        return asks
    day = format_date(own.deadline, "long")
    if own.state in ("valid", "credited", "renewal_open"):
        when = _("Valid until %(day)s.", day=day)
    elif own.state == "expired":
        when = _("It was valid until %(day)s.", day=day)
    elif own.state in ("exempt", "paused"):
        when = _("Until %(day)s.", day=day)
    else:
        when = _("Due on %(day)s.", day=day)
    return f"{when} {asks}"


def required_page(viewer: Viewer) -> dict[str, Any]:
    """The context of web/required.html: each requirement with every reason."""
    rows = []
    for own in own_standings(viewer.id, today()):
        answer = why(viewer.id, own.requirement_id, own.organisation_id, site_zone(), today())
        rows.append(
            {
                "row": row_of(own, None, request_language()),
                "organisation": own.organisation,
                "because": because(answer.period.because) if answer.period else "",
                "ahead": [
                    (period.state, period.valid_from)
                    for period in answer.all
                    if period.valid_from > today()
                ],
                "notes": [
                    fact.content["reason"] for fact in answer.evidence if fact.content.get("reason")
                ],
            }
        )
    return {
        "rows": rows,
        "has_feed": has_feed(viewer.id),
        "days": {role: after.days for role, after in AFTER.items()},
    }
