"""The last gate before a page: only what stands in these lists gets through.

Our own rules write no script, style or frame; but plugins bring Markdown rules too, and a fault in
a converter must not become a hole.
"""

from functools import lru_cache
from typing import Final

import nh3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS: Final = _words(
    "a abbr aside audio blockquote br caption code dd del div dl dt em figcaption figure h1 "
    "h2 h3 h4 h5 h6 hr img input label li ol p pre section span strong sub sup table tbody td "
    "th thead tr track ul video"
)
_MATH_TAGS: Final = _words(
    "math mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
_MATH_ATTRIBUTES: Final = _words(
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height "
    "largeop linebreak linethickness lspace mathsize mathvariant maxsize minsize movablelimits "
    "notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset "
    "width xmlns"
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"id", "class", "lang", "title", "role", "tabindex", "aria-label", "aria-labelledby"},
    "a": {"href", "rel"},
    "audio": {"src", "controls", "preload"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "input": {"checked", "disabled"},
    "ol": {"start"},
    "th": {"scope"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "controls", "preload", "width", "height"},
}


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS | _MATH_TAGS),
        attributes={**_ATTRIBUTES, **{tag: set(_MATH_ATTRIBUTES) for tag in _MATH_TAGS}},
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def sanitised(html: str) -> str:
    """The same HTML without anything that is not on the lists."""
    return _cleaner().clean(html)
