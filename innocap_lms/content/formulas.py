"""Formulas: LaTeX to MathML, or the source text where that fails."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Final
from xml.etree import ElementTree

MAX_CHARACTERS = 2_000

_TAG_NAMES: Final = (
    "math mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
MATH_TAGS: Final = frozenset(_TAG_NAMES.split())
_ATTRIBUTE_NAMES: Final = (
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height "
    "largeop linebreak linethickness lspace mathsize mathvariant maxsize minsize movablelimits "
    "notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width"
)
MATH_ATTRIBUTES: Final = frozenset(_ATTRIBUTE_NAMES.split())
_NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"


@lru_cache(maxsize=512)
def mathml(source: str, *, display: bool) -> str:
    """MathML for a LaTeX formula; its escaped source in a code element when it cannot be set."""
    return _converted(source, display) or f'<code class="formula-source">{escape(source)}</code>'


def can_be_set(source: str, *, display: bool) -> bool:
    """Whether the formula becomes MathML."""
    return bool(_converted(source, display))


@lru_cache(maxsize=512)
def _converted(source: str, display: bool) -> str:
    if len(source) > MAX_CHARACTERS:
        return ""
    # Imported here: the first formula pays for it, not every `course check`.
    from latex2mathml.converter import convert

    try:
        markup = str(convert(source, display="block" if display else "inline"))
        return markup if all(_is_known(element) for element in _elements(markup)) else ""
    # The converter raises a class of its own for each fault, and plain IndexError, KeyError or
    # RecursionError for input that it never expected; its output need not even be XML.
    except Exception:
        return ""


def _elements(markup: str) -> Iterator[ElementTree.Element]:
    # It starts with <math>, so there is no document type that could define entities.
    return ElementTree.fromstring(markup).iter()  # noqa: S314


def _is_known(element: ElementTree.Element) -> bool:
    """The converter copies what it does not know: tags in texts, links, styles, `\\commands`."""
    return (
        element.tag.removeprefix(_NAMESPACE) in MATH_TAGS
        and set(element.attrib) <= MATH_ATTRIBUTES
        and not (element.text or "").startswith("\\")
    )
