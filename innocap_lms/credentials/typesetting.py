"""Typst, loaded with the first page that is asked for, and one compiler kept for each template.

A later page takes a few milliseconds. Fonts are those that typst brings and those in `fonts/`: the
same everywhere, whatever the machine has.
"""

import json
import threading
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates" / "credentials"
FONTS = Path(__file__).parent / "fonts"
# Beside the first font, which has Latin, Greek and Cyrillic.
FALLBACKS = ("Noto Naskh Arabic", "Noto Sans Canadian Aboriginal")
# What these fonts draw, by the first words of a letter's Unicode name.
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "CANADIAN", "MODIFIER", "COMBINING")
REPLACEMENT = "□"

_lock = threading.Lock()  # a compiler holds the inputs of one document at a time


def typeset(template: str, inputs: Mapping[str, Any], **how: Any) -> bytes:
    """Set a template. Inputs are data to it and never code: each becomes JSON."""
    written = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    with _lock:
        return _compiler(template)(sys_inputs=written, **how)


@cache
def _compiler(template: str) -> Callable[..., bytes]:
    from typst import Compiler  # 80 MB that most processes never need

    compiler = Compiler(
        input=str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    return compiler.compile  # type: ignore[return-value]


def drawable(text: str) -> str:
    """The text with what no font here draws replaced by a box, and without signs that turn lines
    around: a name is data of its bearer, and the page is ours."""
    return "".join(map(_drawn, unicodedata.normalize("NFC", text)))


@cache
def _drawn(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else " "
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Cc", "Cs", "Cn", "Co", "Zl", "Zp"):
        return ""
    if kind[0] in "LM":
        return sign if unicodedata.name(sign, "").split(" ")[0] in SCRIPTS else REPLACEMENT
    return sign if kind[0] in "PNZ" or kind == "Sm" or kind == "Sc" else REPLACEMENT
