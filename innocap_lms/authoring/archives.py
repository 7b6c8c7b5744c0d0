"""A course as a ZIP archive, and back. Nothing is unpacked to the disk."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from typing import Final, Literal

from innocap_lms.authoring.paths import clash, is_fit
from innocap_lms.content.naming import SHARED

MOST_FILES: Final = 2000
MOST_BYTES: Final = 50_000_000  # of all files together, unpacked
_AT: Final = (2000, 1, 1, 0, 0, 0)  # the same files make the same archive


Why = Literal["unreadable", "courses", "many", "unfit", "clash"]


class ArchiveError(ValueError):
    """The archive cannot be read, or holds too much or what no course may have; `path` is where."""

    def __init__(self, why: Why, path: str = "") -> None:
        super().__init__(f"{why} {path}".strip())
        self.why, self.path = why, path[:100]


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files in a folder of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _AT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of the one course in an archive, which lies at its root or in a folder, by their
    paths in the course.

    Raises ArchiveError. Sizes that an archive claims are not believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _files(archive)
    except ArchiveError:
        raise
    except Exception as error:  # an archive may be broken in ways without number
        raise ArchiveError("unreadable") from error
    if path := clash(found):
        raise ArchiveError("clash", path)
    return found


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [each for each in archive.infolist() if not each.is_dir()]
    if len(entries) > MOST_FILES:
        raise ArchiveError("many")
    roots = [each.filename.removesuffix(SHARED) for each in entries if _is_course(each.filename)]
    if len(roots) != 1:
        raise ArchiveError("courses")
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        if not entry.filename.startswith(roots[0]) or _is_hidden(entry.filename):
            continue
        path = unicodedata.normalize("NFC", entry.filename.removeprefix(roots[0]))
        if not is_fit(path):
            raise ArchiveError("unfit", path)
        with archive.open(entry) as part:
            found[path] = part.read(left + 1)
        left -= len(found[path])
        if left < 0:
            raise ArchiveError("many", path)
    return found


def _is_course(name: str) -> bool:
    return name.rpartition("/")[2] == SHARED and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    """What computers add to archives by themselves."""
    return any(part.startswith((".", "__")) for part in name.split("/"))
