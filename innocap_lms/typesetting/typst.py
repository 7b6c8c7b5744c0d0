"""Typst, loaded with the first page that is asked for, and one compiler kept for each template.

A later page takes a few milliseconds. Fonts are those that typst brings and those in `fonts/`: the
same everywhere, whatever the machine has.
"""

import json
import threading
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
TRIAL = Path(__file__).parent / "templates" / "drawable.typ"
# Beside the first font, which has Latin, Greek and Cyrillic.
FALLBACKS = ("Noto Naskh Arabic", "Noto Sans Canadian Aboriginal")
STANDARDS = ["ua-1", "a-3a"]
REPLACEMENT = "□"
INVISIBLE = ("Cf", "Cc", "Cs", "Cn", "Co", "Zl", "Zp")

_lock = threading.Lock()  # a compiler holds the inputs of one document at a time


def typeset(template: Path, inputs: Mapping[str, Any], **how: Any) -> bytes:
    """Set a template, which may import others of its folder. Inputs are data to it and never code:
    each becomes JSON. Raises RuntimeError for what cannot be set."""
    written = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    with _lock:
        return _compiler(template)(sys_inputs=written, **how)


@cache
def _compiler(template: Path) -> Callable[..., bytes]:
    from typst import Compiler  # 80 MB that most processes never need

    compiler = Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    return compiler.compile  # type: ignore[return-value]


def drawable(text: str) -> str:
    """The text with what no font here draws replaced by a box, and without signs that turn lines
    around: a name is data of its bearer, and the page is ours."""
    signs = _signs(text)
    if _draws("".join(sorted({sign for sign in signs if not sign.isascii()}))):
        return "".join(signs)
    return "".join(sign if _draws(sign) else REPLACEMENT for sign in signs)


def _signs(text: str) -> list[str]:
    """The letters and other signs of a text, each with the marks on it, less what is not seen."""
    found: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        if sign.isascii():
            found.append(sign if sign.isprintable() else " ")
        elif kind[0] == "M" and found:
            found[-1] += sign
        elif kind not in INVISIBLE:
            found.append(sign)
    return found


@lru_cache(maxsize=10_000)
def _draws(signs: str) -> bool:
    """Whether the fonts have all these signs: a page that lacks one cannot be set to the standards
    that our documents keep, so one is tried. It takes a millisecond."""
    if signs.isascii():
        return True
    trial = {"trial": {"signs": signs, "fonts": FALLBACKS}}
    try:
        typeset(TRIAL, trial, format="pdf", pdf_standards=STANDARDS)
    except RuntimeError:
        return False
    return True
