"""Recognise personal identity numbers, so that none is taken in. Source: docs/privacy.md.

Sweden, Finland, Norway, Denmark and Iceland. Where a number has a check digit it must be right, so
that few other numbers look like one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

_FINNISH: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def looks_personal(said: str) -> bool:
    """Whether a cell looks like a personal identity number."""
    return any(
        found and is_valid(found) for form, is_valid in _FORMS if (found := form.fullmatch(said))
    )


def _day_and_month(day: str, month: str, more: int = 0) -> bool:
    return 1 <= int(day) - (more if int(day) > more else 0) <= 31 and 1 <= int(month) <= 12


def _swedish(found: re.Match[str]) -> bool:
    """The check digit is by Luhn; in a coordination number 60 is added to the day (SFS 1991:481,
    section 18, and SFS 2022:1697)."""
    year, month, day, last = found.groups()
    digits = f"{year}{month}{day}{last}"
    doubled = (int(each) * (2 - at % 2) for at, each in enumerate(digits))
    total = sum(value // 10 + value % 10 for value in doubled)
    return total % 10 == 0 and _day_and_month(day, month, 60)


def _finnish(found: re.Match[str]) -> bool:
    day, month, year, number, check = found.groups()
    remainder = int(f"{day}{month}{year}{number}") % 31
    return _FINNISH[remainder] == check.upper() and _day_and_month(day, month)


def _weighed(weights: Sequence[int]) -> Callable[[str], bool]:
    return lambda digits: sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 == 0


_NORWEGIAN: Final = (
    _weighed((3, 7, 6, 1, 8, 9, 4, 5, 2, 1)),
    _weighed((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)),
)
_ICELANDIC: Final = _weighed((3, 2, 7, 6, 5, 4, 3, 2, 1))


def _norwegian(found: re.Match[str]) -> bool:
    digits = "".join(found.groups())
    return all(is_right(digits) for is_right in _NORWEGIAN) and _day_and_month(
        found[1], found[2], 40
    )


def _icelandic(found: re.Match[str]) -> bool:
    digits = "".join(found.groups())
    return _ICELANDIC(digits[:9]) and _day_and_month(found[1], found[2])


def _danish(found: re.Match[str]) -> bool:
    return _day_and_month(found[1], found[2])


_FORMS: Final = (
    (re.compile(r"(?:18|19|20)?(\d\d)(\d\d)(\d\d)[-+ ]?(\d{4})", re.ASCII), _swedish),
    (re.compile(r"(\d\d)(\d\d)(\d\d)[-+A-FU-Y](\d{3})([0-9A-Z])", re.ASCII | re.I), _finnish),
    (re.compile(r"(\d\d)(\d\d)(\d\d) ?(\d{5})", re.ASCII), _norwegian),
    (re.compile(r"(\d\d)(\d\d)(\d\d)-?(\d{4})", re.ASCII), _icelandic),
    # Since 2007 Danish numbers need no check digit; without the hyphen they are like any other.
    (re.compile(r"(\d\d)(\d\d)(\d\d)-(\d{4})", re.ASCII), _danish),
)
