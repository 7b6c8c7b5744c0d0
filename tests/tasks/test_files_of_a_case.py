"""Files of a case: kind by name and content, number, size, bytes that go with the last name."""

import io
import os
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.content.files import MEDIA_TYPES
from innocap_lms.extensions import db
from innocap_lms.tasks import file_checks, storage
from innocap_lms.tasks.file_checks import FileRefused, bare_name, checked
from innocap_lms.tasks.mail import look_after
from innocap_lms.tasks.models import SubmissionFile
from tests.tasks.conftest import TASK, WEAK, WORDS, Pool, cases, fetch, hand_in, owner, post, send

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def office(main: str, *more: str, said: str = "", head: str = "") -> bytes:
    listed = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    listed += f'<Default Extension="bin" ContentType="{said}"/>'
    types = f"{head}<Types>{listed}</Types>"
    return zipped(
        {"[Content_Types].xml": types, "word/document.xml": "<w/>"} | dict.fromkeys(more, "")
    )


def related(what: str, where: str) -> bytes:
    """A document that names something outside it."""
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{what}"
    to = f'<Relationship Id="r1" Type="{kind}" Target="{where}" TargetMode="External"/>'
    rels = f"<Relationships>{to}</Relationships>"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{DOCX}"/></Types>'
    return zipped({"[Content_Types].xml": types, "word/_rels/document.xml.rels": rels})


def open_document(kind: str, *more: str) -> bytes:
    return zipped({"mimetype": MEDIA_TYPES[kind], "content.xml": "<x/>"} | dict.fromkeys(more, ""))


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def far(plain: bytes) -> bytes:
    """The same ZIP with the longer end that files of more than 4 GB have: .ZIP File Format
    Specification 6.3.10, sections 4.3.14 and 4.3.15."""
    body, end = plain[:-22], plain[-22:]
    count, size, offset = struct.unpack("<10xH2L2x", end)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    return body + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1) + end


