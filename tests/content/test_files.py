"""Only the course folder is read, and only what may be shown is kept."""

import os
import struct
from pathlib import Path

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.files import decoded, media_type
from innocap_lms.content.pictures import active_content, picture_size
from innocap_lms.content.problems import Problem
from innocap_lms.content.reader import read_course
from tests.content.courses import codes, on_disk, read, sound_course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return on_disk(tmp_path / "course", sound_course())


def test_a_symbolic_link_is_refused_and_never_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_text("secret")
    (folder / "files").mkdir()
    (folder / "files" / "a.pdf").symlink_to(secret)
    (folder / "03-x.sv.md").symlink_to(secret)
    reading = read_course(folder, BUILT_IN_KINDS)
    found = [(each.code, each.file) for each in reading.problems]
    assert found == [("C009", "03-x.sv.md"), ("C009", "files/a.pdf")]


def test_a_name_that_no_page_could_show_is_named_as_far_as_it_can_be_read(folder: Path) -> None:
    (folder / "images").mkdir(exist_ok=True)
    try:
        for name in (b"03-\xff.sv.md", b"images/\xfe.png"):
            Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this system takes names in UTF-8 alone")
    reading = read_course(folder, BUILT_IN_KINDS)
    assert [(each.file, each.code, each.message) for each in reading.problems] == [
        ("03-\\xff.sv.md", "C005", "the name is not in UTF-8"),
        ("images/\\xfe.png", "C005", "the name is not in UTF-8"),
    ]
    assert all(name.isprintable() for name in reading.sources)


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "images" / "more").symlink_to(tmp_path)
    assert codes(read_course(folder, BUILT_IN_KINDS)) == {"C009"}


def test_a_folder_that_is_not_there_has_no_course(tmp_path: Path) -> None:
    reading = read_course(tmp_path / "nowhere", BUILT_IN_KINDS)
    assert reading.course is None
    assert codes(reading) == {"C001"}


def test_a_file_that_cannot_be_opened_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "files").mkdir()
    (folder / "files" / "a.pdf").write_text("a")
    shut = {"a.pdf", "map.svg", "course.sv.md", "course.md"}
    real_open, real_list = Path.open, Path.iterdir

    def refusing(path: Path, *args: object, **options: object) -> object:
        if path.name in shut:
            raise PermissionError(path)
        return real_open(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    reading = read_course(folder, BUILT_IN_KINDS)
    assert {(each.code, each.file) for each in reading.problems} == {
        ("C010", "course.md"),
        ("C010", "course.sv.md"),
        ("C010", "files/a.pdf"),
        ("C010", "images/map.svg"),
    }

    def unlisted(path: Path) -> object:
        if path.name == "images":
            raise PermissionError(path)
        return real_list(path)

    monkeypatch.setattr(Path, "iterdir", unlisted)
    assert ("C010", "images/") in {
        (each.code, each.file) for each in read_course(folder, BUILT_IN_KINDS).problems
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "images" / "pipe.svg")
    os.mkfifo(folder / "03-x.sv.md")
    assert codes(read_course(folder, BUILT_IN_KINDS)) == {"C005"}


def test_a_film_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innocap_lms.content.files.FILE_LIMIT", 10)
    reading = read(sound_course() | {"files/a.mp4": b"x" * 11})
    assert "C008" in codes(reading)


def test_wrong_bytes_are_pointed_at() -> None:
    problems: list[Problem] = []
    assert decoded(b"ab\ncd\xff", "x.md", problems) is None
    assert (problems[0].line, problems[0].column) == (2, 3)


def test_a_null_character_becomes_a_replacement_mark() -> None:
    assert decoded(b"a\0b", "x.md", []) == "a\ufffdb"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        "<svg:script/>",
        "<g onload='x()'/>",
        '<g\nonclick="x()"/>',
        "<foreignObject><p/></foreignObject>",
        "<iframe/>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a xlink:href='https://example.org'>a</a>",
        "<image href='data:text/html,x'/>",
        "<use href='other.svg#a'/>",
        "<style>@import 'x.css';</style>",
        "<rect fill='url(https://example.org/a)'/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
    ],
)
def test_a_picture_with_a_program_in_it_is_refused(inside: str) -> None:
    assert active_content(f"<svg xmlns='x'>{inside}</svg>".encode()) != ""


def test_a_picture_in_another_encoding_is_refused() -> None:
    assert active_content("<svg><script/></svg>".encode("utf-16")) != ""


@pytest.mark.parametrize(
    "inside",
    [
        "<use href='#a'/><use xlink:href=\"#b\"/>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<rect fill='url(#gradient)' style='fill: url(#b)'/>",
        "<text>only on = words; script, javascript</text>",
    ],
)
def test_a_plain_picture_is_kept(inside: str) -> None:
    assert active_content(f"<svg xmlns='x'>{inside}</svg>".encode()) == ""


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 20)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 20, 30) + b"\x01"


@pytest.mark.parametrize(
    ("raw", "kind", "size"),
    [
        (b'<svg width="30" height="20px">', "image/svg+xml", (30, 20)),
        (b'<svg viewBox="0 0 30.4 20">', "image/svg+xml", (30, 20)),
        (b'<svg width="100%" viewBox="0,0,30,20">', "image/svg+xml", (30, 20)),
        (b'<svg viewBox="0 0 1.1.1 2">', "image/svg+xml", None),
        (b"<svg>", "image/svg+xml", None),
        (b"no picture", "image/svg+xml", None),
        (PNG, "image/png", (30, 20)),
        (PNG[:20], "image/png", None),
        (b"GIF89a", "image/png", None),
        (JPEG, "image/jpeg", (30, 20)),
        (JPEG[:8], "image/jpeg", None),
        (b"no picture", "image/jpeg", None),
        (b"\xff\xd8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "image/jpeg", None),
        (b'<svg width="0" height="9">', "image/svg+xml", None),
        (f'<svg width="{"9" * 400}" height="9">'.encode(), "image/svg+xml", None),
        (f'<svg viewBox="0 0 {"9" * 400} 9">'.encode(), "image/svg+xml", None),
        (b"GIF89a", "image/gif", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(
    raw: bytes, kind: str, size: tuple[int, int] | None
) -> None:
    assert picture_size(raw, kind) == size


def test_an_unknown_ending_is_only_bytes() -> None:
    assert media_type("files/a.xyz") == "application/octet-stream"
    assert media_type("files/A.PDF") == "application/pdf"
