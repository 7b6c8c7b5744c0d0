"""A learner's whole record as one signed file, to take along: courses, and certificates whole."""

from typing import Any

from sqlalchemy import RowMapping, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions, everything
from innocap_lms.config import Settings
from innocap_lms.content.model import Course
from innocap_lms.credentials.badge import duration, iso
from innocap_lms.credentials.models import THE_SITE, Certificate, Revocation
from innocap_lms.credentials.signing import sign_document
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.models import Organisation
from innocap_lms.vc.canonical import BASE

XSD = "http://www.w3.org/2001/XMLSchema#"
DC = "http://purl.org/dc/terms/"
ELM = "http://data.europa.eu/snb/model/elm/"
TYPE = "LearningRecord"
# Words of its own, for what no known context has a word for (vc/plainness.py).
TERMS: dict[str, Any] = {
    TYPE: f"{DC}Collection",
    "CourseTaken": f"{ELM}LearningActivity",
    "ProgrammeTaken": "https://schema.org/EducationalOccupationalProgram",
    # Somebody says so, and nobody here has seen that the rule was met.
    "CompletionNoted": "https://schema.org/Claim",
    "learner": "http://xmlns.com/foaf/0.1/name",
    # No list: telling a hundred nameless parts of one apart takes seconds, and each says its day.
    "courseTaken": f"{DC}hasPart",
    "completionNoted": f"{DC}references",
    "notedBy": "https://schema.org/author",
    "courseTitle": f"{DC}title",
    "courseId": f"{DC}identifier",
    "edition": f"{DC}hasVersion",
    "courseLanguage": f"{DC}language",
    "begun": {"@id": "https://schema.org/startDate", "@type": f"{XSD}dateTime"},
    "completed": {"@id": f"{DC}dateAccepted", "@type": f"{XSD}dateTime"},
    "workload": {"@id": f"{ELM}volumeOfLearning", "@type": f"{XSD}duration"},
    "certificate": f"{DC}hasFormat",
    "certificateRevoked": {
        "@id": "http://www.w3.org/ns/prov#invalidatedAtTime",
        "@type": f"{XSD}dateTime",
    },
}


def learning_record(person_id: str, name: str, language: str, settings: Settings) -> dict[str, Any]:
    """What the person has begun and completed, with each certificate as the token it was issued
    as, or the moment at which it was revoked; apart from it, what HR noted as completed, which has
    no certificate. Signed by the site. Answers and results of quizzes are not in it.

    A title stands in `language`, where the course has none in the one it was taken in, and says in
    which.

    The site has to have a key; then nothing is written. Raises NoKeyError, UnreadableError.
    """
    taken = [_course(row, language) for row in _rows(person_id)]
    document = {
        "@context": [BASE, TERMS],
        "type": ["VerifiableCredential", TYPE],
        "validFrom": iso(clock.utcnow()),
        "credentialSubject": {
            "learner": name,
            "courseTaken": taken,
            **({"completionNoted": noted} if (noted := _noted(person_id, language)) else {}),
        },
    }
    return sign_document(document, THE_SITE, settings)


def _rows(person_id: str) -> list[RowMapping]:
    rows = db.session.execute(
        select(
            Enrolment.course_id,
            Enrolment.edition_id,
            Enrolment.language,
            Enrolment.enrolled_at,
            Completion.completed_at,
            Completion.hours,
            Certificate.token,
            Revocation.revoked_at,
        )
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Certificate, Certificate.id == Completion.certificate_id)
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.enrolled_at, Enrolment.id)
    )
    return [row._mapping for row in rows]


def _course(row: RowMapping, language: str) -> dict[str, Any]:
    found = editions([row["edition_id"]])[row["edition_id"]]
    course, taken_in = found.course, str(row["language"])
    optional = {
        "completed": row["completed_at"] and iso(row["completed_at"]),
        "workload": row["completed_at"] and duration(row["hours"]),
        "certificate": None if row["revoked_at"] else row["token"],
        "certificateRevoked": row["revoked_at"] and iso(row["revoked_at"]),
    }
    return {
        "type": "ProgrammeTaken" if found.kind == "programme" else "CourseTaken",
        "courseId": row["course_id"],
        "courseTitle": _title(course, language if language in course.languages else taken_in),
        "edition": str(found.number),
        "courseLanguage": taken_in,
        "begun": iso(row["enrolled_at"]),
        **{name: value for name, value in optional.items() if value},
    }


def _title(course: Course, language: str) -> dict[str, str]:
    """The title of a course or programme in the nearest language, which it names."""
    spoken = course.language(language)
    return {"@value": course.texts[spoken].title, "@language": spoken}


def _noted(person_id: str, language: str) -> list[dict[str, Any]]:
    """What HR noted as completed and has not withdrawn, with the organisation that says so."""
    rows = db.session.execute(
        select(Completion.course_id, Completion.completed_at, Completion.hours, Organisation.name)
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.person_id == person_id, Completion.noted_by.is_not(None))
        .order_by(Completion.completed_at, Completion.id)
    ).all()
    courses = {each.course_id: each.edition.course for each in everything()} if rows else {}
    titles = {name: _title(course, language) for name, course in courses.items()}
    return [
        {
            "type": "CompletionNoted",
            "courseId": row.course_id,
            "courseTitle": titles.get(row.course_id, row.course_id),
            "completed": iso(row.completed_at),
            "workload": duration(row.hours),
            "notedBy": row.name,
        }
        for row in rows
    ]
