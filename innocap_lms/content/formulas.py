"""Formulas: LaTeX to MathML, or the source text where that fails."""

from functools import lru_cache
from html import escape

MAX_CHARACTERS = 2_000


@lru_cache(maxsize=512)
def mathml(source: str, *, display: bool) -> str:
    """MathML for a LaTeX formula; its escaped source in a code element when it cannot be set."""
    return _converted(source, display) or f'<code class="formula">{escape(source)}</code>'


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
        return str(convert(source, display="block" if display else "inline"))
    # The converter raises a class of its own for each fault, and plain IndexError,
    # KeyError or RecursionError for input that it never expected.
    except Exception:
        return ""
