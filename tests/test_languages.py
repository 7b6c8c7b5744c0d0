"""Every text on screen goes through the catalogue, and the catalogue is complete."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.lexer import TOKEN_DATA

from innocap_lms.people.language import ABROAD, LANGUAGES
from tools.messages import KEYWORDS, PARTS, ROOT, TRANSLATIONS, extracted

CORE = ROOT / "innocap_lms"
SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title", "label")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# What is the same in every language: marks, units and names that are not words.
WORDLESS = re.compile(r"^[\W\d_]*$")
CLASS_NAME = re.compile(r"{% block wide %}.*?{% endblock %}")
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')  # from a macro that writes a part of a tag
# The catalogue of components is for those who build pages and is written in English.
BUILDERS = "styleguide.html"
TEMPLATES = [
    place
    for pattern in ("*/templates/**/*.html", "*/templates/**/*.txt")
    for place in sorted(CORE.glob(pattern))
    if place.name != BUILDERS
]
CATALOGUES = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


class Spoken(HTMLParser):
    """Collects the text and the spoken attributes of a template's own HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN and value]


def hard_coded(template: str) -> Iterator[str]:
    """Words of a template that stand outside the catalogue. Tags of Jinja are cut out first."""
    template = CLASS_NAME.sub("", template)
    environment = Environment(extensions=["jinja2.ext.i18n"])
    html = "".join(
        value if kind == TOKEN_DATA else " "
        for _line, kind, value in environment.lex(template)
        if kind in {TOKEN_DATA, "variable_end", "block_end"}
    )
    parser = Spoken()
    parser.feed(html)
    for text in parser.found:
        if not WORDLESS.match(ATTRIBUTE.sub("", text)):
            yield text.strip()


@pytest.mark.parametrize("place", TEMPLATES, ids=lambda place: str(place.relative_to(CORE)))
def test_a_template_holds_no_words_of_its_own(place: Path) -> None:
    assert list(hard_coded(place.read_text())) == []


def test_the_search_for_hard_coded_text_finds_text_and_attributes() -> None:
    template = '<p class="a">{{ _("Fine") }} Bare words</p><img alt="A boat">{% if a %}·{% endif %}'
    assert list(hard_coded(template)) == ["Bare words", "A boat"]


@pytest.mark.parametrize("place", sorted(CORE.glob("*/views.py")), ids=lambda at: at.parent.name)
def test_a_flashed_message_goes_through_the_catalogue(place: Path) -> None:
    for node in ast.walk(ast.parse(place.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "flash":
            assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr), f"line {node.lineno}"


def test_texts_are_marked_by_names_that_the_extraction_knows() -> None:
    for place in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(place.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
                for name in node.names:
                    marks = name.name.endswith("gettext")
                    assert not marks or (name.asname or name.name) in KEYWORDS, place


def test_each_language_but_english_has_a_catalogue() -> None:
    assert {place.parent.parent.name for place in CATALOGUES} == set(ABROAD) - {"en"}


def test_a_language_of_the_whole_site_has_every_text() -> None:
    assert set(PARTS) == set(ABROAD) - set(LANGUAGES)
    for part in PARTS.values():
        assert [name for name in part if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("place", CATALOGUES, ids=lambda place: place.parent.parent.name)
def test_every_text_is_translated_with_the_same_placeholders(place: Path) -> None:
    template = extracted(place.parent.parent.name)
    with place.open("rb") as file:
        catalogue = read_po(file)
    for message in template:
        if not message.id:
            continue
        one = message.id if isinstance(message.id, str) else message.id[0]
        translated = catalogue.get(one)
        assert translated is not None, f"not in the catalogue: {one!r}"
        texts = translated.string
        for text in texts if isinstance(texts, tuple) else (texts,):
            assert text, f"not translated: {one!r}"
        wanted = set(
            PLACEHOLDER.findall(" ".join([one] if isinstance(message.id, str) else message.id))
        )
        assert set(PLACEHOLDER.findall(str(texts))) <= wanted, one
        assert not translated.fuzzy, one


@pytest.mark.parametrize("place", CATALOGUES, ids=lambda place: place.parent.parent.name)
def test_the_compiled_catalogue_is_the_written_one(place: Path) -> None:
    with place.open("rb") as file:
        written = read_po(file)
    with place.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    for message in written:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            written_forms = message.string
            plural = isinstance(written_forms, tuple)
            assert compiled.get(one).string == (list(written_forms) if plural else written_forms)
