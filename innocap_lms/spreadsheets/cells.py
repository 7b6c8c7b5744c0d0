"""Read what a cell says: days, hours, numbers, as people of several countries write them."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

_EUROPEAN: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII
)
_NUMBER_OF_DAY: Final = re.compile(r"[3-7]\d{4}", re.ASCII)
_EPOCH: Final = date(1899, 12, 30)
_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)
_HOURS: Final = re.compile(r"\s*(h|tim|timmar|hours?|t|heures?|uair)\.?$", re.IGNORECASE)


class CellError(ValueError):
    """A cell that cannot be read; `code` is one of `problems.WORDS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(said: str, longest: int) -> str:
    """The words of a cell. Raises CellError for a formula, and where there is too much of it."""
    if said.startswith("="):
        raise CellError("formula")
    if len(said) > longest:
        raise CellError("too_long")
    if not said.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable():
        raise CellError("unprintable")
    return said


def day(said: str) -> date:
    """2026-11-23, 20261123, 23.11.2026, 23/11/2026 (the day first, as in Europe), a moment of which
    the day counts, or the number that Excel has for a day. Raises CellError."""
    said = text(said, 40)
    try:
        if found := _ISO.fullmatch(said):
            return date(*map(int, found.groups()))
        if found := _EUROPEAN.fullmatch(said):
            return date(*map(int, reversed(found.groups())))
        if _NUMBER_OF_DAY.fullmatch(said):
            return _EPOCH + timedelta(days=int(said))
    except ValueError:
        pass
    raise CellError("day")


def hours(said: str) -> Decimal:
    """7.5, 7,5, "7,5 h" or 7:30 as hours, with at most two decimals. Raises CellError."""
    said = _HOURS.sub("", text(said, 40)).strip()
    if clock := _CLOCK.fullmatch(said):
        return (int(clock[1]) + Decimal(int(clock[2])) / 60).quantize(Decimal("0.01"))
    try:
        found = Decimal(said.replace(",", "."))
    except InvalidOperation:
        raise CellError("hours") from None
    if not found.is_finite() or not 0 <= found < 10_000:
        raise CellError("hours")
    return found.quantize(Decimal("0.01"))


def whole_number(said: str) -> int:
    """A whole number that is not negative. Raises CellError."""
    said = text(said, 40).removesuffix(".0").removesuffix(",0")
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise CellError("whole_number")
    return int(said)
