"""What a list of completions says: its columns, and each of its rows once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _

from innocap_lms.requirements.services import EARLIEST, LONGEST_REASON
from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.cells import CellError
from innocap_lms.spreadsheets.columns import Column
from innocap_lms.spreadsheets.personal_numbers import looks_personal
from innocap_lms.spreadsheets.problems import OF_CELLS

COLUMNS: Final = (
    Column(
        "who",
        (
            "E-post", "E-postadress", "Email", "E-mail", "Mail", "Användarnamn", "Användare",
            "Anställningsnummer", "Anställnings-id", "Username", "User", "Login", "Employee id",
            "Sähköposti", "Netfang", "Courriel", "Ríomhphost",
        ),
        needed=True,
    ),
    Column(
        "course",
        ("Kurs", "Kurs-id", "Kursnamn", "Utbildning", "Course", "Course id", "Title", "Kurssi",
         "Námskeið", "Cours", "Cúrsa"),
    ),
    Column(
        "day",
        ("Dag", "Datum", "Genomförd", "Klar", "Avslutad", "Slutdatum", "Completed",
         "Completion date", "Date", "Day", "Päivä", "Dagsetning", "Dáta"),
    ),
    Column("hours", ("Timmar", "Antal timmar", "Hours", "Tunnit", "Heures")),
    Column("reason", ("Skäl", "Grund", "Anteckning", "Reason", "Note", "Comment")),
    Column("evidence", ("Underlag", "Intyg", "Bevis", "Diarienummer", "Evidence", "Certificate")),
)  # fmt: skip

NAMES: Final[Mapping[str, Any]] = {
    "who": _("Who (e-mail or user name)"),
    "course": _("Course"),
    "day": _("Day"),
    "hours": _("Hours"),
    "reason": _("Reason"),
    "evidence": _("Evidence"),
}

OF_ROWS: Final[Mapping[str, Any]] = {
    **OF_CELLS,
    "unknown_person": _("Nobody in the organisation has this address or user name."),
    "oneself": _("It is about whoever sent in or confirmed the list: another HR officer notes it."),
    "unknown_course": _("No course has this title or id."),
    "future": _("The day has not come yet."),
    "too_early": _("The day is before 1990."),
}


@dataclass
class Read:
    """What a row says, as far as it can be read; `wrong` names column and code for the rest."""

    who: str = ""
    course: str = ""
    day: date | None = None
    wrong: list[tuple[str, str]] = field(default_factory=list)


def read(said: Mapping[str, str], shared: Mapping[str, str], today: date) -> Read:
    """Read a row; what it does not say itself, `shared` says."""
    whole = {name: said.get(name) or shared.get(name, "") for name in NAMES}
    found = Read(who=whole["who"].casefold(), course=whole["course"])

    def tried(name: str, reading: Any) -> Any:
        if not whole[name]:
            return None
        try:
            return reading(whole[name])
        except CellError as error:
            found.wrong.append((name, error.code))
            return None

    if not found.who and "person" not in said:
        found.wrong.append(("who", "missing"))
    elif looks_personal(found.who):
        found.wrong.append(("who", "personal_number"))
    if tried("who", lambda text: cells.text(text, 254)) is None:
        found.who = ""
    if not found.course and not shared.get("requirement"):
        found.wrong.append(("course", "missing"))
    tried("course", lambda text: cells.text(text, 300))
    if not whole["day"]:
        found.wrong.append(("day", "missing"))
    found.day = tried("day", cells.day)
    if found.day and found.day > today:
        found.wrong.append(("day", "future"))
    elif found.day and found.day < EARLIEST:
        found.wrong.append(("day", "too_early"))
    tried("hours", cells.hours)
    for name in ("reason", "evidence"):
        tried(name, lambda text: cells.text(text, LONGEST_REASON))
    return found


def plain(title: str) -> str:
    """A title without regard to capitals and spaces."""
    return " ".join(title.split()).casefold()
