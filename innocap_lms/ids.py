"""Identifiers that may leave the building: random, never row numbers."""

import secrets

LENGTH = 26
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u to misread


def new_id() -> str:
    """26 characters of base 32: 130 random bits, the same in any case, safe in an address."""
    number = secrets.randbits(130)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(0, 130, 5))


def name_of(text: str) -> str:
    """The id that a form proposes for what it makes, so that a form sent twice makes one; a new id
    where it proposes none."""
    return text if len(text) == LENGTH and set(text) <= set(_ALPHABET) else new_id()
