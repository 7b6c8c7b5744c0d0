"""What a number in a sheet stands for: the number itself, a day, or hours (ECMA-376, 18.8.30)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final, Literal

Shown = Literal["number", "day", "elapsed"]

_DAY, _ELAPSED = "yyyy-mm-dd", "[h]:mm"
BUILT_IN: Final = {  # by their ids; 27 to 36 and 50 to 58 are days in East Asian editions
    **{str(number): _DAY for number in (*range(14, 23), *range(27, 37), *range(50, 59))},
    **{str(number): _ELAPSED for number in (45, 46, 47)},
}
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_EPOCH_BEFORE_MARCH: Final = datetime(1899, 12, 31, tzinfo=UTC)  # for Excel, 1900 is a leap year
_EPOCH_1904: Final = datetime(1904, 1, 1, tzinfo=UTC)
_NO_LETTERS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def shown_as(code: str) -> Shown:
    """What a format makes of a number. Texts, colours and languages in it say nothing."""
    letters = _NO_LETTERS.sub("", code.split(";")[0]).lower()
    if "[" in letters:
        return "elapsed"
    return "day" if set(letters) & set("ydhs") or "mm" in letters else "number"


def text_of(raw: str, shown: Shown, *, base_1904: bool) -> str:
    """The number as text: "7.5", "2026-11-23", "2026-11-23 10:30", or "27:30" for hours."""
    try:
        value = float(raw)
    except ValueError:
        return raw
    if not isfinite(value):
        return raw
    if shown == "day" and value >= 1:
        return _day(value, base_1904=base_1904) or _plain(value)
    if shown != "number" and value >= 0:
        minutes = round(value * 24 * 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return _plain(value)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def _day(value: float, *, base_1904: bool) -> str | None:
    base = _EPOCH_1904 if base_1904 else _EPOCH if value >= 61 else _EPOCH_BEFORE_MARCH
    try:
        moment = base + timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return None
    return f"{moment:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
