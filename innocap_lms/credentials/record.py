"""A learner's whole record as one signed file, to take along: courses, and certificates whole."""

from typing import Any

from sqlalchemy import RowMapping, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions
from innocap_lms.config import Settings
from innocap_lms.credentials.badge import duration, iso
from innocap_lms.credentials.models import THE_SITE, Certificate, Revocation
from innocap_lms.credentials.signing import sign_document
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion, Enrolment
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
    "learner": "http://xmlns.com/foaf/0.1/name",
    # No list: telling a hundred nameless parts of one apart takes seconds, and each says its day.
    "courseTaken": f"{DC}hasPart",
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
    as, or the moment at which it was revoked. Signed by the site. Answers and results of quizzes
    are not in it.

    The site has to have a key; then nothing is written. Raises NoKeyError, UnreadableError.
    """
    taken = [_course(row, language) for row in _rows(person_id)]
    document = {
        "@context": [BASE, TERMS],
        "type": ["VerifiableCredential", TYPE],
        "validFrom": iso(clock.utcnow()),
        "credentialSubject": {"learner": name, "courseTaken": taken},
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
    text = found.course.texts[found.course.language(language)]
    optional = {
        "completed": row["completed_at"] and iso(row["completed_at"]),
        "workload": row["completed_at"] and duration(row["hours"]),
        "certificate": None if row["revoked_at"] else row["token"],
        "certificateRevoked": row["revoked_at"] and iso(row["revoked_at"]),
    }
    return {
        "type": "ProgrammeTaken" if found.kind == "programme" else "CourseTaken",
        "courseId": row["course_id"],
        "courseTitle": text.title,
        "edition": str(found.number),
        "courseLanguage": row["language"],
        "begun": iso(row["enrolled_at"]),
        **{name: value for name, value in optional.items() if value},
    }
