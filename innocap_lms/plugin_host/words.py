"""What plugins call things: names that stand in addresses, and words by language."""

import re
from collections.abc import Mapping
from typing import Final

Words = Mapping[str, str]  # language code to text; English is what others fall back to

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def are_words(words: object) -> bool:
    """Whether something maps languages to text, at least one."""
    return isinstance(words, Mapping) and bool(words) and all(map(_is_word, words.items()))


def _is_word(word: tuple[object, object]) -> bool:
    language, text = word
    return (
        isinstance(language, str)
        and LANGUAGE.match(language) is not None
        and isinstance(text, str)
        and bool(text.strip())
    )
