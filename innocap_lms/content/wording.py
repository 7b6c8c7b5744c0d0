"""The few words that a rendered text adds to what its author wrote, by language."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "en": {
        "note": "Note",
        "tip": "Tip",
        "warning": "Warning",
        "example": "Example",
        "try": "Try it now",
        "mistakes": "Common mistakes",
        "summary": "Summary",
        "table": "Table",
        "code": "Code",
        "formula": "Formula",
        "footnotes": "Footnotes",
        "footnote": "Footnote",
        "back": "Back to the text",
        "captions": "Captions",
        "transcript": "Read what is said",
        "true": "True",
        "false": "False",
        "unit": "Unit:",
        "date": "Date:",
        "page": "Slide %(number)s of %(count)s",
        "next": "Next slide",
        "previous": "Previous slide",
    },
    "sv": {
        "note": "Observera",
        "tip": "Tips",
        "warning": "Varning",
        "example": "Exempel",
        "try": "Pröva nu",
        "mistakes": "Vanliga misstag",
        "summary": "Sammanfattning",
        "table": "Tabell",
        "code": "Kod",
        "formula": "Formel",
        "footnotes": "Fotnoter",
        "footnote": "Fotnot",
        "back": "Tillbaka till texten",
        "captions": "Undertexter",
        "transcript": "Läs vad som sägs",
        "true": "Sant",
        "false": "Falskt",
        "unit": "Enhet:",
        "date": "Datum:",
        "page": "Bild %(number)s av %(count)s",
        "next": "Nästa bild",
        "previous": "Förra bilden",
    },
}

# How a language calls itself in a player's list of captions.
LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English",
    "sv": "Svenska",
    "fi": "Suomi",
    "nb": "Norsk bokmål",
    "da": "Dansk",
    "is": "Íslenska",
    "fr": "Français",
    "ga": "Gaeilge",
}


def wording(
    language: str, more: Mapping[str, Mapping[str, str]] | None = None
) -> Mapping[str, str]:
    """The words for a language: those of `more` first, then ours, then English."""
    base = language.partition("-")[0]
    layers = [WORDING["en"], WORDING.get(base, {})]
    layers += [(more or {}).get(base, {}), (more or {}).get(language, {})]
    return {name: text for layer in layers for name, text in layer.items()}
