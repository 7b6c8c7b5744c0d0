"""Tables that people send in, as the programs of several countries write them."""

import zipfile
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.spreadsheets import sheet, table, workbook
from innocap_lms.spreadsheets.problems import OF_FILES
from innocap_lms.spreadsheets.reading import opened
from innocap_lms.spreadsheets.table import Row, TableError, letters

TEXT = "E-post;Namn;Dag\nåsa@x.example;Åsa Öberg;2025-03-01\n\nbo@x.example;Bo;1.4.2025\n"


def sent(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def refused(file: Path) -> str:
    with pytest.raises(TableError) as error:
        list(opened(file).rows())
    return error.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_reads_the_same_however_it_was_saved(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    words = TEXT.replace(";", separator).replace("\n", end)
    found = opened(sent(tmp_path, words.encode(encoding)))
    assert found.header == ("E-post", "Namn", "Dag")
    assert list(found.rows()) == [
        Row(2, ("åsa@x.example", "Åsa Öberg", "2025-03-01")),
        Row(4, ("bo@x.example", "Bo", "1.4.2025")),
    ]
    assert list(found.rows()) == list(found.rows()), "a table can be read as often as one asks"


def test_a_comma_in_a_name_or_a_line_in_a_cell_parts_nothing(tmp_path: Path) -> None:
    words = 'Namn, först;Anteckning\n"Berg, Eva";"två\nrader"\nBo;""\n'
    rows = list(opened(sent(tmp_path, words.encode())).rows())
    assert rows == [Row(2, ("Berg, Eva", "två\nrader")), Row(3, ("Bo", ""))]


def test_the_line_that_excel_writes_to_itself_is_no_header(tmp_path: Path) -> None:
    found = opened(sent(tmp_path, b"sep=,\r\nE-post,Dag\r\na@x.example,2025-01-01\r\n"))
    assert found.header == ("E-post", "Dag")
    assert [row.number for row in found.rows()] == [2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n ; \n\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"%PDF-1.7\n", "no_table"),
        (b"PK\x03\x04 and no more", "broken"),
        (b"PK\x05\x06;cut off", "broken"),
        (b"PK\x01\x02\nEva;2025-01-01\n", "broken"),
        (b"GIF89a\0\0\1\0\1", "no_table"),
        (b"Name;Day\nEva;\x81\n", "encoding"),
        (b'Name;Day\nEva;"2025-01-01\n' + b"Bo;2025-01-01\n" * 20_000, "quote"),
        (b";".join([b"x"] * 300), "too_many_columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_words(
    tmp_path: Path, content: bytes, code: str
) -> None:
    assert refused(sent(tmp_path, content)) == code


def test_a_column_may_be_called_pk(tmp_path: Path) -> None:
    assert opened(sent(tmp_path, b"PK;Name\n1;Eva\n")).header == ("PK", "Name")


def test_more_rows_than_one_takes_are_refused_and_not_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 3)
    assert refused(sent(tmp_path, b"a\n1\n2\n3\n")) == "too_many_rows"


# ------------------------------------------------------------------ workbooks


def written(file: Path, options: dict[str, bool] | None = None) -> Path:
    with xlsxwriter.Workbook(file, {"remove_timezone": True, **(options or {})}) as book:
        hidden, page = book.add_worksheet("notes"), book.add_worksheet("list")
        page.activate()
        page.set_first_sheet()
        hidden.hide()
        hidden.write(0, 0, "not this one")
        day = book.add_format({"num_format": "d mmmm yyyy"})
        moment = book.add_format({"num_format": 22})
        long = book.add_format({"num_format": "[h]:mm"})
        money = book.add_format({"num_format": '#,##0.00 "dagar"'})
        page.write_row(0, 0, ["E-post", "Dag", "Timmar", "Stund", "Längd", "Pris"])
        page.write_row(2, 0, ["åsa@x.example"])
        page.write_datetime(2, 1, datetime(2025, 3, 1, tzinfo=UTC), day)
        page.write_number(2, 2, 0.075)
        page.write_datetime(2, 3, datetime(2025, 3, 1, 10, 30, tzinfo=UTC), moment)
        page.write_number(2, 4, 27.5 / 24, long)
        page.write_number(2, 5, 1234.5, money)
        page.write_formula(3, 0, '="bo"&"@x.example"', value="bo@x.example")
        page.write_number(3, 2, 12)
        page.write_boolean(3, 3, True)
        page.write_datetime(3, 4, time(7, 30), book.add_format({"num_format": "hh:mm"}))
        page.write_rich_string(4, 0, "eva", book.add_format({"bold": True}), "@x.example")
    return file


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}, {"date_1904": True}])
def test_days_hours_and_texts_of_a_workbook_are_what_its_reader_sees(
    tmp_path: Path, options: dict[str, bool]
) -> None:
    found = opened(written(tmp_path / "list.xlsx", options))
    assert found.form == "XLSX"
    assert found.header == ("E-post", "Dag", "Timmar", "Stund", "Längd", "Pris")
    first, second, third = found.rows()
    day, stund = "2025-03-01", "2025-03-01 10:30"
    assert first == Row(3, ("åsa@x.example", day, "0.075", stund, "27:30", "1234.5"))
    assert second.cells[0].startswith("="), "a formula is told from its last result"
    assert (second.number, *second.cells[1:]) == (4, "", "12", "TRUE", "7:30")
    assert third == Row(5, ("eva@x.example",))


