"""Keep the catalogues in step with the code: `python tools/messages.py` after changing a text.

Extracts every marked text, merges it into each language's messages.po and writes messages.mo.
English is the language of the code and needs no catalogue. A language that is only spoken where
people elsewhere hold and check certificates needs the texts of those pages and files, and no other.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "innocap_lms" / "translations"
# What is said to who holds or checks a certificate, and what stands around each of those pages.
CERTIFICATES = (
    "innocap_lms/credentials/pdf.py",
    "innocap_lms/credentials/pictures.py",
    "innocap_lms/credentials/pinned.py",
    "innocap_lms/credentials/check_views.py",
    "innocap_lms/credentials/views.py",
    *(
        f"innocap_lms/credentials/templates/credentials/{name}.html"
        for name in ("_face", "certificate", "own", "verdict", "verify", "verify_form")
    ),
    "innocap_lms/web/errors.py",
    "innocap_lms/web/texts.py",
    *(
        f"innocap_lms/web/templates/web/{name}.html"
        for name in ("base", "components", "error", "footer", "masthead", "preferences")
    ),
)
PARTS: dict[str, tuple[str, ...]] = {"fi": CERTIFICATES}  # languages that have no other texts
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}


def extracted(locale: str = "") -> Catalog:
    """Every marked text of the code and the templates that a language needs, without line numbers,
    in order of files."""
    part = PARTS.get(locale, ())
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(project="innocap-lms", charset="utf-8")
    found = extract_from_dir(str(ROOT), method_map=methods, options_map=options, keywords=KEYWORDS)
    for name, _line, message, _comments, context in sorted(found, key=lambda item: item[:2]):
        if not part or name in part:
            catalogue.add(message, None, [(name, None)], context=context)
    return catalogue


def main() -> None:
    for place in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        locale = place.parent.parent.name
        with place.open("rb") as file:
            catalogue = read_po(file, locale=locale)
        catalogue.update(extracted(locale), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# innocap-lms in {catalogue.locale}. Write with plain words."
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "-"
        catalogue.creation_date = catalogue.revision_date = EPOCH  # no noise in the history
        with place.open("wb") as file:
            write_po(file, catalogue, width=100, omit_header=False)
        with place.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        missing = [message.id for message in catalogue if message.id and not _translated(message)]
        print(f"{locale}: {len(catalogue)} texts, {len(missing)} without a translation")


def _translated(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main()
