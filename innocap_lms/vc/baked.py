"""Files that carry their credential: a PNG in an iTXt chunk, an SVG in an element, our PDF in an
embedded file.

Source: Open Badges 3.0, sections 5.3 and 5.4; Portable Network Graphics, section 11.3.3.4;
ISO 32000-2, section 7.11.4.
"""

import codecs
import re
import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from innocap_lms.vc.bounds import MOST_BYTES, UnboundedError

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
NOT_IN_XML = "\ufffe\uffff"
MOST_PICTURE = 4 * 1024 * 1024
MOST_HEAD = 500  # of an embedded file, before its content begins
_EMBEDDED = re.compile(rb"/Type\s*/EmbeddedFile")
_STREAM = re.compile(rb"stream\r?\n")


def png_with(picture: bytes, credential: str) -> bytes:
    """The PNG with the credential, JSON or a token, right after its header."""
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    size = struct.pack(">I", len(text))
    chunk = size + b"iTXt" + text + struct.pack(">I", zlib.crc32(b"iTXt" + text))
    end_of_header = len(PNG) + 25
    return picture[:end_of_header] + chunk + picture[end_of_header:]


def svg_with(picture: str, credential: str) -> str:
    """The SVG with the credential: a token as `verify`, JSON as the element's text."""
    for sign in NOT_IN_XML:  # JSON has another way to write them
        credential = credential.replace(sign, f"\\u{ord(sign):04x}")
    start = re.search(r"<svg\b[^>]*?>", picture)
    if start is None:
        raise ValueError("no SVG")
    tag = start.group()[:-1] + f" xmlns:openbadges={quoteattr(NAMESPACE)}>"
    if credential.lstrip().startswith("{"):
        element = f"<openbadges:credential>{escape(credential)}</openbadges:credential>"
    else:
        element = f"<openbadges:credential verify={quoteattr(credential)}/>"
    return picture[: start.start()] + tag + element + picture[start.end() :]


def credential_in(data: bytes) -> str | None:
    """The credential in a picture or a PDF, from its first sign on; None where it is neither.

    Raises UnboundedError.
    """
    if data.startswith(PNG):
        return _in_png(data)
    if data.startswith(b"%PDF-"):
        return _in_pdf(data)
    return _in_svg(data) if data.startswith(b"<") else None


def begun(data: bytes) -> bytes:
    """The data from its first sign on, without the mark of UTF-8 that some programs put first."""
    return data.lstrip().removeprefix(codecs.BOM_UTF8).lstrip()


def _in_png(data: bytes) -> str:
    for kind, body in _chunks(data):
        if kind != b"iTXt" or not body.startswith(KEYWORD + b"\0"):
            continue
        compressed, rest = body[len(KEYWORD) + 1], body[len(KEYWORD) + 3 :]
        _language, _sep, rest = rest.partition(b"\0")
        _translated, _sep, text = rest.partition(b"\0")
        if compressed:
            reader = zlib.decompressobj()
            try:
                text = reader.decompress(text, MOST_BYTES + 1)
            except zlib.error:
                raise UnboundedError("the picture's credential cannot be unpacked") from None
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise UnboundedError("the picture's credential is no text") from None
    raise UnboundedError("a picture without a credential")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG)
    while place + 12 <= len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        if place + 12 + size > len(data):
            raise UnboundedError("the picture is broken off")
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        place += 12 + size


def _in_pdf(data: bytes) -> str:
    """The one embedded file that is JSON, packed or not, as our own PDFs have it.

    Nothing is unpacked before it is known to be the only one: a few kilobytes of markers that share
    a packed file would else become gigabytes.
    """
    parts = list(islice(_EMBEDDED.finditer(data), 2))
    begins = _STREAM.search(data, parts[0].end(), parts[0].end() + MOST_HEAD) if parts else None
    if len(parts) != 1 or begins is None:
        raise UnboundedError("a PDF without a credential that is read here")
    content = data[begins.end() : data.find(b"endstream", begins.end())]
    if b"/FlateDecode" in data[parts[0].start() : begins.start()]:
        try:
            content = zlib.decompressobj().decompress(content, MOST_BYTES + 1)
        except zlib.error:
            raise UnboundedError("the PDF's embedded file cannot be unpacked") from None
    return content.decode("utf-8", "replace")


def _in_svg(data: bytes) -> str:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnboundedError("an SVG with a document type is not read")
    from xml.etree.ElementTree import fromstring  # no entities: checked above

    try:
        root = fromstring(data)  # noqa: S314  # it has no entities: checked above
    except ParseError:
        raise UnboundedError("the SVG is broken") from None
    found = list(root.iter(f"{{{NAMESPACE}}}credential"))
    if len(found) != 1:
        raise UnboundedError("a picture without a credential, or with several")
    return found[0].get("verify") or found[0].text or ""
