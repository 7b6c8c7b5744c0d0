"""Courses as archives: the same files come back, and nothing else comes in."""

import io
import random
import stat
import tracemalloc
import zipfile

import pytest

from innocap_lms.authoring import archives
from innocap_lms.authoring.archives import ArchiveError, unpacked
from tests.archived import files_of, packed

FILES = {
    "course.md": b"---\nid: a\n",
    "01-å.sv.md": "å\r\n".encode(),
    "images/a b.png": b"\x89",
    "_banks/basics.bank.sv.md": "---\r\nid: basics\r\n---\r\n<!-- å -->".encode(),
}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_what_is_packed_comes_back_and_packs_the_same() -> None:
    assert files_of(packed(FILES, "walk")) == FILES
    assert packed(FILES, "walk") == packed(dict(reversed(FILES.items())), "walk")


def test_a_course_may_lie_at_the_root_or_in_a_folder_beside_what_computers_add() -> None:
    more = {
        "__MACOSX/x/._course.md": b"",
        "x/.DS_Store": b"",
        "readme.txt": b"beside it",
    }
    assert files_of(zipped(FILES)) == FILES
    assert files_of(zipped({f"x/{name}": data for name, data in FILES.items()} | more)) == FILES


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": b""},
        FILES | {"b/course.md": b""},
        FILES | {"plugin.py": b"import os"},
        FILES | {"images/a.exe": b"MZ"},
        FILES | {"deep/er/x.md": b""},
        FILES | {"_banks/notes.md": b""},
        FILES | {"_banks/plugin.py": b"import os"},
        FILES | {"_banks/map.png": b"\x89"},
        FILES | {"_banks/deeper/x.bank.sv.md": b""},
        FILES | {"_banks/../x.bank.sv.md": b""},
        FILES | {"_banks/BASICS.bank.sv.md": b""},
        FILES | {"images/_banks/x.bank.sv.md/y.exe": b"MZ"},
        FILES | {"/etc/x.md": b""},
        FILES | {"../x.md": b""},
        FILES | {"images/../../x.png": b""},
        FILES | {"../course.md": b""},
        FILES | {"__init__.py": b"import os"},
    ],
)
def test_what_no_course_may_have_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(ArchiveError):
        files_of(zipped(files))


def test_a_link_in_an_archive_is_named_and_not_taken_for_a_lesson() -> None:
    out = io.BytesIO(zipped(FILES))
    link = zipfile.ZipInfo("02-b.sv.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match=r"unfit 02-b\.sv\.md"):
        files_of(out.getvalue())


def test_an_archive_made_to_swell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    with pytest.raises(ArchiveError, match="many"):
        files_of(zipped(FILES | {"images/big.png": b"\0" * 100_000}))
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    with pytest.raises(ArchiveError, match="many"):
        files_of(zipped(FILES))


@pytest.mark.parametrize("content", [b"", b"PK nothing", zipped(FILES)[:-30]])
def test_what_is_no_archive_is_unreadable(content: bytes) -> None:
    with pytest.raises(ArchiveError, match="unreadable"):
        files_of(content)


def test_a_damaged_archive_is_unreadable() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("course.md", b"x" * 1000)
    broken = bytearray(out.getvalue())
    broken[50:70] = b"\xff" * 20
    with pytest.raises(ArchiveError, match="unreadable"):
        files_of(bytes(broken))


def most_memory(content: bytes) -> int:
    """Bytes that reading each file of an archive takes at its most, beside the archive itself."""
    tracemalloc.start()
    try:
        for _path, data in unpacked(io.BytesIO(content)).items():
            assert data
    except ArchiveError:
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_one_file_of_an_archive_is_held_in_memory_at_a_time() -> None:
    picture = random.Random(5).randbytes(1_000_000)
    content = packed(FILES | {f"images/{number}.png": picture for number in range(20)}, "walk")
    assert len(content) > 20_000_000
    assert most_memory(content) < 5_000_000


def test_a_list_of_files_made_to_swell_is_refused_before_it_is_read() -> None:
    content = zipped(FILES | {f"images/{number:030}.png": b"" for number in range(20_000)})
    with pytest.raises(ArchiveError, match="many"):
        unpacked(io.BytesIO(content))
    assert most_memory(content) < 1_000_000
