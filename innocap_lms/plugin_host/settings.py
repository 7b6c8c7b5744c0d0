"""Settings of plugins, pure: is a schema sound, does a value fit it, what is in force."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from innocap_lms.plugin_host.contract import Setting
from innocap_lms.plugin_host.words import are_words

Value = str | int | bool
# Why a value does not fit: it is no whole number, below or above the bounds, none of the choices,
# or of another kind altogether.
Why = Literal["number", "least", "most", "choice", "kind"]

NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}\Z")  # exact in JSON, whoever reads it
FURTHEST: Final = 10**15 - 1
LONGEST_TEXT: Final = 500  # characters, where the setting names no bound


class UnfitValue(ValueError):
    """A setting does not take this value; `why` says in a word what is the matter."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class InForce:
    """The value of each setting by name, and which of them had to fall back to their default,
    since what is kept no longer fits."""

    values: Mapping[str, Value]
    fallen_back: frozenset[str]


def bounds(setting: Setting) -> tuple[int, int]:
    """The least and the most: of a number, or of the characters of a text."""
    least, most = (0, LONGEST_TEXT) if setting.kind == "text" else (-FURTHEST, FURTHEST)
    return (
        least if setting.least is None else setting.least,
        most if setting.most is None else setting.most,
    )


def read(setting: Setting, typed: str | None) -> Value:
    """The value in what a form sent, None where the field was not sent. Raises UnfitValue."""
    text = (typed or "").strip()
    if setting.kind == "yes_no":
        return typed is not None
    if setting.kind == "number":
        text = text.replace("\N{MINUS SIGN}", "-")
        if not WHOLE.match(text):
            raise UnfitValue("number")
        return _fitting(setting, int(text))
    return _fitting(setting, text)


def in_force(settings: Iterable[Setting], kept: Mapping[str, object]) -> InForce:
    """What holds for each setting, of what was kept under an older schema perhaps."""
    values, fallen_back = dict[str, Value](), set[str]()
    for setting in settings:
        values[setting.name] = setting.default
        if setting.name in kept:
            try:
                values[setting.name] = _fitting(setting, kept[setting.name])
            except UnfitValue:
                fallen_back.add(setting.name)
    return InForce(values, frozenset(fallen_back))


def _fitting(setting: Setting, value: object) -> Value:
    """The value, if the setting takes it. Raises UnfitValue."""
    if type(value) is not _TYPES[setting.kind]:
        raise UnfitValue("kind")
    if setting.kind == "choice" and value not in setting.choices:
        raise UnfitValue("choice")
    if measure := _MEASURES.get(setting.kind):
        least, most = bounds(setting)
        if measure(value) < least:
            raise UnfitValue("least")
        if measure(value) > most:
            raise UnfitValue("most")
    return value  # type: ignore[return-value]


_TYPES: Final[Mapping[str, type]] = {"text": str, "number": int, "yes_no": bool, "choice": str}
_MEASURES: Final[Mapping[str, Callable[..., int]]] = {"text": len, "number": int}


def fault_of_schema(settings: object) -> str:
    """What makes the settings of a manifest unusable, or "" when nothing does."""
    if not isinstance(settings, tuple):
        return "its settings are not a tuple of Setting: write settings=(Setting(…),)"
    seen: set[str] = set()
    for setting in settings:
        if not isinstance(setting, Setting):
            return f"its settings hold {setting!r}, not a Setting"
        if fault := _fault_of(setting):
            return f"setting {setting.name}: {fault}"
        if setting.name in seen:
            return f"there are two settings named {setting.name}"
        seen.add(setting.name)
    return ""


def _fault_of(setting: Setting) -> str:
    if not isinstance(setting.name, str) or not NAME.match(setting.name):
        return "its name is not a_name of a-z, 0-9 and _"
    if setting.kind not in get_args(Setting.__annotations__["kind"]):
        return f"its kind {setting.kind!r} is not text, number, yes_no or choice"
    if not are_words(setting.labels) or (setting.hints and not are_words(setting.hints)):
        return "labels and hints map languages to text"
    if (setting.kind == "choice") != bool(setting.choices):
        return "a choice, and nothing else, has choices"
    if not all(isinstance(key, str) and are_words(of) for key, of in setting.choices.items()):
        return "choices map values to words, and those languages to text"
    if not all(type(bound) is int for bound in bounds(setting)):
        return "least and most are whole numbers"
    try:
        _fitting(setting, setting.default)
    except UnfitValue as unfit:
        return f"its own rules refuse the default {setting.default!r} ({unfit.why})"
    return ""
