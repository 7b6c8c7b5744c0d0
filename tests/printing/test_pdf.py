"""Sheets and slides as PDF: all that a text may hold, on paper, and the same bytes each time."""

import datetime as dt
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from innocap_lms.content.model import Companion, Course
from innocap_lms.printing.pdf import TEMPLATES, deck_pdf, page_count, sheet_pdf
from innocap_lms.printing.sheets import sheet_of
from innocap_lms.printing.slides import Deck, Slide
from innocap_lms.printing.tree import Tree
from innocap_lms.typesetting.typst import typeset
from tests.content.companion_cases import with_companions
from tests.content.courses import SVG, read

DAY = dt.date(2026, 11, 28)
COLUMNS = """#import "text.typ": columns-of
#let cell(words) = ((kind: "text", text: words),)
#let row(..cells) = cells.pos().map(cell)
#layout(room => {
  let node = (head: row("Proposal", "Role", "Level"), rows: (
    row("A camera that sees whether pupils in a classroom are bored", "tillhandahållare", "banned"),
  ))
  let widths = columns-of(node, 220pt)
  assert(widths.at(1) >= measure(strong("tillhandahållare")).width)
  assert(widths.sum() <= 220.01pt)
})
"""
EVERYTHING = """Words with *stress*, **weight**, `code`, [a link](https://example.eu), a
[lesson](interview) and [ett ord]{lang=sv}.[^1]

[^1]: A footnote.

## A heading {#a}

### Under it

- one
  1. first
- [ ] tick

| | Column |
|---|---|
| Row | 1 |
: Caption

Term
: Definition

> [!SUMMARY]
> In short.

> Said.

![A map](images/map.svg "The map")

```python
print(1)
```

$$a^2$$
"""


def course(look: str = "card", body: str = "") -> tuple[Course, Companion]:
    found = read(with_companions()).course
    assert found is not None
    kind = look if look in ("pocket-guide", "facilitator") else "template"
    companion = replace(
        found.companion("need-card" if kind == "template" else kind),
        layout="" if kind != "template" else look,
    )
    return found, replace(companion, bodies={"en": body}) if body else companion


def file(path: str) -> bytes | None:
    return SVG.encode() if path == "images/map.svg" else None


def pages(pdf: bytes) -> int:
    found = len(pikepdf.open(io.BytesIO(pdf)).pages)
    assert page_count(pdf) == found
    return found


@pytest.mark.parametrize("look", ["card", "canvas", "checklist", "pocket-guide", "facilitator"])
def test_all_that_a_text_may_hold_can_be_printed(look: str) -> None:
    sheet = sheet_of(*course(look, EVERYTHING), "en")
    assert pages(sheet_pdf(sheet, file, DAY)) >= 1


@pytest.mark.parametrize("look", ["card", "canvas", "checklist"])
def test_a_template_fills_one_page(look: str) -> None:
    assert pages(sheet_pdf(sheet_of(*course(look), "sv"), file, DAY)) == 1


def test_a_pocket_guide_is_set_smaller_until_it_is_one_page_but_can_still_be_read() -> None:
    few, many = (f"## A\n\n{'Words of a guide. ' * count}" for count in (330, 1500))
    assert pages(sheet_pdf(sheet_of(*course("pocket-guide", few), "en"), file, DAY)) == 1
    assert pages(sheet_pdf(sheet_of(*course("pocket-guide", many), "en"), file, DAY)) > 1


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = sheet_of(*course(), "sv")
    assert sheet_pdf(sheet, file, DAY) == sheet_pdf(sheet, file, DAY)


def test_each_slide_is_one_page_however_much_is_on_it() -> None:
    much = "\n".join(f"- Line {number} of many" for number in range(25))
    slides = (Slide("First", "- aim"), Slide("Much", much), Slide("Map", "![M](images/map.svg)"))
    pdf = pikepdf.open(io.BytesIO(deck_pdf(Deck("en", "First", slides, "foot"), file, DAY)))
    assert len(pdf.pages) == 3
    assert pdf.pages[0].MediaBox[2] > pdf.pages[0].MediaBox[3]


@pytest.mark.parametrize(("wide", "high"), [(480, 640), (480, 390), (900, 200)])
def test_a_picture_has_the_height_of_its_slide_or_its_whole_width(wide: int, high: int) -> None:
    size, form = f'width="{wide}" height="{high}"', f'<path d="M0 0h{wide}v{high}z"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{form}</svg>'.encode()
    slides = (Slide("First", ""), Slide("A title of some length", '![M](images/map.svg "A map")'))
    deck = Deck("en", "First", slides, "foot")
    pdf = pikepdf.open(io.BytesIO(deck_pdf(deck, lambda _: drawing, DAY)))
    page = pdf.pages[1]
    across, up = (float(page.MediaBox[at]) for at in (2, 3))
    corners = [
        (float(operands[0]), float(operands[1]))
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) in ("m", "l")
    ]
    xs, ys = zip(*corners[:4], strict=True)  # the frame that the picture is cut to
    assert max(ys) - min(ys) > 0.7 * up or max(xs) - min(xs) > 0.8 * across
    assert 0 < min(xs) < max(xs) < across


def test_where_a_picture_cannot_be_drawn_its_words_are_printed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sheet = sheet_of(*course("facilitator", "## A\n\n![A map](images/map.svg)"), "en")
    assert pages(sheet_pdf(sheet, lambda _: b"<svg", DAY)) == 1
    assert "cannot be drawn" in caplog.text


def test_what_is_no_pdf_of_ours_has_no_pages_to_count() -> None:
    with pytest.raises(ValueError, match="typst"):
        page_count(b"%PDF-1.4")


def test_on_paper_a_link_into_the_course_is_plain_words_and_a_missing_picture_its_words() -> None:
    tree = Tree("en", lambda _: None)
    (words,) = tree.blocks("[lesson](interview)", under=1)
    assert words["inside"] == [{"kind": "span", "inside": [{"kind": "text", "text": "lesson"}]}]
    (picture,) = tree.blocks("![A map](images/map.svg)", under=1)
    assert picture == {"kind": "paragraph", "inside": [{"kind": "text", "text": "A map"}]}


def test_headings_skip_no_level_whatever_the_author_wrote() -> None:
    blocks = Tree("en", file).blocks("#### A\n\n# B\n\n## C\n\n###### D", under=2)
    assert [each["level"] for each in blocks] == [3, 3, 3, 4]


def test_an_empty_heading_is_left_out_and_an_empty_title_is_a_dash() -> None:
    tree = Tree("en", file)
    assert tree.blocks("###\n\n### {#a}", under=2) == []
    assert tree.title("") == tree.title("![](a.svg)") == [{"kind": "text", "text": "–"}]


def test_a_sign_that_no_font_has_becomes_a_box_and_stops_nothing() -> None:
    sheet = sheet_of(*course("facilitator", "## A\n\nPrint 🖨 it \U000f0000."), "en")
    assert pages(sheet_pdf(sheet, file, DAY)) == 1


def test_no_word_of_a_table_reaches_into_the_next_column(tmp_path: Path) -> None:
    shutil.copy(TEMPLATES / "text.typ", tmp_path)
    (tmp_path / "columns.typ").write_text(COLUMNS, encoding="utf-8")
    typeset(tmp_path / "columns.typ", {}, format="pdf")  # the assertions in it hold
