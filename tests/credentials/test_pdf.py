"""The PDF: tagged, in the certificate's language, the same bytes each time."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.credentials.pdf import certificate_pdf
from innocap_lms.credentials.queries import CertificateView, certificate
from innocap_lms.plugin_host.contract import Track
from innocap_lms.typesetting.typst import drawable
from tests.conftest import House

URL = "https://example.org/verify/0"
SIGNED = '{"type": ["VerifiableCredential"], "name": "Åre ᐃᓄᒃᑎᑐᑦ"}'
TRACK = Track("t", {"en": "A track"}, {}, "#1D4F91", "#8FB8F0", ((0, 60), (50, 30), (100, 40)))


@pytest.fixture
def swedish(in_app: Flask, house: House, issued: Callable[..., str]) -> CertificateView:
    found = certificate(issued(house.coach))
    assert found is not None
    return found


def make(view: CertificateView, track: Track | None = TRACK) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(certificate_pdf(view, track, URL, "Europe/Stockholm", SIGNED)))


def texts(pdf: pikepdf.Pdf) -> str:
    """The words of the page, by the fonts' own tables from glyph to letter."""
    words = []
    for page in pdf.pages:
        tables = {name: _letters(font) for name, font in page.Resources.Font.items()}
        font = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                font = str(operands[0])
            if str(operator) in ("Tj", "TJ"):
                words.append(_read(operands[0], tables[font]))
            if str(operator) == "EMC":
                words.append(" ")
    return " ".join("".join(words).split())


def _letters(font: pikepdf.Object) -> dict[int, str]:
    table: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(font.ToUnicode):
        if str(operator) == "endbfchar":
            for code, letter in zip(operands[::2], operands[1::2], strict=True):
                table[int.from_bytes(bytes(code))] = bytes(letter).decode("utf-16-be")
    return table


def _read(shown: pikepdf.Object, table: dict[int, str]) -> str:
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    read = ""
    for part in parts:
        if isinstance(part, pikepdf.String):
            code = bytes(part)
            read += "".join(
                table.get(int.from_bytes(code[i : i + 2]), "?") for i in range(0, len(code), 2)
            )
    return read


def structure(node: pikepdf.Object) -> list[pikepdf.Dictionary]:
    """Every element of the structure tree."""
    found = [node] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += structure(child)
    return found


def test_it_is_tagged_named_and_marked_with_its_language(swedish: CertificateView) -> None:
    pdf = make(swedish)
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "sv"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert "De första stegen" in str(pdf.docinfo.Title)
    kinds = [str(element.S) for element in structure(pdf.Root.StructTreeRoot)]
    assert "/H1" in kinds
    assert "/L" in kinds
    metadata = pdf.Root.Metadata.read_bytes().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata


def test_every_figure_has_words_in_its_place(swedish: CertificateView) -> None:
    pdf = make(swedish)
    figures = [e for e in structure(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
    assert len(figures) == 1
    assert URL in str(figures[0].Alt)


def test_its_text_holds_name_title_issuer_and_number(swedish: CertificateView) -> None:
    words = texts(make(swedish))
    for expected in (
        "Coach",
        "De första stegen",
        "ta ett första steg",
        "North",
        swedish.id,
        URL,
        "23 november 2026",
        "23 november 2028",
    ):
        assert expected in words


@pytest.mark.parametrize(
    "name",
    [
        "Áilu Čállit-Þórðardóttir Đorđević von Ängström och Östenson-Åkerlund d.y.",
        "Łucja Ŋuorta Ŧ Ž",
        '"#panic() $x$ *bold* @label \\ <a>',
    ],
)
def test_a_name_is_set_as_it_is_on_one_page(swedish: CertificateView, name: str) -> None:
    pdf = make(replace(swedish, holder_name=name))
    assert len(pdf.pages) == 1
    assert name.replace(" ", "") in texts(pdf).replace(" ", "")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Áššu Ǥuoŋđa Ǯiǯǯâ Õõllâž", None),  # Northern and Skolt Sámi
        ("Þórarinn Ægisson Ölduðóttir", None),
        ("Ελένη Παπαδοπούλου", None),
        ("Ярослава Їжакевич", None),
        ("عبد الرحمن", None),
        ("ᐃᓄᒃᑎᑐᑦ ᓄᓇᕗᑦ", None),
        ("Mia \U0001f600 Å", "Mia □ Å"),
        ("Anna \u202egnirts", "Anna gnirts"),
        ("</text><script>alert(1)</script>", None),
        ("W" * 300, None),
    ],
)
def test_no_letter_of_a_name_is_missing(
    swedish: CertificateView, words: str, shown: str | None
) -> None:
    pdf = make(replace(swedish, holder_name=words))
    assert len(pdf.pages) == 1
    assert str(pdf.docinfo.Title).endswith(shown or words)
    for font in pdf.pages[0].Resources.Font.values():
        assert 0 not in _letters(font), "a glyph that says: there is none"


