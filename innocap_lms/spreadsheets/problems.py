"""What is wrong with a table or with one of its cells, in words.

A problem is kept as data and put into words for whoever reads it, in their language. Who reads
tables about something adds codes of its own beside these.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _

from innocap_lms.spreadsheets.table import TableError


class Problem(NamedTuple):
    """A cell that cannot be taken: the row as spreadsheet programs count, the column's letters and
    title, what is wrong, and what the cell says, up to 100 characters."""

    row: int
    column: str
    title: str
    code: str
    said: str = ""


OF_FILES: Final[Mapping[str, object]] = {  # each may name `text`
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(text)s MB. Send it in parts."),
    "too_many_rows": _("The table has more than %(text)s rows. Send it in parts."),
    "too_many_columns": _("The table has more than %(text)s columns."),
    "old_excel": _(
        "The file is from an old Excel (.xls) or is locked by a password. Save it as an Excel "
        "workbook (.xlsx) without a password."
    ),
    "open_document": _("The file is an OpenDocument sheet. Save it as .xlsx or .csv."),
    "no_table": _("The file is no table. Save it as .xlsx or .csv."),
    "locked": _("The file is locked by a password. Save it without one."),
    "broken": _("The file is broken and cannot be read. Save it again, and send that."),
    "swells": _("The file unpacks to far more than a table of people needs, and is not read."),
    "encoding": _(
        "Line %(text)s holds characters that cannot be read. Save the file as “CSV UTF-8”."
    ),
    "quote": _("In row %(text)s or the one before it, a quotation mark opens and never closes."),
    "no_column": _("Choose the column for: %(text)s."),
    "column_twice": _("Column %(text)s was chosen for two things."),
    "no_such_column": _("The table has no column %(text)s."),
}

OF_CELLS: Final[Mapping[str, object]] = {
    "missing": _("Nothing is said here."),
    "formula": _("This is a formula. Put its value in its place (copy, and paste as values)."),
    "too_long": _("This is too long."),
    "unprintable": _("This holds characters that cannot be shown."),
    "day": _("This is not a day. Write it as 2026-11-23."),
    "hours": _("This is not a number of hours. Write it as 7.5 or 7,5."),
    "whole_number": _("This is not a whole number."),
    "personal_number": _(
        "This looks like a personal identity number. Such numbers are never taken in: remove the "
        "column."
    ),
}


def of_file(error: TableError, names: Mapping[str, str] | None = None) -> str:
    """The words for a file that was refused. `names` are people's words for names of columns."""
    text = (names or {}).get(error.text, error.text)
    return str(OF_FILES[error.code]) % {"text": text}
