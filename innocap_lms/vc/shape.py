"""Whether a document has the shape of a credential or presentation, and what is wrong where.

Source: Verifiable Credentials Data Model 2.0, sections 4 and 5; Open Badges 3.0, appendix B.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from innocap_lms.vc.canonical import BASE, UnknownContextError, UnreadableError, expanded
from innocap_lms.vc.plainness import disguises_in, is_address

MOMENT = re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WORDS = {"@value", "@language", "@direction"}
ENVELOPES = ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation")
# Parts that say what they are, and whether they have to have an address.
TYPED = {
    "credentialStatus": False,
    "credentialSchema": True,
    "refreshService": False,
    "termsOfUse": False,
    "evidence": False,
    "proof": False,
}
# In an OpenBadgeCredential, the type that what stands under a name has to have.
BADGE_TYPES = {
    "issuer": "Profile",
    "creator": "Profile",
    "source": "Profile",
    "otherIdentifier": "IdentifierEntry",
    "identifier": "IdentityObject",
    "evidence": "Evidence",
    "achievement": "Achievement",
    "alignment": "Alignment",
    "related": "Related",
    "result": "Result",
    "resultDescription": "ResultDescription",
    "rubricCriterionLevel": "RubricCriterionLevel",
    "image": "Image",
}
BADGES = {"OpenBadgeCredential", "AchievementCredential"}
Flaws = Iterator[tuple[str, str]]  # where, as a path of names, and what is wrong there


def flaws_of(document: Any) -> list[tuple[str, str]]:
    """What keeps a document from being a credential or presentation, as (path, what is wrong).

    An empty list says that it is one; nothing is said of its proof.
    """
    if not isinstance(document, Mapping):
        return [("", "no object")]
    found = [*_base(document), *disguises_in(_bare(document))]
    if "VerifiablePresentation" in types_of(document):
        found += _presentation(document)
    else:
        found += _credential(document)
    if not found:
        found += _terms(document)
    return found


def _bare(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: part for name, part in document.items() if name != "proof"}


def types_of(part: Mapping[str, Any]) -> set[str]:
    """The types of an object, however they are written."""
    return {one for one in listed(part.get("type")) if isinstance(one, str)}


def listed(value: Any) -> list[Any]:
    """One or several, as a list: JSON-LD takes both."""
    return [] if value is None else value if isinstance(value, list) else [value]


def address_of(part: Any) -> Any:
    """The address of what is named by it alone, or described in place."""
    return part.get("id") if isinstance(part, Mapping) else part


def moment(value: Any) -> datetime:
    """A moment of a credential, with its zone. Raises ValueError."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError("no date and time with its zone")
    return datetime.fromisoformat(value)


def _base(document: Mapping[str, Any]) -> Flaws:
    contexts = listed(document.get("@context"))
    if not contexts or contexts[0] != BASE:
        yield "@context", f"has to begin with {BASE}"
    for context in contexts:
        if not isinstance(context, Mapping) and not is_address(context):
            yield "@context", "holds something that is no address"
    if not isinstance(document.get("@context"), list | str):
        yield "@context", "is no list of addresses"
    if "id" in document and not is_address(document["id"]):
        yield "id", "is no address"
    if not types_of(document) or types_of(document) & {""}:
        yield "type", "is missing"
    for name in ("name", "description"):
        yield from _words(document, name, name)


def _credential(document: Mapping[str, Any]) -> Flaws:
    if "VerifiableCredential" not in types_of(document):
        yield "type", "has to hold VerifiableCredential"
    issuer = document.get("issuer")
    if not is_address(address_of(issuer)):
        yield "issuer", "is no address, and has none"
    if isinstance(issuer, Mapping):
        for name in ("name", "description"):
            yield from _words(issuer, name, f"issuer.{name}")
    yield from _subjects(document)
    yield from _period(document)
    for name, addressed in TYPED.items():
        yield from _typed(document, name, addressed)
    if types_of(document) & BADGES:
        yield from _badge(document)


