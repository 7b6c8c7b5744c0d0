"""What a credential says, in the few words that people read. All of it is text of strangers."""

from collections.abc import Mapping
from typing import Any

from innocap_lms.vc.plainness import LANGUAGE
from innocap_lms.vc.shape import BADGES, address_of, listed, types_of
from innocap_lms.vc.verifying import Verdict

MOST_SIGNS = 300


def issuer_of(verdict: Verdict) -> str:
    """The address of who issued what was handed in, or ""."""
    return str(address_of((verdict.credential or {}).get("issuer")) or "")


def said_by(credential: Mapping[str, Any]) -> dict[str, str]:
    """What a credential says, for people to read: kind, title, its language, holder, issuer, from,
    until. Text of strangers: bounded, and to be escaped like any other. The kind of badges is
    `badge`, that of others the last of their types; the language is "" where none is named."""
    subject: Any = next((one for one in listed(credential.get("credentialSubject")) if one), {})
    subject = subject if isinstance(subject, Mapping) else {}
    achievement: Any = next(iter(listed(subject.get("achievement"))), {})
    holder = next(
        (one for one in listed(subject.get("identifier")) if isinstance(one, Mapping)), {}
    )
    issuer = credential.get("issuer")
    achievement = achievement if isinstance(achievement, Mapping) else {}
    title = achievement.get("name") or credential.get("name")
    hidden = any(listed(holder.get("hashed")))
    told = subject.get("learner") or ("" if hidden else holder.get("identityHash"))
    types = types_of(credential)
    kinds = [one for one in listed(credential.get("type")) if one != "VerifiableCredential"]
    return {
        "kind": "badge" if types & BADGES else _text(kinds[-1:]),
        "title": _text(title),
        "language": _language(title) or _language({"@language": achievement.get("inLanguage")}),
        "holder": _text(told),
        "issuer": _text(issuer.get("name") if isinstance(issuer, Mapping) else "")
        or _text(address_of(issuer)),
        "from": _text(credential.get("validFrom")),
        "until": _text(credential.get("validUntil")),
    }


def _text(value: Any) -> str:
    """One language of a text, as people may read it."""
    first = next(iter(listed(value)), "")
    if isinstance(first, Mapping):
        first = first.get("@value", "")
    return plain(str(first))


def _language(value: Any) -> str:
    first = next(iter(listed(value)), "")
    named = first.get("@language") if isinstance(first, Mapping) else ""
    return named if isinstance(named, str) and LANGUAGE.fullmatch(named) else ""


def plain(text: str) -> str:
    """Without signs that turn the line around or steer a terminal, and not without end."""
    text = "".join(sign for sign in text if sign.isprintable())
    return text if len(text) <= MOST_SIGNS else text[:MOST_SIGNS] + "…"
