"""What a certificate pins of the day it is issued: names, words, rule, hours, validity, design."""

from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import Row, Select, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition
from innocap_lms.config import Settings
from innocap_lms.content.model import Alignment, CompletionRule, Course
from innocap_lms.content.programme import Programme
from innocap_lms.content.validity import end_of_validity
from innocap_lms.credentials.designs import look, to_pin, track_name
from innocap_lms.credentials.models import THE_SITE
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Organisation, Person
from innocap_lms.plugin_host.current import plugins


def completion_of(completion_id: str) -> Row[*tuple[Any, ...]] | None:
    """What a certificate needs of a completion, with names as they are today; None if unknown, or
    noted by HR."""
    return db.session.execute(_completion(completion_id)).first()


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
            Person.protected,
        )
        .join(Person, Person.id == Completion.person_id)
        .where(Completion.id == completion_id, Completion.noted_by.is_(None))
    )


def pinned(completion: Row[*tuple[Any, ...]], settings: Settings) -> dict[str, Any]:
    """The columns of the certificate for a completion, before it is signed."""
    found = edition(completion.edition_id)
    course = found.course
    language = course.language(completion.language)
    validity, zone = course.validity, ZoneInfo(settings.timezone)
    issuer = _issuer(course.owner, completion.organisation_id)
    issuer_name = issuer.name if issuer else settings.site_name
    return {
        "id": completion.certificate_id or new_id(),
        "completion_id": completion.id,
        "number": 1,
        "person_id": completion.person_id,
        "holder_name": completion.holder_name,
        "issuer": issuer.id if issuer else THE_SITE,
        "issuer_name": issuer_name,
        "course_id": completion.course_id,
        "track": completion.track,
        "edition_id": completion.edition_id,
        "edition_number": found.number,
        "fingerprint": completion.fingerprint,
        "language": language,
        "details": {
            **_details(course, language, completion.hours),
            **({"kind": found.kind} if found.kind == "programme" else {}),
            **_design(completion.track, issuer_name, language, design_of(course)),
            "country": issuer.country if issuer else "",
        },
        "completed_at": completion.completed_at,
        "issued_at": clock.utcnow(),
        "valid_until": end_of_validity(completion.completed_at, validity.months, zone)
        if validity
        else None,
        "supersedes": None,
    }


def _issuer(owner: str, organisation_id: str | None) -> Row[*tuple[Any, ...]] | None:
    """The organisation that owns the course; where no organisation does, the learner's own."""
    columns = (Organisation.id, Organisation.name, Organisation.country)
    owning = db.session.execute(select(*columns).where(Organisation.name == owner)).first()
    if owning is not None or organisation_id is None:
        return owning
    return db.session.execute(select(*columns).where(Organisation.id == organisation_id)).first()


def _details(course: Course, language: str, hours: float) -> dict[str, Any]:
    text = course.texts[language]
    return {
        "title": text.title,
        "summary": text.summary,
        "outcomes": [outcome.text for outcome in text.outcomes],
        "hours": hours,
        "because": _because(course, language),
        "micro": _micro(course, language),
        "alignment": [_alignment(each) for each in course.alignments],
    }


def design_of(course: Course) -> str:
    """The name of the design that a programme asks for, else ""."""
    return course.design if isinstance(course, Programme) else ""


def _design(slug: str, issuer_name: str, language: str, design: str) -> dict[str, Any]:
    """Who signs it and how it looks, by the plugins of today: later ones change nothing of it."""
    host = plugins()
    track = host.tracks.get(slug)
    name, spoken = track_name(track, slug, language)
    return {
        "track_name": name,
        "track_language": spoken,
        "look": to_pin(look(track, slug, issuer_name, host.designs, language, design)),
    }


def _alignment(each: Alignment) -> dict[str, Any]:
    """In the words of Open Badges 3.0, appendix B."""
    code = {"targetCode": each.code} if each.code else {}
    return {
        "type": ["Alignment"],
        "targetFramework": each.framework,
        "targetName": each.name,
        "targetUrl": each.url,
        **code,
    }


def _micro(course: Course, language: str) -> dict[str, str]:
    """What a micro-credential names beyond that, in the certificate's language; no empty words.

    Source: Council Recommendation 2022/C 243/02, annex I.
    """
    rule = course.completion
    if isinstance(course, Programme):
        rule = CompletionRule((), (), ("",) * course.task_count)
    with force_locale(language):
        kinds = [_("quizzes marked by the system")] * bool(rule.quizzes)
        kinds += [_("practical tasks judged by an assessor")] * bool(rule.tasks)
        return {
            "assessment": format_list(kinds, locale=language) if kinds else "",
            "participation": _("online, at the learner's own pace"),
            "supervision": _("without supervision; the learner signed in to an account"),
            "qualityAssurance": _("course reviewed on %(day)s", day=course.reviewed)
            if course.reviewed
            else "",
        }


def _because(course: Course, language: str) -> str:
    """The rule that was met, in the certificate's language; no score."""
    if isinstance(course, Programme):
        return _because_of_courses(course, language)
    rule = course.completion
    lessons, quizzes, tasks = len(rule.lessons), len(rule.quizzes), len(rule.tasks)
    with force_locale(language):
        read = ngettext("%(num)s lesson read", "%(num)s lessons read", lessons)
        passed = ngettext("%(num)s quiz passed", "%(num)s quizzes passed", quizzes)
        done = ngettext("%(num)s practical task passed", "%(num)s practical tasks passed", tasks)
        met = [read] * bool(lessons) + [passed] * bool(quizzes) + [done] * bool(tasks)
        return str(_("Completion rule met: %(met)s.", met=format_list(met, locale=language)))


def _because_of_courses(programme: Programme, language: str) -> str:
    needed, tasks = programme.needed, programme.task_count
    with force_locale(language):
        courses = ngettext("%(num)s course completed", "%(num)s courses completed", needed)
        done = ngettext("%(num)s practical task passed", "%(num)s practical tasks passed", tasks)
        met = format_list([courses] + [done] * bool(tasks), locale=language)
        return str(_("Completion rule met: %(met)s.", met=met))
