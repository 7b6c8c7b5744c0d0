"""A course as a ZIP archive, and back. Nothing is unpacked to the disk."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from innocap_lms.authoring.paths import is_fit
from innocap_lms.content.naming import SHARED

MOST_FILES: Final = 2000
MOST_BYTES: Final = 50_000_000  # of all files together, unpacked
_AT: Final = (2000, 1, 1, 0, 0, 0)  # the same files make the same archive


class ArchiveError(ValueError):
    """The archive holds too much, or what no course may have; the message says which file."""


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

    Raises ArchiveError, and what zipfile raises. Sizes that an archive claims are not believed.
    """
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [each for each in archive.infolist() if not each.is_dir()]
        if len(entries) > MOST_FILES:
            raise ArchiveError(f"more than {MOST_FILES} files")
        roots = [
            each.filename.removesuffix(SHARED) for each in entries if _is_course(each.filename)
        ]
        if len(roots) != 1:
            raise ArchiveError("a course has one course.md")
        for entry in entries:
            if not entry.filename.startswith(roots[0]) or _is_hidden(entry.filename):
                continue
            path = entry.filename.removeprefix(roots[0])
            if not is_fit(path):
                raise ArchiveError(f"no course may have {path[:100]}")
            with archive.open(entry) as part:
                found[path] = part.read(left + 1)
            left -= len(found[path])
            if left < 0:
                raise ArchiveError(f"more than {MOST_BYTES // 1_000_000} MB")
    return found


def _is_course(name: str) -> bool:
    return name.rpartition("/")[2] == SHARED and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    """What computers add to archives by themselves."""
    return any(part.startswith((".", "__")) for part in name.split("/"))