SOUND = {
    "a.pdf": b"%PDF-1.7\n%...",
    "b.png": b"\x89PNG\r\n\x1a\n....",
    "c.jpg": b"\xff\xd8\xff\xe0....",
    "c2.JPEG": b"\xff\xd8\xff\xe0....",
    "d.docx": office(DOCX),
    "e.xlsx": office(XLSX),
    "f.odt": open_document("odt"),
    "g.ods": open_document("ods"),
    "h.txt": "Åäö.\r\n".encode(),
    "i.md": b"# Words",
    "j.txt": "Åäö och “citat”".encode("cp1252"),
    "k.txt": "Åäö".encode("utf-16"),
    "l.docx": related("hyperlink", "https://example.org"),
}
FALSE = {
    "script.pdf": b"<script>alert(1)</script>",
    "page.txt": b"words \x00 words",
    "binary.txt": b"\x81\x8d\xff",
    "picture.png": b"GIF89a",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "program.exe": b"MZ",
    "page.html": b"<p>",
    "none": b"words",
    ".txt": b"words",
    "twice.pdf.exe": b"%PDF-1.7",
    "sheet.docx": office(XLSX),
    "macro.docx": office(DOCX, "word/vbaProject.bin"),
    "macro2.docx": office(DOCX.replace("document.main", "document.macroEnabled.main")),
    "macro3.docx": office(DOCX, "word/x.bin", said="application/vnd.ms-office.vbaProject"),
    "macro4.docx": office(f'x" /><!-- "{DOCX}" --><a b="'),
    "template.docx": related("attachedTemplate", "https://example.org/a.dotm"),
    "picture.docx": related("image", "https://example.org/a.png"),
    "object.docx": office(DOCX, said="application/vnd.openxmlformats-officedocument.oleObject"),
    "entities.docx": office(DOCX, head='<!DOCTYPE Types [<!ENTITY a "a">]>'),
    "letters.docx": office(DOCX, head='<?xml version="1.0" encoding="foo"?>'),
    "locked.odt": zipped(
        {
            "mimetype": MEDIA_TYPES["odt"],
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
        }
    ),
    "query.xlsx": office(XLSX, "xl/connections.xml"),
    "link.xlsx": office(XLSX, "xl/externalLinks/externalLink1.xml"),
    "locked.pdf": b"%PDF-1.7\ntrailer << /Root 1 0 R /Encrypt 9 0 R >>",
    "control.xlsx": office(XLSX, "xl/activeX/activeX1.xml"),
    "other.odt": open_document("ods"),
    "basic.odt": open_document("odt", "Basic/script-lc.xml"),
    "scripts.ods": open_document("ods", "Scripts/python/x.py"),
    "no.docx": b"PK\x03\x04 nothing",
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "cut.odt": open_document("odt")[:-8],
    "far.docx": far(office(DOCX)),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_what_its_name_says_is_taken(in_app: Flask, name: str) -> None:
    upload = checked(name, SOUND[name])
    assert upload.media_type == MEDIA_TYPES[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize("name", FALSE)
def test_what_is_something_else_or_holds_a_program_is_refused(in_app: Flask, name: str) -> None:
    with pytest.raises(FileRefused, match=re.escape(bare_name(name) or "”")):
        checked(name, FALSE[name])


def test_a_zip_with_the_longer_end_is_sound_but_for_its_end(in_app: Flask) -> None:
    with zipfile.ZipFile(io.BytesIO(far(office(DOCX)))) as archive:
        assert archive.testzip() is None


def test_a_file_of_more_than_ten_megabytes_is_refused(in_app: Flask) -> None:
    checked("a.txt", b"x" * file_checks.MAX_BYTES)
    with pytest.raises(FileRefused, match="10 MB"):
        checked("a.txt", b"x" * (file_checks.MAX_BYTES + 1))


def test_a_file_made_to_swell_costs_nothing(in_app: Flask) -> None:
    swelling = zipped({"[Content_Types].xml": "x" * 50_000_000})
    many = zipped({f"part{number}" * 8: "" for number in range(20_000)})
    for content in (swelling, many):
        assert len(content) < file_checks.MAX_BYTES
        tracemalloc.start()
        with pytest.raises(FileRefused):
            checked("a.docx", content)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 3_000_000 + len(content)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (r"C:\Users\me\case.pdf", "case.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("å ä ö.pdf", "å ä ö.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
    ],
)
def test_a_name_keeps_no_folder_and_no_trick(typed: str, kept: str) -> None:
    assert bare_name(typed) == kept


def storage_of(app: Flask) -> Path:
    folder: Path = app.extensions["innocap_settings"].data_dir / "submissions"
    return folder


def stored(app: Flask) -> list[Path]:
    return sorted(storage_of(app).glob("*"))


def rows(app: Flask) -> list[SubmissionFile]:
    with app.app_context():
        return list(db.session.scalars(select(SubmissionFile).order_by(SubmissionFile.added_at)))


def test_a_file_is_served_as_a_download_that_nothing_runs_in(
    app: Flask, coach: FlaskClient
) -> None:
    send(coach, files=(("Mina anteckningar å.md", b"# Words"),))
    (row,) = rows(app)
    answer = fetch(coach, f"{TASK}/work/{row.id}")
    assert answer.data == b"# Words"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "text/markdown"


def test_the_folder_is_closed_to_other_users_of_the_machine(app: Flask, coach: FlaskClient) -> None:
    send(coach, files=(("a.txt", b"a"),))
    assert os.stat(stored(app)[0].parent).st_mode & 0o077 == 0


def test_taking_a_file_away_from_a_draft_removes_its_bytes(app: Flask, coach: FlaskClient) -> None:
    send(coach, files=(("a.txt", b"a"), ("b.txt", b"b")))
    assert len(stored(app)) == 2
    first = rows(app)[0]
    send(coach, remove=first.id)
    assert [row.name for row in rows(app)] == ["b.txt"]
    assert [path.name for path in stored(app)] == [rows(app)[0].stored]
    assert coach.get(f"{TASK}/work/{first.id}").status_code == 404


def test_a_file_added_twice_is_there_once(app: Flask, coach: FlaskClient) -> None:
    send(coach, files=(("a.txt", b"a"),))
    send(coach, files=(("copy.txt", b"a"),))
    assert [row.name for row in rows(app)] == ["a.txt"]
    assert len(stored(app)) == 1


def test_a_revision_shares_the_bytes_until_neither_try_names_them(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach, files=(("a.txt", b"a"),))
    hand_in(coach)
    case = cases(app)[0].id
    for seat in (1, 2):
        pool.score(case, seat, WEAK)
    before, copy = rows(app)
    assert before.stored == copy.stored
    newest = next(row for row in (before, copy) if row.submission_id != case)
    send(coach, remove=newest.id)
    assert [row.submission_id for row in rows(app)] == [case]
    assert len(stored(app)) == 1  # the try that was assessed keeps its file
    assert fetch(coach, f"{TASK}/work/{rows(app)[0].id}").data == b"a"


def test_too_many_too_much_or_of_a_wrong_kind_is_refused_and_the_text_comes_back(
    app: Flask, coach: FlaskClient
) -> None:
    many = tuple((f"{number}.txt", b"%d" % number) for number in range(6))
    refused = send(coach, text="TYPED WORDS", files=many)
    assert refused.status_code == 422
    assert "at most 5 files" in refused.text
    assert "TYPED WORDS" in refused.text
    large = tuple((f"{number}.txt", b"%d" % number * 9_000_000) for number in range(3))
    assert "at most 20 MB" in send(coach, files=large).text
    assert "larger than 10 MB" in send(coach, files=(("a.txt", b"x" * 10_000_001),)).text
    assert "of a kind that cannot be added" in send(coach, files=(("a.exe", b"MZ"),)).text
    assert rows(app) == []
    assert stored(app) == []
    assert cases(app) == []


def test_files_of_a_case_that_is_handed_in_stay(app: Flask, coach: FlaskClient, pool: Pool) -> None:
    pool.add(2)
    send(coach, files=(("a.txt", b"a"),))
    hand_in(coach)
    data = {"owner": owner(coach), "text": WORDS, "revision": "2", "remove": rows(app)[0].id}
    assert coach.post(TASK, data=data).status_code == 422
    assert len(rows(app)) == len(stored(app)) == 1


def test_strangers_may_not_send_large_forms(app: Flask, client: FlaskClient) -> None:
    assert post(client, TASK, {"text": "x"}, (("a.txt", b"x" * 2_000_000),)).status_code == 413


def test_files_are_counted_and_measured_before_any_is_written(
    app: Flask, coach: FlaskClient
) -> None:
    many = tuple((f"{number}.txt", b"%d" % number) for number in range(900))
    assert "at most 5 files" in send(coach, files=many).text
    large = tuple((f"{number}.txt", b"%d" % number * 9_000_000) for number in range(3))
    assert "at most 20 MB" in send(coach, files=large).text
    assert not storage_of(app).exists()  # it is made with the first file


def end_after_writing(app: Flask, failure: type[BaseException], *, named: bool) -> None:
    with storage.kept([b"a", b"b"]) as kept:
        assert [path.name for path in stored(app)] == sorted(kept.names)
        kept.named = named
        raise failure


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("named", [False, True])
def test_whatever_comes_between_disk_and_database_leaves_no_bytes(
    app: Flask, failure: type[BaseException], named: bool
) -> None:
    with app.app_context(), pytest.raises(failure):
        end_after_writing(app, failure, named=named)
    assert len(stored(app)) == (2 if named else 0)


def test_bytes_that_no_case_names_go_after_a_day(app: Flask, coach: FlaskClient) -> None:
    send(coach, files=(("a.txt", b"NAMED"),))
    with app.app_context():
        left, fresh = storage.keep(b"LEFT"), storage.keep(b"FRESH")
        (storage_of(app) / "unfinished.x").write_bytes(b"UNFINISHED")
        for path in stored(app):
            if path.name != fresh:
                os.utime(path, (0, 0))
        look_after()
        assert left not in {path.name for path in stored(app)}
    assert sorted(path.read_bytes() for path in stored(app)) == [b"FRESH", b"NAMED"]