def _subjects(document: Mapping[str, Any]) -> Flaws:
    subjects = listed(document.get("credentialSubject"))
    if not subjects:
        yield "credentialSubject", "is missing"
    for subject in subjects:
        if not isinstance(subject, Mapping) or not subject:
            yield "credentialSubject", "says nothing"
        elif "id" in subject and not is_address(subject["id"]):
            yield "credentialSubject.id", "is no address"


def _period(document: Mapping[str, Any]) -> Flaws:
    moments = {}
    for name in ("validFrom", "validUntil"):
        if name in document:
            try:
                moments[name] = moment(document[name])
            except ValueError as error:
                yield name, f"is {error}"
    if len(moments) == 2 and moments["validUntil"] < moments["validFrom"]:
        yield "validUntil", "is before validFrom"


def _typed(document: Mapping[str, Any], name: str, addressed: bool) -> Flaws:
    for part in listed(document.get(name)):
        if not isinstance(part, Mapping) or not types_of(part):
            yield f"{name}.type", "is missing"
        elif ("id" in part or addressed) and not is_address(part.get("id")):
            yield f"{name}.id", "is no address"


def _words(part: Mapping[str, Any], name: str, path: str) -> Flaws:
    for value in listed(part.get(name)):
        if isinstance(value, Mapping):
            if "@value" not in value or set(value) - WORDS:
                yield path, "says more than words, language and direction"
        elif not isinstance(value, str):
            yield path, "is no text"


def _badge(document: Mapping[str, Any]) -> Flaws:
    if "validFrom" not in document:
        yield "validFrom", "is missing"
    for subject in listed(document.get("credentialSubject")):
        if not isinstance(subject, Mapping) or "AchievementSubject" not in types_of(subject):
            yield "credentialSubject.type", "has to hold AchievementSubject"
            continue
        achievements = listed(subject.get("achievement"))
        if not achievements and "AchievementCredential" not in types_of(document):
            yield "credentialSubject.achievement", "is missing"
        for one in achievements:
            for name in ("id", "name", "description", "criteria"):
                if not isinstance(one, Mapping) or not one.get(name):
                    yield f"credentialSubject.achievement.{name}", "is missing"
    own = {name: part for name, part in document.items() if name != "@context"}
    yield from _badge_types(own, "")


def _badge_types(part: Any, path: str) -> Flaws:
    for name, value in part.items():
        below = f"{path}.{name}" if path else name
        for one in listed(value):
            if not isinstance(one, Mapping) or "@value" in one:
                continue
            wanted = BADGE_TYPES.get(name)
            if wanted and wanted not in types_of(one):
                yield f"{below}.type", f"has to hold {wanted}"
            if name != "endorsement":  # a credential of its own
                yield from _badge_types(one, below)


def _presentation(document: Mapping[str, Any]) -> Flaws:
    holder = address_of(document.get("holder"))
    if "holder" in document and not is_address(holder):
        yield "holder", "is no address, and has none"
    for credential in listed(document.get("verifiableCredential")):
        if not isinstance(credential, Mapping):
            yield "verifiableCredential", "is no object"
            continue
        address = str(credential.get("id", ""))
        if types_of(credential) & set(ENVELOPES):
            if not address.startswith("data:"):
                yield "verifiableCredential.id", "is no data: address"
            continue
        for path, wrong in flaws_of(credential):
            yield f"verifiableCredential.{path}", wrong


def _terms(document: Mapping[str, Any]) -> Flaws:
    """What JSON-LD says of it: terms redefined that may not be, types that are no address."""
    try:
        graph = expanded(_bare(document))
    except UnknownContextError as error:
        yield "@context", f"is not known here: {error}"
    except UnreadableError as error:
        yield "", str(error)
    else:
        for one in _every(graph, lambda value: value.get("@type", [])):
            if not is_address(one):
                yield "type", f"no context says what {one} is"


def _every(value: Any, of: Callable[[Mapping[str, Any]], Any]) -> Iterator[Any]:
    for one in listed(value):
        if isinstance(one, Mapping):
            yield from listed(of(one))
            for part in one.values():
                yield from _every(part, of)
