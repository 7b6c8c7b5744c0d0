"""What a list of people can say of each of them, and what it must not hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _

from innocap_lms.spreadsheets.columns import Column
from innocap_lms.spreadsheets.personal_numbers import looks_personal
from innocap_lms.spreadsheets.problems import OF_CELLS
from innocap_lms.spreadsheets.table import Row, letters

COLUMNS: Final = (
    Column("name", ("namn", "fullständigt namn", "full name", "nimi", "nafn", "ainm"), needed=True),
    Column(
        "email", ("e-post", "e-postadress", "epost", "mejl", "e-mail", "mail", "e-mail address")
    ),
    Column("number", ("anställningsnummer", "anst.nr", "anstnr", "employee number", "employee id")),
    Column("login", ("inloggningsnamn", "användarnamn", "login name", "user name", "username")),
    Column("unit", ("enhet", "avdelning", "arbetsplats", "organisationsenhet", "department")),
    Column("language", ("språk", "kieli", "tungumál", "teanga")),
    Column("first", ("första dag", "anställd från", "från", "start", "from", "start date")),
    Column("last", ("sista dag", "anställd till", "till", "slut", "until", "end date")),
    Column("protected", ("skyddad identitet", "skyddade personuppgifter", "sekretessmarkering")),
)
NAMES: Final[Mapping[str, Any]] = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "number": _("Employee number"),
    "login": _("Login name"),
    "unit": _("Unit"),
    "language": _("Language"),
    "first": _("First day"),
    "last": _("Last day"),
    "protected": _("Protected identity"),
}
WORDS: Final[Mapping[str, Any]] = {
    **OF_CELLS,
    "name": _("This is no name that can be kept."),
    "email": _("This is not an e-mail address such as name@example.org."),
    "login": _("Use 3 to 40 characters: letters a to z, digits, full stop, hyphen, underscore."),
    "nobody": _("There is neither an address nor a login name, nor a number that is known."),
    "no_unit": _("There is no open unit of this name."),
    "several_units": _("Several units have this name. Write the way to it: Care / Home care."),
    "language": _("This is none of the site's languages."),
    "twice": _("This person is also in another row: %(said)s."),
    "two_people": _("The number is one person's, and the address another's."),
    "elsewhere": _("This person cannot be added here. Ask an administrator to do it."),
    "days": _("The last day is before the first."),
    "far_day": _("This day is too far away. Write one from 1990 to 2199."),
}

_TITLES: Final = re.compile(
    r"person(al)?(identity)?(nummer|nr|number)|samordningsnummer|socialsecurity|birthnumber"
    r"|hetu|henkilötunnus|fødselsnummer|personnúmer|cpr(nr|nummer)?|kennitala|pps(n|number)?",
    re.IGNORECASE,
)
_SHARE: Final = 0.2  # of the cells of a column, from which on it is one of such numbers
_SAMPLE: Final = 500  # rows


def personal_column(header: Sequence[str], rows: Iterable[Row]) -> str:
    """The letters of a column that holds personal identity numbers, by its title or by what its
    cells look like; "" for none. A telephone number looks like one now and then: some may."""
    for index, title in enumerate(header):
        if _TITLES.fullmatch(re.sub(r"[\W_]+", "", title)):
            return letters(index)
    said, alike = [0] * len(header), [0] * len(header)
    for row, _number in zip(rows, range(_SAMPLE), strict=False):
        for index in range(len(header)):
            if cell := row.cell(index):
                said[index] += 1
                alike[index] += looks_personal(cell)
    for index, number in enumerate(said):
        if number and alike[index] / number > _SHARE:
            return letters(index)
    return ""
