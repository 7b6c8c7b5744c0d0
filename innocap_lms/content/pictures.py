"""What the checker must know of a picture: its size, and whether an SVG could do harm."""

import re
import struct

_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_SVG_LENGTH = re.compile(rb"""\s(width|height)\s*=\s*["']\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*["']""")
_SVG_VIEW = re.compile(
    rb"""\sviewBox\s*=\s*["']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)\s*["']"""
)
_NAME = rb"(?:[\w-]+:)?"
_ACTIVE = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (rb"<\s*" + _NAME + rb"script\b", "a script"),
        (rb"<\s*" + _NAME + rb"(?:foreignObject|iframe|object|embed)\b", "an embedded page"),
        (rb"<!(?:DOCTYPE|ENTITY)[^>]*(?:\[|SYSTEM)", "entity definitions"),
        (rb"""[\s"'/]on[a-z]+\s*=""", "an event attribute"),
        (
            rb"""href\s*=\s*["']\s*(?!#|data:image/(?:png|jpeg|gif|webp))[^"'\s]""",
            "a link to another place",
        ),
        (rb"""@import|url\(\s*["']?\s*(?!["'#])""", "a style from another place"),
    )
)


def active_content(svg: bytes) -> str:
    """What in an SVG is more than a picture, in words; "" when it is only a picture.

    Text in another encoding than UTF-8 could hide it, so that counts too.
    """
    try:
        svg.decode("utf-8")
    except UnicodeDecodeError:
        return "text that is not UTF-8"
    return next((words for pattern, words in _ACTIVE if pattern.search(svg)), "")


def picture_size(raw: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in CSS pixels of an SVG, PNG or JPEG; None when they cannot be told."""
    reader = {"image/svg+xml": _svg_size, "image/png": _png_size, "image/jpeg": _jpeg_size}.get(
        kind
    )
    size = reader(raw) if reader else None
    return size if size is not None and all(0 < side <= 20_000 for side in size) else None


def _svg_size(raw: bytes) -> tuple[int, int] | None:
    tag = _SVG_TAG.search(raw)
    if tag is None:
        return None
    lengths = {name: float(value) for name, value in _SVG_LENGTH.findall(tag.group())}
    view = _SVG_VIEW.search(tag.group())
    try:
        if len(lengths) == 2:
            return round(lengths[b"width"]), round(lengths[b"height"])
        return (round(float(view.group(1))), round(float(view.group(2)))) if view else None
    except (ValueError, OverflowError):  # a number of some hundred digits is no number to Python
        return None


def _png_size(raw: bytes) -> tuple[int, int] | None:
    if raw[:8] != b"\x89PNG\r\n\x1a\n" or len(raw) < 24:
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return width, height


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (ITU T.81, B.2.2)."""
    position = 2 if raw[:2] == b"\xff\xd8" else len(raw)
    while position + 9 <= len(raw) and raw[position] == 0xFF:
        marker = raw[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", raw[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(raw[position + 2 : position + 4], "big")
    return None