ROOT_RELATIONS = (
    '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK = '<workbook><sheets><sheet name="x" r:id="b"/></sheets></workbook>'
RELATIONS = (
    '<Relationships><Relationship Id="b" Type="x/worksheet" Target="/xl/s.xml"/>'
    '<Relationship Id="t" Type="x/sharedStrings" Target="texts.xml"/></Relationships>'
)
TEXTS = (
    "<sst><si><t>E-post</t></si><si><r><t>a</t></r><rPh><t>nej</t></rPh><r><t>b</t></r></si></sst>"
)


def by_hand(folder: Path, rows: str, **parts: str) -> Path:
    """A workbook with what no spreadsheet program would write."""
    all_parts = {
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/texts.xml": TEXTS,
        "xl/s.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
    }
    file = folder / "list.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**all_parts, **parts}.items():
            if content:
                archive.writestr(name, content)
    return file


def test_cells_without_places_inline_texts_and_other_prefixes_are_read(tmp_path: Path) -> None:
    rows = (
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>Dag</x:t></x:is></x:c>'
        '</x:row><x:row r="9"><x:c r="AB9" t="s"><x:v>1</x:v></x:c></x:row>'
        '<x:row><x:c t="d"><x:v>2025-03-01T00:00:00</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c>'
        "</x:row>"
    )
    found = opened(by_hand(tmp_path, rows))
    assert found.header == ("E-post", "Dag")
    assert list(found.rows()) == [Row(9, ("",) * 27 + ("ab",)), Row(10, ("2025-03-01", "#N/A"))]


CELL = '<row><c t="s"><v>0</v></c></row>'


@pytest.mark.parametrize(
    ("rows", "parts", "code"),
    [
        ('<row><c t="s"><v>7</v></c></row>', {}, "broken"),
        ("<row><c>", {}, "broken"),
        ('<row r="first"/>', {}, "broken"),
        (CELL, {"xl/texts.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}, "broken"),
        (CELL, {"xl/s.xml": "", "content.xml": "<a/>", "_rels/.rels": ""}, "open_document"),
        (CELL, {"xl/s.xml": ""}, "no_table"),
        (CELL, {"xl/workbook.xml": ""}, "no_table"),
        (CELL, {f"xl/{number}.xml": "x" for number in range(9000)}, "swells"),
        ('<row><c r="AAA1" t="s"><v>0</v></c></row>', {}, "too_many_columns"),
        (CELL * 300_000, {}, "too_many_rows"),
        ('<row r="2000000"><c t="s"><v>0</v></c></row>', {}, "too_many_rows"),
        ("", {}, "empty"),
    ],
)
def test_a_workbook_made_to_harm_is_refused_with_words(
    tmp_path: Path, rows: str, parts: dict[str, str], code: str
) -> None:
    assert refused(by_hand(tmp_path, rows, **parts)) == code
    assert code in OF_FILES


def test_a_file_that_unpacks_to_gigabytes_is_left_at_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 100_000)
    assert refused(by_hand(tmp_path, f"{CELL}<!--{' ' * 200_000}-->")) == "swells"
    monkeypatch.undo()
    monkeypatch.setattr(sheet, "MOST_TEXT", 5)
    assert refused(by_hand(tmp_path, CELL)) == "swells"


def test_a_workbook_cut_off_on_its_way_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "list.xlsx").read_bytes()
    for share in (0.3, 0.6, 0.99):
        cut = sent(tmp_path, whole[: int(len(whole) * share)], "cut.xlsx")
        assert refused(cut) in OF_FILES
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    assert refused(sent(tmp_path, bytes(damaged), "damaged.xlsx")) == "broken"


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = sent(tmp_path_factory.mktemp("bytes"), content)
    with suppress(TableError):
        list(opened(file).rows())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_workbook_says_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    file = tmp_path_factory.mktemp("book") / "list.xlsx"
    with xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["header"])
        for number, said in enumerate(rows, 1):
            for column, words in enumerate(said):
                page.write_string(number, column, words)
    found = {row.number: row for row in opened(file).rows()}
    for number, said in enumerate(rows, 2):
        if any(words.strip() for words in said):
            assert [found[number].cell(at) for at in range(4)][: len(said)] == [
                words.strip() for words in said
            ]


def test_columns_are_called_as_in_the_program() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
