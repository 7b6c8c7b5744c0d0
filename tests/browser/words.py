"""The words on screen in a language, as the site's own catalogue has them."""

import gettext
from collections.abc import Callable
from pathlib import Path

import innocap_lms

TRANSLATIONS = Path(innocap_lms.__file__).parent / "translations"


def words(language: str) -> Callable[[str], str]:
    """From a text of the code to what stands on the page; English stands there as written."""
    return gettext.translation("messages", TRANSLATIONS, [language], fallback=True).gettext
