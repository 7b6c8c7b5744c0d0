"""Questions whose answer is a number: with a tolerance, and a unit where there is one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from innocap_lms.content.checks import check
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.grading import UNANSWERED, in_words, read_field
from innocap_lms.content.kinds import (
    AnswerRefused,
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import feedback_of, view_of

MAX_CHARACTERS: Final = 20  # of a number and of a unit that an author writes

_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/numeric.html")
# Groups of three with a space between them, or digits alone; then a comma or point and decimals.
_NUMBER: Final = re.compile(r"([+−-]?)([0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+)(?:[.,]([0-9]+))?")
# What one country reads as thousands and another as three decimals.
_THOUSANDS: Final = re.compile(r"[+−-]?[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9±])(?!.*±)")
_PLUS_MINUS: Final = re.compile(r"±|\+/?[-−]")
_SHARE: Final = re.compile(r"(?:±|\+/?[-−]) ?([0-9][0-9., ]*) ?%")
_RAISED: Final = re.compile(r"[0-9][\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2150-\u215e]")
_MARKS: Final = {"٫": ".", "٬": " "}  # of decimals and of thousands beside Arabic digits
_DASHES: Final = str.maketrans("‒–—―", "----")
_APOSTROPHES: Final = re.compile(r"(?<=[0-9])['’](?=[0-9]{3}(?![0-9]))")  # between thousands
_BARE_DECIMALS: Final = re.compile(r"^([+−-]?)([.,][0-9])")
_UNIT: Final = re.compile(r"[^\W\d_][^\s=±]*|[%°‰€$£¥§][^\s=±]*")


@dataclass(frozen=True)
class Amount:
    """An accepted amount: from `low` to `high`, in `unit` or without one."""

    low: Decimal
    high: Decimal
    unit: str


def _number(text: str) -> tuple[Decimal, str] | None:
    """The number at the start of a text, and what follows it."""
    match = _NUMBER.match(text)
    if match is None:
        return None
    sign, whole, decimals = match.groups()
    value = Decimal(f"{whole.replace(' ', '')}.{decimals or '0'}")
    return (-value if sign in ("-", "−") else value), text[match.end() :]


def _plain(text: str) -> str:
    """Every space is an ordinary one, "m²" is m2 and "µ" has one form (NFKC), a dash is a minus,
    what nobody sees is left out, ".5" is 0.5, 1'500 is 1 500, and the digits of every script are
    digits. A raised digit after a number makes it none: 10² is not 102."""
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    if _RAISED.search(seen):
        return ""
    folded = "".join(_digit(each) for each in unicodedata.normalize("NFKC", seen))
    folded = _APOSTROPHES.sub(" ", " ".join(folded.translate(_DASHES).split()))
    return _BARE_DECIMALS.sub(r"\g<1>0\2", folded)


def _digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else _MARKS.get(letter, letter)


def amount(line: str) -> Amount | None:
    """What a line `42 ± 1 km` accepts: number, unit, ± tolerance or ± n %, unit; None if it does
    not read so. A unit stands after a space, unless it is a sign such as %."""
    found = _number(_plain(line))
    if found is None:
        return None
    value, rest = found
    unit, rest = _unit(rest)
    spread = Decimal(0)
    sign = _PLUS_MINUS.match(rest.strip())
    if sign is not None:
        tolerance = _number(rest.strip()[sign.end() :].strip())
        if tolerance is None:
            return None
        spread, rest = tolerance
        if rest.strip().startswith("%"):
            spread, rest = abs(value) * spread / 100, rest.strip()[1:]
        if not unit:
            unit, rest = _unit(rest)
    long = max(len(str(value)), len(str(spread)), len(unit)) > MAX_CHARACTERS
    if rest.strip() or spread < 0 or long:
        return None
    return Amount(value - spread, value + spread, unit)


def _unit(rest: str) -> tuple[str, str]:
    match = _UNIT.match(rest.strip())
    if match is None or (not rest.startswith(" ") and match.group()[0].isalpha()):
        return "", rest
    return match.group(), rest.strip()[match.end() :]


def is_numeric(block: QuestionBlock) -> bool:
    """Whether every accepted answer is a number; one that looks half like one has a problem."""
    return bool(block.answers) and all(
        amount(answer.text) is not None or is_half(answer.text) for answer in block.answers
    )


def is_half(text: str) -> bool:
    """Whether a text has a tolerance like a number, and may be none."""
    return _PLUS_MINUS.search(text) is not None and text[:1] in "+-−0123456789"


def doubt(text: str) -> tuple[str, str] | None:
    """What is wrong with an accepted number that can be read, and what to write instead."""
    found = amount(text)
    if found is None:
        return None
    if _THOUSANDS.match(_plain(text)):
        said = f"“{text}” has decimals here; many would read thousands"
        return (
            said,
            "write thousands with a space (1 000), decimals with fewer or more digits (1,0)",
        )
    share = _SHARE.search(_plain(text))
    if share and found.low == found.high == 0:
        return "a share of 0 is 0: no other number is accepted", "write 0 ± 1"
    if share and found.unit == "%":
        said = f"this accepts {found.low.normalize():f} to {found.high.normalize():f} per cent"
        return said, f"for so many units up and down, write ± {share[1]} without its %"
    return None


def _claims(block: QuestionBlock) -> bool:
    return not block.classes and is_numeric(block)


def _parse(block: QuestionBlock) -> Parsed:
    problems = check(block, ["answers"])
    found = []
    for answer in block.answers:
        one = amount(answer.text)
        if one is None:
            advice = "write = 42, = 42 ± 1 km or = 42 ± 5 %"
            said = f"“{answer.text[:40]}” cannot be read as a number"
            problems.append(problem("C102", Place(block.file, answer.line), said, advice))
        else:
            found.append(one)
            if doubtful := doubt(answer.text):
                here = Place(block.file, answer.line)
                problems.append(problem("C116", here, *doubtful))
    units = {one.unit for one in found}
    several = {"needs_unit": True} if len(units) > 1 else {}
    unit = units.pop() if len(units) == 1 else ""
    return Parsed(
        view=view_of(block, unit=unit, **several),
        key={
            "amounts": [[str(one.low), str(one.high), one.unit] for one in found],
            "lines": [answer.text for answer in block.answers],
        },
        feedback=feedback_of(block),
        problems=tuple(problems),
    )


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    """Right is a number within the tolerance of a line, with that line's unit or none.

    Where the lines have several units, the answer must name one.
    """
    if not answer or not answer[0].strip():
        return UNANSWERED
    amounts = [Amount(Decimal(low), Decimal(high), unit) for low, high, unit in key["amounts"]]
    return in_words(float(is_one_of(amounts, answer[0])))


def is_one_of(amounts: Sequence[Amount], given: str, shown: str = "") -> bool:
    """Whether what a learner wrote is one of these amounts: the number within it, with its unit or,
    where they all have the same one, with none. A bare number has the unit that the page has
    `shown` beside its field."""
    found = _number(_plain(given))
    if found is None:
        return False
    value, given_unit = found[0], _ended(found[1]) or _ended(_plain(shown))
    units = {_ended(_plain(each.unit)) for each in amounts}
    # Where mW and MW are both asked for, case tells them apart.
    spelling = str.casefold if len({unit.casefold() for unit in units}) == len(units) else str
    return any(
        each.low <= value <= each.high
        and (
            spelling(given_unit) == spelling(_ended(_plain(each.unit)))
            or (not given_unit and len(units) == 1)
        )
        for each in amounts
    )


def _ended(rest: str) -> str:
    """What follows a number, without the punctuation that ends a sentence."""
    return rest.strip().rstrip(" .,;:!?")


def _read(view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """The answer of the field. Raises AnswerRefused for words after a number where no unit is
    asked for: "1500 kr" would be wrong, and its writer would never hear why."""
    answer = read_field(view, order, sent)
    takes_unit = view.get("unit") or view.get("needs_unit")
    found = _number(_plain(answer[0])) if answer and not takes_unit else None
    if found is not None and _ended(found[1]):
        raise AnswerRefused("this question takes a number alone")
    return answer


def spelled(given: str) -> str:
    """What a learner wrote in the one spelling of its number, such as "1000.5 km"; a text that is
    no number stays as it is."""
    found = _number(_plain(given))
    if found is None:
        return _plain(given)
    number = f"{found[0]:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number if found[0] else 0} {_ended(found[1])}".strip()


def _compare(lead: QuestionBlock, block: QuestionBlock) -> tuple[Problem, ...]:
    """A translation may name the unit otherwise; the numbers are those of the lead language."""
    if not block.answers or _numbers(lead) == _numbers(block):
        return ()
    advice = "write the numbers of the lead language, or leave the lines out here"
    here = Place(block.file, block.answers[0].line)
    return (problem("C035", here, "other numbers are right than in the lead language", advice),)


def _numbers(block: QuestionBlock) -> list[tuple[Decimal, Decimal] | None]:
    found = [amount(answer.text) for answer in block.answers]
    return [(one.low, one.high) if one else None for one in found]


NUMERIC: Final = QuestionKind(
    "numeric",
    _claims,
    _parse,
    _grade,
    shuffle_options,
    _TEMPLATES,
    read=_read,
    compare=_compare,
    counted=False,
)
