"""The last gate before a page: only what stands in these lists gets through.

Our own rules write no script, style or frame; but plugins bring Markdown rules too, and a fault in
a converter must not become a hole.
"""

from functools import lru_cache
from typing import Final

import nh3

from innocap_lms.content.formulas import MATH_ATTRIBUTES, MATH_TAGS

_TAG_NAMES: Final = (
    "a abbr aside audio blockquote br caption code dd del div dl dt em figcaption figure h1 "
    "h2 h3 h4 h5 h6 hr img input label li ol p pre section span strong sub sup table tbody td "
    "th thead tr track ul video"
)
_TAGS: Final = frozenset(_TAG_NAMES.split())
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"id", "class", "lang", "title", "role", "tabindex", "aria-label", "aria-labelledby"},
    "a": {"href", "rel"},
    "audio": {"src", "controls", "preload"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "input": {"checked"},
    "ol": {"start"},
    "th": {"scope"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "controls", "preload", "width", "height"},
}


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS | MATH_TAGS),
        attributes={**_ATTRIBUTES, **{tag: {*MATH_ATTRIBUTES, "xmlns"} for tag in MATH_TAGS}},
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def sanitised(html: str) -> str:
    """The same HTML without anything that is not on the lists."""
    return _cleaner().clean(html)
