"""Issuing a certificate: once per completion, whatever races."""

from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import Row, Select, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.config import Settings
from innocap_lms.content.model import Course
from innocap_lms.content.validity import end_of_validity
from innocap_lms.credentials.models import Certificate
from innocap_lms.extensions import db, upsert, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.services import record
from innocap_lms.people.models import Organisation, Person


class UnknownCompletionError(LookupError):
    """There is no completion of that id."""


def issue(payload: dict[str, Any]) -> None:
    """The job after a completion. `payload` is {"completion_id": …}; running twice is once."""
    settings: Settings = current_app.extensions["innocap_settings"]
    with writing():
        issue_certificate(
            payload["completion_id"], issuer=settings.site_name, timezone=settings.timezone
        )


def issue_certificate(completion_id: str, *, issuer: str, timezone: str) -> str:
    """Issue the certificate for a completion, or find the one issued; returns its id.

    It pins what holds today: names, the edition's words in the learner's language, the rule. The
    organisation of the completion issues it, `issuer` where there was none. Validity ends at the
    end of a day in `timezone`. Raises UnknownCompletionError.
    """
    found = db.session.execute(_completion(completion_id)).first()
    if found is None:
        raise UnknownCompletionError(completion_id)
    values = _values(found, edition(found.edition_id), issuer, ZoneInfo(timezone))
    # No target: of two workers at once, one may meet the primary key before the other constraint.
    made = db.session.execute(
        upsert(Certificate).values(values).on_conflict_do_nothing().returning(Certificate.id)
    ).first()
    if made is None:
        return db.session.execute(
            select(Certificate.id).where(Certificate.completion_id == completion_id)
        ).scalar_one()
    record(
        "certificate.issued",
        person_id=found.person_id,
        actor_id=None,
        organisation_id=found.organisation_id,
        happened_at=values["issued_at"],
        content={
            "certificate": values["id"],
            "completion": completion_id,
            "course": found.course_id,
            "edition": found.edition_id,
            "fingerprint": found.fingerprint,
            "language": found.language,
        },
    )
    return str(values["id"])


def _completion(completion_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Completion.id,
            Completion.certificate_id,
            Completion.person_id,
            Completion.organisation_id,
            Completion.course_id,
            Completion.track,
            Completion.edition_id,
            Completion.fingerprint,
            Completion.language,
            Completion.completed_at,
            Completion.hours,
            Person.name.label("holder_name"),
            Organisation.name.label("organisation_name"),
        )
        .join(Person, Person.id == Completion.person_id)
        .outerjoin(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.id == completion_id)
    )


def _values(
    completion: Row[*tuple[Any, ...]], edition: EditionView, issuer: str, zone: ZoneInfo
) -> dict[str, Any]:
    course = edition.course
    language = course.language(completion.language)
    validity = course.validity
    return {
        "id": completion.certificate_id or new_id(),
        "completion_id": completion.id,
        "person_id": completion.person_id,
        "holder_name": completion.holder_name,
        "issuer_name": completion.organisation_name or issuer,
        "course_id": completion.course_id,
        "track": completion.track,
        "edition_id": completion.edition_id,
        "edition_number": edition.number,
        "fingerprint": completion.fingerprint,
        "language": language,
        "details": _details(course, language, completion.hours),
        "completed_at": completion.completed_at,
        "issued_at": clock.utcnow(),
        "valid_until": end_of_validity(completion.completed_at, validity.months, zone)
        if validity
        else None,
    }


def _details(course: Course, language: str, hours: float) -> dict[str, Any]:
    text = course.texts[language]
    return {
        "title": text.title,
        "summary": text.summary,
        "outcomes": [outcome.text for outcome in text.outcomes],
        "hours": hours,
        "because": _because(course, language),
    }


def _because(course: Course, language: str) -> str:
    """The rule that was met, in the certificate's language; no score."""
    rule = course.completion
    lessons, quizzes, tasks = len(rule.lessons), len(rule.quizzes), len(rule.tasks)
    with force_locale(language):
        read = ngettext("%(num)s lesson read", "%(num)s lessons read", lessons)
        passed = ngettext("%(num)s quiz passed", "%(num)s quizzes passed", quizzes)
        done = ngettext("%(num)s practical task passed", "%(num)s practical tasks passed", tasks)
        met = [read] * bool(lessons) + [passed] * bool(quizzes) + [done] * bool(tasks)
        return str(_("Completion rule met: %(met)s.", met=format_list(met, locale=language)))
