"""Whether the words that people read are the words that were signed.

A proof is over the graph that JSON-LD makes of a document, and not over its names: with a context
of one's own, or by the ways JSON-LD has of writing a thing, a name can be made to mean something
else, or nothing, and the graph stay the same. So a document is taken only where names can mean what
they always mean.

Source of the danger: Data Integrity 1.0, section 2.4.1 (context validation).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from innocap_lms.vc.canonical import FILES, UnreadableError, context

LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
# A word for an address that ends so stands for the beginning of other addresses too: `k:1` is then
# an address in disguise. Source: JSON-LD 1.1, section 4.4 (gen-delim).
BEGINS_OTHERS = tuple(":/?#[]@")
IN_A_TEXT = {"@value", "@language", "@direction"}
IN_A_PROOF = {
    "type",
    "id",
    "cryptosuite",
    "created",
    "expires",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
    "domain",
    "challenge",
    "nonce",
}
IN_A_TERM = {"@id", "@type", "@container"}
Flaws = Iterator[tuple[str, str]]


def disguises_in(document: Mapping[str, Any]) -> Flaws:
    """Where a document could say something else than what is signed, as (path, what is wrong)."""
    yield from _contexts(document.get("@context"), own=True)
    yield from _within(document, "", top=True)


def disguises_in_proof(proof: Mapping[str, Any], document: Mapping[str, Any]) -> Flaws:
    """The same of a proof: what it says of itself, until when and what for, is signed as a document
    of its own, in whose words the same can be hidden."""
    for name, value in proof.items():
        if name == "@context":
            if value != document.get("@context"):
                yield "proof.@context", "is another than that of the document"
        elif name not in IN_A_PROOF:
            yield f"proof.{name}", "is no part of a proof that is known here"
        elif name != "proofValue":  # which signs, and is not signed
            several = value if name == "domain" and isinstance(value, list) else [value]
            if not all(isinstance(one, str) for one in several):
                yield f"proof.{name}", "is no text"


def _contexts(value: Any, *, own: bool) -> Flaws:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield from (
                _own_terms(one) if own else iter([("@context", "stands within the document")])
            )


def _own_terms(defined: Mapping[str, Any]) -> Flaws:
    """A context of one's own may add words for what no known context has a word for."""
    for term, meaning in defined.items():
        if term == "@protected":
            continue
        parts = meaning if isinstance(meaning, Mapping) else {"@id": meaning}
        address = parts.get("@id")
        if term.startswith("@") or ":" in term or set(parts) - IN_A_TERM:
            yield "@context", f"does more than to name {term}"
        elif not isinstance(address, str) or not is_address(address):
            yield "@context", f"gives {term} no address"
        elif address.endswith(BEGINS_OTHERS):
            yield "@context", f"makes {term} the beginning of other addresses"
        elif term in known_terms() or address in known_addresses():
            yield "@context", f"gives {term} another meaning, or another name"
        elif parts.get("@container", "@list") != "@list":
            yield "@context", f"does more than to name {term}"


def _within(part: Mapping[str, Any], path: str, *, top: bool = False) -> Flaws:
    if "@value" in part:
        yield from _text(part, path)
        return
    for name, value in part.items():
        below = f"{path}.{name}".lstrip(".")
        if name == "@context":
            if not top:
                yield from ((below, wrong) for _at, wrong in _contexts(value, own=False))
        elif name.startswith("@") or ":" in name:
            yield below, "is written in a way that hides what it is"
        elif name == "id" and not is_address(value):
            yield below, "is no address"
        elif name == "type":
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one in known_addresses():
                    yield below, f"names {one} by its address"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping) and name != "@context":
                yield from _within(one, below)
            elif isinstance(one, list):
                yield below, "holds a list of lists"


def _text(part: Mapping[str, Any], path: str) -> Flaws:
    language, direction = part.get("@language", "en"), part.get("@direction", "ltr")
    if set(part) - IN_A_TEXT or not isinstance(part["@value"], str):
        yield path, "says more than words, language and direction"
    elif not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        yield path, "names no language"
    elif direction not in ("ltr", "rtl"):
        yield path, "names no direction"


def is_address(value: Any) -> bool:
    """Whether a value is a whole address, of whatever kind."""
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        return False
    try:
        return bool(urlsplit(value).scheme)
    except ValueError:
        return False


@cache
def known_terms() -> frozenset[str]:
    """Every word of every context that ships, at whatever depth."""
    return frozenset(term for term, _address in _definitions())


@cache
def known_addresses() -> frozenset[str]:
    """Every address that a context that ships has a word for."""
    return frozenset(address for _term, address in _definitions() if ":" in address)


def _definitions() -> Iterator[tuple[str, str]]:
    waiting: list[Any] = [context(address) for address in FILES]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        if not isinstance(one, Mapping):
            continue
        for term, meaning in one.items():
            if isinstance(meaning, Mapping):
                waiting.append(meaning)
                if not term.startswith("@"):
                    yield term, str(meaning.get("@id", ""))
            elif isinstance(meaning, str) and not term.startswith("@"):
                yield term, meaning
            elif isinstance(meaning, list):
                waiting.append(meaning)


def refuse_what_is_lost(graph: list[Any], quads: str) -> None:
    """Raise UnreadableError where an expanded document says more than its graph holds: what has a
    relative address or a language that is none is dropped on the way, and so not signed."""
    said = set(_triples(graph))
    if len(said) != quads.count("\n"):
        raise UnreadableError("it says something that would not be signed")


def _triples(nodes: list[Any], graph: Any = None) -> Iterator[tuple[Any, ...]]:
    for node in nodes:
        subject = node.get("@id", id(node))
        for name, values in node.items():
            if name in ("@id", "@index"):
                continue
            for value in values if isinstance(values, list) else [values]:
                yield from _one(graph, subject, name, value)


def _one(graph: Any, subject: Any, name: str, value: Any) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, Mapping):
        yield graph, subject, name, value
    elif "@value" in value:
        said = sorted((key, repr(part)) for key, part in value.items() if key != "@index")
        yield graph, subject, name, *said
    elif "@list" in value:
        yield graph, subject, name, "list", id(value)
        for number, item in enumerate(value["@list"]):
            yield graph, "rest", id(value), number
            yield from _one(graph, (id(value), number), "first", item)
    elif "@graph" in value:
        inner = value.get("@id", id(value))
        yield graph, subject, name, inner
        yield from _triples(value["@graph"], inner)
    else:
        yield graph, subject, name, value.get("@id", id(value))
        yield from _triples([value], graph)
