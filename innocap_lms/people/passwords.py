"""Passwords and printed codes: how they are kept, compared and judged.

The rule for a new password follows NIST SP 800-63B-4, section 3.1.1.2: length, and a list of what
everyone tries first; no rules about kinds of characters and no change by the calendar.
"""

import base64
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

PasswordHash = NewType("PasswordHash", str)

SHORTEST = 12
LONGEST = 1000
AT_ONCE = 2  # hashes a process computes at the same time; each takes its memory
PATIENCE = 10.0  # seconds a request waits for its turn

_turns = threading.BoundedSemaphore(AT_ONCE)

# What is left of the most used passwords when digits and signs at the end are taken away, in
# English and Swedish. Shorter words count too: "password2026!" is long and still the first guess.
_COMMON_WORDS = """
    password passwort passw0rd p@ssword p@ssw0rd mypassword letmein letmeinnow welcome
    welcometo qwerty qwertyuiop qwertyuiopå qwertyqwerty asdfghjkl asdfghjklöä asdfasdfasdf
    zxcvbnm qazwsxedcrfv iloveyou iloveyouforever trustno administrator admin adminadmin
    changeme changemenow default temporary secret topsecret football baseball princess sunshine
    superman batman dragon monkey master shadow michael computer internet whatever
    abcdefghijkl abcdefghijklm correcthorsebatterystaple
    lösenord losenord mittlösenord mittlosenord lösenordet hemligt hemlighet jättehemligt
    välkommen valkommen sommar sommaren vinter vintern hösten våren fotboll hejhejhej hejsan
    sverige stockholm göteborg goteborg malmö kommun kommunen
"""
_COMMON = frozenset(_COMMON_WORDS.split())


class BusyError(Exception):
    """Too many hashes wait already; the caller says so and asks to try again shortly."""


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        yield
    finally:
        _turns.release()


@lru_cache(maxsize=4)
def _hasher(memory_kib: int) -> PasswordHasher:
    # Three passes in four lanes: the second recommended option of RFC 9106, section 4.
    return PasswordHasher(time_cost=3, parallelism=4, memory_cost=memory_kib)


def _normal(password: str) -> str:
    """The same characters however a keyboard composes them (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str, memory_kib: int) -> PasswordHash:
    """Argon2id hash of a password or printed code.

    Slow by design: never within a write transaction. Raises BusyError.
    """
    with _turn():
        return PasswordHash(_hasher(memory_kib).hash(_normal(password)))


def verify_password(stored: str | None, password: str, memory_kib: int) -> bool:
    """Whether `password` made `stored`. Takes the same time when there is no stored hash.

    Never within a transaction: it waits its turn. Raises BusyError.
    """
    with _turn():
        try:
            return _hasher(memory_kib).verify(stored or _nobodys(memory_kib), _normal(password))
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str, memory_kib: int) -> bool:
    """Whether a hash was made with other settings than today's."""
    return _hasher(memory_kib).check_needs_rehash(stored)


def _nobodys(memory_kib: int) -> str:
    """A hash that no password makes, as dear to compare with as a real one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32)
    )
    return f"$argon2id$v=19$m={memory_kib},t=3,p=4${salt}${digest}"


def password_problem(password: str, *about: str | None) -> str | None:
    """What is wrong with a new password, in plain words, or None.

    `about` are the person's name, mail and login name, which others know too.
    """
    folded = _normal(password).casefold().strip()
    if len(_normal(password)) < SHORTEST:
        return _(
            "Use at least %(count)s characters. Several words make a good password.", count=SHORTEST
        )
    if len(password) > LONGEST:
        return _("Use at most %(count)s characters.", count=LONGEST)
    known = {word.casefold() for word in about if word}
    known |= {word.split("@")[0] for word in known}
    known |= {word.replace(" ", "") for word in known}
    if folded in known or _stem(folded) in known:
        return _("Choose a password that is not your name, e-mail address or login name.")
    if _stem(folded) in _COMMON or folded in _COMMON or _monotonous(folded):
        return _(
            "Many people use this password, so it is among the first that are guessed. "
            "Choose another one."
        )
    return None


def _stem(folded: str) -> str:
    return re.sub(r"[\W\d_]+$", "", folded)


def _monotonous(folded: str) -> bool:
    """Few different characters, or the digits in a row."""
    rows = "01234567890123456789" * 3, "98765432109876543210" * 3
    return len(set(folded)) < 4 or (folded.isdigit() and any(folded in row for row in rows))
