"""The files of a course folder: what is there, how large, and which of it may be shown.

Takes a folder on disk or inside a package. Nothing outside the folder is ever opened.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.contrast import LEAST, faint_text
from innocap_lms.content.model import Asset
from innocap_lms.content.naming import BANKS
from innocap_lms.content.pictures import active_content, picture_size
from innocap_lms.content.problems import Problem

Folder = Traversable | Path

TEXT_LIMIT = 200_000
PICTURE_LIMIT = 2_000_000
FILE_LIMIT = 200_000_000
ASSET_FOLDERS = ("images", "files", "captions")
MAX_DEPTH = 6
MAX_BRACKETS = 5000

MEDIA_TYPES = {
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4", "webm": "video/webm",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav",
    "vtt": "text/vtt", "md": "text/markdown", "txt": "text/plain", "csv": "text/csv",
    "pdf": "application/pdf", "zip": "application/zip", "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}  # fmt: skip


@dataclass
class CourseFiles:
    """What a course folder holds. `texts` maps the names of its Markdown files to their text;
    `banks` is the folder of its own banks, which a `Shelf` reads."""

    texts: dict[str, str] = field(default_factory=dict)
    banks: Folder | None = None
    assets: dict[str, Asset] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def media_type(path: str) -> str:
    """The media type that the end of a file name stands for."""
    return MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def gather(folder: Folder) -> CourseFiles:
    """Read a course folder. Files that cannot be used are left out and become problems."""
    found = CourseFiles()
    for entry in _entries(folder, "", found):
        if entry.name == BANKS and entry.is_dir():
            found.banks = entry
        elif entry.name in ASSET_FOLDERS and entry.is_dir():
            _gather_assets(entry, entry.name, 1, found)
        elif entry.name.endswith(".md") and entry.is_file():
            gather_text(entry, entry.name, found)
        else:
            _unread(entry.name, found)
    return found


def _unread(path: str, found: CourseFiles) -> None:
    advice = f"files for learners lie in {', '.join(name + '/' for name in ASSET_FOLDERS)}"
    found.problems.append(
        problem("C005", Place(path), "this is no part of the course format", advice)
    )


def _entries(folder: Folder, path: str, found: CourseFiles) -> Iterator[Folder]:
    """The entries of a folder by name, without hidden ones, symbolic links, and names that no page
    could show."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        if path:
            _unreadable(path, found)
        return
    for entry in entries:
        if entry.name.startswith((".", "__")):
            continue
        if (name := legible(entry.name)) != entry.name:
            advice = "rename it: small letters, digits and hyphens read the same on every computer"
            place = Place(f"{path}{name}")
            found.problems.append(problem("C005", place, "the name is not in UTF-8", advice))
            continue
        # Packages inside archives have no links, and no such method.
        is_link = getattr(entry, "is_symlink", None)
        if is_link is not None and is_link():
            advice = "copy the file into the course folder"
            place = Place(f"{path}{entry.name}")
            found.problems.append(problem("C009", place, "symbolic links are not followed", advice))
            continue
        yield entry


def legible(name: str) -> str:
    """The name of a file as pages and terminals can show it: bytes that are no UTF-8 as \\xff."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unreadable(path: str, found: CourseFiles) -> None:
    advice = "check who owns the file and who may read it"
    found.problems.append(problem("C010", Place(path), "the file cannot be read", advice))


def bank_files(folder: Folder, found: CourseFiles) -> dict[str, Folder]:
    """The files of a bank folder by path, none of them opened yet."""
    return {f"{BANKS}/{entry.name}": entry for entry in _entries(folder, f"{BANKS}/", found)}


def gather_text(entry: Folder, path: str, found: CourseFiles) -> None:
    """Read one text, unless it cannot be used; then there is a problem."""
    raw = _bytes(entry, path, TEXT_LIMIT, found)
    if raw is None:
        return
    text = decoded(raw, path, found.problems)
    if text is not None and not _tangled(text, path, found):
        found.texts[path] = text


def _tangled(text: str, path: str, found: CourseFiles) -> bool:
    """Whether a text has so many brackets that reading it would take seconds: each may open a
    link or a gap, and costs some hundred times what a letter does."""
    if text.count("[") <= MAX_BRACKETS:
        return False
    advice = "take them away, or cut the text in two"
    said = f"the file has more than {MAX_BRACKETS} square brackets"
    found.problems.append(problem("C105", Place(path), said, advice))
    return True


def decoded(raw: bytes, file: str, problems: list[Problem]) -> str | None:
    """UTF-8 text with `\\n` at the end of lines; None and a problem for anything else."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start]
        place = Place(file, before.count(b"\n") + 1, fault.start - (before.rfind(b"\n") + 1) + 1)
        said = f"byte {raw[fault.start]:#04x} is not UTF-8"
        problems.append(problem("C007", place, said, "save the file as UTF-8"))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _bytes(entry: Folder, path: str, limit: int, found: CourseFiles) -> bytes | None:
    try:
        with entry.open("rb") as stream:
            raw: bytes = stream.read(limit + 1)
    except OSError:
        _unreadable(path, found)
        return None
    if len(raw) > limit:
        _too_large(path, limit, found)
        return None
    return raw


def _too_large(path: str, limit: int, found: CourseFiles) -> None:
    said = f"the file is larger than {limit // 1000:,} KB".replace(",", " ")
    advice = "cut the text in two lessons" if path.endswith(".md") else "make the file smaller"
    found.problems.append(problem("C008", Place(path), said, advice))


def _gather_assets(folder: Folder, path: str, depth: int, found: CourseFiles) -> None:
    for entry in _entries(folder, f"{path}/", found):
        inside = f"{path}/{entry.name}"
        if entry.is_dir() and depth < MAX_DEPTH:
            _gather_assets(entry, inside, depth + 1, found)
        elif entry.is_file():
            asset = _asset(entry, inside, found)
            if asset is not None:
                found.assets[inside] = asset
        else:
            _unread(inside, found)


def _asset(entry: Folder, path: str, found: CourseFiles) -> Asset | None:
    kind = media_type(path)
    if not kind.startswith("image/"):
        return _hashed(entry, path, kind, found)
    raw = _bytes(entry, path, PICTURE_LIMIT, found)
    if raw is None:
        return None
    fault = active_content(raw) if kind == "image/svg+xml" else ""
    if fault:
        advice = "export the picture again as plain SVG"
        found.problems.append(problem("C081", Place(path), f"the picture holds {fault}", advice))
        return None
    if kind == "image/svg+xml" and (faint := faint_text(raw)):
        said, advice = f"{faint}; {LEAST} is needed", "choose a darker or a lighter colour"
        found.problems.append(problem("C086", Place(path), said, advice))
    width, height = picture_size(raw, kind) or (None, None)
    return Asset(path, hashlib.sha256(raw).hexdigest(), kind, len(raw), width, height)


def _hashed(entry: Folder, path: str, kind: str, found: CourseFiles) -> Asset | None:
    """Read in pieces: a film does not fit in memory twice."""
    digest, size = hashlib.sha256(), 0
    try:
        with entry.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                size += len(piece)
                if size > FILE_LIMIT:
                    _too_large(path, FILE_LIMIT, found)
                    return None
    except OSError:
        _unreadable(path, found)
        return None
    return Asset(path, digest.hexdigest(), kind, size)
