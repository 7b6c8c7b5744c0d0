"""A certificate as an OpenBadgeCredential, as JSON-LD before it is signed.

Sources: Open Badges 3.0, appendix B; for what a micro-credential names, Council Recommendation
2022/C 243/02, annex I, in the terms of the European Learning Model 3. A term without a value here
(credit points, level of qualification) is left out: it is empty rather than invented.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from innocap_lms.people.identity import clean_name
from innocap_lms.vc.canonical import BASE, OPEN_BADGES
from innocap_lms.vc.status import ENTRY

ELM = "http://data.europa.eu/snb/model/elm/"
XSD = "http://www.w3.org/2001/XMLSchema#"
# What Open Badges has no word for.
MICRO: dict[str, Any] = {
    "workload": {"@id": f"{ELM}volumeOfLearning", "@type": f"{XSD}duration"},
    "participation": f"{ELM}mode",
    "assessment": f"{ELM}assessmentType",
    "qualityAssurance": f"{ELM}accreditation",
    "supervision": f"{ELM}idVerification",
    "issuingCountry": f"{ELM}country",
    "learningOutcome": f"{ELM}learningOutcome",
    "contentDigest": "https://schema.org/sha256",
}


@dataclass(frozen=True)
class Place:
    """Where a credential's bit lies: the address of a status list, and the place in it."""

    address: str
    index: int


def badge(
    certificate: Mapping[str, Any], *, did: str, site: str, place: Place, salt: str
) -> dict[str, Any]:
    """The credential of a certificate, whose columns `certificate` holds.

    `site` is the public address, without a slash at its end. With a `salt`, the holder's name is
    not told, but can be compared.
    """
    details = certificate["details"]
    found = {
        "@context": [BASE, OPEN_BADGES, MICRO],
        "id": f"{site}/certificates/{certificate['id']}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": details["title"],
        "issuer": {
            "id": did,
            "type": ["Profile"],
            "name": certificate["issuer_name"],
            "url": site,
            **_given("issuingCountry", details.get("country")),
        },
        "validFrom": iso(certificate["completed_at"]),
        "awardedDate": iso(certificate["issued_at"]),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_holder(certificate["holder_name"], salt)],
            "activityEndDate": iso(certificate["completed_at"]),
            "achievement": _achievement(certificate, site),
        },
        "evidence": [
            {"type": ["Evidence"], "narrative": details["because"], "genre": "completion rule"}
        ],
        "credentialStatus": {
            "id": f"{place.address}#{place.index}",
            "type": ENTRY,
            "statusPurpose": "revocation",
            "statusListIndex": str(place.index),
            "statusListCredential": place.address,
        },
    }
    if certificate["valid_until"]:
        found["validUntil"] = iso(certificate["valid_until"])
    return found


def _achievement(certificate: Mapping[str, Any], site: str) -> dict[str, Any]:
    details = certificate["details"]
    criteria = "\n".join(["", *(f"- {outcome}" for outcome in details["outcomes"])])
    programme = details.get("kind") == "programme"
    return {
        "id": f"{site}/{'programmes' if programme else 'courses'}/{certificate['course_id']}",
        "type": ["Achievement"],
        "achievementType": "LearningProgram" if programme else "Course",
        "name": details["title"],
        "description": details["summary"],
        "criteria": {"narrative": details["because"] + criteria},
        "inLanguage": certificate["language"],
        "humanCode": certificate["course_id"],
        "fieldOfStudy": certificate["track"],
        "version": str(certificate["edition_number"]),
        "learningOutcome": list(details["outcomes"]),
        "workload": duration(details["hours"]),
        "contentDigest": certificate["fingerprint"],
        **{
            name: details["micro"][name]
            for name in ("participation", "assessment", "qualityAssurance", "supervision")
            if details.get("micro", {}).get(name)
        },
        **_given("alignment", details.get("alignment")),
    }


def _holder(name: str, salt: str) -> dict[str, Any]:
    if not salt:
        return {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": name,
            "identityType": "name",
        }
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": hashed_name(name, salt),
        "identityType": "name",
        "salt": salt,
    }


def hashed_name(name: str, salt: str) -> str:
    """A name that is not told, to be compared. Source: Open Badges 3.0, IdentityHash."""
    return "sha256$" + hashlib.sha256((clean_name(name) + salt).encode()).hexdigest()


def status_list_credential(
    address: str, bits: str, *, now: datetime, until: datetime
) -> dict[str, Any]:
    """A status list as a credential, before its issuer signs it."""
    return {
        "@context": [BASE],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "validFrom": iso(now),
        "validUntil": iso(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits,
        },
    }


def duration(hours: float) -> str:
    """Hours as an ISO 8601 duration: 1.5 is PT1H30M."""
    minutes = round(hours * 60)
    whole, rest = divmod(minutes, 60)
    return "PT" + (f"{whole}H" if whole or not rest else "") + (f"{rest}M" if rest else "")


def iso(moment: datetime) -> str:
    """A moment of ours as credentials write it: whole seconds, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _given(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}
