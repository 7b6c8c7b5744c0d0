"""What the parts of a workbook say, element by element."""

import re
from typing import Final

from innocap_lms.spreadsheets.number_formats import Shown, text_of
from innocap_lms.spreadsheets.table import MOST_COLUMNS, Row, TableError

MOST_TEXT: Final = 30_000_000  # characters of all texts, which are kept in memory
_ESCAPED: Final = re.compile("_x((?!d[89a-f])[0-9a-f]{4})_", re.IGNORECASE)


class Marks:
    """What hears of elements and texts while a part is read."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text inside the one that began last."""


class TextMarks(Marks):
    """The texts that cells share: `si`, each with its runs `t` put together (18.4.8)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._runs: list[str] = []
        self._reading, self._phonetic, self._length = False, False, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._reading = not self._phonetic
        elif name == "rPh":  # how the text is pronounced, not the text
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._reading = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.texts.append(_unescaped("".join(self._runs)))
            self._runs = []

    def text(self, text: str) -> None:
        if self._reading:
            self._length += len(text)
            if self._length > MOST_TEXT:
                raise TableError("swells")
            self._runs.append(text)


class SheetMarks(Marks):
    """The rows of a sheet: `row`, `c`, and in that `v`, `f` or `is` (18.3.1)."""

    def __init__(self, texts: list[str], formats: list[Shown], *, base_1904: bool) -> None:
        self._texts, self._formats, self._base_1904 = texts, formats, base_1904
        self._rows: list[Row] = []
        self._number = self._column = 0
        self._cells: dict[int, str] = {}
        self._given: dict[str, str] = {}
        self._said: dict[str, str] = {}
        self._inside = ""

    def taken(self) -> list[Row]:
        """The rows that have ended since this was last asked."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._number = max(int(attributes.get("r", 0)), self._number + 1)
            self._column, self._cells = 0, {}
        elif name == "c":
            self._column = _column(attributes.get("r", "")) or self._column + 1
            self._given, self._said = attributes, {}
        elif name in ("v", "f", "t") and not self._inside:
            self._inside = name
            self._said.setdefault(name, "")
        elif name == "rPh":  # how an inline text is pronounced, not the text
            self._inside = name
            self._said[name] = ""

    def text(self, text: str) -> None:
        if self._inside:
            self._said[self._inside] += text

    def end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""
        elif name == "c" and (said := self._value()):
            if self._column > MOST_COLUMNS:
                raise TableError("too_many_columns", str(MOST_COLUMNS))
            self._cells[self._column] = said
        elif name == "row" and self._cells:
            width = max(self._cells)
            cells = tuple(self._cells.get(column, "") for column in range(1, width + 1))
            self._rows.append(Row(self._number, cells))

    def _value(self) -> str:
        """A formula's last result is not taken: it may be of another day, or of another sheet."""
        if "f" in self._said:
            return f"={self._said['f']}"
        kind, said = self._given.get("t", "n"), self._said.get("v", "")
        if kind == "inlineStr":
            return _unescaped(self._said.get("t", ""))
        if not said or kind in ("str", "e"):
            return _unescaped(said)
        if kind == "s":
            return self._texts[int(said)]
        if kind == "b":
            return "TRUE" if said == "1" else "FALSE"
        if kind == "d":  # ISO 8601, in files of the strict kind
            return said.replace("T", " ")[:16].removesuffix(" 00:00")
        style = int(self._given.get("s", 0))
        shown = self._formats[style] if style < len(self._formats) else "number"
        return text_of(said, shown, base_1904=self._base_1904)


def _unescaped(text: str) -> str:
    """Letters that XML cannot hold are written by their number, as in _x000D_ (22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _column(place: str) -> int:
    """The column of a cell, from 1 on; 0 where the cell does not say."""
    letters = place.rstrip("0123456789")
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - 64
    return number