def widest(pdf: pikepdf.Pdf) -> int:
    """How many letters the longest run of the page has, all in one line."""
    runs = [0]
    for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
        if str(operator) in ("Tj", "TJ"):
            shown = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
            letters = [bytes(part) for part in shown if isinstance(part, pikepdf.String)]
            runs.append(sum(map(len, letters)) // 2)
    return max(runs)


def test_a_long_word_stays_on_the_page(swedish: CertificateView) -> None:
    assert widest(make(replace(swedish, holder_name="W" * 200))) < 100


# In names: brackets of Asia. In words of courses: whatever a trainer writes.
SIGNS = "Elin Sandström（Holm） １２ AI \U0001f642 日本 ✓ → ☕ a\u200bb ½ e\u0301 x\u0303\u0331"


def test_whatever_is_written_in_it_it_can_be_set(swedish: CertificateView) -> None:
    details = {**swedish.details, "title": SIGNS, "summary": SIGNS, "because": SIGNS}
    pdf = make(
        replace(
            swedish,
            holder_name=SIGNS,
            issuer_name=SIGNS,
            details={**details, "outcomes": [SIGNS, "ett första steg"]},
        ),
        replace(TRACK, names={"en": SIGNS}),
    )
    words = texts(pdf)
    assert "Elin Sandström□Holm□" in words.replace(" □", "□").replace("□ ", "□")
    assert "ett första steg" in words


def test_every_sign_that_is_kept_has_a_letter_in_the_fonts(swedish: CertificateView) -> None:
    signs = [chr(code) for code in (*range(0xA1, 0x250), *range(0x2010, 0x2200), 0xFF08)]
    kept = drawable(" ".join(signs))
    assert "Å" in kept
    assert "→" in kept
    assert "（" not in kept
    assert URL in texts(make(replace(swedish, issuer_name=kept)))


def test_its_credential_lies_in_it_as_a_file(swedish: CertificateView) -> None:
    pdf = make(swedish)
    (attached,) = pdf.Root.AF
    assert str(attached.AFRelationship) == "/Data"
    assert attached.Desc
    assert attached.EF.F.read_bytes().decode() == SIGNED
    assert str(attached.EF.F.Subtype) == "/application/json"
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_the_same_certificate_gives_the_same_bytes(swedish: CertificateView) -> None:
    one, other = (
        certificate_pdf(swedish, TRACK, URL, "Europe/Stockholm", SIGNED) for _ in range(2)
    )
    assert one == other


def test_a_track_whose_plugin_is_gone_leaves_a_plain_line(swedish: CertificateView) -> None:
    assert "Norra spåret" in texts(make(swedish, track=None)), "as it was called then"
    details = {name: each for name, each in swedish.details.items() if name != "track_name"}
    older = replace(swedish, details=details)
    assert "northern" in texts(make(older, track=None))


def test_it_is_downloaded_by_its_address(
    client: FlaskClient, house: House, issued: Callable[..., str]
) -> None:
    answer = client.get(f"/certificates/{issued(house.coach, 'en')}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert str(pikepdf.open(io.BytesIO(answer.data)).Root.Lang) == "en"


def test_the_app_starts_without_the_typesetter() -> None:
    check = "import sys, innocap_lms.app; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
