"""A course as a ZIP archive, and back. One file at a time is held in memory; nothing is unpacked to
the disk."""

import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import IO, Final, Literal

from innocap_lms.authoring.folder import LazyFiles
from innocap_lms.authoring.paths import clash, is_fit
from innocap_lms.content.naming import SHARED
from innocap_lms.content.zips import list_bytes

MOST_FILES: Final = 2000
MOST_BYTES: Final = 50_000_000  # of all files together, unpacked
_MOST_OF_LIST: Final = 1_000_000  # bytes of the list of files: twice what so many names need
_PIECE: Final = 100_000  # bytes
_AT: Final = (2000, 1, 1, 0, 0, 0)  # the same files make the same archive


Why = Literal["unreadable", "courses", "many", "unfit", "clash"]


class ArchiveError(ValueError):
    """The archive cannot be read, or holds too much or what no course may have; `path` is where."""

    def __init__(self, why: Why, path: str = "") -> None:
        super().__init__(f"{why} {path}".strip())
        self.why, self.path = why, path[:100]


def pack(files: Mapping[str, bytes], folder: str, out: IO[bytes]) -> None:
    """Write an archive that holds the files in a folder."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _AT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)


def unpacked(content: IO[bytes]) -> LazyFiles:
    """The files of the one course in an archive, which lies at its root or in a folder, by their
    paths in the course. Each is read when it is asked for, as long as `content` is open.

    Raises ArchiveError. Sizes that an archive claims are not believed.
    """
    try:
        if (size := list_bytes(content)) is None:
            raise ArchiveError("unreadable")
        if size > _MOST_OF_LIST:
            raise ArchiveError("many")
        archive = zipfile.ZipFile(content)
        found = _entries(archive)
    except ArchiveError:
        raise
    except Exception as error:  # an archive may be broken in ways without number
        raise ArchiveError("unreadable") from error
    if path := clash(found):
        raise ArchiveError("clash", path)
    return LazyFiles({path: partial(archive.read, entry) for path, entry in found.items()})


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of the course by their paths, each read through once."""
    entries = [each for each in archive.infolist() if not _is_beside(each)]
    if len(entries) > MOST_FILES:
        raise ArchiveError("many")
    for entry in entries:
        if _leads_elsewhere(entry):
            raise ArchiveError("unfit", entry.filename)
    roots = [each.filename.removesuffix(SHARED) for each in entries if _is_course(each.filename)]
    if len(roots) != 1:
        raise ArchiveError("courses")
    found: dict[str, zipfile.ZipInfo] = {}
    left = MOST_BYTES
    for entry in entries:
        if not entry.filename.startswith(roots[0]):
            continue
        path = unicodedata.normalize("NFC", entry.filename.removeprefix(roots[0]))
        if not is_fit(path):
            raise ArchiveError("unfit", path)
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise ArchiveError("many", path)
        found[path] = entry
    return found


def _is_course(name: str) -> bool:
    return name.rpartition("/")[2] == SHARED


def _is_beside(entry: zipfile.ZipInfo) -> bool:
    """A folder, or what computers add to archives by themselves."""
    parts = entry.filename.split("/")
    return entry.is_dir() or any(
        part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts
    )


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    """A link, or a path out of the archive: neither would be followed."""
    return stat.S_ISLNK(entry.external_attr >> 16) or ".." in entry.filename.split("/")
