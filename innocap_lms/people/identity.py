"""What a name, an e-mail address and a login name may look like."""

import re
import unicodedata
from collections.abc import Mapping

from flask_babel import gettext as _

from innocap_lms.spreadsheets.personal_numbers import looks_personal

_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]+@[^@\s.]+(\.[^@\s.]+)*")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d\d)?(\d{6})[-+ ]?(\d{4})(?!\d)")


class InvalidInputError(ValueError):
    """What was asked for cannot be done. `errors` says why, field by field, in plain words.

    The empty field name stands for the whole form.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


def fold_account(text: str) -> str:
    """An e-mail address or login name as it is kept and compared: the case does not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def clean_name(text: str) -> str:
    """A name with single spaces and composed characters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same to whoever reads them: spaces, case and the way in which
    letters are composed make no difference."""
    return clean_name(one).casefold() == clean_name(other).casefold()


def holds_personal_number(text: str) -> bool:
    """Whether a Swedish personal identity number or coordination number stands in `text`.

    Ten or twelve digits whose first six are a date (day + 60 for a coordination number) and whose
    last is the checksum by the Luhn algorithm. Source: Swedish Tax Agency, SKV 704 and SKV 707.
    """
    return any(_is_personal_number(*match.groups()) for match in _PERSONAL_NUMBER.finditer(text))


def _is_personal_number(date: str, rest: str) -> bool:
    month, day = int(date[2:4]), int(date[4:6])
    if not (1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)):
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(date + rest)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def name_problem(name: str) -> str | None:
    """What is wrong with the (cleaned) name of a person, organisation or unit, or None."""
    if not name:
        return _("Enter a name.")
    if len(name) > 200:
        return _("Use at most %(count)s characters.", count=200)
    if any(unicodedata.category(character).startswith("C") for character in name):
        return _("The name holds a character that cannot be shown. Enter it again.")
    return personal_number_problem(name)


def email_problem(email: str) -> str | None:
    """What is wrong with a (folded) e-mail address, or None."""
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        return _("Enter an e-mail address such as name@example.org.")
    return personal_number_problem(email)


def login_problem(login: str) -> str | None:
    """What is wrong with a (folded) login name, or None."""
    problem = personal_number_problem(login)
    if problem is None and not _LOGIN.fullmatch(login):
        return _("Use 3 to 40 characters: letters a to z, digits, full stop, hyphen, underscore.")
    return problem


def personal_number_problem(text: str) -> str | None:
    """Why a text may not be kept, where it holds a personal identity number of whatever country."""
    elsewhere = any(looks_personal(part) for part in text.split())
    if not elsewhere and not holds_personal_number(text):
        return None
    return _(
        "This looks like a personal identity number. It must not be kept here: "
        "use a name or a number that means nothing elsewhere."
    )
