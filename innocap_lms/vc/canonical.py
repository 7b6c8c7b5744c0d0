"""The canonical form of a credential's graph, by contexts that ship with us: nothing is fetched.

Source: RDF Dataset Canonicalization (RDFC-1.0), which for data without control characters gives
what URDNA2015 does; that is what PyLD makes.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from math import factorial
from typing import Any, TypeVar

BASE = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {
    BASE: "credentials-v2.json",
    OPEN_BADGES: "open-badges-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "open-badges-extensions.json",
    "https://www.w3.org/ns/credentials/status/v1": "bitstring-status-list-v1.json",
    "https://www.w3.org/ns/credentials/examples/v2": "credentials-examples-v2.json",
}
# What would be dropped without a word, and so not be signed, gets an address that gives it away.
UNEXPLAINED = "urn:unexplained:"
# A graph can be made whose canonical form takes years. Ours need no such look at all.
# This is how much is tried to tell nameless nodes apart that only their neighbours tell apart: each
# order of some that look alike, and each node on the way to where they differ.
MOST_TRIES = 10_000


Found = TypeVar("Found")


class UnreadableError(ValueError):
    """A document that is no valid JSON-LD, or not by the contexts we have; the message says why."""


class UnknownContextError(UnreadableError):
    """A context that does not ship with us; the message is its address."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """The N-Quads of a JSON-LD document in their one order, as UTF-8.

    Raises UnreadableError, for terms that no context defines too: what they say is not signed.
    """
    from pyld import jsonld

    dataset = _understood(
        lambda: jsonld.to_rdf(
            document,
            {
                "documentLoader": _load,
                "base": None,
                "expandContext": {"@context": {"@vocab": UNEXPLAINED}},
            },
        )
    )
    quads = _understood(lambda: _named(dataset))
    if (place := quads.find(f"<{UNEXPLAINED}")) >= 0:
        term = quads[place + len(UNEXPLAINED) + 1 :].partition(">")[0]
        raise UnreadableError(f"no context says what {term} is")
    return quads.encode()


def expanded(document: Mapping[str, Any]) -> list[Any]:
    """The document with each term written out as its address. Raises UnreadableError."""
    from pyld import jsonld

    options = {"documentLoader": _load, "base": None}
    return _understood(lambda: list(jsonld.expand(document, options)))


def _understood(read: Callable[[], Found]) -> Found:
    from pyld.jsonld import JsonLdError

    try:
        return read()
    except JsonLdError as error:
        cause = _first_cause(error)
        if isinstance(cause, UnreadableError):
            raise cause from None
        raise UnreadableError(_in_words(cause)) from None
    except (
        RecursionError,
        TypeError,
        AttributeError,
        LookupError,
        ArithmeticError,
        ValueError,
    ) as error:
        # The library takes for granted that a context holds what contexts hold.
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"no JSON-LD: {error}") from None


def _first_cause(error: BaseException) -> BaseException:
    while cause := getattr(error, "cause", None) or error.__cause__:
        error = cause
    return error


def _in_words(error: BaseException) -> str:
    """The library's own sentence, without what it was about."""
    said = str(error.args[0]) if error.args else str(error)
    return said.partition("\n")[0].strip("()',\"")


def _load(address: str, _options: object) -> dict[str, Any]:
    if address not in FILES:
        raise UnknownContextError(address)
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": context(address),
    }


@cache
def context(address: str) -> dict[str, Any]:
    """A context that ships with us. Raises KeyError."""
    file = files("innocap_lms.vc") / "contexts" / FILES[address]
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _named(dataset: Any) -> str:
    from pyld.canon import URDNA2015

    class Bounded(URDNA2015):  # type: ignore[misc]
        tries = 0

        def create_hash_to_related(self, id_: str, issuer: Any) -> dict[str, list[str]]:
            related: dict[str, list[str]] = super().create_hash_to_related(id_, issuer)
            self.tries += sum(factorial(min(len(nodes), 20)) for nodes in related.values())
            self.tries += len(issuer.existing) // 4
            if self.tries > MOST_TRIES:
                raise UnreadableError("too many nameless parts that look alike")
            return related

    return str(Bounded().main(dataset, {"format": "application/n-quads"}))
